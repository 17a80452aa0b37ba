"""Reading the words an office has for its messages: what is in force, and what was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select

from desk.domain.invitation import Channel
from desk.domain.message_words import Part, TextKind, Words
from desk.models import MessageText, Person
from desk.reads.reader import Reader

TEXTS: Final[Any] = MessageText.__table__
PEOPLE: Final[Any] = Person.__table__
MOST_VERSIONS: Final = 20


@dataclass(frozen=True, slots=True)
class KeptText:
    """One version of the words of a kind of message; `by` is who set it, None where that cannot be told any more."""

    language: str
    version: int
    words: Words
    since: datetime
    until: datetime | None
    by: str | None


Place = tuple[TextKind, Channel, str]
"""A kind of message, the way it goes out, and its language."""


def list_in_force(reader: Reader, office_id: int) -> dict[Place, datetime]:
    """Return since when an office has words of its own, wherever it has."""
    query = select(TEXTS.c.kind, TEXTS.c.channel, TEXTS.c.language, TEXTS.c.since).where(
        TEXTS.c.office_id == office_id, TEXTS.c.until.is_(None)
    )
    rows = reader.execute(query).tuples()
    return {(TextKind(kind), Channel(channel), language): since for kind, channel, language, since in rows}


def list_versions(reader: Reader, office_id: int, kind: TextKind, channel: Channel) -> list[KeptText]:
    """Return the newest versions in both languages, the newest first."""
    query = _versions(office_id, kind, channel).order_by(TEXTS.c.since.desc(), TEXTS.c.language).limit(MOST_VERSIONS)
    return [_kept(row) for row in reader.execute(query)]


def find_in_force(reader: Reader, office_id: int, kind: TextKind, channel: Channel) -> dict[str, KeptText]:
    """Return by language the words that are in force, where an office has its own."""
    query = _versions(office_id, kind, channel).where(TEXTS.c.until.is_(None))
    return {row.language: _kept(row) for row in reader.execute(query)}


def _versions(office_id: int, kind: TextKind, channel: Channel) -> Select[Any]:
    return (
        select(TEXTS, PEOPLE.c.name.label("by"))
        .outerjoin(PEOPLE, PEOPLE.c.id == TEXTS.c.by_id)
        .where(TEXTS.c.office_id == office_id, TEXTS.c.kind == kind.value, TEXTS.c.channel == channel.value)
    )


def _kept(row: Any) -> KeptText:
    return KeptText(row.language, row.version, words_of(row.words), row.since, row.until, row.by)


def words_of(stored: Mapping[str, str]) -> dict[Part, str]:
    """Return words as they are stored, by part."""
    return {part: stored[part.value] for part in Part if part.value in stored}
