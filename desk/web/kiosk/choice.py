"""What a visitor has chosen: one service, or several for one visit under one number; and in which frame they choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request, url_for

from desk.domain.intake import CheckInChannel
from desk.domain.refusals import Reason, Refused
from desk.reads.devices import PairedDevice
from desk.reads.services import OfferedService, ServiceSheet, find_sheet, list_offered
from desk.web.context import desk, get_office, language, reader
from desk.web.icons import carry_icons
from desk.web.lobby.closed_for_good import turn_away_if_retired
from desk.web.lobby.device_cookie import at_kiosk

MOST_SERVICES: Final = 5  # of one visit; whoever has more to do is better off at the reception
MAX_DIGITS: Final = 10
WITH: Final = "with"  # in an address: what was chosen before


@dataclass(frozen=True, slots=True)
class Manner:
    """How a number is taken: the same pages in the frame of the kiosk or of a phone."""

    channel: CheckInChannel
    frame: str
    services: str
    tiles: str
    service: str


AT_KIOSK: Final = Manner(CheckInChannel.KIOSK, "base_kiosk.html", "kiosk.services", "kiosk.tiles", "kiosk.service")
ON_PHONE: Final = Manner(
    CheckInChannel.PHONE, "kiosk/base_phone.html", "kiosk.phone_services", "kiosk.phone_tiles", "kiosk.phone_service"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The services of one visit, in the order in which they were chosen; the first gives the number its letter."""

    office_id: int
    manner: Manner
    sheets: tuple[ServiceSheet, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """Which they are."""
        return tuple(each.offered.id for each in self.sheets)

    @property
    def hindered(self) -> tuple[OfferedService, ...]:
        """Which of them give no number now: served by nobody, closed, or all given out."""
        return tuple(each.offered for each in self.sheets if not each.offered.gives_numbers)

    @property
    def has_room(self) -> bool:
        """Whether another service may join."""
        return len(self.sheets) < MOST_SERVICES

    @property
    def path(self) -> str:
        """The address of the page that shows them."""
        return self._path(self.ids)

    @property
    def more_path(self) -> str:
        """The address where another service is chosen."""
        before: dict[str, Any] = {WITH: list(self.ids)}
        return url_for(self.manner.services, office_id=self.office_id, **before)

    def without(self, service_id: int) -> str:
        """Return the address of the page that shows the others."""
        return self._path(tuple(each for each in self.ids if each != service_id))

    def _path(self, ids: Sequence[int]) -> str:
        before: dict[str, Any] = {WITH: list(ids[:-1])}
        return url_for(self.manner.service, office_id=self.office_id, service_id=ids[-1], **before)


def open_office(office_id: int, manner: Manner) -> PairedDevice | None:
    """Open the office for a page in this manner; where only paired kiosks may, others are turned away."""
    if manner is AT_KIOSK:
        return at_kiosk(office_id)
    carry_icons()  # a visitor's first view
    get_office(office_id)
    turn_away_if_retired()
    return None


def list_services(office_id: int, device: PairedDevice | None) -> tuple[OfferedService, ...]:
    """Return the services in use; a paired kiosk may offer some of them only."""
    found = list_offered(reader(), office_id, language=language(), at=desk().streams.clock())
    return tuple(each for each in found if _offers(device, each.id))


def get_choice(office_id: int, ids: Sequence[int], device: PairedDevice | None, manner: Manner) -> Choice:
    """Return what was chosen; raise `Refused(UNKNOWN)` where the office or this kiosk offers none such."""
    wanted = tuple(dict.fromkeys(ids))
    if not 0 < len(wanted) <= MOST_SERVICES:
        raise Refused(Reason.UNKNOWN)
    return Choice(office_id, manner, tuple(_sheet(office_id, each, device) for each in wanted))


def chosen_before() -> list[int]:
    """Return what the address says was chosen before; nothing that cannot be a service."""
    found = (whole_number(each) for each in request.args.getlist(WITH)[:MOST_SERVICES])
    return list(dict.fromkeys(each for each in found if each))


def typed_choice(first: str | None, more: str | None) -> list[int]:
    """Return the services of a form: the first, and others between commas."""
    others = more.split(",")[:MOST_SERVICES] if more else []
    return [whole_number(each) for each in (first, *others)]


def whole_number(text: str | None) -> int:
    """Return the number in a text, 0 where there is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < MAX_DIGITS else 0


def _offers(device: PairedDevice | None, service_id: int) -> bool:
    return device is None or not device.services or service_id in device.services


def _sheet(office_id: int, service_id: int, device: PairedDevice | None) -> ServiceSheet:
    found = find_sheet(reader(), office_id, service_id, language=language(), at=desk().streams.clock())
    if found is None or not _offers(device, service_id):
        raise Refused(Reason.UNKNOWN)
    return found
