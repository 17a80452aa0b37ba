"""How the console is kept: ready-made texts for notes, and what each officer has chosen for themselves."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base


class Snippet(Base):
    """A short text for notes: the office's own, or (`person_id`) one person's; of a retired one no words are left.

    Its id is that of the event that added it. The words stand here only, never in an event.
    """

    __tablename__ = "snippets"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    code: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())


class ConsoleHabit(Base):
    """Which keys somebody presses at the console of an office, whether they are shown, and what is told by a sound."""

    __tablename__ = "console_habits"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    hand: Mapped[str] = mapped_column(String(8))
    strip: Mapped[bool] = mapped_column()
    alerts: Mapped[list[Any]] = mapped_column(JSON)
