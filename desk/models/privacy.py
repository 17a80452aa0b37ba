"""The register of what was erased, how far the rules of retention came, and what still lies in the files."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, false
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class Erasure(Base):
    """One erasure, asked for (`kind` erased) or by a rule (expired); follows from its event, whose id it has.

    `why` is the reason or the track. No person stands here, only which transactions and how much of what.
    """

    __tablename__ = "erasures"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(20))
    transactions: Mapped[list[int]] = mapped_column(JSON)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column()
    by_handler: Mapped[bool] = mapped_column(default=False, server_default=false())  # nobody else was there


class RetentionMark(Base):
    """How far a track came (`desk.domain.retention.Place`) and when it is next due; in no event.

    `erased` counts the run that is under way or was the last, which ended at `ran_at`.
    """

    __tablename__ = "retention_marks"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    track: Mapped[str] = mapped_column(String(12), primary_key=True)
    reached_at: Mapped[datetime] = mapped_column(Instant)
    reached_id: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[datetime] = mapped_column(Instant)
    ran_at: Mapped[datetime | None] = mapped_column(Instant)
    erased: Mapped[int] = mapped_column()


class Wiping(Base):
    """How many erasures there were, and of how many of them the database's files hold nothing more; in no event.

    Each erasing unit counts `asked` up; `done` is what `asked` was when the files were last cleared.
    """

    __tablename__ = "wipings"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked: Mapped[int] = mapped_column()
    done: Mapped[int] = mapped_column()
    asked_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
