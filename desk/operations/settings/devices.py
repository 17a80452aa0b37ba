"""Pairing devices by a code, setting and naming them, revoking them, and which faces only they open.

A device that waits shows a code and holds a secret of its browser; only digests of both are kept. The administrator
types the code, and from then on the browser that waited may have the secret of the device, as often as it asks until
the code is over: an answer that got lost costs nothing. The name is words of the office and stands in no event.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from desk.domain import devices as rule
from desk.domain.access import Role, require
from desk.domain.audit import digest_of
from desk.domain.devices import BEAT, CODE_LASTS, DeviceKind, DeviceWish, code_of, secret_of, typed_code
from desk.domain.facts import EventName, Fact
from desk.domain.points import PointKind, Wish
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import hash_of
from desk.models import Counter, Device, DevicePairing, Office
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.survey_points import close_in, open_in
from desk.reads.printing import list_printers

DEVICES: Any = Device.__table__
PAIRINGS: Any = DevicePairing.__table__
COUNTERS: Any = Counter.__table__
OFFICES: Any = Office.__table__
KEEPERS: Final = frozenset({Role.ADMIN})
# Codes that wait at the same time, of all offices: whoever wants more waits until some are over.
MOST_WAITING: Final = 2_000


def begin_pairing(streams: Streams) -> str:
    """Let a browser wait to be paired; return its secret, from which its code follows (`code_of`).

    Raises `Refused(NOT_POSSIBLE_NOW)` where too many wait. What is over is swept away with it.
    """
    at = streams.clock()
    with streams.engine.begin() as connection:
        connection.execute(delete(PAIRINGS).where(PAIRINGS.c.expires_at <= at))
        if connection.execute(select(func.count()).select_from(PAIRINGS)).scalar_one() >= MOST_WAITING:
            raise Refused(Reason.NOT_POSSIBLE_NOW)
        while True:
            secret = secrets.token_urlsafe(32)
            row = {
                "code_hash": _code_hash(streams, code_of(streams.keys.links, secret)),
                "secret_hash": hash_of(secret),
                "began_at": at,
                "expires_at": at + CODE_LASTS,
            }
            try:
                with connection.begin_nested():
                    connection.execute(insert(PAIRINGS), row)
            except IntegrityError:  # another device shows this very code
                continue
            return secret


def pair(streams: Streams, office_id: int, code: str, wish: DeviceWish, request: Request) -> Done:
    """Make the device that shows this code one of the office; answers device.

    A tablet gets a link of its own to the survey at its counter. Raises `Refused`: FORBIDDEN, INVALID (field), UNKNOWN
    for another office's counter or service, OFFICE_RETIRED, PAIRING_CODE_UNKNOWN for a code that is
    wrong, over or used.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        unit.configuration.require_in_use()
        if wish.kind not in rule.PAIRED:
            raise Refused(Reason.INVALID, field="kind")
        waiting = _take_code(unit, code)
        device_id = _add(unit, wish)
        digest = hash_of(secret_of(unit.keys.links, device_id))
        unit.connection.execute(update(DEVICES).where(*_one(unit, device_id)).values(secret_hash=digest))
        used = {"office_id": unit.office_id, "device_id": device_id}
        unit.connection.execute(update(PAIRINGS).where(PAIRINGS.c.code_hash == waiting).values(**used))
        return unit.done(device=device_id)

    return streams.run(office_id, request, work)


def register_printer(streams: Streams, office_id: int, wish: DeviceWish, request: Request) -> Done:
    """Note where a printer of the house is reached; answers device. Raises `Refused`: FORBIDDEN, INVALID, UNKNOWN."""

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        if wish.kind is not DeviceKind.PRINTER:
            raise Refused(Reason.INVALID, field="kind")
        return unit.done(device=_add(unit, wish))

    return streams.run(office_id, request, work)


