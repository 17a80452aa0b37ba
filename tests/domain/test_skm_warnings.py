"""What should be looked at before publishing: each was met in a published report."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from desk.domain.skm_elements import EXACT, Letter, half_up, weight_of
from desk.domain.skm_index import index_of, tally
from desk.domain.skm_period import Period
from desk.domain.skm_sample import sample
from desk.domain.skm_warnings import (
    CONTRADICTIONS,
    Published,
    ReportWarning,
    Trend,
    WarningKind,
    trend_of,
    warn_of_answers,
    warn_of_copies,
    warn_of_published,
    warn_of_running,
    weights_that_give,
)
from tests.domain.surveys import PUBLISHED, RULE_2004, RULE_2017, complete, everybody, tallied_of

SERANG, GASPUL, TUBABA = (tallied_of(case) for name, case in PUBLISHED.items() if case["sums"])


def told(tallied, used=EXACT, /, before=None, **published):
    index = index_of(tallied, weight_of(tallied.instrument, used))
    warnings = warn_of_published(tallied, index, Published(**published), before=before)
    return {each.kind: dict(each.details) for each in warnings}


def kinds(warnings):
    return [each.kind for each in warnings]


class TestAnswers:
    def test_one_respondent_is_not_published(self):
        (warning,) = warn_of_answers(TUBABA)

        assert (warning.kind, warning.details["received"]) == (WarningKind.TOO_FEW_TO_PUBLISH, "1")
        assert warn_of_answers(tally(RULE_2017, everybody(RULE_2017, 4, 5))) == []

    def test_fewer_than_the_sample_needs(self):
        assert kinds(warn_of_answers(SERANG, sample(32, 30))) == []
        assert kinds(warn_of_answers(SERANG, sample(40, 30))) == [WarningKind.BELOW_SAMPLE]
        assert kinds(warn_of_answers(SERANG, sample(12, 30))) == [WarningKind.MORE_THAN_SERVED]

    def test_what_was_left_out_is_said(self):
        rows = [*everybody(RULE_2017, 4, 5), {key: 3 for key in RULE_2017.keys if key != "biaya"}]
        (warning,) = warn_of_answers(tally(RULE_2017, rows))
        assert (warning.kind, warning.details) == (WarningKind.ANSWERS_MISSING, {"elements": "biaya 5/6"})

        (warning,) = warn_of_answers(tally(RULE_2017, [dict.fromkeys(RULE_2017.keys[1:], 3)] * 9))
        assert (warning.kind, warning.details) == (WarningKind.ELEMENT_UNANSWERED, {"elements": "persyaratan"})


class TestCopies:
    def test_a_quarter_copied_from_another(self):
        (warning,) = warn_of_copies(SERANG, {"2024-Q3": GASPUL, "2024-Q4": SERANG})

        assert (warning.kind, warning.details) == (WarningKind.PERIOD_COPIED, {"period": "2024-Q4"})

    def test_also_with_another_number_of_respondents(self):
        once, thrice = (tally(RULE_2017, everybody(RULE_2017, 3, count)) for count in (1, 3))

        assert kinds(warn_of_copies(once, {"2024": thrice})) == [WarningKind.PERIOD_COPIED]

    def test_nothing_is_no_copy_of_nothing_nor_one_rule_of_the_other(self):
        assert warn_of_copies(tally(RULE_2017, []), {"2024": tally(RULE_2017, [])}) == []
        assert warn_of_copies(tally(RULE_2017, []), {"2024": tally(RULE_2004, [])}) == []


class TestPublished:
    def test_a_sound_report(self):
        assert told(SERANG, "0.11", index=Decimal("86.63"), letter=Letter.B, weight="0.11") == {}
        assert told(SERANG) == {}

    def test_the_weight_in_the_text_is_not_the_one_used(self):
        assert told(GASPUL, "0.11", index=Decimal("90.56"), letter=Letter.A, weight="0.1111") == {
            WarningKind.WEIGHT_DIFFERS: {"published": "0.1111", "used": "0.11"}
        }

    def test_without_a_figure_it_is_compared_with_the_weight_asked_for(self):
        assert told(GASPUL, "0.11", weight=EXACT) == {WarningKind.WEIGHT_DIFFERS: {"published": EXACT, "used": "0.11"}}

    def test_without_a_weight_in_the_text_the_one_chosen_is_meant(self):
        assert told(SERANG, index=Decimal("86.63")) == {
            WarningKind.WEIGHT_DIFFERS: {"published": EXACT, "used": "0.11"}
        }
        assert told(SERANG, "0.11", index=Decimal("86.63")) == {}
        assert told(SERANG, "0.11") == {}

    def test_a_figure_in_whole_numbers_hides_the_weight(self):
        assert told(TUBABA, index=Decimal(100), weight="0.111") == {}
        assert WarningKind.WEIGHT_DIFFERS in told(TUBABA, index=Decimal("100.00"), weight="0.111")
        assert WarningKind.INDEX_DIFFERS not in told(TUBABA, index=Decimal(99), weight="0.11")

    def test_a_figure_that_no_weight_gives(self):
        assert told(SERANG, "0.11", index=Decimal("86.62"), weight="0.11") == {
            WarningKind.INDEX_DIFFERS: {"published": "86.62", "computed": "86.63"}
        }

    def test_a_letter_that_does_not_fit_the_figure(self):
        assert told(SERANG, "0.11", index=Decimal("86.63"), letter=Letter.A) == {
            WarningKind.LETTER_DIFFERS: {"published": "A", "letter": "B", "index": "86.63"}
        }
        assert WarningKind.LETTER_DIFFERS in told(SERANG, letter=Letter.A), "judged by what the answers give"

    def test_a_rise_called_a_fall(self):
        assert told(SERANG, before=Fraction(80), trend=Trend.FALL) == {
            WarningKind.TREND_DIFFERS: {"published": "fall", "trend": "rise", "before": "80.00", "now": "87.50"}
        }
        assert told(SERANG, before=Fraction(80), trend=Trend.RISE) == {}
        assert told(SERANG, trend=Trend.FALL) == {}, "nothing to compare with"

    def test_without_an_index_nothing_is_contradicted(self):
        assert told(tally(RULE_2017, []), index=Decimal(80), trend=Trend.FALL, before=Fraction(90), weight="0.11") == {}

    @pytest.mark.parametrize(
        ("before", "now", "trend"),
        [("80", "80.01", Trend.RISE), ("80.01", "80", Trend.FALL), ("80", "80.004", Trend.SAME)],
    )
    def test_what_cannot_be_seen_is_no_change(self, before, now, trend):
        assert trend_of(Fraction(before), Fraction(now)) is trend

    @given(complete())
    def test_a_report_that_tells_what_was_computed_contradicts_nothing(self, survey):
        instrument, rows = survey
        tallied = tally(instrument, rows)
        for weight in instrument.weights:
            index = index_of(tallied, weight)
            assert weight.name in weights_that_give(instrument, tallied.means, half_up(index.value))
            found = told(tallied, weight.name, index=index.shown, letter=index.band.letter, weight=weight.name)
            assert not set(found) & CONTRADICTIONS


@pytest.mark.parametrize(
    ("today", "warns"), [(date(2026, 11, 28), True), (date(2026, 12, 31), False), (date(2027, 1, 1), False)]
)
def test_a_period_that_is_not_over_says_until_when_answers_are_counted(today, warns):
    found = warn_of_running(Period(2026, 3, 4), today)
    told = [ReportWarning(WarningKind.NOT_OVER, {"day": "2026-11-28", "last": "2026-12-31"})]
    assert found == (told if warns else [])
