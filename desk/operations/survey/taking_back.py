"""Taking the question back: when a transaction is opened again, and by hand, which is for good."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, select, update

from desk.domain import invitation as rule
from desk.domain.access import Role, acting_person, require
from desk.domain.asking import choose_way
from desk.domain.asking_times import limit_of
from desk.domain.custody import Transaction
from desk.domain.facts import Event
from desk.domain.held_invitation import held
from desk.domain.identity import office_of
from desk.domain.invitation import DecisionReason, Invitation, InvitationState
from desk.domain.queueing import require_note
from desk.domain.reasons import RevokeReason
from desk.domain.refusals import Reason, Refused
from desk.models.prepared import Prepared
from desk.operations.complaints.following_up import handlers_of
from desk.operations.finding import VISITS, get_transaction
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.asked_people import forget_asking, look_up
from desk.operations.survey.asking import CONTACTS, DELIVERIES, INVITATIONS, To, due_by, find_invitation, queue_message

REVOKERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
CONTACT = Prepared(
    select(CONTACTS.c.email, CONTACTS.c.phone, CONTACTS.c.consented_at, VISITS.c.language)
    .join(VISITS, (VISITS.c.office_id == CONTACTS.c.office_id) & (VISITS.c.id == CONTACTS.c.visit_id))
    .where(CONTACTS.c.office_id == bindparam("office"), CONTACTS.c.visit_id == bindparam("visit"))
)


def take_back_question(unit: Unit, transaction: Transaction) -> None:
    """Supersede the decision on a reopened transaction, unless the answer came in; hold it if it is under way.

    That is if the message went out or the visitor has begun to answer. So long as it may be taken back at all
    (`desk.domain.invitation.stays`).
    """
    invitation = find_invitation(unit, transaction_id=transaction.id)
    if invitation is None or rule.stays(invitation, until=_limit(unit, transaction, invitation), at=unit.at):
        return
    messages = _held(unit, invitation.visit_id)
    waiting = any(_waits(each, "survey") and each.invitation_id == invitation.id for each in messages)
    is_sent = not waiting and any(_asks(each, invitation) for each in messages)
    if invitation.state is InvitationState.OPEN and (is_sent or _is_begun(unit, invitation)):
        _hold(unit, transaction, invitation, messages)
        return
    event = unit.append(rule.superseded(invitation))
    _cancel(unit, invitation, messages, event)


def _is_begun(unit: Unit, invitation: Invitation) -> bool:
    """Tell whether the visitor has turned the first page: what they are writing stays theirs to send."""
    mine = (INVITATIONS.c.office_id == unit.office_id, INVITATIONS.c.id == invitation.id)
    return unit.connection.execute(select(INVITATIONS.c.begun_at).where(*mine)).scalar_one() is not None


def _waits(message: Any, kind: str) -> bool:
    return bool(message.kind == kind and message.state == "pending")


def _hold(unit: Unit, transaction: Transaction, invitation: Invitation, messages: Sequence[Any]) -> None:
    """Let the question wait for the next end, or for the limit, after which its link works on as after an end.

    A reminder that waits is stopped, and may come after that again. A message that waits goes on waiting
    (`desk.operations.survey.asking.time_anew`), unless it asks about the rest of the visit too.
    """
    if invitation.held_at is not None:
        return
    if reminders := [each.id for each in messages if _waits(each, "reminder")]:
        mine = DELIVERIES.c.office_id == unit.office_id
        stopped = update(DELIVERIES).where(mine, DELIVERIES.c.id.in_(reminders))
        unit.connection.execute(stopped.values(state="cancelled", address=None))
        reminded = update(DELIVERIES).where(mine, DELIVERIES.c.reminder.in_(reminders))
        unit.connection.execute(reminded.values(reminder=None))
    limit = limit_for(unit, transaction.service_id, invitation.taken_back_at or unit.at)
    if waiting := [each.id for each in messages if _waits(each, "survey") and each.invitation_id == invitation.id]:
        _put_off(unit, invitation, waiting, limit)
    days = unit.configuration.rules.asking.survey_valid_days
    unit.append(held(invitation, expires_at=limit + timedelta(days=days)))


def _put_off(unit: Unit, invitation: Invitation, waiting: list[int], until: datetime) -> None:
    """Let messages wait that ask about nothing but a matter that is in work again."""
    rest = _rest_of_visit(unit, invitation.visit_id).where(INVITATIONS.c.id != invitation.id)
    if unit.connection.execute(rest).first() is not None:
        return
    mine = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id.in_(waiting))
    unit.connection.execute(update(DELIVERIES).where(*mine).values(due_at=until))


def _limit(unit: Unit, transaction: Transaction, invitation: Invitation) -> datetime | None:
    if invitation.taken_back_at is None:
        return None
    return limit_for(unit, transaction.service_id, invitation.taken_back_at)


def limit_for(unit: Unit, service_id: int, taken_back_at: datetime) -> datetime:
    """Return when a transaction that was reopened then, and is still in work, is decided about all the same."""
    rules, calendar = unit.configuration.rules, unit.configuration.services[service_id].calendar
    return limit_of(calendar, taken_back_at, rules.asking.survey_reopened_days, starts_at=rules.day_starts_at)


def revoke(
    streams: Streams, transaction_id: int, request: Request, *, reason: RevokeReason, note: str | None = None
) -> Done:
    """Revoke all links to the survey of a transaction, for good, and stop its messages; answers transaction.

    For supervisors and administrators who had no hand in it: nobody stops a bad score of their own. Raises `Refused`:
    FORBIDDEN, UNKNOWN, HANDLED_IT, ANSWER_STANDS, ALREADY_DONE, NOTHING_TO_REVOKE, NOTE_MISSING.
    """
    require_note(reason, note)

    def work(unit: Unit) -> Done:
        require(unit.actor, REVOKERS)
        transaction = get_transaction(unit, transaction_id)
        if acting_person(unit.actor) in handlers_of(unit, transaction.id):
            raise Refused(Reason.HANDLED_IT)
        invitation = find_invitation(unit, transaction_id=transaction.id)
        if invitation is None:
            raise Refused(Reason.NOTHING_TO_REVOKE)
        fact = rule.revoked(invitation, at=unit.at, reason=reason, note=unit.seal(note))
        messages = _held(unit, invitation.visit_id)
        _cancel(unit, invitation, messages, unit.append(fact, words=note))
        return unit.done(transaction=transaction.id)

    return streams.run(office_of(transaction_id), request, work)


def _cancel(unit: Unit, invitation: Invitation, messages: Sequence[Any], event: Event) -> None:
    """Stop what waits of an invitation; the rest of the visit is asked about all the same."""
    mine = [each for each in messages if each.invitation_id == invitation.id and each.state == "pending"]
    if not mine:
        return
    ids = [each.id for each in mine]
    cancelled = update(DELIVERIES).where(DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.id.in_(ids))
    unit.connection.execute(cancelled.values(state="cancelled", address=None))
    asks_first = any(each.kind == "survey" for each in mine)
    if asks_first and not _pass_on_message(unit, invitation.visit_id, event):
        forget_asking(unit, invitation.visit_id)


def _held(unit: Unit, visit_id: int) -> Sequence[Any]:
    """Return the messages about a visit, held against the delivery worker, which takes no office's lock."""
    mine = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.visit_id == visit_id)
    return unit.connection.execute(select(DELIVERIES).where(*mine).with_for_update()).all()


