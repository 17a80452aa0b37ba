"""The decision to ask a visitor afterwards: made by the system, once for every ended transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.domain.clock import micros
from desk.domain.facts import EventName, Fact
from desk.domain.invitation import Channel, DecidedAt, Decision, DecisionReason, Invitation, Privacy
from desk.domain.lifecycle import Ending


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rule needs to know about the transaction that ended."""

    ending: Ending | None
    was_served: bool
    has_email: bool
    consented: bool
    message_pending: bool = False
    surveys: bool = True
    service_excluded: bool = False
    unserved_too: bool = False
    own_staff: bool = False
    opted_out: bool = False
    bounced: bool = False
    links: bool = True
    asked_lately: bool = False
    sampled: bool = True
    has_phone: bool = False
    phone_bounced: bool = False
    phone_first: bool = False

    @property
    def route(self) -> Channel | None:
        """By what a message can be sent, with consent and to where none came back from; None: by none.

        Of two ways the one that the office prefers.
        """
        if not self.consented:
            return None
        return choose_way(
            email=self.has_email and not self.bounced,
            phone=self.has_phone and not self.phone_bounced,
            phone_first=self.phone_first,
        )


@dataclass(frozen=True, slots=True)
class About:
    """What the decision is about: the service as it is now, who served or worked on it last (None: nobody did).

    `sent_at` is when the message about it will go out; None without one. `by` the limit: it was reopened and has been
    in work too long since, so this is about its last end.
    """

    service_id: int
    officer_id: int | None
    sent_at: datetime | None = None
    by: DecidedAt = DecidedAt.END


@dataclass(frozen=True, slots=True)
class Told:
    """What the visitor is told of an answer: how it is kept, and how long it may be corrected (None: nothing)."""

    privacy: Privacy = Privacy.LINKED
    correction: timedelta | None = None


def choose_way(*, email: bool, phone: bool, phone_first: bool) -> Channel | None:
    """Return by which of the ways that are open a message goes; None where none is."""
    if phone and (phone_first or not email):
        return Channel.PHONE
    return Channel.EMAIL if email else None


def decide(asked: Asked) -> tuple[Decision, DecisionReason]:
    """Return whether to ask and why; never the handler's choice.

    The first reason against it is the one that counts, in the order of docs/survey.md: what holds for the office or the
    service, then what holds for the person, then chance alone, so that NOT_SAMPLED is nobody but those drawn out.
    """
    against = next((reason for reason, holds in _reasons_against(asked) if holds), None)
    if against is not None:
        return Decision.NOT_INVITED, against
    if asked.route is None:
        return Decision.INVITED, DecisionReason.BY_LINK
    if asked.message_pending:
        return Decision.INVITED, DecisionReason.SAME_VISIT
    return Decision.INVITED, DecisionReason.BY_EMAIL if asked.route is Channel.EMAIL else DecisionReason.BY_PHONE


def _reasons_against(asked: Asked) -> Iterator[tuple[DecisionReason, bool]]:
    yield DecisionReason.SURVEY_OFF, not asked.surveys
    yield DecisionReason.SERVICE_EXCLUDED, asked.service_excluded
    # Somebody nobody served has no service to judge, unless the office wants to hear from them too.
    yield DecisionReason.NOT_SERVED, not asked.was_served and not asked.unserved_too
    yield DecisionReason.OWN_STAFF, asked.own_staff
    yield DecisionReason.OPTED_OUT, asked.opted_out
    yield DecisionReason.NO_CONTACT, not asked.links and asked.route is None
    yield DecisionReason.ASKED_LATELY, asked.asked_lately
    yield DecisionReason.NOT_SAMPLED, not asked.sampled


def decided(
    transaction_id: int,
    visit_id: int,
    asked: Asked,
    *,
    at: datetime,
    last: Invitation | None,
    valid_days: int,
    questionnaire_id: int | None = None,
    told: Told | None = None,
    about: About | None = None,
) -> Fact:
    """Return the event of the decision on an ended transaction, with what will be asked and how answers are kept.

    What is `told` stays so, whatever the office sets later.
    `last` is the decision of an earlier end that a reopening took back: the new one follows it as the next generation.
    The link works for `valid_days` from when the message about it will go out, or from now.
    """
    told = told or Told()
    decision, reason = decide(asked)
    invited = decision is Decision.INVITED
    begins = at if about is None or about.sent_at is None else about.sent_at
    return Fact(
        EventName.INVITATION_DECIDED,
        {
            "decision": decision.value,
            "reason": reason.value,
            "invitation": None if last is None else last.id,
            "generation": 1 if last is None else last.generation + 1,
            "expires": micros(begins + timedelta(days=valid_days)) if invited else None,
            "questionnaire": questionnaire_id if invited else None,
            "privacy": told.privacy.value,
            "correction": None if told.correction is None else int(told.correction.total_seconds()),
            "service": None if about is None else about.service_id,
            "officer": None if about is None else about.officer_id,
            "by": (DecidedAt.END if about is None else about.by).value,
        },
        transaction_id=transaction_id,
        visit_id=visit_id,
    )
