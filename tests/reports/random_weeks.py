"""Random days of the office, played through its operations: visitors of all kinds, calls in and out of turn, handoffs.

Nothing here knows a report; what was played is read back from the rows.
"""

import random
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import update

from desk.domain.intake import CheckInChannel
from desk.domain.lifecycle import State
from desk.domain.reasons import HandoffReason, PickReason, PriorityReason
from desk.domain.refusals import Refused
from desk.models import InvitationRow, Service, TransactionRow
from desk.operations import intake
from desk.operations.intake import CheckIn
from tests.fixtures.office import Colleague, DeskOffice, prepare_office

DAY_S, HOUR_S = 24 * 3600, 3600
PROMISED_S = 420  # the wait that every service promises
PRIORITIES = (None, None, None, None, *PriorityReason)


def prepare_weeks(url: str) -> None:
    """Make the office of the tests with four played days behind it."""
    prepare_office(url)
    office = DeskOffice(url)
    with office.streams.setting_up() as connection:
        connection.execute(update(Service).values(wait_promise_s=PROMISED_S))
    Player(office, 7).plays(days=4, steps=170)
    office.engine.dispose()


def office_of_weeks(url: str) -> DeskOffice:
    """Return the played office, the clock standing a minute after its last event."""
    office = DeskOffice(url)
    office.clock.now = office.head.at
    office.clock.tick(60)
    return office


class Player:
    """Plays an office; the same seed plays the same days."""

    def __init__(self, office: DeskOffice, seed: int) -> None:
        self.office = office
        self.chance = random.Random(seed)
        self.counters: dict[str, int] = {"Sari": 1, "Dewi": 2, "Budi": 3}

    def plays(self, days: int, steps: int) -> None:
        """Play so many days of so many steps from 08.00 on, and leave the last one in the middle."""
        for name, counter in self.counters.items():
            self.office.people[name].signs_on(counter)
        opening = self.office.clock.now
        for day in range(days):
            self.office.clock.now = opening
            self.office.clock.tick(day * DAY_S)
            for _ in range(steps):
                self.office.clock.tick(self.chance.choice((5, 20, 60, 240)))
                with suppress(Refused):
                    self._step()

    def _step(self) -> None:
        kinds: list[tuple[int, Callable[[], object]]] = [(4, self._arrives), (9, self._works), (1, self._answers)]
        (doing,) = self.chance.choices([doing for _, doing in kinds], [weight for weight, _ in kinds])
        doing()

    def _arrives(self) -> None:
        office, chance = self.office, self.chance
        series = chance.choice((("A",), ("A",), ("B",), ("A", "B")))
        said = {"priority_reason": chance.choice(PRIORITIES)}
        if chance.random() < 0.5:
            office.arrives(*series, **said)
            return
        services = tuple(office.services[each] for each in series)
        wish = CheckIn(services, CheckInChannel.STAFF, **said)
        clerk = chance.choice((office.sari, office.dewi, office.dewi, office.budi))
        intake.check_in(office.streams, office.id, wish, clerk.asks("check_in"))

    def _works(self) -> None:
        officer = self.office.people[self.chance.choice(list(self.counters))]
        at_counter = [
            row
            for row in self.office.rows(TransactionRow, holder_id=officer.id)
            if row.state in (State.CALLED, State.SERVING)
        ]
        if not at_counter:
            self._calls(officer)
        elif at_counter[0].state == State.CALLED:
            self.chance.choices([officer.starts, officer.misses, officer.seats], [8, 1, 1])[0](at_counter[0].id)
        else:
            self._goes_on(officer, at_counter[0].id)

    def _calls(self, officer: Colleague) -> None:
        counter, chance = self.counters[officer.name], self.chance
        waiting = [row.id for row in self.office.rows(TransactionRow, state=State.WAITING.value)]
        if waiting and chance.random() < {"Sari": 0.15, "Dewi": 0.35, "Budi": 0.1}[officer.name]:
            reason = chance.choice((PickReason.FRAIL_NOW, PickReason.SAME_MATTER, PickReason.OTHER))
            officer.picks(chance.choice(waiting), counter=counter, reason=reason, note="Diminta penyelia")
        else:
            officer.calls(counter=counter)

    def _goes_on(self, officer: Colleague, transaction: int) -> None:
        chance = self.chance
        self.office.clock.tick(chance.choice((30, 120, 400)) * (2 if officer.name == "Dewi" else 1))
        what = chance.choices(["completes", "offers", "transfers", "leaves", "seats"], [10, 3, 2, 1, 1])[0]
        if what == "completes":
            officer.completes(transaction)
        elif what == "offers":
            others = [self.office.people[name] for name in self.counters if name != officer.name]
            receiver = chance.choice(others)
            handoff = officer.offers(transaction, receiver, reason=HandoffReason.SPECIALIST)
            receiver.accepts(handoff)
        elif what == "transfers":
            officer.transfers(transaction, chance.choice("AB"))
        elif what == "leaves":
            officer.sees_leave(transaction)
        else:
            officer.seats(transaction)

    def _answers(self) -> None:
        asked = [row.id for row in self.office.rows(InvitationRow, state="open")]
        if asked:
            self.office.answers(self.chance.choice(asked), self.chance.choice((1, 3, 4, 4, 5)))
