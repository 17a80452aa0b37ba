"""Letting people in: one-time codes, wishes for a new password, and what was tried at the sign-in."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class StaffCode(Base):
    """A code or link with which somebody chooses a password, once; only its hash is kept.

    `delivery_id` is the message that carries it, None for one that was shown to whoever made it. A newer one ends it.
    """

    __tablename__ = "staff_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))  # invitation reset
    delivery_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    made_by: Mapped[int | None] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # used, or made worthless


class PasswordWish(Base):
    """What somebody typed who has forgotten their password; the worker looks for whom it is, and removes it."""

    __tablename__ = "password_wishes"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    typed: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(Instant)


class SignInRecord(Base):
    """One attempt to sign in, or one end of a session; append-only, outside the chain.

    `typed` is a keyed digest of the user name, for telling repeats apart: people type passwords into that field.
    """

    __tablename__ = "sign_in_records"
    __table_args__ = (Index("ix_sign_in_records_at", "at"), Index("ix_sign_in_records_person", "person_id", "at"))

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column()  # None: nobody of this name
    outcome: Mapped[str] = mapped_column(String(12))  # desk.domain.signing_in.Outcome
    how: Mapped[str] = mapped_column(String(12))  # desk.domain.signing_in.How
    source: Mapped[str | None] = mapped_column(String(43))  # a network, never an address; erased before the row
    typed: Mapped[str | None] = mapped_column(String(16))


class AccessRefusal(Base):
    """How often something was refused to a person in an hour; outside the chain.

    The route is the pattern in the code with its method, never an address; empty for what came beyond as many as are
    told apart in an hour. `token_hash` is that of a program's token, empty where a person came by themselves;
    `office_id` is 0 where none was asked for.
    """

    __tablename__ = "access_refusals"
    __table_args__ = (Index("ix_access_refusals_hour", "hour", "person_id"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(Instant, primary_key=True)  # when it begins, in UTC
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)  # desk.domain.refused_access.RefusedAs
    route: Mapped[str] = mapped_column(String(200), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column()
    last_at: Mapped[datetime] = mapped_column(Instant)
