"""Counters and duties: signing on and off, breaks, calling."""

from http import HTTPStatus
from typing import Any

from desk.api import answers, bodies
from desk.api.bearer import Known, Scope
from desk.api.routing import Call, Route, of_entity
from desk.domain.identity import office_of
from desk.domain.refusals import Reason, Refused
from desk.operations import calling, staffing
from desk.reads.directory import get_office_of_counter


def of_counter(known: Known, counter_id: int) -> int:
    """Return the office of a counter, which never changes: asked once, remembered by the process."""
    office_id = known.offices.get(counter_id)
    if office_id is None:
        with known.streams.reading() as reader:
            office_id = known.offices[counter_id] = get_office_of_counter(reader, counter_id)
    return office_id


def add_duty(call: Call) -> Any:
    """Sign on at a counter."""
    return staffing.sign_on(call.streams, call.id, call.office_id, call.request("sign_on"))


def end_duty(call: Call) -> Any:
    """Sign off."""
    return staffing.sign_off(call.streams, call.office_id, call.request("sign_off"))


def add_break(call: Call) -> Any:
    """Take a break."""
    return staffing.begin_break(call.streams, call.office_id, call.request("begin_break"), reason=call.body.reason)


def end_break(call: Call) -> Any:
    """Be available again."""
    return staffing.end_break(call.streams, call.office_id, call.request("end_break"))


def add_call(call: Call) -> Any:
    """Call the next visitor, or a particular one with a reason."""
    body: bodies.CallBody = call.body
    if body.transaction is None or body.reason is None:
        return calling.call_next(call.streams, call.id, call.office_id, call.request("call_next"))
    if office_of(body.transaction) != call.office_id:  # the token's rights are rights in its own office
        raise Refused(Reason.UNKNOWN, id=body.transaction)
    return calling.call_particular(
        call.streams, body.transaction, call.id, call.request("call_particular"), reason=body.reason, note=body.note
    )


CREATED = HTTPStatus.CREATED
WORK = Scope.WORK_WRITE
ROUTES = (
    Route("POST", "/counters/<int:id>/duties", "add_duty", "Sign on at a counter", WORK, add_duty, answers.DutyAnswer,
          bodies.Empty, CREATED, "duties", of_counter),
    Route("POST", "/counters/<int:id>/calls", "add_call", "Call the next visitor, or a particular one", WORK, add_call,
          answers.CallAnswer, bodies.CallBody, CREATED, "calls", of_counter),
    Route("POST", "/duties/<int:id>/end", "end_duty", "Sign off", WORK, end_duty, answers.DutyChangeAnswer,
          bodies.Empty, CREATED, "duties", of_entity),
    Route("POST", "/duties/<int:id>/breaks", "add_break", "Take a break", WORK, add_break, answers.DutyChangeAnswer,
          bodies.BreakBody, CREATED, "duties", of_entity),
    Route("POST", "/duties/<int:id>/breaks/end", "end_break", "Be available again", WORK, end_break,
          answers.DutyChangeAnswer, bodies.Empty, CREATED, "duties", of_entity),
)  # fmt: skip
