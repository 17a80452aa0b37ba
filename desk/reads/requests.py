"""Requests about transactions: those that wait for somebody, those of one transaction, those of a whole office."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import aliased

from desk.domain.requesting import RequestState
from desk.models import Note, Person, RequestRow, TransactionRow, Visit
from desk.models.request import unanswered
from desk.reads.reader import Reader

SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request with its words; `meant_for` is the absent person whom the one asked covers, `closer` who ended it."""

    id: int
    transaction_id: int
    number: str
    service_id: int
    transaction_state: str
    asker_id: int
    asker: str
    asked_id: int
    asked: str
    meant_for: str | None
    kind: str
    blocks: bool
    question: str | None
    due_at: datetime
    state: str
    asked_at: datetime
    closed_at: datetime | None
    decline_reason: str | None
    answer: str | None

    @property
    def open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.state == RequestState.ASKED.value

    def overdue(self, at: datetime) -> bool:
        """Whether its time is over and nobody has answered."""
        return self.open and self.due_at <= at


def list_requests_of(reader: Reader, office_id: int, transaction_id: int) -> list[RequestView]:
    """Return all requests about a transaction, the oldest first."""
    return _views(reader, _query(office_id).where(RequestRow.transaction_id == transaction_id).order_by(RequestRow.id))


def list_open_requests(reader: Reader, office_id: int) -> list[RequestView]:
    """Return the office's requests without an answer, the most urgent first."""
    query = _query(office_id).where(unanswered()).order_by(RequestRow.due_at, RequestRow.id)
    return _views(reader, query.limit(SHOWN))


def list_requests_around(reader: Reader, office_id: int, person_id: int) -> list[RequestView]:
    """Return the open requests to and by somebody, the most urgent first; each half has an index over what is open."""
    mine = RequestRow.office_id == office_id, unanswered()
    to_me = select(RequestRow.id).where(*mine, RequestRow.asked_id == person_id)
    by_me = select(RequestRow.id).where(*mine, RequestRow.asker_id == person_id)
    query = _query(office_id).where(RequestRow.id.in_(union_all(to_me, by_me)))
    return _views(reader, query.order_by(RequestRow.due_at, RequestRow.id))


def list_answers_to(
    reader: Reader, office_id: int, asker_id: int, transaction_ids: Collection[int], *, since: datetime
) -> list[RequestView]:
    """Return what was answered or declined since then of what somebody asked about these transactions."""
    if not transaction_ids:
        return []
    answered = RequestRow.state.in_((RequestState.ANSWERED.value, RequestState.DECLINED.value))
    mine = RequestRow.asker_id == asker_id, RequestRow.transaction_id.in_(transaction_ids)
    query = _query(office_id).where(*mine, answered, RequestRow.closed_at >= since)
    return _views(reader, query.order_by(RequestRow.closed_at, RequestRow.id))


def _views(reader: Reader, query: Select[Any]) -> list[RequestView]:
    return [RequestView(*row) for row in reader.execute(query).tuples()]


def _query(office_id: int) -> Select[Any]:
    asker, asked, meant = aliased(Person), aliased(Person), aliased(Person)
    question, answer = aliased(Note), aliased(Note)
    found, about = RequestRow, TransactionRow
    return (
        select(
            found.id,
            found.transaction_id,
            Visit.label,
            about.service_id,
            about.state,
            found.asker_id,
            asker.name,
            found.asked_id,
            asked.name,
            meant.name,
            found.kind,
            found.blocks,
            question.words,
            found.due_at,
            found.state,
            found.asked_at,
            found.closed_at,
            found.decline_reason,
            answer.words,
        )
        .join(about, (about.office_id == found.office_id) & (about.id == found.transaction_id))
        .join(Visit, (Visit.office_id == about.office_id) & (Visit.id == about.visit_id))
        .join(asker, asker.id == found.asker_id)
        .join(asked, asked.id == found.asked_id)
        .outerjoin(meant, meant.id == found.meant_for_id)
        .outerjoin(question, (question.office_id == found.office_id) & (question.id == found.id))
        .outerjoin(answer, (answer.office_id == found.office_id) & (answer.id == found.closed_by))
        .where(found.office_id == office_id)
    )
