"""Tickets that a kiosk prints through its browser: by itself, on request, or not at all.

By itself it prints what was asked for here, and once: the session says which ticket that is and under which form it was
asked for, until the kiosk begins anew; the browser keeps which of them it has printed.
"""

from dataclasses import dataclass
from typing import Final

from flask import request, session

from desk.domain.devices import DeviceKind
from desk.domain.printing import BrowserPrinting
from desk.web.forms.fields import new_key
from desk.web.lobby.device_cookie import current_device

TICKET: Final = "ticket"  # in the session: whose ticket was asked for here last, and under which mark


@dataclass(frozen=True, slots=True)
class Printing:
    """How the ticket on a page is printed; `mark` is what it is printed by itself under, None where it is not."""

    way: BrowserPrinting
    mark: str | None = None


def ask_browser(visit_id: int) -> None:
    """Note that a ticket is wanted here; a repeat of the same form asks for it once."""
    session[TICKET] = [visit_id, request.form.get("key") or new_key()]


def printing_of(office_id: int, visit_id: int) -> Printing:
    """Return how this browser prints the ticket of a visit; whoever is no kiosk of the office prints on request."""
    device = current_device()
    if device is None or device.kind is not DeviceKind.KIOSK or device.office_id != office_id:
        return Printing(BrowserPrinting.ON_REQUEST)
    wanted, mark = session.get(TICKET, (None, None))
    is_own = device.printing is BrowserPrinting.BY_ITSELF and wanted == visit_id
    return Printing(device.printing, mark if is_own else None)
