"""What may be told by officer and by leg on the page of scores, read once for both tables."""

from datetime import date
from typing import Final

from sqlalchemy import case

from desk.domain.questionnaires import Measure
from desk.domain.skm_period import Period
from desk.domain.tallies import Origin
from desk.reads.reader import Reader
from desk.reports.chains import LAST, ByQuarter, Chains, load_chains
from desk.reports.lasting import Lasting, Moment, RestsOn, get_moment
from desk.reports.survey_cells import TALLIES
from desk.reports.survey_legs import TALLIES as LEG_TALLIES
from desk.reports.telling import LEGS, OFFICERS, Telling, counted_by_month
from desk.reports.telling_chain import ChainTelling, Of
from desk.reports.telling_groups import QUARTER, quarter_of
from desk.reports.telling_scores import load_scores_telling

LATELY: Final = Lasting[ChainTelling](24)
CHAINS: Final = Lasting[Chains](12)


def load_chain_telling(
    reader: Reader, office_id: int, period: Period, today: date, measure: Measure, service_id: int = 0
) -> ChainTelling:
    """Return what may be told of a period by one measure: of the office, or of officers at one service.

    Worked out anew only when something happened that may change an answer of the year.
    """
    by_service = bool(service_id)
    now = get_moment(reader, office_id)
    return LATELY.find(
        reader,
        now,
        (period, today, measure, by_service),
        lambda: _judge(reader, now, period, today, measure, by_service=by_service),
        lambda _: RestsOn(date(period.year, 12, 31)),
    )


def _judge(
    reader: Reader, now: Moment, period: Period, today: date, measure: Measure, *, by_service: bool
) -> ChainTelling:
    around = period if period.months >= QUARTER else Period(period.year, QUARTER, quarter_of(period.number))
    telling, changed = load_scores_telling(reader, now.office_id, period, measure, today)
    numbers = sorted({quarter_of(month) for month in range(around.first.month, around.last.month + 1)})
    quarters = [Period(period.year, QUARTER, each) for each in numbers]
    return ChainTelling(
        ByQuarter({each: _chains(reader, now, each, measure) for each in quarters}),
        telling,
        _rules(reader, now.office_id, period, today, measure),
        period.year,
        {each.number for each in quarters},
        shortest=period.months,
        by_service=by_service,
        changed=changed,
    )


def _chains(reader: Reader, now: Moment, quarter: Period, measure: Measure) -> Chains:
    """Return the answers of a quarter; those of a quarter that is over stay as they were read."""
    return CHAINS.find(
        reader,
        now,
        (quarter, measure),
        lambda: load_chains(reader, now.office_id, quarter, measure),
        lambda _: RestsOn(quarter.last),
    )


def _rules(reader: Reader, office_id: int, period: Period, today: date, measure: Measure) -> dict[Of, Telling]:
    """Return what each kind of figure may tell by itself; groups are those of `desk.reports.telling_chain.Of`."""
    days = (period.first, period.last)
    linked = (TALLIES.c.holder_id > 0, TALLIES.c.origin == Origin.LINKED.value, TALLIES.c.measure == measure.value)
    by_officer = (TALLIES.c.holder_id, TALLIES.c.service_id)
    officers = counted_by_month(reader, TALLIES, office_id, days, by_officer, linked)
    legs = (LEG_TALLIES.c.origin == Origin.LINKED.value, LEG_TALLIES.c.measure == measure.value)
    by_leg = (case((LEG_TALLIES.c.leg > LAST, LAST), else_=LEG_TALLIES.c.leg), LEG_TALLIES.c.service_id)
    return {
        Of.OFFICER: Telling(officers, today, widest=1, rule=OFFICERS),
        Of.LEG: Telling(counted_by_month(reader, LEG_TALLIES, office_id, days, by_leg, legs), today, rule=LEGS),
    }
