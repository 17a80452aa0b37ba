"""Officers and legs of the demo day: beside the scores they tell of no few people, and still of some."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from desk.domain.handlers import WHOLE
from desk.domain.skm_period import Period
from desk.reports.chain_scores import load_chain_telling
from desk.reports.chains import load_chains
from desk.reports.linked_answers import most_answered
from desk.reports.telling import ALL
from desk.reports.telling_chain import Of
from desk.reports.telling_services import load_telling
from tests.reports.test_telling_groups import few_of


def people_of(chains):
    """The month and service of everybody, those of whom no chain is known last."""
    more = [place for place, count in chains.others.items() for _ in range(count)]
    return (
        np.array([*chains.months, *(each.month for each in more)]),
        np.array([*chains.services, *(each.service_id for each in more)]),
    )


def within(chains, period, service=0):
    months, services = people_of(chains)
    return (months >= period.first.month) & (months <= period.last.month) & ((services == service) | (not service))


def periods_of(year):
    return [Period(year.year, months, number) for months in (12, 6, 3) for number in range(1, 12 // months + 1)]


def scores(chains, telling, year):
    for period in [*periods_of(year), *year.parts]:
        for service in (0, *set(chains.services.tolist())):
            if telling.told(period, (service,) if service else ALL):
                yield within(chains, period, service).astype(float)


def figures(chains, found, year):
    shares = np.zeros((people_of(chains)[0].size, chains.shares.shape[1]))
    shares[: chains.months.size] = chains.shares / WHOLE
    officers, legs = np.split(shares, [len(chains.officers)], axis=1)
    for period in periods_of(year):
        for officer, mine in zip(chains.officers, officers.T, strict=True):
            for service in (0, *set(chains.services.tolist())):
                if found.told(period, Of.OFFICER, (officer, service) if service else (officer,)):
                    yield mine * within(chains, period, service)
        for group in {*chains.legs, *((leg,) for leg, _ in chains.legs)}:
            if found.told(period, Of.LEG, group):
                those = [each[: len(group)] == group for each in chains.legs]
                yield legs[:, those].sum(axis=1) * within(chains, period)


def test_officers_legs_and_scores_of_the_demo_day_tell_of_no_few(played_desk):
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Jakarta")).date()
    year = Period(today.year)
    streams = played_desk.streams()
    with streams.reading() as connection:
        measure = most_answered(connection, 1, year)
        chains = load_chains(connection, 1, year, measure)
        telling = load_telling(connection, 1, (year.first, year.last), today, measure)
        found = load_chain_telling(connection, 1, year, today, measure, 1)
    streams.engine.dispose()
    rows = [*scores(chains, telling, year), *figures(chains, found, year)]

    assert any(found.told(year, Of.LEG, each) for each in ((1,), *chains.legs))
    assert few_of(rows, people_of(chains)[0].size) == []
