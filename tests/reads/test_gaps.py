"""Each gap appears when it is one, names who and what to do, and goes when that was done; the floor beside it.

The plans of all questions are looked at: none walks through what is over.
"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from desk.domain.counter_names import CounterName
from desk.domain.gaps import GapAction, GapKind
from desk.domain.reasons import HandoffReason
from desk.domain.risk import Standing
from desk.models import Person
from desk.reads.clocks import list_running_promises
from desk.reads.floor import get_floor
from desk.reads.floor_messages import list_messages, list_messages_for
from desk.reads.gap_finders import FINDERS, list_gaps
from desk.reads.gaps import Gap, get_scene
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import BACK_OFFICE, DeskOffice
from tests.reads.plans import prepare_years, walks

HOUR = 3600


def scene_of(office: DeskOffice, connection: Any):
    return get_scene(connection, office.id, at=office.clock.now)


def gaps_of(office: DeskOffice) -> list[Gap]:
    with office.streams.reading() as connection:
        return list_gaps(scene_of(office, connection))


def floor_of(office: DeskOffice):
    with office.streams.reading() as connection:
        rules = office.streams.configuration(connection, office.id).clock_rules
        promises = list_running_promises(connection, office.id, rules, at=office.clock.now)
        return get_floor(scene_of(office, connection), promises)


def kinds(office: DeskOffice) -> list[GapKind]:
    return [gap.kind for gap in gaps_of(office)]


@pytest.fixture
def office(desk_office: DeskOffice) -> DeskOffice:
    """Sari and Dewi at counters, Joko at his desk, two visitors waiting for A."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.joko.signs_on(BACK_OFFICE)
    desk_office.arrives()
    desk_office.arrives()
    return desk_office


def on_joko_desk(office: DeskOffice) -> int:
    """Bring a transaction to Joko's desk and return it."""
    transaction = office.sari.serves()
    office.joko.accepts(office.sari.offers(transaction, office.joko))
    return transaction


def test_nothing_is_a_gap_while_work_goes_on(office: DeskOffice) -> None:
    on_joko_desk(office)
    office.sari.calls()
    office.clock.tick(200)

    assert gaps_of(office) == []


class TestOffers:
    def test_one_without_an_answer(self, office: DeskOffice) -> None:
        transaction = office.sari.serves()
        handoff = office.sari.offers(transaction, office.dewi)
        office.clock.tick(299)
        assert gaps_of(office) == []
        office.clock.tick(1)

        (gap,) = gaps_of(office)
        assert (gap.kind, gap.action, gap.subject_id) == (GapKind.OFFER_UNANSWERED, GapAction.WITHDRAW, handoff)
        assert (gap.transaction_id, gap.number, gap.who) == (transaction, "A001", "Dewi")
        assert gap.since == office.clock.now - timedelta(seconds=300)
        office.budi.withdraws(handoff)
        assert gaps_of(office) == []

    def test_the_office_says_when(self, office: DeskOffice) -> None:
        office.budi.sets(gap_offer_s=60)
        office.sari.offers(office.sari.serves(), office.dewi)
        office.clock.tick(60)

        assert kinds(office) == [GapKind.OFFER_UNANSWERED]


