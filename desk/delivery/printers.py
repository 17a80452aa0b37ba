"""Talking to a printer of the house: whether it answers, how it is, sending it a slip and hearing that it is out.

Only literal addresses of private networks and the few ports of receipt printers are tried, whatever is stored: nobody
learns through the desk what else answers where. Every wait has an end. ESC/POS command reference (Epson): DLE EOT n is
answered at once, GS r 1 only when everything before it is printed.
"""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

from desk.domain.devices import require_printer
from desk.domain.printing import ASKED, PrinterState, is_paper_report, is_status, state_of

SECONDS: Final = 2.0
ANSWER_SECONDS: Final = 0.5  # for one byte across the house
KNOWN_ANSWER_SECONDS: Final = 2.0  # from one that has answered before and may be busy
FIRST_CONFIRMATION_SECONDS: Final = 2.5  # from one of which nobody knows whether it confirms
DRAIN_SECONDS: Final = 0.5
# Little is kept for the printer on this side, so that one that takes nothing is noticed while it is being sent to.
KEPT_BYTES: Final = 4_096
_REPORT: Final = b"\x1dr\x01"
# DLE DC4 8: forget what was received and not printed, so that it does not come out when somebody puts in a new roll.
_FORGET: Final = bytes((0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8))


def answers(host: str, port: int, *, seconds: float = SECONDS) -> bool:
    """Tell whether somebody listens there; raises `Refused(INVALID)` for what is no printer's address."""
    require_printer(host, port)
    try:
        with socket.create_connection((host, port), timeout=seconds):
            return True
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Address:
    """Where a printer is reached, and whether it has ever said how it is, and that it was through."""

    host: str
    port: int
    answers: bool = False
    confirms: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """How a printer was: `answered` if it said so itself, `printed` if a slip came out, `confirmed` if it said so."""

    state: PrinterState
    answered: bool = False
    printed: bool = False
    confirmed: bool = False
    touched: bool = False  # whether any of the slip was sent


def look(address: Address) -> Found:
    """Return how a printer is; raises `Refused(INVALID)` for what is no printer's address."""
    require_printer(address.host, address.port)
    try:
        with _Line.to(address, until=time.monotonic() + SECONDS) as line:
            return _asked(line, address)
    except OSError:
        return Found(PrinterState.UNREACHABLE)


def print_on(address: Address, content: bytes, *, seconds: float) -> Found:
    """Send a slip and wait until it is out, so many seconds at most; raises `Refused(INVALID)` as `look` does.

    Nothing is sent to a printer that says it cannot print: it would keep it, and print it when nobody waits any more.
    """
    require_printer(address.host, address.port)
    until = time.monotonic() + seconds
    try:
        line = _Line.to(address, until=min(until, time.monotonic() + SECONDS))
    except OSError:
        return Found(PrinterState.UNREACHABLE)
    with line:
        found = _asked(line, address)
        if not found.state.prints:
            return found
        return line.print(content, found, until=until, confirms=address.confirms)


def _asked(line: "_Line", address: Address) -> Found:
    """Return how a printer says it is; one that always did and says nothing now is not well."""
    found = line.ask(patience=KNOWN_ANSWER_SECONDS if address.answers else ANSWER_SECONDS)
    return Found(PrinterState.SILENT) if address.answers and not found.answered else found


class _Line:
    """A connection to a printer."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._beside = bytearray()  # what came in and nobody has waited for yet

    @classmethod
    def to(cls, address: Address, *, until: float) -> Self:
        """Open it; raises `OSError`."""
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KEPT_BYTES)
            opened.settimeout(max(until - time.monotonic(), 0.1))
            opened.connect((address.host, address.port))
        except OSError:
            opened.close()
            raise
        return cls(opened)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End it so that nothing that was sent is thrown away: closing with bytes unread would reset it."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            until = time.monotonic() + DRAIN_SECONDS
            while time.monotonic() < until and self._read(until) != b"":
                pass
        self._socket.close()

    def ask(self, *, patience: float) -> Found:
        """Return how the printer says it is; one that says nothing may still print."""
        said: dict[int, int] = {}
        self._beside = bytearray(
            byte for byte in self._beside if is_paper_report(byte)
        )  # without answers that came too late
        for n in ASKED:
            try:
                self._send(bytes((0x10, 0x04, n)), time.monotonic() + ANSWER_SECONDS)
                byte = self._wait(is_status, time.monotonic() + (ANSWER_SECONDS if said else patience))
            except OSError:
                return Found(PrinterState.SILENT if not said else state_of(said), answered=bool(said))
            if byte is None:
                break
            said[n] = byte
        return Found(state_of(said), answered=bool(said))

    def print(self, content: bytes, before: Found, *, until: float, confirms: bool) -> Found:
        """Send a slip, and wait until the printer says that it is out, if it says such things."""
        try:
            self._send(content + (_REPORT if before.answered else b""), until)
            if not before.answered:
                return Found(before.state, printed=True, touched=True)
            return self._hear(before, until=until, confirms=confirms)
        except TimeoutError:
            return self._give_up(PrinterState.SILENT, answered=before.answered)
        except OSError:
            return Found(PrinterState.UNREACHABLE, answered=before.answered, touched=True)

    def _hear(self, before: Found, *, until: float, confirms: bool) -> Found:
        ends = until if confirms else min(until, time.monotonic() + FIRST_CONFIRMATION_SECONDS)
        state = before.state
        while time.monotonic() < ends:
            if self._wait(is_paper_report, min(ends, time.monotonic() + ANSWER_SECONDS)) is not None:
                return Found(state, answered=True, printed=True, confirmed=True, touched=True)
            now = self.ask(patience=ANSWER_SECONDS)
            state = now.state if now.answered else state
            if not state.prints:
                return self._give_up(state, answered=True)
        if confirms:
            return self._give_up(PrinterState.SILENT, answered=True)
        return Found(state, answered=True, printed=True, touched=True)

    def _give_up(self, state: PrinterState, *, answered: bool) -> Found:
        if answered:
            with suppress(OSError):
                self._send(_FORGET, time.monotonic() + ANSWER_SECONDS)
        return Found(state, answered=answered, touched=True)

    def _send(self, content: bytes, until: float) -> None:
        """Send all of it; raises `TimeoutError` where that is not taken in time, `OSError` where it is not taken."""
        rest = memoryview(content)
        while rest:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            rest = rest[self._socket.send(rest[:KEPT_BYTES]) :]

    def _wait(self, is_meant: Callable[[int], bool], until: float) -> int | None:
        """Return the first byte of this meaning, None where none comes in time; others are kept for who waits for them.

        Raises `ConnectionError` where the printer has hung up.
        """
        while True:
            for place, byte in enumerate(self._beside):
                if is_meant(byte):
                    del self._beside[place]
                    return byte
            if time.monotonic() >= until:
                return None
            came = self._read(until)
            if came == b"":
                raise ConnectionResetError
            self._beside.extend(came or b"")

    def _read(self, until: float) -> bytes | None:
        """Return what has come, empty at the end, None where nothing comes in time."""
        self._socket.settimeout(max(until - time.monotonic(), 0.01))
        try:
            return self._socket.recv(64)
        except TimeoutError:
            return None
