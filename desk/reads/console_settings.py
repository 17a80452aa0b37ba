"""What is set of the console: limits of the office and its services, ready-made texts, and an officer's habits."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from desk.domain.console import Alert, Habits, Hand
from desk.models import ConsoleHabit, Service, Snippet
from desk.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class SnippetView:
    """A ready-made text, the officer's own or the office's."""

    id: int
    code: str
    words: str
    own: bool


@dataclass(frozen=True, slots=True)
class ServiceLimits:
    """When a called visitor of a service has not come; None: as the office has it."""

    id: int
    names: dict[str, str]
    no_show_calls: int | None
    no_show_after_s: int | None


def list_snippets(reader: Reader, office_id: int, person_id: int | None) -> list[SnippetView]:
    """Return the texts somebody can insert, their own first; only the office's for nobody in particular."""
    theirs = Snippet.person_id.is_(None) if person_id is None else _theirs(person_id)
    rows = reader.execute(
        select(Snippet.id, Snippet.code, Snippet.words, Snippet.person_id)
        .where(Snippet.office_id == office_id, theirs, Snippet.retired.is_(False))
        .order_by(Snippet.person_id.is_(None), Snippet.code)
    )
    return [SnippetView(row.id, row.code, row.words, row.person_id is not None) for row in rows]


def _theirs(person_id: int) -> ColumnElement[bool]:
    return Snippet.person_id.is_(None) | (Snippet.person_id == person_id)


def get_habits(reader: Reader, office_id: int, person_id: int) -> Habits:
    """Return how somebody has the console; what is usual for who chose nothing."""
    mine = ConsoleHabit.office_id == office_id, ConsoleHabit.person_id == person_id
    row = reader.execute(select(ConsoleHabit.hand, ConsoleHabit.strip, ConsoleHabit.alerts).where(*mine)).one_or_none()
    if row is None:
        return Habits()
    return Habits(Hand(row.hand), row.strip, frozenset(map(Alert, row.alerts)))


def list_service_limits(reader: Reader, office_id: int) -> list[ServiceLimits]:
    """Return the services in use, in their order."""
    rows = reader.execute(
        select(Service.id, Service.name_id, Service.name_en, Service.no_show_calls, Service.no_show_after_s)
        .where(Service.office_id == office_id, Service.retired.is_(False))
        .order_by(Service.position, Service.id)
    )
    return [
        ServiceLimits(row.id, {"id": row.name_id, "en": row.name_en}, row.no_show_calls, row.no_show_after_s)
        for row in rows
    ]