class TestAbsence:
    def test_a_visitor_waits_for_somebody_who_left(self, office: DeskOffice) -> None:
        transaction = office.sari.serves()
        office.dewi.takes_break()
        office.dewi.accepts(office.sari.offers(transaction, office.dewi))
        assert gaps_of(office) == []
        office.budi.ends_duty_of(office.dewi)

        (gap,) = gaps_of(office)
        assert (gap.kind, gap.action, gap.who) == (GapKind.WAITS_FOR_ABSENT, GapAction.REASSIGN, "Dewi")
        office.budi.signs_on(3)
        office.budi.accepts(office.budi.offers(transaction, office.budi))
        assert gaps_of(office) == []

    def test_an_offer_to_somebody_who_left_is_taken_back(self, office: DeskOffice) -> None:
        handoff = office.sari.offers(office.sari.serves(), office.dewi)
        office.budi.ends_duty_of(office.dewi)

        (gap,) = gaps_of(office)
        assert (gap.kind, gap.action, gap.subject_id) == (GapKind.WAITS_FOR_ABSENT, GapAction.WITHDRAW, handoff)

    def test_papers_may_lie_overnight(self, office: DeskOffice) -> None:
        on_joko_desk(office)
        office.joko.signs_off()

        assert gaps_of(office) == []

    def test_but_not_with_somebody_who_is_gone_for_good(self, office: DeskOffice) -> None:
        transaction = on_joko_desk(office)
        with office.streams.setting_up() as connection:
            connection.execute(update(Person).where(Person.id == office.joko.id).values(disabled_at=1))

        (gap,) = gaps_of(office)
        assert (gap.kind, gap.action, gap.who) == (GapKind.HOLDER_DISABLED, GapAction.REASSIGN, "Joko")
        office.dewi.accepts(office.budi.offers(transaction, office.dewi, reason=HandoffReason.SHIFT_END))
        assert gaps_of(office) == []

    def test_nor_with_somebody_on_leave_unless_a_deputy_was_asked(self, office: DeskOffice) -> None:
        transaction = on_joko_desk(office)
        (handoff,) = office.joko.plans_absence(office.dewi, first=0, hand_over=True).facts["offers"]
        assert gaps_of(office) == []
        office.dewi.declines(handoff)

        (gap,) = gaps_of(office)
        assert (gap.kind, gap.action, gap.who) == (GapKind.HOLDER_ABSENT, GapAction.REASSIGN, "Joko")
        office.sari.accepts(office.budi.offers(transaction, office.sari))
        assert GapKind.HOLDER_ABSENT not in kinds(office)


class TestSilence:
    def test_open_hours_count_and_others_do_not(self, office: DeskOffice) -> None:
        """Service C is open 7.25 hours a day: after 16 of them it is Wednesday, 09.30."""
        transaction = office.arrives("C").facts["transaction"]
        office.dewi.picks(transaction, counter=2)
        office.dewi.starts(transaction)
        office.joko.accepts(office.dewi.offers(transaction, office.joko))
        office.clock.tick(2 * 24 * HOUR + 5300)
        assert GapKind.HOLDER_SILENT not in kinds(office)
        office.clock.tick(100)

        (gap,) = [each for each in gaps_of(office) if each.kind is GapKind.HOLDER_SILENT]
        assert (gap.transaction_id, gap.action, gap.who) == (transaction, GapAction.REASSIGN, "Joko")

    def test_what_the_holder_does_breaks_it(self, office: DeskOffice) -> None:
        transaction = on_joko_desk(office)
        office.clock.tick(15 * HOUR)
        office.joko.pauses(transaction)
        office.joko.resumes(transaction)
        office.clock.tick(2 * HOUR)
        assert GapKind.HOLDER_SILENT not in kinds(office)
        office.clock.tick(14 * HOUR)

        assert GapKind.HOLDER_SILENT in kinds(office)

    def test_what_another_does_does_not(self, office: DeskOffice) -> None:
        transaction = on_joko_desk(office)
        office.clock.tick(15 * HOUR)
        office.budi.withdraws(office.budi.offers(transaction, office.dewi))
        office.clock.tick(HOUR)

        assert GapKind.HOLDER_SILENT in kinds(office)


