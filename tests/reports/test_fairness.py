"""The register of random days against going through the raw rows one by one, and its rules on days made for them."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from desk.domain.intake import CheckInChannel
from desk.domain.reasons import PickReason, PriorityReason
from desk.models import Call, EventRow, QueueEntry, Service, TransactionRow, Visit
from desk.operations import intake
from desk.operations.intake import CheckIn
from desk.reports.facts import Facts, load_facts
from desk.reports.fairness import RANKED, SHOWN, Wanted, list_page, load_register, overview
from desk.reports.priority_use import priority_use
from desk.reports.shifts import Shift, middle_of
from desk.reports.statistics import chance_of_luck, wilson
from desk.reports.undue_waits import list_late, load_waits, summary
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import DeskOffice
from tests.reports.random_weeks import PROMISED_S, office_of_weeks, prepare_weeks

FIRST = date(2026, 3, 2)
ZONE_HOURS = timedelta(hours=7)  # Jakarta
MIDDLES = {"A": 720, "B": 720, "C": 757}  # open all day; a break from 12.15 to 13.00


def facts_of(office: DeskOffice, since: date = FIRST, until: date = FIRST + timedelta(days=9)) -> Facts:
    with office.streams.reading() as connection:
        return load_facts(connection, office.id, since, until, at=office.clock.now)


@pytest.fixture
def played(fresh_database: FreshDatabase) -> Iterator[DeskOffice]:
    office = office_of_weeks(fresh_database(prepare_weeks))
    yield office
    office.engine.dispose()


def stood_before(office: DeskOffice, call, passed) -> bool:
    """Tell from the queue entries whether somebody passed over had the better rank at the moment of the call."""
    own = office.row(QueueEntry, id=call.entry_id)
    entries = office.rows(QueueEntry, transaction_id=passed["transaction"])
    there = [each for each in entries if each.joined_at <= call.called_at <= (each.ended_at or call.called_at)]
    return any((each.rank_at, each.id) < (own.rank_at, own.id) for each in there)


def irregular(office: DeskOffice) -> dict[int, object]:
    return {
        call.id: call
        for call in office.rows(Call)
        if call.picked is not None or any(stood_before(office, call, each) for each in call.passed_over)
    }


def is_afternoon(office: DeskOffice, call) -> bool:
    series = {service_id: series for series, service_id in office.services.items()}[call.service_id]
    wall = call.called_at + ZONE_HOURS
    return wall.hour * 60 + wall.minute >= MIDDLES[series]


def test_the_register_is_what_the_rows_say(played: DeskOffice):
    expected = irregular(played)
    calls = played.rows(Call)
    with played.streams.reading() as connection:
        register = load_register(connection, facts_of(played))
        ids = register.listed(Wanted())
        entries = list_page(connection, register, ids, first=0, limit=1000)
    assert ids == sorted(expected, reverse=True)
    assert len(ids) > 10
    labels = {visit.id: visit.label for visit in played.rows(Visit)}
    for entry in entries:
        call = expected[entry.call_id]
        assert (entry.officer_id, entry.called_at, entry.reason) == (call.officer_id, call.called_at, call.picked)
        assert entry.number == labels[call.visit_id]
        assert [(each.number, each.by_s) for each in entry.passed] == [(p["label"], p["by"]) for p in call.passed_over]
        assert entry.note == "Diminta penyelia"
    found = overview(register, Wanted())
    assert (found.calls, found.out_of_order) == (len(calls), len(expected))
    assert found.passed_over == sum(len(call.passed_over) for call in expected.values())
    assert found.longest_s == max(each["by"] for call in expected.values() for each in call.passed_over)


def test_the_shares_are_what_the_rows_say(played: DeskOffice):
    out, calls = irregular(played), played.rows(Call)
    with played.streams.reading() as connection:
        register = load_register(connection, facts_of(played))
    found = overview(register, Wanted())
    rows = {(each.officer_id, each.shift): each for each in found.officers}
    raw = []
    for officer in {call.officer_id for call in calls}:
        for shift in (None, *Shift):
            fits = [each for each in calls if shift is None or is_afternoon(played, each) == (shift is Shift.AFTERNOON)]
            own = [each for each in fits if each.officer_id == officer]
            hits = sum(each.id in out for each in own)
            if not own:
                assert (officer, shift) not in rows
                continue
            if len(own) >= RANKED <= len(fits) - len(own):
                others = sum(each.id in out for each in fits) - hits
                raw.append(chance_of_luck(hits, len(own), other_hits=others, other_count=len(fits) - len(own)))
            if len(own) < SHOWN:
                assert (officer, shift) not in rows
                continue
            row = rows[officer, shift]
            assert (row.calls, row.out_of_order) == (len(own), hits)
            assert row.share.interval == wilson(hits, len(own))
    tested = [each.chance for each in found.officers if each.chance is not None]
    assert len(tested) == len(raw) >= 3
    assert min(tested) == pytest.approx(min(1, len(raw) * min(raw)))


def test_undue_waits_are_what_the_rows_say(played: DeskOffice):
    with played.streams.setting_up() as connection:  # what was promised stays
        connection.execute(update(Service).values(wait_promise_s=60))
    now = played.clock.now
    expected = {}
    for row in played.rows(TransactionRow):
        first = min(played.rows(QueueEntry, transaction_id=row.id), key=lambda each: each.id)
        waited = ((first.ended_at or now) - first.joined_at).total_seconds()
        if waited > PROMISED_S:
            expected[row.id] = (waited, row.state == "waiting" and row.served_at is None)
    with played.streams.reading() as connection:
        waits = load_waits(connection, facts_of(played))
        rows = list_late(connection, waits, waits.listed(0))
    assert {row.transaction_id: (row.waited_s, row.waiting) for row in rows} == {
        each: (int(waited), waiting) for each, (waited, waiting) in expected.items()
    }
    assert [row.over_s for row in rows] == sorted((row.over_s for row in rows), reverse=True)
    total, services = summary(waits, 0)
    assert (total.late, total.transactions) == (len(expected), len(played.rows(TransactionRow)))
    assert sum(each.late for each in services) == total.late
    assert all(
        row.number == played.row(Visit, id=played.transaction(row.transaction_id).visit_id).label for row in rows
    )


def test_priority_is_what_the_rows_say(played: DeskOffice):
    visits = played.rows(Visit)
    with played.streams.reading() as connection:
        found = priority_use(connection, facts_of(played))
        nothing = priority_use(connection, facts_of(played, date(2026, 1, 1), date(2026, 2, 1)))
        long = priority_use(connection, facts_of(played, date(2024, 1, 1)))
    assert (nothing.total.share, nothing.reasons, nothing.officers) == (None, [], [])
    assert long.total == found.total
    assert long.officers is None
    assert found.officers is not None
    with_priority = [visit for visit in visits if visit.priority_reason]
    assert (found.total.visits, found.total.priority) == (len(visits), len(with_priority))
    for use in found.reasons:
        assert use.priority == sum(visit.priority_reason == use.key for visit in visits)
    for use in found.channels:
        of = [visit for visit in visits if visit.channel == use.key]
        assert (use.visits, use.priority) == (len(of), sum(visit in with_priority for visit in of))
    numbers = {event.number: event.actor_id for event in played.rows(EventRow)}
    clerks = {visit.id: numbers[visit.id & (1 << 40) - 1] for visit in visits if visit.channel == "staff"}
    for use in found.officers:
        of = [visit for visit in visits if clerks.get(visit.id) == int(use.key)]
        assert (use.visits, use.priority) == (len(of), sum(visit in with_priority for visit in of))
    assert sum(use.visits for use in found.officers) == len(clerks)


def test_a_head_start_is_in_order_and_a_pick_is_not(desk_office: DeskOffice):
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.arrives()
    desk_office.clock.tick(60)
    desk_office.arrives(priority_reason=PriorityReason.ELDERLY)
    desk_office.clock.tick(60)
    picked: int = desk_office.arrives().facts["transaction"]
    desk_office.sari.calls()
    desk_office.dewi.picks(picked, counter=2, reason=PickReason.SAME_MATTER)
    with desk_office.streams.reading() as connection:
        register = load_register(connection, facts_of(desk_office))
        (entry,) = list_page(connection, register, register.listed(Wanted()), first=0, limit=9)
    assert (entry.number, entry.reason, entry.by_s) == ("A003", "same_matter", 120)
    assert [each.number for each in entry.passed] == ["A001"]
    assert register.listed(Wanted(reason=PickReason.OTHER)) == []
    assert register.listed(Wanted(officer_id=desk_office.sari.id)) == []


def test_a_call_taken_back_stays_in_the_register_and_counts_nowhere(desk_office: DeskOffice):
    desk_office.sari.signs_on(1)
    desk_office.arrives()
    desk_office.clock.tick(60)
    picked: int = desk_office.arrives().facts["transaction"]
    for _ in range(5):
        desk_office.sari.picks(picked)
        desk_office.clock.tick(1)
        desk_office.sari.undoes(picked)
    desk_office.sari.calls()
    facts = facts_of(desk_office)
    with desk_office.streams.reading() as connection:
        register = load_register(connection, facts)
        entries = list_page(connection, register, register.listed(Wanted()), first=0, limit=9)
    found = overview(register, Wanted())
    assert [(entry.number, entry.taken_back) for entry in entries] == [("A002", True)] * 5
    assert (found.calls, found.out_of_order, found.passed_over, found.share, found.longest_s) == (1, 0, 0, None, 0)
    assert (facts.transactions.calls.tolist(), facts.transactions.passed_over.tolist()) == ([1, 0], [0, 0])


def test_a_call_in_turn_that_passed_somebody_over_shows(desk_office: DeskOffice):
    """Such a call cannot be made; the register does not trust that."""
    desk_office.sari.signs_on(1)
    desk_office.arrives()
    desk_office.clock.tick(60)
    desk_office.sari.picks(desk_office.arrives().facts["transaction"])
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Call).values(picked=None, why={"code": "longest_wait", "waited": 0}))
        register = load_register(connection, facts_of(desk_office))
        (entry,) = list_page(connection, register, register.listed(Wanted()), first=0, limit=9)
    assert (entry.reason, entry.by_s) == (None, 60)


def test_few_calls_show_no_share(desk_office: DeskOffice):
    desk_office.sari.signs_on(1)
    for _ in range(SHOWN - 1):
        desk_office.arrives()
        desk_office.sari.misses(desk_office.sari.calls().facts["transaction"])
    with desk_office.streams.reading() as connection:
        few = overview(load_register(connection, facts_of(desk_office)), Wanted())
    assert (few.share, few.officers, few.hidden) == (None, [], 1)
    desk_office.arrives()
    desk_office.sari.calls()
    with desk_office.streams.reading() as connection:
        enough = overview(load_register(connection, facts_of(desk_office)), Wanted())
    assert [(each.shift, each.ranked, each.chance) for each in enough.officers] == [
        (None, False, None),
        (Shift.MORNING, False, None),
    ]


def test_the_middle_of_the_day():
    assert middle_of(()) == 12 * 60
    assert middle_of(((8 * 60, 16 * 60),)) == 12 * 60
    assert middle_of(((8 * 60, 12 * 60 + 15), (13 * 60, 16 * 60))) == 12 * 60 + 37
    assert middle_of(((8 * 60, 9 * 60), (9 * 60 + 5, 12 * 60), (14 * 60, 15 * 60))) == 13 * 60


def test_nothing_happened(desk_office: DeskOffice):
    facts = facts_of(desk_office)
    with desk_office.streams.reading() as connection:
        register = load_register(connection, facts)
        waits = load_waits(connection, facts)
    assert register.listed(Wanted()) == []
    assert overview(register, Wanted(shift=Shift.MORNING)).calls == 0
    assert summary(waits, 0)[0].share is None


def test_few_check_ins_by_somebody_are_hidden(desk_office: DeskOffice):
    wish = CheckIn((desk_office.services["A"],), CheckInChannel.STAFF, PriorityReason.CHILD)
    intake.check_in(desk_office.streams, desk_office.id, wish, desk_office.sari.asks("check_in"))
    with desk_office.streams.reading() as connection:
        found = priority_use(connection, facts_of(desk_office))
    assert (found.officers, found.hidden, found.total.priority, found.reasons[0].key) == ([], 1, 1, "child")
