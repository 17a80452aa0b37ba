"""Playing the last four hours in the demo office, through the operations that real people use.

The same seed plays the same day. Event times never go back, so it is played only where nobody has been yet.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import Engine, func, select

from desk.demo.agenda import Agenda
from desk.demo.back_office import BackOffice
from desk.demo.casework import Casework
from desk.demo.endings import Endings
from desk.demo.follow_ups import FollowUps
from desk.demo.loading import held
from desk.demo.officers import Officer, Shift
from desk.demo.offices import demo_codes
from desk.demo.stage import Disturbed, Stage, set_stage
from desk.demo.supervision import Supervision
from desk.demo.visitors import Visitors
from desk.demo.voices import Voices
from desk.domain.reasons import BreakReason
from desk.models import Stream, Visit
from desk.operations.requests import Keys, Request
from desk.operations.staffing import confirm_clock
from desk.operations.stream import Streams

LENGTH: Final = timedelta(hours=4)
SHIFTS: Final = {
    "sari": (1, Shift(0.5, breaks=((62, 12, BreakReason.REST), (168, 15, BreakReason.PRAYER)), keeps=1)),
    "dewi": (2, Shift(0.8, breaks=((95, 14, BreakReason.PRAYER),), keeps=1)),
    "rina": (3, Shift(1.6, breaks=((118, 25, BreakReason.MEAL),), keeps=1)),
    "tono": (4, Shift(3.0, breaks=((146, 25, BreakReason.MEAL), (231, 20, BreakReason.REST)), keeps=2)),
    "putri": (5, Shift(1.2, breaks=((104, 12, BreakReason.PRAYER),))),
    "budi": (6, Shift(58.0, ends=196.0, keeps=2)),
}
BACK_OFFICE: Final = ("joko", 7)
# A moment before the end: whoever has stood longest at a counter is finished, and the next one called.
LAST_CALL: Final = timedelta(seconds=40)


class NotPlayable(Exception):
    """The day cannot be played here; the message says why."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a played day left behind."""

    office_id: int
    visits: int
    events: int
    disturbed_at: datetime | None = None


def play(engine: Engine, keys: Keys, folder: Path, *, now: datetime, seed: int = 1) -> Played:
    """Play the four hours before `now`; raise `NotPlayable` without a demo office, or where somebody has been.

    The worker of this data folder leaves the offers of the played hours alone meanwhile. Where somebody else works in
    the office at the same time the rest of the day is left out.
    """
    agenda = Agenda(now - LENGTH)
    streams = Streams(engine, keys, clock=agenda)
    with held(folder):
        try:
            stage = set_stage(streams, demo_codes()[0], agenda, Random(seed), ends=now)  # noqa: S311  a play
        except LookupError as error:
            raise NotPlayable(f"There is no demo office ({error}).") from error
        if _visits(stage):
            raise NotPlayable("Somebody has been in the demo office already; the day is played only where nobody has.")
        _turn_back(stage)
        before = _number(stage)
        disturbed_at = _run(stage, now)
    return Played(stage.office_id, _visits(stage), _number(stage) - before, disturbed_at)


def _run(stage: Stage, until: datetime) -> datetime | None:
    visitors = Visitors(stage)
    endings = Endings(stage, visitors)
    officers = [Officer(stage, username, counter, shift, endings) for username, (counter, shift) in SHIFTS.items()]
    endings.back_office = BackOffice(stage, *BACK_OFFICE, visitors)
    Casework(stage)
    Supervision(stage)
    Voices(stage)
    FollowUps(stage, visitors)
    visitors.are_expected()
    stage.agenda.at(until - LAST_CALL, partial(_last_call, stage, officers))
    try:
        stage.agenda.run(until)
    except Disturbed as disturbed:
        return disturbed.at
    return None


def _last_call(stage: Stage, officers: list[Officer]) -> None:
    """See to it that at the end somebody is called and has not come yet."""
    if any(officer.still_called for officer in officers):
        return
    busy = [officer for officer in officers if officer.present and officer.serves is not None]
    for officer in busy[:1]:
        if stage.matter(officer.serves or 0).state == "serving":
            officer.endings.finish(officer, stage.matter(officer.serves or 0))
            officer.serves = None
            stage.agenda.after(5, officer.look)


def _turn_back(stage: Stage) -> None:
    """Where something was set up within these hours, let the supervisor confirm a clock that stands before it."""
    query = select(Stream.at).where(Stream.office_id == stage.office_id)
    with stage.streams.reading() as connection:
        latest = connection.execute(query).scalar_one()
    if latest > stage.agenda.now:
        confirm_clock(stage.streams, stage.office_id, Request(stage.staff("budi"), "confirm_clock"))


def _visits(stage: Stage) -> int:
    with stage.streams.reading() as connection:
        query = select(func.count()).select_from(Visit).where(Visit.office_id == stage.office_id)
        return connection.execute(query).scalar_one()


def _number(stage: Stage) -> int:
    with stage.streams.reading() as connection:
        return connection.execute(select(Stream.number).where(Stream.office_id == stage.office_id)).scalar_one()
