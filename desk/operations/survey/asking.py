"""Asking afterwards: the decision for every ended transaction, and the message it queues.

What becomes of it when the transaction is opened again, or its links are revoked, is in
`desk.operations.survey.taking_back`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, insert, literal_column, select, update

from desk.domain.asking import About, Asked, Told, decide, decided
from desk.domain.asking_times import send_at
from desk.domain.custody import Transaction
from desk.domain.facts import Event
from desk.domain.held_invitation import retimed
from desk.domain.invitation import Channel, DecidedAt, DecisionReason, Invitation, InvitationState, Privacy
from desk.domain.lifecycle import State
from desk.domain.sampling import drawn
from desk.domain.tokens import TokenKind, derive
from desk.models import CustodySegment, Delivery, InvitationRow, VisitContact
from desk.models.prepared import Prepared
from desk.operations.finding import VISITS
from desk.operations.stream import Unit
from desk.operations.survey.asked_people import look_up, remember_asking
from desk.operations.survey.linking import keep_token

INVITATIONS: Any = InvitationRow.__table__
DELIVERIES: Any = Delivery.__table__
CONTACTS: Any = VisitContact.__table__
SEGMENTS: Any = CustodySegment.__table__
BY_MESSAGE: Final = frozenset({DecisionReason.BY_EMAIL, DecisionReason.BY_PHONE, DecisionReason.SAME_VISIT})
ON_OWN_PAGE: Final = (Channel.LINK.value, Channel.TICKET.value, Channel.RECEIPT.value)
QUEUES: Final = frozenset({DecisionReason.BY_EMAIL, DecisionReason.BY_PHONE})

# A message whose own question was answered meanwhile is not sent: it takes no other question along.
_ASKED = INVITATIONS.alias("asked")
PENDING_MESSAGE = (
    select(DELIVERIES.c.id)
    .join(_ASKED, (_ASKED.c.office_id == DELIVERIES.c.office_id) & (_ASKED.c.id == DELIVERIES.c.invitation_id))
    .where(
        _ASKED.c.state == literal_column("'open'"),
        DELIVERIES.c.office_id == VISITS.c.office_id,
        DELIVERIES.c.visit_id == VISITS.c.id,
        DELIVERIES.c.kind == literal_column("'survey'"),
        DELIVERIES.c.state == literal_column("'pending'"),
    )
    .correlate(VISITS)
)
LAST_OFFICER = (
    select(SEGMENTS.c.holder_id)
    .where(
        SEGMENTS.c.office_id == VISITS.c.office_id,
        SEGMENTS.c.transaction_id == bindparam("transaction"),
        SEGMENTS.c.state.in_([literal_column(f"'{each.value}'") for each in (State.SERVING, State.PROCESSING)]),
        SEGMENTS.c.pool_id.is_(None),
    )
    .order_by(SEGMENTS.c.ordinal.desc())
    .limit(1)
    .correlate(VISITS)
)
# All that the decision rests on, in one look-up: every transaction that ends needs it.
BACKGROUND = Prepared(
    select(
        VISITS.c.language,
        CONTACTS.c.email,
        CONTACTS.c.phone,
        CONTACTS.c.consented_at,
        PENDING_MESSAGE.exists().label("message_pending"),
        LAST_OFFICER.scalar_subquery().label("officer_id"),
        INVITATIONS.c.id,
        INVITATIONS.c.transaction_id,
        INVITATIONS.c.state,
        INVITATIONS.c.generation,
        INVITATIONS.c.expires_at,
        INVITATIONS.c.decided_at,
        INVITATIONS.c.questionnaire_id,
        INVITATIONS.c.privacy,
        INVITATIONS.c.correction_s,
        INVITATIONS.c.taken_back_at,
        INVITATIONS.c.decided_by,
        INVITATIONS.c.held_at,
        INVITATIONS.c.retimed_at,
        VISITS.c.id.label("visit_id"),
    )
    .outerjoin(CONTACTS, (CONTACTS.c.office_id == VISITS.c.office_id) & (CONTACTS.c.visit_id == VISITS.c.id))
    .outerjoin(
        INVITATIONS,
        (INVITATIONS.c.office_id == VISITS.c.office_id) & (INVITATIONS.c.transaction_id == bindparam("transaction")),
    )
    .where(VISITS.c.office_id == bindparam("office"), VISITS.c.id == bindparam("visit"))
)
_DECIDED = select(INVITATIONS).where(INVITATIONS.c.office_id == bindparam("office"))
DECIDED = Prepared(_DECIDED.where(INVITATIONS.c.id == bindparam("id")))
DECIDED_ON = Prepared(_DECIDED.where(INVITATIONS.c.transaction_id == bindparam("transaction")))


@dataclass(frozen=True, slots=True)
class LastEnd:
    """What an invitation was about that a reopening took back: the service and the officer of the last end."""

    service_id: int
    officer_id: int | None


def ask(unit: Unit, transaction: Transaction) -> None:
    """Decide whether to ask about a transaction that has just ended; queue the message in the same unit.

    A decision that stands (it was sent or answered before the transaction was reopened, made at the limit, or revoked)
    is not made again; what was sent, and held by the reopening, is timed anew.
    """
    _decide(unit, transaction, None)


def ask_at_limit(unit: Unit, transaction: Transaction, last: LastEnd) -> None:
    """Decide whether to ask about the last end of a transaction that has been in work too long since it was reopened.

    Whoever works on it now, and at which service, changes nothing. Does nothing where a decision stands.
    """
    _decide(unit, replace(transaction, service_id=last.service_id), last)


def _decide(unit: Unit, transaction: Transaction, at_limit: LastEnd | None) -> None:
    values = {"office": unit.office_id, "visit": transaction.visit_id, "transaction": transaction.id}
    found = BACKGROUND.first(unit.connection, values)
    last = None if found.id is None else _invitation(found)
    if last is not None and last.state is not InvitationState.SUPERSEDED:
        time_anew(unit, last, DecidedAt.END)
        return
    asked, rules = _asked(unit, transaction, found), unit.configuration.rules
    reason = decide(asked)[1]
    due = None if reason not in QUEUES or asked.route is None else due_by(unit, transaction.service_id, asked.route)
    by, officer_id = (DecidedAt.END, found.officer_id) if at_limit is None else (DecidedAt.LIMIT, at_limit.officer_id)
    event = unit.append(
        decided(
            transaction.id,
            transaction.visit_id,
            asked,
            at=unit.at,
            last=last,
            valid_days=rules.asking.survey_valid_days,
            questionnaire_id=unit.configuration.questionnaire_for(transaction.service_id),
            told=Told(rules.survey_privacy, rules.survey_correction),
            about=About(transaction.service_id, officer_id, due, by),
        )
    )
    invitation_id = event.id if last is None else last.id
    if event.payload["expires"] is not None:
        _give_links(unit, invitation_id, event, by_message=reason in BY_MESSAGE, has_phone=asked.has_phone)
    if due is not None and asked.route is not None:
        queue_message(unit, due, invitation_id, event, To.of(found, asked.route))


def time_anew(unit: Unit, invitation: Invitation, by: DecidedAt) -> None:
    """Let link, reminder and a message that waits count from now; does nothing where no question is held."""
    if invitation.held_at is None or invitation.state is not InvitationState.OPEN:
        return
    expires = unit.at + timedelta(days=unit.configuration.rules.asking.survey_valid_days)
    unit.append(retimed(invitation, expires_at=expires, by=by))
    _send_put_off(unit, invitation)


def _send_put_off(unit: Unit, invitation: Invitation) -> None:
    """Let the message of a question that was held before it had gone out be due as after an end."""
    here = DELIVERIES.c.office_id == unit.office_id
    waits = (
        DELIVERIES.c.invitation_id == invitation.id,
        DELIVERIES.c.kind == "survey",
        DELIVERIES.c.state == "pending",
    )
    query = select(DELIVERIES.c.id, DELIVERIES.c.channel, INVITATIONS.c.service_id).join(
        INVITATIONS,
        (INVITATIONS.c.office_id == DELIVERIES.c.office_id) & (INVITATIONS.c.id == DELIVERIES.c.invitation_id),
    )
    for each in unit.connection.execute(query.where(here, *waits)).all():
        due = due_by(unit, each.service_id, Channel(each.channel))
        mine = update(DELIVERIES).where(here, DELIVERIES.c.id == each.id, DELIVERIES.c.state == "pending")
        unit.connection.execute(mine.values(due_at=due))


def _asked(unit: Unit, transaction: Transaction, found: Any) -> Asked:
    """Return what the rule needs to know; who gave an address or a number is looked up by it, nobody else is."""
    settings = unit.configuration.rules.asking
    service = unit.configuration.services[transaction.service_id]
    known, by_phone = (look_up(unit, each, transaction.visit_id) for each in (found.email, found.phone))
    return Asked(
        ending=transaction.ending,
        was_served=transaction.served_at is not None or transaction.resting is not None,
        has_email=bool(found.email),
        consented=found.consented_at is not None,
        message_pending=bool(found.message_pending),
        surveys=settings.survey_on,
        service_excluded=service.survey_percent == 0,
        unserved_too=settings.survey_unserved,
        own_staff=known.own_staff or by_phone.own_staff,
        opted_out=known.opted_out or by_phone.opted_out,
        bounced=known.bounced,
        links=settings.survey_link_on,
        asked_lately=any(each.asked_lately(settings, unit.at) for each in (known, by_phone)),
        sampled=drawn(unit.keys.links, transaction.id, unit.configuration.survey_percent(service.id)),
        has_phone=bool(found.phone),
        phone_bounced=by_phone.bounced,
        phone_first=settings.survey_phone_first,
    )


def due_by(unit: Unit, service_id: int, channel: Channel) -> datetime:
    """Return when a message about a service goes out by this channel that is queued now."""
    calendar = unit.configuration.services[service_id].calendar
    return send_at(unit.configuration.rules.asking.timing(channel), unit.at, calendar)


def _give_links(unit: Unit, invitation_id: int, event: Event, *, by_message: bool, has_phone: bool) -> None:
    generation = event.payload["generation"]
    if not isinstance(generation, int):
        raise TypeError("a generation is a number")
    # Both ways, where both are known: a message that fails one way may be sent the other.
    by = ["email", "phone"] if has_phone else ["email"]
    given = [(TokenKind.SURVEY, each) for each in (*ON_OWN_PAGE, *by)]
    given += [(TokenKind.NO_SURVEY, each) for each in by] if by_message else []
    for kind, channel in given:
        token = derive(unit.keys.links, kind, invitation_id, channel=channel, generation=generation)
        keep_token(unit, token, kind, invitation_id, generation=generation)


@dataclass(frozen=True, slots=True)
class To:
    """Where a message goes, by what, and in which language; `known` are all addresses of the visit."""

    channel: Channel
    address: str
    language: str
    known: tuple[str | None, ...]

    @classmethod
    def of(cls, contact: Any, channel: Channel) -> "To":
        """Return the way to a visitor's contact by this channel."""
        address = contact.email if channel is Channel.EMAIL else contact.phone
        return cls(channel, address, contact.language, (contact.email, contact.phone))


