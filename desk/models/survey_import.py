"""Batches of answers that staff took over, from paper or from a file."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant, LocalDate


class SurveyImport(Base):
    """One taking over: how many answers of which days; the answers themselves are `loose_responses`.

    `digest` is that of a file, by which one is known again of whose rows nothing is kept in `import_rows`.
    """

    __tablename__ = "survey_imports"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(String(10))
    measure: Mapped[str] = mapped_column(String(12))
    answers: Mapped[int] = mapped_column()
    first_day: Mapped[date] = mapped_column(LocalDate)
    last_day: Mapped[date] = mapped_column(LocalDate)
    digest: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column()
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


class ImportRow(Base):
    """By what a row of a file that was taken over is known when it comes again: a keyed digest of what it says."""

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_import", "office_id", "import_id"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    import_id: Mapped[int] = mapped_column(BigInteger)


class ImportProfile(Base):
    """What the erased profiles of a batch count for in the tally of a day and service: it may still be taken back.

    `profile` has question key to value to how many, as in the tally; nothing tells any more whose it was.
    """

    __tablename__ = "import_profiles"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    import_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(LocalDate, primary_key=True)
    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 0: not told
    profile: Mapped[dict[str, Any]] = mapped_column(JSON)
