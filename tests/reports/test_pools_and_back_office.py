"""Work left in a queue or a pool until somebody takes it, and work of the back office: on days made for them.

The same figures of random days are compared with a count of the raw events in `test_exactness.py`.
"""

import csv
import io
import json
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from desk.models import EventRow, Pool
from desk.reports.handed_on import PLACES, handoff_tables
from desk.reports.keeping import refresh_office
from desk.reports.tables import To
from desk.reports.work import MANNED, PROCESSED, work_tables
from tests.fixtures.office import BACK_OFFICE, DeskOffice
from tests.fixtures.web import Web
from tests.reports import brute_force as brute
from tests.reports.test_exactness import QUESTION, lines, load, named

MINUTE = 60_000_000
TAKING = [name for name, _ in PLACES]
BEHIND = [name for name, _ in PROCESSED + MANNED]


@pytest.fixture
def office(desk_office: DeskOffice) -> DeskOffice:
    """Sari and Dewi at counters, Joko in the back office."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.joko.signs_on(BACK_OFFICE)
    return desk_office


def pooled(office: DeskOffice) -> int:
    """Sari serves one and hands the work to the pool, whose head is Budi."""
    work: int = office.arrives("A").facts["transaction"]
    office.sari.picks(work)
    office.sari.starts(work)
    office.sari.pools(work)
    return work


def transferred(office: DeskOffice) -> None:
    """Sari serves one and hands over to the queue of B."""
    visitor = office.arrives("A").facts["transaction"]
    office.sari.picks(visitor)
    office.sari.starts(visitor)
    office.sari.transfers(visitor, "B")


def places(office: DeskOffice) -> dict[Any, dict[str, Any]]:
    """The table of queues and pools, which is what going through the events says, with and without report days."""
    told, at = brute.tell(office.rows(EventRow), office.id), brute._micros(office.clock.now)
    found = lines(named(handoff_tables(load(office), QUESTION), "place"))
    assert found == brute.place_lines(told, at)
    refresh_office(office.engine, office.id, clock=office.clock)
    assert lines(named(handoff_tables(load(office), QUESTION), "place")) == found
    return {key: dict(zip(TAKING, values, strict=True)) for key, values in found.items()}


def of_pool(office: DeskOffice) -> dict[str, Any]:
    return places(office)[To.POOL, office.pools["Pengolahan"]]


def test_work_lies_in_a_pool_until_a_member_takes_it(office: DeskOffice) -> None:
    first, second = pooled(office), pooled(office)
    office.clock.tick(600)
    office.joko.takes(first)
    office.clock.tick(300)
    figures = of_pool(office)
    assert [figures[name] for name in ("handed_over", "taken", "lying", "untaken")] == [2, 1, 1, 0]
    assert (figures["taking_p50"], figures["taking_p90"]) == (10 * MINUTE, 15 * MINUTE)
    office.clock.tick(300)
    assert of_pool(office)["taking_longest"] == 20 * MINUTE
    office.joko.takes(second)
    office.joko.completes(second)
    office.clock.tick(300)
    assert of_pool(office)["taking_longest"] == 20 * MINUTE


def test_what_ended_or_was_handed_on_untaken_counts_apart(office: DeskOffice) -> None:
    ended, ordered = pooled(office), pooled(office)
    office.clock.tick(600)
    office.budi.cancels(ended)
    office.budi.orders(ordered, office.dewi)
    figures = of_pool(office)
    assert [figures[name] for name in TAKING] == [2, 0, 0, 2, None, None, None]


def test_an_order_to_a_pool_and_an_accepted_offer_out_of_it_count(office: DeskOffice) -> None:
    office.arrives("A")
    work = office.sari.serves()
    office.budi.orders(work, "Pengolahan")
    office.clock.tick(120)
    office.budi.signs_on(3)
    offered = office.budi.offers(work, office.joko)
    office.clock.tick(60)
    office.joko.accepts(offered)
    figures = of_pool(office)
    assert (figures["taken"], figures["taking_p50"]) == (1, 3 * MINUTE)


def test_a_visitor_who_comes_back_and_leaves_leaves_the_work_in_the_pool(office: DeskOffice) -> None:
    work = pooled(office)
    office.clock.tick(60)
    office.comes_back(work)
    office.clock.tick(60)
    office.sari.picks(work)
    office.sari.sees_leave(work)
    assert of_pool(office)["taken"] == 1
    again = pooled(office)
    office.comes_back(again)
    office.budi.closes_day()
    office.clock.tick(600)
    assert of_pool(office)["lying"] == 1


def test_a_queue_has_the_visitor_until_the_call(office: DeskOffice) -> None:
    for _ in range(2):
        transferred(office)
    office.clock.tick(180)
    called = office.dewi.calls(counter=2).facts["transaction"]
    office.dewi.misses(called)
    office.budi.closes_day()
    figures = places(office)[To.QUEUE, office.services["B"]]
    assert [figures[name] for name in TAKING] == [2, 1, 0, 1, 3 * MINUTE, 3 * MINUTE, 3 * MINUTE]


def test_a_pool_is_its_own_receiver_not_its_head(office: DeskOffice) -> None:
    for _ in range(5):
        pooled(office)
    table = named(handoff_tables(load(office), QUESTION), "pair")
    assert [line.key for line in table.lines] == [(office.sari.id, To.POOL, office.pools["Pengolahan"])]
    assert table.column("offered") == [5]
    assert table.column("acceptance_p50") == [None]


@pytest.mark.parametrize("others", ["", "kanwil"])
def test_the_page_and_the_files_name_queue_and_pool(web: Web, office: DeskOffice, others: str) -> None:
    if others:
        foreign = office.another(others)
        with office.streams.setting_up() as connection:
            rename = update(Pool).where(Pool.id.in_(list(foreign.pools.values()))).values(name="Kolam Lain")
            connection.execute(rename)
    for _ in range(5):
        office.joko.takes(pooled(office))
        transferred(office)
    budi, path = web.as_("Budi"), f"/offices/{office.id}/reports/handoffs"
    budi.speak("en")
    page = budi.get(path)
    assert "Sari → pool Pengolahan" in page.said
    assert "Sari → queue " in page.said
    assert "Until somebody took it, median" in page.said
    assert "Sari → Budi" not in page.said
    assert "Kolam Lain" not in page.text
    charts = [json.loads(each) for each in re.findall(r'<script type="application/json">(.*?)</script>', page.text)]
    assert [each for chart in charts for each in chart["labels"] if each.startswith("pool")] == ["pool Pengolahan"]
    rows = list(csv.DictReader(io.StringIO(budi.get(f"{path}/tables/place").text.removeprefix("\ufeff"))))
    assert {row["Queue or pool"]: row["Taken"] for row in rows}["pool Pengolahan"] == "5"
    book = load_workbook(io.BytesIO(budi.client.get(f"{path}/workbook").data))
    assert "pool Pengolahan" in [cell.value for cell in book["By queue and pool"]["A"]]


def behind(office: DeskOffice) -> dict[int, dict[str, Any]]:
    """The table of the back office, by officer."""
    table = named(work_tables(load(office), QUESTION), "behind")
    return {key: dict(zip(BEHIND, values, strict=True)) for key, values in lines(table).items()}


def works_behind(office: DeskOffice) -> None:
    """Joko processes five, completes three of them; each lay in the pool for five minutes and took ten."""
    for number in range(5):
        work = pooled(office)
        office.clock.tick(300)
        office.joko.takes(work)
        office.clock.tick(600)
        if number < 3:
            office.joko.completes(work)
        else:
            office.joko.pools(work)
    office.joko.takes_break()
    office.clock.tick(900)
    office.joko.ends_break()


def test_who_works_in_the_back_office_has_a_row(office: DeskOffice) -> None:
    works_behind(office)
    figures = behind(office)[office.joko.id]
    assert (figures["processed"], figures["finished"], figures["processing"]) == (5, 3, 50 * MINUTE)
    assert (figures["processing_p50"], figures["processing_longest"]) == (10 * MINUTE, 10 * MINUTE)
    assert (figures["available"], figures["on_break"], figures["occupancy"]) == (75 * MINUTE, 15 * MINUTE, None)
    assert office.budi.id not in behind(office)  # what lies in the pool is not the work of its head
    served = lines(named(work_tables(load(office), QUESTION), "officer"))
    assert office.joko.id not in served


def test_few_parts_are_not_told(office: DeskOffice) -> None:
    office.joko.takes(pooled(office))
    office.clock.tick(60)
    (line,) = named(work_tables(load(office), QUESTION), "behind").lines
    assert (line.key, line.few, set(line.values)) == (office.joko.id, True, {None})


def test_an_office_without_counters_has_its_report_too(desk_office: DeskOffice) -> None:
    desk_office.joko.signs_on(BACK_OFFICE)
    desk_office.clock.tick(60)
    everything, officers = work_tables(load(desk_office), QUESTION)
    assert everything.column("served") == [0]
    assert officers.lines[0].few


def test_the_page_says_why_there_is_no_occupancy(web: Web, office: DeskOffice) -> None:
    works_behind(office)
    budi, path = web.as_("Budi"), f"/offices/{office.id}/reports/work"
    budi.speak("en")
    page = budi.get(path)
    assert "Work without the visitor" in page.said
    assert "the back office has none, so a dash stands there" in page.said
    rows = list(csv.reader(io.StringIO(budi.get(f"{path}/tables/behind").text.removeprefix("\ufeff"))))
    assert rows[1] == ["Joko", "5", "3", "600", "600", "600", "3000", "4500", "900", ""]
    narrowed = budi.get(f"{path}/tables/behind?service={office.services['A']}").text.removeprefix("\ufeff")
    assert list(csv.reader(io.StringIO(narrowed)))[1] == rows[1][:7]
    budi.get(f"{path}/tables/behind?counter={office.counters[1]}", status=404)
