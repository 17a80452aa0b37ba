"""Absence: dated, with a deputy to whom offers and requests go meanwhile. No chains: a deputy is there.

Why somebody is absent is personal data and no part of a rule or an event; it is kept apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from desk.domain.access import FRONT_LINE, Actor, acting_person, require
from desk.domain.facts import EventName, Fact
from desk.domain.refusals import Reason, Refused

LONGEST: Final = timedelta(days=366)


class AbsenceReason(StrEnum):
    """Why a member of staff is absent."""

    LEAVE = "leave"
    SICK = "sick"
    TRAINING = "training"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from the first day to the last, both included, and somebody else stands in."""

    person_id: int
    deputy_id: int
    begins_on: date
    ends_on: date
    id: int = 0

    def holds(self, day: date) -> bool:
        """Tell whether the person is absent on a day."""
        return self.begins_on <= day <= self.ends_on

    def meets(self, other: "Absence") -> bool:
        """Tell whether both have a day in common."""
        return self.begins_on <= other.ends_on and other.begins_on <= self.ends_on


def plan(wish: Absence, *, actor: Actor, today: date, others: Iterable[Absence]) -> Fact:
    """Plan an absence, one's own or as a supervisor anybody's.

    `others` are the absences of the office that were not cancelled. Raises `Refused`: FORBIDDEN, DATES_REVERSED,
    DATE_IN_THE_PAST, ABSENCE_TOO_LONG, DEPUTY_IS_ONESELF, ABSENCE_OVERLAPS, DEPUTIES_IN_A_CIRCLE, DEPUTY_ABSENT,
    STANDS_IN for somebody who is a deputy in these days.
    """
    _require_own(wish.person_id, actor)
    _require_dates(wish, today)
    if wish.deputy_id == wish.person_id:
        raise Refused(Reason.DEPUTY_IS_ONESELF)
    meeting = [each for each in others if each.meets(wish)]
    _require_one_at_a_time(wish, meeting)
    _require_no_chain(wish, meeting)
    return Fact(
        EventName.ABSENCE_PLANNED,
        {
            "person": wish.person_id,
            "deputy": wish.deputy_id,
            "begins": wish.begins_on.isoformat(),
            "ends": wish.ends_on.isoformat(),
        },
    )


def _require_own(person_id: int, actor: Actor) -> None:
    require(actor, FRONT_LINE)
    if acting_person(actor) != person_id and not actor.supervises:
        raise Refused(Reason.FORBIDDEN)


def _require_dates(wish: Absence, today: date) -> None:
    if wish.ends_on < wish.begins_on:
        raise Refused(Reason.DATES_REVERSED)
    if wish.begins_on < today:
        raise Refused(Reason.DATE_IN_THE_PAST)
    if wish.ends_on - wish.begins_on >= LONGEST:
        raise Refused(Reason.ABSENCE_TOO_LONG)


def _require_one_at_a_time(wish: Absence, meeting: Iterable[Absence]) -> None:
    if any(each.person_id == wish.person_id for each in meeting):
        raise Refused(Reason.ABSENCE_OVERLAPS)


def _require_no_chain(wish: Absence, meeting: Iterable[Absence]) -> None:
    of_deputy = [each for each in meeting if each.person_id == wish.deputy_id]
    if any(each.deputy_id == wish.person_id for each in of_deputy):
        raise Refused(Reason.DEPUTIES_IN_A_CIRCLE)
    if of_deputy:
        raise Refused(Reason.DEPUTY_ABSENT)
    if any(each.deputy_id == wish.person_id for each in meeting):
        raise Refused(Reason.STANDS_IN)


def cancel(absence: Absence, *, actor: Actor, cancelled: bool, today: date) -> Fact:
    """Cancel an absence, or end one that has begun: from now on nobody stands in."""
    _require_own(absence.person_id, actor)
    if cancelled:
        raise Refused(Reason.ALREADY_DONE)
    if absence.ends_on < today:
        raise Refused(Reason.NO_LONGER_ABSENT)
    return Fact(EventName.ABSENCE_CANCELLED, {"absence": absence.id, "person": absence.person_id})


def start(absence: Absence) -> Fact:
    """The first day has come: what the person still has is offered to the deputy."""
    return Fact(EventName.ABSENCE_BEGAN, {"absence": absence.id, "person": absence.person_id})


def find_deputy(absences: Iterable[Absence], *, day: date) -> int | None:
    """Return who stands in on a day for the person these absences are of, None when they are there."""
    return next((each.deputy_id for each in absences if each.holds(day)), None)
