"""Officers at counters: calling, waiting for who is called, serving, breaks, and answering what colleagues offer."""

from dataclasses import dataclass
from functools import partial
from math import log
from typing import Final

from sqlalchemy import select

from desk.demo.agenda import Deck
from desk.demo.endings import Endings
from desk.demo.leaving import hand_over
from desk.demo.stage import Matter, Player, Stage
from desk.domain.reasons import BreakReason, DeclineReason, PickReason
from desk.domain.refusals import Refused
from desk.models import QueueEntry
from desk.models.transaction import waiting
from desk.operations import calling, handing_off, serving, staffing
from desk.operations.requests import Request

SERVICE_MINUTES: Final = {"A": 5.4, "B": 6.8, "C": 6.8, "D": 5.4, "E": 3.8}
SPREAD, SHORTEST_MINUTES, LONGEST_MINUTES = 0.4, 1.5, 24.0
COMING: Final = {"comes": 40, "late": 3, "absent": 2, "absent, then back": 1}
CHOOSING: Final = {"next": 27, "frail_now": 1, "brought_missing_papers": 1, "vulnerable": 1}
ANSWERING: Final = {"accept": 5, "decline": 2, "ignore": 1}
DECLINING: Final = (DeclineReason.BUSY, DeclineReason.NOT_MINE, DeclineReason.INCOMPLETE)
# So shortly before the end, whoever is called is still on the way when the day stops being played.
STILL_COMING_MINUTES, MOST_STILL_COMING = 2.5, 1


@dataclass(frozen=True, slots=True)
class Shift:
    """When somebody works, in minutes of the played day: from, to (None: to the end), and the breaks.

    The first `keeps` applications they serve are their own work beyond this day.
    """

    begins: float
    ends: float | None = None
    breaks: tuple[tuple[float, float, BreakReason], ...] = ()
    keeps: int = 0


