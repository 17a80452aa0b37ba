"""Asking for a piece of paper: written down once for its key, after what it tells of stands, and outside its unit.

That a number is issued never depends on it. The worker prints (`desk.delivery.print_worker`).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from desk.domain.printing import JOB_LASTS, JobKind, JobState
from desk.models import PrintJob
from desk.operations.stream import Streams
from desk.reads.printing import Printer

JOBS: Any = PrintJob.__table__


@dataclass(frozen=True, slots=True)
class Paper:
    """What is to be printed; under one key it is printed once."""

    kind: JobKind
    key: str
    language: str
    subject_id: int | None = None


def ticket_of(visit_id: int, *, language: str) -> Paper:
    """Return the ticket of a visit as it comes with its number: once, however often the number is asked for."""
    return Paper(JobKind.TICKET, f"ticket-{visit_id}", language, visit_id)


def ask_for(streams: Streams, printer: Printer, paper: Paper) -> bool:
    """Write down that a printer is to print this soon; tell whether nobody had asked for it yet."""
    at = streams.clock()
    row = {
        "office_id": printer.office_id,
        "key": paper.key,
        "printer_id": printer.id,
        "place": printer.place,
        "kind": paper.kind.value,
        "subject_id": paper.subject_id,
        "language": paper.language,
        "state": JobState.WAITING.value,
        "asked_at": at,
        "expires_at": at + JOB_LASTS,
    }
    try:
        with streams.engine.execution_options(desk_writes=True).begin() as connection:
            connection.execute(insert(JOBS), row)
    except IntegrityError:
        return False
    return True
