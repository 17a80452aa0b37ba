"""Verifying an office's trail in bites beside the work, and writing down how a verification ended.

Outside the chain and without the office's lock, like the access log. A bite reads some events from where the last one
ended; any number of workers may take bites, the first to write its result down wins.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from desk.domain.access import Actor, acting_person
from desk.domain.audit import FIRST_LINK, Chain, Fault, Head, Reached
from desk.domain.refusals import Reason, Refused
from desk.models import TrailCheck
from desk.operations.stream import Streams
from desk.reads.trail import Trail, follow, head_fault, list_heads, read_rows, snapshot

CHECKS: Any = TrailCheck.__table__
BITE: Final = 20_000  # events: a fraction of a second


def ask_for(streams: Streams, office_id: int, actor: Actor) -> None:
    """Ask the worker to verify the whole trail; refuse `ALREADY_DONE` while one verification runs."""
    row = {"office_id": office_id, "asked_at": streams.clock(), "asked_by": acting_person(actor)}
    try:
        with streams.engine.begin() as connection:
            connection.execute(insert(TrailCheck), {**row, "number": 0, "mac": FIRST_LINK})
    except IntegrityError as error:
        raise Refused(Reason.ALREADY_DONE) from error


def write_down(streams: Streams, trail: Trail, *, asked_at: datetime) -> None:
    """Write down how a whole verification ended that somebody made on the command line."""
    fault = trail.fault
    row = {
        "office_id": trail.office_id,
        "asked_at": asked_at,
        "number": trail.events,
        "mac": trail.mac,
        "ended_at": streams.clock(),
        "fault": None if fault is None else fault.kind,
        "fault_number": None if fault is None else fault.number,
    }
    with streams.engine.begin() as connection:
        connection.execute(insert(TrailCheck), row)


def take_bite(streams: Streams, heads: Callable[[], Sequence[Head]], *, size: int = BITE) -> bool:
    """Verify some more of what was asked for; returns whether something was.

    `heads` are those of the checkpoints kept outside. It ends with the first fault, or at the office's head.
    """
    with streams.reading() as reading:
        connection = snapshot(reading)
        query = select(CHECKS).where(CHECKS.c.ended_at.is_(None)).order_by(CHECKS.c.asked_at).limit(1)
        check = connection.execute(query).one_or_none()
        if check is None:
            return False
        expected = [head for head in heads() if head.office_id == check.office_id]
        chain = Chain(
            check.office_id,
            streams.keys.known,
            reached=Reached(check.number, check.mac, check.key_id),
            expected=expected,
        )
        rows = read_rows(connection, check.office_id, after=check.number, last=check.number + size)
        fault = follow(chain, rows)
        ended = fault is not None or chain.reached.number < check.number + size
        if ended and fault is None:
            head = next((each for each in list_heads(connection) if each.office_id == check.office_id), None)
            fault = chain.finish() or head_fault(chain, head)
    _put(streams, check, chain.reached, fault, ended=ended)
    return True


def _put(streams: Streams, check: Any, reached: Reached, fault: Fault | None, *, ended: bool) -> None:
    values = {
        "number": reached.number,
        "mac": reached.mac,
        "key_id": reached.key_id,
        "ended_at": streams.clock() if ended else None,
        "fault": None if fault is None else fault.kind,
        "fault_number": None if fault is None else fault.number,
    }
    untouched = (
        (CHECKS.c.office_id == check.office_id)
        & (CHECKS.c.asked_at == check.asked_at)
        & (CHECKS.c.number == check.number)
        & CHECKS.c.ended_at.is_(None)
    )
    with streams.engine.begin() as connection:
        connection.execute(update(CHECKS).where(untouched).values(**values))
