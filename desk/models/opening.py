"""The opening of an office: the token of the first run, the logo, and what was tried before the first visitor came."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class SetupToken(Base):
    """Whoever has it may open the first office of an installation; the row goes when that was done."""

    __tablename__ = "setup_tokens"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class OfficeLogo(Base):
    """The logo of an office as it is served; `digest` is that of `content`, and changes its address."""

    __tablename__ = "office_logos"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int] = mapped_column()
    height: Mapped[int] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class OfficeTrial(Base):
    """When something was tried last (`desk.domain.opening.Trial`), by whom, and whether it went well."""

    __tablename__ = "office_trials"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    trial: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    event: Mapped[int] = mapped_column(BigInteger)  # its number; a display tells one ring from another by it
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    succeeded: Mapped[bool] = mapped_column()
