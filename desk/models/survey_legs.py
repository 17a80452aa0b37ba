"""The legs of the chain of handlers as they were when an answer came, and answers added up by leg."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, LocalDate


class ResponseLeg(Base):
    """A leg of the transaction of an answer, numbered from 1; its share (ten-thousandths) is frozen with the answer."""

    __tablename__ = "response_legs"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "response_id"], ["responses.office_id", "responses.id"]),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    response_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    leg: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder_id: Mapped[int] = mapped_column()
    service_id: Mapped[int] = mapped_column()
    share: Mapped[int] = mapped_column()


class LegTally(Base):
    """Answers of a day by the number of a leg and its service, added up as in `SurveyTally`, sums only."""

    __tablename__ = "leg_tallies"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(LocalDate, primary_key=True)
    leg: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measure: Mapped[str] = mapped_column(String(12), primary_key=True)
    origin: Mapped[str] = mapped_column(String(10), primary_key=True)
    answers: Mapped[int] = mapped_column()
    rated: Mapped[int] = mapped_column()
    weight: Mapped[int] = mapped_column(BigInteger)
    weight_square: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    square: Mapped[int] = mapped_column(BigInteger)
