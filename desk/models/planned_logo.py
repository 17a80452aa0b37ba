"""Pictures that are to become the logo of an office on a later day."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import Base, Instant


class PlannedLogo(Base):
    """A picture that a planned change names by its digest; it stays when that has ended, for the list."""

    __tablename__ = "planned_logos"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int] = mapped_column()
    height: Mapped[int] = mapped_column()
    kept_at: Mapped[datetime] = mapped_column(Instant)
