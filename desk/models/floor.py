"""Messages from a supervisor to the consoles, and who has read them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class FloorMessage(Base):
    """A short message to all consoles, or to one counter; its words stand here only, and may be erased."""

    __tablename__ = "floor_messages"
    __table_args__ = (Index("ix_floor_messages_until", "office_id", "until_at"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sender_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counters.id"))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime] = mapped_column(Instant)
    words: Mapped[str | None] = mapped_column(Text)


class FloorReading(Base):
    """Somebody has read a message; it is shown to them no longer."""

    __tablename__ = "floor_readings"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "message_id"], ["floor_messages.office_id", "floor_messages.id"]),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    read_at: Mapped[datetime] = mapped_column(Instant)
