"""Printers of the house with how each is, which prints for whom, and how far a piece of paper is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, select, text

from desk.domain.devices import PRINTER_PORTS, DeviceKind
from desk.domain.printing import LOOK_HOLDS, Job, JobKind, JobState, PrinterState, PrinterUse, place_of, use_of
from desk.models import Device, Duty, Office, PrinterStanding, PrintJob
from desk.models.printing import UNSETTLED
from desk.reads.reader import Reader

DEVICES: Any = Device.__table__
STANDINGS: Any = PrinterStanding.__table__
JOBS: Any = PrintJob.__table__
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer in use; `state` is what was found at `looked_at`, None where nobody has looked."""

    office_id: int
    id: int
    name: str
    host: str
    port: int
    use: PrinterUse
    counters: frozenset[int]
    state: PrinterState | None
    looked_at: datetime | None
    since: datetime | None
    printed_at: datetime | None
    answers: bool
    confirms: bool

    @property
    def place(self) -> str:
        """What jobs at one printer have in common."""
        return place_of(self.host, self.port)

    def state_now(self, at: datetime) -> PrinterState | None:
        """Return how it is; None where that is not known any more."""
        is_news = self.looked_at is not None and at - self.looked_at <= LOOK_HOLDS
        return self.state if is_news else None

    def is_in_trouble(self, at: datetime) -> bool:
        """Tell whether nothing comes out of it, or soon will not."""
        return self.state_now(at) not in (None, PrinterState.READY)


def list_printers(reader: Reader, office_id: int | None = None) -> list[Printer]:
    """Return the printers in use of an office, or of all, the oldest first."""
    query = _printers().order_by(DEVICES.c.office_id, DEVICES.c.id)
    if office_id is not None:
        query = query.where(DEVICES.c.office_id == office_id)
    return [_printer(row) for row in reader.execute(query)]


def find_printer(reader: Reader, office_id: int, printer_id: int) -> Printer | None:
    """Return a printer in use; None where there is none such."""
    query = _printers().where(DEVICES.c.office_id == office_id, DEVICES.c.id == printer_id)
    row = reader.execute(query).one_or_none()
    return None if row is None else _printer(row)


def printer_of_kiosk(printers: Iterable[Printer], kiosk_id: int) -> Printer | None:
    """Return the printer of a paired kiosk."""
    return next((each for each in printers if kiosk_id in each.use.kiosks), None)


def printer_of_desk(printers: Sequence[Printer], counter_id: int | None) -> Printer | None:
    """Return the printer of a counter, else that of the reception."""
    own = next((each for each in printers if counter_id is not None and counter_id in each.counters), None)
    return own or next((each for each in printers if each.use.reception), None)


def find_counter_of(reader: Reader, office_id: int, person_id: int) -> int | None:
    """Return the counter at which somebody is on duty."""
    on_duty = (Duty.office_id == office_id, Duty.officer_id == person_id, Duty.ended_at.is_(None))
    found: int | None = reader.execute(select(Duty.counter_id).where(*on_duty)).scalar_one_or_none()
    return found


def find_last_job(reader: Reader, office_id: int, kind: JobKind, subject_id: int) -> Job | None:
    """Return how far the newest paper about something is; None where none was asked for lately."""
    query = select(JOBS).where(JOBS.c.office_id == office_id, JOBS.c.subject_id == subject_id)
    row = reader.execute(query.where(JOBS.c.kind == kind.value).order_by(JOBS.c.asked_at.desc()).limit(1)).one_or_none()
    return None if row is None else job_of(row)


def list_unsettled(reader: Reader) -> list[Job]:
    """Return the jobs of all offices that have not ended, the oldest first."""
    return [job_of(row) for row in reader.execute(select(JOBS).where(text(UNSETTLED)).order_by(JOBS.c.asked_at))]


def job_of(row: Any) -> Job:
    """Return a job from its row."""
    return Job(
        row.office_id, row.key, row.printer_id, row.place, JobKind(row.kind), row.subject_id, row.language,
        JobState(row.state), row.asked_at, row.expires_at, row.started_at,
        None if row.fault is None else PrinterState(row.fault),
    )  # fmt: skip


def list_last_jobs(reader: Reader, office_id: int, printer_id: int, *, most: int) -> list[Job]:
    """Return the newest papers of a printer."""
    mine = (JOBS.c.office_id == office_id, JOBS.c.printer_id == printer_id)
    query = select(JOBS).where(*mine).order_by(JOBS.c.asked_at.desc(), JOBS.c.key)
    return [job_of(row) for row in reader.execute(query.limit(most))]


def list_missed(reader: Reader, office_id: int, *, at: datetime) -> dict[int, list[Job]]:
    """Return by printer the papers of the last day that did not come out, the newest first, and whose time is over."""
    lately = (JOBS.c.office_id == office_id, JOBS.c.asked_at > at - DAY, JOBS.c.state != JobState.PRINTED.value)
    missed: dict[int, list[Job]] = {}
    for row in reader.execute(select(JOBS).where(*lately).order_by(JOBS.c.asked_at.desc(), JOBS.c.key)):
        job = job_of(row)
        if job.stands(at) in (JobState.FAILED, JobState.EXPIRED):
            missed.setdefault(job.printer_id, []).append(job)
    return missed


@dataclass(frozen=True, slots=True)
class PrinterFigures:
    """A printer as machines ask after it: `failed` of its jobs of the last day brought no paper."""

    office: str
    printer: Printer
    failed: int


def list_printer_figures(reader: Reader, *, at: datetime) -> list[PrinterFigures]:
    """Return every printer in use with the code of its office, of those offices that are in use."""
    printers = list_printers(reader)
    if not printers:
        return []
    in_use = select(Office.id, Office.code).where(Office.retired_at.is_(None))
    codes = {row.id: row.code for row in reader.execute(in_use)}
    lately = (JOBS.c.asked_at > at - DAY, JOBS.c.state.in_((JobState.FAILED.value, JobState.EXPIRED.value)))
    query = select(JOBS.c.office_id, JOBS.c.printer_id, func.count().label("jobs")).where(*lately)
    rows = reader.execute(query.group_by(JOBS.c.office_id, JOBS.c.printer_id))
    failed = {(row.office_id, row.printer_id): row.jobs for row in rows}
    return [
        PrinterFigures(codes[each.office_id], each, failed.get((each.office_id, each.id), 0))
        for each in printers
        if each.office_id in codes
    ]


def _printers() -> Select[Any]:
    mine = (STANDINGS.c.office_id == DEVICES.c.office_id) & (STANDINGS.c.printer_id == DEVICES.c.id)
    said = ("state", "looked_at", "since", "printed_at", "answers", "confirms")
    return (
        select(DEVICES.c.office_id, DEVICES.c.id, DEVICES.c.name, DEVICES.c.settings, *(STANDINGS.c[x] for x in said))
        .outerjoin(STANDINGS, mine)
        .where(DEVICES.c.kind == DeviceKind.PRINTER.value, DEVICES.c.revoked_at.is_(None))
    )


def _printer(row: Any) -> Printer:
    said = row.settings
    counters = frozenset(each for each in said.get("counters", ()) if isinstance(each, int))
    return Printer(
        row.office_id, row.id, row.name, str(said.get("host", "")), said.get("port", PRINTER_PORTS.start), use_of(said),
        counters, None if row.state is None else PrinterState(row.state), row.looked_at, row.since, row.printed_at,
        bool(row.answers), bool(row.confirms),
    )  # fmt: skip
