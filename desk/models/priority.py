"""Why a visitor may go before others: the pick-list of an office."""

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base


class PriorityReasonRow(Base):
    """A reason for priority; visits keep its code, so a retired one stays readable and a code is never given again."""

    __tablename__ = "priority_reasons"
    __table_args__ = CLUSTERED

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    label_id: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column()
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())
