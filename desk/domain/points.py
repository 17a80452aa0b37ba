"""Posters and tablets: where an office asks without a message."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desk.domain.facts import EventName, Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import TokenKind

MOST_OPEN: Final = 100  # of an office


class PointKind(StrEnum):
    """Whose device shows the questions: the visitor's own, or one of the office."""

    POSTER = "poster"
    TABLET = "tablet"

    @property
    def token(self) -> TokenKind:
        """The kind of its link."""
        return TokenKind.POSTER if self is PointKind.POSTER else TokenKind.TABLET


@dataclass(frozen=True, slots=True)
class Wish:
    """A poster or tablet to set up: for a service, at a counter, or (poster only) for the office as a whole."""

    kind: PointKind
    service_id: int | None = None
    counter_id: int | None = None


def opened(wish: Wish, *, already: int) -> Fact:
    """Return the event of a new poster or tablet; `already` are open.

    Raises `Refused(INVALID)` for a tablet without a counter, and where there are too many.
    """
    if wish.kind is PointKind.TABLET and wish.counter_id is None:
        raise Refused(Reason.INVALID, field="counter")
    if already >= MOST_OPEN:
        raise Refused(Reason.INVALID, field="kind")
    facts = {"kind": wish.kind.value, "service": wish.service_id, "counter": wish.counter_id}
    return Fact(EventName.SURVEY_POINT_OPENED, dict(facts))
