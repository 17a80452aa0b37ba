"""Ends of shifts and absences: handing over all at once, planning and cancelling an absence with its deputy."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import BaseModel, Field

from desk.api.answers import DoneAnswer
from desk.api.bearer import Scope
from desk.api.bodies import Body, Empty, Id, Note
from desk.api.routing import Call, Route, of_entity
from desk.domain.absence import Absence, AbsenceReason
from desk.domain.shifts import Parcel
from desk.operations import covering, handing_over_shift
from desk.reads.absences import list_absences as read_absences
from desk.reads.office_day import get_day


class ParcelBody(Body):
    """One transaction: to whom; without a receiver it stays overnight."""

    transaction: Id
    receiver: Id | None = None
    note: Note | None = None


class ShiftHandoverBody(Body):
    """Everything the officer has, each once; `officer` for somebody else's shift, which supervisors may hand over."""

    officer: Id | None = None
    items: list[ParcelBody]


class ShiftHandoverAnswer(DoneAnswer):
    """The handover (its first offer's id, null when all stays), its offers, and what stays overnight."""

    batch: Id | None
    offers: list[Id]
    staying: list[Id]


class AcceptanceAnswer(DoneAnswer):
    """The offers of the handover that were accepted."""

    batch: Id
    accepted: list[Id]


class AbsenceBody(Body):
    """Who (oneself unless said otherwise) is away from the first day to the last, why, and who stands in.

    `hand_over` has what the person still has offered to the deputy, where the absence begins today.
    """

    person: Id | None = None
    deputy: Id
    first_day: date
    last_day: date
    reason: AbsenceReason
    hand_over: bool = False


class AbsenceAnswer(DoneAnswer):
    """The absence, and the offers made to the deputy at once."""

    absence: Id
    offers: Annotated[list[Id], Field(default_factory=list)]


class AbsenceItem(BaseModel):
    """An absence of today or later; why is not told."""

    id: Id
    person: Id
    deputy: Id
    first_day: date
    last_day: date


class Absences(BaseModel):
    """The absences of an office."""

    items: list[AbsenceItem]


def hand_over(call: Call) -> Any:
    """Offer everything an officer has to the receivers named, all or nothing."""
    body: ShiftHandoverBody = call.body
    parcels = [Parcel(each.transaction, each.receiver, each.note) for each in body.items]
    officer_id = body.officer or call.bearer.actor.person_id or 0
    asked = call.request("hand_over_shift")
    return handing_over_shift.hand_over_shift(call.streams, call.office_id, officer_id, parcels, asked)


def accept_all(call: Call) -> Any:
    """Accept all that is offered to oneself in a handover."""
    return handing_over_shift.accept_all(call.streams, call.id, call.request("accept_all"))


def plan(call: Call) -> Any:
    """Plan an absence."""
    body: AbsenceBody = call.body
    person_id = body.person or call.bearer.actor.person_id or 0
    wish = Absence(person_id, body.deputy, body.first_day, body.last_day)
    more: dict[str, Any] = {"reason": body.reason, "hand_over": body.hand_over}
    return covering.plan_absence(call.streams, call.office_id, wish, call.request("plan_absence"), **more)


def cancel(call: Call) -> Any:
    """Cancel an absence, or end it now."""
    return covering.cancel_absence(call.streams, call.id, call.office_id, call.request("cancel_absence"))


def list_absences(call: Call) -> Any:
    """List the absences of today and later."""
    with call.streams.reading() as reader:
        day = get_day(reader, call.office_id, at=call.streams.clock()).today
        found = read_absences(reader, call.office_id, since=day)
    return {
        "items": [
            {"id": each.id, "person": each.person_id, "deputy": each.deputy_id, "first_day": each.begins_on,
             "last_day": each.ends_on}
            for each in found
        ]
    }  # fmt: skip


CREATED, WORK = HTTPStatus.CREATED, Scope.WORK_WRITE
ROUTES = (
    Route("POST", "/offices/<int:id>/shift-handovers", "add_shift_handover", "Hand over at the end of a shift", WORK,
          hand_over, ShiftHandoverAnswer, ShiftHandoverBody, CREATED, "shifts"),
    Route("POST", "/shift-handovers/<int:id>/acceptance", "accept_shift_handover", "Accept all of a handover", WORK,
          accept_all, AcceptanceAnswer, Empty, CREATED, "shifts", of_entity),
    Route("GET", "/offices/<int:id>/absences", "list_absences", "List the absences of today and later", Scope.READ,
          list_absences, Absences, tag="absences"),
    Route("POST", "/offices/<int:id>/absences", "add_absence", "Plan an absence", WORK, plan, AbsenceAnswer,
          AbsenceBody, CREATED, "absences"),
    Route("POST", "/absences/<int:id>/cancellation", "cancel_absence", "Cancel an absence", WORK, cancel, AbsenceAnswer,
          Empty, CREATED, "absences", of_entity),
)  # fmt: skip
