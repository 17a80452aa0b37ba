"""Everybody without a password is let in from one page: after an import, or later from the page of the staff."""

import re
from io import BytesIO

import pytest
from sqlalchemy import update

from desk.models import Delivery, Person
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import PUBLIC_URL, Web

PAGE = "/offices/1/staff/invitations"
TABLES = "/offices/1/administration/tables"
FILE = b"""username,name,roles,language,email
wati,Wati Lestari,agent,id,wati@kantor.example.go.id
yanto,Yanto Wibowo,agent,en,
rini,Rini Astuti,agent,id,
"""
CHOSEN = "kucing makan ikan asin"


@pytest.fixture
def agus(web: Web) -> Web:
    """Agus, who has just taken over a file with three newcomers."""
    agus = web.as_("Agus")
    agus.speak("en")
    given = {"table": "staff", "file": (BytesIO(FILE), "staff.csv")}
    shown = agus.post(f"{TABLES}/trials", status=200, **given)
    page = agus.follow(agus.send(shown, f"{TABLES}/imports"))
    assert "3 people have no password yet." in page.said and PAGE in page.text
    return agus


def ids(office: DeskOffice) -> dict[str, int]:
    with office.streams.reading() as connection:
        return {row.username: row.id for row in connection.execute(Person.__table__.select())}


def strips(text: str) -> list[str]:
    return re.findall(r"<code>([a-z0-9-]{19})</code>", text)


def test_after_an_import_all_are_let_in_in_one_step(web: Web, agus: Web) -> None:
    people = ids(web.office)
    with web.office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.username == "rini").values(password_hash="x"))
    form = agus.get(PAGE)
    assert form.queries <= 20 and "Rini" not in form.said and "No mail server is set up" in form.said
    assert form.form(PAGE)[f"by-{people['wati']}"] == "code", "as long as mail goes nowhere"
    sheet = agus.send(form, PAGE, status=200, **{f"by-{people['wati']}": "mail"})
    assert sheet.headers["Cache-Control"] == "no-store"
    assert "link on its way" in sheet.said and "code on the sheet" in sheet.said
    (code,) = strips(sheet.text)
    assert sheet.text.count(code) == 1
    assert f"{PUBLIC_URL}/invitation" in sheet.said and "5 Mar 2026, 08:00" in sheet.said and "yanto" in sheet.said
    assert [row.kind for row in web.office.rows(Delivery)] == ["invited"]

    again = agus.follow(agus.send(form, PAGE, **{f"by-{people['wati']}": "mail"}))
    assert "codes are shown only once" in again.said and not strips(again.text)
    assert [row.kind for row in web.office.rows(Delivery)] == ["invited"]
    assert {again.form(PAGE)[f"by-{people[each]}"] for each in ("wati", "yanto")} == {""}

    browser = web.another()
    done = browser.send(browser.get("/invitation"), "/invitation", code=code, password=CHOSEN)
    browser.follow(done)
    assert "Yanto Wibowo" in browser.get("/account").said
    assert "1 person has no password yet." in agus.get("/offices/1/staff").said
    assert web.office.findings() == []


def test_each_strip_is_in_its_persons_language(web: Web, agus: Web) -> None:
    sheet = agus.send(agus.get(PAGE), PAGE, status=200)
    assert len(set(strips(sheet.text))) == 3
    found = re.findall(r'<li class="strip" lang="(\w\w)">(.*?)</li>', sheet.text, re.DOTALL)
    assert sorted(language for language, _ in found) == ["en", "id", "id"]
    for language, words in found:
        assert ("It works once" in words) == (language == "en")


def test_nobody_chosen_is_told_and_what_no_page_sends_is_nobody(web: Web, agus: Web) -> None:
    form = agus.get(PAGE)
    nobody = {name: "" for name in form.form(PAGE) if name.startswith("by-")}
    for more in ({}, {"by-x": "mail", "by-": "code", f"by-{10**12}": "code", "by-1": "owl", "by--1": "mail"}):
        page = agus.send(form, PAGE, status=422, **{**nobody, **more})
        assert "Choose for at least one person" in page.said
    assert web.office.rows(Delivery) == []


def test_it_is_asked_once_whether_it_is_them(web: Web, agus: Web) -> None:
    form = agus.get(PAGE)
    web.office.clock.tick(601)
    assert "/account/confirmation" in agus.get(PAGE, status=303).location
    assert "/account/confirmation" in agus.send(form, PAGE).location
    assert web.office.rows(Delivery) == []


def test_a_supervisor_is_told_nothing_of_it(web: Web, agus: Web) -> None:
    budi = web.as_("Budi")
    assert PAGE not in budi.get("/offices/1/staff").text
    budi.get(PAGE, status=403)
    agus.get(PAGE)


def test_where_everybody_has_a_password_nothing_is_offered(web: Web) -> None:
    agus = web.as_("Agus")
    agus.speak("en")
    assert "Everybody can sign in" in agus.get(PAGE).said
    assert PAGE not in agus.get("/offices/1/staff").text
