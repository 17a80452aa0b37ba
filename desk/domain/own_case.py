"""Nobody judges their own case: whose answers stand apart, and what whoever had a hand in a matter leaves to others."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from desk.domain.access import Actor, Role
from desk.domain.facts import EventName, Fact
from desk.domain.invitation import Invitation, require_answerable, require_fit
from desk.domain.questionnaires import Filled


class Apart(StrEnum):
    """Why an answer is kept apart and leaves the invitation to the visitor."""

    SIGNED_IN = "signed_in"  # it came from a browser in which somebody of the staff had signed in
    OWN_CASE = "own_case"  # typed in from paper by somebody who had a hand in the matter, for want of anybody else


def kept_apart(invitation: Invitation, filled: Filled, *, at: datetime, why: Apart) -> Fact:
    """Return the event of an answer that is not the visitor's: nothing of what it says; the invitation stays open.

    Raises `Refused`: what `require_answerable` and `require_fit` raise.
    """
    require_answerable(invitation, at=at)
    require_fit(filled)
    payload = {"invitation": invitation.id, "why": why.value}
    return Fact(EventName.ANSWER_KEPT_APART, {**payload}, invitation.transaction_id, invitation.visit_id)


def is_anybody_outside(hands: Collection[int], keepers: Mapping[Role, Collection[int]]) -> bool:
    """Tell whether one of the `keepers` of the office, by role, had no hand in the matter."""
    return any(person_id not in hands for people in keepers.values() for person_id in people)


def may_all_the_same(actor: Actor, hands: Collection[int], keepers: Mapping[Role, Collection[int]]) -> bool:
    """Tell whether somebody who had a hand in a matter may do what is for others.

    `keepers` are the supervisors and administrators of the office. Only where each of them had a hand, so that nobody's
    right is left unmet: then an administrator may, and in an office without one a supervisor.
    """
    if is_anybody_outside(hands, keepers):
        return False
    return Role.ADMIN in actor.roles or not keepers.get(Role.ADMIN)
