"""The story of one transaction for the officer who goes on with it, so that the visitor need not tell it again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import literal_column, select

from desk.domain.facts import EventName
from desk.domain.identity import EVENT_BITS, event_of
from desk.domain.lifecycle import State
from desk.models import EventRow, Note, Person, TransactionRow
from desk.reads.reader import Reader

_FIRST_ID: Any = literal_column(str(1 << EVENT_BITS))
# Steps that say nothing to the next officer, unless somebody wrote a note with them.
_SILENT: Final = frozenset(
    {
        EventName.TRANSACTION_CALLED,
        EventName.CALL_REPEATED,
        EventName.INVITATION_DECIDED,
        EventName.INVITATION_SUPERSEDED,
        EventName.RESPONSE_RECEIVED,
        EventName.MESSAGE_REQUEUED,
    }
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happened to the transaction, who did it, and the words they left."""

    number: int
    at: datetime
    name: EventName
    actor_kind: str
    actor_id: int | None
    actor: str | None
    payload: dict[str, Any]
    note: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, in order; `waited_s` and `paused_s` add up the waits and pauses, each only once it is over."""

    chapters: tuple[Chapter, ...]
    waited_s: int
    paused_s: int

    @property
    def has_requests(self) -> bool:
        """Whether anybody was ever asked about it."""
        return any(each.name is EventName.REQUEST_MADE for each in self.chapters)

    @property
    def passed_on(self) -> Chapter | None:
        """The last time custody was passed on, with why and the note; None if it never was."""
        accepted = {
            event_of(each.payload["handoff"]) for each in self.chapters if each.name is EventName.HANDOFF_ACCEPTED
        }
        return next(
            (
                each
                for each in reversed(self.chapters)
                if each.name is EventName.TRANSFERRED_TO_QUEUE or each.number in accepted
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Matter:
    """Another transaction of the same visit."""

    id: int
    service_id: int
    state: str
    ending: str | None


def get_story(reader: Reader, office_id: int, transaction_id: int) -> Story:
    """Return the story of a transaction from its events and the notes beside them."""
    note_id = EventRow.office_id * _FIRST_ID + EventRow.number
    rows = reader.execute(
        select(
            EventRow.number,
            EventRow.at,
            EventRow.name,
            EventRow.actor_kind,
            EventRow.actor_id,
            EventRow.payload,
            Person.name.label("actor"),
            Note.words,
        )
        .outerjoin(Person, Person.id == EventRow.actor_id)
        .outerjoin(Note, (Note.office_id == EventRow.office_id) & (Note.id == note_id))
        .where(EventRow.office_id == office_id, EventRow.transaction_id == transaction_id)
        .order_by(EventRow.number)
    )
    told = [_chapter(row) for row in rows]
    kept = tuple(each for each in told if each.note or each.name not in _SILENT)
    return Story(kept, _seconds_in(told, State.WAITING), _seconds_in(told, State.PAUSED))


def _chapter(row: Any) -> Chapter:
    payload = json.loads(row.payload)
    return Chapter(row.number, row.at, EventName(row.name), row.actor_kind, row.actor_id, row.actor, payload, row.words)


def _seconds_in(chapters: Sequence[Chapter], state: State) -> int:
    steps = [each for each in chapters if "after" in each.payload]
    spans = (later.at - each.at for each, later in pairwise(steps) if each.payload["after"] == state.value)
    return int(sum(span.total_seconds() for span in spans))


def list_other_matters(reader: Reader, office_id: int, visit_id: int, *, but: int) -> list[Matter]:
    """Return what else the visitor is here for."""
    found = TransactionRow
    rows = reader.execute(
        select(found.id, found.service_id, found.state, found.ending)
        .where(found.office_id == office_id, found.visit_id == visit_id, found.id != but)
        .order_by(found.id)
    )
    return [Matter(*row) for row in rows.tuples()]
