"""Answering an offer: acceptance, refusal, withdrawal."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from desk.api import answers, bodies, handing_on_bodies
from desk.api.bearer import Scope
from desk.api.routing import Call, Route, of_entity
from desk.operations import handing_off


def accept(call: Call) -> Any:
    """Take custody of what was offered."""
    return handing_off.accept(call.streams, call.id, call.request("accept"))


def refuse(call: Call) -> Any:
    """Decline an offer, with a reason; custody stays with the giver."""
    body: handing_on_bodies.RefusalBody = call.body
    return handing_off.decline(call.streams, call.id, call.request("decline"), reason=body.reason, note=body.note)


def withdraw(call: Call) -> Any:
    """Take an unanswered offer back."""
    return handing_off.withdraw(call.streams, call.id, call.request("withdraw"))


def _route(noun: str, summary: str, function: Callable[[Call], Any], body: Any) -> Route:
    return Route(
        "POST",
        f"/handoffs/<int:id>/{noun}",
        noun,
        summary,
        Scope.WORK_WRITE,
        function,
        answers.HandoffAnswer,
        body,
        HTTPStatus.CREATED,
        "handoffs",
        of_entity,
    )


ROUTES = (
    _route("acceptance", "Accept an offer", accept, bodies.Empty),
    _route("refusal", "Decline an offer", refuse, handing_on_bodies.RefusalBody),
    _route("withdrawal", "Withdraw an offer", withdraw, bodies.Empty),
)
