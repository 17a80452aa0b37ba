"""The printing worker: jobs are printed as soon as they are asked for, each printer by a thread of its own.

A printer that is dead or slow holds up nobody but itself. Any number of workers may run; log lines name jobs by their
keys, and neither tokens nor what was printed is ever in them.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from desk.delivery.message import Links
from desk.delivery.print_queue import PrintQueue
from desk.delivery.printed_page import Desk
from desk.delivery.printers import Address, Found, look, print_on
from desk.delivery.ticket import compose
from desk.domain.printing import PRINTING_LASTS, Job, JobState, PrinterState
from desk.domain.refusals import Refused
from desk.logs import working_on
from desk.models.engine import open_engine
from desk.reads.printing import Printer, find_printer, list_printers
from desk.secret_names import LINKS
from desk.settings import Settings

LOG: Final = logging.getLogger(__name__)
# Seconds until the next look for jobs: where there are printers, where there are none, where the database is away.
SOON, SELDOM, DATABASE_AWAY = 0.25, 5.0, 5.0
# Seconds between two looks at which printers there are, and between two times at which old records are dropped.
PRINTERS_EVERY, FORGET_EVERY = 5.0, 3_600.0
# Another program may hold the printer's only connection: so long it is tried again, unless it was away before.
TRIED_SECONDS, TRY_AGAIN_SECONDS = 4.0, 0.5
END_SECONDS: Final = 1.0
# What came out has come out: how it ended is written again after so many seconds where the database is busy.
WRITE_AGAIN_SECONDS: Final = (0.25, 1.0, 2.0)

Clock = Callable[[], datetime]


@dataclass
class Printing:
    """What prints the jobs of one database."""

    queue: PrintQueue
    links: Links
    clock: Clock = lambda: datetime.now(UTC)
    stop: threading.Event = field(default_factory=threading.Event)
    _busy: dict[str, threading.Thread] = field(default_factory=dict)
    _printers_at: float = -PRINTERS_EVERY
    _forgotten_at: float = -FORGET_EVERY
    _has_printers: bool = True

    def round(self) -> float:
        """Begin everything that is due, and return the seconds to wait before the next round."""
        self._busy = {place: thread for place, thread in self._busy.items() if thread.is_alive()}
        if time.monotonic() - self._printers_at >= PRINTERS_EVERY:
            self._printers_at = time.monotonic()
            self._look_round()
        if self._has_printers:
            for job in self.queue.waiting(self.clock()):
                self._begin(job.place, self._print_all, job.place)
        if time.monotonic() - self._forgotten_at >= FORGET_EVERY:
            self._forgotten_at = time.monotonic()
            self.queue.forget(self.clock())
        return SOON if self._has_printers else SELDOM

    def join(self, seconds: float | None = None) -> None:
        """Wait until what was begun has ended."""
        for thread in [*self._busy.values()]:
            thread.join(seconds)

    def _look_round(self) -> None:
        at = self.clock()
        for printer in self.queue.claim_looks(at):
            self._begin(printer.place, self._look_at, printer)
        with self.queue.engine.connect() as connection:
            self._has_printers = bool(list_printers(connection))

    def _begin(self, place: str, work: Callable[..., None], about: object) -> None:
        if place in self._busy:
            return
        thread = threading.Thread(target=self._guarded, args=(work, about), name=f"printer {place}", daemon=True)
        self._busy[place] = thread
        thread.start()

    def _guarded(self, work: Callable[..., None], about: object) -> None:
        try:
            work(about)
        except SQLAlchemyError as error:
            LOG.error("the database: %s", type(getattr(error, "orig", None) or error).__name__)

    def _look_at(self, printer: Printer) -> None:
        try:
            found = look(_address(printer))
        except Refused:
            return  # stored in another way than ours; nobody goes there
        self._note(printer, found)

    def _print_all(self, place: str) -> None:
        """Print what waits for one place, one after the other."""
        while not self.stop.is_set():
            waiting = [job for job in self.queue.waiting(self.clock()) if job.place == place]
            if not waiting or not self.queue.claim(waiting[0], self.clock()):
                return
            with working_on(office=waiting[0].office_id):
                self._print(waiting[0])

    def _print(self, job: Job) -> None:
        state, fault = JobState.FAILED, PrinterState.FAULT
        try:
            with self.queue.engine.connect() as connection:
                printer = find_printer(connection, job.office_id, job.printer_id)
                made = None
                if printer is not None:
                    made = compose(connection, job, printer.use, Desk(self.links, self.clock()))
            if printer is None or made is None:
                state = JobState.EXPIRED
                return
            found = self._send(printer, made)
            state, fault = JobState.PRINTED if found.printed else JobState.FAILED, found.state
            self._note(printer, found)
        except Exception as error:  # noqa: BLE001 - one slip that cannot be made must not hold up the others
            LOG.error("print job %s: %s", job.key, type(error).__name__)
        finally:
            self._end(job, state, fault if state is JobState.FAILED else None)
            LOG.log(logging.INFO if state is JobState.PRINTED else logging.WARNING, "print job %s: %s", job.key, state)

    def _end(self, job: Job, state: JobState, fault: PrinterState | None) -> None:
        for pause in WRITE_AGAIN_SECONDS:
            try:
                self.queue.end(job, state, fault, self.clock())
            except SQLAlchemyError as error:
                LOG.warning("print job %s: the database: %s", job.key, type(error).__name__)
                self.stop.wait(pause)
            else:
                return
        self.queue.end(job, state, fault, self.clock())

    def _send(self, printer: Printer, made: bytes) -> Found:
        """Send a slip; one that nobody has taken yet is tried again for some seconds."""
        until = time.monotonic() + PRINTING_LASTS.total_seconds()
        patient = time.monotonic() + TRIED_SECONDS
        if printer.state is PrinterState.UNREACHABLE:
            patient = time.monotonic()
        while True:
            found = print_on(_address(printer), made, seconds=until - time.monotonic())
            is_over = found.touched or found.state is not PrinterState.UNREACHABLE or time.monotonic() >= patient
            if is_over or self.stop.wait(TRY_AGAIN_SECONDS):
                return found

    def _note(self, printer: Printer, found: Found) -> None:
        if found.state is not printer.state:
            level = logging.INFO if found.state.prints else logging.WARNING
            LOG.log(level, "printer %d of office %d: %s", printer.id, printer.office_id, found.state)
        self.queue.note(printer, found, self.clock())


def run(settings: Settings, *, stop: threading.Event | None = None) -> None:
    """Print until `stop` is set."""
    stop = stop or threading.Event()
    engine = open_engine(settings.database)
    links = Links(settings.secret(LINKS), settings.public_url, settings.base_url.rstrip("/"))
    printing = Printing(PrintQueue(engine), links, stop=stop)
    try:
        while not stop.is_set():
            stop.wait(_round(printing))
        printing.join(END_SECONDS)
    finally:
        engine.dispose()


def _round(printing: Printing) -> float:
    try:
        return printing.round()
    except SQLAlchemyError as error:
        LOG.error("the database: %s", type(getattr(error, "orig", None) or error).__name__)
        return DATABASE_AWAY


def _address(printer: Printer) -> Address:
    return Address(printer.host, printer.port, answers=printer.answers, confirms=printer.confirms)
