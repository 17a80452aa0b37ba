"""What the API answers about the board: numbers at counters, and who waits."""

from datetime import datetime

from pydantic import BaseModel

from desk.api.bodies import Id
from desk.domain.lifecycle import State


class BoardCall(BaseModel):
    """A number at a counter."""

    number: str
    counter: str
    counter_en: str
    state: State
    called_at: datetime | None


class BoardQueue(BaseModel):
    """How many wait for a service, and since when the first of them."""

    service: Id
    waiting: int
    longest_since: datetime | None


class Board(BaseModel):
    """What a lobby display shows; no names."""

    office: Id
    event: int
    now: list[BoardCall]
    queues: list[BoardQueue]
