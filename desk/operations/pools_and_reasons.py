"""Setting up how an office hands on: pools of back-office staff, pick-lists of reasons, the place in another queue."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, insert, select, update

from desk.domain.access import SYSTEM, Actor, Role, require
from desk.domain.handoffs import ReasonKind
from desk.domain.refusals import Reason, Refused
from desk.models import HandoffReasonRow, Office, PauseCauseRow, Pool, PoolMember
from desk.operations.requests import Done, Request
from desk.operations.setting_changes import tell
from desk.operations.stream import Streams, Unit
from desk.wording.seeded_reasons import SEEDED

REASONS: Final[Any] = HandoffReasonRow.__table__
PAUSES: Final[Any] = PauseCauseRow.__table__
LABELS: Final = ("label_id", "label_en")
KEEPERS: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})
LONGEST_LABEL: Final = 120
MOST_REASONS: Final = 60
# Open hours; without any, an offer would be back before it could be seen.
LEAST_HANDOVER_HOURS: Final = 1
MOST_HANDOVER_HOURS: Final = 80


@dataclass(frozen=True, slots=True)
class ReasonPlan:
    """A reason as an office words it; `needs_note` if it says too little by itself, `retired` if no longer chosen."""

    label_id: str
    label_en: str
    needs_note: bool = False
    retired: bool = False


def make_pool(connection: Connection, office_id: int, name: str, *, head_id: int, member_ids: Iterable[int]) -> int:
    """Write a pool with its members, in a setting-up that is under way."""
    row = {"office_id": office_id, "name": name, "head_id": head_id, "retired": False}
    pool_id: int = connection.execute(insert(Pool).values(**row).returning(Pool.id)).scalar_one()
    connection.execute(insert(PoolMember), [{"pool_id": pool_id, "person_id": each} for each in {*member_ids}])
    return pool_id


def seed_reasons(connection: Connection, office_id: int) -> None:
    """Give a new office the reasons every office begins with."""
    places = dict.fromkeys(ReasonKind, 0)
    for each in SEEDED:
        row = {"office_id": office_id, "code": each.code, "needs_note": each.needs_note, "retired": False}
        labels = {"label_id": each.label_id, "label_en": each.label_en, "position": places[each.kind]}
        connection.execute(insert(_table(each.kind)), {**_key(each.kind), **row, **labels})
        places[each.kind] += 1


def add_reason(streams: Streams, office_id: int, kind: ReasonKind, plan: ReasonPlan, *, actor: Actor = SYSTEM) -> str:
    """Add a reason to the end of a list and return its code, which never changes.

    Raises `Refused`: FORBIDDEN, INVALID for an empty or too long label, when the list is full and for a cause of a
    pause (the clock goes by those), NAME_TAKEN for a label that another reason in use has.
    """
    labels = _checked(plan)
    if kind is ReasonKind.PAUSE:
        raise Refused(Reason.INVALID, field="label_id")

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        known = _list(unit, kind)
        for code, row in known.items():
            if all(row[name] == labels[name] for name in LABELS):  # pressed twice
                return unit.done(code=code)
        _require_free(known, labels, but="")
        if len(known) >= MOST_REASONS:
            raise Refused(Reason.INVALID, field="label_id")
        code = _free_code(labels["label_en"], known.keys())
        place = 1 + max((row["position"] for row in known.values()), default=-1)
        row = {"office_id": unit.office_id, "kind": kind.value, "code": code, "position": place, **labels}
        unit.connection.execute(insert(HandoffReasonRow), row)
        tell(unit, "handoff_reason", None, labels, kind=kind.value, code=code)
        return unit.done(code=code)

    return str(streams.run(office_id, Request(actor, "add_reason"), work).facts["code"])


def change_reason(
    streams: Streams, office_id: int, kind: ReasonKind, code: str, plan: ReasonPlan, *, actor: Actor = SYSTEM
) -> None:
    """Word a reason otherwise, say whether it needs a note, or retire it.

    Raises `Refused`: FORBIDDEN, INVALID, UNKNOWN, NAME_TAKEN, and LAST_REASON for the last one that can be chosen.
    """
    labels = _checked(plan)

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        known = _list(unit, kind)
        if code not in known:
            raise Refused(Reason.UNKNOWN, id=code)
        if not plan.retired:
            _require_free(known, labels, but=code)
        elif all(row["retired"] for each, row in known.items() if each != code):
            raise Refused(Reason.LAST_REASON)
        table = _table(kind)
        unit.connection.execute(update(table).where(*_mine(unit, kind), table.c.code == code).values(**labels))
        for name, value in labels.items():
            tell(unit, f"handoff_reason_{name}", known[code][name], value, kind=kind.value, code=code)
        return unit.done(code=code)

    streams.run(office_id, Request(actor, "change_reason"), work)


def _list(unit: Unit, kind: ReasonKind) -> dict[str, Any]:
    table = _table(kind)
    query = select(table).where(*_mine(unit, kind)).order_by(table.c.position, table.c.code)
    return {row["code"]: row for row in unit.connection.execute(query).mappings()}


def _table(kind: ReasonKind) -> Any:
    """Return where the reasons of a kind lie: causes of a pause apart, as an older release knows no such kind."""
    return PAUSES if kind is ReasonKind.PAUSE else REASONS


def _key(kind: ReasonKind) -> dict[str, str]:
    return {} if kind is ReasonKind.PAUSE else {"kind": kind.value}


def _mine(unit: Unit, kind: ReasonKind) -> list[ColumnElement[bool]]:
    table = _table(kind)
    return [table.c.office_id == unit.office_id, *(table.c[name] == value for name, value in _key(kind).items())]


def _require_free(known: Mapping[str, Any], labels: Mapping[str, Any], *, but: str) -> None:
    for code, row in known.items():
        for name in LABELS:
            if code != but and not row["retired"] and row[name].casefold() == labels[name].casefold():
                raise Refused(Reason.NAME_TAKEN, name=labels[name], field=name)


def choose_queue_place(streams: Streams, office_id: int, request: Request, *, keeps_arrival: bool) -> Done:
    """Say whether a visitor handed to another queue keeps the time of arrival there, or queues from then on.

    Who waits already keeps the place they have. Raises `Refused(FORBIDDEN)`.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        before = unit.configuration.rules.handoff_keeps_arrival
        return unit.done(changed=_set(unit, "handoff_keeps_arrival", before, keeps_arrival))

    return streams.run(office_id, request, work)


