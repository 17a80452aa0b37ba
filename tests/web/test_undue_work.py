"""Undue waits on the screen and as files: waits and work past their promises stand apart, each with its own totals."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from desk.models import Service
from desk.web.reports import fairness_answers
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import OPENING, DeskOffice, prepare_office
from tests.fixtures.web import Web

WEEKS = "period=own&since=2026-03-01&until=2026-04-30"


def prepare_late_work(url: str) -> None:
    """Six valuations promised in a working day: three ended late, one in time, one is open past it, one is not yet."""
    prepare_office(url)
    office = DeskOffice(url)
    with office.streams.setting_up() as connection:
        connection.execute(update(Service).values(completion_steps=[[5, 1]], wait_promise_s=600))
    office.dewi.signs_on(2)
    for week, days in enumerate((3, 3, 3, 0, None, None)):
        office.clock.now = OPENING + timedelta(weeks=week)
        office.arrives("C")
        office.clock.tick(900)
        transaction = office.dewi.serves(counter=2)
        office.dewi.completes_documents(transaction)
        office.dewi.processes(transaction)
        if days is not None:
            office.clock.tick(days * 86_400)
            office.dewi.completes(transaction)
    promise_less(office)
    office.engine.dispose()


def promise_less(office: DeskOffice) -> None:
    """From now on the service promises another wait; its next visitor is called at once."""
    with office.streams.setting_up() as connection:
        connection.execute(update(Service).values(wait_promise_s=60))
    office.arrives("C")
    office.dewi.completes(office.dewi.serves(counter=2))


@pytest.fixture
def desk_office(fresh_database: FreshDatabase) -> Iterator[DeskOffice]:
    """The office with late work, in place of the empty one."""
    office = DeskOffice(fresh_database(prepare_late_work))
    office.clock.now = office.head.at
    yield office
    office.engine.dispose()


def path(office: DeskOffice, more: str = "", report: str = "waits") -> str:
    return f"/offices/{office.id}/reports/{report}{more}?{WEEKS}"


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_both_promises_stand_apart(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get(path(desk_office))
    assert page.queries <= 40
    for words in (
        "Waits by service",
        "Everyone who waited past the promise",
        "Working days by service",
        "All work past its promise in working days",
        "Ended late: Completed",
        "Still open:",
        "the promised wait changed, from 1 min 0 s to 10 min 0 s",
    ):
        assert words in page.said


def test_the_files_say_what_was_promised_and_by_how_much_it_was_passed(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    rows = rows_of(budi.get(path(desk_office, "/tables/work")).text)
    assert len(rows) == 4
    over = [int(row["Past the promise by (s)"]) for row in rows]
    assert over == sorted(over, reverse=True)
    for row in rows:
        assert row["Working days promised"] == "1"
        assert int(row["Office time used (s)"]) == int(row["Office time allowed (s)"]) + int(
            row["Past the promise by (s)"]
        )
    assert [row["Where it stands"].split(":")[0] for row in rows] == ["Still open", *["Ended late"] * 3]
    assert [bool(row["Ended"]) for row in rows] == [False, True, True, True]
    (total,) = rows_of(budi.get(path(desk_office, "/tables/work_services")).text)
    assert (total["With the promise"], total["Past the promise"]) == ("6", "4")
    waits = rows_of(budi.get(path(desk_office, "/tables/waits")).text)
    assert {row["Promised wait (s)"] for row in waits} == {"600"}
    book = load_workbook(io.BytesIO(budi.client.get(path(desk_office, "/workbook")).data))
    assert len(book.sheetnames) == 5


def test_each_list_is_turned_over_for_itself(
    web: Web, desk_office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fairness_answers, "PAGE", 3)
    budi = web.as_("Budi")
    budi.speak("en")
    first, second = budi.get(path(desk_office)), budi.get(path(desk_office) + "&work_page=2")
    assert first.said.count("Page 1 of 2") == 2
    assert "work_page=2" in first.text
    assert (second.said.count("Page 1 of 2"), second.said.count("Page 2 of 2")) == (1, 1)
    assert len(rows_of(budi.get(path(desk_office, "/tables/work")).text)) == 4, "a file is not cut"


def test_consistency_tells_how_the_promise_was_kept(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    assert "Promise in working days kept" in budi.get(path(desk_office, report="consistency")).said
    rows = rows_of(budi.get(path(desk_office, "/tables/work_kept", "consistency")).text)
    assert [row["Transactions"] for row in rows] == ["4", "0", "0"]
    assert [row["Share"] for row in rows] == ["", "", ""], "fewer than five are not shown"
