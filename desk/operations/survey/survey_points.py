"""Setting up and closing posters and tablets, and the answers that come through a poster.

A poster's answer belongs to no transaction and to nobody: it stands apart from the answers of those who were asked
(`Origin.POSTER`), and the event says no more than through which poster it came.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select

from desk.domain import points as rule
from desk.domain.access import Role, require
from desk.domain.facts import EventName, Fact
from desk.domain.hours import business_day
from desk.domain.identity import office_of
from desk.domain.invitation import Channel, Standing, require_fit
from desk.domain.points import PointKind, Wish
from desk.domain.questionnaires import fill, satisfaction
from desk.domain.refusals import Reason, Refused
from desk.domain.tallies import Origin
from desk.domain.tokens import derive
from desk.models import Counter, SurveyPoint
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.keeping_loose import keep_loose
from desk.operations.survey.linking import keep_token
from desk.operations.survey.tallying import Cell, Said, count
from desk.reads.survey_points import questionnaire_of

POINTS: Any = SurveyPoint.__table__
COUNTERS: Any = Counter.__table__
KEEPERS: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})


def open_point(streams: Streams, office_id: int, wish: Wish, request: Request) -> Done:
    """Set up a poster or a tablet; answers point. Raises `Refused`: FORBIDDEN, UNKNOWN, INVALID."""

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        return unit.done(point=open_in(unit, wish))

    return streams.run(office_id, request, work)


def open_in(unit: Unit, wish: Wish) -> int:
    """Set up a poster or a tablet within a unit, whose actor may; return it."""
    _require_ours(unit, wish)
    mine = (POINTS.c.office_id == unit.office_id, POINTS.c.closed_at.is_(None))
    already = unit.connection.execute(select(func.count()).where(*mine)).scalar_one()
    event = unit.append(rule.opened(wish, already=already))
    token = derive(unit.keys.links, wish.kind.token, event.id, channel=wish.kind.value)
    keep_token(unit, token, wish.kind.token, event.id, generation=1)
    return event.id


def _require_ours(unit: Unit, wish: Wish) -> None:
    if wish.service_id is not None and wish.service_id not in unit.configuration.services:
        raise Refused(Reason.UNKNOWN, id=wish.service_id)
    if wish.counter_id is not None:
        mine = (COUNTERS.c.office_id == unit.office_id, COUNTERS.c.id == wish.counter_id)
        if unit.connection.execute(select(COUNTERS.c.id).where(*mine)).first() is None:
            raise Refused(Reason.UNKNOWN, id=wish.counter_id)


def close_point(streams: Streams, office_id: int, point_id: int, request: Request) -> Done:
    """Close a poster or a tablet for good; answers point. Raises `Refused`: FORBIDDEN, UNKNOWN, ALREADY_DONE."""

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        if _get(unit, point_id).closed_at is not None:
            raise Refused(Reason.ALREADY_DONE)
        close_in(unit, point_id)
        return unit.done(point=point_id)

    return streams.run(office_id, request, work)


def close_in(unit: Unit, point_id: int) -> None:
    """Close a poster or a tablet within a unit, whose actor may; one that is closed stays so."""
    if _get(unit, point_id).closed_at is None:
        unit.append(Fact(EventName.SURVEY_POINT_CLOSED, {"point": point_id}))


def answer_poster(
    streams: Streams, point_id: int, given: Mapping[str, str], request: Request, *, standing: Standing
) -> Done:
    """Record an answer through a poster, with its day only; answers point.

    Raises `Refused`: LINK_REVOKED for a poster that was closed or an office that asks nobody, SCORE_MISSING,
    ANSWER_TOO_LONG.
    """

    def work(unit: Unit) -> Done:
        point = _get(unit, point_id)
        if (
            point.closed_at is not None
            or point.kind != PointKind.POSTER
            or not unit.configuration.rules.asking.survey_on
        ):
            raise Refused(Reason.LINK_REVOKED)
        _record(unit, point, given, Origin.STAFF if standing is Standing.STAFF else Origin.POSTER)
        unit.append(Fact(EventName.POSTER_ANSWERED, {"point": point_id}))
        return unit.done(point=point_id)

    return streams.run(office_of(point_id), request, work)


def _get(unit: Unit, point_id: int) -> Any:
    mine = (POINTS.c.office_id == unit.office_id, POINTS.c.id == point_id)
    row = unit.connection.execute(select(POINTS).where(*mine)).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=point_id)
    return row


def _record(unit: Unit, point: Any, given: Mapping[str, str], origin: Origin) -> None:
    version, questionnaire = questionnaire_of(unit.connection, unit.office_id, point.service_id)
    filled = fill(questionnaire, given)
    require_fit(filled)
    rules = unit.configuration.rules
    day = business_day(unit.at, rules.zone, starts_at=rules.day_starts_at)
    rating, measure = satisfaction(questionnaire, filled.answers), questionnaire.measure.value
    cell = Cell(day, point.service_id or 0, measure, origin)
    count(unit, cell, Said(filled.answers, rating, filled.profile))
    keep_loose(unit, cell, version, filled, rating=rating, channel=Channel.POSTER)
