"""Visits, and the personal data and words that belong to them; these last may be erased without touching the events."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant, LocalDate


class Visit(Base):
    """One person here on one day, with one number."""

    __tablename__ = "visits"
    __table_args__ = (UniqueConstraint("office_id", "day", "series", "ordinal"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(LocalDate)
    series: Mapped[str] = mapped_column(String(3))
    ordinal: Mapped[int] = mapped_column()
    label: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(10))
    priority: Mapped[str] = mapped_column(String(10))
    priority_reason: Mapped[str | None] = mapped_column(String(20))
    came_back: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(5))
    arrived_at: Mapped[datetime] = mapped_column(Instant)


class VisitContact(Base):
    """How to reach the visitor, given freely; personal data."""

    __tablename__ = "visit_contacts"
    __table_args__ = (ForeignKeyConstraint(["office_id", "visit_id"], ["visits.office_id", "visits.id"]), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    visit_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164 (desk.domain.phones)
    consented_at: Mapped[datetime | None] = mapped_column(Instant)


class VisitorToken(Base):
    """A link given to a visitor: only the hash of the token; kinds are never accepted in each other's place."""

    __tablename__ = "visitor_tokens"
    __table_args__ = (Index("ix_visitor_tokens_subject", "office_id", "kind", "subject_id"), CLUSTERED)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    office_id: Mapped[int] = mapped_column()
    subject_id: Mapped[int] = mapped_column(BigInteger)
    generation: Mapped[int] = mapped_column(default=1)


class Note(Base):
    """Words that go with an event (its id is the event's): what the next officer needs, a comment; personal data."""

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_transaction", "office_id", "transaction_id"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    author_id: Mapped[int | None] = mapped_column()
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)  # then `words` is empty