class Officer:
    """Somebody at a counter."""

    def __init__(self, stage: Stage, username: str, counter: int, shift: Shift, endings: Endings) -> None:
        self.stage = stage
        self.username, self.keeps = username, shift.keeps
        self.actor = stage.staff(username)
        self.person_id = stage.people[username][0]
        self.counter_id = stage.counters[counter]
        self.endings = endings
        self.coming, self.choosing, self.answering = (
            Deck(stage.dice, cards) for cards in (COMING, CHOOSING, ANSWERING)
        )
        self.present = False
        self.idle = False
        self.serves: int | None = None
        self.still_called: int | None = None
        self.break_due: tuple[float, BreakReason] | None = None
        self.on_break = False
        self.going = False
        stage.players.append(self)
        self._plan(shift)

    def _plan(self, shift: Shift) -> None:
        agenda = self.stage.agenda
        agenda.after(60 * shift.begins, self.sign_on)
        for minute, length, reason in shift.breaks:
            agenda.after(60 * minute, partial(self._want_break, length, reason))
        if shift.ends is not None:
            agenda.after(60 * shift.ends, self._want_to_go)

    def asks(self, verb: str, **body: object) -> Request:
        """Return a request of this officer."""
        return Request(self.actor, verb, body)

    @property
    def free(self) -> bool:
        """Whether a visitor can be called now."""
        return self.present and not self.on_break and self.serves is None

    def sign_on(self) -> None:
        """Come to work."""
        stage = self.stage
        stage.did(staffing.sign_on(stage.streams, self.counter_id, stage.office_id, self.asks("sign_on")))
        self.present = True
        self.look()

    def wake(self) -> None:
        """Somebody waits: look, after a moment."""
        if self.idle:
            self.idle = False
            self.stage.agenda.after(self.stage.dice.uniform(4, 25), self.look)

    def look(self) -> None:
        """Take a break, go home, or call whoever is next."""
        if not self.free:
            return
        if self.break_due is not None:
            self._begin_break(*self.break_due)
        elif not (self.going and self._sign_off()):
            self._call_somebody()

    def _call_somebody(self) -> None:
        self.serves = self._call()
        self.idle = self.serves is None
        if self.serves is not None:
            self._await(self.serves)

    def _call(self) -> int | None:
        stage, card = self.stage, self.choosing.draw()
        picked = None if card == "next" else self._pick(PickReason(card))
        if picked is not None:
            return picked
        request = self.asks("call_next", counter=self.counter_id)
        done = stage.attempt(lambda: calling.call_next(stage.streams, self.counter_id, stage.office_id, request))
        return None if done is None else done.facts["transaction"]

    def _pick(self, reason: PickReason) -> int | None:
        """Call somebody who is not the next, with a reason."""
        row = QueueEntry.__table__.c
        query = select(row.transaction_id).where(row.office_id == self.stage.office_id, waiting())
        query = query.where(row.addressee_id.is_(None)).order_by(row.rank_at, row.id).offset(1).limit(4)
        with self.stage.streams.reading() as connection:
            candidates = list(connection.execute(query).scalars())
        if not candidates:
            return None
        chosen = self.stage.dice.choice(candidates)
        request = self.asks("call", transaction=chosen)
        done = self.stage.attempt(
            lambda: calling.call_particular(self.stage.streams, chosen, self.counter_id, request, reason=reason)
        )
        return None if done is None else chosen

    def _await(self, transaction_id: int) -> None:
        dice, agenda = self.stage.dice, self.stage.agenda
        on_the_way = sum(player.still_called is not None for player in self.stage.players)
        if self.stage.minutes_left < STILL_COMING_MINUTES and on_the_way < MOST_STILL_COMING:
            self.still_called = transaction_id
            return
        manner = self.coming.draw()
        if manner == "comes":
            agenda.after(dice.uniform(12, 55), partial(self.begin, transaction_id))
            return
        agenda.after(60, partial(self._recall, transaction_id))
        if manner == "late":
            agenda.after(dice.uniform(75, 120), partial(self.begin, transaction_id))
        else:
            agenda.after(140, partial(self._miss, transaction_id, comes_back=manner != "absent"))

    def _recall(self, transaction_id: int) -> None:
        self.stage.did(calling.recall(self.stage.streams, transaction_id, self.asks("recall")))

    def _miss(self, transaction_id: int, *, comes_back: bool) -> None:
        self.stage.did(serving.miss(self.stage.streams, transaction_id, self.asks("no_show")))
        if comes_back:
            self.stage.agenda.after(60 * self.stage.dice.uniform(3, 12), partial(self._reinstate, transaction_id))
        self.released()

    def _reinstate(self, transaction_id: int) -> None:
        request = self.asks("reinstate", transaction=transaction_id)
        if self.stage.attempt(lambda: serving.reinstate(self.stage.streams, transaction_id, request)):
            self.stage.wake()

    def begin(self, transaction_id: int) -> None:
        """The visitor is here."""
        self.stage.did(serving.start(self.stage.streams, transaction_id, self.asks("start")))
        self.serve(transaction_id)

    def serve(self, transaction_id: int) -> None:
        """Serve for as long as it takes, then bring it to some end."""
        self.serves, self.idle = transaction_id, False
        matter = self.stage.matter(transaction_id)
        usual = SERVICE_MINUTES[matter.series]
        minutes = self.stage.dice.lognormvariate(log(usual), SPREAD)
        minutes = min(max(minutes, SHORTEST_MINUTES), LONGEST_MINUTES)
        self.stage.agenda.after(60 * minutes, partial(self.conclude, transaction_id))

    def conclude(self, transaction_id: int) -> None:
        """Bring what is served to some end."""
        if self.serves != transaction_id:
            return
        matter = self.stage.matter(transaction_id)
        if self.keeps and self.endings.may_keep(matter):
            self.keeps -= 1
            self.endings.keep(self, matter)
        else:
            self.endings.conclude(self, matter)
        self.released()

    def released(self) -> None:
        """The counter is free again."""
        self.serves = None
        self.stage.agenda.after(self.stage.dice.uniform(8, 40), self.look)

    def offered(self, handoff_id: int, matter: Matter, giver: Player) -> None:
        """Answer what a colleague offers, or do not."""
        answer = self.answering.draw()
        if answer != "ignore":
            seconds = self.stage.dice.uniform(25, 150)
            self.stage.agenda.after(seconds, partial(self._answer, handoff_id, matter.id, answer))

    def _answer(self, handoff_id: int, transaction_id: int, answer: str) -> None:
        stage = self.stage
        if answer == "decline":
            reason = stage.dice.choice(DECLINING)
            request = self.asks("decline", handoff=handoff_id)
            stage.attempt(lambda: handing_off.decline(stage.streams, handoff_id, request, reason=reason))
            stage.wake()
            return
        done = stage.attempt(
            lambda: handing_off.accept(stage.streams, handoff_id, self.asks("accept", handoff=handoff_id))
        )
        if done is None:
            return
        if done.facts["state"] == "serving":
            self.serve(transaction_id)
        self.wake()

    def _want_break(self, minutes: float, reason: BreakReason) -> None:
        self.break_due = (minutes, reason)
        self.idle = False
        self.look()

    def _begin_break(self, minutes: float, reason: BreakReason) -> None:
        stage = self.stage
        self.break_due = None
        self.on_break = True
        stage.did(staffing.begin_break(stage.streams, stage.office_id, self.asks("break"), reason=reason))
        stage.agenda.after(60 * minutes, self._end_break)

    def _end_break(self) -> None:
        stage = self.stage
        stage.did(staffing.end_break(stage.streams, stage.office_id, self.asks("end_break")))
        self.on_break = False
        self.look()

    def _want_to_go(self) -> None:
        self.going = True
        self.look()

    def _sign_off(self) -> bool:
        """Go home; not while somebody waits under one's name."""
        stage = self.stage
        hand_over(stage, self.username)
        try:
            stage.did(staffing.sign_off(stage.streams, stage.office_id, self.asks("sign_off")))
        except Refused:
            return False
        self.present = False
        return True
