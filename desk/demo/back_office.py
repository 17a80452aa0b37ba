"""An officer at a desk in the back: takes over what needs a letter, takes from the pool, and works it off."""

from datetime import timedelta
from functools import partial
from typing import Final

from desk.demo.agenda import Deck
from desk.demo.documents import record
from desk.demo.stage import Matter, Player, Stage
from desk.demo.visitors import Visitors
from desk.domain.lifecycle import Outcome
from desk.domain.reasons import BreakReason, DeclineReason, PauseCause
from desk.operations import handing_off, passing_on, serving, staffing
from desk.operations.requests import Request

ANSWERING: Final = {"accept": 7, "decline": 1, "ignore": 1}
WORKING: Final = {"sent": 2, "collected": 3, "asks an agency": 1, "goes on": 3}
MISSING: Final = "Lampiran daftar objek belum ditandatangani."
AGENCY: Final = "Menunggu data dari kantor pertanahan."
# How often to look into the pool, how much may lie on the own desk meanwhile, and how long before the end no more.
POOL_MINUTES, FULL_DESK, TOO_LATE_MINUTES = 9.0, 2, 30.0


class BackOffice:
    """Works on one transaction after the other."""

    def __init__(self, stage: Stage, username: str, desk: int, visitors: Visitors) -> None:
        self.stage = stage
        self.actor = stage.staff(username)
        self.person_id = stage.people[username][0]
        self.counter_id = stage.counters[desk]
        self.visitors = visitors
        self.answering, self.working = (Deck(stage.dice, cards) for cards in (ANSWERING, WORKING))
        self.present = False
        self.still_called: int | None = None
        self._pile: list[Matter] = []
        self._at_work = False
        stage.agenda.after(60, self._sign_on)
        stage.agenda.after(60 * 118, partial(self._rest, 15))
        stage.agenda.after(60 * POOL_MINUTES, self._look_into_pool)

    def asks(self, verb: str, **body: object) -> Request:
        """Return a request of this officer."""
        return Request(self.actor, verb, body)

    def wake(self) -> None:
        """Visitors who wait are not called to the back."""

    def _sign_on(self) -> None:
        stage = self.stage
        stage.did(staffing.sign_on(stage.streams, self.counter_id, stage.office_id, self.asks("sign_on")))
        self.present = True

    def _rest(self, minutes: float) -> None:
        stage, reason = self.stage, BreakReason.MEAL
        stage.did(staffing.begin_break(stage.streams, stage.office_id, self.asks("break"), reason=reason))
        stage.agenda.after(60 * minutes, self._rested)

    def _rested(self) -> None:
        stage = self.stage
        stage.did(staffing.end_break(stage.streams, stage.office_id, self.asks("end_break")))

    def offered(self, handoff_id: int, matter: Matter, giver: Player) -> None:
        """Answer what a counter offers, or do not."""
        answer = self.answering.draw()
        if answer != "ignore":
            seconds = self.stage.dice.uniform(60, 280)
            self.stage.agenda.after(seconds, partial(self._answer, handoff_id, matter, answer))

    def _answer(self, handoff_id: int, matter: Matter, answer: str) -> None:
        stage, request = self.stage, self.asks(answer, handoff=handoff_id)
        if answer == "accept":
            if stage.attempt(lambda: handing_off.accept(stage.streams, handoff_id, request)):
                record(stage, self, matter)
                self._pile.append(matter)
                self._begin()
            return
        reason = DeclineReason.INCOMPLETE
        stage.attempt(lambda: handing_off.decline(stage.streams, handoff_id, request, reason=reason, note=MISSING))
        stage.wake()

    def _look_into_pool(self) -> None:
        """Take what has lain there longest, when there is time for it."""
        stage = self.stage
        stage.agenda.after(60 * POOL_MINUTES, self._look_into_pool)
        if len(self._pile) >= FULL_DESK or stage.minutes_left < TOO_LATE_MINUTES:
            return
        for transaction_id in stage.in_pool()[:1]:
            request = self.asks("take_from_pool", transaction=transaction_id)
            stage.did(passing_on.take_from_pool(stage.streams, transaction_id, request))
            self._pile.append(stage.matter(transaction_id))
            self._begin()

    def _begin(self) -> None:
        if self._pile and not self._at_work:
            self._at_work = True
            matter = self._pile.pop(0)
            self.stage.agenda.after(60 * self.stage.dice.uniform(8, 20), partial(self._finish, matter))

    def _finish(self, matter: Matter) -> None:
        self._at_work = False
        match self.working.draw():
            case "sent":
                self._send(matter)
            case "collected":
                minutes = self.stage.dice.uniform(2, 15)
                self.stage.agenda.after(60 * minutes, partial(self.visitors.come_back, matter.id))
            case "asks an agency":
                self._ask_agency(matter)
            case _:
                self.stage.lasting.append(matter.id)
        self._begin()

    def _send(self, matter: Matter) -> None:
        request, outcome = self.asks("complete", transaction=matter.id), Outcome.FULFILLED
        done = self.stage.attempt(lambda: serving.complete(self.stage.streams, matter.id, request, outcome=outcome))
        if done is not None:
            self.stage.has_ended(matter)

    def _ask_agency(self, matter: Matter) -> None:
        request, cause = self.asks("pause", transaction=matter.id), PauseCause.OTHER_AGENCY
        due_at = self.stage.agenda.now + timedelta(days=3)
        self.stage.attempt(
            lambda: serving.pause(self.stage.streams, matter.id, request, cause=cause, due_at=due_at, note=AGENCY)
        )
