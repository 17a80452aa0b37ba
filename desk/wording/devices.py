"""Kinds of devices in words."""

from typing import Final

from desk.domain.devices import DeviceKind
from desk.wording import N_

KINDS: Final[dict[DeviceKind, str]] = {
    DeviceKind.KIOSK: N_("Kiosk"),
    DeviceKind.DISPLAY: N_("Lobby display"),
    DeviceKind.TABLET: N_("Tablet"),
    DeviceKind.DOOR: N_("Screen at the door"),
    DeviceKind.PRINTER: N_("Printer"),
}
ICONS: Final[dict[DeviceKind, str]] = {
    DeviceKind.KIOSK: "hand-index",
    DeviceKind.DISPLAY: "display",
    DeviceKind.TABLET: "phone",
    DeviceKind.DOOR: "door-open",
    DeviceKind.PRINTER: "printer",
}
