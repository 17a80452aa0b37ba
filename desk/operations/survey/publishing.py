"""Publishing the figures of a survey: frozen under the office's lock, version by version."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select, update

from desk.domain import publication as rule
from desk.domain.access import Role, require
from desk.domain.elements_together import told_beside
from desk.domain.publication import Figures
from desk.domain.refusals import Reason, Refused
from desk.domain.skm_warnings import FEWEST_TO_PUBLISH
from desk.domain.texts import require_fitting, several_lines
from desk.models import SurveyPublication
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.reader import Reader

PUBLISHERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
PUBLICATIONS: Any = SurveyPublication.__table__


@dataclass(frozen=True, slots=True)
class Ready:
    """Figures that could be published now, and the kinds of what warns of them.

    `cells` is what is counted into them by month, service and class, as it is kept beside them. `is_told` is False
    where beside other figures of the office they would tell what a few people said, `is_whole` is False where that
    holds for one of the elements.
    """

    figures: Figures
    warned: Sequence[str]
    cells: Sequence[Any] = ()
    is_told: bool = True
    is_whole: bool = True


def publish_survey(
    streams: Streams,
    office_id: int,
    request: Request,
    take: Callable[[Reader], Ready],
    *,
    seen: str,
    confirmed: bool,
    reason: str | None,
) -> Done:
    """Publish what `take` reads, if it is what was seen; answers publication, period and version.

    Raises `Refused`: FORBIDDEN, LIST_CHANGED when something else was seen, ALREADY_DONE where exactly this is published
    already, TELLS_OF_FEW where these figures beside others would tell what fewer than five people said, and as
    `desk.domain.publication.publish`.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, PUBLISHERS)
        require_fitting(reason)
        ready = take(unit.connection)
        figures, text = ready.figures, several_lines(reason or "")
        if figures.seen != seen:
            raise Refused(Reason.LIST_CHANGED)
        version = 1 + _published(unit, figures)
        _require_silent(unit, ready)
        fact = rule.publish(figures, version=version, warned=ready.warned, confirmed=confirmed, reason=unit.seal(text))
        event = unit.append(fact)
        mine = (PUBLICATIONS.c.office_id == unit.office_id) & (PUBLICATIONS.c.id == event.id)
        unit.connection.execute(update(PUBLICATIONS).where(mine).values(words=text or None, cells=list(ready.cells)))
        return unit.done(publication=event.id, period=str(figures.period), version=version)

    return streams.run(office_id, request, work)


def _published(unit: Unit, figures: Figures) -> int:
    """Return the number of the newest version of a period, 0 for none; refuse to publish the same again."""
    mine = (PUBLICATIONS.c.office_id == unit.office_id) & (PUBLICATIONS.c.period == str(figures.period))
    newest = unit.connection.execute(select(func.max(PUBLICATIONS.c.version)).where(mine)).scalar()
    if newest is None:
        return 0
    query = select(PUBLICATIONS.c.figures).where(mine, PUBLICATIONS.c.version == newest)
    if rule.read_payload(unit.connection.execute(query).scalar_one()).seen == figures.seen:
        raise Refused(Reason.ALREADY_DONE)
    return int(newest)


def _require_silent(unit: Unit, ready: Ready) -> None:
    """Refuse what would tell of a few people beside what is public, or beside other periods that staff see."""
    if not ready.is_whole:
        raise Refused(Reason.TOO_FEW_TO_PUBLISH, fewest=FEWEST_TO_PUBLISH)
    query = (
        select(PUBLICATIONS.c.figures)
        .where(PUBLICATIONS.c.office_id == unit.office_id)
        .order_by(PUBLICATIONS.c.period, PUBLICATIONS.c.version)
    )
    every = [rule.read_payload(each) for each in unit.connection.execute(query).scalars()]
    beside = told_beside(ready.figures, every)
    if beside is None and not ready.is_told:
        period = ready.figures.period
        beside = period.around or period.parts[0]
    if beside is not None:
        raise Refused(Reason.TELLS_OF_FEW, period=str(beside), fewest=FEWEST_TO_PUBLISH)
