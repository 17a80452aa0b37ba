"""Follow-ups as their pages show them: the list with its filters, and one of them with its history.

Who had a hand in a matter is shown it only where an answer is linked openly, and then without words or steps; of a
complaint they see nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from desk.domain.following_up import CLOSED, FollowUpState, Origin
from desk.domain.identity import EVENT_BITS
from desk.domain.invitation import Privacy
from desk.models import (
    CaseStep,
    CaseWords,
    Facility,
    FollowUpRow,
    LooseResponse,
    Note,
    Person,
    ResponseRow,
    Service,
    TransactionRow,
    Visit,
    VisitContact,
)
from desk.reads.barred import ANSWER, MATTER, list_handlers
from desk.reads.reader import Reader
from desk.reads.transaction_views import Contact

LIMIT: Final = 300
ASSIGNED: Any = aliased(Person)
VIEWS: Final = ("mine", "open", "overdue", "nobody", "closed")


@dataclass(frozen=True, slots=True)
class Line:
    """A follow-up in the list; `number` is of the visit where the answer is linked openly.

    So is `satisfaction` (ten-thousandths): of any other answer nobody may read what one person said, and it is None.
    """

    id: int
    origin: Origin
    state: FollowUpState
    privacy: Privacy
    assigned_id: int | None
    assigned: str | None
    service: str | None
    facility: str | None
    number: str | None
    day: date
    due_on: date
    opened_at: datetime
    closed_at: datetime | None
    escalated_at: datetime | None
    barred: frozenset[int]
    transaction_id: int | None
    response_id: int | None
    loose_id: int | None
    voice_id: int | None
    satisfaction: int | None

    @property
    def reference(self) -> str:
        """How people name it."""
        return reference_of(self.id)

    @property
    def is_kept_apart(self) -> bool:
        """Whether it is about an answer that must not be laid beside a transaction: no time, no number of an event."""
        return is_kept_apart(self.privacy, self.voice_id)

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self.state in CLOSED

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed."""
        return not self.is_closed and today > self.due_on


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a follow-up or a voice; `words` are None where none were written, or they were erased."""

    step: str
    actor: str | None
    to: str | None
    at: datetime
    words: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to."""

    view: str = "open"
    service_id: int = 0
    origin: str = ""


def reference_of(entity_id: int) -> str:
    """Return how people name a follow-up or a voice: by the number of the event that opened it."""
    return f"#{entity_id & ((1 << EVENT_BITS) - 1)}"


def list_follow_ups(
    reader: Reader, office_id: int, wanted: Wanted, *, viewer_id: int | None, language: str, today: date
) -> list[Line]:
    """Return the follow-ups of a view, the one due first on top (closed: the newest), at most 300."""
    query = _query(office_id, language).where(*_conditions(office_id, wanted, viewer_id, today)).limit(LIMIT)
    found = FollowUpRow
    by = (found.closed_at.desc(),) if wanted.view == "closed" else (found.due_on, found.id)
    lines = _lines(reader, office_id, query.order_by(*by))
    return [each for each in lines if may_know_of(each, viewer_id)]


def may_know_of(line: Line, viewer_id: int | None) -> bool:
    """Tell whether somebody may know that there is such a follow-up.

    Whoever handled the matter may know of an answer that is linked openly; never of a complaint.
    """
    return viewer_id not in line.barred or is_open_to_barred(line.privacy, line.voice_id)


def is_kept_apart(privacy: str, voice_id: int | None) -> bool:
    """Tell whether a follow-up is about an answer that is confidential or anonymous."""
    return privacy != Privacy.LINKED and voice_id is None


def is_open_to_barred(privacy: str, voice_id: int | None) -> bool:
    """Tell whether a follow-up is about an answer in the file, of which whoever handled the matter may know."""
    return privacy == Privacy.LINKED and voice_id is None


def _conditions(office_id: int, wanted: Wanted, viewer_id: int | None, today: date) -> list[Any]:
    found = FollowUpRow
    conditions: list[Any] = [found.closed_at.is_not(None) if wanted.view == "closed" else found.closed_at.is_(None)]
    narrowed = {
        "mine": found.assigned_id == viewer_id,
        "overdue": found.due_on < today,
        "nobody": found.assigned_id.is_(None),
    }
    if wanted.view in narrowed:
        conditions.append(narrowed[wanted.view])
    if wanted.service_id:
        conditions.append(found.service_id == wanted.service_id)
    if wanted.origin:
        conditions.append(found.origin == wanted.origin)
    return conditions


