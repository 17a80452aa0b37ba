"""Transactions: one as it stands, and a noun for every step of its life."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from desk.api import answers, bodies, handing_on_bodies
from desk.api.bearer import Scope
from desk.api.clock_answers import ClocksItem, PromiseItem
from desk.api.offices import with_status_url
from desk.api.requests import RequestItem, request_item
from desk.api.routing import Call, Route, of_entity
from desk.api.visitor_answers import GivingWayAnswer
from desk.domain.identity import office_of
from desk.domain.intake import CheckInChannel
from desk.domain.refusals import Reason, Refused
from desk.operations import calling, documenting, giving_way, handing_off, intake, noting, passing_on, serving
from desk.operations.intake import CheckIn
from desk.operations.requests import Done
from desk.reads.clocks import ClockView, list_clocks
from desk.reads.transaction_file import find_transaction_file
from desk.reads.transaction_views import Segment, TransactionFile


class TransactionItem(answers.TransactionItem):
    """One transaction with its custody, its requests, its events, and what can be done now."""

    requests: list[RequestItem]


def show(call: Call) -> Any:
    """Show a transaction with its custody, its events and what can be done now."""
    at = call.streams.clock()
    with call.streams.reading() as reader:
        found = find_transaction_file(reader, call.office_id, call.id, at=at)
        if found is None:
            raise Refused(Reason.UNKNOWN, id=call.id)
        rules = call.streams.configuration(reader, call.office_id).clock_rules
        clocks = list_clocks(reader, call.office_id, [call.id], rules, at=at)[call.id]
    return _item(found, clocks, at)


def _item(found: TransactionFile, clocks: ClockView, at: datetime) -> dict[str, Any]:
    names = ("id", "number", "state", "ending", "outcome", "opened_at", "ended_at", "seconds_by_state", "actions")
    return {
        **{name: getattr(found, name) for name in names},
        "office": found.office_id,
        "visit": found.visit_id,
        "service": found.service_id,
        "holder": found.holder_id,
        "counter": found.counter_id,
        "offer": found.offer_id,
        "custody": [_segment(each) for each in found.segments],
        "handoffs": [_named(each, answers.HandoffItem, giver=each.giver_id, receiver=each.receiver_id)
                     for each in found.handoffs],
        "requests": [request_item(each, at) for each in found.requests],
        "events": [_named(each, answers.EventItem) for each in found.events],
        "clocks": _named(clocks, ClocksItem),
        "promise": None if clocks.promise is None else _named(clocks.promise, PromiseItem),
    }  # fmt: skip


def _segment(each: Segment) -> dict[str, Any]:
    name = each.counter
    counter = {"counter": None if name is None else name.name, "counter_en": None if name is None else name.name_en}
    return _named(each, answers.SegmentItem, holder=each.holder_id, holder_name=each.holder, **counter)


def _named(value: Any, model: Any, **given: Any) -> dict[str, Any]:
    return {name: given[name] if name in given else getattr(value, name) for name in model.model_fields}


def hand_off(call: Call) -> Any:
    """Offer custody to an officer, a counter or whoever had it; or hand over to a service's queue or a pool."""
    body: handing_on_bodies.HandoffBody = call.body
    asked = call.request("handoff")
    if body.back is not None:
        return passing_on.offer_back(call.streams, call.id, asked, note=body.note, disposition=body.disposition)
    given = {"reason": body.reason, **_terms(body)}
    if body.pool is not None:
        return passing_on.hand_to_pool(call.streams, call.id, body.pool, asked, **given)
    if body.officer is not None:
        return handing_off.offer_to_officer(call.streams, call.id, body.officer, asked, **given)
    if body.counter is not None:
        return handing_off.offer_to_counter(call.streams, call.id, body.counter, asked, **given)
    return handing_off.transfer(call.streams, call.id, body.service or 0, asked, **given)


def _terms(body: handing_on_bodies.TermsBody) -> dict[str, Any]:
    return {"note": body.note, "due_at": body.due_at, "disposition": body.disposition}


def force(call: Call) -> Any:
    """Pass custody on by a supervisor's order, without acceptance."""
    body: handing_on_bodies.ForcedHandoverBody = call.body
    given = {"officer_id": body.officer, "pool_id": body.pool, "reason": body.reason, **_terms(body)}
    return passing_on.force(call.streams, call.id, call.request("force_handover"), **given)


