"""What an office decides about handing on: its pools, and its reasons; and the words that go with a handoff."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant


class Pool(Base):
    """A named group of back-office staff with an accountable head."""

    __tablename__ = "pools"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    head_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    retired: Mapped[bool] = mapped_column(default=False)


class PoolMember(Base):
    """Somebody who may take work from a pool; its head may without being listed."""

    __tablename__ = "pool_members"

    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class HandoffReasonRow(Base):
    """A reason of an office's pick-list, for handing on or for declining; a retired one stays readable."""

    __tablename__ = "handoff_reasons"
    __table_args__ = CLUSTERED

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    label_id: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    needs_note: Mapped[bool] = mapped_column(server_default=false())
    retired: Mapped[bool] = mapped_column(server_default=false())
    position: Mapped[int] = mapped_column()


class PauseCauseRow(Base):
    """What a transaction may wait for, as an office words it: causes are built in, since clocks go by them."""

    __tablename__ = "pause_causes"
    __table_args__ = CLUSTERED

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    label_id: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    needs_note: Mapped[bool] = mapped_column(server_default=false())
    retired: Mapped[bool] = mapped_column(server_default=false())
    position: Mapped[int] = mapped_column()


class HandoffWords(Base):
    """What is expected of a receiver and the papers passed on, one a line, under the handoff's id; personal data."""

    __tablename__ = "handoff_words"
    __table_args__ = (Index("ix_handoff_words_transaction", "office_id", "transaction_id"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    expects: Mapped[str | None] = mapped_column(Text)
    papers: Mapped[str | None] = mapped_column(Text)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