def _query(office_id: int, language: str) -> Select[Any]:
    found, name = FollowUpRow, Service.name_en if language == "en" else Service.name_id
    facility = Facility.name_en if language == "en" else Facility.name_id
    matter = and_(TransactionRow.office_id == found.office_id, TransactionRow.id == found.transaction_id)
    return (
        select(
            found.__table__,
            MATTER,
            ASSIGNED.name.label("assigned"),
            name.label("service"),
            facility.label("facility"),
            Visit.label.label("number"),
        )
        .outerjoin(ResponseRow, ANSWER)
        .outerjoin(ASSIGNED, ASSIGNED.id == found.assigned_id)
        .outerjoin(Service, Service.id == found.service_id)
        .outerjoin(Facility, Facility.id == found.facility_id)
        .outerjoin(TransactionRow, matter)
        .outerjoin(Visit, and_(Visit.office_id == found.office_id, Visit.id == TransactionRow.visit_id))
        .where(found.office_id == office_id)
    )


def _lines(reader: Reader, office_id: int, query: Select[Any]) -> list[Line]:
    rows = list(reader.execute(query))
    handlers = list_handlers(reader, office_id, [row.matter_id for row in rows])
    return [_line(row, handlers.get(row.matter_id, frozenset())) for row in rows]


def _line(row: Any, handlers: frozenset[int]) -> Line:
    return Line(
        row.id,
        Origin(row.origin),
        FollowUpState(row.state),
        Privacy(row.privacy),
        row.assigned_id,
        row.assigned,
        row.service,
        row.facility,
        row.number,
        row.day,
        row.due_on,
        row.opened_at,
        row.closed_at,
        row.escalated_at,
        frozenset(row.barred) | handlers,
        row.transaction_id,
        row.response_id,
        row.loose_id,
        row.voice_id,
        row.satisfaction if row.privacy == Privacy.LINKED else None,
    )


def find_follow_up(reader: Reader, office_id: int, follow_up_id: int, *, language: str) -> Line | None:
    """Return one follow-up; None where the office has none such."""
    query = _query(office_id, language).where(FollowUpRow.id == follow_up_id)
    return next(iter(_lines(reader, office_id, query)), None)


def find_visitor_contact(reader: Reader, line: Line, office_id: int) -> Contact | None:
    """Return how the visitor may be reached about a low score, as far as they agreed and it still exists.

    Only of an answer that is linked openly: of any other nobody may know whose it is.
    """
    if line.privacy is not Privacy.LINKED or line.origin is not Origin.SCORE or line.transaction_id is None:
        return None
    left = VisitContact
    query = (
        select(left.name, left.email, left.phone)
        .join(
            TransactionRow, and_(TransactionRow.office_id == left.office_id, TransactionRow.visit_id == left.visit_id)
        )
        .where(
            left.office_id == office_id,
            TransactionRow.id == line.transaction_id,
            left.consented_at.is_not(None),
            or_(left.email.is_not(None), left.phone.is_not(None)),
        )
    )
    row = reader.execute(query).one_or_none()
    return None if row is None else Contact(*row)


def list_steps(reader: Reader, office_id: int, case_ids: Sequence[int]) -> list[Step]:
    """Return the steps of follow-ups and voices, in their order."""
    actor, to = aliased(Person), aliased(Person)
    query = (
        select(CaseStep.step, actor.name, to.name, CaseStep.at, CaseWords.words)
        .outerjoin(actor, actor.id == CaseStep.actor_id)
        .outerjoin(to, to.id == CaseStep.to_id)
        .outerjoin(CaseWords, and_(CaseWords.office_id == CaseStep.office_id, CaseWords.id == CaseStep.id))
        .where(CaseStep.office_id == office_id, CaseStep.case_id.in_(case_ids))
        .order_by(CaseStep.id)
    )
    return [Step(*row) for row in reader.execute(query).tuples()]


def find_comment(reader: Reader, line: Line, office_id: int) -> str | None:
    """Return what the visitor wrote beside the score; of a confidential answer never anything."""
    if line.privacy is Privacy.LINKED and line.response_id is not None:
        query = (
            select(Note.words)
            .join(ResponseRow, and_(ResponseRow.office_id == Note.office_id, ResponseRow.words_id == Note.id))
            .where(ResponseRow.office_id == office_id, ResponseRow.id == line.response_id)
        )
        return reader.execute(query).scalar_one_or_none()
    if line.privacy is Privacy.ANONYMOUS and line.loose_id is not None:
        loose = (LooseResponse.office_id == office_id) & (LooseResponse.id == line.loose_id)
        texts = reader.execute(select(LooseResponse.texts).where(loose)).scalar_one_or_none()
        return " · ".join(texts.values()) or None if texts else None
    return None
