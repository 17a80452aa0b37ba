"""Requests about transactions: asking, answering, declining, withdrawing; and what waits for an answer."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from desk.api.answers import DoneAnswer
from desk.api.bearer import Scope
from desk.api.bodies import Body, Empty, Id, Note, exactly_one, noted
from desk.api.routing import Call, Route, of_entity
from desk.domain.reasons import DeclineReason
from desk.domain.requesting import RequestKind, RequestState
from desk.domain.texts import LONGEST_NOTE, several_lines
from desk.operations import requesting
from desk.reads.requests import RequestView, list_open_requests


def _said(value: str) -> str:
    text = several_lines(value)
    if not text:
        raise ValueError("say it in words")
    return text


Words = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_NOTE, json_schema_extra={"pattern": "^[A-Za-z0-9]"}),
    AfterValidator(_said),
]


class RequestBody(Body):
    """Whom to ask (an officer, or the head of a service's queue), what, by when, and whether completion waits."""

    model_config = ConfigDict(
        json_schema_extra=exactly_one("officer", "service", common=("kind", "question", "due_at"))
    )

    officer: Id | None = None
    service: Id | None = None
    kind: RequestKind
    question: Words
    due_at: datetime
    blocks: bool = False

    @model_validator(mode="after")
    def one_receiver(self) -> "RequestBody":
        """Demand exactly one receiver and a zone in the due time."""
        if (self.officer is None) == (self.service is None):
            raise ValueError("give exactly one of officer and service")
        if self.due_at.tzinfo is None:
            raise ValueError("due_at needs a time zone")
        return self


class AnswerBody(Body):
    """The answer, in words."""

    answer: Words


class RequestRefusalBody(Body):
    """Why the request is not answered."""

    model_config = ConfigDict(json_schema_extra=noted(DeclineReason))

    reason: DeclineReason
    note: Note | None = None


class RequestMadeAnswer(DoneAnswer):
    """The request, and who is asked: the deputy where the one it was meant for is absent."""

    request: Id
    transaction: Id
    asked: Id
    meant_for: Id | None = None


class RequestStepAnswer(DoneAnswer):
    """Where the request stands now."""

    request: Id
    transaction: Id
    asked: Id
    state: RequestState


class RequestItem(BaseModel):
    """A request with its words."""

    id: Id
    transaction: Id
    asker: Id
    asked: Id
    kind: RequestKind
    blocks: bool
    question: str | None
    answer: str | None
    state: RequestState
    asked_at: datetime
    due_at: datetime
    closed_at: datetime | None
    overdue: bool


class Requests(BaseModel):
    """The requests of an office without an answer."""

    items: list[RequestItem]


def request_item(found: RequestView, at: datetime) -> dict[str, Any]:
    """Return a request as the API shows it."""
    names = ("id", "kind", "blocks", "question", "answer", "state", "asked_at", "due_at", "closed_at")
    return {
        **{name: getattr(found, name) for name in names},
        "transaction": found.transaction_id,
        "asker": found.asker_id,
        "asked": found.asked_id,
        "overdue": found.overdue(at),
    }


def ask(call: Call) -> Any:
    """Ask somebody about a transaction; custody stays where it is."""
    body: RequestBody = call.body
    said: dict[str, Any] = {
        "kind": body.kind, "question": body.question, "due_at": body.due_at, "blocks": body.blocks,
        "officer_id": body.officer, "service_id": body.service,
    }  # fmt: skip
    return requesting.ask(call.streams, call.id, call.request("ask"), **said)


def answer(call: Call) -> Any:
    """Answer a request."""
    return requesting.answer(call.streams, call.id, call.request("answer_request"), words=call.body.answer)


def refuse(call: Call) -> Any:
    """Decline a request, with a reason."""
    body: RequestRefusalBody = call.body
    asked = call.request("decline_request")
    return requesting.decline(call.streams, call.id, asked, reason=body.reason, note=body.note)


def withdraw(call: Call) -> Any:
    """Take an unanswered request back."""
    return requesting.withdraw(call.streams, call.id, call.request("withdraw_request"))


def list_requests(call: Call) -> Any:
    """List the requests of an office without an answer, the most urgent first."""
    with call.streams.reading() as reader:
        found = list_open_requests(reader, call.office_id)
    return {"items": [request_item(each, call.streams.clock()) for each in found]}


def _route(noun: str, name: str, summary: str, function: Callable[[Call], Any], body: Any) -> Route:
    path = f"/requests/<int:id>/{noun}"
    return Route("POST", path, name, summary, Scope.WORK_WRITE, function, RequestStepAnswer, body, HTTPStatus.CREATED,
                 "requests", of_entity)  # fmt: skip


ROUTES = (
    Route("GET", "/offices/<int:id>/requests", "list_requests", "List the requests without an answer", Scope.READ,
          list_requests, Requests, tag="requests"),
    Route("POST", "/transactions/<int:id>/requests", "requests", "Ask somebody about the transaction", Scope.WORK_WRITE,
          ask, RequestMadeAnswer, RequestBody, HTTPStatus.CREATED, "requests", of_entity),
    _route("answer", "answer_request", "Answer a request", answer, AnswerBody),
    _route("refusal", "decline_request", "Decline a request", refuse, RequestRefusalBody),
    _route("withdrawal", "withdraw_request", "Withdraw a request", withdraw, Empty),
)  # fmt: skip
