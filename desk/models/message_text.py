"""The words an office sends instead of those that come with the desk."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class MessageText(Base):
    """One version of the words of a kind of message, by part; in force until `until`, or until further notice.

    Where none is in force, the message goes out with the words that come with the desk.
    """

    __tablename__ = "message_texts"
    __table_args__ = (
        Index(
            "uq_message_texts_in_force",
            "office_id",
            "kind",
            "channel",
            "language",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column()
