"""Keeping the tallies of answers, in the unit that records the answer: exact, and read in the blink of an eye."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, insert, select, update

from desk.domain.clock import micros
from desk.domain.handlers import WHOLE, Held, Leg, legs, shares
from desk.domain.lifecycle import State
from desk.domain.tallies import Origin, Tally
from desk.models import CustodySegment, LegTally, ResponseHandler, ResponseLeg, SurveyTally
from desk.operations.stream import Unit

TALLIES: Any = SurveyTally.__table__
HANDLERS: Any = ResponseHandler.__table__
SEGMENTS: Any = CustodySegment.__table__
LEGS: Any = ResponseLeg.__table__
LEG_TALLIES: Any = LegTally.__table__
SUMS: Final = ("answers", "rated", "weight", "weight_square", "total", "square")


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


@dataclass(frozen=True, slots=True)
class Chain:
    """Who handled a transaction: each handler's share in ten-thousandths, and the legs in their order."""

    handlers: Mapping[int, int] = field(default_factory=dict)
    legs: Sequence[Leg] = ()


def count(unit: Unit, cell: Cell, said: Said, *, chain: Chain | None = None, times: int = 1) -> None:
    """Add an answer to the tally of all and, by share, of each handler and leg; `times` of -1 takes it out."""
    _count(unit, cell, 0, said, WHOLE, times)
    if chain is None:
        return
    for holder_id, share in chain.handlers.items():
        _count(unit, cell, holder_id, Said({}, said.satisfaction, {}), share, times)
    for number, leg in enumerate(chain.legs, 1):
        _count_leg(unit, cell, number, leg, said.satisfaction, times)


def _count_leg(unit: Unit, cell: Cell, number: int, leg: Leg, satisfaction: int | None, times: int) -> None:
    key = {
        "office_id": unit.office_id,
        "day": cell.day,
        "leg": number,
        "service_id": leg.service_id,
        "measure": cell.measure,
        "origin": cell.origin.value,
    }
    mine = [LEG_TALLIES.c[name] == value for name, value in key.items()]
    row = unit.connection.execute(select(*(LEG_TALLIES.c[name] for name in SUMS)).where(*mine)).one_or_none()
    tally = Tally() if row is None else Tally(*row)
    tally.add({}, satisfaction, {}, weight=leg.share, times=times)
    sums = {name: getattr(tally, name) for name in SUMS}
    if tally.is_empty:
        unit.connection.execute(delete(LEG_TALLIES).where(*mine))
    elif row is None:
        unit.connection.execute(insert(LEG_TALLIES), key | sums)
    else:
        unit.connection.execute(update(LEG_TALLIES).where(*mine).values(**sums))


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


def uncount_profiles(unit: Unit, cell: Cell, profile: Mapping[str, Mapping[str, int]]) -> None:
    """Take profiles out of the tally of a cell whose answers are still to be taken out."""
    mine = _of(unit.office_id, 0, cell)
    row = unit.connection.execute(select(TALLIES).where(*mine)).one()
    tally = tally_of(row)
    tally.take_profiles_out(profile)
    unit.connection.execute(update(TALLIES).where(*mine).values(profile=tally.profile))


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


def freeze_chain(unit: Unit, response_id: int, transaction_id: int) -> Chain:
    """Write down who handled a transaction, with their shares and legs as they are now, and return them."""
    found = _chain_of(unit, transaction_id)
    key = {"office_id": unit.office_id, "response_id": response_id}
    handlers = [{**key, "holder_id": holder, "share": share} for holder, share in found.handlers.items()]
    numbered = [{**key, "leg": number, **asdict(leg)} for number, leg in enumerate(found.legs, 1)]
    for table, rows in ((HANDLERS, handlers), (LEGS, numbered)):
        if rows:
            unit.connection.execute(insert(table), rows)
    return found


def _chain_of(unit: Unit, transaction_id: int) -> Chain:
    names = ("holder_id", "state", "started_at", "ended_at", "service_id")
    query = select(*(SEGMENTS.c[name] for name in names)).order_by(SEGMENTS.c.ordinal)
    query = query.where(SEGMENTS.c.office_id == unit.office_id, SEGMENTS.c.transaction_id == transaction_id)
    # Open only where it was opened again since: what is under way now was not what is judged.
    held = [
        Held(row.holder_id, State(row.state), micros(row.ended_at) - micros(row.started_at), row.service_id)
        for row in unit.connection.execute(query)
        if row.ended_at is not None
    ]
    return Chain(shares(held), legs(held))


def frozen_chain(unit: Unit, response_id: int) -> Chain:
    """Return who handled a transaction as it was written down with an answer; older answers have no legs."""
    mine = [(table.c.office_id == unit.office_id) & (table.c.response_id == response_id) for table in (HANDLERS, LEGS)]
    handlers = select(HANDLERS.c.holder_id, HANDLERS.c.share).where(mine[0])
    found = select(LEGS.c.holder_id, LEGS.c.service_id, LEGS.c.share).where(mine[1]).order_by(LEGS.c.leg)
    return Chain(
        dict(unit.connection.execute(handlers).tuples().all()), [Leg(*row) for row in unit.connection.execute(found)]
    )