def _asks(message: Any, invitation: Invitation) -> bool:
    """Tell whether a message went out with this question: one that is sent asks about all of its visit."""
    if message.kind != "survey":
        return False
    if message.state != "sent":
        return bool(message.state == "sending")
    own = message.invitation_id == invitation.id or invitation.decided_at is None
    return own or bool(message.sent_at >= invitation.decided_at)


def _rest_of_visit(unit: Unit, visit_id: int) -> Select[Any]:
    """What the message about another matter of the visit asks about as well."""
    query = select(INVITATIONS.c.id, INVITATIONS.c.service_id).where(
        INVITATIONS.c.office_id == unit.office_id,
        INVITATIONS.c.visit_id == visit_id,
        INVITATIONS.c.state == InvitationState.OPEN.value,
        INVITATIONS.c.reason == DecisionReason.SAME_VISIT.value,
    )
    return query.order_by(INVITATIONS.c.id)


def _pass_on_message(unit: Unit, visit_id: int, event: Event) -> bool:
    """Ask about the rest of the visit, about which the message would have asked that was taken back; tell whether."""
    left = unit.connection.execute(_rest_of_visit(unit, visit_id)).first()
    contact = CONTACT.first(unit.connection, {"office": unit.office_id, "visit": visit_id})
    if left is None or contact is None or contact.consented_at is None:
        return False
    channel = choose_way(
        email=bool(contact.email) and not look_up(unit, contact.email, visit_id).bounced,
        phone=bool(contact.phone) and not look_up(unit, contact.phone, visit_id).bounced,
        phone_first=unit.configuration.rules.asking.survey_phone_first,
    )
    if channel is None:
        return False
    queue_message(unit, due_by(unit, left.service_id, channel), left.id, event, To.of(contact, channel))
    return True