def choose_handover_hours(streams: Streams, office_id: int, request: Request, *, hours: int) -> Done:
    """Say after how many open hours an unanswered offer of an end of shift or of an absence goes back to its giver.

    Offers that are open keep the time they were given. Answers changed. Raises `Refused`: FORBIDDEN, INVALID out of
    bounds.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        if not LEAST_HANDOVER_HOURS <= hours <= MOST_HANDOVER_HOURS:
            raise Refused(Reason.INVALID, field="hours")
        before, seconds = unit.configuration.rules.handover_expires_s, hours * 3600
        return unit.done(changed=_set(unit, "handover_expires_s", before, seconds))

    return streams.run(office_id, request, work)


def _set(unit: Unit, setting: str, before: int, value: int) -> bool:
    """Change a setting of the office and tell it, unless it is so already; return whether it was changed."""
    if before == value:
        return False
    unit.connection.execute(update(Office).where(Office.id == unit.office_id).values({setting: value}))
    return tell(unit, setting, before, value)


def _checked(plan: ReasonPlan) -> dict[str, Any]:
    labels = {"label_id": plan.label_id.strip(), "label_en": plan.label_en.strip()}
    for field, label in labels.items():
        if not 0 < len(label) <= LONGEST_LABEL:
            raise Refused(Reason.INVALID, field=field)
    return {**labels, "needs_note": plan.needs_note, "retired": plan.retired}


def _free_code(label: str, taken: Collection[str]) -> str:
    """Return a code made from the label that is not taken: ids and codes only go into events."""
    stem = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:24] or "reason"
    return next(code for code in (stem, *(f"{stem}_{number}" for number in range(2, 1000))) if code not in taken)
