"""What happened in an office between two days, as columns: the one source of every report.

What has ended is read from the report days, the rest (open, or touched by events since those were made) is worked out
from the state tables by the same code: the result is always exactly what the state tables say, also for today.

All lengths and instants are whole microseconds. Columns of `Words` are codes into `Facts.words` (0 is no word at all):

    facts = load_facts(reader, office_id, date(2026, 3, 1), date(2026, 3, 31), at=now)
    done = facts.transactions.ending == facts.code("completed")
    waits = facts.transactions.first_wait[done]
"""

from dataclasses import dataclass
from datetime import date, datetime

from desk.reads.reader import Reader
from desk.reports.columns import Columns
from desk.reports.kinds import EVERY_KIND, Calls, Duties, Handoffs, Kinds, Legs, Transactions
from desk.reports.loading import load_columns

__all__ = ["Calls", "Duties", "Facts", "Handoffs", "Legs", "Transactions", "load_facts"]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that began from `since` to `until` (both included) in an office, as of `at`."""

    office_id: int
    since: date
    until: date
    at: datetime
    words: tuple[str, ...]
    transactions: Transactions
    legs: Legs
    handoffs: Handoffs
    calls: Calls
    duties: Duties

    def code(self, word: str) -> int:
        """Return the code of a word in these columns, -1 when no row has it."""
        return self.words.index(word) if word in self.words else -1


def load_facts(
    reader: Reader, office_id: int, since: date, until: date, *, at: datetime, kinds: Kinds = EVERY_KIND
) -> Facts:
    """Return what happened from `since` to `until`, both included; kinds that are not asked for are empty.

    Give a reader that sees one snapshot (`desk.reports.snapshot`): on PostgreSQL rows may otherwise move meanwhile.
    """
    found, words = load_columns(reader, office_id, since, until, at=at, kinds=kinds)

    def of(kind: type) -> Columns:
        return found[kind]

    return Facts(
        office_id,
        since,
        until,
        at,
        words,
        Transactions(*of(Transactions)),
        Legs(*of(Legs)),
        Handoffs(*of(Handoffs)),
        Calls(*of(Calls)),
        Duties(*of(Duties)),
    )
