"""Printing on receipt printers of the house: what is set for one, what it says of itself, how a job ends.

A number is issued whatever becomes of its paper. A job that did not come out soon is given up: a ticket that comes out
ten minutes later is worse than none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from desk.domain.facts import JSON
from desk.domain.refusals import Reason, Refused

# How long a job may wait for its printer, how long a printer may take over one, and after what a silent worker is dead.
JOB_LASTS: Final = timedelta(seconds=20)
PRINTING_LASTS: Final = timedelta(seconds=9)
LOST_AFTER: Final = timedelta(seconds=15)
# How long the records of jobs are kept; they hold no token and no person.
JOBS_KEPT: Final = timedelta(days=2)
# Each printer is looked at so often while nothing is printed, and what it said then is news for so long.
LOOKED_AT_EVERY: Final = timedelta(seconds=60)
LOOK_HOLDS: Final = 3 * LOOKED_AT_EVERY
MOST_COPIES: Final = 3
DOTS: Final = {58: 384, 80: 576}  # across the paper that is printed on, at 8 dots a millimeter
COLUMNS: Final = {58: 32, 80: 48}  # of the printer's own font A
Word = TypeVar("Word", bound=StrEnum)


class BrowserPrinting(StrEnum):
    """Whether a kiosk without a printer of the house prints tickets through its browser."""

    BY_ITSELF = "by_itself"
    ON_REQUEST = "on_request"  # whoever took the number presses a button
    NOT_AT_ALL = "not_at_all"  # there is no printer, so there is no button


def browser_printing(settings: Mapping[str, object] | None) -> BrowserPrinting:
    """Return how a kiosk is set; what nobody has set, or nobody understands, is on request."""
    return _one_of(BrowserPrinting, (settings or {}).get("printing"), BrowserPrinting.ON_REQUEST)


class TicketLanguage(StrEnum):
    """In which language a printer prints."""

    VISITOR = "visitor"  # that of the visitor
    BOTH = "both"  # the visitor's first, then the other
    INDONESIAN = "id"
    ENGLISH = "en"


class Letters(StrEnum):
    """How letters with accents come onto the paper."""

    CODE_PAGE = "code_page"  # by the printer's own font, in code page 437 or 1252
    DRAWN = "drawn"  # as pictures, for printers that have other letters in those pages


@dataclass(frozen=True, slots=True)
class PrinterUse:
    """What a printer prints with, and who prints on it: kiosks (devices), and the reception; counters stand beside."""

    width: int = 80
    language: TicketLanguage = TicketLanguage.BOTH
    copies: int = 1
    cuts: bool = True
    letters: Letters = Letters.CODE_PAGE
    kiosks: tuple[int, ...] = ()
    reception: bool = False

    @property
    def settings(self) -> dict[str, JSON]:
        """What is kept of it."""
        return {
            "width": self.width,
            "language": self.language.value,
            "copies": self.copies,
            "cuts": self.cuts,
            "letters": self.letters.value,
            "kiosks": [*sorted(set(self.kiosks))],
            "reception": self.reception,
        }

    @property
    def dots(self) -> int:
        """How many dots lie side by side."""
        return DOTS[self.width]

    @property
    def columns(self) -> int:
        """How many letters of the printer's font stand side by side."""
        return COLUMNS[self.width]

    def languages(self, of_visitor: str) -> tuple[str, ...]:
        """Return the languages of a ticket in their order."""
        match self.language:
            case TicketLanguage.VISITOR:
                return (of_visitor,)
            case TicketLanguage.BOTH:
                return (of_visitor, "en" if of_visitor == "id" else "id")
            case _:
                return (self.language.value,)

    def require_fit(self) -> None:
        """Raise `Refused(INVALID)` with the field where something cannot be."""
        if self.width not in DOTS:
            raise Refused(Reason.INVALID, field="width")
        if not 1 <= self.copies <= MOST_COPIES:
            raise Refused(Reason.INVALID, field="copies")


