"""Up to which event the report days of an office are made."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from desk.models import Office, ReportHead, Stream
from desk.reads.reader import Reader
from desk.reports.days import Days
from desk.reports.kinds import FORMAT

Rules = tuple[int, str, int]  # format, zone, start of the day


@dataclass(frozen=True, slots=True)
class Head:
    """What the report days of an office hold: everything up to event `number`, of which `newest` is the last."""

    office_id: int
    number: int
    newest: int
    rules: Rules
    on_duty: dict[str, list[Any]]
    stored: tuple[int, Rules] | None  # as it stands in the table, of whatever rules

    @property
    def behind(self) -> int:
        """How many events came since."""
        return self.newest - self.number

    def days(self) -> Days:
        """Return how this office counts days."""
        return Days(*self.rules[1:])


def get_head(reader: Reader, office_id: int) -> Head:
    """Return how far an office's days are made: not at all where their format, zone or start of the day is another."""
    office = reader.execute(
        select(Office.zone, Office.day_starts_at, Stream.number)
        .join(Stream, Stream.office_id == Office.id)
        .where(Office.id == office_id)
    ).one()
    row: Any = reader.execute(select(ReportHead.__table__).where(ReportHead.office_id == office_id)).one_or_none()
    rules = (FORMAT, office.zone, office.day_starts_at)
    stored = stored_of(row)
    if stored is None or stored[1] != rules:
        return Head(office_id, 0, office.number, rules, on_duty={}, stored=stored)
    return Head(office_id, row.number, office.number, rules, on_duty=json.loads(row.on_duty), stored=stored)


def stored_of(row: Any) -> tuple[int, Rules] | None:
    """Return what a row of the table says, None for none."""
    return None if row is None else (row.number, (row.format, row.zone, row.day_starts_at))


def list_behind(reader: Reader) -> list[int]:
    """Return the offices whose days lack events or were made by other rules."""
    made = ReportHead
    query = (
        select(Office.id)
        .join(Stream, Stream.office_id == Office.id)
        .outerjoin(made, made.office_id == Office.id)
        .where(
            or_(
                Stream.number > func.coalesce(made.number, 0),
                made.format != FORMAT,
                made.zone != Office.zone,
                made.day_starts_at != Office.day_starts_at,
            )
        )
    )
    return list(reader.execute(query.order_by(Office.id)).scalars())
