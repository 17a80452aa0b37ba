"""Recording who tried to sign in, how, and what came of it: append-only, outside the chain and the office's lock."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, update

from desk.domain.access import ActorKind
from desk.domain.signing_in import RECORDS_KEPT, SOURCES_KEPT, How, Outcome
from desk.models import SignInRecord, StaffSession

RECORDS: Any = SignInRecord.__table__
SESSIONS: Any = StaffSession.__table__


def record(
    engine: Engine,
    *,
    outcome: Outcome,
    how: How,
    person_id: int | None,
    at: datetime,
    source: str = "",
    typed: str | None = None,
) -> None:
    """Append to the records; `source` is a network, `typed` a digest of the user name that was tried."""
    with engine.execution_options(desk_writes=True).begin() as connection:
        write_record(connection, outcome=outcome, how=how, person_id=person_id, at=at, source=source, typed=typed)


def write_record(
    connection: Connection,
    *,
    outcome: Outcome,
    how: How,
    person_id: int | None,
    at: datetime,
    source: str = "",
    typed: str | None = None,
) -> None:
    """Append to the records in a transaction that is under way."""
    row = {"at": at, "person_id": person_id, "outcome": outcome.value, "how": how.value}
    connection.execute(insert(RECORDS), {**row, "source": source or None, "typed": typed})


def record_changed(unit: Any, person_id: int, how: How) -> None:
    """Write down in a unit of work that what lets somebody in was changed; the sessions that end are another record.

    What nobody in particular does is done on the server's command line, whatever it would be in the browser.
    """
    how = How.SERVER if unit.actor.kind is ActorKind.SYSTEM else how
    write_record(unit.connection, outcome=Outcome.CHANGED, how=how, person_id=person_id, at=unit.at)


def end_sessions(unit: Any, *which: Any) -> None:
    """End in a unit of work the live sessions that are meant, and write down whose ended."""
    live = (*which, SESSIONS.c.ended_at.is_(None))
    ended = update(SESSIONS).where(*live).values(ended_at=unit.at).returning(SESSIONS.c.person_id)
    for person_id in sorted(set(unit.connection.execute(ended).scalars())):
        write_record(unit.connection, outcome=Outcome.ENDED, how=How.SESSION, person_id=person_id, at=unit.at)


def forget_old(engine: Engine, *, at: datetime) -> int:
    """Erase the networks of older records, and those that are older still; returns how many rows were touched."""
    with engine.execution_options(desk_writes=True).begin() as connection:
        gone = connection.execute(delete(RECORDS).where(RECORDS.c.at < at - RECORDS_KEPT)).rowcount
        old = (RECORDS.c.at < at - SOURCES_KEPT) & RECORDS.c.source.is_not(None)
        blanked = connection.execute(update(RECORDS).where(old).values(source=None, typed=None)).rowcount
    return gone + blanked
