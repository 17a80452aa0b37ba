"""States that are met seldom: an office with many services, one that is closed today, devices of all kinds.

What they need is played beforehand; `faces.rare` says how they are looked at.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import update

from desk.domain.devices import DeviceKind, DeviceWish, code_of, secret_of
from desk.domain.hours import week_of
from desk.domain.printing import BrowserPrinting, JobState, PrinterState, PrinterUse
from desk.domain.tokens import TokenKind, derive
from desk.models import Office, PrintJob
from desk.operations.opening import setting_up
from desk.operations.printing import ask_for, ticket_of
from desk.operations.settings import devices, keeping_services
from desk.operations.settings.devices import LockedFaces
from desk.reads.printing import list_printers
from tests.browser.many_services import offers_many, publishes_valuation
from tests.fixtures.office import DeskOffice

OFFICE_HOURS: Final = ((8 * 60, 16 * 60),)
PRINTER: Final = "10.255.255.1"  # nobody listens there
AN_HOUR_AND_MORE: Final = 9  # visitors, each served for ten minutes
ALL_DAY: Final = {"sound_quiet_from": 0, "sound_quiet_until": 24 * 60 - 1}


def furnish_large(office: DeskOffice) -> dict[str, str]:
    """Play an hour in an office of seventeen services; return the pages of its visitors by what they show."""
    office.clock.now = _begins(datetime.now(UTC))
    offers_many(office)
    publishes_valuation(office, "B")
    _limit(office, "D")
    office.sari.signs_on(1)
    visits = [office.arrives("A").facts["visit"] for _ in range(2 * AN_HOUR_AND_MORE)]
    for _ in range(AN_HOUR_AND_MORE):
        served = office.sari.serves()
        office.clock.tick(600)
        office.sari.completes(served)
    office.clock.now = datetime.now(UTC)
    office.sari.calls()
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).where(Office.id == office.id).values(**ALL_DAY))
    return {
        "called at the large office": _page(office, visits[AN_HOUR_AND_MORE]),
        "next": _page(office, visits[AN_HOUR_AND_MORE + 1]),
        "may go away": _page(office, visits[-1]),
        "without paper": _page(office, _fails_to_print(office)),
    }


def _begins(now: datetime) -> datetime:
    """Return an hour and three quarters ago, or midnight of the office where that was another day."""
    midnight = now.astimezone(ZoneInfo("Asia/Jakarta")).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(midnight.astimezone(UTC), now - timedelta(minutes=105))


def _page(office: DeskOffice, visit: int) -> str:
    return f"/v/{derive(office.streams.keys.links, TokenKind.STATUS, visit)}"


def _limit(office: DeskOffice, series: str) -> None:
    """Give out the one number that a service has today."""
    office.arrives(series)
    wanted = {"daily_quota": 1}
    keeping_services.change(office.streams, office.id, office.services[series], wanted, office.agus.asks("limit"))


def _fails_to_print(office: DeskOffice) -> int:
    """Take a number at a kiosk whose printer is out of paper; return the visit."""
    wish = DeviceWish(DeviceKind.PRINTER, "Pencetak lobi", host=PRINTER, use=PrinterUse(reception=True))
    devices.register_printer(office.streams, office.id, wish, office.agus.asks("add"))
    visit = int(office.arrives("E").facts["visit"])
    with office.streams.reading() as connection:
        printer = list_printers(connection, office.id)[0]
    ask_for(office.streams, printer, ticket_of(visit, language="id"))
    ended = {"state": JobState.FAILED.value, "fault": PrinterState.PAPER_OUT.value, "started_at": office.clock()}
    with office.streams.engine.begin() as connection:
        connection.execute(update(PrintJob).values(**ended))
    return visit


def furnish_closed(office: DeskOffice) -> None:
    """Let an office be closed today, and take numbers at paired kiosks only."""
    week = list(week_of(weekdays=range(7), hours=OFFICE_HOURS))
    week[office.today.weekday()] = ()
    calendar = setting_up.add_calendar(office.streams, office.id, "Tutup hari ini", tuple(week), since=date(2020, 1, 1))
    for series, service in office.services.items():
        asked = office.agus.asks("close", series=series)
        keeping_services.change(office.streams, office.id, service, {"calendar_id": calendar}, asked)
    devices.lock_faces(office.streams, office.id, LockedFaces(True, False), office.agus.asks("lock"))


def pair_all(large: DeskOffice, closed: DeskOffice) -> dict[str, str]:
    """Pair the devices of the pictures; return their secrets by what they are."""
    kiosk, door = DeviceWish(DeviceKind.KIOSK, "Kios"), DeviceWish(DeviceKind.DOOR, "Pintu")
    found = {
        "closed kiosk": _paired(closed, kiosk),
        "door": _paired(large, door),
        "unpaired kiosk": _paired(large, kiosk),
        "kiosk that prints": _paired(large, replace(kiosk, printing=BrowserPrinting.BY_ITSELF)),
        "kiosk without a printer": _paired(large, replace(kiosk, printing=BrowserPrinting.NOT_AT_ALL)),
    }
    devices.revoke(large.streams, large.id, found["unpaired kiosk"], large.agus.asks("revoke"))
    return {name: secret_of(large.streams.keys.links, device) for name, device in found.items()}


def _paired(office: DeskOffice, wish: DeviceWish) -> int:
    code = code_of(office.streams.keys.links, devices.begin_pairing(office.streams))
    done = devices.pair(office.streams, office.id, code, wish, office.agus.asks("pair", wish=str(wish)))
    return int(done.facts["device"])
