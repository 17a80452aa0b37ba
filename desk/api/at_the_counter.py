"""Two more steps at a counter: taking back one's last step, and a further service for the visitor who is there."""

from http import HTTPStatus
from typing import Any

from desk.api import answers, bodies
from desk.api.bearer import Scope
from desk.api.bodies import Body, Id
from desk.api.routing import Call, Route, of_entity
from desk.domain.identity import office_of
from desk.operations import intake, undoing


class UndoingAnswer(answers.StepAnswer):
    """Where the transaction stands again, and the name of the event whose step was taken back.

    `requests` wait for their answer again, which the end had closed. An offer that the step withdrew stays withdrawn.
    """

    undone: str
    requests: list[Id]
    offer_withdrawn: bool


class MatterBody(Body):
    """For which service the visitor is here as well."""

    service: Id


class MatterAnswer(answers.DoneAnswer):
    """The new transaction, under the visit and the number that there are."""

    transaction: Id
    visit: Id
    service: Id


def undo(call: Call) -> Any:
    """Take back the acting officer's last step with the transaction, while nothing has followed it."""
    office_of(call.id)
    return undoing.undo(call.streams, call.id, call.request("undo"))


def add_matter(call: Call) -> Any:
    """Open one more service for the visitor at the counter."""
    office_of(call.id)
    return intake.add_matter(call.streams, call.id, call.body.service, call.request("add_matter"))


def _route(noun: str, name: str, summary: str, function: Any, body: Any, answer: Any) -> Route:
    path = f"/transactions/<int:id>/{noun}"
    created = HTTPStatus.CREATED
    scope = Scope.WORK_WRITE
    return Route("POST", path, name, summary, scope, function, answer, body, created, "transactions", of_entity)


ROUTES = (
    _route("undoing", "undoing", "Take one's last step back", undo, bodies.Empty, UndoingAnswer),
    _route("matters", "matters", "Add a service for the visitor at the counter", add_matter, MatterBody, MatterAnswer),
)
