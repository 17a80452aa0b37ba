"""Work past its promise in working days: by the office's clock, as it stood at the end, or so far."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from desk.domain.reasons import PauseCause
from desk.models import EventRow, Service
from desk.reports.consistency import by_handoffs, completed, figures_of
from desk.reports.facts import Facts, load_facts
from desk.reports.keeping import refresh_office
from desk.reports.kinds import Transactions
from desk.reports.late_work import LateWork, list_late_work, works_of
from desk.reports.undue_waits import Kept, load_waits, summary
from tests.fixtures.office import OPENING, DeskOffice
from tests.reports import brute_force as brute

FIRST, LAST = date(2026, 3, 2), date(2026, 5, 31)
HOUR, DAY = 3600, 86_400
WORKDAY = 7 * HOUR + 15 * 60  # 08.00 to 12.15 and 13.00 to 16.00


@pytest.fixture
def promising(desk_office: DeskOffice) -> DeskOffice:
    """Dewi is there, and the valuation promises one working day for up to five objects, two for up to ten."""
    with desk_office.streams.setting_up() as connection:
        valuation = Service.id == desk_office.services["C"]
        connection.execute(update(Service).where(valuation).values(completion_steps=[[5, 1], [10, 2]]))
    desk_office.dewi.signs_on(2)
    return desk_office


def work_on(office: DeskOffice, quantity: int = 1) -> int:
    """Let somebody's documents be complete and Dewi work on them without the visitor."""
    office.arrives("C")
    transaction = office.dewi.serves(counter=2)
    office.dewi.completes_documents(transaction, quantity)
    office.dewi.processes(transaction)
    return transaction


def facts_of(office: DeskOffice) -> Facts:
    with office.streams.reading() as connection:
        return load_facts(connection, office.id, FIRST, LAST, at=office.clock.now, kinds=(Transactions,))


def late(office: DeskOffice) -> list[LateWork]:
    with office.streams.reading() as connection:
        works = works_of(facts_of(office))
        return list_late_work(connection, works, works.listed(0))


def totals(office: DeskOffice, service_id: int = 0) -> tuple[Kept, list[Kept]]:
    return summary(works_of(facts_of(office)), service_id)


def test_what_is_open_counts_with_the_time_so_far(promising: DeskOffice) -> None:
    transaction = work_on(promising)
    promising.clock.tick(32 * HOUR - 1)  # until a second before closing on the promised day
    assert late(promising) == []
    promising.clock.tick(2)
    assert late(promising) == [], "after closing, the office's clock stands"
    promising.clock.tick(16 * HOUR + 60)
    (found,) = late(promising)
    assert (found.transaction_id, found.number, found.days) == (transaction, "C001", 1)
    assert (found.allowed_s, found.over_s, found.ended_at, found.stands) == (2 * WORKDAY, 61, None, "processing")


def test_what_ended_stands_as_it_ended(promising: DeskOffice) -> None:
    transaction = work_on(promising)
    promising.clock.tick(2 * DAY + HOUR)
    promising.dewi.completes(transaction)
    ended = promising.clock.now
    promising.clock.tick(30 * DAY)
    before = late(promising)
    assert [(each.over_s, each.ended_at, each.stands) for each in before] == [(HOUR, ended, "completed")]
    refresh_office(promising.engine, promising.id, clock=promising.clock)
    with promising.streams.setting_up() as connection:
        connection.execute(update(Service).values(completion_steps=[[5, 9]]))
    assert late(promising) == before, "what the service promises later changes nothing of it"


def test_a_pause_for_the_visitor_does_not_count(promising: DeskOffice) -> None:
    transaction = work_on(promising)
    promising.dewi.pauses(transaction, cause=PauseCause.VISITOR)
    promising.clock.tick(20 * DAY)
    assert late(promising) == []
    promising.dewi.resumes(transaction)
    promising.clock.tick(4 * DAY)
    assert [each.transaction_id for each in late(promising)] == [transaction]


def test_a_correction_makes_another_promise(promising: DeskOffice) -> None:
    transaction = work_on(promising)
    promising.clock.tick(2 * DAY + HOUR)
    assert [each.days for each in late(promising)] == [1]
    promising.budi.corrects_documents(transaction, quantity=7)
    assert late(promising) == []
    promising.clock.tick(DAY)
    assert [(each.days, each.over_s) for each in late(promising)] == [(2, HOUR)]


def test_totals_are_of_what_was_promised_only(promising: DeskOffice) -> None:
    valuation, auction = promising.services["C"], promising.services["A"]
    for _ in range(4):
        work_on(promising)
    promising.arrives("A")
    promising.dewi.completes(promising.dewi.serves(counter=2))
    promising.clock.tick(2 * DAY + HOUR)
    few, by_service = totals(promising)
    assert (few.transactions, few.late, few.share, few.longest_over_s) == (4, 4, None, HOUR)
    assert [each.service_id for each in by_service] == [valuation]
    assert totals(promising, auction)[0].transactions == 0
    on_time = work_on(promising)
    enough = totals(promising, valuation)[0]
    assert enough.share is not None
    assert (enough.transactions, enough.late, enough.share.value) == (5, 4, 0.8)
    assert on_time not in [each.transaction_id for each in late(promising)]


def test_kept_with_handoffs_counts_those_with_a_promise(promising: DeskOffice) -> None:
    for week in range(6):
        promising.clock.now = OPENING + timedelta(weeks=week)
        transaction = work_on(promising)
        promising.clock.tick(3 * DAY if week % 2 else 60)
        promising.dewi.completes(transaction)
    promising.arrives("A")
    promising.dewi.completes(promising.dewi.serves(counter=2))
    facts = facts_of(promising)
    with promising.streams.reading() as connection:
        figures = figures_of(by_handoffs(load_waits(connection, facts)), "work_kept")
    told = brute.tell(promising.rows(EventRow), promising.id)
    expected = brute.work_kept(told, brute._micros(promising.clock.now))
    assert expected[0].count(1.0) == 3
    assert int(completed(facts).sum()) == 7
    assert [each.count for each in figures] == [6, 0, 0]
    assert figures[0].estimate is not None
    assert figures[0].estimate.value == 0.5
    assert [each.estimate for each in figures[1:]] == [None, None]
