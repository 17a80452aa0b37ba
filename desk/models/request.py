"""Requests about transactions; question and answer stand among the notes, under the ids of their events."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, ForeignKeyConstraint, Index, String, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant

_ASKED: dict[str, Any] = {"sqlite_where": text("state = 'asked'"), "postgresql_where": text("state = 'asked'")}


def unanswered() -> ColumnElement[bool]:
    """Return the condition of the partial indexes over open requests."""
    return RequestRow.__table__.c.state == literal_column("'asked'")


class RequestRow(Base):
    """One request to somebody about a transaction, and what became of it."""

    __tablename__ = "requests"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "transaction_id"], ["transactions.office_id", "transactions.id"]),
        Index("ix_requests_transaction", "office_id", "transaction_id"),
        Index("ix_requests_open", "office_id", "transaction_id", **_ASKED),
        Index("ix_requests_asked", "office_id", "asked_id", **_ASKED),
        Index("ix_requests_asker", "office_id", "asker_id", **_ASKED),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    asker_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    meant_for_id: Mapped[int | None] = mapped_column()
    queue_id: Mapped[int | None] = mapped_column()
    kind: Mapped[str] = mapped_column(String(20))
    blocks: Mapped[bool] = mapped_column()
    due_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(BigInteger)
    decline_reason: Mapped[str | None] = mapped_column(String(30))
