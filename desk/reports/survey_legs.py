"""What visitors thought by leg of the chain of handlers: of the first, the second and so on, and by service."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import case, func, select

from desk.domain.handlers import WHOLE
from desk.domain.questionnaires import Measure
from desk.domain.skm_period import Period
from desk.domain.tallies import Origin, Tally
from desk.models import LegTally
from desk.reads.reader import Reader
from desk.reports.chains import LAST
from desk.reports.satisfaction import satisfaction_estimate
from desk.reports.statistics import Estimate
from desk.reports.telling import Group
from desk.reports.telling_chain import ChainTelling, Of

TALLIES: Any = LegTally.__table__
SUMS: Final = ("answers", "rated", "weight", "weight_square", "total", "square")


@dataclass(frozen=True, slots=True)
class LegScore:
    """A leg of the chain, at one service (or None: at all); `share` is of a whole answer, on average."""

    leg: int
    service_id: int | None
    answers: int
    share: Fraction
    score: Estimate | None


def load_legs(
    reader: Reader, office_id: int, period: Period, measure: Measure, telling: ChainTelling, service_id: int = 0
) -> list[LegScore]:
    """Return each leg and under it each service it was at, by one measure; of one service those at that service only.

    Each answer counts for each of its legs by the leg's share, so that the legs together are all answers: what is
    hidden is hidden as parts of that whole, and in every longer period, and beside the scores and those of officers.
    """
    number = case((TALLIES.c.leg > LAST, LAST), else_=TALLIES.c.leg)
    linked = (TALLIES.c.origin == Origin.LINKED.value, TALLIES.c.measure == measure.value)
    query = select(number, TALLIES.c.service_id, *(func.sum(TALLIES.c[name]) for name in SUMS))
    query = query.where(TALLIES.c.office_id == office_id, *linked, TALLIES.c.day.between(period.first, period.last))
    found: dict[Group, Tally] = {}
    for leg, service, *sums in reader.execute(query.group_by(number, TALLIES.c.service_id)):
        tally = Tally(*map(int, sums))  # type: ignore[arg-type]  # sums only, the counts stay empty
        found[int(leg), service] = tally
        found.setdefault((int(leg),), Tally()).merge(tally)
    return [
        _score(group, tally, telling, period)
        for group, tally in sorted(found.items())
        if not service_id or group[1:] == (service_id,)
    ]


def _score(group: Group, tally: Tally, telling: ChainTelling, period: Period) -> LegScore:
    return LegScore(
        group[0],
        group[1] if len(group) > 1 else None,
        tally.answers,
        Fraction(tally.weight, max(1, tally.rated) * WHOLE),
        satisfaction_estimate(tally) if telling.told(period, Of.LEG, group) else None,
    )
