"""The satisfaction index: rounding, letters, weights, missing answers, pooling; and what holds of every survey."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.refusals import Reason, Refused
from desk.domain.skm_elements import (
    EXACT,
    INSTRUMENTS,
    Letter,
    Regulation,
    band_of,
    half_up,
    weight_of,
)
from desk.domain.skm_index import Tallied, Tally, index_of, index_of_means, pool, tally
from tests.domain.surveys import RULE_2004, RULE_2017, complete, everybody, with_gaps

FIGURES = st.fractions(min_value=0, max_value=100)
EXACT_2017 = weight_of(RULE_2017, EXACT)


class TestElements:
    def test_the_rules_have_nine_and_fourteen(self):
        assert set(INSTRUMENTS) == set(Regulation)
        assert [len(set(each.keys)) for each in (RULE_2017, RULE_2004)] == [9, 14]
        assert not set(RULE_2017.keys) & set(RULE_2004.keys), "a key tells its regulation"

    def test_complaints_come_before_facilities_and_stand_apart_like_fees(self):
        assert RULE_2017.keys[-2:] == ("pengaduan", "sarana")
        assert [each.element.key for each in index_of(tally(RULE_2017, []), EXACT_2017).apart] == ["biaya", "pengaduan"]

    @pytest.mark.parametrize(
        ("instrument", "names"), [(RULE_2017, "exact 0.11 0.111 0.1111"), (RULE_2004, "exact 0.071")]
    )
    def test_weights_never_exceed_the_scale(self, instrument, names):
        assert [weight.name for weight in instrument.weights] == names.split()
        assert all(weight.value * len(instrument.elements) <= 1 for weight in instrument.weights)
        assert instrument.weights[0].value * len(instrument.elements) == 1

    @pytest.mark.parametrize(("instrument", "name"), [(RULE_2004, "0.11"), (RULE_2017, "0.071"), (RULE_2017, "1/9")])
    def test_a_weight_of_the_other_rule_is_refused(self, instrument, name):
        with pytest.raises(Refused) as caught:
            weight_of(instrument, name)
        assert (caught.value.reason, caught.value.details) == (Reason.INVALID, {"field": "weight"})


class TestLetters:
    @pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=str)
    def test_the_bands_tile_the_scale(self, instrument):
        assert [band.letter for band in instrument.bands] == list(Letter)
        assert (instrument.bands[0].highest, instrument.bands[-1].lowest) == (Decimal(100), Decimal(25))
        for better, worse in zip(instrument.bands, instrument.bands[1:], strict=False):
            assert better.lowest - worse.highest == Decimal("0.01")

    @pytest.mark.parametrize(
        ("figure", "rule_2017", "rule_2004"),
        [
            ("25", "D", "D"), ("43.75", "D", "D"), ("43.76", "D", "C"), ("62.50", "D", "C"), ("62.51", "D", "B"),
            ("64.99", "D", "B"), ("65", "C", "B"), ("74.51", "C", "B"), ("76.60", "C", "B"), ("76.61", "B", "B"),
            ("81.25", "B", "B"), ("81.26", "B", "A"), ("88.30", "B", "A"), ("88.31", "A", "A"), ("100", "A", "A"),
            ("88.304", "B", "A"), ("88.305", "A", "A"), ("0", "D", "D"),
        ],
    )  # fmt: skip
    def test_each_rule_has_its_own_letters(self, figure, rule_2017, rule_2004):
        letters = [band_of(each, Fraction(figure)).letter for each in (RULE_2017, RULE_2004)]

        assert letters == [rule_2017, rule_2004]

    @given(FIGURES)
    def test_a_figure_lies_in_the_band_of_its_letter(self, figure):
        for instrument in INSTRUMENTS.values():
            band = band_of(instrument, figure)
            assert half_up(figure) <= band.highest
            assert half_up(figure) >= band.lowest or band.letter is Letter.D


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "decimals", "shown"),
        [("86.625", 2, "86.63"), ("86.6249999999", 2, "86.62"), ("99.9", 0, "100"), ("0.5", 0, "1"), ("1.5", 0, "2"),
         ("100", 2, "100.00"), ("0", 2, "0.00"), ("3.465", 2, "3.47")],
    )  # fmt: skip
    def test_halves_go_up(self, value, decimals, shown):
        assert str(half_up(Fraction(value), decimals)) == shown

    @given(FIGURES, st.integers(0, 6))
    def test_by_half_a_unit_at_most(self, value, decimals):
        off = Fraction(half_up(value, decimals)) - value

        assert -Fraction(1, 2) < off * 10**decimals <= Fraction(1, 2)


class TestMissingAnswers:
    def test_an_element_divides_by_its_own_answers(self):
        rows = [*everybody(RULE_2017, 4, 3), {key: 1 for key in RULE_2017.keys if key != "biaya"}]
        index = index_of(tally(RULE_2017, rows), EXACT_2017)
        figures = {each.element.key: each for each in index.elements}

        assert (index.respondents, figures["biaya"].tally) == (4, Tally(12, 3))
        assert (figures["biaya"].mean, figures["sarana"].mean) == (4, Fraction(13, 4))
        assert index.value == (4 + 8 * Fraction(13, 4)) * 25 / 9

    def test_an_element_without_answers_has_no_mean_and_the_survey_no_index(self):
        rows = [{key: 4 for key in RULE_2017.keys if key != "biaya"}]
        index = index_of(tally(RULE_2017, rows), EXACT_2017)
        (fees,) = [each for each in index.elements if each.element.key == "biaya"]

        assert (fees.mean, fees.weighted, fees.converted, fees.band) == (None,) * 4
        assert (index.value, index.shown, index.band) == (None, None, None)

    def test_nobody_gives_no_value_never_0(self):
        index = index_of(tally(RULE_2004, []), weight_of(RULE_2004, EXACT))

        assert (index.value, index.lowest()) == (None, ())

    @pytest.mark.parametrize(
        "scores", [{"biaya": 0}, {"biaya": 5}, {"biaya": True}, {"kewajaran_biaya": 4}, {"u4": 4}], ids=str
    )
    def test_what_is_off_the_scale_or_of_the_other_rule_is_refused(self, scores):
        with pytest.raises(Refused) as caught:
            tally(RULE_2017, [scores])
        assert caught.value.reason is Reason.INVALID

    def test_printed_means_must_be_of_all_elements(self):
        with pytest.raises(Refused):
            index_of_means(RULE_2017, {"biaya": Fraction(3)}, EXACT_2017)


class TestPooling:
    def test_an_office_is_pooled_over_respondents(self):
        many, one = tally(RULE_2017, everybody(RULE_2017, 4, 3)), tally(RULE_2017, everybody(RULE_2017, 2))

        assert index_of(pool([many, one]), EXACT_2017).value == Fraction(7, 2) * 25, "not the mean of 100 and 50"

    def test_two_rules_are_never_mixed(self):
        with pytest.raises(Refused) as caught:
            pool([tally(RULE_2017, []), tally(RULE_2004, [])])
        assert caught.value.details == {"field": "regulation"}
        with pytest.raises(Refused):
            pool([])

    @given(with_gaps(), st.data())
    def test_wherever_it_is_cut(self, survey, data):
        instrument, rows = survey
        at = data.draw(st.integers(0, len(rows)))

        assert pool([tally(instrument, rows[:at]), tally(instrument, rows[at:])]) == tally(instrument, rows)


class TestEverySurvey:
    @given(complete())
    def test_it_lies_between_25_and_100(self, survey):
        instrument, rows = survey
        index = index_of(tally(instrument, rows), weight_of(instrument, EXACT))

        assert 25 <= index.value <= 100
        assert all(25 <= each.converted <= 100 for each in index.elements)

    @given(with_gaps(), st.randoms(use_true_random=False))
    def test_the_order_of_respondents_changes_nothing(self, survey, random):
        instrument, rows = survey
        shuffled = random.sample(rows, len(rows))

        assert tally(instrument, shuffled) == tally(instrument, rows)

    @given(complete())
    def test_a_decimal_weight_loses_exactly_what_it_says(self, survey):
        instrument, rows = survey
        tallied = tally(instrument, rows)
        exact = index_of(tallied, weight_of(instrument, EXACT)).value

        for weight in instrument.weights:
            share = weight.value * len(instrument.elements)
            value = index_of(tallied, weight).value
            assert value == exact * share
            assert 0 <= exact - value <= 100 * (1 - share)

    @given(complete())
    def test_it_is_what_floats_come_near(self, survey):
        instrument, rows = survey
        for weight in instrument.weights:
            index = index_of(tally(instrument, rows), weight)
            means = [sum(row[key] for row in rows) / len(rows) for key in instrument.keys]
            brute = sum(mean * float(weight.value) for mean in means) * 25

            assert float(index.value) == pytest.approx(brute, abs=1e-9)
            assert float(index.shown) == pytest.approx(brute, abs=0.005 + 1e-9)

    @given(with_gaps())
    def test_the_lowest_elements_come_first(self, survey):
        instrument, rows = survey
        index = index_of(tally(instrument, rows), weight_of(instrument, EXACT))
        lowest = [each.mean for each in index.lowest()]
        others = [each.mean for each in index.elements if each not in index.lowest() and each.mean is not None]

        assert lowest == sorted(lowest)
        assert not others or lowest[-1] <= min(others)

    @given(complete(most=4), st.integers(2, 50))
    def test_the_same_answers_so_many_times_give_the_same_index(self, survey, times):
        instrument, rows = survey
        tallied = tally(instrument, rows)
        tallies = {key: Tally(each.total * times, each.answers * times) for key, each in tallied.tallies.items()}
        more = Tallied(instrument, len(rows) * times, tallies)
        weight = weight_of(instrument, EXACT)

        assert index_of(more, weight).value == index_of(tallied, weight).value
