"""The time of a played day: what is to happen next, and the clock that the operations read."""

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from itertools import count
from random import Random

Act = Callable[[], None]


class Agenda:
    """Acts in the order of their times; called, it is the clock."""

    def __init__(self, begins: datetime) -> None:
        self.now = begins
        self._numbers = count()
        self._due: list[tuple[datetime, int, Act]] = []

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def at(self, time: datetime, act: Act) -> None:
        """Put something on the agenda."""
        heapq.heappush(self._due, (time, next(self._numbers), act))

    def after(self, seconds: float, act: Act) -> None:
        """Put something on the agenda, so many seconds from now."""
        self.at(self.now + timedelta(seconds=round(seconds, 3)), act)

    def run(self, until: datetime) -> None:
        """Let everything happen whose time comes before `until`."""
        while self._due and self._due[0][0] <= until:
            time, _, act = heapq.heappop(self._due)
            self.now = max(self.now, time)
            act()


class Deck:
    """Cards in a random order, each as often as it should come up: rare things happen too, whatever the dice say."""

    def __init__(self, dice: Random, cards: Mapping[str, int]) -> None:
        self._dice = dice
        self._cards = list(Counter(cards).elements())
        self._left: list[str] = []

    def draw(self, suited: Collection[str] | None = None) -> str:
        """Take the next card, or the next of the suited ones."""
        found = self._next(suited)
        if found is None:
            self._left = self._dice.sample(self._cards, len(self._cards))
            found = self._next(suited)
        if found is None:
            raise LookupError(f"no card of {suited}")
        self._left.remove(found)
        return found

    def _next(self, suited: Collection[str] | None) -> str | None:
        return next((card for card in self._left if suited is None or card in suited), None)
