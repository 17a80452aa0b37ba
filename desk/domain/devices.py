"""Devices of an office: what there is to set for each kind, the code that pairs one, when one is missing.

A device is no person: its secret opens its own face and nothing of the staff.
"""

import base64
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, ip_address
from typing import Final

from desk.domain.call_sounds import OwnSounds
from desk.domain.displays import OwnTurn
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.printing import BrowserPrinting, PrinterUse, browser_printing
from desk.domain.refusals import Reason, Refused

MOST_DEVICES: Final = 200  # of an office, paired at the same time
LONGEST_NAME: Final = 80
MOST_LISTED: Final = 200
# Without what is read or typed wrongly: 0 and O, 1, I and L, U and V.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 8
CODE_LASTS: Final = timedelta(minutes=10)
BEAT: Final = timedelta(seconds=60)
# A device that has missed so many beats is missing.
MISSING_AFTER: Final = 3 * BEAT + timedelta(seconds=10)
PRINTER_PORTS: Final = range(9100, 9110)
PRIVATE: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))


class DeviceKind(StrEnum):
    """What a device is for."""

    KIOSK = "kiosk"
    DISPLAY = "display"
    TABLET = "tablet"  # asks at a counter how it was
    DOOR = "door"  # shows the code with which phones take a number
    PRINTER = "printer"  # has an address in the house, and no secret


PAIRED: Final = (DeviceKind.KIOSK, DeviceKind.DISPLAY, DeviceKind.TABLET, DeviceKind.DOOR)


@dataclass(frozen=True, slots=True)
class DeviceWish:
    """A device as an administrator sets it.

    `counters` are those whose calls a display shows, `services` those a kiosk offers; empty means all. A tablet stands
    at a counter. `sound` is whether a display may sound, `own_sounds` what of it is not as in its office; `host`,
    `port` and `use` are a printer's, and `counters` those whose desks print on it, none if empty. `own_turn` is what of
    a display's languages is not as in its office, and its `services` those whose waiting it counts; empty means those
    that its counters serve. `printing` is how a kiosk prints through its browser.
    """

    kind: DeviceKind
    name: str
    counter_id: int | None = None
    counters: tuple[int, ...] = ()
    services: tuple[int, ...] = ()
    sound: bool = True
    own_sounds: OwnSounds = field(default=OwnSounds())
    host: str = ""
    port: int = PRINTER_PORTS.start
    use: PrinterUse = field(default=PrinterUse())
    own_turn: OwnTurn = field(default=OwnTurn())
    printing: BrowserPrinting = BrowserPrinting.ON_REQUEST

    @property
    def settings(self) -> dict[str, JSON]:
        """What is kept of it for its kind."""
        match self.kind:
            case DeviceKind.DISPLAY:
                shown: dict[str, JSON] = {"counters": [*sorted(set(self.counters))], "sound": self.sound}
                counted: dict[str, JSON] = {"services": [*sorted(set(self.services))]} if self.services else {}
                return {**shown, **counted, **self.own_sounds.settings, **self.own_turn.settings}
            case DeviceKind.KIOSK:
                return {"services": [*sorted(set(self.services))], "printing": self.printing.value}
            case DeviceKind.TABLET | DeviceKind.DOOR:
                return {}
            case DeviceKind.PRINTER:
                printed_for: dict[str, JSON] = {"counters": [*sorted(set(self.counters))]}
                return {"host": self.host, "port": self.port, **printed_for, **self.use.settings}

    def require_fit(self) -> None:
        """Raise `Refused(INVALID)` with the field where something cannot be."""
        if not 0 < len(self.name.strip()) <= LONGEST_NAME:
            raise Refused(Reason.INVALID, field="name")
        if self.kind is DeviceKind.TABLET and self.counter_id is None:
            raise Refused(Reason.INVALID, field="counter")
        if max(len(self.counters), len(self.services)) > MOST_LISTED:
            raise Refused(Reason.INVALID, field="counters")
        self.own_sounds.require_fit()
        self.own_turn.require_fit()
        if self.kind is DeviceKind.PRINTER:
            require_printer(self.host, self.port)
            self.use.require_fit()


