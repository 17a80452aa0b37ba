"""What pages say of paper: which printers to offer at a desk, how each is, and how far a paper is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import url_for
from flask_babel import gettext
from flask_login import current_user

from desk.domain.printing import Job, JobKind, JobState, PrinterState
from desk.reads.printing import Printer, find_counter_of, find_last_job, find_printer, list_printers, printer_of_desk
from desk.web.context import desk, reader
from desk.wording.printing import JOBS, PAPERS, REMEDIES, STATES

# What a page says of a job: whether there is more to come.
_PENDING: Final = frozenset({JobState.WAITING, JobState.PRINTING})


@dataclass(frozen=True, slots=True)
class PaperView:
    """How far a paper is: printing, printed, sent, or none; where a page asks on, and what was wrong with the printer.

    It was sent where its printer never tells whether paper came out.
    """

    state: str
    path: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A printer to choose at a desk; `own` is that of the desk, `word` and `remedy` say what is wrong with it."""

    id: int
    name: str
    own: bool
    word: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A paper as administrators see it: what it was and when, what became of it, and why nothing came out."""

    paper: str
    asked_at: datetime
    word: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True)
class Missed:
    """How many papers of a printer did not come out of late, and the newest of them."""

    count: int
    last: Outcome


def outcomes_of(jobs: Iterable[Job]) -> list[Outcome]:
    """Return what became of papers; of whom they told is not said."""
    return [_outcome(each) for each in jobs]


def missed_of(jobs: Mapping[int, Sequence[Job]]) -> dict[int, Missed]:
    """Return by printer what did not come out."""
    return {printer_id: Missed(len(each), _outcome(each[0])) for printer_id, each in jobs.items()}


def own_printer(office_id: int, printers: list[Printer] | None = None) -> Printer | None:
    """Return the printer of the desk at which who is signed in sits, else that of the reception."""
    found = list_printers(reader(), office_id) if printers is None else printers
    if not found:
        return None
    return printer_of_desk(found, find_counter_of(reader(), office_id, current_user.id))


def printers_for(office_id: int) -> list[Offered]:
    """Return the printers of the office to choose at a desk, its own first."""
    printers, at = list_printers(reader(), office_id), desk().streams.clock()
    own = own_printer(office_id, printers)
    ordered = sorted(printers, key=lambda each: own is None or each.id != own.id)
    return [
        Offered(each.id, each.name, own is not None and each.id == own.id, *_wrong_with(each.state_now(at)))
        for each in ordered
    ]


def word_of(state: PrinterState) -> str:
    """Return how a printer is."""
    return gettext(STATES[state])


def remedy_of(state: PrinterState) -> str:
    """Return what to do about that."""
    return gettext(REMEDIES[state]) if REMEDIES[state] else ""


def said_of(state: PrinterState) -> str:
    """Return in words how a printer is, and what to do about it."""
    return f"{word_of(state)}. {remedy_of(state)}".strip()


def printers_in_trouble(office_id: int) -> list[str]:
    """Return what those at the front should know of the printers of the office, in words."""
    at = desk().streams.clock()
    found = [(each.name, each.state_now(at)) for each in list_printers(reader(), office_id) if each.is_in_trouble(at)]
    return [f"{name}: {said_of(state)}" for name, state in found if state is not None]


def paper_of_visit(office_id: int, visit_id: int, path: str) -> PaperView | None:
    """Return how far the ticket of a visit is; None where none was asked for lately."""
    return _view(office_id, find_last_job(reader(), office_id, JobKind.TICKET, visit_id), path)


def paper_at_desk(office_id: int, visit_id: int) -> PaperView | None:
    """Return the same for a page of the staff, which asks on without the visitor's token."""
    return paper_of_visit(office_id, visit_id, url_for("printing.visit_paper", office_id=office_id, visit_id=visit_id))


def paper_of_receipt(office_id: int, transaction_id: int) -> PaperView | None:
    """Return how far the receipt of a transaction is."""
    path = url_for("printing.receipt_paper", office_id=office_id, transaction_id=transaction_id)
    return _view(office_id, find_last_job(reader(), office_id, JobKind.RECEIPT, transaction_id), path)


def paper_of_handoff(office_id: int, handoff_id: int) -> PaperView | None:
    """Return how far the slip of a handoff is."""
    path = url_for("counter.slip_paper", office_id=office_id, handoff_id=handoff_id)
    return _view(office_id, find_last_job(reader(), office_id, JobKind.HANDOFF, handoff_id), path)


def paper_of_trial(office_id: int, printer_id: int) -> PaperView | None:
    """Return how far the last trial of a printer is."""
    path = url_for("printing.trial_paper", office_id=office_id, device_id=printer_id)
    return _view(office_id, find_last_job(reader(), office_id, JobKind.TRIAL, printer_id), path)


def why_none(job: Job, state: JobState) -> str:
    """Return why nothing came out, and what to do about it."""
    if job.fault is not None:
        return said_of(job.fault)
    if state is JobState.FAILED:
        return gettext("The program that prints was stopped in the middle.")
    if job.started_at is not None:
        return gettext("There was nothing to print any more: it is over, or holds no more.")
    return gettext("It was not printed in time: the printer was busy, or the program that prints does not run.")


def _view(office_id: int, job: Job | None, path: str) -> PaperView | None:
    if job is None:
        return None
    stands = job.stands(desk().streams.clock())
    if stands in _PENDING:
        return PaperView("printing", path)
    printer = find_printer(reader(), office_id, job.printer_id)
    if stands is JobState.PRINTED:
        return PaperView("printed" if printer is not None and printer.answers else "sent", path)
    said = why_none(job, stands)
    return PaperView("none", path, said if printer is None else f"{printer.name}: {said}")


def _outcome(job: Job) -> Outcome:
    stands = job.stands(desk().streams.clock())
    paper, word = gettext(PAPERS[job.kind]), gettext(JOBS[stands])
    if stands in (JobState.FAILED, JobState.EXPIRED):
        return Outcome(paper, job.asked_at, word, "bad", why_none(job, stands))
    return Outcome(paper, job.asked_at, word, "good" if stands is JobState.PRINTED else "waiting", "")


def _wrong_with(state: PrinterState | None) -> tuple[str, str]:
    if state in (None, PrinterState.READY):
        return "", ""
    return word_of(state), remedy_of(state)
