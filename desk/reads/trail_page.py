"""Reading what the page of the trail shows: head, clock epochs, verifications."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from desk.models import ClockEpoch, Person, Stream, TrailCheck
from desk.reads.reader import Reader

SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class StreamHead:
    """Where the office's trail ends, and which key signs what comes next."""

    number: int
    mac: str
    at: datetime
    epoch: int
    key_id: str | None


@dataclass(frozen=True, slots=True)
class Epoch:
    """A clock epoch that somebody opened; `seconds` is how far the clock had been ahead."""

    epoch: int
    began_at: datetime
    previous_ended_at: datetime

    @property
    def seconds(self) -> float:
        """How far the clock had been ahead."""
        return (self.previous_ended_at - self.began_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Check:
    """One verification; `asked_by` None for one on the command line."""

    asked_at: datetime
    asked_by: str | None
    number: int
    ended_at: datetime | None
    fault: str | None
    fault_number: int | None


def get_head(reader: Reader, office_id: int) -> StreamHead:
    """Return the head of the office's stream."""
    query = select(Stream.number, Stream.mac, Stream.at, Stream.epoch, Stream.key_id)
    return StreamHead(*reader.execute(query.where(Stream.office_id == office_id)).one())


def list_epochs(reader: Reader, office_id: int) -> list[Epoch]:
    """Return the clock epochs that were opened, the newest first."""
    query = select(ClockEpoch.epoch, ClockEpoch.began_at, ClockEpoch.previous_ended_at)
    rows = reader.execute(query.where(ClockEpoch.office_id == office_id).order_by(ClockEpoch.epoch.desc()))
    return [Epoch(*row) for row in rows.tuples()]


def list_checks(reader: Reader, office_id: int) -> list[Check]:
    """Return the newest verifications, the newest first."""
    query = (
        select(
            TrailCheck.asked_at,
            Person.name,
            TrailCheck.number,
            TrailCheck.ended_at,
            TrailCheck.fault,
            TrailCheck.fault_number,
        )
        .outerjoin(Person, Person.id == TrailCheck.asked_by)
        .where(TrailCheck.office_id == office_id)
        .order_by(TrailCheck.asked_at.desc())
        .limit(SHOWN)
    )
    return [Check(*row) for row in reader.execute(query).tuples()]
