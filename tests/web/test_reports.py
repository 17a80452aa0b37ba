"""Reports on the screen and as files: who may see them, what they say, that links keep the question, bad questions."""

import csv
import io
import json
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from desk.models import AccessRecord, Person
from desk.reports.keeping import refresh
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

REPORTS = ("waiting", "work", "handoffs")


@pytest.fixture
def busy(desk_office: DeskOffice) -> DeskOffice:
    """Six are served, the first of them handed over; two days later one waits."""
    office = desk_office
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    for number in range(6):
        office.arrives("AB"[number % 2])
        office.clock.tick(60)
    handed = office.sari.serves()
    office.dewi.accepts(office.sari.offers(handed, office.dewi))
    office.dewi.completes(handed)
    for _ in range(5):
        served = office.sari.serves()
        office.clock.tick(300)
        office.sari.completes(served)
    office.clock.tick(2 * 86_400)
    office.arrives("A")
    office.clock.tick(90)
    return office


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("report", REPORTS)
def test_a_report_in_both_languages(web: Web, busy: DeskOffice, report: str, language: str) -> None:
    budi = web.as_("Budi")
    budi.speak(language)
    page = budi.get(f"/offices/{busy.id}/reports/{report}")
    assert {"id": "Cara menghitung", "en": "How this is counted"}[language] in page.said
    assert page.queries <= 30
    for data in re.findall(r'<script type="application/json">(.*?)</script>', page.text):
        assert json.loads(data)["labels"]


def test_what_is_read_from_report_days_is_what_is_worked_out(web: Web, busy: DeskOffice) -> None:
    budi = web.as_("Budi")
    before = {report: budi.get(f"/offices/{busy.id}/reports/{report}").said for report in REPORTS}
    while refresh(busy.engine, busy.id, at=busy.clock.now, bite=7):
        pass
    assert {report: budi.get(f"/offices/{busy.id}/reports/{report}").said for report in REPORTS} == before


def test_who_still_waits_counts_with_their_age(web: Web, busy: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get(f"/offices/{busy.id}/reports/waiting?period=today")
    assert re.search(r"1 min 30 s\s+First wait, longest", page.said) or "1 min 30 s" in page.said
    assert "under 5" not in page.said  # nobody has served yet


def test_few_cases_of_a_person_are_not_told(web: Web, busy: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    path = f"/offices/{busy.id}/reports/work/tables/officer"
    rows = list(csv.reader(io.StringIO(budi.get(path).text.lstrip("\ufeff"))))
    assert [row[:2] for row in rows[1:]] == [["Dewi", "under 5"], ["Sari", "6"]]
    assert rows[0][2] == "Time at the counter, median (s)"


def test_the_workbook_has_a_sheet_for_each_table(web: Web, busy: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    answer = budi.client.get(f"/offices/{busy.id}/reports/waiting/workbook?period=week&service={busy.services['A']}")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames[:3] == ["About", "Altogether", "By service"]
    assert [cell.value for cell in book["By service"]["A"]] == ["Service", "Lelang"]
    assert "Lelang" in [cell.value for cell in book["About"]["B"]]


def test_looking_and_exporting_are_recorded(web: Web, busy: DeskOffice) -> None:
    ratna = web.as_("Ratna")
    ratna.get(f"/offices/{busy.id}/reports/work")
    ratna.get(f"/offices/{busy.id}/reports/work/tables/counter")
    found = [(row.person_id, row.verb, row.subject) for row in busy.rows(AccessRecord)]
    assert found == [(busy.ratna.id, verb, "report work") for verb in ("looked", "exported")]


def test_links_keep_the_question(web: Web, busy: DeskOffice) -> None:
    budi = web.as_("Budi")
    sought = f"service={busy.services['A']}&officer={busy.sari.id}&within=5"
    page = budi.get(f"/offices/{busy.id}/reports/waiting?period=own&since=2026-03-01&until=2026-03-09&{sought}")
    links = [link.get("href", "") for link in page.tree.named("a") if "/reports/" in link.get("href", "")]
    kept = [link for link in links if "service=" in link]
    assert len(kept) >= 9
    assert all(f"officer={busy.sari.id}" in link and "within=5" in link for link in kept)
    assert any("since=2026-03-01" in link and "/work" in link for link in kept)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("period=own&since=2026-03-09&until=2026-03-01", 422),
        ("since=yesterday", 422),
        ("since=1000-01-01", 422),
        ("period=own&since=2020-01-01&until=2020-01-31", 200),
    ],
)
@pytest.mark.parametrize("report", REPORTS)
def test_a_question_that_makes_no_sense(web: Web, busy: DeskOffice, report: str, asked: str, status: int) -> None:
    page = web.as_("Budi").get(f"/offices/{busy.id}/reports/{report}?{asked}", status=status)
    assert page.form(f"/offices/{busy.id}/reports/{report}")["until"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [("since=2026-12-01&until=2026-11-01", "The last day lies before the first"), ("since=x", "This is not a date")],
)
@pytest.mark.parametrize("report", REPORTS)
def test_files_refuse_what_the_page_refuses(web: Web, busy: DeskOffice, report: str, asked: str, sentence: str) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    for file in ("workbook", "tables/service", "tables/nonsense"):
        page = budi.get(f"/offices/{busy.id}/reports/{report}/{file}?{asked}", status=422)
        assert sentence in page.said
        assert page.form(f"/offices/{busy.id}/reports/{report}")["until"]
    assert {each.verb for each in busy.rows(AccessRecord)} == {"looked"}


TABLES = {"waiting": "service officer day hour", "work": "all officer service spent", "handoffs": "pair decline day"}


@pytest.mark.parametrize("report", REPORTS)
def test_a_table_of_days_without_anything_has_a_head_only(web: Web, busy: DeskOffice, report: str) -> None:
    budi, path = web.as_("Budi"), f"/offices/{busy.id}/reports/{report}/tables"
    for name in TABLES[report].split():
        full = budi.client.get(f"{path}/{name}?period=month").text.splitlines()
        assert budi.get(f"{path}/{name}?since=2020-01-01&until=2020-01-31").text.splitlines() == full[:1]
    budi.get(f"{path}/nonsense?since=2020-01-01&until=2020-01-31", status=404)
    budi.get(f"{path}/month?since=2026-03-02&until=2026-03-04", status=404)  # within one month, and not empty


def test_nobody_of_another_office_is_named(web: Web, busy: DeskOffice) -> None:
    other = busy.another()
    with busy.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id.in_(_ids(other))).values(name="Orang Lain"))
    # A weekday (0 to 6) and an hour (0 to 23) are numbers like those of people.
    assert min(_ids(other)) <= 8
    budi = web.as_("Budi")
    for report in REPORTS:
        page = budi.get(f"/offices/{busy.id}/reports/{report}?officer={other.sari.id}", status=422)
        assert "Orang Lain" not in page.text
        assert "Orang Lain" not in budi.get(f"/offices/{busy.id}/reports/{report}").text


def _ids(office: DeskOffice) -> list[int]:
    return [each.id for each in office.people.values()]


def test_only_who_oversees_the_office(web: Web, busy: DeskOffice) -> None:
    for name, status in (("Budi", 200), ("Ratna", 200), ("Sari", 403), ("Agus", 403)):
        person = web.as_(name)
        for path in (*REPORTS, "waiting/tables/all"):
            person.get(f"/offices/{busy.id}/reports/{path}", status=status)
    web.as_("Budi").get(f"/offices/{busy.id}/reports/waiting/tables/nonsense", status=404)
