"""What somebody shows beside the password: an app's codes, recovery codes, or an account of an identity provider."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import Base, Instant


class SecondFactor(Base):
    """The app of a person; its secret is sealed with a key outside the database.

    `last_step` is the step of time of the last code that was taken: neither it nor one before it is taken again.
    `failures` are the wrong codes since the last right one.
    """

    __tablename__ = "second_factors"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    sealed_secret: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime] = mapped_column(Instant)
    last_step: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None] = mapped_column(Instant)


class RecoveryCode(Base):
    """A code that stands in for the app once; only its keyed hash is kept."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class HalfSignIn(Base):
    """Somebody whose first factor is proven and whose second is not: no session, and over within minutes.

    `password_digest` is of the hash of the password at that time: whoever gets a new one has to begin again.
    """

    __tablename__ = "half_sign_ins"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    password_digest: Mapped[str] = mapped_column(String(64))
    way: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class OpenIdIdentity(Base):
    """An account at an identity provider (its issuer and the subject there) with which a person signs in."""

    __tablename__ = "openid_identities"
    __table_args__ = (UniqueConstraint("person_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    linked_at: Mapped[datetime] = mapped_column(Instant)
