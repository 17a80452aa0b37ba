"""Jobs for receipt printers of the house, and how each printer was when somebody last looked.

No token stands here: what is printed is made when it is printed.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant

# As literal text wherever it is asked for: with bound parameters the partial index would not be used.
UNSETTLED: Final = "state IN ('waiting', 'printing')"
BUSY: Final = "state = 'printing'"


class PrintJob(Base):
    """One piece of paper. Its key says what for: whoever asks for the same twice gets it once."""

    __tablename__ = "print_jobs"
    __table_args__ = (
        Index("ix_print_jobs_unsettled", "asked_at", sqlite_where=text(UNSETTLED), postgresql_where=text(UNSETTLED)),
        # One job at a time at a printer, whichever worker on whichever machine prints it.
        Index("ix_print_jobs_busy", "place", unique=True, sqlite_where=text(BUSY), postgresql_where=text(BUSY)),
        Index("ix_print_jobs_subject", "office_id", "subject_id"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    printer_id: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[str] = mapped_column(String(40))  # host and port when it was asked for
    kind: Mapped[str] = mapped_column(String(10))  # ticket receipt handoff trial
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(10))  # waiting printing printed failed expired
    fault: Mapped[str | None] = mapped_column(String(20))  # the state of the printer by which it failed
    asked_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class PrinterStanding(Base):
    """How a printer of an office is; written by whoever prints or looks, without the office's lock."""

    __tablename__ = "printer_standings"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    printer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    state: Mapped[str | None] = mapped_column(String(20))  # None: nobody has looked yet
    looked_at: Mapped[datetime | None] = mapped_column(Instant)  # when that was found
    due_at: Mapped[datetime] = mapped_column(Instant)  # when it is looked at next; moved by whoever does
    since: Mapped[datetime | None] = mapped_column(Instant)  # since when it is in this state
    printed_at: Mapped[datetime | None] = mapped_column(Instant)  # when something came out last
    # Whether it has ever answered how it is, and said that it was through: if so, its silence means something.
    answers: Mapped[bool] = mapped_column(server_default=false())
    confirms: Mapped[bool] = mapped_column(server_default=false())
