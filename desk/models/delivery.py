"""Messages to visitors: outbox, log and dead-letter box in one row. Never the token: it is derived when sent."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class Delivery(Base):
    """One message to one address over one channel; its id is that of the event that asked for it."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        Index(
            "ix_deliveries_due",
            "due_at",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index("ix_deliveries_visit", "office_id", "visit_id"),
        Index(
            "ix_deliveries_dead",
            "office_id",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))  # survey
    channel: Mapped[str] = mapped_column(String(10))  # email
    visit_id: Mapped[int] = mapped_column(BigInteger)
    invitation_id: Mapped[int] = mapped_column(BigInteger)
    address: Mapped[str | None] = mapped_column(String(254))  # personal data: erased with the visit's contact
    language: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(10))  # pending sending sent dead cancelled
    idempotency_key: Mapped[str] = mapped_column(String(64))
    queued_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str | None] = mapped_column(Text)
