"""Handoffs and officers compared on random days: the same figures from the raw rows, one transaction at a time."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from math import exp, log
from statistics import mean

import numpy as np
import pytest

from desk.models import CustodySegment, QueueEntry, TransactionRow
from desk.reports.consistency import MEASURES, by_handoffs, figures_of, quantiles
from desk.reports.facts import load_facts
from desk.reports.fairness import RANKED, SHOWN
from desk.reports.officers_share import officers_share
from desk.reports.undue_waits import load_waits
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import DeskOffice
from tests.reports.random_weeks import PROMISED_S, office_of_weeks, prepare_weeks

FIRST = date(2026, 3, 2)


@pytest.fixture
def played(fresh_database: FreshDatabase) -> Iterator[DeskOffice]:
    office = office_of_weeks(fresh_database(prepare_weeks))
    yield office
    office.engine.dispose()


def told(office: DeskOffice) -> list[dict]:
    """Return what the comparison is about, for each completed transaction, from its rows."""
    entries, segments = defaultdict(list), defaultdict(list)
    for entry in office.rows(QueueEntry):
        entries[entry.transaction_id].append(
            (entry.ended_at - entry.joined_at).total_seconds() if entry.ended_at else 0
        )
    for segment in office.rows(CustodySegment):
        segments[segment.transaction_id].append(segment)
    return [
        {
            "first_wait": entries[row.id][0],
            "all_waiting": sum(entries[row.id]),
            "total": (row.ended_at - row.opened_at).total_seconds(),
            "promise_kept": float(entries[row.id][0] <= PROMISED_S),
            "work_kept": None,  # nothing is promised in working days there
            "handoffs": min(row.handoffs, 2),
            "stratum": (row.first_service_id, (row.opened_at + timedelta(hours=7)).hour),
            "holders": {each.holder_id for each in segments[row.id] if each.state != "waiting"},
            "serving": sum(
                (each.ended_at - each.started_at).total_seconds()
                for each in segments[row.id]
                if each.state == "serving"
            ),
        }
        for row in office.rows(TransactionRow, ending="completed")
    ]


def matched(rows: list[dict], measure: str, group: int) -> float | None:
    strata = defaultdict(lambda: ([], []))
    for row in rows:
        if row[measure] is not None and row["handoffs"] in (0, group):
            strata[row["stratum"]][row["handoffs"] == group].append(row[measure])
    both = [(others, exposed) for others, exposed in strata.values() if others and exposed]
    count = sum(len(exposed) for _, exposed in both)
    if min(count, sum(len(others) for others, _ in both)) < SHOWN:
        return None
    return sum(len(exposed) / count * (mean(exposed) - mean(others)) for others, exposed in both)


def test_the_groups_are_what_the_rows_say(played: DeskOffice):
    rows = told(played)
    with played.streams.reading() as connection:
        facts = load_facts(connection, played.id, FIRST, FIRST + timedelta(days=9), at=played.clock.now)
        figures = by_handoffs(load_waits(connection, facts))
    assert len(figures) == 15
    shown = compared = 0
    for measure in MEASURES:
        for figure in figures_of(figures, measure):
            values = [row[measure] for row in rows if row["handoffs"] == figure.handoffs and row[measure] is not None]
            assert figure.count == len(values)
            if len(values) < SHOWN:
                assert figure.estimate is None
                continue
            shown += 1
            assert figure.estimate is not None
            assert figure.estimate.value == pytest.approx(mean(values))
            assert figure.estimate.interval.low <= figure.estimate.value <= figure.estimate.interval.high
            if figure.handoffs:
                difference = matched(rows, measure, figure.handoffs)
                if figure.matched is not None:  # also hidden where each stratum has one only: no interval
                    assert figure.matched.difference == pytest.approx(difference)
                    compared += 1
    assert shown >= 8
    assert compared >= 4


def test_the_share_between_officers_is_what_the_rows_say(played: DeskOffice):
    every = [row for row in told(played) if row["serving"] > 0]
    rows = [row for row in every if len(row["holders"]) == 1]
    strata = defaultdict(list)
    for row in rows:
        strata[row["stratum"]].append(row)
    several = [each for each in strata.values() if len({min(row["holders"]) for row in each}) > 1]
    left = defaultdict(list)
    for each in several:
        center = mean(log(row["serving"]) for row in each)
        for row in each:
            left[min(row["holders"])].append(log(row["serving"]) - center)
    count = sum(map(len, left.values()))
    with played.streams.reading() as connection:
        facts = load_facts(connection, played.id, FIRST, FIRST + timedelta(days=9), at=played.clock.now)
    found = officers_share(facts)
    assert count >= RANKED
    assert (found.compared, found.alone, found.shared) == (count, len(rows) - count, len(every) - len(rows))
    assert {each.officer_id: each.ratio.value for each in found.officers} == {
        officer: pytest.approx(exp(mean(values))) for officer, values in left.items() if len(values) >= SHOWN
    }
    within = sum((value - mean(values)) ** 2 for values in left.values() for value in values)
    within /= count - len(left) - (len(several) - 1)
    between = sum(len(values) * mean(values) ** 2 for values in left.values()) / (len(left) - 1)
    usual = (count - sum(len(values) ** 2 for values in left.values()) / count) / (len(left) - 1)
    assert found.variance is not None
    assert found.variance.estimate == pytest.approx((between - within) / (between + (usual - 1) * within))
    assert found.variance.interval.low <= found.variance.estimate <= found.variance.interval.high


def test_one_service_only(played: DeskOffice):
    service_id = played.services["B"]
    with played.streams.reading() as connection:
        facts = load_facts(connection, played.id, FIRST, FIRST + timedelta(days=9), at=played.clock.now)
        figures = by_handoffs(load_waits(connection, facts), service_id)
    rows = [row for row in told(played) if row["stratum"][0] == service_id]
    assert sum(each.count for each in figures_of(figures, "total")) == len(rows)


def test_nothing_to_compare(desk_office: DeskOffice):
    with desk_office.streams.reading() as connection:
        facts = load_facts(connection, desk_office.id, FIRST, FIRST, at=desk_office.clock.now)
        figures = by_handoffs(load_waits(connection, facts))
    assert all(each.estimate is None and each.count == 0 for each in figures)
    assert officers_share(facts).variance is None


def test_quantiles_are_by_nearest_rank():
    assert quantiles(np.array([15.0, 20.0, 35.0, 40.0, 50.0])) == (35.0, 50.0)
    assert quantiles(np.arange(1.0, 11.0)) == (5.0, 9.0)
