"""Transactions and what hangs on them: queue entries, custody, handoffs, calls; and the duties of officers."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    false,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant

AT_COUNTER = text("state IN ('called', 'serving')")
WAITING = text("place = 'waiting'")
ON_DUTY = text("ended_at IS NULL")
OFFERED = text("state = 'offered'")
BATCHED = text("batch_id IS NOT NULL")


def at_counter() -> ColumnElement[bool]:
    """Return the condition of the partial keys over those called or served, as literals so that planners use them."""
    states: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in ("called", "serving")]
    return TransactionRow.__table__.c.state.in_(states)


def waiting() -> ColumnElement[bool]:
    """Return the condition of the partial index that is the queue."""
    return QueueEntry.__table__.c.place == literal_column("'waiting'")


def offered() -> ColumnElement[bool]:
    """Return the condition of the partial indexes over open offers."""
    return HandoffRow.__table__.c.state == literal_column("'offered'")


def _where(condition: Any) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


def _of_transaction() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["office_id", "transaction_id"], ["transactions.office_id", "transactions.id"])


class TransactionRow(Base):
    """One service for one visitor as it stands now; the partial unique keys stand behind the rules of the counter."""

    __tablename__ = "transactions"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "visit_id"], ["visits.office_id", "visits.id"]),
        Index("uq_transactions_visit_at_counter", "office_id", "visit_id", unique=True, **_where(AT_COUNTER)),
        Index("uq_transactions_officer_at_counter", "office_id", "holder_id", unique=True, **_where(AT_COUNTER)),
        Index("uq_transactions_counter", "office_id", "counter_id", unique=True, **_where(AT_COUNTER)),
        Index("ix_transactions_open", "office_id", "state", **_where(text("ended_at IS NULL"))),
        Index("ix_transactions_visit", "office_id", "visit_id"),
        Index("ix_transactions_ended", "office_id", "ended_at", **_where(text("ended_at IS NOT NULL"))),
        Index(
            "ix_transactions_served",
            "office_id",
            "ended_at",
            "service_id",
            **_where(text("ended_at IS NOT NULL AND served_at IS NOT NULL")),
        ),
        Index("ix_transactions_pool", "office_id", "pool_id", **_where(text("pool_id IS NOT NULL"))),
        Index("ix_transactions_alert", "office_id", "holder_id", **_where(text("alert_id IS NOT NULL"))),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    visit_id: Mapped[int] = mapped_column(BigInteger)
    first_visit_id: Mapped[int] = mapped_column(BigInteger)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    first_service_id: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(12))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counters.id"))
    segment: Mapped[int] = mapped_column()
    priority: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    since: Mapped[datetime] = mapped_column(Instant)
    arrived_at: Mapped[datetime] = mapped_column(Instant)
    entry_id: Mapped[int | None] = mapped_column(BigInteger)
    addressee_id: Mapped[int | None] = mapped_column()
    offer_id: Mapped[int | None] = mapped_column(BigInteger)
    call_id: Mapped[int | None] = mapped_column(BigInteger)
    resting: Mapped[str | None] = mapped_column(String(12))
    resting_holder_id: Mapped[int | None] = mapped_column()
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    remind_at: Mapped[datetime | None] = mapped_column(Instant)
    served_at: Mapped[datetime | None] = mapped_column(Instant)
    ending: Mapped[str | None] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(20))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    handoffs: Mapped[int] = mapped_column(default=0)
    moved_by: Mapped[int] = mapped_column(BigInteger)
    pool_id: Mapped[int | None] = mapped_column()  # the pool the work lies in until a member takes it
    alert_id: Mapped[int | None] = mapped_column(BigInteger)  # the handoff whose news the custodian has not seen
    # The promise since complete documents: `promise_s` is the office time it allows.
    complete_at: Mapped[datetime | None] = mapped_column(Instant)
    promised_at: Mapped[datetime | None] = mapped_column(Instant)
    quantity: Mapped[int | None] = mapped_column()
    promise_s: Mapped[int | None] = mapped_column()
    # Both clocks as they stood at the end, and by which calendars (id, version) they were read; empty while it is open.
    visitor_s: Mapped[int | None] = mapped_column()
    office_s: Mapped[int | None] = mapped_column()
    used_s: Mapped[int | None] = mapped_column()
    clock_basis: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # The first wait as it was promised at check-in; empty where that was not kept yet: the first service's then.
    wait_promise_s: Mapped[int | None] = mapped_column()


class QueueEntry(Base):
    """One wait in one queue; the queue itself is the partial index over those still waiting."""

    __tablename__ = "queue_entries"
    __table_args__ = (
        _of_transaction(),
        Index("ix_queue_entries_queue", "office_id", "rank_at", "id", **_where(WAITING)),
        Index("ix_queue_entries_transaction", "office_id", "transaction_id"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    visit_id: Mapped[int] = mapped_column(BigInteger)
    service_id: Mapped[int] = mapped_column()
    addressee_id: Mapped[int | None] = mapped_column()
    arrived_at: Mapped[datetime] = mapped_column(Instant)
    rank_at: Mapped[datetime] = mapped_column(Instant)
    not_before: Mapped[datetime | None] = mapped_column(Instant)
    joined_at: Mapped[datetime] = mapped_column(Instant)
    place: Mapped[str] = mapped_column(String(8))
    called_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(String(20))
    began_by: Mapped[str] = mapped_column(String(16), server_default=text("'check_in'"))
    # How often the visitor let somebody pass, and how often that was wished, also what was taken back; the claim to be
    # next without any of it, and without the last of it, which is the wish that can still be taken back.
    gave_way: Mapped[int | None] = mapped_column()
    wishes: Mapped[int | None] = mapped_column()
    own_rank_at: Mapped[datetime | None] = mapped_column(Instant)
    back_rank_at: Mapped[datetime | None] = mapped_column(Instant)
    wish_id: Mapped[int | None] = mapped_column(BigInteger)


class CustodySegment(Base):
    """Who was responsible, in which state, from when to when: half-open, numbered from 1, no gap and no overlap."""

    __tablename__ = "custody_segments"
    __table_args__ = (
        _of_transaction(),
        Index(
            "uq_custody_segments_open", "office_id", "transaction_id", unique=True, **_where(text("ended_at IS NULL"))
        ),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(12))
    holder_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counter_id: Mapped[int | None] = mapped_column()
    service_id: Mapped[int] = mapped_column()
    epoch: Mapped[int] = mapped_column()
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_by: Mapped[int] = mapped_column(BigInteger)
    cause: Mapped[str | None] = mapped_column(String(20))
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    pool_id: Mapped[int | None] = mapped_column()


class HandoffRow(Base):
    """One attempt to pass custody on; at most one open offer per transaction."""

    __tablename__ = "handoffs"
    __table_args__ = (
        _of_transaction(),
        Index("uq_handoffs_open", "office_id", "transaction_id", unique=True, **_where(OFFERED)),
        Index("ix_handoffs_receiver", "office_id", "receiver_id", **_where(OFFERED)),
        Index("ix_handoffs_counter", "office_id", "to_counter_id", **_where(OFFERED)),
        Index("ix_handoffs_transaction", "office_id", "transaction_id"),
        Index("ix_handoffs_batch", "office_id", "batch_id", **_where(BATCHED)),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    giver_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(10))
    to_counter_id: Mapped[int | None] = mapped_column()
    to_service_id: Mapped[int | None] = mapped_column()
    reason: Mapped[str] = mapped_column(String(30))
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10))
    offered_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answer_reason: Mapped[str | None] = mapped_column(String(30))
    answered_by_id: Mapped[int | None] = mapped_column()
    to_pool_id: Mapped[int | None] = mapped_column()
    walks_along: Mapped[bool] = mapped_column(server_default=false())
    meant_for_id: Mapped[int | None] = mapped_column()
    batch_id: Mapped[int | None] = mapped_column(BigInteger)


class Call(Base):
    """One call of one visitor to one counter: why this one was next, and who was passed over."""

    __tablename__ = "calls"
    __table_args__ = (
        _of_transaction(),
        Index("ix_calls_last_called", "office_id", "last_called_at"),
        Index("ix_calls_transaction", "office_id", "transaction_id"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    visit_id: Mapped[int] = mapped_column(BigInteger)
    entry_id: Mapped[int] = mapped_column(BigInteger)
    service_id: Mapped[int] = mapped_column()
    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    called_at: Mapped[datetime] = mapped_column(Instant)
    last_called_at: Mapped[datetime] = mapped_column(Instant)
    times: Mapped[int] = mapped_column()
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    passed_over: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    passed_count: Mapped[int] = mapped_column()
    picked: Mapped[str | None] = mapped_column(String(30))
    taken_back_at: Mapped[datetime | None] = mapped_column(Instant)  # it was a slip: the visitor waited on


class Duty(Base):
    """An officer signed on at a counter or a back-office desk."""

    __tablename__ = "duties"
    __table_args__ = (
        Index("uq_duties_officer", "office_id", "officer_id", unique=True, **_where(ON_DUTY)),
        Index("uq_duties_counter", "office_id", "counter_id", unique=True, **_where(ON_DUTY)),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    officer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id"))
    back_office: Mapped[bool] = mapped_column()
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
