"""What goes along with satisfaction, on random days: the same figures from the raw rows, one transaction at a time."""

from datetime import date, timedelta
from statistics import mean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.skm_period import read_period
from desk.models import Call, CustodySegment, InvitationRow, QueueEntry, ResponseRow, TransactionRow
from desk.reports.associations import associations, load_answered, rank_correlation, scores_by_handoffs
from desk.reports.linked_answers import FACTORS, LENGTHS
from tests.reports.random_weeks import PROMISED_S, office_of_weeks, prepare_weeks

MARCH = read_period("2026-03")


@pytest.fixture
def played(fresh_database):
    """The office after random weeks."""
    office = office_of_weeks(fresh_database(prepare_weeks))
    yield office
    office.engine.dispose()


def told(office):
    """Return (satisfaction, what held) of each transaction that a visitor answered about."""
    answers = {row.transaction_id: row for row in office.rows(ResponseRow) if row.standing == "visitor"}
    found = []
    for row in office.rows(TransactionRow):
        if row.id not in answers:
            continue
        entries = office.rows(QueueEntry, transaction_id=row.id)
        waits = [(each.ended_at - each.joined_at).total_seconds() for each in entries]
        segments = office.rows(CustodySegment, transaction_id=row.id)
        working = {each.holder_id for each in segments if each.state not in {"waiting", "paused"}}
        held = {
            "waited_over": waits[0] > PROMISED_S,
            "handed_on": row.handoffs > 0,
            "officer_changed": len(working) > 1,
            "called_again": len(office.rows(Call, transaction_id=row.id)) > 1,
            "afternoon": (row.opened_at + timedelta(hours=7)).hour >= 12,
        }
        lengths = {"first_wait": waits[0], "all_waiting": sum(waits),
                   "total": (row.ended_at - row.opened_at).total_seconds()}  # fmt: skip
        found.append((answers[row.id].satisfaction / 10_000, held, lengths))
    return found


def answered(office, period=MARCH, service_id=0):
    with office.streams.reading() as connection:
        return load_answered(connection, office.id, period, service_id, at=office.clock.now, today=office.today)


def whole(share):
    return pytest.approx(share, abs=0.005 + 1e-9)


def test_the_same_figures_from_the_rows(played):
    found = answered(played)
    factors, lengths = associations(found)
    expected = told(played)
    assert expected, "somebody has answered"

    assert [each.factor for each in factors] == list(FACTORS)
    shown = 0
    for each in factors:
        if each.factor == "work_late":
            assert (each.exposed, each.others) == (0, 0)
            continue
        exposed = [value for value, held, _ in expected if held[each.factor]]
        others = [value for value, held, _ in expected if not held[each.factor]]
        assert (each.exposed, each.others) == (len(exposed), len(others)), each.factor
        assert (each.with_it is None) == (each.without is None) or not exposed or not others
        if any(0 < len(side) < 5 for side in (exposed, others)):
            assert each.with_it is None and each.without is None and not each.hidden
        for estimate, values in ((each.with_it, exposed), (each.without, others)):
            if estimate is not None:
                shown += 1
                assert estimate.value == whole(mean(values))
                figures = (estimate.value, estimate.interval.low, estimate.interval.high)
                assert all(0 <= figure <= 1 and round(figure, 2) == figure for figure in figures)
    assert shown
    for name, each in zip(LENGTHS, lengths, strict=True):
        assert (each.length, each.count) == (name, len(expected))


def test_satisfaction_by_handoffs_is_that_of_the_rows(played):
    found = scores_by_handoffs(answered(played))
    for each in found:
        values = [value for value, handoffs in handed(played) if handoffs == each.handoffs]
        assert each.count == len(values)
        assert each.estimate is None or each.estimate.value == whole(mean(values))
    assert any(each.estimate is not None for each in found)


def handed(office):
    answers = {row.transaction_id: row.satisfaction / 10_000 for row in office.rows(ResponseRow)}
    about = [row for row in office.rows(TransactionRow) if row.id in answers]
    return [(answers[row.id], min(row.handoffs, 2)) for row in about]


def test_a_year_is_told_as_its_quarters_are(played):
    for service_id in (0, *played.services.values()):
        month, *longer = (
            [(each.exposed, each.others, each.with_it, each.without, each.matched) for each in factors]
            for period in (MARCH, read_period("2026-Q1"), read_period("2026-S1"), read_period("2026"))
            for factors, _ in [associations(answered(played, period, service_id))]
        )
        assert all(each == longer[0] for each in longer)
        assert [each[:2] for each in month] == [each[:2] for each in longer[0]]


def test_nobody_answered(played):
    factors, lengths = associations(answered(played, read_period("2025-12")))
    assert not any(each.exposed or each.others for each in factors)
    assert [each.count for each in lengths] == [0, 0, 0]


def test_who_answers_in_another_month_counts_in_that(desk_office):
    sari = desk_office.sari
    desk_office.clock.tick((date(2026, 3, 30) - desk_office.clock.now.date()).days * 24 * 3600)
    sari.signs_on(1)
    desk_office.arrives("A")
    transaction = sari.serves()
    sari.completes(transaction)
    asked = desk_office.row(InvitationRow, transaction_id=transaction).id
    desk_office.clock.tick(3 * 24 * 3600)
    desk_office.answers(asked, 4)
    counts = [associations(answered(desk_office, read_period(each)))[1][0].count for each in ("2026-03", "2026-04")]
    assert counts == [0, 1]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2, 3, 4, 5], [5, 6, 7, 8, 7], 0.8208),  # a textbook example with a tie
        ([1, 2, 3, 4], [4, 3, 2, 1], -1),
        ([1, 2, 3, 4], [2, 4, 6, 8], 1),
        ([1, 1, 1, 1], [1, 2, 3, 4], None),
        ([1, 2, 3], [1, 2, 3], None),
    ],
)
def test_the_rank_correlation_is_spearmans(one, other, expected):
    found = rank_correlation(np.array(one, float), np.array(other, float))

    assert (None if found is None else found.value) == (None if expected is None else pytest.approx(expected, abs=1e-4))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=40))
def test_the_interval_holds_the_value_and_order_of_the_pairs_says_nothing(pairs):
    one, other = (np.array(each, float) for each in zip(*pairs, strict=True))
    found, turned = rank_correlation(one, other), rank_correlation(one[::-1], other[::-1])

    assert (found is None) == (turned is None)
    if found is not None:
        assert found.value == pytest.approx(turned.value)
        assert -1 <= found.interval.low <= found.value + 1e-9 and found.value - 1e-9 <= found.interval.high <= 1
