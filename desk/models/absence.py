"""Absences of staff and who stands in; why somebody is absent is personal data and stands in a table of its own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant, LocalDate


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class AbsenceRow(Base):
    """A member of staff is away from the first day to the last; the deputy gets what would be theirs."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("begins_on <= ends_on", name="days_in_order"),
        CheckConstraint("deputy_id <> person_id", name="deputy_is_another"),
        Index("ix_absences_person", "office_id", "person_id", "ends_on", **_where("cancelled_at IS NULL")),
        Index("ix_absences_days", "office_id", "ends_on", "begins_on", **_where("cancelled_at IS NULL")),
        Index("ix_absences_due", "begins_on", **_where("cancelled_at IS NULL AND began_at IS NULL")),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    begins_on: Mapped[date] = mapped_column(LocalDate)
    ends_on: Mapped[date] = mapped_column(LocalDate)
    planned_at: Mapped[datetime] = mapped_column(Instant)
    began_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)


class AbsenceReasonRow(Base):
    """Why somebody is absent; personal data, may be erased without touching the events."""

    __tablename__ = "absence_reasons"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "absence_id"], ["absences.office_id", "absences.id"]),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    absence_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(String(20))
