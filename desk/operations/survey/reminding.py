"""The one reminder about a visit for those who were asked by a message and are silent, so many days after it went out.

While a matter of the visit is open again nobody is reminded, and after its next end the days count from there.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import insert, select, text, update

from desk.domain.asking_times import Timing, remind_at
from desk.domain.facts import EventName, Fact
from desk.domain.invitation import Channel, Invitation, InvitationState
from desk.domain.messages import MessageKind
from desk.models import Office, TransactionRow
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.operations.survey.asked_people import look_up, wants_none
from desk.operations.survey.asking import DELIVERIES, INVITATIONS, find_invitation

OFFICES: Any = Office.__table__
TRANSACTIONS: Any = TransactionRow.__table__
AT_ONCE: Final = 100
NONE_TO_COME: Final = 0
# As literal text: with bound parameters the partial index would not be used.
_SILENT: Final = text("kind = 'survey' AND state = 'sent' AND reminder IS NULL")


def offices_with_silent(streams: Streams) -> list[int]:
    """Return the offices that remind, and have a message that went out so many days ago."""
    days = select(OFFICES.c.id, OFFICES.c.survey_reminder_days).where(OFFICES.c.survey_reminder_days > 0)
    with streams.reading() as connection:
        rows = connection.execute(days).tuples().all()
        return [each for each, wait in rows if connection.execute(_silent(streams, each, wait).limit(1)).first()]


def _silent(streams: Streams, office_id: int, days: int) -> Any:
    before = streams.clock() - timedelta(days=days)
    mine = (INVITATIONS.c.office_id == DELIVERIES.c.office_id) & (INVITATIONS.c.visit_id == DELIVERIES.c.visit_id)
    later = INVITATIONS.c.held_at.is_not(None) | (INVITATIONS.c.retimed_at > before)
    waits = select(INVITATIONS.c.id).where(mine, INVITATIONS.c.state == InvitationState.OPEN.value, later)
    silent = (_SILENT, DELIVERIES.c.office_id == office_id, DELIVERIES.c.sent_at <= before)
    return select(DELIVERIES).where(*silent, ~waits.correlate(DELIVERIES).exists())


def remind_due(streams: Streams, office_id: int, request: Request) -> Done:
    """Queue the reminders that are due; answers reminded (ids of the messages) and left (how many get none).

    None for those who answered, opted out, have no mailbox any more or an expired link, and never a second about a
    visit, however many messages asked about it.
    """

    def work(unit: Unit) -> Done:
        days = unit.configuration.rules.asking.survey_reminder_days
        if days <= 0:
            return unit.done(reminded=[], left=0)
        query = _silent(streams, office_id, days).order_by(DELIVERIES.c.sent_at).limit(AT_ONCE)
        rows = unit.connection.execute(query.with_for_update()).all()
        made = [_remind(unit, row) for row in rows]
        return unit.done(reminded=[each for each in made if each], left=made.count(NONE_TO_COME))

    return streams.run(office_id, request, work)


def _remind(unit: Unit, sent: Any) -> int:
    """Queue the reminder of a message and return its id; 0 where there is none."""
    invitation = find_invitation(unit, invitation_id=sent.invitation_id)
    due = _due(unit, sent, invitation) if invitation is not None else None
    reminder = NONE_TO_COME
    if invitation is not None and due is not None:
        facts: dict[str, Any] = {"delivery": sent.id, "invitation": invitation.id}
        event = unit.append(Fact(EventName.REMINDER_QUEUED, facts, invitation.transaction_id, invitation.visit_id))
        reminder = event.id
        kept = ("channel", "visit_id", "invitation_id", "address", "language")
        row = {name: getattr(sent, name) for name in kept} | {"office_id": unit.office_id, "id": reminder}
        row |= {"kind": "reminder", "state": "pending", "idempotency_key": f"reminder-{reminder}", "attempts": 0}
        unit.connection.execute(insert(DELIVERIES), {**row, "queued_at": unit.at, "due_at": due})
    mine = (DELIVERIES.c.office_id == unit.office_id) & (DELIVERIES.c.id == sent.id)
    unit.connection.execute(update(DELIVERIES).where(mine).values(reminder=reminder))
    return reminder


def _due(unit: Unit, sent: Any, invitation: Invitation) -> Any:
    """Return when a reminder is due; None where none is to go out."""
    if invitation.state is not InvitationState.OPEN or invitation.expires_at is None or sent.address is None:
        return None
    unwelcome = wants_none(unit, sent.visit_id, sent.address) or look_up(unit, sent.address, sent.visit_id).bounced
    if unwelcome or is_answered(unit, sent.visit_id) or _is_reminded(unit, sent.visit_id):
        return None
    mine = (TRANSACTIONS.c.office_id == unit.office_id) & (TRANSACTIONS.c.id == invitation.transaction_id)
    service_id = unit.connection.execute(select(TRANSACTIONS.c.service_id).where(mine)).scalar_one()
    calendar = unit.configuration.services[service_id].calendar
    timing = unit.configuration.rules.asking.timing(Channel(sent.channel))
    since = max(sent.sent_at, invitation.retimed_at or sent.sent_at)
    due = remind_at(timing, since, calendar, expires_at=invitation.expires_at)
    # The worker may have been away: a reminder that is late is still not sent at night.
    return due if due is None or due >= unit.at else _from_now(unit, timing, calendar, invitation)


def _from_now(unit: Unit, timing: Timing, calendar: Any, invitation: Invitation) -> Any:
    sent = unit.at - timedelta(days=timing.reminder_days)
    return remind_at(timing, sent, calendar, expires_at=invitation.expires_at or unit.at)


def _is_reminded(unit: Unit, visit_id: int) -> bool:
    """Tell whether a reminder about this visit was queued; one that was stopped before it went out is none."""
    mine = (DELIVERIES.c.office_id == unit.office_id, DELIVERIES.c.visit_id == visit_id)
    reminds = (DELIVERIES.c.kind == MessageKind.REMINDER.value, DELIVERIES.c.state != "cancelled")
    return unit.connection.execute(select(DELIVERIES.c.id).where(*mine, *reminds).limit(1)).first() is not None


def is_answered(unit: Unit, visit_id: int) -> bool:
    """Tell whether an answer about this visit came in: one form asked about all of it."""
    mine = (INVITATIONS.c.office_id == unit.office_id, INVITATIONS.c.visit_id == visit_id)
    answered = INVITATIONS.c.state == InvitationState.ANSWERED.value
    return unit.connection.execute(select(INVITATIONS.c.id).where(*mine, answered).limit(1)).first() is not None
