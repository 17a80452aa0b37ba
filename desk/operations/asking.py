"""Asking afterwards: the decision for every ended transaction, the message it queues, and the one answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, insert, literal_column, select, update

from desk.domain import invitation as rule
from desk.domain.custody import Transaction
from desk.domain.facts import Event
from desk.domain.identity import office_of
from desk.domain.invitation import Asked, Decision, DecisionReason, Invitation, InvitationState
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind, derive
from desk.models import Delivery, InvitationRow, VisitContact
from desk.models.prepared import Prepared
from desk.operations.configuration import Rules
from desk.operations.finding import VISITS
from desk.operations.linking import keep_token
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

INVITATIONS: Any = InvitationRow.__table__
DELIVERIES: Any = Delivery.__table__
CONTACTS: Any = VisitContact.__table__
COMMENT_LIMIT = 4_000

CONTACT = Prepared(
    select(CONTACTS.c.email, CONTACTS.c.consented_at, VISITS.c.language)
    .join(VISITS, (VISITS.c.office_id == CONTACTS.c.office_id) & (VISITS.c.id == CONTACTS.c.visit_id))
    .where(CONTACTS.c.office_id == bindparam("office"), CONTACTS.c.visit_id == bindparam("visit"))
)
# A message whose own question was answered meanwhile is not sent: it takes no other question along.
_ASKED = INVITATIONS.alias("asked")
PENDING_MESSAGE = (
    select(DELIVERIES.c.id)
    .join(_ASKED, (_ASKED.c.office_id == DELIVERIES.c.office_id) & (_ASKED.c.id == DELIVERIES.c.invitation_id))
    .where(
        _ASKED.c.state == literal_column("'open'"),
        DELIVERIES.c.office_id == VISITS.c.office_id,
        DELIVERIES.c.visit_id == VISITS.c.id,
        DELIVERIES.c.state == literal_column("'pending'"),
    )
    .correlate(VISITS)
)
# All that the decision rests on, in one look-up: every transaction that ends needs it.
BACKGROUND = Prepared(
    select(
        VISITS.c.language,
        CONTACTS.c.email,
        CONTACTS.c.consented_at,
        PENDING_MESSAGE.exists().label("message_pending"),
        INVITATIONS.c.id,
        INVITATIONS.c.transaction_id,
        INVITATIONS.c.state,
        INVITATIONS.c.generation,
        INVITATIONS.c.expires_at,
        INVITATIONS.c.decided_at,
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


def ask(unit: Unit, transaction: Transaction) -> None:
    """Decide whether to ask about a transaction that has just ended; queue the message in the same unit.

    A decision that stands (it was sent or answered before the transaction was reopened) is not made again.
    """
    rules = unit.configuration.rules
    values = {"office": unit.office_id, "visit": transaction.visit_id, "transaction": transaction.id}
    found = BACKGROUND.first(unit.connection, values)
    last = None if found.id is None else _invitation(found)
    if last is not None and last.state is not InvitationState.SUPERSEDED:
        return
    asked = Asked(
        ending=transaction.ending,
        was_served=transaction.served_at is not None or transaction.resting is not None,
        has_email=bool(found.email),
        consented=found.consented_at is not None,
        message_pending=bool(found.message_pending),
        surveys=rules.survey_on,
    )
    event = unit.append(
        rule.decided(
            transaction.id, transaction.visit_id, asked, at=unit.at, last=last, valid_days=rules.survey_valid_days
        )
    )
    if event.payload["decision"] != Decision.INVITED.value:
        return
    invitation_id = event.id if last is None else last.id
    _give_link(unit, invitation_id, event)
    if event.payload["reason"] == DecisionReason.BY_EMAIL.value:
        _queue_message(unit, rules, invitation_id, event, found)


def _give_link(unit: Unit, invitation_id: int, event: Event) -> None:
    generation = event.payload["generation"]
    if not isinstance(generation, int):
        raise TypeError("a generation is a number")
    for channel in ("link", "email"):
        token = derive(unit.keys.links, TokenKind.SURVEY, invitation_id, channel=channel, generation=generation)
        keep_token(unit, token, TokenKind.SURVEY, invitation_id, generation=generation)


def _queue_message(unit: Unit, rules: Rules, invitation_id: int, event: Event, contact: Any) -> None:
    unit.connection.execute(
        insert(DELIVERIES),
        {
            "office_id": unit.office_id,
            "id": event.id,
            "kind": "survey",
            "channel": "email",
            "visit_id": event.visit_id,
            "invitation_id": invitation_id,
            "address": contact.email,
            "language": contact.language,
            "state": "pending",
            "idempotency_key": f"survey-{event.id}",
            "queued_at": unit.at,
            "due_at": unit.at + timedelta(seconds=rules.survey_delay_s),
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
    )


def take_back_question(unit: Unit, transaction_id: int) -> None:
    """Supersede the decision on a reopened transaction, unless the message went out or the answer came in."""
    invitation = find_invitation(unit, transaction_id=transaction_id)
    if invitation is None or invitation.state in (InvitationState.ANSWERED, InvitationState.SUPERSEDED):
        return
    # Held against the delivery worker, which takes rows without the office's lock.
    messages = unit.connection.execute(_messages(unit, invitation.visit_id).with_for_update()).all()
    mine = [each.id for each in messages if each.invitation_id == invitation.id and each.state == "pending"]
    if not mine and invitation.state is InvitationState.OPEN and any(_asks(each, invitation) for each in messages):
        return
    event = unit.append(rule.superseded(invitation))
    if mine:
        cancelled = update(DELIVERIES).where(DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id.in_(mine))
        unit.connection.execute(cancelled.values(state="cancelled", address=None))
        _pass_on_message(unit, invitation.visit_id, event)


def _messages(unit: Unit, visit_id: int) -> Select[Any]:
    return select(DELIVERIES).where(DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.visit_id == visit_id)


def _asks(message: Any, invitation: Invitation) -> bool:
    """Tell whether a message went out with this question: one that is sent asks about all of its visit."""
    if message.state != "sent":
        return bool(message.state == "sending")
    own = message.invitation_id == invitation.id or invitation.decided_at is None
    return own or bool(message.sent_at >= invitation.decided_at)


def _pass_on_message(unit: Unit, visit_id: int, event: Event) -> None:
    """Ask about the rest of the visit, about which the message would have asked that was taken back."""
    query = select(INVITATIONS.c.id).where(
        INVITATIONS.c.office_id == unit.office_id,
        INVITATIONS.c.visit_id == visit_id,
        INVITATIONS.c.state == InvitationState.OPEN.value,
        INVITATIONS.c.reason == DecisionReason.SAME_VISIT.value,
    )
    left = unit.connection.execute(query.order_by(INVITATIONS.c.id)).scalars().first()
    contact = CONTACT.first(unit.connection, {"office": unit.office_id, "visit": visit_id})
    if left is not None and contact is not None and contact.email and contact.consented_at is not None:
        _queue_message(unit, unit.configuration.rules, left, event, contact)


def answer(
    streams: Streams,
    invitation_id: int,
    generation: int,
    scores: Mapping[int, tuple[int, str | None]],
    request: Request,
) -> Done:
    """Record the answers to a message: for each invitation of the same visit a score (1 to 5) and maybe a comment.

    `invitation_id` and `generation` are those of the link that was used. Raises `Refused`: LINK_USED, LINK_EXPIRED,
    LINK_REVOKED, SCORE_MISSING, INVALID for a comment over 4,000 characters.
    """

    def work(unit: Unit) -> Done:
        linked = find_invitation(unit, invitation_id=invitation_id)
        if linked is None or linked.generation != generation:
            raise Refused(Reason.LINK_REVOKED)
        if not scores:
            rule.require_answerable(linked, at=unit.at)
            raise Refused(Reason.SCORE_MISSING)
        responses = [_answer(unit, linked, each, *given) for each, given in scores.items()]
        return unit.done(invitation=invitation_id, responses=responses)

    return streams.run(office_of(invitation_id), request, work)


def _answer(unit: Unit, linked: Invitation, invitation_id: int, score: int, comment: str | None) -> int:
    invitation = find_invitation(unit, invitation_id=invitation_id)
    if invitation is None or invitation.visit_id != linked.visit_id:
        raise Refused(Reason.LINK_REVOKED)
    if comment is not None and len(comment) > COMMENT_LIMIT:
        raise Refused(Reason.INVALID, field="comment")
    fact = rule.answered(invitation, at=unit.at, score=score)
    fact.payload["comment"] = unit.seal(comment)
    return unit.append(fact, words=comment).id
