"""Messages to visitors and staff: outbox, log and dead-letter box in one row.

Never the token: it is derived when it is sent.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant

# Given up, and nobody has looked for another way yet: a query must say the same as the index.
RETURNED = "kind = 'survey' AND state = 'dead' AND instead IS NULL"


class Delivery(Base):
    """One message to one address over one channel; its id is that of the event that asked for it."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        Index(
            "ix_deliveries_due",
            "channel",
            "due_at",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index("ix_deliveries_visit", "office_id", "visit_id"),
        Index(
            "ix_deliveries_silent",
            "office_id",
            "sent_at",
            sqlite_where=text("kind = 'survey' AND state = 'sent' AND reminder IS NULL"),
            postgresql_where=text("kind = 'survey' AND state = 'sent' AND reminder IS NULL"),
        ),
        Index(
            "ix_deliveries_dead",
            "office_id",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
        Index(
            "ix_deliveries_returned",
            "office_id",
            "id",
            sqlite_where=text(RETURNED),
            postgresql_where=text(RETURNED),
        ),
        Index(
            "ix_deliveries_addressed",
            "office_id",
            "id",
            sqlite_where=text("address IS NOT NULL"),
            postgresql_where=text("address IS NOT NULL"),
        ),
        Index(
            "ix_deliveries_case",
            "office_id",
            "case_id",
            sqlite_where=text("case_id IS NOT NULL"),
            postgresql_where=text("case_id IS NOT NULL"),
        ),
        Index(
            "ix_deliveries_provider",
            "provider_id",
            sqlite_where=text("provider_id IS NOT NULL"),
            postgresql_where=text("provider_id IS NOT NULL"),
        ),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))  # survey reminder voice_received voice_answered case_late case_raised
    channel: Mapped[str] = mapped_column(String(10))  # email phone
    visit_id: Mapped[int] = mapped_column(BigInteger)  # 0: about no visit, but about a case
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
    reminder: Mapped[int | None] = mapped_column(BigInteger)  # the message that reminds of this one; 0: none will
    provider_id: Mapped[str | None] = mapped_column(String(120))  # by what the gateway knows the message
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)  # the gateway's receipt that it arrived
    case_id: Mapped[int | None] = mapped_column(BigInteger)  # the voice or the follow-up that it is about
    person_id: Mapped[int | None] = mapped_column()  # of the staff, to whom it goes
    # How often in a row the other side could not be reached: no attempts of this message.
    unreached: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    instead: Mapped[int | None] = mapped_column(BigInteger)  # the message to the other address; 0: none will be


class GatewayReceipt(Base):
    """What a gateway said about a message, once each; kept when it comes before we know the message's id there.

    `applied_at` is when it was written to the delivery; no address and no text is in it. Gone after a week.
    """

    __tablename__ = "gateway_receipts"
    __table_args__ = (
        Index(
            "ix_gateway_receipts_waiting",
            "received_at",
            sqlite_where=text("applied_at IS NULL"),
            postgresql_where=text("applied_at IS NULL"),
        ),
        Index("ix_gateway_receipts_received", "received_at"),
        CLUSTERED,
    )

    provider_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    status: Mapped[str] = mapped_column(String(10), primary_key=True)  # delivered failed
    is_permanent: Mapped[bool] = mapped_column(default=False)  # there is no such number
    said: Mapped[str | None] = mapped_column(String(300))
    received_at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
