"""Where an office asks without a message: posters on its walls and tablets at its counters."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class SurveyPoint(Base):
    """A poster or a tablet with a link of its own, which works until it is closed; its id is that of its event."""

    __tablename__ = "survey_points"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))  # poster tablet
    service_id: Mapped[int | None] = mapped_column()  # None: the office as a whole
    counter_id: Mapped[int | None] = mapped_column()
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int | None] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
