"""Why a visitor may go before others: the office's own list; now or from a later day on.

There are two classes, none and priority: the reason says why, the head start (`office_settings`) by how much. Codes are
never given again and never changed, so every visit keeps its reason.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from desk.domain.access import require
from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused
from desk.models import PriorityReasonRow
from desk.operations.settings import planned
from desk.operations.settings.planned import ADMINISTRATORS
from desk.operations.settings.setting_changes import number_of, tell, words_of
from desk.operations.stream import Unit
from desk.wording.seeded_reasons import FIRST_PRIORITY_REASONS

REASONS: Any = PriorityReasonRow.__table__
KIND: Final = "priority_reason"
LONGEST_LABEL: Final = 120
LONGEST_CODE: Final = 20
MOST_REASONS: Final = 40
COLUMNS: Final = frozenset({"code", "label_id", "label_en", "retired", "position"})
NEW: Final = frozenset({"label_id", "label_en"})


def seed_priority_reasons(connection: Connection, office_id: int) -> None:
    """Give a new office the reasons every office begins with."""
    for place, (code, indonesian, english) in enumerate(FIRST_PRIORITY_REASONS):
        labels = {"label_id": indonesian, "label_en": english}
        row = {"office_id": office_id, "code": code, "position": place, "retired": False, **labels}
        connection.execute(insert(PriorityReasonRow), row)


def apply(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    """Add a reason (no code: both labels), or change what `values` names of the one with its code.

    `position` is the place in the list, from 0. Raises `Refused`: FORBIDDEN, INVALID with the field, UNKNOWN,
    NAME_TAKEN for a label that another reason in use has, LAST_PRIORITY_REASON for the last one that can be chosen.
    """
    wanted = _checked(unit, values)
    known = _list(unit)
    code = wanted.pop("code", None)
    if code is None:
        _add(unit, known, wanted)
        return
    current = known.get(code)
    if current is None:
        raise Refused(Reason.UNKNOWN, id=code)
    place = wanted.pop("position", None)
    changed = {name: value for name, value in wanted.items() if current[name] != value}
    if changed.get("retired") and all(row["retired"] for each, row in known.items() if each != code):
        raise Refused(Reason.LAST_PRIORITY_REASON)
    if changed and not {**current, **changed}["retired"]:
        _require_free(known, {**current, **changed}, but=code)
    if changed:
        unit.connection.execute(update(PriorityReasonRow).where(_is(unit, code)).values(**changed))
    for name, value in changed.items():
        tell(unit, f"{KIND}_{name}", current[name], value, code=code)
    if place is not None:
        _move(unit, list(known), code, place)


def _add(unit: Unit, known: Mapping[str, Mapping[str, Any]], wanted: Mapping[str, Any]) -> None:
    _require_free(known, wanted, but="")
    if len(known) >= MOST_REASONS:
        raise Refused(Reason.INVALID, field="label_id")
    code = _free_code(wanted["label_en"], known)
    place = 1 + max((row["position"] for row in known.values()), default=-1)
    row = {"office_id": unit.office_id, "code": code, "position": place, "retired": False, **wanted}
    unit.connection.execute(insert(PriorityReasonRow), row)
    tell(unit, KIND, None, {**wanted}, code=code)


def _move(unit: Unit, codes: list[str], code: str, place: int) -> None:
    before = codes.index(code)
    codes.remove(code)
    codes.insert(place, code)
    for position, each in enumerate(codes):
        unit.connection.execute(update(PriorityReasonRow).where(_is(unit, each)).values(position=position))
    tell(unit, f"{KIND}_position", before + 1, codes.index(code) + 1, code=code)


def _check(unit: Unit, subject: int, values: Mapping[str, JSON]) -> None:
    code = _checked(unit, values).get("code")
    if code is not None and code not in _list(unit):
        raise Refused(Reason.UNKNOWN, id=code)


def _checked(unit: Unit, values: Mapping[str, JSON]) -> dict[str, Any]:
    require(unit.actor, ADMINISTRATORS)
    fits = values.keys() <= COLUMNS if "code" in values else values.keys() == NEW
    if not fits or not isinstance(values.get("retired", False), bool):
        raise Refused(Reason.INVALID, field="label_id")
    wanted: dict[str, Any] = dict(values)
    for name in NEW & wanted.keys():
        wanted[name] = words_of(wanted[name], name, most=LONGEST_LABEL)
    if "position" in wanted:
        wanted["position"] = number_of(wanted["position"], "position", least=0, most=MOST_REASONS)
    return wanted


def _list(unit: Unit) -> dict[str, Any]:
    query = select(REASONS).where(REASONS.c.office_id == unit.office_id).order_by(REASONS.c.position, REASONS.c.code)
    return {row["code"]: row for row in unit.connection.execute(query).mappings()}


def _is(unit: Unit, code: str) -> Any:
    return (REASONS.c.office_id == unit.office_id) & (REASONS.c.code == code)


def _require_free(known: Mapping[str, Mapping[str, Any]], wanted: Mapping[str, Any], *, but: str) -> None:
    for code, row in known.items():
        for name in sorted(NEW):
            if code != but and not row["retired"] and row[name].casefold() == wanted[name].casefold():
                raise Refused(Reason.NAME_TAKEN, name=wanted[name], field=name)


def _free_code(label: str, taken: Mapping[str, Any]) -> str:
    """Return a code made from the label that was never given here."""
    stem = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[: LONGEST_CODE - 3].rstrip("_") or "reason"
    return next(code for code in (stem, *(f"{stem}_{number}" for number in range(2, 100))) if code not in taken)


planned.register(KIND, apply, _check)
