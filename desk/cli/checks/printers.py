"""The receipt printers of the offices: whether paper comes out of them, as the worker found when it looked last."""

from collections.abc import Iterator

from desk.cli.checks.base import Result, Subject, good, unknown, warning
from desk.domain.printing import PrinterState
from desk.reads.printing import PrinterFigures, list_printer_figures
from desk.wording.printing import REMEDIES, STATES


def check_printers(subject: Subject) -> Iterator[Result]:
    """Whether each printer prints; without one, tickets are printed by browsers or photographed."""
    with subject.reading() as connection:
        found = list_printer_figures(connection, at=subject.now)
    if not found:
        yield good("There is no printer of the network.")
    for each in found:
        yield _result(subject, each)


def _result(subject: Subject, figures: PrinterFigures) -> Result:
    printer = figures.printer
    named = f"{figures.office}: {printer.name} ({printer.place})"
    state = printer.state_now(subject.now)
    if state is None:
        return unknown(f"{named}: nobody has looked at it lately.", "Let `desk serve` or `desk worker` run.")
    if state is not PrinterState.READY:
        return warning(f"{named}: {STATES[state]}.", REMEDIES[state])
    if not printer.use.kiosks and not printer.counters and not printer.use.reception:
        return warning(f"{named}: nobody prints on it.", "Say on its page (Devices) which kiosks and counters do.")
    if figures.failed:
        return good(f"{named}: ready; {figures.failed} slips of the last day did not come out.")
    return good(f"{named}: ready.")
