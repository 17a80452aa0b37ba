"""Offices: their services, counters, staff and board; taking a number; closing the day."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from desk.api import answers, bodies, handing_on_answers, handing_on_bodies
from desk.api.bearer import Scope
from desk.api.board_answers import Board
from desk.api.clock_answers import Calendars
from desk.api.routing import Call, Route, of_entity
from desk.domain.intake import CheckInChannel
from desk.domain.tokens import TokenKind, derive
from desk.operations import handing_off, intake, serving, staffing
from desk.operations.intake import CheckIn
from desk.operations.requests import Done
from desk.operations.stream import Streams
from desk.reads import directory, handoff_reasons, pools, priority_reasons
from desk.reads.calendar_sheets import list_calendar_sheets
from desk.reads.visits import is_over


def status_url(streams: Streams, visit_id: int) -> str:
    """Return the address of a visitor's own page, relative to the installation's public address."""
    return f"/v/{derive(streams.keys.links, TokenKind.STATUS, visit_id)}"


def list_offices(call: Call) -> Any:
    """List the office of the token."""
    with call.streams.reading() as reader:
        return {"items": directory.list_offices(reader, {call.bearer.office_id})}


def list_services(call: Call) -> Any:
    """List the services that take visitors."""
    with call.streams.reading() as reader:
        return {"items": directory.list_services(reader, call.office_id, at=call.streams.clock())}


def list_counters(call: Call) -> Any:
    """List the counters with who is on duty."""
    with call.streams.reading() as reader:
        return {"items": directory.list_counters(reader, call.office_id)}


def list_staff(call: Call) -> Any:
    """List the people a transaction can be handed to."""
    with call.streams.reading() as reader:
        return {"items": directory.list_staff(reader, call.office_id)}


def list_pools(call: Call) -> Any:
    """List the pools, their members, and how much work lies in each."""
    with call.streams.reading() as reader:
        return {"items": [asdict(each) for each in pools.list_pools(reader, call.office_id)]}


def list_reasons(call: Call) -> Any:
    """List the reasons that may be chosen for handing on and for declining."""
    with call.streams.reading() as reader:
        found = handoff_reasons.list_reasons(reader, call.office_id)
    return {"items": [asdict(each) for each in found if not each.retired]}


def list_priority_reasons(call: Call) -> Any:
    """List the reasons for which a visitor may have priority."""
    with call.streams.reading() as reader:
        found = priority_reasons.list_priority_reasons(reader, call.office_id)
    return {"items": [{"code": each.code, "label": each.label} for each in found if not each.retired]}


def take_with_visitor(call: Call) -> Any:
    """Accept what is offered of the visitor who stands here."""
    asked = call.request("take_with_visitor")
    return handing_off.take_with_visitor(call.streams, call.office_id, call.body.visit, asked)


def list_calendars(call: Call) -> Any:
    """List the calendars with their weeks, closures and special hours."""
    with call.streams.reading() as reader:
        sheets = list_calendar_sheets(reader, call.office_id)
    return {"items": [asdict(each) for each in sheets]}


def show_board(call: Call) -> Any:
    """Show what a lobby display shows."""
    with call.streams.reading() as reader:
        return directory.board(reader, call.office_id)


def add_visit(call: Call) -> Any:
    """Issue one number for a visit."""
    body: bodies.VisitBody = call.body
    services = tuple(body.services) if body.services is not None else (body.service or 0,)
    wish = CheckIn(
        services,
        CheckInChannel.API,
        body.priority_reason,
        body.language,
        body.name,
        body.email,
        body.consent,
        body.phone,
    )
    done = intake.check_in(call.streams, call.office_id, wish, call.request("check_in"))
    return with_status_url(call, done)


def is_late_repeat(streams: Streams, done: Done) -> bool:
    """Tell whether a number is only told again, and its visit is over."""
    if not done.repeated:
        return False
    with streams.reading() as reader:
        return is_over(reader, done.office_id, done.facts["visit"])


def with_status_url(call: Call, done: Done) -> Done:
    """Return what was done with the visitor's link beside it; a link is derived, never remembered.

    The page leads to the survey once the visit is over: then a repeat gets no link any more, like a slip.
    """
    url = None if is_late_repeat(call.streams, done) else status_url(call.streams, done.facts["visit"])
    facts = {**done.facts, "status_url": url}
    return Done(done.office_id, done.event, done.at, facts, done.repeated)


def leave_visit(call: Call) -> Any:
    """The visitor goes: whatever still waits is left."""
    return serving.leave_visit(call.streams, call.id, call.request("leave_visit"))


def close_day(call: Call) -> Any:
    """Close the day over everybody still waiting or called."""
    return staffing.close_day(call.streams, call.office_id, call.request("close_day"))


def confirm_clock(call: Call) -> Any:
    """Confirm that the clock is right although events carry later times."""
    return staffing.confirm_clock(call.streams, call.office_id, call.request("confirm_clock"))


OFFICE = "/offices/<int:id>"
CREATED = HTTPStatus.CREATED
ROUTES = (
    Route("GET", "/offices", "list_offices", "List the offices the token may see", Scope.READ, list_offices,
          answers.Offices),
    Route("GET", f"{OFFICE}/services", "list_services", "List an office's services", Scope.READ, list_services,
          answers.Services),
    Route("GET", f"{OFFICE}/counters", "list_counters", "List an office's counters", Scope.READ, list_counters,
          answers.Counters),
    Route("GET", f"{OFFICE}/staff", "list_staff", "List an office's staff", Scope.READ, list_staff, answers.Staff),
    Route("GET", f"{OFFICE}/pools", "list_pools", "List an office's pools", Scope.READ, list_pools,
          handing_on_answers.Pools),
    Route("GET", f"{OFFICE}/handoff-reasons", "list_handoff_reasons", "List the reasons for handing on and declining",
          Scope.READ, list_reasons, handing_on_answers.Reasons),
    Route("GET", f"{OFFICE}/priority-reasons", "list_priority_reasons", "List the reasons for priority", Scope.READ,
          list_priority_reasons, answers.PriorityReasons),
    Route("POST", f"{OFFICE}/takings", "take_with_visitor", "Take over with the visitor who stands here",
          Scope.WORK_WRITE, take_with_visitor, answers.HandoffAnswer, handing_on_bodies.TakingBody, CREATED,
          "handoffs"),
    Route("GET", f"{OFFICE}/calendars", "list_calendars", "List an office's calendars", Scope.READ, list_calendars,
          Calendars),
    Route("GET", f"{OFFICE}/board", "show_board", "Show what a lobby display shows", Scope.READ, show_board,
          Board),
    Route("POST", f"{OFFICE}/visits", "add_visit", "Issue a number", Scope.VISITS_WRITE, add_visit,
          answers.VisitAnswer, bodies.VisitBody, CREATED, "visits"),
    Route("POST", f"{OFFICE}/day-closings", "close_day", "Close the day", Scope.SUPERVISE_WRITE, close_day,
          answers.DayClosingAnswer, bodies.Empty, CREATED),
    Route("POST", f"{OFFICE}/clock-confirmations", "confirm_clock", "Confirm that the clock is right",
          Scope.SUPERVISE_WRITE, confirm_clock, answers.ClockAnswer, bodies.Empty, CREATED),
    Route("POST", "/visits/<int:id>/departure", "leave_visit", "The visitor goes", Scope.VISITS_WRITE, leave_visit,
          answers.DepartureAnswer, bodies.Empty, CREATED, "visits", of_entity),
)  # fmt: skip
