"""Messages of the office on its displays, and an emergency over all of them: shown at once, and ended.

The words stand in the rows only; an event has digests of them, and what they said before and after stands beside its
number. Nothing is deleted: what is no longer shown is retired.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from desk.domain.access import Role, require
from desk.domain.devices import DeviceKind
from desk.domain.displays import LONGEST_EMERGENCY, MOST_MESSAGES, MessageWish, require_words
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.texts import one_line
from desk.models import Device, DisplayMessage, DisplayWording
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

MESSAGES: Any = DisplayMessage.__table__
DEVICES: Any = Device.__table__
ADMINISTRATORS: Final = frozenset({Role.ADMIN})
# Whoever may clear the house.
WARDENS: Final = frozenset({Role.ADMIN, Role.SUPERVISOR})
BETWEEN: Final = " / "  # the languages of a message where both are told as one


def add_message(streams: Streams, office_id: int, wish: MessageWish, request: Request) -> Done:
    """Have displays show a message from a moment on; answers message. Raises `Refused`: FORBIDDEN, INVALID, UNKNOWN."""

    def work(unit: Unit) -> Done:
        _require(unit, wish)
        order = _order(unit)
        if len(order) >= MOST_MESSAGES:
            raise Refused(Reason.INVALID, field="words_id")
        words = {"words_id": wish.words_id, "words_en": wish.words_en}
        message_id = _insert(unit, "display_message", words, since_at=wish.since, until_at=wish.until, wish=wish)
        _place(unit, [*order, message_id], message_id, wish.position)
        return unit.done(message=message_id)

    return streams.run(office_id, request, work)


def change_message(streams: Streams, office_id: int, message_id: int, wish: MessageWish, request: Request) -> Done:
    """Word a message otherwise, show it at other times or places, retire it or bring it back; answers message.

    Raises `Refused`: FORBIDDEN, INVALID with the field, UNKNOWN, ALREADY_DONE where nothing differs.
    """

    def work(unit: Unit) -> Done:
        _require(unit, wish)
        row = _get(unit, message_id)
        moved = _reword(unit, row, wish)
        order = _order(unit)
        if wish.retired and not row.retired:
            order = [each for each in order if each != message_id]
        elif not wish.retired and row.retired:
            order = [*order, message_id]
        if not wish.retired:
            moved |= _place(unit, order, message_id, wish.position)
        if not moved:
            raise Refused(Reason.ALREADY_DONE)
        return unit.done(message=message_id)

    return streams.run(office_id, request, work)


def raise_emergency(streams: Streams, office_id: int, words_id: str, words_en: str, request: Request) -> Done:
    """Cover every display of the office with these words at once; answers message.

    Raises `Refused`: FORBIDDEN, INVALID with the field, ALREADY_DONE while another emergency is on.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, WARDENS)
        words = {"words_id": one_line(words_id), "words_en": one_line(words_en)}
        require_words(words, most=LONGEST_EMERGENCY)
        if _find_emergency(unit) is not None:
            raise Refused(Reason.ALREADY_DONE)
        return unit.done(message=_insert(unit, "display_emergency", words, since_at=unit.at, until_at=None))

    return streams.run(office_id, request, work)


def end_emergency(streams: Streams, office_id: int, request: Request) -> Done:
    """Let displays show what they show otherwise; answers message. Raises `Refused`: FORBIDDEN, ALREADY_DONE."""

    def work(unit: Unit) -> Done:
        require(unit.actor, WARDENS)
        row = _find_emergency(unit)
        if row is None:
            raise Refused(Reason.ALREADY_DONE)
        said = BETWEEN.join((row.words_id, row.words_en))
        _tell(unit, "display_emergency", row.id, unit.seal(said), None, said=(said, ""))
        unit.connection.execute(update(MESSAGES).where(*_one(unit, row.id)).values(retired=True, until_at=unit.at))
        return unit.done(message=row.id)

    return streams.run(office_id, request, work)


def _require(unit: Unit, wish: MessageWish) -> None:
    require(unit.actor, ADMINISTRATORS)
    wish.require_fit()
    if not wish.devices:
        return
    mine = (DEVICES.c.office_id == unit.office_id, DEVICES.c.kind == DeviceKind.DISPLAY.value)
    known = set(unit.connection.execute(select(DEVICES.c.id).where(*mine, DEVICES.c.id.in_(wish.devices))).scalars())
    for missing in sorted(set(wish.devices) - known):
        raise Refused(Reason.UNKNOWN, id=missing)


