"""What a survey link asks about: the transaction it was made for, and the others of the same visit still unanswered."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from desk.domain.invitation import Invitation, InvitationState, Privacy, Standing, require_answerable
from desk.domain.questionnaire_json import read
from desk.domain.questionnaires import Questionnaire
from desk.domain.refusals import Refused
from desk.domain.shipped_questionnaires import FIRST, SHIPPED
from desk.models import InvitationRow, Office, QuestionnaireRow, ResponseRow, Service, TransactionRow, Visit
from desk.reads.reader import Reader
from desk.reads.services import text_of
from desk.reads.visits import Subject

INVITATIONS: Any = InvitationRow.__table__
TRANSACTIONS: Any = TransactionRow.__table__
RESPONSES: Any = ResponseRow.__table__
VERSIONS: Any = QuestionnaireRow.__table__


@dataclass(frozen=True, slots=True)
class Asked:
    """One transaction that the visitor is asked about, with the questions in the words for its service.

    `answered_at` is when the answer came in, `correctable_until` till when it may be corrected, and `standing` whose
    it is; None where there is none, or an anonymous one. `was_served` is False for who went before anybody served them.
    """

    invitation: Invitation
    service: str
    icon: str
    ended_at: datetime | None
    questionnaire: Questionnaire
    answered_at: datetime | None = None
    correctable_until: datetime | None = None
    standing: Standing | None = None
    was_served: bool = True


@dataclass(frozen=True, slots=True)
class Survey:
    """What a link opens; `linked` is the invitation it was made for."""

    number: str
    day: date
    linked: Invitation
    asked: tuple[Asked, ...]

    @property
    def is_answered(self) -> bool:
        """Whether an answer came in through the links of this visit."""
        return any(each.invitation.state is InvitationState.ANSWERED for each in self.asked)

    @property
    def is_taken_up(self) -> bool:
        """Whether the matter of the link is in work again, and its question waits for the next end."""
        return self.linked.state is InvitationState.SUPERSEDED

    def takes_answers_at(self, at: datetime) -> bool:
        """Tell whether something of this visit can still be answered."""
        return any(_takes_answer(each.invitation, at) for each in self.asked)

    def open_at(self, at: datetime) -> tuple[Asked, ...]:
        """Return what still takes an answer, the linked one first; the refusal of the linked one when nothing does."""
        answerable = tuple(each for each in self.asked if _takes_answer(each.invitation, at))
        if not answerable:
            require_answerable(self.linked, at=at)
        return self._linked_first(answerable)

    def correctable_at(self, at: datetime, *, standing: Standing) -> tuple[Asked, ...]:
        """Return what may still be corrected, the linked one first; staff correct no answer of a visitor."""
        return self._linked_first(
            each
            for each in self.asked
            if each.correctable_until is not None
            and at < each.correctable_until
            and (standing is Standing.VISITOR or each.standing is Standing.STAFF)
        )

    def _linked_first(self, asked: Iterable[Asked]) -> tuple[Asked, ...]:
        return tuple(sorted(asked, key=lambda each: each.invitation.id != self.linked.id))


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
    rows = reader.execute(_of_visit(subject)).all()
    linked = next((row for row in rows if row.id == subject.id), None)
    if linked is None or linked.generation != subject.generation:
        return None
    versions = find_versions(reader, subject.office_id, {row.questionnaire_id for row in rows} - {None})
    asked = tuple(_asked(row, versions, language) for row in rows)
    return Survey(linked.label, linked.day, _invitation(linked), asked)


def _of_visit(subject: Subject) -> Select[Any]:
    """All decisions on the visit of an invitation, each with its service and its answer."""
    here = INVITATIONS.c.office_id
    mine = select(INVITATIONS.c.visit_id).where(here == subject.office_id, INVITATIONS.c.id == subject.id)
    return (
        select(
            INVITATIONS,
            Visit.label,
            Visit.day,
            Service.name_id,
            Service.name_en,
            Service.icon,
            Service.series,
            TRANSACTIONS.c.ended_at,
            TRANSACTIONS.c.served_at,
            TRANSACTIONS.c.resting,
            RESPONSES.c.received_at,
            RESPONSES.c.standing,
            Office.survey_correction_s,
        )
        .join(Office, Office.id == here)
        .join(Visit, (Visit.office_id == here) & (Visit.id == INVITATIONS.c.visit_id))
        .join(TRANSACTIONS, (TRANSACTIONS.c.office_id == here) & (TRANSACTIONS.c.id == INVITATIONS.c.transaction_id))
        .join(Service, Service.id == TRANSACTIONS.c.service_id)
        .outerjoin(RESPONSES, (RESPONSES.c.office_id == here) & (RESPONSES.c.invitation_id == INVITATIONS.c.id))
        .where(here == subject.office_id, INVITATIONS.c.visit_id == mine.scalar_subquery())
        .order_by(INVITATIONS.c.id)
    )


def find_versions(reader: Reader, office_id: int, ids: set[int]) -> dict[int | None, Questionnaire]:
    """Return questionnaires by the ids of their versions; None is the one question that every desk begins with."""
    found: dict[int | None, Questionnaire] = {None: SHIPPED[FIRST]}
    if ids:
        query = select(VERSIONS.c.id, VERSIONS.c.definition)
        rows = reader.execute(query.where(VERSIONS.c.office_id == office_id, VERSIONS.c.id.in_(ids)))
        found |= {row.id: read(json.loads(row.definition)) for row in rows}
    return found


def _asked(row: Any, versions: dict[int | None, Questionnaire], language: str) -> Asked:
    questionnaire = versions[row.questionnaire_id]
    worded = tuple(each.worded_for(row.series) for each in questionnaire.questions)
    invitation = _invitation(row)
    within = invitation.correction_within(timedelta(seconds=row.survey_correction_s))
    return Asked(
        invitation,
        text_of(row, "name", language),
        row.icon,
        row.ended_at,
        replace(questionnaire, questions=worded),
        row.received_at,
        None if row.received_at is None else row.received_at + within,
        None if row.standing is None else Standing(row.standing),
        row.served_at is not None or row.resting is not None or row.ended_at is None,
    )


def _invitation(row: Any) -> Invitation:
    return Invitation(
        row.id,
        row.transaction_id,
        row.visit_id,
        InvitationState(row.state),
        row.generation,
        row.expires_at,
        row.decided_at,
        row.questionnaire_id,
        Privacy(row.privacy),
        None if row.correction_s is None else timedelta(seconds=row.correction_s),
        held_at=row.held_at,
    )


def _takes_answer(invitation: Invitation, at: datetime) -> bool:
    try:
        require_answerable(invitation, at=at)
    except Refused:
        return False
    return True
