"""Duty: an officer signed on at a counter or a back-office desk, on break, signed off."""

from desk.domain.access import FRONT_LINE, SUPERVISORS, Actor, acting_person, require
from desk.domain.facts import EventName, Fact
from desk.domain.queueing import DutyState, Post
from desk.domain.reasons import BreakReason
from desk.domain.refusals import Reason, Refused


def sign_on(*, actor: Actor, counter_id: int, back_office: bool, mine: Post | None, theirs: Post | None) -> Fact:
    """Sign on at a counter; refused while on duty elsewhere or while a colleague is on duty there."""
    require(actor, FRONT_LINE)
    officer_id = acting_person(actor)
    if mine is not None:
        raise Refused(Reason.ALREADY_ON_DUTY, counter=mine.counter_id)
    if theirs is not None:
        raise Refused(Reason.COUNTER_TAKEN, holder=theirs.officer_id)
    return Fact(
        EventName.DUTY_STARTED,
        {"officer": officer_id, "counter": counter_id, "back_office": back_office, "state": DutyState.AVAILABLE.value},
    )


def order_on(
    *, actor: Actor, officer_id: int, counter_id: int, back_office: bool, mine: Post | None, theirs: Post | None
) -> Fact:
    """A supervisor opens a counter with an officer who is free; `mine` is their post, `theirs` the counter's."""
    require(actor, SUPERVISORS)
    if mine is not None:
        raise Refused(Reason.OFFICER_ON_DUTY, counter=mine.counter_id)
    if theirs is not None:
        raise Refused(Reason.COUNTER_TAKEN, holder=theirs.officer_id)
    return Fact(
        EventName.DUTY_STARTED,
        {
            "officer": officer_id,
            "counter": counter_id,
            "back_office": back_office,
            "state": DutyState.AVAILABLE.value,
            "ordered_by": acting_person(actor),
        },
    )


def order_off(post: Post, *, actor: Actor) -> Fact:
    """A supervisor ends the duty of somebody who forgot to; not while a visitor is called or served there.

    Whoever waits under the officer's name keeps waiting and becomes a gap that a supervisor sees.
    """
    require(actor, SUPERVISORS)
    if post.busy:
        raise Refused(Reason.VISITOR_AT_COUNTER, counter=post.counter_id)
    return Fact(
        EventName.DUTY_ENDED,
        {
            "duty": post.duty_id,
            "officer": post.officer_id,
            "counter": post.counter_id,
            "ordered_by": acting_person(actor),
        },
    )


def sign_off(post: Post | None, *, waiting_for_me: int, offers_made: int) -> Fact:
    """Sign off; nobody may be called, served or waiting under the officer's name.

    `offers_made` counts the officer's own unanswered offers of seated visitors, who would wait for nobody.
    """
    if post is None:
        raise Refused(Reason.NOT_ON_DUTY)
    if post.busy or waiting_for_me or offers_made:
        raise Refused(Reason.STILL_RESPONSIBLE, waiting=waiting_for_me + offers_made)
    return Fact(EventName.DUTY_ENDED, {"duty": post.duty_id, "officer": post.officer_id, "counter": post.counter_id})


def begin_break(post: Post | None, *, reason: BreakReason) -> Fact:
    """Take a break; nobody may be called or served."""
    if post is None:
        raise Refused(Reason.NOT_ON_DUTY)
    if post.state is DutyState.BREAK:
        raise Refused(Reason.ALREADY_DONE)
    if post.busy:
        raise Refused(Reason.COUNTER_BUSY)
    return Fact(
        EventName.BREAK_STARTED,
        {"duty": post.duty_id, "officer": post.officer_id, "counter": post.counter_id, "reason": reason.value},
    )


def end_break(post: Post | None) -> Fact:
    """Be available again."""
    if post is None:
        raise Refused(Reason.NOT_ON_DUTY)
    if post.state is not DutyState.BREAK:
        raise Refused(Reason.ALREADY_DONE)
    return Fact(EventName.BREAK_ENDED, {"duty": post.duty_id, "officer": post.officer_id, "counter": post.counter_id})
