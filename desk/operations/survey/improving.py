"""The follow-up plan of the survey: planning a measure, changing it, saying how far it is, taking it along.

Who may: supervisors and administrators. The words of a step stand beside its event, whence they may be erased.
"""

from typing import Any, Final

from sqlalchemy import func, select, update

from desk.domain import improvement as rule
from desk.domain.access import Role, require
from desk.domain.facts import Event, Fact
from desk.domain.identity import office_of
from desk.domain.improvement import LONGEST_PROGRAM, UNFINISHED, Improvement, Status, Wish
from desk.domain.refusals import Reason, Refused
from desk.domain.skm_period import Period, read_period
from desk.domain.texts import require_fitting, several_lines
from desk.models import ImprovementPlace, ImprovementRow, ImprovementStep, Membership, Person
from desk.operations.finding import MAX_SMALL_ID
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

KEEPERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
ROWS: Any = ImprovementRow.__table__
PLACES: Any = ImprovementPlace.__table__
STEPS: Any = ImprovementStep.__table__


def plan(streams: Streams, office_id: int, request: Request, *, period: Period, wish: Wish, words: str) -> Done:
    """Add a measure to the plan of a period; answers improvement.

    Raises `Refused`: FORBIDDEN, INVALID (field), WORDS_MISSING, DUE_IN_THE_PAST.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        _require_owner(unit, wish)
        program = _program(words)
        mine = (PLACES.c.office_id == unit.office_id) & (PLACES.c.period == str(period))
        planned = unit.connection.execute(select(func.count()).select_from(PLACES).where(mine)).scalar_one()
        fact = rule.plan(wish, period, words=unit.seal(program), planned=planned)
        return unit.done(improvement=_append(unit, fact, program).id)

    return streams.run(office_id, request, work)


def change(streams: Streams, improvement_id: int, request: Request, *, wish: Wish, words: str) -> Done:
    """Plan a measure otherwise, or word it anew; answers improvement.

    Raises `Refused`: FORBIDDEN, UNKNOWN, INVALID (field), WORDS_MISSING, ALREADY_DONE.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        row = _get(unit, improvement_id)
        now = _as_improvement(unit, row)
        if wish.owner_id != now.wish.owner_id:
            _require_owner(unit, wish)
        program = _program(words)
        said = (STEPS.c.office_id == unit.office_id) & (STEPS.c.id == row.words_id)
        before = unit.connection.execute(select(STEPS.c.words).where(said)).scalar()
        fact = rule.change(now, wish, words=unit.seal(program), same_words=program == before)
        _append(unit, fact, None if program == before else program)
        return unit.done(improvement=improvement_id)

    return streams.run(office_of(improvement_id), request, work)


def note_progress(streams: Streams, improvement_id: int, request: Request, *, status: Status, note: str | None) -> Done:
    """Say how far a measure is; answers improvement.

    Raises `Refused`: FORBIDDEN, UNKNOWN, NOTE_MISSING, NOTE_TOO_LONG, ALREADY_DONE.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        require_fitting(note)
        text = several_lines(note or "") or None
        now = _as_improvement(unit, _get(unit, improvement_id))
        _append(unit, rule.progress(now, status, note=unit.seal(text)), text)
        return unit.done(improvement=improvement_id)

    return streams.run(office_of(improvement_id), request, work)


def carry_over(streams: Streams, office_id: int, request: Request, *, period: Period) -> Done:
    """Take what is unfinished of all earlier periods along to the plan of this one; answers carried (how many).

    Raises `Refused`: FORBIDDEN, ALREADY_DONE where nothing is left to be taken along.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        mine = (ROWS.c.office_id == unit.office_id) & ROWS.c.status.in_([each.value for each in UNFINISHED])
        rows = unit.connection.execute(select(ROWS).where(mine).order_by(ROWS.c.id)).all()
        facts = rule.carry([_as_improvement(unit, row) for row in rows], period)
        for fact in facts:
            unit.append(fact)
        return unit.done(carried=len(facts))

    return streams.run(office_id, request, work)


def _program(words: str) -> str:
    text = several_lines(words)
    if len(text) > LONGEST_PROGRAM:
        most, length = LONGEST_PROGRAM, len(text)
        raise Refused(Reason.NOTE_TOO_LONG, length=length, most=most, over=length - most)
    return text


def _require_owner(unit: Unit, wish: Wish) -> None:
    """Refuse who does not belong to the office, or has left it."""
    here = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.id == wish.owner_id, Membership.office_id == unit.office_id, Person.disabled_at.is_(None))
    )
    if not 0 < wish.owner_id <= MAX_SMALL_ID or unit.connection.execute(here).first() is None:
        raise Refused(Reason.INVALID, field="owner")


def _get(unit: Unit, improvement_id: int) -> Any:
    mine = (ROWS.c.office_id == unit.office_id) & (ROWS.c.id == improvement_id)
    row = unit.connection.execute(select(ROWS).where(mine)).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=improvement_id)
    return row


def _as_improvement(unit: Unit, row: Any) -> Improvement:
    mine = (PLACES.c.office_id == unit.office_id) & (PLACES.c.improvement_id == row.id)
    periods = unit.connection.execute(select(PLACES.c.period).where(mine)).scalars().all()
    wish = Wish(row.element, read_period(row.due), row.owner_id)
    return Improvement(row.id, wish, Status(row.status), frozenset(periods))


def _append(unit: Unit, fact: Fact, words: str | None) -> Event:
    event = unit.append(fact)
    if words:
        mine = (STEPS.c.office_id == unit.office_id) & (STEPS.c.id == event.id)
        unit.connection.execute(update(STEPS).where(mine).values(words=words))
    return event
