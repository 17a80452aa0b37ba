"""The office's stream: its head (the row every change takes first), its events, its clock epochs."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class Stream(Base):
    """The head of an office's event log; taking this row orders all changes of the office."""

    __tablename__ = "streams"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, default=0)
    mac: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    epoch: Mapped[int] = mapped_column(default=1)
    behind: Mapped[bool] = mapped_column(default=False)
    configuration: Mapped[int] = mapped_column(default=1)  # raised by every change of settings
    key_id: Mapped[str | None] = mapped_column(String(16))  # signs the next event; None before the first


class EventRow(Base):
    """One fact; triggers refuse UPDATE, DELETE and TRUNCATE."""

    __tablename__ = "events"
    __table_args__ = (
        Index(
            "ix_events_office_id_transaction_id",
            "office_id",
            "transaction_id",
            sqlite_where=text("transaction_id IS NOT NULL"),
            postgresql_where=text("transaction_id IS NOT NULL"),
        ),
        Index(  # of what was set in the office, which is little beside what was done for visitors
            "ix_events_office_id_name",
            "office_id",
            "name",
            "number",
            sqlite_where=text("transaction_id IS NULL AND visit_id IS NULL"),
            postgresql_where=text("transaction_id IS NULL AND visit_id IS NULL"),
        ),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(Instant)
    name: Mapped[str] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None] = mapped_column()
    transaction_id: Mapped[int | None] = mapped_column(BigInteger)
    visit_id: Mapped[int | None] = mapped_column(BigInteger)
    payload: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(String(16))
    mac: Mapped[str] = mapped_column(String(64))


class ClockEpoch(Base):
    """A stretch of an office's time; a new one opens when a supervisor confirms the clock after a wrong jump ahead."""

    __tablename__ = "clock_epochs"
    __table_args__ = CLUSTERED

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    began_at: Mapped[datetime] = mapped_column(Instant)
    previous_ended_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int] = mapped_column(BigInteger)