class TestTheRest:
    def test_a_pause_past_due(self, office: DeskOffice) -> None:
        transaction = office.sari.serves()
        office.sari.pauses(transaction, due_at=office.clock.now + timedelta(minutes=30))
        office.clock.tick(1799)
        assert gaps_of(office) == []
        office.clock.tick(61)

        (gap,) = gaps_of(office)
        assert (gap.kind, gap.action) == (GapKind.PAUSE_PAST_DUE, GapAction.RESUME)
        assert gap.since == office.clock.now - timedelta(minutes=1)
        office.budi.resumes(transaction)
        assert gaps_of(office) == []

    def test_a_request_past_due(self, office: DeskOffice) -> None:
        transaction = office.sari.serves()
        request = office.sari.requests(transaction, office.dewi, due_at=office.clock.now + timedelta(minutes=10))
        office.clock.tick(599)
        assert gaps_of(office) == []
        office.clock.tick(1)

        (gap,) = gaps_of(office)
        assert (gap.kind, gap.action, gap.who) == (GapKind.REQUEST_OVERDUE, GapAction.LOOK, "Dewi")
        assert (gap.transaction_id, gap.since) == (transaction, office.clock.now)
        office.dewi.answers(request)
        assert gaps_of(office) == []

    def test_called_and_never_started(self, office: DeskOffice) -> None:
        transaction = office.sari.calls().facts["transaction"]
        office.clock.tick(300)

        (gap,) = gaps_of(office)
        assert (gap.kind, gap.action, gap.who) == (GapKind.CALLED_NOT_STARTED, GapAction.SEAT, "Sari")
        office.budi.seats(transaction)
        assert gaps_of(office) == []

    def test_back_and_forth(self, office: DeskOffice) -> None:
        transaction = on_joko_desk(office)
        office.sari.accepts(office.joko.offers(transaction, office.sari))

        (gap,) = gaps_of(office)
        assert (gap.kind, gap.action, gap.who) == (GapKind.BACK_AND_FORTH, GapAction.LOOK, "Sari")
        office.sari.completes(transaction)
        assert gaps_of(office) == []

    def test_what_lies_in_a_pool_has_not_come_back_to_its_head(self, office: DeskOffice) -> None:
        transaction = on_joko_desk(office)
        office.budi.accepts(office.joko.offers(transaction, office.budi))
        office.dewi.accepts(office.budi.offers(transaction, office.dewi))
        office.budi.sets(gap_handoffs=9)

        office.dewi.pools(transaction)

        assert office.transaction(transaction).holder_id == office.budi.id
        assert gaps_of(office) == []

    def test_too_many_hands(self, office: DeskOffice) -> None:
        transaction = on_joko_desk(office)
        office.dewi.accepts(office.joko.offers(transaction, office.dewi))
        office.budi.accepts(office.dewi.offers(transaction, office.budi))
        assert gaps_of(office) == []
        office.budi.sets(gap_handoffs=2)

        assert kinds(office) == [GapKind.MANY_HANDOFFS]

    def test_a_day_left_open(self, office: DeskOffice) -> None:
        office.clock.tick(24 * HOUR)
        assert kinds(office) == [GapKind.DAY_LEFT_OPEN] * 2
        office.budi.closes_earlier_days()
        assert gaps_of(office) == []


