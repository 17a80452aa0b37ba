"""The start page."""

import pytest
from sqlalchemy import update

from desk.domain.access import Role
from desk.models import Person
from desk.operations.opening.setting_up import OfficePlan, open_office
from tests.fixtures.page_tree import name_of, words
from tests.fixtures.web import Web, everything


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_leads_to_every_face_of_every_office(web: Web, language: str) -> None:
    other = web.office.another()
    web.speak(language)
    page = web.get("/")
    for office in (web.office, other):
        for face in ("kiosk", "display", "counter", "today"):
            assert f'href="/offices/{office.id}/{face}"' in page.text
    assert {"id": "Ambil nomor", "en": "Take a number"}[language] in page.said
    assert page.queries <= 3


def test_its_links_lead_somewhere(web: Web) -> None:
    page = web.get("/")
    budi = web.as_("Budi")
    addresses = [each.get("href", "") for each in page.tree.named("a")]
    for path in {each for each in addresses if each.startswith("/offices/")}:
        budi.get(path)


def test_it_names_nobody_but_who_is_signed_in_and_offers_what_they_may_open(web: Web) -> None:
    other = web.office.another()
    assert "Sari" not in web.get("/").text
    page = web.as_("Sari").get("/")
    assert "Budi" not in page.text
    addresses = {each.get("href", "") for each in page.tree.named("a")}
    assert {f"/offices/{web.office.id}/counter", f"/offices/{other.id}/kiosk"} <= addresses
    assert not {f"/offices/{web.office.id}/today", f"/offices/{other.id}/counter"} & addresses


def test_staff_keep_their_masthead_where_something_is_refused(web: Web) -> None:
    other, budi, here = web.office.another(), web.as_("Budi"), f"/offices/{web.office.id}"
    budi.speak("en")
    for path, status in (
        (f"{here}/nowhere", 404),
        (f"{here}/transactions/99999", 404),
        (f"/offices/{other.id}/today", 403),
    ):
        page = budi.get(path, status=status)
        assert f'href="{here}/floor"' in page.text, path
        assert "Sign out" in page.text
        assert "printed code" not in page.said
    for path in (f"{here}/kiosk/services/99999", "/v/nonsense"):  # a screen of visitors names nobody
        assert "Budi" not in budi.get(path, status=404).text
    web.speak("en")
    assert "printed code" in web.get(f"{here}/nowhere", status=404).said


def test_each_place_has_a_letter_and_a_handover_is_in_one_of_them(web: Web) -> None:
    page = web.as_("Budi").get(f"/offices/{web.office.id}/shift/handover")
    places = [each for each in page.tree.named("a") if each.get("data-go")]
    assert len({each.get("data-go") for each in places}) == len(places) >= 5
    assert len([each for each in places if each.get("aria-current")]) == 1


def test_names_of_offices_are_words_not_markup(web: Web) -> None:
    name = '<img src=x onerror="alert(1)"> & “Kantor”'
    open_office(web.office.streams, OfficePlan("odd", name, "Asia/Makassar"))
    page = web.get("/")
    assert name in [words(each) for each in page.tree.named("h2")]


def test_it_changes_nothing(web: Web) -> None:
    before = everything(web.office)
    web.get("/")
    web.get("/healthz")
    assert everything(web.office) == before


@pytest.mark.parametrize(("name", "role"), [("Sari", Role.AGENT), ("Budi", Role.SUPERVISOR), ("Agus", Role.ADMIN)])
def test_the_navigation_offers_what_the_role_opens(web: Web, name: str, role: Role) -> None:
    browser = web.as_(name)
    here = f"/offices/{web.office.id}"
    offered = {
        Role.AGENT: {"counter", "reception", "my-day"},
        Role.SUPERVISOR: {
            "reception",
            "floor",
            "gaps",
            "today",
            "messages",
            "emergency",
            "follow-ups",
            "voices",
            "reports/waiting",
            "trail",
            "my-day",
            "administration/services",
        },
        Role.ADMIN: set(),
    }[role]
    for place in ("counter", "reception", "floor", "gaps", "today", "messages", "reports/waiting", "trail", "absences"):
        opens = browser.client.get(f"{here}/{place}").status_code == 200
        assert opens or place not in offered
    if offered:
        page = browser.get(f"{here}/{'counter' if role is Role.AGENT else 'today'}")
        (bar,) = [each for each in page.tree.named("nav") if (each[0].get("class") or "") == "nav-toggle"]
        links = {link.get("href", "").removeprefix(f"{here}/") for link in bar.iter() if name_of(link) == "a"}
        assert links == offered


def test_the_server_is_offered_to_who_keeps_it_only(web: Web) -> None:
    page = f"/offices/{web.office.id}/administration/services"
    link = f'href="/offices/{web.office.id}/server"'
    assert link in web.as_("Agus").get(page).text
    with web.office.streams.setting_up() as connection:
        connection.execute(update(Person).values(keeps_server=False))
    for place in (page, f"/offices/{web.office.id}/checklist"):
        assert link.rstrip('"') not in web.as_("Agus").get(place).text
