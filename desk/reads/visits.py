"""A visit as the visitor's own page shows it: the number, and each transaction in the visitor's terms.

No officer's name and nobody else's data leaves this module. Everything is found by keys: the ids of a visit's queue
entries follow the visit's own id, because one check-in appends them right after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, select

from desk.domain.estimate import WaitRange
from desk.domain.invitation import InvitationState
from desk.domain.lifecycle import PRESENT_STATES, RESTING_STATES, Ending, Outcome, State
from desk.domain.reasons import PauseCause
from desk.domain.tokens import TokenKind, hash_of
from desk.domain.waits import Beginning
from desk.models import Office, QueueEntry, TransactionRow, Visit, VisitContact, VisitorToken
from desk.reads.board import Place, beckons
from desk.reads.displays import Bilingual
from desk.reads.improvements import is_published
from desk.reads.reader import Reader
from desk.reads.services import lines, text_of
from desk.reads.visit_rows import matters_query

ENTRIES: Any = QueueEntry.__table__
TRANSACTIONS: Any = TransactionRow.__table__
TOKENS: Any = VisitorToken.__table__
CHECK_IN_EVENTS: Final = 100  # far more than one check-in appends


@dataclass(frozen=True, slots=True)
class Subject:
    """What a token opens."""

    office_id: int
    id: int
    generation: int


@dataclass(frozen=True, slots=True)
class Question:
    """The survey about a transaction, which the visitor's page links to while it is open."""

    invitation_id: int
    generation: int


@dataclass(frozen=True, slots=True)
class PromisedWait:
    """How long at most the office lets somebody wait who came for a service, and until when that is."""

    minutes: int
    until: datetime
    is_over: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """One transaction of a visit; `before` counts those who wait for the same and come earlier, None if not waiting."""

    id: int
    service: str
    icon: str
    requirements: tuple[str, ...]
    state: State
    changing_hands: bool
    place: Place | None
    calls: int
    before: int | None
    not_before: datetime | None
    due_at: datetime | None
    complete_at: datetime | None
    promised_at: datetime | None
    cause: PauseCause | None
    ending: Ending | None
    outcome: Outcome | None
    newer_visit: int | None
    newer_number: str | None
    question: Question | None
    taken_over_by: int | None = None
    service_id: int = 0
    addressed: bool = False  # to an officer in person
    gave_way: int = 0  # how often others were let pass in this wait
    can_undo: bool = False  # whether the last time can be taken back
    wait: WaitRange | None = None
    back_by: datetime | None = None
    promised_wait: PromisedWait | None = None

    @property
    def call_mark(self) -> str:
        """What changes with every call, and where a colleague takes over."""
        return f"{self.id}:{self.calls}" if self.taken_over_by is None else f"{self.taken_over_by}:0"

    def may_give_way(self, times: int) -> bool:
        """Whether the visitor may let somebody pass, so many times altogether."""
        return self.state is State.WAITING and not self.changing_hands and self.gave_way < times

    @property
    def rests(self) -> bool:
        """Whether the visitor may come back for it."""
        return self.state in RESTING_STATES


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One visit with its transactions."""

    office_id: int
    id: int
    number: str
    day: date
    language: str
    arrived_at: datetime
    priority_reason: str | None
    matters: tuple[Matter, ...]
    offers_survey: bool = False  # whether the visitor's page will lead to the questions afterwards
    has_published: bool = False  # whether the office has a satisfaction index for everybody to read
    give_way_times: int = 0  # how often its visitors may let somebody pass

    @property
    def called(self) -> Matter | None:
        """For what the visitor is called, or expected by a colleague who took over; one thing at a time."""
        return next((each for each in self.matters if each.state is State.CALLED or each.taken_over_by), None)

    @property
    def goes_on(self) -> bool:
        """Whether something of this visit waits, is called or served."""
        return any(each.state in PRESENT_STATES and each.newer_visit is None for each in self.matters)

    @property
    def can_leave(self) -> bool:
        """Whether something of this visit still waits."""
        return any(each.state is State.WAITING and each.newer_visit is None for each in self.matters)


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the visitor; personal data, for operations only."""

    name: str | None = None
    email: str | None = None
    consent: bool = False
    phone: str | None = None


def is_over(reader: Reader, office_id: int, visit_id: int) -> bool:
    """Tell whether nothing of a visit is open any more: from then on its page may lead to the survey."""
    still_open = select(TRANSACTIONS.c.id).where(
        TRANSACTIONS.c.office_id == office_id, TRANSACTIONS.c.visit_id == visit_id, TRANSACTIONS.c.ended_at.is_(None)
    )
    return reader.execute(still_open.limit(1)).first() is None


