"""What displays of an office show besides calls: its messages, an emergency, and what each said before."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class DisplayMessage(Base):
    """Words for everybody in the lobby, in both languages; its id is that of the event that made it.

    An emergency (`urgent`) covers every display of the office until it is ended, which retires it.
    """

    __tablename__ = "display_messages"
    __table_args__ = (
        Index(
            "uq_display_messages_emergency",
            "office_id",
            unique=True,
            sqlite_where=text("urgent AND NOT retired"),
            postgresql_where=text("urgent AND NOT retired"),
        ),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    urgent: Mapped[bool] = mapped_column(default=False)
    words_id: Mapped[str] = mapped_column(String(200))
    words_en: Mapped[str] = mapped_column(String(200))
    since_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime | None] = mapped_column(Instant)  # None: until further notice
    position: Mapped[int] = mapped_column(default=0)
    devices: Mapped[list[int]] = mapped_column(JSON, default=list)  # paired displays; none means all displays
    retired: Mapped[bool] = mapped_column(default=False)


class DisplayWording(Base):
    """What a message said before and after a change; the event of that number has digests only."""

    __tablename__ = "display_wordings"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