class TestTheFloor:
    def test_counters_and_queues(self, office: DeskOffice) -> None:
        office.clock.tick(60)
        transaction = office.sari.serves()
        office.dewi.takes_break()
        floor = floor_of(office)

        first, second, third, desk = floor.places
        assert (first.officer, first.number, first.state) == ("Sari", "A001", "serving")
        assert first.visitor_since == office.clock.now and first.transaction_id == transaction
        assert (second.officer, second.duty, second.reason) == ("Dewi", "break", "prayer")
        assert (third.officer, third.duty_id) == (None, None)
        assert (desk.officer, desk.back_office, desk.on_desk) == ("Joko", True, 0)
        assert [(queue.series, queue.waiting) for queue in floor.queues] == [("A", 1), ("B", 0), ("C", 0)]
        assert floor.queues[0].longest_since == office.clock.now - timedelta(seconds=60)
        assert (floor.waiting, floor.at_counters, floor.on_duty, floor.on_break) == (1, 1, 3, 1)

    def test_promises_at_risk_before_they_break(self, office: DeskOffice) -> None:
        office.clock.tick(0.8 * 1800 - 1)
        assert floor_of(office).risks == ()
        office.clock.tick(1)
        assert [risk.standing for risk in floor_of(office).risks] == [Standing.AT_RISK] * 2
        office.clock.tick(360)
        floor = floor_of(office)
        assert floor.risks[0].standing is floor.queues[0].standing is Standing.BROKEN

    def test_a_later_wait_is_judged_by_itself(self, office: DeskOffice) -> None:
        office.clock.tick(1700)
        office.sari.seats(office.sari.serves())

        assert [risk.number for risk in floor_of(office).risks] == ["A002"]

    def test_work_that_is_due_soon(self, office: DeskOffice) -> None:
        transaction = office.sari.serves()
        office.sari.processes(transaction, due_at=office.clock.now + timedelta(hours=10))
        office.dewi.completes(office.dewi.serves(counter=2))
        office.clock.tick(7.9 * HOUR)
        assert floor_of(office).risks == ()
        office.clock.tick(0.2 * HOUR)

        (risk,) = floor_of(office).risks
        assert (risk.transaction_id, risk.waits, risk.holder) == (transaction, False, "Sari")

    def test_a_promise_in_working_days(self, office: DeskOffice) -> None:
        transaction = office.arrives("C").facts["transaction"]
        office.dewi.picks(transaction, counter=2)
        office.dewi.starts(transaction)
        office.dewi.completes_documents(transaction)
        office.dewi.processes(transaction)
        promised_at = office.transaction(transaction).promised_at
        assert transaction not in {risk.transaction_id for risk in floor_of(office).risks}
        office.clock.now = promised_at - timedelta(hours=1)

        (risk,) = [risk for risk in floor_of(office).risks if risk.transaction_id == transaction]
        assert (risk.standing, risk.due_at, risk.holder) == (Standing.AT_RISK, promised_at, "Dewi")
        office.clock.tick(2 * 24 * HOUR)
        assert Standing.BROKEN in {
            risk.standing for risk in floor_of(office).risks if risk.transaction_id == transaction
        }

    def test_messages_until_they_are_read_or_over(self, office: DeskOffice) -> None:
        everybody = office.budi.tells("Rapat pukul 15.00", minutes=30)
        one = office.budi.tells("Mohon rapikan", minutes=5, counter=1)

        def shown(colleague, counter):
            with office.streams.reading() as connection:
                found = list_messages_for(
                    connection, office.id, colleague.id, office.counters[counter], office.clock.now
                )
            return [message.id for message in found]

        assert shown(office.sari, 1) == [one, everybody]
        assert shown(office.dewi, 2) == [everybody]
        assert shown(office.budi, 3) == []
        office.sari.reads(everybody)
        assert shown(office.sari, 1) == [one]
        with office.streams.reading() as connection:
            first, second = list_messages(connection, office.id, office.clock.now)
        assert (first.counter, second.read_by) == (CounterName(1, "Loket 1"), ("Sari",))
        office.clock.tick(300)
        assert shown(office.sari, 1) == []


def questions_of(office: DeskOffice) -> list[tuple[str, Any]]:
    """Return every statement that both pages ask, with its values."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    event.listen(office.engine, "before_cursor_execute", note)
    with office.streams.reading() as connection:
        scene = scene_of(office, connection)
        rules = office.streams.configuration(connection, office.id).clock_rules
        get_floor(scene, list_running_promises(connection, office.id, rules, at=scene.at))
        list_gaps(scene)
        list_messages(connection, office.id, office.clock.now)
        list_messages_for(connection, office.id, office.sari.id, office.counters[1], office.clock.now)
    event.remove(office.engine, "before_cursor_execute", note)
    return asked


def test_no_question_walks_through_history(fresh_database: FreshDatabase) -> None:
    office = DeskOffice(fresh_database(prepare_years))
    for colleague, counter in ((office.sari, 1), (office.dewi, 2), (office.joko, BACK_OFFICE)):
        colleague.signs_on(counter)
    for _ in range(3):
        office.arrives()
    on_joko_desk(office)
    office.sari.calls()
    office.clock.tick(20 * HOUR)
    office.budi.tells("Rapat")
    asked = questions_of(office)

    assert len(asked) >= len(FINDERS) + 8
    assert [f"{found}: {statement}" for statement, values in asked for found in walks(office, statement, values)] == []
    office.engine.dispose()
