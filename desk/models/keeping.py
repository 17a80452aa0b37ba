"""Answers remembered under an idempotency key, and who looked at what."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text
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
    __table_args__ = (Index("ix_access_records_at", "office_id", "at"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    office_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(Instant)
    verb: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
