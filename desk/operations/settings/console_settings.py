"""What is set of the console: ready-made texts, by supervisors for the office, and by each officer for themselves."""

from typing import Any, Final

from sqlalchemy import insert, select, update

from desk.domain.access import FRONT_LINE, Role, acting_person, require
from desk.domain.console import Habits, read_code, read_snippet, require_room
from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused
from desk.models import ConsoleHabit, Snippet
from desk.operations.requests import Done, Request
from desk.operations.settings.setting_changes import tell
from desk.operations.stream import Streams, Unit

HABITS: Any = ConsoleHabit.__table__
SNIPPETS: Any = Snippet.__table__
KEEPERS: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})


def choose_habits(streams: Streams, office_id: int, request: Request, habits: Habits) -> Done:
    """Keep how the acting officer wants their console in this office."""

    def work(unit: Unit) -> Done:
        require(unit.actor, FRONT_LINE)
        mine = {"office_id": unit.office_id, "person_id": acting_person(unit.actor)}
        found = unit.connection.execute(select(HABITS).filter_by(**mine)).mappings().one_or_none()
        wanted = {"hand": habits.hand.value, "strip": habits.strip, "alerts": sorted(habits.alerts)}
        if found is None:
            unit.connection.execute(insert(HABITS), {**mine, **wanted})
        else:
            unit.connection.execute(update(HABITS).filter_by(**mine).values(**wanted))
        before = _told(Habits()) if found is None else {name: found[name] for name in wanted}
        for name, value in wanted.items():
            tell(unit, f"console_{name}", _as_json(before[name]), _as_json(value), person=mine["person_id"])
        return unit.done()

    return streams.run(office_id, request, work)


def _told(habits: Habits) -> dict[str, Any]:
    return {"hand": habits.hand.value, "strip": habits.strip, "alerts": sorted(habits.alerts)}


def _as_json(value: Any) -> JSON:
    return " ".join(value) if isinstance(value, list) else value


def add_snippet(streams: Streams, office_id: int, request: Request, *, code: str, words: str, own: bool) -> Done:
    """Add a ready-made text: the officer's own, or (supervisors) the office's; answers snippet.

    Raises `Refused`: FORBIDDEN, INVALID (code, words), CODE_TAKEN, TOO_MANY_SNIPPETS. Events carry the digest only.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, FRONT_LINE if own else KEEPERS)
        person_id = acting_person(unit.actor) if own else None
        wanted = {"code": read_code(code), "words": read_snippet(words)}
        require_room(wanted["code"], _codes(unit, person_id))
        row = {"office_id": unit.office_id, "id": unit.next_id, "person_id": person_id, "retired": False, **wanted}
        tell(unit, "snippet", None, unit.seal(wanted["words"]), snippet=row["id"], person=person_id)
        unit.connection.execute(insert(SNIPPETS), row)
        return unit.done(snippet=row["id"])

    return streams.run(office_id, request, work)


def change_snippet(
    streams: Streams, office_id: int, snippet_id: int, request: Request, *, code: str, words: str, own: bool
) -> Done:
    """Reword a text; raise `Refused` as when adding one, and UNKNOWN for one that is not there or somebody else's."""

    def work(unit: Unit) -> Done:
        found = _found(unit, snippet_id, own=own)
        wanted = {"code": read_code(code), "words": read_snippet(words)}
        if wanted["code"] != found["code"]:
            require_room(wanted["code"], _codes(unit, found["person_id"]) - {found["code"]})
        unit.connection.execute(update(SNIPPETS).where(*_is(unit, snippet_id)).values(**wanted))
        about = {"snippet": snippet_id, "person": found["person_id"]}
        tell(unit, "snippet", unit.seal(found["words"]), unit.seal(wanted["words"]), **about)
        return unit.done(snippet=snippet_id)

    return streams.run(office_id, request, work)


def remove_snippet(streams: Streams, office_id: int, snippet_id: int, request: Request, *, own: bool) -> Done:
    """Remove a text: nobody is offered it any more, and no words of it are left; notes written with it keep theirs."""

    def work(unit: Unit) -> Done:
        found = _found(unit, snippet_id, own=own)
        gone = update(SNIPPETS).where(*_is(unit, snippet_id)).values(retired=True, words="")
        unit.connection.execute(gone)
        tell(unit, "snippet", unit.seal(found["words"]), None, snippet=snippet_id, person=found["person_id"])
        return unit.done(snippet=snippet_id)

    return streams.run(office_id, request, work)


def _is(unit: Unit, snippet_id: int) -> tuple[Any, ...]:
    return SNIPPETS.c.office_id == unit.office_id, SNIPPETS.c.id == snippet_id, SNIPPETS.c.retired.is_(False)


def _found(unit: Unit, snippet_id: int, *, own: bool) -> Any:
    require(unit.actor, FRONT_LINE if own else KEEPERS)
    owner = acting_person(unit.actor) if own else None
    found = unit.connection.execute(select(SNIPPETS).where(*_is(unit, snippet_id))).mappings().one_or_none()
    if found is None or found["person_id"] != owner:
        raise Refused(Reason.UNKNOWN, id=snippet_id)
    return found


def _codes(unit: Unit, person_id: int | None) -> frozenset[str]:
    mine = SNIPPETS.c.office_id == unit.office_id, SNIPPETS.c.person_id.is_not_distinct_from(person_id)
    return frozenset(
        unit.connection.execute(select(SNIPPETS.c.code).where(*mine, SNIPPETS.c.retired.is_(False))).scalars()
    )
