"""Keeping the tallies of answers, in the unit that records the answer: exact, and read in the blink of an eye."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update

from desk.domain.clock import micros
from desk.domain.handlers import WHOLE, Held, shares
from desk.domain.lifecycle import State
from desk.domain.tallies import Origin, Tally
from desk.models import CustodySegment, ResponseHandler, SurveyTally
from desk.operations.stream import Unit

TALLIES: Any = SurveyTally.__table__
HANDLERS: Any = ResponseHandler.__table__
SEGMENTS: Any = CustodySegment.__table__


@dataclass(frozen=True, slots=True)
class Cell:
    """Where an answer counts: on which day, about which service (0: not told), by which measure, in which class."""

    day: date
    service_id: int
    measure: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Said:
    """What is counted of an answer."""

    answers: Mapping[str, int | str]
    satisfaction: int | None
    profile: Mapping[str, str]


def count(unit: Unit, cell: Cell, said: Said, *, handlers: Mapping[int, int] | None = None, times: int = 1) -> None:
    """Add an answer to the tallies (`times` of -1 takes it out), for all together and for each handler by share."""
    _count(unit, cell, 0, said, WHOLE, times)
    for holder_id, share in (handlers or {}).items():
        _count(unit, cell, holder_id, Said({}, said.satisfaction, {}), share, times)


def _count(unit: Unit, cell: Cell, holder_id: int, said: Said, weight: int, times: int) -> None:
    mine = _of(unit.office_id, holder_id, cell)
    row = unit.connection.execute(select(TALLIES).where(*mine)).one_or_none()
    tally = Tally() if row is None else tally_of(row)
    tally.add(said.answers, said.satisfaction, said.profile, weight=weight, times=times)
    if tally.is_empty:
        unit.connection.execute(delete(TALLIES).where(*mine))
    elif row is None:
        key = {"office_id": unit.office_id, "holder_id": holder_id, **asdict(cell)}
        unit.connection.execute(insert(TALLIES), {**key, "origin": cell.origin.value, **asdict(tally)})
    else:
        unit.connection.execute(update(TALLIES).where(*mine).values(**asdict(tally)))


def _of(office_id: int, holder_id: int, cell: Cell) -> tuple[ColumnElement[bool], ...]:
    return (
        TALLIES.c.office_id == office_id,
        TALLIES.c.holder_id == holder_id,
        TALLIES.c.day == cell.day,
        TALLIES.c.service_id == cell.service_id,
        TALLIES.c.measure == cell.measure,
        TALLIES.c.origin == cell.origin.value,
    )


def tally_of(row: Any) -> Tally:
    """Return a stored tally."""
    return Tally(
        row.answers,
        row.rated,
        row.weight,
        row.weight_square,
        row.total,
        row.square,
        dict(row.counts),
        dict(row.profile),
    )


def freeze_handlers(unit: Unit, response_id: int, transaction_id: int) -> dict[int, int]:
    """Write down who handled a transaction, with their shares as they are now, and return them."""
    found = shares_of(unit, transaction_id)
    if found:
        key = {"office_id": unit.office_id, "response_id": response_id}
        rows = [{**key, "holder_id": holder, "share": share} for holder, share in found.items()]
        unit.connection.execute(insert(HANDLERS), rows)
    return found


def shares_of(unit: Unit, transaction_id: int) -> dict[int, int]:
    """Return the share of each handler of a transaction."""
    query = select(SEGMENTS.c.holder_id, SEGMENTS.c.state, SEGMENTS.c.started_at, SEGMENTS.c.ended_at)
    query = query.where(SEGMENTS.c.office_id == unit.office_id, SEGMENTS.c.transaction_id == transaction_id)
    rows = unit.connection.execute(query).all()
    # Open only where it was opened again since: what is under way now was not what is judged.
    return shares(
        Held(row.holder_id, State(row.state), micros(row.ended_at) - micros(row.started_at))
        for row in rows
        if row.ended_at is not None
    )


def frozen_handlers(unit: Unit, response_id: int) -> dict[int, int]:
    """Return the shares that were written down with an answer."""
    query = select(HANDLERS.c.holder_id, HANDLERS.c.share)
    query = query.where(HANDLERS.c.office_id == unit.office_id, HANDLERS.c.response_id == response_id)
    return dict(unit.connection.execute(query).tuples().all())
