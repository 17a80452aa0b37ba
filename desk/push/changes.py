"""What changed in an office after an event number: the newest number and the topics, never what happened to whom.

Event numbers of an office are gapless and commit in order, so reading "greater than the last one seen" loses nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

# Who missed more than this looks at everything anew: cheaper than naming it.
RESUMABLE = 500
EVERYTHING = "everything"

TopicsOf = Callable[[str], frozenset[str]]

_CURRENT = text("SELECT number FROM streams WHERE office_id = :office_id")
_LATER = text(
    "SELECT number, name FROM events WHERE office_id = :office_id AND number > :after AND number <= :until"
    " ORDER BY number LIMIT :enough"
)
_NO_END = 2**62


class OfficeUnknown(LookupError):
    """There is no such office."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The office has reached `number`, and what is shown under `topics` may look different now."""

    number: int
    topics: frozenset[str] = frozenset()

    def followed_by(self, later: "Changes") -> "Changes":
        """Return both as one."""
        return Changes(max(self.number, later.number), self.topics | later.topics)


def whole_office(name: str) -> frozenset[str]:
    """Return the topics of an event where nobody told them apart."""
    return frozenset({"office"})


def changes_since(engine: Engine, office_id: int, since: int, *, topics_of: TopicsOf = whole_office) -> Changes:
    """Return what changed after event `since`; raise `OfficeUnknown`.

    The topic `everything` stands alone when more than `RESUMABLE` events were missed, or `since` was never reached (the
    database was put back to an earlier day).
    """
    with reading(engine).connect() as connection:
        number = find_number(connection, office_id)
        if number is None:
            raise OfficeUnknown(office_id)
        return missed(connection, office_id, since=since, number=number, topics_of=topics_of)


def reading(engine: Engine) -> Engine:
    """Return the engine for reading: on SQLite its transactions take no write lock, whatever it was set to do."""
    return engine.execution_options(desk_writes=False)


def find_number(connection: Connection, office_id: int) -> int | None:
    """Return the number of the newest event of an office, None where there is no such office."""
    number: int | None = connection.execute(_CURRENT, {"office_id": office_id}).scalar()
    return number


def missed(
    connection: Connection, office_id: int, *, since: int, number: int, topics_of: TopicsOf = whole_office
) -> Changes:
    """Return what somebody who has seen `since` missed until `number`."""
    if not 0 <= number - since <= RESUMABLE:
        return Changes(number, frozenset({EVERYTHING}))
    later = since < number and find_later(connection, office_id, after=since, until=number, topics_of=topics_of)
    return later or Changes(number)


def find_later(
    connection: Connection,
    office_id: int,
    *,
    after: int,
    until: int = _NO_END,
    topics_of: TopicsOf = whole_office,
) -> Changes | None:
    """Return the events after `after` as one change, None when there are none."""
    given = {"office_id": office_id, "after": after, "until": until, "enough": RESUMABLE + 1}
    rows = connection.execute(_LATER, given).all()
    if not rows:
        return None
    if len(rows) > RESUMABLE:
        return Changes(find_number(connection, office_id) or rows[-1].number, frozenset({EVERYTHING}))
    return Changes(rows[-1].number, frozenset().union(*(topics_of(row.name) for row in rows)))
