"""The fairness register and the comparison on the screen and as files: who may look, what they say, bad questions."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, update

from desk.domain.reasons import PickReason
from desk.models import AccessRecord, Call, Membership, Note, Person
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web
from tests.reports.random_weeks import office_of_weeks, prepare_weeks

REPORTS = ("fairness", "priority", "waits", "consistency")
WEEKS = "period=own&since=2026-03-02&until=2026-03-12"
COUNTED = {"id": "Cara menghitung", "en": "How this is counted"}


@pytest.fixture
def desk_office(fresh_database: FreshDatabase) -> Iterator[DeskOffice]:
    """The office with random days behind it, in place of the empty one."""
    office = office_of_weeks(fresh_database(prepare_weeks))
    yield office
    office.engine.dispose()


def path(office: DeskOffice, report: str, more: str = "") -> str:
    return f"/offices/{office.id}/reports/{report}?{WEEKS}{more}"


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_reports_in_both_languages(web: Web, desk_office: DeskOffice, language: str) -> None:
    budi = web.as_("Budi")
    budi.speak(language)
    for report in REPORTS:
        page = budi.get(path(desk_office, report))
        assert COUNTED[language] in page.said
        assert page.queries <= 40
        look = desk_office.rows(AccessRecord)[-1]
        assert (look.verb, look.subject) == ("looked", f"report {report}")


def test_the_register_says_who_whom_why_and_how_long(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get(path(desk_office, "fairness"))
    for words in ("Sari", "Dewi", "Counter 2", "Diminta penyelia", "Same matter as the visitor before", "Afternoon"):
        assert words in page.said
    assert f"/offices/{desk_office.id}/transactions/" in page.text
    assert "not an accusation" in page.said
    assert "Next" in budi.get(path(desk_office, "waits")).said
    assert "Page 2 of" in budi.get(path(desk_office, "waits", "&page=2")).said


def test_the_filter_narrows_the_register_and_stays_in_every_link(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    service_id = desk_office.services["A"]
    morning = [
        call.picked
        for call in desk_office.rows(Call, officer_id=desk_office.dewi.id, service_id=service_id)
        if call.picked and (call.called_at + timedelta(hours=7)).hour < 12
    ]
    wanted = f"&officer={desk_office.dewi.id}&reason={morning[0]}&shift=morning&service={service_id}"
    page = budi.get(path(desk_office, "fairness", wanted))
    for part in ("officer=", f"reason={morning[0]}", "shift=morning", "service=", "since=2026-03-02"):
        assert page.text.count(part) >= 3
    everything = rows_of(budi.get(f"/offices/{desk_office.id}/reports/fairness/tables/calls?{WEEKS}").text)
    narrowed = rows_of(budi.get(f"/offices/{desk_office.id}/reports/fairness/tables/calls?{WEEKS}{wanted}").text)
    assert 0 < len(narrowed) < len(everything)
    assert {row["Dipanggil oleh"] for row in narrowed} == {"Dewi"}


def test_files_hold_what_the_screen_shows(web: Web, desk_office: DeskOffice) -> None:
    ratna = web.as_("Ratna")
    ratna.speak("en")
    for report in REPORTS:
        answer = ratna.client.get(f"/offices/{desk_office.id}/reports/{report}/workbook?{WEEKS}")
        book = load_workbook(io.BytesIO(answer.data))
        assert book.sheetnames[0] == "About"
        assert len(book.sheetnames) >= 3
        assert desk_office.rows(AccessRecord)[-1].verb == "exported"
        ratna.get(f"/offices/{desk_office.id}/reports/{report}/tables/nonsense?{WEEKS}", status=404)


def test_a_file_is_not_cut_at_the_page(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    rows = rows_of(budi.get(f"/offices/{desk_office.id}/reports/waits/tables/waits?{WEEKS}").text)
    assert len(rows) > 50
    over = [int(row["Past the promise by (s)"]) for row in rows]
    assert over == sorted(over, reverse=True)
    assert "Still waiting" in {row["What happened then"] for row in rows}


def test_a_note_is_no_formula_and_no_markup(web: Web, desk_office: DeskOffice) -> None:
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Note).values(words="=<b>1</b>"))
    budi = web.as_("Budi")
    assert "<b>1" not in budi.get(path(desk_office, "fairness")).text
    rows = rows_of(budi.get(f"/offices/{desk_office.id}/reports/fairness/tables/calls?{WEEKS}").text)
    assert {row["Catatan"] for row in rows} == {"'=<b>1</b>"}


BAD = {
    "since=2026-03-12&until=2026-03-02": "The last day lies before the first",
    "since=nonsense": "This is not a date",
    "officer=4711": "Choose an officer from the list",
    "service=4711": "Choose one from the list",
}


def test_a_bad_question_is_told_so(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    for question, sentence in BAD.items():
        page = budi.get(f"/offices/{desk_office.id}/reports/fairness?period=own&{question}", status=422)
        assert sentence in page.said


def test_files_refuse_what_the_page_refuses(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    reversed_days, sentence = next(iter(BAD.items()))
    for report in REPORTS:
        for file in ("workbook", "tables/officers"):
            page = budi.get(f"/offices/{desk_office.id}/reports/{report}/{file}?{reversed_days}", status=422)
            assert sentence in page.said
    assert {each.verb for each in desk_office.rows(AccessRecord)} == {"looked"}


def test_a_file_of_days_without_anything_has_heads_only(web: Web, desk_office: DeskOffice) -> None:
    budi, empty = web.as_("Budi"), "since=2020-01-01&until=2020-01-31"
    for report, name in zip(REPORTS, ("calls", "reasons", "waits", "officers"), strict=True):
        full = budi.get(f"/offices/{desk_office.id}/reports/{report}/tables/{name}?{WEEKS}").text
        bare = budi.get(f"/offices/{desk_office.id}/reports/{report}/tables/{name}?{empty}").text
        assert bare.splitlines() == full.splitlines()[:1]
        budi.get(f"/offices/{desk_office.id}/reports/{report}/tables/nonsense?{empty}", status=404)


def test_nobody_of_another_office_is_named(web: Web, desk_office: DeskOffice) -> None:
    stranger = desk_office.another().sari
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == stranger.id).values(name="Orang Lain"))
    budi = web.as_("Budi")
    budi.speak("en")
    for more in ("", "/workbook", "/tables/calls"):
        asked = f"/offices/{desk_office.id}/reports/fairness{more}?{WEEKS}&officer={stranger.id}"
        page = budi.get(asked, status=422)
        assert "Orang Lain" not in page.text
        assert "Choose an officer from the list" in page.said


def test_who_has_left_the_office_is_still_found(web: Web, desk_office: DeskOffice) -> None:
    dewi = desk_office.dewi.id
    with desk_office.streams.setting_up() as connection:
        connection.execute(delete(Membership).where(Membership.person_id == dewi))
    page = web.as_("Budi").get(path(desk_office, "fairness", f"&officer={dewi}"))
    assert page.said.count("Dewi") >= 3


def test_an_empty_time_says_what_to_do(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    for report in REPORTS:
        empty = f"/offices/{desk_office.id}/reports/{report}?period=own&since=2020-01-01&until=2020-01-31"
        assert "Choose other days" in budi.get(empty).said
        budi.get(path(desk_office, report, "&page=-3"))


def test_a_service_without_calls_out_of_order(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get(path(desk_office, "fairness", f"&reason={PickReason.SUPERVISOR_ORDER.value}"))
    assert "No call was out of order" in page.said


@pytest.mark.parametrize("name", ["Sari", "Agus"])
def test_others_may_not_look(web: Web, desk_office: DeskOffice, name: str) -> None:
    browser = web.as_(name)
    for report in REPORTS:
        browser.get(path(desk_office, report), status=403)
        browser.get(f"/offices/{desk_office.id}/reports/{report}/workbook", status=403)
