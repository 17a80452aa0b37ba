"""What the API answers about a visitor's wishes."""

from desk.api.answers import DoneAnswer
from desk.api.bodies import Id


class GivingWayAnswer(DoneAnswer):
    """Who was let pass (a number; none when it was taken back), how many come before, and how often it was wished."""

    transaction: Id
    passed: str | None = None
    before: int
    times: int
