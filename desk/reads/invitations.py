"""What a survey link asks about: the transaction it was made for, and the others of the same visit still unanswered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk.domain.invitation import Invitation, InvitationState, require_answerable
from desk.domain.refusals import Refused
from desk.models import InvitationRow, Service, TransactionRow, Visit
from desk.reads.reader import Reader
from desk.reads.services import text_of
from desk.reads.visits import Subject

INVITATIONS: Any = InvitationRow.__table__
TRANSACTIONS: Any = TransactionRow.__table__


@dataclass(frozen=True, slots=True)
class Asked:
    """One transaction that the visitor is asked about."""

    invitation: Invitation
    service: str
    icon: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Survey:
    """What a link opens; `linked` is the invitation the link was made for."""

    number: str
    day: date
    linked: Invitation
    asked: tuple[Asked, ...]

    def open_at(self, at: datetime) -> tuple[Asked, ...]:
        """Return what still takes an answer, the linked one first; the refusal of the linked one when nothing does."""
        answerable = tuple(each for each in self.asked if _takes_answer(each.invitation, at))
        if not answerable:
            require_answerable(self.linked, at=at)
        return tuple(sorted(answerable, key=lambda each: each.invitation.id != self.linked.id))


def find_language(reader: Reader, subject: Subject) -> str | None:
    """Return the language in which the visitor of an invitation took the number."""
    query = (
        select(Visit.language)
        .join(INVITATIONS, (INVITATIONS.c.office_id == Visit.office_id) & (INVITATIONS.c.visit_id == Visit.id))
        .where(INVITATIONS.c.office_id == subject.office_id, INVITATIONS.c.id == subject.id)
    )
    return reader.execute(query).scalar_one_or_none()


def find_survey(reader: Reader, subject: Subject, *, language: str) -> Survey | None:
    """Return what a survey link asks; None when the decision it was made for does not stand any more."""
    visit_id = (
        select(INVITATIONS.c.visit_id)
        .where(INVITATIONS.c.office_id == subject.office_id, INVITATIONS.c.id == subject.id)
        .scalar_subquery()
    )
    rows = reader.execute(
        select(
            INVITATIONS,
            Visit.label,
            Visit.day,
            Service.name_id,
            Service.name_en,
            Service.icon,
            TRANSACTIONS.c.ended_at,
        )
        .join(Visit, (Visit.office_id == INVITATIONS.c.office_id) & (Visit.id == INVITATIONS.c.visit_id))
        .join(
            TRANSACTIONS,
            (TRANSACTIONS.c.office_id == INVITATIONS.c.office_id) & (TRANSACTIONS.c.id == INVITATIONS.c.transaction_id),
        )
        .join(Service, Service.id == TRANSACTIONS.c.service_id)
        .where(INVITATIONS.c.office_id == subject.office_id, INVITATIONS.c.visit_id == visit_id)
        .order_by(INVITATIONS.c.id)
    ).all()
    linked = next((row for row in rows if row.id == subject.id), None)
    if linked is None or linked.generation != subject.generation:
        return None
    asked = tuple(Asked(_invitation(row), text_of(row, "name", language), row.icon, row.ended_at) for row in rows)
    return Survey(linked.label, linked.day, _invitation(linked), asked)


def _invitation(row: Any) -> Invitation:
    state = InvitationState(row.state)
    return Invitation(row.id, row.transaction_id, row.visit_id, state, row.generation, row.expires_at)


def _takes_answer(invitation: Invitation, at: datetime) -> bool:
    try:
        require_answerable(invitation, at=at)
    except Refused:
        return False
    return True
