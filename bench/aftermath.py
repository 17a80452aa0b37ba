"""What a long past leaves behind beside transactions and answers: follow-ups of low answers, voices, sent messages.

Rows only, without their events, for pages to be timed: every answer of 1 or 2 has its follow-up (the newest are open),
one of fifty visitors said something of their own accord, and every second invitation went out by e-mail.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from bench.office import BenchOffice
from desk.models import Base, InvitationRow, ResponseRow
from desk.operations.stream import Streams

OPEN_FOLLOW_UPS, OPEN_VOICES = 2_000, 500
PORTION = 1_000
STATES = ("resolved", "resolved", "resolved", "unreachable", "not_justified")
KINDS = ("complaint", "suggestion", "compliment")


def write_aftermath(streams: Streams, office: BenchOffice) -> None:
    """Write all of it from what is there."""
    with streams.engine.begin() as connection:
        answers = connection.execute(
            select(ResponseRow.id, ResponseRow.transaction_id, ResponseRow.received_at, ResponseRow.service_id)
            .where(ResponseRow.office_id == office.id, ResponseRow.score <= 2)
            .order_by(ResponseRow.id.desc())
        ).all()
        _write(connection, "follow_ups", (_follow_up(office, each, at) for at, each in enumerate(answers)))
        _write(connection, "voices", (_voice(office, each, at) for at, each in enumerate(answers[::5])))
        invited = connection.execute(
            select(InvitationRow.id, InvitationRow.visit_id, InvitationRow.decided_at)
            .where(InvitationRow.office_id == office.id, InvitationRow.decision == "invited")
            .order_by(InvitationRow.id)
        ).all()
        _write(connection, "deliveries", (_message(office, each) for each in invited[::2]))


def _follow_up(office: BenchOffice, answer: Row[Any], at: int) -> dict[str, Any]:
    opened, closed = answer.received_at, at >= OPEN_FOLLOW_UPS
    return {
        "office_id": office.id, "id": answer.id, "origin": "score", "state": STATES[at % 5] if closed else "open",
        "privacy": "linked", "barred": [], "service_id": answer.service_id, "transaction_id": answer.transaction_id,
        "response_id": answer.id, "satisfaction": 2_500, "day": opened.date(), "opened_at": opened,
        "due_on": (opened + timedelta(days=5)).date(), "touched_at": opened + timedelta(days=1) if closed else None,
        "closed_at": opened + timedelta(days=2 + at % 6) if closed else None,
        "closed_by": office.head_id if closed else None,
    }  # fmt: skip


def _voice(office: BenchOffice, answer: Row[Any], at: int) -> dict[str, Any]:
    received, closed = answer.received_at, at >= OPEN_VOICES
    return {
        "office_id": office.id, "id": answer.id, "kind": KINDS[at % 3], "state": "answered" if closed else "received",
        "channel": "kiosk", "language": "id", "anonymous": at % 4 == 0, "service_id": answer.service_id, "barred": [],
        "day": received.date(), "received_at": received,
        "acknowledge_on": (received + timedelta(days=3)).date() if at % 3 == 0 else None,
        "answer_on": (received + timedelta(days=14)).date() if at % 3 == 0 else None,
        "answered_at": received + timedelta(days=3) if closed else None,
        "closed_at": received + timedelta(days=3) if closed else None,
    }  # fmt: skip


def _message(office: BenchOffice, invitation: Row[Any]) -> dict[str, Any]:
    at = invitation.decided_at
    return {
        "office_id": office.id, "id": invitation.id, "kind": "survey", "channel": "email", "language": "id",
        "visit_id": invitation.visit_id, "invitation_id": invitation.id, "state": "sent", "attempts": 1,
        "idempotency_key": f"past-{invitation.id}", "queued_at": at, "due_at": at, "sent_at": at, "reminder": 0,
    }  # fmt: skip


def _write(connection: Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    columns = Base.metadata.tables[table].columns.keys()
    whole: Iterator[dict[str, Any]] = ({name: row[name] for name in columns if name in row} for row in rows)
    while portion := list(islice(whole, PORTION)):
        connection.execute(insert(Base.metadata.tables[table]), portion)
