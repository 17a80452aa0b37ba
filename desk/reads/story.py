"""The story of one transaction for the officer who goes on with it, so that the visitor need not tell it again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import literal_column, select

from desk.domain.facts import EventName
from desk.domain.identity import EVENT_BITS, event_of, id_of
from desk.domain.lifecycle import State
from desk.models import EventRow, HandoffWords, Note, Person, TransactionRow
from desk.reads.answered import ANSWERS
from desk.reads.reader import Reader

_FIRST_ID: Any = literal_column(str(1 << EVENT_BITS))
# Events that pass custody on, or offer to.
HANDED_ON: Final = frozenset(
    {
        EventName.HANDOFF_OFFERED,
        EventName.TRANSFERRED_TO_QUEUE,
        EventName.HANDED_TO_POOL,
        EventName.HANDOVER_FORCED,
    }
)
_NOT_TOLD: Final = (*ANSWERS, EventName.INVITATION_REVOKED.value)
_IN_HAND: Final = frozenset({State.SERVING.value, State.PROCESSING.value, State.PAUSED.value})
# Steps that say nothing to the next officer, unless somebody wrote a note with them.
_SILENT: Final = frozenset(
    {
        EventName.TRANSACTION_CALLED,
        EventName.CALL_REPEATED,
        EventName.INVITATION_DECIDED,
        EventName.INVITATION_SUPERSEDED,
        EventName.INVITATION_HELD,
        EventName.INVITATION_RETIMED,
        EventName.INVITATION_USED,
        EventName.ANSWER_KEPT_APART,
        EventName.INVITATION_REVOKED,
        EventName.RESPONSE_RECEIVED,
        EventName.RESPONSE_REVISED,
        EventName.MESSAGE_REQUEUED,
        EventName.MESSAGE_REDIRECTED,
        EventName.MESSAGE_INSTEAD,
        EventName.REMINDER_QUEUED,
        EventName.HANDOFF_NEWS_SEEN,
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
    expects: str | None = None
    papers: tuple[str, ...] = ()
    office_id: int = 0

    @property
    def id(self) -> int:
        """The id of what the event created: of the handoff, and of the note."""
        return id_of(self.office_id, number=self.number)


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
                if each.name in HANDED_ON - {EventName.HANDOFF_OFFERED} or each.number in accepted
            ),
            None,
        )

    @property
    def notes(self) -> tuple[Chapter, ...]:
        """What officers wrote, in order."""
        return tuple(each for each in self.chapters if each.note)

    @property
    def corrections(self) -> dict[int, Chapter]:
        """The newest correction of each corrected note, by the number of the note's event."""
        return {
            event_of(each.payload["corrects"]): each for each in self.chapters if each.name is EventName.NOTE_CORRECTED
        }

    @property
    def handed_on(self) -> tuple[Chapter, ...]:
        """Every handoff or offer, in order."""
        return tuple(each for each in self.chapters if each.name in HANDED_ON)

    @property
    def pauses(self) -> tuple[Chapter, ...]:
        """Every pause, in order."""
        return tuple(each for each in self.chapters if each.name is EventName.TRANSACTION_PAUSED)

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers passed on so far, each once, in the order in which they came."""
        return tuple(dict.fromkeys(paper for each in self.chapters for paper in each.papers))

    def had_before(self, holder_id: int | None) -> int | None:
        """Return who worked on it last beside the one who has it; heads of queues and pools had it by name only."""
        holders = (
            each.payload["holder"]
            for each in reversed(self.chapters)
            if each.payload.get("after") in _IN_HAND and each.payload.get("pool") is None
        )
        return next((each for each in holders if each != holder_id), None)


@dataclass(frozen=True, slots=True)
class Matter:
    """Another transaction of the same visit."""

    id: int
    service_id: int
    state: str
    ending: str | None


def get_story(reader: Reader, office_id: int, transaction_id: int) -> Story:
    """Return the story of a transaction from its events and the notes beside them.

    What the visitor answered in the survey is no part of it, nor why somebody revoked its link: who handles a
    transaction does not read it there.
    """
    note_id = EventRow.office_id * _FIRST_ID + EventRow.number
    rows = reader.execute(
        select(
            EventRow.office_id,
            EventRow.number,
            EventRow.at,
            EventRow.name,
            EventRow.actor_kind,
            EventRow.actor_id,
            EventRow.payload,
            Person.name.label("actor"),
            Note.words,
            HandoffWords.expects,
            HandoffWords.papers,
        )
        .outerjoin(Person, Person.id == EventRow.actor_id)
        .outerjoin(Note, (Note.office_id == EventRow.office_id) & (Note.id == note_id) & Note.kind.not_in(_NOT_TOLD))
        .outerjoin(HandoffWords, (HandoffWords.office_id == EventRow.office_id) & (HandoffWords.id == note_id))
        .where(EventRow.office_id == office_id, EventRow.transaction_id == transaction_id)
        .order_by(EventRow.number)
    )
    told = [_chapter(row) for row in rows]
    kept = tuple(each for each in told if each.note or each.name not in _SILENT)
    return Story(kept, _seconds_in(told, State.WAITING), _seconds_in(told, State.PAUSED))


def _chapter(row: Any) -> Chapter:
    payload = json.loads(row.payload)
    return Chapter(
        row.number,
        row.at,
        EventName(row.name),
        row.actor_kind,
        row.actor_id,
        row.actor,
        payload,
        row.words,
        row.expects,
        tuple((row.papers or "").splitlines()),
        row.office_id,
    )


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
