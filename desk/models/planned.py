"""Changes of settings that take effect on a later day."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant, LocalDate


class PlannedChange(Base):
    """One change to come; has the id of its event. The events say what became of it, not what is wanted.

    `wanted` and `why` are JSON: the values as the kind of change understands them, and why it was refused.
    `due` is the business day of the office at whose start it takes effect; nobody planned what the system did.
    """

    __tablename__ = "planned_changes"
    __table_args__ = (
        Index(
            "ix_planned_changes_waiting",
            "office_id",
            "due",
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[int] = mapped_column(BigInteger)
    wanted: Mapped[str] = mapped_column(Text)
    due: Mapped[date] = mapped_column(LocalDate)
    planned_by: Mapped[int | None] = mapped_column()
    planned_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    why: Mapped[str | None] = mapped_column(Text)
