"""What reports are made of, worked out beforehand: derived from the state tables, without events of its own."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant, LocalDate


class ReportHead(Base):
    """Up to which event an office's report days are made, in which format, and for which zone and start of the day."""

    __tablename__ = "report_heads"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    format: Mapped[int] = mapped_column()
    zone: Mapped[str] = mapped_column(String(60))
    day_starts_at: Mapped[int] = mapped_column()
    on_duty: Mapped[str] = mapped_column(Text)  # the duties open at that event, as JSON
    made_at: Mapped[datetime] = mapped_column(Instant)


class ReportDay(Base):
    """The rows of one kind that began on one business day, as columns of whole numbers one after the other."""

    __tablename__ = "report_days"
    __table_args__ = CLUSTERED

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(LocalDate, primary_key=True)
    rows: Mapped[int] = mapped_column()
    data: Mapped[bytes] = mapped_column(LargeBinary)
