"""The jobs of receipt printers as a worker sees them: taking one, saying how it ended, how a printer was found.

Each is a short transaction of its own that ends before any network call and never takes an office's lock. That two
workers never print at one printer at once is kept by an index: one job of a place is being printed, others wait.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from desk.delivery.printers import Found
from desk.domain.printing import JOBS_KEPT, LOOKED_AT_EVERY, Job, JobState, PrinterState
from desk.models import PrinterStanding, PrintJob
from desk.reads.printing import Printer, list_printers, list_unsettled

JOBS: Final[Any] = PrintJob.__table__
STANDINGS: Final[Any] = PrinterStanding.__table__


class PrintQueue:
    """The jobs of one database."""

    def __init__(self, engine: Engine) -> None:
        """Work on this database."""
        self.engine = engine
        self._writing = engine.execution_options(desk_writes=True)

    def waiting(self, at: datetime) -> list[Job]:
        """Return the jobs that wait, the oldest first; those whose time is over, or whose worker is gone, end here."""
        with self.engine.connect() as connection:
            found = list_unsettled(connection)
        for job in found:
            if job.stands(at) is not job.state:
                fault = PrinterState.SILENT if job.state is JobState.PRINTING else None
                self.end(job, job.stands(at), fault, at)
        return [job for job in found if job.state is JobState.WAITING and job.stands(at) is job.state]

    def claim(self, job: Job, at: datetime) -> bool:
        """Take a job for printing; tell whether it was there to be taken, and nothing else is printed at its place."""
        mine = (*_one(job), JOBS.c.state == JobState.WAITING.value, JOBS.c.expires_at > at)
        taken = update(JOBS).where(*mine).values(state=JobState.PRINTING.value, started_at=at)
        try:
            with self._writing.begin() as connection:
                return connection.execute(taken).rowcount == 1
        except IntegrityError:
            return False

    def end(self, job: Job, state: JobState, fault: PrinterState | None, at: datetime) -> None:
        """Write down how a job ended, unless it has ended."""
        unsettled = JOBS.c.state.in_((JobState.WAITING.value, JobState.PRINTING.value))
        said = {"state": state.value, "fault": None if fault is None else fault.value, "ended_at": at}
        with self._writing.begin() as connection:
            connection.execute(update(JOBS).where(*_one(job), unsettled).values(**said))

    def claim_looks(self, at: datetime) -> list[Printer]:
        """Return the printers that are to be looked at now, each for one worker only; none that is printing."""
        with self.engine.connect() as connection:
            printers = list_printers(connection)
            query = select(STANDINGS.c.office_id, STANDINGS.c.printer_id).where(STANDINGS.c.due_at > at)
            later = set(connection.execute(query).tuples())
            busy = {job.place for job in list_unsettled(connection)}  # many printers take one connection only
        due = [each for each in printers if (each.office_id, each.id) not in later and each.place not in busy]
        return [each for each in due if self._take_look(each, at)]

    def note(self, printer: Printer, found: Found, at: datetime) -> None:
        """Write down how a printer was found."""
        mine = _of(printer)
        said: dict[str, Any] = {"state": found.state.value, "looked_at": at, "due_at": at + LOOKED_AT_EVERY}
        said |= {"printed_at": at} if found.printed else {}
        said |= {"answers": True} if found.answered else {}
        said |= {"confirms": True} if found.confirmed else {}
        differs = or_(STANDINGS.c.state.is_(None), STANDINGS.c.state != found.state.value)
        with self._writing.begin() as connection:
            connection.execute(update(STANDINGS).where(*mine, differs).values(since=at))
            if not connection.execute(update(STANDINGS).where(*mine).values(**said)).rowcount:
                connection.execute(insert(STANDINGS), {**_key(printer), "since": at, **said})

    def forget(self, at: datetime) -> int:
        """Drop the records of jobs that are long over; returns how many."""
        with self._writing.begin() as connection:
            return connection.execute(delete(JOBS).where(JOBS.c.asked_at < at - JOBS_KEPT)).rowcount

    def _take_look(self, printer: Printer, at: datetime) -> bool:
        later = at + LOOKED_AT_EVERY
        mine = update(STANDINGS).where(*_of(printer), STANDINGS.c.due_at <= at).values(due_at=later)
        try:
            with self._writing.begin() as connection:
                if connection.execute(mine).rowcount:
                    return True
                connection.execute(insert(STANDINGS), {**_key(printer), "due_at": later})
        except IntegrityError:  # another worker has it
            return False
        return True


def _one(job: Job) -> Iterable[Any]:
    return (JOBS.c.office_id == job.office_id, JOBS.c.key == job.key)


def _key(printer: Printer) -> dict[str, int]:
    return {"office_id": printer.office_id, "printer_id": printer.id}


def _of(printer: Printer) -> tuple[Any, Any]:
    return STANDINGS.c.office_id == printer.office_id, STANDINGS.c.printer_id == printer.id