def find_present_number(reader: Reader, office_id: int, visit_ids: Sequence[int]) -> tuple[int, str] | None:
    """Return the newest of these visits of which something waits, is called or served: its id and its number."""
    query = (
        select(Visit.id, Visit.label)
        .join(TRANSACTIONS, (TRANSACTIONS.c.office_id == Visit.office_id) & (TRANSACTIONS.c.visit_id == Visit.id))
        .where(Visit.office_id == office_id, Visit.id.in_(sorted(visit_ids)))
        .where(TRANSACTIONS.c.state.in_(sorted(state.value for state in PRESENT_STATES)))
        .order_by(Visit.id.desc())
        .limit(1)
    )
    row = reader.execute(query).first()
    return None if row is None else (row.id, row.label)


def clean_token(token: str) -> str:
    """Return a token without what mail programs, scanners and people add to it."""
    return token.strip().rstrip(".,;:!?)>]}\"'").lower()


def find_subject(reader: Reader, token: str, kind: TokenKind) -> Subject | None:
    """Return what a token of this kind opens; None for a token of another kind as for one that never was."""
    row = reader.execute(select(TOKENS).where(TOKENS.c.token_hash == hash_of(clean_token(token)))).one_or_none()
    if row is None or row.kind != kind.value:
        return None
    return Subject(row.office_id, row.subject_id, row.generation)


def find_visit(reader: Reader, office_id: int, visit_id: int) -> VisitPage | None:
    """Return a visit with its transactions in the visitor's language; None where there is none."""
    row = reader.execute(
        select(
            Visit.__table__,
            Office.survey_on,
            Office.survey_link_on,
            Office.give_way_times,
            is_published(office_id).label("published"),
        )
        .join(Office, Office.id == Visit.office_id)
        .where(Visit.office_id == office_id, Visit.id == visit_id)
    ).one_or_none()
    if row is None:
        return None
    return VisitPage(
        office_id,
        visit_id,
        row.label,
        row.day,
        row.language,
        row.arrived_at,
        row.priority_reason,
        (),
        row.survey_on and row.survey_link_on,
        bool(row.published),
        row.give_way_times,
    )


def list_matters(reader: Reader, visit: VisitPage, *, language: str, at: datetime) -> tuple[Matter, ...]:
    """Return the transactions of a visit, those it opened and the one it came back for."""
    # Asked for beforehand: of so many tables PostgreSQL does not look for the best order, and begins with the largest.
    ids = reader.execute(_ids(visit.office_id, visit.id)).scalars().all()
    rows = reader.execute(matters_query(visit.office_id, ids)).all() if ids else ()
    return tuple(_matter(row, visit.id, language=language, at=at) for row in rows)


def find_contact(reader: Reader, office_id: int, visit_id: int) -> Contact:
    """Return the contact given at a visit, empty if none was."""
    row = reader.execute(
        select(VisitContact.__table__).where(VisitContact.office_id == office_id, VisitContact.visit_id == visit_id)
    ).one_or_none()
    return Contact() if row is None else Contact(row.name, row.email, row.consented_at is not None, row.phone)


def _ids(office_id: int, visit_id: int) -> Select[Any]:
    return select(ENTRIES.c.transaction_id.distinct()).where(
        ENTRIES.c.office_id == office_id,
        ENTRIES.c.id.between(visit_id, visit_id + CHECK_IN_EVENTS),
        ENTRIES.c.visit_id == visit_id,
    )


def _matter(row: Any, visit_id: int, *, language: str, at: datetime) -> Matter:
    state = State(row.state)
    moved = row.visit_id != visit_id
    return Matter(
        row.id,
        text_of(row, "name", language),
        row.icon,
        lines(text_of(row, "requirements", language)),
        state,
        row.offer_id is not None,
        _place(row),
        row.times or 0,
        row.before if state is State.WAITING else None,
        row.not_before if row.not_before is not None and row.not_before > at else None,
        row.due_at,
        row.complete_at,
        row.promised_at,
        None if row.cause is None else PauseCause(row.cause),
        None if row.ending is None else Ending(row.ending),
        None if row.outcome is None else Outcome(row.outcome),
        row.visit_id if moved else None,
        row.label if moved else None,
        _question(row, at=at),
        row.taken_over_by if beckons(row.taken_over_by, row.since, at=at) else None,
        row.service_id,
        row.addressee_id is not None,
        row.gave_way or 0,
        bool(row.can_undo),
        promised_wait=_promised_wait(row, at=at),
    )


def _promised_wait(row: Any, *, at: datetime) -> PromisedWait | None:
    """Return what was promised at check-in; it holds for the wait for the first call only."""
    if row.began_by != Beginning.CHECK_IN.value or row.served_at is not None:
        return None
    seconds = row.wait_promise_s or row.service_wait_promise_s
    until = row.arrived_at + timedelta(seconds=seconds)
    return PromisedWait(seconds // 60, until, is_over=until <= at)


def _place(row: Any) -> Place | None:
    return None if row.counter is None else Place(row.counter, Bilingual(row.location_id, row.location_en))


def _question(row: Any, *, at: datetime) -> Question | None:
    is_open = row.invitation_state == InvitationState.OPEN.value and row.expires_at is not None and at < row.expires_at
    return Question(row.invitation_id, row.generation) if is_open else None
