"""The follow-up plan of the survey, period by period, and what was published of each period.

All of it follows from events, but for `words`: what people wrote stands beside, under the id of its event, and may be
erased.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class ImprovementRow(Base):
    """A measure as it stands; its program is in the words of the step `words_id`, `due` a period (2026-Q3, 2026-09)."""

    __tablename__ = "improvements"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    element: Mapped[str] = mapped_column(String(40))
    due: Mapped[str] = mapped_column(String(7))
    owner_id: Mapped[int] = mapped_column()
    status: Mapped[str] = mapped_column(String(10))
    words_id: Mapped[int] = mapped_column(BigInteger)
    planned_at: Mapped[datetime] = mapped_column(Instant)


class ImprovementPlace(Base):
    """A measure in the plan of a period; `since` is the number of the event that put it there."""

    __tablename__ = "improvement_places"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "improvement_id"], ["improvements.office_id", "improvements.id"]),
        Index("ix_improvement_places_improvement", "office_id", "improvement_id"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    improvement_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since: Mapped[int] = mapped_column(BigInteger)


class ImprovementStep(Base):
    """What happened to a measure: how far it was before and after, or from which period to which it was taken."""

    __tablename__ = "improvement_steps"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "improvement_id"], ["improvements.office_id", "improvements.id"]),
        Index("ix_improvement_steps_improvement", "office_id", "improvement_id"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    improvement_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(10))
    before: Mapped[str | None] = mapped_column(String(10))
    after: Mapped[str | None] = mapped_column(String(10))
    person_id: Mapped[int | None] = mapped_column()
    at: Mapped[datetime] = mapped_column(Instant)
    words: Mapped[str | None] = mapped_column(Text)


class SurveyPublication(Base):
    """A version of what was published of a period; `words` say why it was published again.

    `cells` is what was counted then, by month, service and class (`desk.domain.since_published`): no event has it,
    since there are sums of few people in it. None for what was published before it was kept.
    """

    __tablename__ = "survey_publications"
    __table_args__ = (UniqueConstraint("office_id", "period", "version"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(String(7))
    version: Mapped[int] = mapped_column()
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by: Mapped[int | None] = mapped_column()
    words: Mapped[str | None] = mapped_column(Text)
    cells: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
