"""Until when an offer waits for its answer: by the clock while somebody sits there, in open hours while work rests."""

from datetime import timedelta

from desk.domain.clock import micros
from desk.domain.custody import Transaction
from desk.domain.hours import instant_after
from desk.operations.stream import Unit


def answer_by(unit: Unit) -> int | None:
    """Return until when an ordinary offer waits, in microseconds; None where the office has it wait for ever."""
    seconds = unit.configuration.rules.offer_expires_s
    return micros(unit.at + timedelta(seconds=seconds)) if seconds > 0 else None


def answer_in_open_hours(unit: Unit, transaction: Transaction) -> int | None:
    """Return until when work waits that was offered at the end of a shift or for an absence, in microseconds.

    So many open hours of its service's calendar as it stands now: what is offered at closing, or at midnight on the
    first day of an absence, does not run out before anybody was there to see it. None without open hours ahead.
    """
    calendar = unit.configuration.services[transaction.service_id].calendar
    until = instant_after(calendar, unit.at, unit.configuration.rules.handover_expires_s)
    return None if until is None else micros(until)
