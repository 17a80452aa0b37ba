"""Setting up how an office hands on: pools of back-office staff, pick-lists of reasons, the place in another queue.

Lists and places change at once or from a later day on, by administrators and supervisors.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, insert, select, update

from desk.domain.access import require
from desk.domain.facts import JSON
from desk.domain.handoffs import ReasonKind
from desk.domain.planning import SUPERVISORS_TOO
from desk.domain.refusals import Reason, Refused
from desk.models import HandoffReasonRow, Office, PauseCauseRow, Pool, PoolMember
from desk.operations.settings import planned
from desk.operations.settings.setting_changes import number_of, tell, words_of
from desk.operations.stream import Unit
from desk.wording.seeded_reasons import SEEDED

REASONS: Final[Any] = HandoffReasonRow.__table__
PAUSES: Final[Any] = PauseCauseRow.__table__
LABELS: Final = ("label_id", "label_en")
NEW: Final = frozenset({*LABELS, "needs_note"})
# Under which name a change of each list is planned: a code is unique within its list only.
REASON_KINDS: Final[dict[ReasonKind, str]] = {
    ReasonKind.HANDOFF: "handoff_reason",
    ReasonKind.DECLINE: "decline_reason",
    ReasonKind.PAUSE: "pause_cause",
}
KIND_HANDING_ON: Final = "handing_on"
HANDING_ON: Final = frozenset({"handoff_keeps_arrival", "handover_expires_s"})
KEEPERS: Final = SUPERVISORS_TOO
LONGEST_LABEL: Final = 120
MOST_REASONS: Final = 60
# Open hours; without any, an offer would be back before it could be seen.
LEAST_HANDOVER_HOURS: Final = 1
MOST_HANDOVER_HOURS: Final = 80


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


def apply_reason(unit: Unit, kind: ReasonKind, values: Mapping[str, JSON]) -> None:
    """Add a reason to the end of a list (no code: labels, needs_note), or change what `values` names of one.

    Its code never changes. Raises `Refused`: FORBIDDEN, UNKNOWN, INVALID for an empty or too long label, when the list
    is full and for one more cause of a pause (the clock goes by those), NAME_TAKEN for a label that another reason in
    use has, LAST_REASON for the last one that can be chosen.
    """
    wanted = _checked(unit, kind, values)
    known = _list(unit, kind)
    code = wanted.pop("code", None)
    if code is None:
        _add(unit, kind, known, wanted)
        return
    current = known.get(code)
    if current is None:
        raise Refused(Reason.UNKNOWN, id=code)
    changed = {name: value for name, value in wanted.items() if current[name] != value}
    after = {**current, **changed}
    if changed and not after["retired"]:
        _require_free(known, after, but=code)
    if changed.get("retired") and all(row["retired"] for each, row in known.items() if each != code):
        raise Refused(Reason.LAST_REASON)
    if changed:
        table = _table(kind)
        unit.connection.execute(update(table).where(*_mine(unit, kind), table.c.code == code).values(**changed))
    for name, value in changed.items():
        tell(unit, f"handoff_reason_{name}", current[name], value, kind=kind.value, code=code)


def _add(unit: Unit, kind: ReasonKind, known: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    if any(all(row[name] == wanted[name] for name in LABELS) for row in known.values()):  # pressed twice
        return
    _require_free(known, wanted, but="")
    if len(known) >= MOST_REASONS:
        raise Refused(Reason.INVALID, field="label_id")
    code = _free_code(wanted["label_en"], known.keys())
    place = 1 + max((row["position"] for row in known.values()), default=-1)
    row = {"office_id": unit.office_id, "kind": kind.value, "code": code, "position": place, "retired": False}
    unit.connection.execute(insert(HandoffReasonRow), {**row, **wanted})
    tell(unit, "handoff_reason", None, {**wanted}, kind=kind.value, code=code)


def _checked(unit: Unit, kind: ReasonKind, values: Mapping[str, JSON]) -> dict[str, Any]:
    require(unit.actor, KEEPERS)
    is_new = "code" not in values
    fits = values.keys() == NEW if is_new else values.keys() <= NEW | {"code", "retired"}
    if not fits or not all(isinstance(values.get(flag, False), bool) for flag in ("needs_note", "retired")):
        raise Refused(Reason.INVALID, field="label_id")
    if is_new and kind is ReasonKind.PAUSE:
        raise Refused(Reason.INVALID, field="label_id")
    wanted: dict[str, Any] = dict(values)
    return wanted | {name: words_of(wanted[name], name, most=LONGEST_LABEL) for name in LABELS if name in wanted}


def _check_reason(unit: Unit, kind: ReasonKind, values: Mapping[str, JSON]) -> None:
    code = _checked(unit, kind, values).get("code")
    if code is not None and code not in _list(unit, kind):
        raise Refused(Reason.UNKNOWN, id=code)


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


def apply_handing_on(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    """Set how work is handed on, as far as `values` names it.

    `handoff_keeps_arrival`: a visitor handed to another queue keeps the time of arrival there; who waits already keeps
    the place they have. `handover_expires_s`: after how many open seconds (whole hours) an unanswered offer of an end
    of shift or of an absence goes back; offers that are open keep the time they were given.

    Raises `Refused`: FORBIDDEN, INVALID out of bounds.
    """
    wanted = _checked_handing_on(unit, values)
    rules = unit.configuration.rules
    current = {name: getattr(rules, name) for name in HANDING_ON}
    changed = {name: value for name, value in wanted.items() if current[name] != value}
    if changed:
        unit.connection.execute(update(Office).where(Office.id == unit.office_id).values(**changed))
    for name, value in changed.items():
        tell(unit, name, current[name], value)


def _checked_handing_on(unit: Unit, values: Mapping[str, JSON]) -> dict[str, JSON]:
    require(unit.actor, KEEPERS)
    if not values or not values.keys() <= HANDING_ON or not isinstance(values.get("handoff_keeps_arrival", True), bool):
        raise Refused(Reason.INVALID, field="place")
    seconds = values.get("handover_expires_s", LEAST_HANDOVER_HOURS * 3600)
    hours, rest = divmod(number_of(seconds, "hours", least=0, most=MOST_HANDOVER_HOURS * 3600), 3600)
    if rest or hours < LEAST_HANDOVER_HOURS:
        raise Refused(Reason.INVALID, field="hours")
    return dict(values)


def _free_code(label: str, taken: Collection[str]) -> str:
    """Return a code made from the label that is not taken: ids and codes only go into events."""
    stem = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:24] or "reason"
    return next(code for code in (stem, *(f"{stem}_{number}" for number in range(2, 1000))) if code not in taken)


def _check_handing_on(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    _checked_handing_on(unit, values)


def _register(kind: ReasonKind, name: str) -> None:
    planned.register(
        name,
        lambda unit, subject, values: apply_reason(unit, kind, values),
        lambda unit, subject, values: _check_reason(unit, kind, values),
    )


for _kind, _name in REASON_KINDS.items():
    _register(_kind, _name)
planned.register(KIND_HANDING_ON, apply_handing_on, _check_handing_on)
