"""Devices of an office, when each was seen last; whose the secret of a browser is, and what became of its code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from desk.domain.counter_names import CounterName
from desk.domain.devices import DeviceKind, is_missing, offered_services, shown_counters
from desk.domain.printing import BrowserPrinting, browser_printing
from desk.domain.tokens import hash_of
from desk.models import Counter, Device, DevicePairing, Office, Person
from desk.reads.counter_names import NAMED
from desk.reads.reader import Reader

DEVICES: Any = Device.__table__
PAIRINGS: Any = DevicePairing.__table__
PEOPLE: Any = Person.__table__
OFFICES: Any = Office.__table__
CLOSED: Any = OFFICES.c.retired_at.is_not(None)


@dataclass(frozen=True, slots=True)
class PairedDevice:
    """A device; `counter` and `paired_by` are names."""

    office_id: int
    id: int
    kind: DeviceKind
    name: str
    counter_id: int | None
    counter: CounterName | None
    settings: Mapping[str, Any]
    paired_at: datetime
    paired_by: str | None
    seen_at: datetime | None
    revoked_at: datetime | None
    is_office_retired: bool

    @property
    def counters(self) -> frozenset[int]:
        """Whose calls a display shows; none means all."""
        return shown_counters(self.settings)

    @property
    def services(self) -> frozenset[int]:
        """What a kiosk offers; none means all."""
        return offered_services(self.settings)

    @property
    def printing(self) -> BrowserPrinting:
        """How a kiosk prints through its browser."""
        return browser_printing(self.settings)

    @property
    def point(self) -> int | None:
        """The link to the survey that a tablet opens."""
        found = self.settings.get("point")
        return found if isinstance(found, int) else None

    def silence(self, at: datetime) -> timedelta | None:
        """How long ago it was seen, None where it never was."""
        return None if self.seen_at is None else max(at - self.seen_at, timedelta())

    def is_missing(self, at: datetime) -> bool:
        """Whether it ought to have been seen meanwhile; a printer says nothing of its own accord."""
        beats = self.revoked_at is None and self.kind is not DeviceKind.PRINTER
        return beats and is_missing(self.seen_at, self.paired_at, at=at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A browser that waits to be paired, and since when it is which device (None: nobody has typed its code)."""

    expires_at: datetime
    office_id: int | None
    device_id: int | None


@dataclass(frozen=True, slots=True)
class Locked:
    """Which faces of an office only paired devices open."""

    paired_kiosks_only: bool
    paired_displays_only: bool


def list_devices(reader: Reader, office_id: int) -> list[PairedDevice]:
    """Return the devices of an office, those in use first, by kind and name."""
    query = _devices().where(DEVICES.c.office_id == office_id)
    order = (DEVICES.c.revoked_at.is_not(None), DEVICES.c.revoked_at.desc(), DEVICES.c.kind, DEVICES.c.name)
    return [_device(row) for row in reader.execute(query.order_by(*order, DEVICES.c.id))]


def find_device(reader: Reader, office_id: int, device_id: int) -> PairedDevice | None:
    """Return one device, be it unpaired; None where the office has none such."""
    query = _devices().where(DEVICES.c.office_id == office_id, DEVICES.c.id == device_id)
    row = reader.execute(query).one_or_none()
    return None if row is None else _device(row)


def find_by_secret(reader: Reader, secret: str) -> PairedDevice | None:
    """Return whose secret this is, be it unpaired meanwhile; None for one that never was."""
    row = reader.execute(_devices().where(DEVICES.c.secret_hash == hash_of(secret))).one_or_none()
    return None if row is None else _device(row)


def find_waiting(reader: Reader, secret: str, *, at: datetime) -> Waiting | None:
    """Return what became of the code of a browser; None where it is over or never was."""
    query = select(PAIRINGS).where(PAIRINGS.c.secret_hash == hash_of(secret), PAIRINGS.c.expires_at > at)
    row = reader.execute(query).one_or_none()
    return None if row is None else Waiting(row.expires_at, row.office_id, row.device_id)


def get_locked(reader: Reader, office_id: int) -> Locked:
    """Return which faces of an existing office only paired devices open."""
    columns = (OFFICES.c.paired_kiosks_only, OFFICES.c.paired_displays_only)
    return Locked(*reader.execute(select(*columns).where(OFFICES.c.id == office_id)).one())


def _devices() -> Select[Any]:
    return (
        select(
            DEVICES, NAMED.label("counter"), PEOPLE.c.name.label("paired_by_name"), CLOSED.label("is_office_retired")
        )
        .join(OFFICES, OFFICES.c.id == DEVICES.c.office_id)
        .outerjoin(Counter, Counter.id == DEVICES.c.counter_id)
        .outerjoin(PEOPLE, PEOPLE.c.id == DEVICES.c.paired_by)
    )


def _device(row: Any) -> PairedDevice:
    return PairedDevice(
        row.office_id, row.id, DeviceKind(row.kind), row.name, row.counter_id, row.counter, row.settings, row.paired_at,
        row.paired_by_name, row.seen_at, row.revoked_at, bool(row.is_office_retired),
    )  # fmt: skip
