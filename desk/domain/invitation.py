"""The invitation to answer, and the answer: what a link still takes, and what may be corrected.

The decision to invite is made in `desk.domain.asking`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from desk.domain.clock import micros
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.questionnaires import LONGEST_TEXT, AnswerFault, Filled, Questionnaire, satisfaction
from desk.domain.reasons import RevokeReason
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


class Undone(StrEnum):
    """Why an invitation that was made does not stand."""

    REOPENED = "reopened"
    REVOKED = "revoked"


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ANSWERED = "answered"
    SUPERSEDED = "superseded"  # taken back by a reopening, decided about anew later
    REVOKED = "revoked"  # by hand, for good
    NONE = "none"


class DecidedAt(StrEnum):
    """When a decision was made: at the end, or because a reopened transaction has been in work for too long."""

    END = "end"
    LIMIT = "limit"


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
    taken_back_at: datetime | None = None  # when a reopening first took it back, or held it
    decided_by: DecidedAt = DecidedAt.END
    held_at: datetime | None = None  # since when it waits for the next end, though its message has gone out
    retimed_at: datetime | None = None  # when that end, or the limit, timed it anew

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
    require_not_revoked(invitation)
    if invitation.state is not InvitationState.OPEN:
        raise Refused(Reason.LINK_REVOKED)
    if invitation.expires_at is None or at >= invitation.expires_at:
        raise Refused(Reason.LINK_EXPIRED)


def require_not_revoked(invitation: Invitation) -> None:
    """Raise `Refused(LINK_WITHDRAWN)` where this invitation was revoked by hand: nothing answers it."""
    if invitation.state is InvitationState.REVOKED:
        raise Refused(Reason.LINK_WITHDRAWN)


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


def stays(invitation: Invitation, *, until: datetime | None, at: datetime) -> bool:
    """Tell whether a reopening leaves the decision as it is, whatever became of its message.

    So it is when it was answered or revoked, is taken back already, or was made at the limit or after it (`until`,
    counted from the first time it was taken back; None: it never was): reopening again and again keeps nobody from
    being asked.
    """
    if invitation.state in (InvitationState.ANSWERED, InvitationState.SUPERSEDED, InvitationState.REVOKED):
        return True
    return invitation.decided_by is DecidedAt.LIMIT or (until is not None and at >= until)


def superseded(invitation: Invitation) -> Fact:
    """A reopened transaction takes back the question that nobody has answered yet."""
    first = invitation.taken_back_at
    return Fact(
        EventName.INVITATION_SUPERSEDED,
        {"invitation": invitation.id, "first": None if first is None else micros(first)},
        transaction_id=invitation.transaction_id,
        visit_id=invitation.visit_id,
    )


def require_revocable(state: InvitationState | None, *, expires_at: datetime | None, at: datetime) -> None:
    """Raise `Refused` where nobody can revoke a link: ANSWER_STANDS, ALREADY_DONE, NOTHING_TO_REVOKE (none works)."""
    match state:
        case InvitationState.ANSWERED:
            raise Refused(Reason.ANSWER_STANDS)
        case InvitationState.REVOKED:
            raise Refused(Reason.ALREADY_DONE)
        case InvitationState.SUPERSEDED | InvitationState.NONE | None:
            raise Refused(Reason.NOTHING_TO_REVOKE)
        case InvitationState.OPEN:
            pass
        case _:
            assert_never(state)
    if expires_at is None or at >= expires_at:
        raise Refused(Reason.NOTHING_TO_REVOKE)


def revoked(invitation: Invitation, *, at: datetime, reason: RevokeReason, note: JSON = None) -> Fact:
    """Return the event that somebody revokes the links by hand, which cannot be undone.

    Raises `Refused`: what `require_revocable` raises.
    """
    require_revocable(invitation.state, expires_at=invitation.expires_at, at=at)
    return Fact(
        EventName.INVITATION_REVOKED,
        {"invitation": invitation.id, "reason": reason.value, "note": note},
        transaction_id=invitation.transaction_id,
        visit_id=invitation.visit_id,
    )
