"""The invitation to answer, and the answer: what a link still takes, and what may be corrected.

The decision to invite is made in `desk.domain.asking`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from desk.domain.facts import JSON, EventName, Fact
from desk.domain.questionnaires import LONGEST_TEXT, AnswerFault, Filled, Questionnaire, satisfaction
from desk.domain.refusals import Reason, Refused

SCORE = "score"  # the question of 1 to 5 whose answer stands in a column of its own


class Decision(StrEnum):
    """Whether the visitor is asked."""

    INVITED = "invited"
    NOT_INVITED = "not_invited"


class DecisionReason(StrEnum):
    """Why, or why not."""

    BY_EMAIL = "by_email"
    BY_PHONE = "by_phone"
    BY_LINK = "by_link"
    SAME_VISIT = "same_visit"
    SURVEY_OFF = "survey_off"
    SERVICE_EXCLUDED = "service_excluded"
    NOT_SERVED = "not_served"
    OWN_STAFF = "own_staff"
    OPTED_OUT = "opted_out"
    NO_CONTACT = "no_contact"
    ASKED_LATELY = "asked_lately"
    NOT_SAMPLED = "not_sampled"


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ANSWERED = "answered"
    SUPERSEDED = "superseded"
    NONE = "none"


class Privacy(StrEnum):
    """Who can lay an answer beside the transaction: everybody, nobody who handled it, nobody at all."""

    LINKED = "linked"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class Channel(StrEnum):
    """Through what an answer came."""

    LINK = "link"  # the visitor's page, as a phone opened it
    TICKET = "ticket"  # the visitor's page, opened by the code on the ticket or slip
    RECEIPT = "receipt"  # the visitor's page, opened by the code on the receipt for documents
    EMAIL = "email"
    PHONE = "phone"  # SMS or WhatsApp
    TABLET = "tablet"
    POSTER = "poster"
    PAPER = "paper"


PRINTED: Final = frozenset({Channel.TICKET, Channel.RECEIPT})  # on what the visitor takes along on paper


class Standing(StrEnum):
    """Whose answer it is: one from a signed-in member of staff, or about their own contact, is kept apart."""

    VISITOR = "visitor"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One decision as the rules see it."""

    id: int
    transaction_id: int
    visit_id: int
    state: InvitationState
    generation: int
    expires_at: datetime | None
    decided_at: datetime | None = None
    questionnaire_id: int | None = None
    privacy: Privacy = Privacy.LINKED
    correction: timedelta | None = None

    def correction_within(self, setting: timedelta) -> timedelta:
        """Return how long an answer may be corrected: as it was promised, by the office's `setting` where none was."""
        return setting if self.correction is None else self.correction


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as it stands, which may be corrected for a while."""

    id: int
    invitation_id: int
    transaction_id: int
    received_at: datetime
    answers: dict[str, int | str]
    satisfaction: int | None
    revision: int


def require_answerable(invitation: Invitation, *, at: datetime) -> None:
    """Raise `Refused` when the link of this invitation does not (or no longer) take an answer."""
    if invitation.state is InvitationState.ANSWERED:
        raise Refused(Reason.LINK_USED)
    if invitation.state is not InvitationState.OPEN:
        raise Refused(Reason.LINK_REVOKED)
    if invitation.expires_at is None or at >= invitation.expires_at:
        raise Refused(Reason.LINK_EXPIRED)


def answered(
    invitation: Invitation,
    questionnaire: Questionnaire,
    filled: Filled,
    *,
    at: datetime,
    channel: Channel,
    standing: Standing,
    service_id: int | None = None,
) -> Fact:
    """Return the event of the one answer.

    Raises `Refused`: what `require_answerable` raises, SCORE_MISSING for answers with a fault.
    """
    require_answerable(invitation, at=at)
    return Fact(
        EventName.RESPONSE_RECEIVED,
        {
            "invitation": invitation.id,
            "questionnaire": invitation.questionnaire_id,
            "channel": channel.value,
            "standing": standing.value,
            "service": service_id,
            **_said(questionnaire, filled),
        },
        transaction_id=invitation.transaction_id,
        visit_id=invitation.visit_id,
    )


def used(invitation: Invitation, *, at: datetime) -> Fact:
    """Return the event of an anonymous answer: that the link was used, nothing of what was said."""
    require_answerable(invitation, at=at)
    return Fact(
        EventName.INVITATION_USED,
        {"invitation": invitation.id},
        transaction_id=invitation.transaction_id,
        visit_id=invitation.visit_id,
    )


def revised(
    response: Response,
    invitation: Invitation,
    questionnaire: Questionnaire,
    filled: Filled,
    *,
    at: datetime,
    within: timedelta,
) -> Fact:
    """Return the event of a correction; raises `Refused(LINK_USED)` when the time for it is over, SCORE_MISSING."""
    if at >= response.received_at + within:
        raise Refused(Reason.LINK_USED)
    return Fact(
        EventName.RESPONSE_REVISED,
        {
            "response": response.id,
            "revision": response.revision,
            "before": dict(response.answers),
            "satisfaction_before": response.satisfaction,
            **_said(questionnaire, filled),
        },
        transaction_id=invitation.transaction_id,
        visit_id=invitation.visit_id,
    )


def require_fit(filled: Filled) -> None:
    """Raise `Refused` for answers with a fault: ANSWER_TOO_LONG, SCORE_MISSING for all others and for none at all."""
    if AnswerFault.TOO_LONG in filled.faults.values():
        raise Refused(Reason.ANSWER_TOO_LONG, most=LONGEST_TEXT)
    if filled.faults or filled.is_empty:
        raise Refused(Reason.SCORE_MISSING)


def _said(questionnaire: Questionnaire, filled: Filled) -> dict[str, JSON]:
    require_fit(filled)
    score = filled.answers.get(SCORE)
    return {
        "answers": dict(filled.answers),
        "satisfaction": satisfaction(questionnaire, filled.answers),
        "score": score if isinstance(score, int) and 1 <= score <= 5 else None,
    }


def superseded(invitation: Invitation) -> Fact:
    """A reopened transaction takes back the question that nobody has answered yet."""
    return Fact(
        EventName.INVITATION_SUPERSEDED,
        {"invitation": invitation.id},
        transaction_id=invitation.transaction_id,
        visit_id=invitation.visit_id,
    )