def _insert(
    unit: Unit,
    setting: str,
    words: dict[str, str],
    *,
    since_at: datetime,
    until_at: datetime | None,
    wish: MessageWish | None = None,
) -> int:
    message_id = unit.next_id
    row = {
        "office_id": unit.office_id,
        "id": message_id,
        "urgent": wish is None,
        **words,
        "since_at": since_at,
        "until_at": until_at,
        "position": 0 if wish is None else MOST_MESSAGES,
        "devices": [] if wish is None else sorted(set(wish.devices)),
        "retired": wish is not None and wish.retired,
    }
    said = BETWEEN.join(words.values())
    _tell(unit, setting, message_id, None, unit.seal(said), said=("", said))
    unit.connection.execute(insert(MESSAGES), row)
    return message_id


def _reword(unit: Unit, row: Any, wish: MessageWish) -> bool:
    """Write what differs and tell each; tell whether anything did."""
    wanted = {
        "words_id": wish.words_id,
        "words_en": wish.words_en,
        "since_at": wish.since,
        "until_at": wish.until,
        "devices": sorted(set(wish.devices)),
        "retired": wish.retired,
    }
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in changed.items():
        before, after = _plain(unit, getattr(row, name)), _plain(unit, value)
        setting = f"display_message_{name.removesuffix('_at')}"
        if name in ("words_id", "words_en"):
            said = (str(before), str(after))
            _tell(unit, setting, row.id, unit.seal(said[0]), unit.seal(said[1]), said=said)
        else:
            _tell(unit, setting, row.id, before, after)
    if changed:
        unit.connection.execute(update(MESSAGES).where(*_one(unit, row.id)).values(**changed))
    return bool(changed)


def _plain(unit: Unit, value: Any) -> JSON:
    """Return a value as an event keeps it: a moment by the clock of the office."""
    if isinstance(value, datetime):
        return value.astimezone(unit.configuration.rules.zone).strftime("%Y-%m-%d %H:%M")
    plain: JSON = value
    return plain


def _place(unit: Unit, order: list[int], message_id: int, place: int | None) -> bool:
    """Write the order with one message at its place; tell whether that one moved."""
    before = order.index(message_id)
    after = before if place is None else min(place, len(order) - 1)
    order.insert(after, order.pop(before))
    for position, each in enumerate(order):
        other = MESSAGES.c.position != position
        unit.connection.execute(update(MESSAGES).where(*_one(unit, each), other).values(position=position))
    if before == after:
        return False
    _tell(unit, "display_message_position", message_id, before + 1, after + 1)
    return True


def _tell(
    unit: Unit, setting: str, message_id: int, before: JSON, after: JSON, *, said: tuple[str, str] | None = None
) -> None:
    """Append the event of one change; `said` are the words before and after, which stand beside its number."""
    facts: dict[str, JSON] = {"setting": setting, "from": before, "to": after, "message": message_id}
    event = unit.append(Fact(EventName.SETTING_CHANGED, facts))
    if said is not None:
        row = {"office_id": unit.office_id, "number": event.number, "message_id": message_id}
        unit.connection.execute(insert(DisplayWording), {**row, "before": said[0], "after": said[1]})
    unit.renew_configuration()


def _order(unit: Unit) -> list[int]:
    shown = (MESSAGES.c.office_id == unit.office_id, MESSAGES.c.urgent.is_(False), MESSAGES.c.retired.is_(False))
    query = select(MESSAGES.c.id).where(*shown).order_by(MESSAGES.c.position, MESSAGES.c.id)
    return list(unit.connection.execute(query).scalars())


def _find_emergency(unit: Unit) -> Any:
    on = (MESSAGES.c.office_id == unit.office_id, MESSAGES.c.urgent.is_(True), MESSAGES.c.retired.is_(False))
    return unit.connection.execute(select(MESSAGES).where(*on)).one_or_none()


def _get(unit: Unit, message_id: int) -> Any:
    query = select(MESSAGES).where(*_one(unit, message_id), MESSAGES.c.urgent.is_(False))
    row = unit.connection.execute(query).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=message_id)
    return row


def _one(unit: Unit, message_id: int) -> tuple[Any, Any]:
    return MESSAGES.c.office_id == unit.office_id, MESSAGES.c.id == message_id
