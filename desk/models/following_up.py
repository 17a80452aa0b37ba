"""Follow-ups, what visitors say of their own accord (voices), their steps, and the facilities of an office.

Rows of `follow_ups`, `voices`, `case_steps` and `voice_officers` follow from events. Words and contacts stand apart,
under the ids of their events, and may be erased.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant, LocalDate

OPEN = text("closed_at IS NULL")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class FollowUpRow(Base):
    """What somebody outside the chain must look after; `barred` are those who had a hand in it when it was opened.

    `transaction_id` stands only where the answer or the complaint is tied to one openly.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("ix_follow_ups_open", "office_id", "due_on", **_where("closed_at IS NULL")),
        Index("ix_follow_ups_opened", "office_id", "opened_at"),
        Index("ix_follow_ups_closed", "office_id", "closed_at", **_where("closed_at IS NOT NULL")),
        Index("uq_follow_ups_response", "office_id", "response_id", unique=True, **_where("response_id IS NOT NULL")),
        Index("uq_follow_ups_loose", "office_id", "loose_id", unique=True, **_where("loose_id IS NOT NULL")),
        Index("uq_follow_ups_voice", "office_id", "voice_id", unique=True, **_where("voice_id IS NOT NULL")),
        Index("ix_follow_ups_transaction", "office_id", "transaction_id", **_where("transaction_id IS NOT NULL")),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(14))
    privacy: Mapped[str] = mapped_column(String(12))
    assigned_id: Mapped[int | None] = mapped_column()
    barred: Mapped[list[int]] = mapped_column(JSON)
    service_id: Mapped[int | None] = mapped_column()
    facility_id: Mapped[int | None] = mapped_column()
    transaction_id: Mapped[int | None] = mapped_column(BigInteger)
    response_id: Mapped[int | None] = mapped_column(BigInteger)
    loose_id: Mapped[int | None] = mapped_column(BigInteger)
    voice_id: Mapped[int | None] = mapped_column(BigInteger)
    satisfaction: Mapped[int | None] = mapped_column()  # in ten-thousandths, when it was opened
    day: Mapped[date] = mapped_column(LocalDate)  # of the answer or the complaint
    due_on: Mapped[date] = mapped_column(LocalDate)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    touched_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column()
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    raised_at: Mapped[datetime | None] = mapped_column(Instant)


class VoiceRow(Base):
    """A complaint, a suggestion or a compliment; `answer_id` is the step whose words the visitor reads."""

    __tablename__ = "voices"
    __table_args__ = (
        Index("ix_voices_received", "office_id", "received_at"),
        Index("ix_voices_open", "office_id", "kind", **_where("closed_at IS NULL")),
        Index("ix_voices_closed", "office_id", "closed_at", **_where("closed_at IS NOT NULL AND erased_at IS NULL")),
        Index("ix_voices_facility", "office_id", "facility_id", **_where("facility_id IS NOT NULL")),
        Index("ix_voices_transaction", "office_id", "transaction_id", **_where("transaction_id IS NOT NULL")),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(14))
    channel: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(5))
    anonymous: Mapped[bool] = mapped_column()
    service_id: Mapped[int | None] = mapped_column()
    facility_id: Mapped[int | None] = mapped_column()
    transaction_id: Mapped[int | None] = mapped_column(BigInteger)
    barred: Mapped[list[int]] = mapped_column(JSON)
    day: Mapped[date] = mapped_column(LocalDate)
    received_at: Mapped[datetime] = mapped_column(Instant)
    acknowledge_on: Mapped[date | None] = mapped_column(LocalDate)
    answer_on: Mapped[date | None] = mapped_column(LocalDate)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answer_id: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)  # the owner of the facility has acted
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
    contact: Mapped[str | None] = mapped_column(String(64))  # keyed digest of name, e-mail and phone
    raised_at: Mapped[datetime | None] = mapped_column(Instant)


class CaseStep(Base):
    """One step of a follow-up or a voice; `digest` seals its words."""

    __tablename__ = "case_steps"
    __table_args__ = (Index("ix_case_steps_case", "office_id", "case_id"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(BigInteger)
    step: Mapped[str] = mapped_column(String(14))
    actor_id: Mapped[int | None] = mapped_column()
    to_id: Mapped[int | None] = mapped_column()
    at: Mapped[datetime] = mapped_column(Instant)
    digest: Mapped[str | None] = mapped_column(String(64))


class CaseWords(Base):
    """What was written with a step (its id is the event's); of the first step of a voice what the visitor wrote."""

    __tablename__ = "case_words"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text)


class VoiceContact(Base):
    """How to reach whoever complained, given freely; personal data."""

    __tablename__ = "voice_contacts"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    voice_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str | None] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    consented_at: Mapped[datetime | None] = mapped_column(Instant)  # to be told by a message of an answer


class VoiceOfficer(Base):
    """Whom a compliment reaches: the officers of the chain, each of whom sees it on a page of their own."""

    __tablename__ = "voice_officers"
    __table_args__ = (Index("ix_voice_officers_person", "office_id", "person_id"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    voice_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Facility(Base):
    """A waiting room, a toilet, a ramp: what visitors may say something about, and who looks after it."""

    __tablename__ = "facilities"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    code: Mapped[str] = mapped_column(String(30))
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    retired: Mapped[bool] = mapped_column(default=False)
