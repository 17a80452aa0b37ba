"""The decision to ask a visitor afterwards: made by the system, once for every ended transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desk.domain.clock import micros
from desk.domain.facts import EventName, Fact
from desk.domain.lifecycle import Ending
from desk.domain.refusals import Reason, Refused


class Decision(StrEnum):
    """Whether the visitor is asked."""

    INVITED = "invited"
    NOT_INVITED = "not_invited"


class DecisionReason(StrEnum):
    """Why, or why not."""

    BY_EMAIL = "by_email"
    BY_LINK = "by_link"
    SAME_VISIT = "same_visit"
    NOT_SERVED = "not_served"
    SURVEY_OFF = "survey_off"


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ANSWERED = "answered"
    SUPERSEDED = "superseded"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rule needs to know about the transaction that ended."""

    ending: Ending | None
    was_served: bool
    has_email: bool
    consented: bool
    message_pending: bool = False
    surveys: bool = True


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


def decide(asked: Asked) -> tuple[Decision, DecisionReason]:
    """Return whether to ask and why; never the handler's choice.

    Somebody nobody served (a no-show, one who left or was sent home at closing before being served) has no service to
    judge by this questionnaire.
    """
    if not asked.surveys:
        return Decision.NOT_INVITED, DecisionReason.SURVEY_OFF
    if not asked.was_served:
        return Decision.NOT_INVITED, DecisionReason.NOT_SERVED
    if asked.has_email and asked.consented:
        reason = DecisionReason.SAME_VISIT if asked.message_pending else DecisionReason.BY_EMAIL
        return Decision.INVITED, reason
    return Decision.INVITED, DecisionReason.BY_LINK


def decided(
    transaction_id: int, visit_id: int, asked: Asked, *, at: datetime, last: Invitation | None, valid_days: int
) -> Fact:
    """Return the event of the decision on an ended transaction.

    `last` is the decision of an earlier end that a reopening took back: the new one follows it as the next generation.
    """
    decision, reason = decide(asked)
    invited = decision is Decision.INVITED
    return Fact(
        EventName.INVITATION_DECIDED,
        {
            "decision": decision.value,
            "reason": reason.value,
            "invitation": None if last is None else last.id,
            "generation": 1 if last is None else last.generation + 1,
            "expires": micros(at + timedelta(days=valid_days)) if invited else None,
        },
        transaction_id=transaction_id,
        visit_id=visit_id,
    )


def require_answerable(invitation: Invitation, *, at: datetime) -> None:
    """Raise `Refused` when the link of this invitation does not (or no longer) take an answer."""
    if invitation.state is InvitationState.ANSWERED:
        raise Refused(Reason.LINK_USED)
    if invitation.state is not InvitationState.OPEN:
        raise Refused(Reason.LINK_REVOKED)
    if invitation.expires_at is None or at >= invitation.expires_at:
        raise Refused(Reason.LINK_EXPIRED)


def answered(invitation: Invitation, *, at: datetime, score: int) -> Fact:
    """Return the event of the one answer; `score` is 1 to 5, anything else is refused."""
    require_answerable(invitation, at=at)
    if not 1 <= score <= 5:
        raise Refused(Reason.SCORE_MISSING)
    return Fact(
        EventName.RESPONSE_RECEIVED,
        {"invitation": invitation.id, "score": score},
        transaction_id=invitation.transaction_id,
        visit_id=invitation.visit_id,
    )


def superseded(invitation: Invitation) -> Fact:
    """A reopened transaction takes back the question that nobody has answered yet."""
    return Fact(
        EventName.INVITATION_SUPERSEDED,
        {"invitation": invitation.id},
        transaction_id=invitation.transaction_id,
        visit_id=invitation.visit_id,
    )
