"""What stands on printed slips, and how a printer is, in words."""

from typing import Final

from desk.domain.invitation import Channel
from desk.domain.printing import BrowserPrinting, JobKind, JobState, Letters, PrinterState, TicketLanguage
from desk.wording import N_

# What the code on a paper is for.
PURPOSE: Final = {
    Channel.TICKET: N_("Scan it with your phone to see when it is your turn."),
    Channel.RECEIPT: N_("Scan it with your phone to see how far it is."),
}
SURVEY: Final = N_("When your matter is finished, the same code leads to the questions about our service.")
ADVICE: Final = N_("Keep this number. You are called by number, on the display and on your phone.")
HEADING: Final = N_("Your queue number")
PRIORITY: Final = N_("Your priority is recorded with this number.")  # why is nobody's to read from a paper
NEXT: Final = N_("You are next")
TURN_WITHIN: Final = N_("It is your turn in about %(most)s at most.")
TURN_BETWEEN: Final = N_("It is your turn in about %(least)s to %(most)s.")
BEFORE: Final = ("%(num)d person before you", "%(num)d people before you")  # extracted where the kiosk says it

PAPERS: Final[dict[JobKind, str]] = {
    JobKind.TICKET: N_("Ticket"),
    JobKind.RECEIPT: N_("Receipt for complete documents"),
    JobKind.HANDOFF: N_("Handoff slip"),
    JobKind.TRIAL: N_("Trial"),
}
JOBS: Final[dict[JobState, str]] = {
    JobState.WAITING: N_("Waits for the printer"),
    JobState.PRINTING: N_("Is being printed"),
    JobState.PRINTED: N_("Printed"),
    JobState.FAILED: N_("Not printed"),
    JobState.EXPIRED: N_("Given up"),
}
BROWSER: Final[dict[BrowserPrinting, str]] = {
    BrowserPrinting.BY_ITSELF: N_("By itself, once for each number"),
    BrowserPrinting.ON_REQUEST: N_("When the visitor presses Print"),
    BrowserPrinting.NOT_AT_ALL: N_("Not at all: there is no printer"),
}
LANGUAGES: Final[dict[TicketLanguage, str]] = {
    TicketLanguage.BOTH: N_("Both, the visitor's first"),
    TicketLanguage.VISITOR: N_("The visitor's"),
    TicketLanguage.INDONESIAN: N_("Indonesian"),
    TicketLanguage.ENGLISH: N_("English"),
}
LETTERS: Final[dict[Letters, str]] = {
    Letters.CODE_PAGE: N_("By the printer"),
    Letters.DRAWN: N_("Drawn as pictures"),
}
STATES: Final[dict[PrinterState, str]] = {
    PrinterState.READY: N_("Ready"),
    PrinterState.PAPER_LOW: N_("Paper runs out soon"),
    PrinterState.PAPER_OUT: N_("No paper"),
    PrinterState.COVER_OPEN: N_("Cover is open"),
    PrinterState.FAULT: N_("Out of order"),
    PrinterState.OFFLINE: N_("Not ready to print"),
    PrinterState.SILENT: N_("Takes nothing"),
    PrinterState.UNREACHABLE: N_("Does not answer"),
}
REMEDIES: Final[dict[PrinterState, str]] = {
    PrinterState.READY: "",
    PrinterState.PAPER_LOW: N_("Have a new roll at hand."),
    PrinterState.PAPER_OUT: N_("Put in a new roll."),
    PrinterState.COVER_OPEN: N_("Close its cover until it clicks."),
    PrinterState.FAULT: N_("Switch it off, take out paper that is stuck, and switch it on again."),
    PrinterState.OFFLINE: N_("Press its feed button; if that does not help, switch it off and on."),
    PrinterState.SILENT: N_("Switch it off and on. If it stays so, look whether another program holds it."),
    PrinterState.UNREACHABLE: N_("Is it switched on and in the same network, and is its address right?"),
}