def come_back(call: Call) -> Any:
    """Issue a new number to the visitor of an open transaction."""
    wish = CheckIn((), CheckInChannel.API, call.body.priority_reason, call.body.language)
    return with_status_url(call, intake.come_back(call.streams, call.id, wish, call.request("come_back")))


def _step(verb: str, operation: Callable[..., Done], *names: str) -> Callable[[Call], Any]:
    """Return the function of a route that gives the named fields of the body to an operation."""

    def function(call: Call) -> Done:
        given = {name: getattr(call.body, name) for name in names}
        office_of(call.id)
        return operation(call.streams, call.id, call.request(verb), **given)

    function.__doc__ = operation.__doc__
    return function


def _route(noun: str, summary: str, function: Callable[[Call], Any], body: Any, answer: Any) -> Route:
    return Route(
        "POST",
        f"/transactions/<int:id>/{noun}",
        noun.replace("-", "_"),
        summary,
        Scope.WORK_WRITE,
        function,
        answer,
        body,
        HTTPStatus.CREATED,
        "transactions",
        of_entity,
    )


STEP, EMPTY = answers.StepAnswer, bodies.Empty
ROUTES = (
    Route("POST", "/transactions/<int:id>/forced-handovers", "forced_handovers", "Order a handover",
          Scope.SUPERVISE_WRITE, force, answers.HandoffAnswer, handing_on_bodies.ForcedHandoverBody, HTTPStatus.CREATED,
          "transactions", of_entity),
    _route("takings", "Take it from its pool", _step("take_from_pool", passing_on.take_from_pool), EMPTY, STEP),
    _route("notes", "Write a note, or correct one", _step("add_note", noting.add_note, "words", "corrects"),
           handing_on_bodies.NoteBody, answers.NoteAnswer),
    _route("news-sightings", "What became of its handoff has been seen", _step("see_news", passing_on.see_news), EMPTY,
           answers.NoteAnswer),
    Route("GET", "/transactions/<int:id>", "show_transaction", "Show a transaction", Scope.READ, show,
          TransactionItem, tag="transactions", locate=of_entity),
    _route("recalls", "Call the same visitor once more", _step("recall", calling.recall), EMPTY, answers.RecallAnswer),
    _route("start", "The called visitor is at the counter", _step("start", serving.start), EMPTY, STEP),
    _route("no-show", "The called visitor did not come", _step("miss", serving.miss), EMPTY, STEP),
    _route("return", "Return the visitor to the queue",
           _step("return", serving.return_to_queue, "reason", "minutes", "note"), bodies.ReturnBody, STEP),
    _route("handoffs", "Hand the transaction on", hand_off, handing_on_bodies.HandoffBody, answers.HandoffAnswer),
    _route("processing", "Go on without the visitor", _step("process", serving.process, "due_at"),
           bodies.ProcessingBody, STEP),
    _route("document-completions", "The documents are complete",
           _step("documents", documenting.complete_documents, "quantity", "papers"), bodies.DocumentsBody,
           answers.DocumentsAnswer),
    _route("pauses", "Pause with cause and due date",
           _step("pause", serving.pause, "cause", "due_at", "remind_at", "note"), bodies.PauseBody, STEP),
    _route("resumption", "End a pause", _step("resume", serving.resume, "serving"), bodies.ResumptionBody, STEP),
    _route("completion", "Finish with an outcome", _step("complete", serving.complete, "outcome", "note"),
           bodies.CompletionBody, STEP),
    _route("cancellation", "Call it off", _step("cancel", serving.cancel, "reason", "note"),
           bodies.CancellationBody, STEP),
    _route("departure", "The visitor went away", _step("leave", serving.leave), EMPTY, STEP),
    _route("giving-way", "The visitor needs more time and lets the next one pass",
           _step("give_way", giving_way.give_way), EMPTY, GivingWayAnswer),
    _route("giving-way-undoing", "The visitor stands where they stood before they let somebody pass",
           _step("take_back_way", giving_way.take_back), EMPTY, GivingWayAnswer),
    _route("reopening", "Open a completed transaction again", _step("reopen", serving.reopen, "reason", "note"),
           bodies.ReopeningBody, STEP),
    _route("reinstatement", "Undo a no-show of today", _step("reinstate", serving.reinstate), EMPTY, STEP),
    _route("visits", "The visitor is here again", come_back, bodies.ReturningBody, answers.VisitAnswer),
)  # fmt: skip
