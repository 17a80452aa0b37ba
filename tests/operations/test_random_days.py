"""Random days: random people do random things at random times, and what must hold holds after every step.

A refusal is an answer like any other; anything else that is raised is a bug. At the end of a day the doctor looks.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text, update

from desk.domain.facts import EventName
from desk.domain.lifecycle import Outcome
from desk.domain.reasons import PriorityReason
from desk.domain.refusals import Refused
from desk.models import Delivery, EventRow, HandoffRow, TransactionRow
from desk.operations.stream import Done
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import BACK_OFFICE, DeskOffice, prepare_office
from tests.operations.possibilities import senseless, sensible

MANY = st.integers(0, 9_999)
# One rule that draws what happens, weighted as here: separate rules would each be left out of half of the days.
HAPPENINGS = st.sampled_from(["work"] * 14 + ["arrival"] * 3 + ["again", "meddling", "time", "time", "rarity"])
CONTACTS: list[dict[str, Any]] = [
    {},
    {"email": "siti@example.id"},
    {"email": "siti@example.id", "consent": True, "language": "en"},
    {"name": "Siti", "priority_reason": PriorityReason.ELDERLY},
]
SERIES = [("A",), ("A",), ("B",), ("A", "B"), ("B", "A"), ("C",), ("A", "C")]
SECONDS = [0.000001, 1, 30, 60, 300, 900, 3600]

# Each counts what must not be; all in one question.
BROKEN = {
    "open transactions without exactly one open segment": """
        SELECT count(*) FROM transactions t WHERE t.office_id = :office AND (t.ended_at IS NULL) <> (1 = (
            SELECT count(*) FROM custody_segments s WHERE s.office_id = t.office_id AND s.transaction_id = t.id
            AND s.ended_at IS NULL))""",
    "open segments that are not how the transaction stands": """
        SELECT count(*) FROM transactions t JOIN custody_segments s ON s.office_id = t.office_id
        AND s.transaction_id = t.id AND s.ended_at IS NULL WHERE t.office_id = :office
        AND (t.state <> s.state OR t.holder_id <> s.holder_id OR t.segment <> s.ordinal)""",
    "visitors waiting or called without exactly one place in a queue": """
        SELECT count(*) FROM transactions t WHERE t.office_id = :office AND (t.state IN ('waiting', 'called')) <> (1 = (
            SELECT count(*) FROM queue_entries e WHERE e.office_id = t.office_id AND e.transaction_id = t.id
            AND e.ended_at IS NULL AND e.id = t.entry_id AND e.place = t.state))""",
    "officers or counters with more than one": """
        SELECT count(*) FROM (SELECT 1 FROM transactions WHERE office_id = :office AND state IN ('called', 'serving')
        GROUP BY holder_id HAVING count(*) > 1 UNION ALL
        SELECT 1 FROM transactions WHERE office_id = :office AND state IN ('called', 'serving')
        GROUP BY counter_id HAVING count(*) > 1) AS together""",
    "visitors at a counter nobody is on duty at": """
        SELECT count(*) FROM transactions t WHERE t.office_id = :office AND t.state IN ('called', 'serving')
        AND NOT EXISTS (SELECT 1 FROM duties d WHERE d.office_id = t.office_id AND d.ended_at IS NULL
        AND d.officer_id = t.holder_id AND d.counter_id = t.counter_id)""",
    "work in a pool that its head does not have": """
        SELECT count(*) FROM transactions t JOIN pools p ON p.id = t.pool_id WHERE t.office_id = :office
        AND (t.ended_at IS NOT NULL OR (t.state IN ('processing', 'paused') AND t.holder_id <> p.head_id))""",
    "news of handoffs that are still open": """
        SELECT count(*) FROM transactions t JOIN handoffs h ON h.office_id = t.office_id AND h.id = t.alert_id
        WHERE t.office_id = :office AND (h.transaction_id <> t.id OR h.state NOT IN ('expired', 'declined', 'accepted')
        OR t.ended_at IS NOT NULL)""",
    "offers that do not fit their transaction": """
        SELECT count(*) FROM transactions t LEFT JOIN handoffs h ON h.office_id = t.office_id
        AND h.transaction_id = t.id AND h.state = 'offered' WHERE t.office_id = :office
        AND (coalesce(t.offer_id, 0) <> coalesce(h.id, 0) OR h.giver_id <> t.holder_id
        OR (h.id IS NOT NULL AND t.state NOT IN ('waiting', 'processing', 'paused')))""",
    "offers of handovers that would wait for ever": """
        SELECT count(*) FROM handoffs h WHERE h.office_id = :office AND h.batch_id IS NOT NULL
        AND (h.expires_at IS NULL OR h.expires_at <= h.offered_at)""",
    "open requests about transactions that have ended": """
        SELECT count(*) FROM requests r JOIN transactions t ON t.office_id = r.office_id AND t.id = r.transaction_id
        WHERE r.office_id = :office AND r.state = 'asked' AND t.ended_at IS NOT NULL""",
    "people absent twice at a time, or whose deputy is absent too": """
        SELECT count(*) FROM absences a JOIN absences b ON b.office_id = a.office_id AND b.id <> a.id
        AND b.cancelled_at IS NULL AND b.person_id IN (a.person_id, a.deputy_id)
        AND b.begins_on <= a.ends_on AND a.begins_on <= b.ends_on
        WHERE a.office_id = :office AND a.cancelled_at IS NULL""",
    "ended transactions without their decision": """
        SELECT count(*) FROM transactions t LEFT JOIN invitations i ON i.office_id = t.office_id
        AND i.transaction_id = t.id WHERE t.office_id = :office
        AND (t.ended_at IS NULL) = (coalesce(i.state, 'superseded') <> 'superseded')
        AND NOT (t.ended_at IS NULL AND (i.state IN ('open', 'answered', 'revoked') OR i.decided_by = 'limit'))""",
    "clocks that are frozen while it is open, or not when it ended": """
        SELECT count(*) FROM transactions t WHERE t.office_id = :office
        AND ((t.ended_at IS NULL) <> (t.visitor_s IS NULL) OR t.office_s > t.visitor_s OR t.used_s > t.office_s
        OR (t.complete_at IS NULL) <> (t.promised_at IS NULL) OR t.promised_at <= t.complete_at)""",
    "numbers with a gap": """
        SELECT count(*) FROM (SELECT 1 FROM visits WHERE office_id = :office GROUP BY day, series
        HAVING count(*) <> max(ordinal) OR min(ordinal) <> 1) AS gaps""",
    "heads that are not the last event": """
        SELECT count(*) FROM streams s WHERE s.office_id = :office AND NOT EXISTS (
            SELECT 1 FROM events e WHERE e.office_id = s.office_id AND e.number = s.number AND e.mac = s.mac
            AND e.at = s.at AND e.epoch = s.epoch)""",
    "visits asked twice": """
        SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE office_id = :office AND state IN ('pending', 'sent')
        GROUP BY invitation_id HAVING count(*) > 1) AS asked""",
}
QUESTION = text(" UNION ALL ".join(f"SELECT '{name}', ({query})" for name, query in BROKEN.items()))


class RandomDay(RuleBasedStateMachine):
    """One office, some days."""

    open_office: ClassVar[Callable[[], DeskOffice]]
    happened: ClassVar[Counter[str]] = Counter()
    day: ClassVar[int] = 0
    batches: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.office = type(self).open_office()
        self.arrivals: list[tuple[Callable[[], Done], Done]] = []

    @initialize()
    def begin(self) -> None:
        """Sari, Dewi and Joko are there; one is worked on, one has complete documents, one is served, two wait."""
        office = self.office
        for colleague, counter in ((office.sari, 1), (office.dewi, 2), (office.joko, BACK_OFFICE)):
            colleague.signs_on(counter)
        for services in ("A", "A", "A", "AB"):
            office.arrives(*services, **CONTACTS[2])
        office.joko.accepts(office.sari.offers(office.sari.serves(), office.joko))
        valuation = office.arrives("C").facts["transaction"]
        office.dewi.picks(valuation, counter=2)
        office.dewi.starts(valuation)
        office.dewi.completes_documents(valuation, 3)
        office.dewi.processes(valuation)
        office.dewi.serves(counter=2)
        self.turn_up()

    def turn_up(self) -> None:
        """What comes up too seldom by itself happens once in some days, each day something else."""
        office, kind = self.office, type(self)
        kind.day += 1
        work = office.rows(TransactionRow, holder_id=office.joko.id)[0].id
        match kind.day % 6:
            case 0:
                office.joko.pools(work)
                office.joko.takes(work)
            case 1:
                office.budi.orders(work, office.dewi)
            case 2:
                office.joko.notes(work)
            case 3:
                office.joko.requests(work, office.dewi)
                office.joko.completes(work, Outcome.REFUSED, note="Syarat tidak terpenuhi")
            case 4:
                office.joko.plans_absence(office.sari)
            case _:
                office.joko.hands_over_shift({work: office.dewi})
                if kind.day % 12 > 6:
                    office.clock.tick(4 * 3600)
                    office.expires_offers()

    @rule(what=HAPPENINGS, which=MANY, how=MANY)
    def happen(self, what: str, which: int, how: int) -> None:
        """One thing happens."""
        match what:
            case "work":
                options = sensible(self.office)
                ways = options[which % len(options)]
                self.attempt(ways[how % len(ways)])
            case "arrival":
                self.arrive(which, how)
            case "again" if self.arrivals:
                self.press_again(which)
            case "meddling":
                self.attempt(senseless(self.office, which, how))
            case "time":
                self.office.clock.tick(SECONDS[how % len(SECONDS)])
            case _:
                self.rarities[how % len(self.rarities)]()

    def attempt(self, act: Callable[[], Any]) -> Any:
        """Return what comes of it, None for a refusal, which must leave no trace."""
        before = self.office.head
        try:
            return act()
        except Refused:
            assert self.office.head == before
            return None

    def arrive(self, which: int, how: int) -> None:
        """Somebody takes a number, as often as not under a key."""
        office, services, said = self.office, SERIES[which % len(SERIES)], CONTACTS[how % len(CONTACTS)]
        key = f"key-{len(self.arrivals)}" if how % 2 else None
        done = self.attempt(lambda: office.arrives(*services, key=key, **said))
        if key is not None and done is not None:
            self.arrivals.append((lambda: office.arrives(*services, key=key, **said), done))

    def press_again(self, which: int) -> None:
        """A double tap or a retry gets the first answer, however long ago it was."""
        act, first = self.arrivals[which % len(self.arrivals)]
        before = self.office.head
        again = act()
        assert (again.repeated, again.facts) == (True, first.facts)
        assert self.office.head == before

    @property
    def rarities(self) -> list[Callable[[], object]]:
        """What happens seldom."""
        office = self.office
        return [
            lambda: self.attempt(office.expires_offers),
            lambda: self.attempt(office.expires_offers),
            lambda: self.attempt(office.begins_absences),
            lambda: self.attempt(office.budi.closes_day),
            lambda: self.attempt(office.budi.closes_earlier_days),
            lambda: self.attempt(office.budi.confirms_clock),
            lambda: office.clock.tick(-1800),
            lambda: office.clock.tick(12 * 3600),
            self.jump_ahead,
            self.deliver,
        ]

    def jump_ahead(self) -> None:
        """The clock is a week ahead when somebody arrives, and right again afterwards."""
        self.office.clock.tick(7 * 86_400)
        self.attempt(lambda: self.office.arrives("A"))
        self.office.clock.tick(-7 * 86_400)

    def deliver(self) -> None:
        """The worker sends what is pending."""
        with self.office.streams.engine.begin() as connection:
            sent = {"state": "sent", "sent_at": self.office.head.at}
            connection.execute(update(Delivery).where(Delivery.state == "pending").values(**sent))

    @invariant()
    def nothing_is_broken(self) -> None:
        with self.office.streams.reading() as connection:
            counts = connection.execute(QUESTION, {"office": self.office.id}).tuples().all()
        assert [(name, count) for name, count in counts if count] == []

    def teardown(self) -> None:
        """The doctor finds nothing."""
        try:
            assert self.office.findings() == []
            self.happened.update(row.name for row in self.office.rows(EventRow))
            type(self).batches += sum(row.batch_id is not None for row in self.office.rows(HandoffRow))
        finally:
            self.office.engine.dispose()


ALWAYS = {
    EventName.TRANSACTION_CALLED,
    EventName.SERVICE_STARTED,
    EventName.HANDOFF_ACCEPTED,
    EventName.TRANSACTION_PAUSED,
    EventName.DOCUMENTS_COMPLETED,
    EventName.HANDED_TO_POOL,
    EventName.TAKEN_FROM_POOL,
    EventName.NOTE_ADDED,
    EventName.REQUEST_MADE,
    EventName.ABSENCE_PLANNED,
}
# A dozen days may pass without one of these; sixty had nine of each at least whenever they were counted.
SOONER_OR_LATER = ALWAYS | {
    EventName.HANDOFF_EXPIRED,
    EventName.TRANSFERRED_TO_QUEUE,
    EventName.VISITOR_CAME_BACK,
    EventName.VISITOR_LEFT,
    EventName.HANDOVER_FORCED,
    EventName.REQUEST_CLOSED,
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("database_kind", "days", "steps", "wanted"),
    [("sqlite", 60, 60, SOONER_OR_LATER), ("postgres", 12, 50, ALWAYS)],
    indirect=["database_kind"],
    ids=["sqlite", "postgres"],
)
def test_random_days(fresh_database: FreshDatabase, days: int, steps: int, wanted: set[EventName]) -> None:
    RandomDay.open_office = lambda: DeskOffice(fresh_database(prepare_office))
    RandomDay.happened, RandomDay.day, RandomDay.batches = Counter(), 0, 0

    run_state_machine_as_test(
        RandomDay,
        settings=settings(max_examples=days, stateful_step_count=steps, suppress_health_check=list(HealthCheck)),
    )

    assert wanted - RandomDay.happened.keys() == set()
    assert RandomDay.batches
