"""Answers remembered under an idempotency key, who looked at what, and when the trail was verified."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class Remembered(Base):
    """The first answer to a request that carried an idempotency key; never a token."""

    __tablename__ = "remembered"
    __table_args__ = (Index("ix_remembered_at", "at"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class AccessRecord(Base):
    """Somebody looked at or exported something; append-only, outside the chain."""

    __tablename__ = "access_records"
    __table_args__ = (
        Index("ix_access_records_at", "office_id", "at"),
        Index(
            "ix_access_records_personal",
            "office_id",
            "at",
            sqlite_where=text("subject = 'personal_data'"),
            postgresql_where=text("subject = 'personal_data'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    office_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(Instant)
    verb: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(BigInteger)


class TrailCheck(Base):
    """One verification of an office's trail: how far it came, and how it ended; `asked_by` None on the command line.

    `key_id` is the key that the chain was passed on to, as far as it was read (`desk.domain.audit.Reached`).
    """

    __tablename__ = "trail_checks"
    __table_args__ = (
        Index(
            "uq_trail_checks_open",
            "office_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime] = mapped_column(Instant, primary_key=True, autoincrement=False)
    asked_by: Mapped[int | None] = mapped_column()
    number: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str | None] = mapped_column(String(16))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    fault: Mapped[str | None] = mapped_column(String(20))
    fault_number: Mapped[int | None] = mapped_column(BigInteger)
