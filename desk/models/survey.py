"""The decision to ask, and the one answer."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class InvitationRow(Base):
    """One decision per ended transaction; a reopening supersedes it, the next end decides the next generation."""

    __tablename__ = "invitations"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "transaction_id"], ["transactions.office_id", "transactions.id"]),
        UniqueConstraint("office_id", "transaction_id"),
        Index("ix_invitations_visit", "office_id", "visit_id"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    visit_id: Mapped[int] = mapped_column(BigInteger)
    decision: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    generation: Mapped[int] = mapped_column()
    decided_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)


class ResponseRow(Base):
    """The answer; a comment stands among the notes under the same id."""

    __tablename__ = "responses"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "invitation_id"], ["invitations.office_id", "invitations.id"]),
        UniqueConstraint("office_id", "invitation_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_on_scale"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    invitation_id: Mapped[int] = mapped_column(BigInteger)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    score: Mapped[int] = mapped_column()
    received_at: Mapped[datetime] = mapped_column(Instant)