def change(streams: Streams, office_id: int, device_id: int, wish: DeviceWish, request: Request) -> Done:
    """Name a device otherwise, or set what it shows; its kind stays. Answers device.

    Raises `Refused`: FORBIDDEN, INVALID, UNKNOWN, DEVICE_UNPAIRED, ALREADY_DONE where nothing differs.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        row = _in_use(unit, device_id)
        if wish.kind != row.kind:
            raise Refused(Reason.INVALID, field="kind")
        if wish.kind is DeviceKind.TABLET and wish.counter_id != row.counter_id:
            raise Refused(Reason.INVALID, field="counter")  # the link to the survey is that of its counter
        _require_ours(unit, wish)
        if wish.kind is DeviceKind.PRINTER:
            _require_alone(unit, wish, device_id)
        stands = rule.standing(wish.kind, row.settings)
        fact = rule.changed(device_id, wish, stands, counter=row.counter_id)
        is_set = (fact.payload["settings"], fact.payload["counter"]) != (stands, row.counter_id)
        if not is_set and wish.name.strip() == row.name:
            raise Refused(Reason.ALREADY_DONE)
        unit.append(fact)
        _name(unit, device_id, wish)
        return unit.done(device=device_id)

    return streams.run(office_id, request, work)


def revoke(streams: Streams, office_id: int, device_id: int, request: Request) -> Done:
    """Unpair a device: it opens nothing any more, from its next request on. Answers device.

    Raises `Refused`: FORBIDDEN, UNKNOWN, DEVICE_UNPAIRED where it was unpaired before.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        row = _in_use(unit, device_id)
        unit.append(Fact(EventName.DEVICE_REVOKED, {"device": device_id}))
        point = row.settings.get("point")
        if point is not None:
            close_in(unit, point)
        return unit.done(device=device_id)

    return streams.run(office_id, request, work)


@dataclass(frozen=True, slots=True)
class LockedFaces:
    """Which faces of an office only paired devices open."""

    paired_kiosks_only: bool
    paired_displays_only: bool


def lock_faces(streams: Streams, office_id: int, wanted: LockedFaces, request: Request) -> Done:
    """Set which faces only paired devices open; answers changed. Raises `Refused`: FORBIDDEN, ALREADY_DONE."""

    def work(unit: Unit) -> Done:
        require(unit.actor, KEEPERS)
        names = ("paired_kiosks_only", "paired_displays_only")
        mine = OFFICES.c.id == unit.office_id
        row = unit.connection.execute(select(*(OFFICES.c[name] for name in names)).where(mine)).one()._mapping
        differing = {name: getattr(wanted, name) for name in names if row[name] != getattr(wanted, name)}
        if not differing:
            raise Refused(Reason.ALREADY_DONE)
        for name, after in differing.items():
            unit.append(Fact(EventName.SETTING_CHANGED, {"setting": name, "from": row[name], "to": after}))
        unit.connection.execute(update(OFFICES).where(mine).values(**differing))
        unit.renew_configuration()
        return unit.done(changed=len(differing))

    return streams.run(office_id, request, work)


def mark_seen(streams: Streams, office_id: int, device_id: int, *, at: datetime) -> bool:
    """Write down that a device was there now, at most once a minute; tell whether that was written."""
    mine = (DEVICES.c.office_id == office_id, DEVICES.c.id == device_id, DEVICES.c.revoked_at.is_(None))
    late = DEVICES.c.seen_at.is_(None) | (DEVICES.c.seen_at <= at - BEAT * 0.75)
    with streams.reading() as connection:
        if connection.execute(select(DEVICES.c.id).where(*mine, late)).first() is None:
            return False
    with streams.engine.begin() as connection:
        return connection.execute(update(DEVICES).where(*mine, late).values(seen_at=at)).rowcount > 0


def _code_hash(streams: Streams, code: str) -> str:
    return digest_of(streams.keys.links, f"pairing code|{code}")


