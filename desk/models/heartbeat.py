"""Signs of life: which workers there are, and when each last went round."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class Heartbeat(Base):
    """One worker process, by a name that it made up; of its machine only a digest is kept."""

    __tablename__ = "heartbeats"
    __table_args__ = (Index("ix_heartbeats_at", "at"), CLUSTERED)

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[str] = mapped_column(String(40))
    machine: Mapped[str] = mapped_column(String(16))
