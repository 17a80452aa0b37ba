"""Batches of answers that staff took over, from paper or from a file."""

from datetime import date, datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant, LocalDate


class SurveyImport(Base):
    """One taking over: how many answers of which days; the answers themselves are `loose_responses`.

    `digest` is that of a file, by which the same file is known when it comes again.
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