def _take_code(unit: Unit, typed: str) -> str:
    """Return the digest of the code, locked until the unit ends; a code that is used is as good as none."""
    code = typed_code(typed)
    digest = "" if code is None else digest_of(unit.keys.links, f"pairing code|{code}")
    open_ones = (PAIRINGS.c.device_id.is_(None), PAIRINGS.c.expires_at > unit.clock_now)
    query = select(PAIRINGS.c.code_hash).where(PAIRINGS.c.code_hash == digest, *open_ones).with_for_update()
    found: str | None = unit.connection.execute(query).scalar_one_or_none()
    if found is None:
        raise Refused(Reason.PAIRING_CODE_UNKNOWN)
    return found


def _add(unit: Unit, wish: DeviceWish) -> int:
    _require_ours(unit, wish)
    if wish.kind is DeviceKind.PRINTER:
        _require_alone(unit, wish, None)
    in_use = (DEVICES.c.office_id == unit.office_id, DEVICES.c.revoked_at.is_(None))
    already = unit.connection.execute(select(func.count()).where(*in_use)).scalar_one()
    wish.require_fit()
    is_tablet = wish.kind is DeviceKind.TABLET
    point = open_in(unit, Wish(PointKind.TABLET, counter_id=wish.counter_id)) if is_tablet else None
    event = unit.append(rule.paired(wish, already=already, point=point))
    _name(unit, event.id, wish)
    return event.id


def _name(unit: Unit, device_id: int, wish: DeviceWish) -> None:
    unit.connection.execute(update(DEVICES).where(*_one(unit, device_id)).values(name=wish.name.strip()))


def _require_ours(unit: Unit, wish: DeviceWish) -> None:
    wanted = {*wish.counters, *([] if wish.counter_id is None else [wish.counter_id])}
    mine = (COUNTERS.c.office_id == unit.office_id, COUNTERS.c.id.in_(sorted(wanted)))
    known = set(unit.connection.execute(select(COUNTERS.c.id).where(*mine)).scalars()) if wanted else set()
    for missing in sorted(wanted - known):
        raise Refused(Reason.UNKNOWN, id=missing)
    for service_id in wish.services:
        unit.configuration.service(service_id)
    if wish.kind is DeviceKind.PRINTER:
        _require_kiosks(unit, wish)


def _require_kiosks(unit: Unit, wish: DeviceWish) -> None:
    """Raise `Refused(UNKNOWN)` for what is no kiosk in use of the office."""
    mine = (DEVICES.c.office_id == unit.office_id, DEVICES.c.kind == DeviceKind.KIOSK.value)
    query = select(DEVICES.c.id).where(*mine, DEVICES.c.id.in_(wish.use.kiosks), DEVICES.c.revoked_at.is_(None))
    known = set(unit.connection.execute(query).scalars()) if wish.use.kiosks else set()
    for missing in sorted(set(wish.use.kiosks) - known):
        raise Refused(Reason.UNKNOWN, id=missing)


def _require_alone(unit: Unit, wish: DeviceWish, device_id: int | None) -> None:
    """Raise `Refused(INVALID)` (field) where another printer prints for one of these already."""
    for other in list_printers(unit.connection, unit.office_id):
        if other.id == device_id:
            continue
        both = {
            "kiosks": bool(set(wish.use.kiosks) & set(other.use.kiosks)),
            "counters": bool(set(wish.counters) & other.counters),
            "reception": wish.use.reception and other.use.reception,
        }
        for field in (name for name, is_taken in both.items() if is_taken):
            raise Refused(Reason.INVALID, field=field)


def _one(unit: Unit, device_id: int) -> tuple[Any, Any]:
    return DEVICES.c.office_id == unit.office_id, DEVICES.c.id == device_id


def _in_use(unit: Unit, device_id: int) -> Any:
    row = unit.connection.execute(select(DEVICES).where(*_one(unit, device_id))).one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN, id=device_id)
    if row.revoked_at is not None:
        raise Refused(Reason.DEVICE_UNPAIRED)
    return row