def queue_message(unit: Unit, due: datetime, invitation_id: int, event: Event, to: To) -> None:
    """Let a message wait in the outbox, and remember whom it asks."""
    if event.visit_id is None:
        raise TypeError("a message is about a visit")
    remember_asking(unit, to.known, event.visit_id)
    unit.connection.execute(
        insert(DELIVERIES),
        {
            "office_id": unit.office_id,
            "id": event.id,
            "kind": "survey",
            "channel": to.channel.value,
            "visit_id": event.visit_id,
            "invitation_id": invitation_id,
            "address": to.address,
            "language": to.language,
            "state": "pending",
            "idempotency_key": f"survey-{event.id}",
            "queued_at": unit.at,
            "due_at": due,
            "attempts": 0,
        },
    )


def find_invitation(
    unit: Unit, *, transaction_id: int | None = None, invitation_id: int | None = None
) -> Invitation | None:
    """Return the decision on a transaction (or the one with this id); None when there is none."""
    if transaction_id is not None:
        row = DECIDED_ON.first(unit.connection, {"office": unit.office_id, "transaction": transaction_id})
    else:
        row = DECIDED.first(unit.connection, {"office": unit.office_id, "id": invitation_id})
    return None if row is None else _invitation(row)


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
        row.taken_back_at,
        DecidedAt(row.decided_by),
        row.held_at,
        row.retimed_at,
    )