def require_printer(host: str, port: int) -> None:
    """Raise `Refused(INVALID)` for what is no address of a printer in the house: IPv4 of a private network, few ports.

    Names are refused too: what a name leads to may change after it was looked at.
    """
    try:
        found = ip_address(host)
    except ValueError as error:
        raise Refused(Reason.INVALID, field="host") from error
    if not isinstance(found, IPv4Address) or not any(found in network for network in PRIVATE):
        raise Refused(Reason.INVALID, field="host")
    if port not in PRINTER_PORTS:
        raise Refused(Reason.INVALID, field="port")


def paired(wish: DeviceWish, *, already: int, point: int | None = None) -> Fact:
    """Return the event of a new device; `already` are paired, `point` is the survey link that a tablet opens."""
    wish.require_fit()
    if already >= MOST_DEVICES:
        raise Refused(Reason.INVALID, field="kind")
    own: dict[str, JSON] = {} if point is None else {"point": point}
    facts: dict[str, JSON] = {"kind": wish.kind.value, "counter": wish.counter_id}
    return Fact(EventName.DEVICE_PAIRED, {**facts, "settings": {**wish.settings, **own}})


def changed(device_id: int, wish: DeviceWish, before: Mapping[str, JSON], *, counter: int | None) -> Fact:
    """Return the event of a device that is set otherwise; its kind and a tablet's link stay."""
    wish.require_fit()
    own: dict[str, JSON] = {name: before[name] for name in ("point",) if name in before}
    told: dict[str, JSON] = {"device": device_id, "from": dict(before), "counter_from": counter}
    return Fact(EventName.DEVICE_CHANGED, {**told, "counter": wish.counter_id, "settings": {**wish.settings, **own}})


def standing(kind: DeviceKind, settings: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return how a device is set, also in what was not asked yet when it was."""
    if kind is not DeviceKind.KIOSK:
        return dict(settings)
    return {**settings, "printing": browser_printing(settings).value}


def secret_of(key: bytes, device_id: int) -> str:
    """Return the secret of a device (256 bits): it can be given again until its code is over, and is kept nowhere."""
    return base64.urlsafe_b64encode(hmac.digest(key, f"device|{device_id}".encode(), "sha256")).decode().rstrip("=")


def code_of(key: bytes, secret: str) -> str:
    """Return the code a device shows: it follows from the secret of its browser, so it need not be kept."""
    number = int.from_bytes(hmac.digest(key, f"pairing|{secret}".encode(), "sha256"))
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def typed_code(text: str) -> str | None:
    """Return a code as it was typed, None for what cannot be one; blanks, dashes and small letters do not matter."""
    code = "".join(each for each in text.upper() if each not in " -–.\u00a0\t")
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def spaced(code: str) -> str:
    """Return a code in two halves, as it is read."""
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def is_missing(seen_at: datetime | None, paired_at: datetime, *, at: datetime) -> bool:
    """Tell whether a device has not been seen for longer than it may be silent."""
    return at - (seen_at or paired_at) > MISSING_AFTER


def shown_counters(settings: Mapping[str, object] | None) -> frozenset[int]:
    """Return the counters whose calls a display shows; none means all."""
    return _numbers(settings, "counters")


def offered_services(settings: Mapping[str, object] | None) -> frozenset[int]:
    """Return the services that a kiosk offers; none means all."""
    return _numbers(settings, "services")


def _numbers(settings: Mapping[str, object] | None, name: str) -> frozenset[int]:
    found = (settings or {}).get(name)
    return frozenset(each for each in found if isinstance(each, int)) if isinstance(found, Iterable) else frozenset()
