"""Questionnaires, the decision to ask, and the one answer with what belongs to it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import CLUSTERED, Base, Instant, LocalDate


class QuestionnaireRow(Base):
    """A published version of a questionnaire; it never changes (`definition` is canonical JSON)."""

    __tablename__ = "questionnaires"
    __table_args__ = (UniqueConstraint("office_id", "code", "number"), CLUSTERED)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column()
    measure: Mapped[str] = mapped_column(String(12))
    definition: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by: Mapped[int | None] = mapped_column()


class QuestionnaireDraft(Base):
    """What somebody is working on; nobody is asked by it until it is published."""

    __tablename__ = "questionnaire_drafts"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    revision: Mapped[int] = mapped_column()
    definition: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by: Mapped[int | None] = mapped_column()


class QuestionnaireStep(Base):
    """What a draft was before a change, so that the change can be taken back; gone with the draft."""

    __tablename__ = "questionnaire_steps"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    definition: Mapped[str] = mapped_column(Text)


# What partial indexes hold; a query must say the same.
TAKEN_BACK = "state = 'superseded' AND decision = 'invited'"
AT_LIMIT = "decided_by = 'limit'"
REVOKED = "state = 'revoked'"
HELD = "state = 'open' AND held_at IS NOT NULL"


class InvitationRow(Base):
    """One decision per ended transaction; a reopening supersedes it, the next end decides the next generation."""

    __tablename__ = "invitations"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "transaction_id"], ["transactions.office_id", "transactions.id"]),
        UniqueConstraint("office_id", "transaction_id"),
        Index("ix_invitations_visit", "office_id", "visit_id"),
        # All that the report of coverage counts: it reads nothing else.
        Index(
            "ix_invitations_decided",
            *("office_id", "decided_at", "service_id", "officer_id", "reason", "state", "delivered_at", "begun_at"),
        ),
        # The few that a reopening took back or holds and that are in work, that were decided about at the limit, that
        # somebody revoked: for the worker and the report.
        *(
            Index(name, *columns, sqlite_where=text(which), postgresql_where=text(which))
            for name, columns, which in (
                ("ix_invitations_taken_back", ("office_id", "taken_back_at"), TAKEN_BACK),
                ("ix_invitations_at_limit", ("office_id", "decided_at"), AT_LIMIT),
                ("ix_invitations_revoked", ("office_id", "decided_at"), REVOKED),
                ("ix_invitations_held", ("office_id", "taken_back_at"), HELD),
            )
        ),
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
    questionnaire_id: Mapped[int | None] = mapped_column(BigInteger)  # None: the one question every desk begins with
    privacy: Mapped[str] = mapped_column(String(12), default="linked", server_default=text("'linked'"))
    correction_s: Mapped[int | None] = mapped_column()  # how long an answer may be corrected; None: as set now
    service_id: Mapped[int | None] = mapped_column()  # as it was at the end
    officer_id: Mapped[int | None] = mapped_column()  # who served or worked on it last; None: nobody did
    taken_back_at: Mapped[datetime | None] = mapped_column(Instant)  # when a reopening first took it back, or held it
    decided_by: Mapped[str] = mapped_column(String(5), default="end", server_default=text("'end'"))  # end limit
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by: Mapped[int | None] = mapped_column()
    # Its message has gone out: since when it waits for the next end, and when that or the limit timed it anew.
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    retimed_at: Mapped[datetime | None] = mapped_column(Instant)
    # In no event, since no office's lock is taken for them: a mail server has taken the message over, and the visitor
    # has turned the first page.
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    begun_at: Mapped[datetime | None] = mapped_column(Instant)
    begun_through: Mapped[str | None] = mapped_column(String(10))  # None also for anonymous answers


class SurveyAsking(Base):
    """When a person was asked by a message, once for a visit; known again by a keyed digest of the address only."""

    __tablename__ = "survey_askings"
    __table_args__ = (
        Index("ix_survey_askings_visit", "office_id", "visit_id"),
        Index("ix_survey_askings_asked", "office_id", "asked_at"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    visit_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime] = mapped_column(Instant)


class SurveyBlock(Base):
    """Somebody who is not asked (opted_out, erased) or cannot be written to (bounced): a keyed digest, no address."""

    __tablename__ = "survey_blocks"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)


class ResponseRow(Base):
    """The answer as it stands; its comment is the note `words_id`, a profile is in `response_details`.

    `satisfaction` is in ten-thousandths (`desk.domain.questionnaires.satisfaction`).
    """

    __tablename__ = "responses"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "invitation_id"], ["invitations.office_id", "invitations.id"]),
        UniqueConstraint("office_id", "invitation_id"),
        Index("ix_responses_received", "office_id", "received_at"),
        Index("ix_responses_transaction", "office_id", "transaction_id"),
        Index("ix_responses_questionnaire", "office_id", "questionnaire_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_on_scale"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    invitation_id: Mapped[int] = mapped_column(BigInteger)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    score: Mapped[int | None] = mapped_column()  # the answer to "score" of 1 to 5, where it was asked
    received_at: Mapped[datetime] = mapped_column(Instant)
    questionnaire_id: Mapped[int | None] = mapped_column(BigInteger)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    satisfaction: Mapped[int | None] = mapped_column()
    channel: Mapped[str] = mapped_column(String(10))
    standing: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column()
    revised_at: Mapped[datetime | None] = mapped_column(Instant)
    service_id: Mapped[int | None] = mapped_column()  # as it was then; None before answers said so
    words_id: Mapped[int] = mapped_column(BigInteger)  # the event of the answer or of its last correction


class ResponseRevision(Base):
    """What an answer was before it was corrected; numbered from 1."""

    __tablename__ = "response_revisions"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "response_id"], ["responses.office_id", "responses.id"]),
        Index("ix_response_revisions_transaction", "office_id", "transaction_id"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    response_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    satisfaction: Mapped[int | None] = mapped_column()
    until_at: Mapped[datetime] = mapped_column(Instant)


class ResponseDetail(Base):
    """What the visitor told about themselves, and own words beside the comment: may be erased, in no event."""

    __tablename__ = "response_details"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "response_id"], ["responses.office_id", "responses.id"]),
        Index("ix_response_details_transaction", "office_id", "transaction_id"),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    response_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    profile: Mapped[dict[str, Any]] = mapped_column(JSON)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)  # then both are empty


class LooseResponse(Base):
    """An answer that belongs to no transaction: anonymous, from the poster, on paper, or taken over from a file.

    Its id is drawn at random and it has no more of a time than its day: it cannot be laid beside an event.
    """

    __tablename__ = "loose_responses"
    __table_args__ = (
        Index("ix_loose_responses_day", "office_id", "day"),
        Index("ix_loose_responses_questionnaire", "office_id", "questionnaire_id"),
        Index(
            "ix_loose_responses_import",
            "office_id",
            "import_id",
            sqlite_where=text("import_id IS NOT NULL"),
            postgresql_where=text("import_id IS NOT NULL"),
        ),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(LocalDate)
    service_id: Mapped[int | None] = mapped_column()
    questionnaire_id: Mapped[int | None] = mapped_column(BigInteger)
    measure: Mapped[str] = mapped_column(String(12))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    satisfaction: Mapped[int | None] = mapped_column()
    profile: Mapped[dict[str, Any]] = mapped_column(JSON)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Of those to an invitation none is kept: the invitation says through what it went out, and would be told by it.
    channel: Mapped[str | None] = mapped_column(String(10))
    origin: Mapped[str] = mapped_column(String(10))  # anonymous staff poster paper import
    import_id: Mapped[int | None] = mapped_column(BigInteger)


class ResponseHandler(Base):
    """Who handled the transaction of an answer, as it was when the answer came; shares (ten-thousandths) are frozen."""

    __tablename__ = "response_handlers"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "response_id"], ["responses.office_id", "responses.id"]),
        CLUSTERED,
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    response_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    holder_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    share: Mapped[int] = mapped_column()


class SurveyTally(Base):
    """Answers of a day added up (`desk.domain.tallies.Tally`), kept with every answer; `holder_id` 0 is all together.

    The tallies of a holder have sums only: what each handler's share of the satisfaction was.
    """

    __tablename__ = "survey_tallies"
    __table_args__ = (CLUSTERED,)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(LocalDate, primary_key=True)
    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 0: not told
    measure: Mapped[str] = mapped_column(String(12), primary_key=True)
    origin: Mapped[str] = mapped_column(String(10), primary_key=True)
    answers: Mapped[int] = mapped_column()
    rated: Mapped[int] = mapped_column()
    weight: Mapped[int] = mapped_column(BigInteger)
    weight_square: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    square: Mapped[int] = mapped_column(BigInteger)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    profile: Mapped[dict[str, Any]] = mapped_column(JSON)
