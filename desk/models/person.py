"""Staff: who they are, what they may do where, their sessions and tokens."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import Base, Instant


class Person(Base):
    """A member of staff; without a password only a token can act for them."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164 (desk.domain.phones)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="id")
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    # Whom an administrator deactivated, no supervisor lets in again.
    is_disabled_by_admin: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Disabled at once, without a handover: what they are responsible for stays theirs until somebody takes it.
    is_shut_out: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Who sets the server's address, mail and backups, and opens and retires offices.
    keeps_server: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether the address is one to which a link for a new password may go: given by an administrator or the person.
    is_email_vouched: Mapped[bool] = mapped_column(default=True, server_default=true())


class Membership(Base):
    """A role held in an office."""

    __tablename__ = "memberships"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    # Somebody of another office: their roles here are this office's, what lets them in is the other's.
    is_guest: Mapped[bool] = mapped_column(default=False, server_default=false())


class Skill(Base):
    """A service an officer may be given visitors of."""

    __tablename__ = "skills"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), primary_key=True, index=True)


class StaffSession(Base):
    """A signed-in browser; the cookie carries the secret, this row only its hash."""

    __tablename__ = "staff_sessions"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    proven_at: Mapped[datetime | None] = mapped_column(Instant)  # when they last showed that it is them
    how: Mapped[str | None] = mapped_column(String(12))  # desk.domain.signing_in.How
    device: Mapped[str | None] = mapped_column(String(60))  # "Firefox, Linux"
    source: Mapped[str | None] = mapped_column(String(43))  # a network, never an address


class ApiToken(Base):
    """A bearer token that acts as one person in one office; only its hash is stored."""

    __tablename__ = "api_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    role: Mapped[str] = mapped_column(String(20))
    scopes: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
