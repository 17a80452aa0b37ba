"""Invitations that were made and do not stand: taken back by a reopening and not decided about since, revoked by hand.

Both are looked up through partial indexes over just these few (`ix_invitations_taken_back`, `ix_invitations_revoked`,
`ix_invitations_at_limit`), each by the day of the decision that does not stand any more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, literal_column, select

from desk.domain.facts import EventName
from desk.models import EventRow, InvitationRow, TransactionRow, Visit
from desk.reads.reader import Reader
from desk.reports.asking import Question
from desk.reports.shares import FEWEST_COMPARED, UNLIKELY, holm_of, share
from desk.reports.statistics import Estimate, chance_of_luck

INVITATIONS: Any = InvitationRow.__table__
EVENTS: Any = EventRow.__table__
# As literal text: with bound parameters the partial indexes would not be used.
TAKEN_BACK: Final = (
    INVITATIONS.c.state == literal_column("'superseded'"),
    INVITATIONS.c.decision == literal_column("'invited'"),
)
REVOKED: Final = INVITATIONS.c.state == literal_column("'revoked'")
AT_LIMIT: Final = INVITATIONS.c.decided_by == literal_column("'limit'")


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A transaction in work whose invitation a reopening took back; officer and service are those of the last end."""

    transaction_id: int
    number: str
    service_id: int
    officer_id: int  # 0: nobody served
    decided_at: datetime  # which is when it ended
    taken_back_at: datetime  # the first time
    state: str
    reopened_by: int | None


@dataclass(frozen=True, slots=True)
class Reopened:
    """A service or an officer: of how many invitations a reopening took back how many that are still not decided.

    `at_limit` are those decided about while still in work; `chance` that of the share differing so much from that of
    all others.
    """

    key: int
    invited: int  # those taken back too
    taken_back: int
    at_limit: int
    chance: float | None = None

    @property
    def share(self) -> Estimate | None:
        """The taken back of the invited, from 0 to 1; None below five."""
        return share(self.taken_back, self.invited)

    @property
    def stands_out(self) -> bool:
        """Whether luck alone is an unlikely explanation."""
        return self.chance is not None and self.chance < UNLIKELY


def compared(counts: Mapping[int, tuple[int, int]], at_limit: Mapping[int, int]) -> list[Reopened]:
    """Return those of whom an invitation was taken back or decided about at the limit, each compared with all others.

    However few they have: who was asked is nobody's answer. Nobody's line (0) is not among them.
    """
    keys = sorted((counts.keys() | at_limit.keys()) - {0})
    whole, all_taken = (sum(counts.get(key, (0, 0))[place] for key in keys) for place in (0, 1))
    lines = [Reopened(key, *counts.get(key, (0, 0)), at_limit.get(key, 0)) for key in keys]
    chances = holm_of([_chance(each, whole, all_taken) for each in lines])
    found = [replace(each, chance=chance) for each, chance in zip(lines, chances, strict=True)]
    return [each for each in found if each.taken_back or each.at_limit]


def _chance(mine: Reopened, whole: int, all_taken: int) -> float | None:
    others = whole - mine.invited
    if mine.invited < FEWEST_COMPARED or others < FEWEST_COMPARED:
        return None
    return chance_of_luck(
        mine.taken_back, mine.invited, other_hits=all_taken - mine.taken_back, other_count=others
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Revoker:
    """Who revoked links by hand, and how many."""

    person_id: int
    count: int


def load_taken_back(
    reader: Reader, office_id: int, begins: datetime, ends: datetime, question: Question
) -> list[TakenBack]:
    """Return the transactions of this time whose invitation was taken back and does not stand again, oldest first."""
    query = (
        select(
            INVITATIONS.c.transaction_id,
            Visit.label,
            INVITATIONS.c.service_id,
            INVITATIONS.c.officer_id,
            INVITATIONS.c.decided_at,
            INVITATIONS.c.taken_back_at,
            TransactionRow.state,
        )
        .join(
            TransactionRow,
            (TransactionRow.office_id == INVITATIONS.c.office_id) & (TransactionRow.id == INVITATIONS.c.transaction_id),
        )
        .join(Visit, (Visit.office_id == INVITATIONS.c.office_id) & (Visit.id == INVITATIONS.c.visit_id))
        .where(*TAKEN_BACK)
        .order_by(INVITATIONS.c.taken_back_at, INVITATIONS.c.transaction_id)
    )
    rows = reader.execute(_asked(query, office_id, begins, ends, question)).all()
    reopened = _reopened_by(reader, office_id, [row.transaction_id for row in rows])
    return [
        TakenBack(
            row.transaction_id,
            row.label,
            row.service_id or 0,
            row.officer_id or 0,
            row.decided_at,
            row.taken_back_at,
            row.state,
            reopened.get(row.transaction_id),
        )
        for row in rows
    ]


def _asked(query: Select[Any], office_id: int, begins: datetime, ends: datetime, question: Question) -> Select[Any]:
    """Return the query narrowed to what is asked."""
    within = (INVITATIONS.c.decided_at >= begins, INVITATIONS.c.decided_at < ends)
    query = query.where(INVITATIONS.c.office_id == office_id, *within)
    if question.service_id:
        query = query.where(INVITATIONS.c.service_id == question.service_id)
    if question.officer_id:
        query = query.where(INVITATIONS.c.officer_id == question.officer_id)
    return query


def _reopened_by(reader: Reader, office_id: int, transactions: Iterable[int]) -> dict[int, int | None]:
    """Return who opened each of these again last."""
    query = select(EVENTS.c.transaction_id, EVENTS.c.actor_id).where(
        EVENTS.c.office_id == office_id,
        EVENTS.c.transaction_id.in_(list(transactions)),
        EVENTS.c.name == EventName.INVITATION_SUPERSEDED.value,
    )
    return {row.transaction_id: row.actor_id for row in reader.execute(query.order_by(EVENTS.c.number))}


def load_revokers(
    reader: Reader, office_id: int, begins: datetime, ends: datetime, question: Question
) -> list[Revoker]:
    """Return who revoked links of this time by hand, the most first."""
    query = select(INVITATIONS.c.revoked_by, func.count()).where(REVOKED).group_by(INVITATIONS.c.revoked_by)
    rows = reader.execute(_asked(query, office_id, begins, ends, question)).tuples().all()
    return sorted((Revoker(each or 0, count) for each, count in rows), key=lambda each: (-each.count, each.person_id))


def count_at_limit(
    reader: Reader, office_id: int, begins: datetime, ends: datetime, question: Question
) -> tuple[Counter[int], Counter[int]]:
    """Return by service and by officer of how many was decided at the limit, while they were still in work."""
    columns = (INVITATIONS.c.service_id, INVITATIONS.c.officer_id)
    query = select(*columns, func.count()).where(AT_LIMIT).group_by(*columns)
    services: Counter[int] = Counter()
    officers: Counter[int] = Counter()
    for service_id, officer_id, count in reader.execute(_asked(query, office_id, begins, ends, question)).tuples():
        services[service_id or 0] += count
        officers[officer_id or 0] += count
    return services, officers
