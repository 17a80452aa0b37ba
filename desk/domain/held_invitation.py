"""A question whose message has gone out, of a transaction that is opened again: held, then timed by the next end."""

from datetime import datetime

from desk.domain.clock import micros
from desk.domain.facts import EventName, Fact
from desk.domain.invitation import DecidedAt, Invitation


def held(invitation: Invitation, *, expires_at: datetime) -> Fact:
    """A reopened transaction holds the question whose message has gone out: nobody is reminded before the next end.

    The link goes on working, as nobody stops an answer by reopening: until `expires_at` at least.
    """
    first, expires = invitation.taken_back_at, max(expires_at, invitation.expires_at or expires_at)
    return Fact(
        EventName.INVITATION_HELD,
        {
            "invitation": invitation.id,
            "generation": invitation.generation,
            "first": None if first is None else micros(first),
            "expires": micros(expires),
        },
        transaction_id=invitation.transaction_id,
        visit_id=invitation.visit_id,
    )


def retimed(invitation: Invitation, *, expires_at: datetime, by: DecidedAt) -> Fact:
    """The held question is asked about the new end, or is no longer held as the limit is over: timed as from now."""
    return Fact(
        EventName.INVITATION_RETIMED,
        {
            "invitation": invitation.id,
            "generation": invitation.generation,
            "expires": micros(expires_at),
            "by": by.value,
        },
        transaction_id=invitation.transaction_id,
        visit_id=invitation.visit_id,
    )