def use_of(settings: Mapping[str, object] | None) -> PrinterUse:
    """Return how a printer is set; what nobody has set, or nobody understands, is as usual."""
    said, usual = settings or {}, PrinterUse()
    width, copies = said.get("width"), said.get("copies")
    kiosks = said.get("kiosks")
    return PrinterUse(
        width=width if isinstance(width, int) and width in DOTS else usual.width,
        language=_one_of(TicketLanguage, said.get("language"), usual.language),
        copies=copies if isinstance(copies, int) and 1 <= copies <= MOST_COPIES else usual.copies,
        cuts=said.get("cuts", usual.cuts) is True,
        letters=_one_of(Letters, said.get("letters"), usual.letters),
        kiosks=tuple(each for each in kiosks if isinstance(each, int)) if isinstance(kiosks, Iterable) else (),
        reception=said.get("reception") is True,
    )


def _one_of(words: type[Word], said: object, usual: Word) -> Word:
    return next((each for each in words if each.value == said), usual)


class PrinterState(StrEnum):
    """How a printer is, as it says itself or by its silence; the gravest first."""

    UNREACHABLE = "unreachable"  # nobody listens at its address
    SILENT = "silent"  # it listens, and takes or says no more what it should
    COVER_OPEN = "cover_open"
    PAPER_OUT = "paper_out"
    FAULT = "fault"  # its cutter, its head, something it cannot mend by itself
    OFFLINE = "offline"  # somebody feeds its paper, or it says no more
    PAPER_LOW = "paper_low"
    READY = "ready"

    @property
    def prints(self) -> bool:
        """Whether what is sent to it comes out now."""
        return self in (PrinterState.READY, PrinterState.PAPER_LOW)


# What a printer answers to DLE EOT n (Epson, ESC/POS command reference): of its eight bits 1 and 4 are always set,
# 0 and 7 never. By those an answer is told from everything else that may come back.
ASKED: Final = (1, 2, 3, 4)
_FIXED: Final = 0b1001_0011
_IS_STATUS: Final = 0b0001_0010
# By n the bits that say so, in the order in which they are believed.
_SAID: Final = (
    (2, 0b0000_0100, PrinterState.COVER_OPEN),
    (4, 0b0110_0000, PrinterState.PAPER_OUT),
    (2, 0b0010_0000, PrinterState.PAPER_OUT),
    (3, 0b0110_1000, PrinterState.FAULT),
    (2, 0b0100_0000, PrinterState.FAULT),
    (1, 0b0000_1000, PrinterState.OFFLINE),
    (4, 0b0000_1100, PrinterState.PAPER_LOW),
)


def is_status(byte: int) -> bool:
    """Tell whether a byte is an answer to DLE EOT."""
    return byte & _FIXED == _IS_STATUS


def is_paper_report(byte: int) -> bool:
    """Tell whether a byte is an answer to GS r 1 (bits 4 and 7 are never set): all that came before is printed."""
    return not byte & 0b1001_0000


def state_of(answers: Mapping[int, int]) -> PrinterState:
    """Return how a printer is by its answers to DLE EOT n, by n; what it did not answer says nothing."""
    return next((state for n, bits, state in _SAID if answers.get(n, 0) & bits), PrinterState.READY)


class JobKind(StrEnum):
    """What is printed; each has its subject."""

    TICKET = "ticket"  # a visit
    RECEIPT = "receipt"  # a transaction
    HANDOFF = "handoff"  # a handoff
    TRIAL = "trial"  # the printer itself


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"  # the printer did not print it, or nobody knows
    EXPIRED = "expired"  # its turn came too late, or never


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of paper, with its copies, at one printer."""

    office_id: int
    key: str
    printer_id: int
    place: str
    kind: JobKind
    subject_id: int | None
    language: str
    state: JobState
    asked_at: datetime
    expires_at: datetime
    started_at: datetime | None
    fault: PrinterState | None = None  # how its printer was where it failed

    def stands(self, at: datetime) -> JobState:
        """Return how far it is, also where the worker that should say so is gone."""
        if self.state is JobState.WAITING and at >= self.expires_at:
            return JobState.EXPIRED
        if self.state is JobState.PRINTING and self.is_lost(at):
            return JobState.FAILED
        return self.state

    def is_lost(self, at: datetime) -> bool:
        """Tell whether the worker that took it would have said by now how it ended; nobody prints it once more."""
        return self.started_at is not None and at >= self.started_at + LOST_AFTER


def place_of(host: str, port: int) -> str:
    """Return what jobs at one printer have in common, also of two devices, or two offices, that share it."""
    return f"{host}:{port}"
