"""The pages about personal data: searched by POST, exported in both languages, erased with a reason, set by day."""

import json

import pytest

from desk.domain.retention import RetentionRules
from desk.models import AccessRecord, Erasure, InvitationRow, VisitContact
from desk.reads.erasures import get_retention_rules
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Answer, Web

EMAIL = "wulan.kusuma@example.id"


@pytest.fixture
def place(desk_office: DeskOffice) -> str:
    """The address of the page."""
    return f"/offices/{desk_office.id}/personal-data"


@pytest.fixture
def transaction(desk_office: DeskOffice) -> int:
    """Wulan was served, with a note, and answered with a comment."""
    desk_office.sari.signs_on(1)
    desk_office.arrives("A", name="Wulan Kusuma", email=EMAIL, phone="0812-3456-7890", consent=True)
    served = desk_office.sari.serves()
    desk_office.sari.notes(served, "Ibu ini sedang hamil")
    desk_office.sari.completes(served)
    invitation = desk_office.row(InvitationRow, transaction_id=served)
    desk_office.answers(invitation.id, 5, comment="Petugasnya ramah sekali")
    return served


def searches(browser: Web, place: str, *, status: int = 200, **typed: str) -> Answer:
    return browser.send(browser.get(place), f"{place}/searches", status=status, **typed)


@pytest.mark.parametrize(("language", "heading"), [("id", "Data pribadi"), ("en", "Personal data")])
@pytest.mark.parametrize("who", ["Budi", "Agus"])
def test_found_by_address_and_by_number(
    web: Web, place: str, transaction: int, desk_office: DeskOffice, who: str, language: str, heading: str
) -> None:
    browser = web.as_(who)
    browser.speak(language)
    assert heading in browser.get(place).said
    today = desk_office.today.isoformat()
    for typed in ({"address": EMAIL.upper()}, {"address": "+62 812 34567890"}, {"number": "a1", "day": today}):
        found = searches(browser, place, **typed)
        assert "Wulan Kusuma" in found.said
        assert found.headers["Cache-Control"] == "no-store"
    assert {row.subject for row in desk_office.rows(AccessRecord)} == {"personal_data"}


@pytest.mark.parametrize(
    "typed", [{}, {"number": "A1"}, {"number": "??", "day": "2026-03-02"}, {"number": "A1", "day": "gestern"}]
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_cannot_be_looked_for(web: Web, place: str, typed: dict[str, str], language: str) -> None:
    browser = web.as_("Budi")
    browser.speak(language)
    searches(browser, place, status=422, **typed)


@pytest.mark.parametrize("language", ["id", "en"])
def test_nobody_found(web: Web, place: str, language: str) -> None:
    browser = web.as_("Budi")
    browser.speak(language)
    searches(browser, place, status=404, address="siti@example.id")


def test_exported_as_a_file(web: Web, place: str, transaction: int, desk_office: DeskOffice) -> None:
    browser = web.as_("Budi")
    answer = browser.send(searches(browser, place, address=EMAIL), f"{place}/exports", status=200, form="json")
    data = json.loads(answer.text)

    (visit,) = data["visits"]
    assert (visit["name"], visit["email"], visit["phone"]) == ("Wulan Kusuma", EMAIL, "+6281234567890")
    (mine,) = visit["transactions"]
    assert mine["answer"]["comment"] == "Petugasnya ramah sekali"
    assert [note["words"] for note in mine["notes"]] == ["Ibu ini sedang hamil"]
    assert {language for each in data["purposes"] for language in each} == {"what", "id", "en"}
    for token in tokens(web, desk_office):
        assert token not in answer.text
    assert [row.verb for row in desk_office.rows(AccessRecord)] == ["looked", "exported"]


def tokens(web: Web, office: DeskOffice) -> list[str]:
    """Return what stands in the links of the visitor."""
    (invitation,) = office.rows(InvitationRow)
    paths = (web.status_path(invitation.visit_id), web.survey_path(invitation.id))
    return [path.rsplit("/", 1)[1] for path in paths]


@pytest.mark.parametrize(("language", "heading"), [("id", "Data pribadi Anda"), ("en", "Your personal data")])
def test_exported_as_a_page(web: Web, place: str, transaction: int, language: str, heading: str) -> None:
    browser = web.as_("Budi")
    found = searches(browser, place, address=EMAIL)
    page = browser.send(found, f"{place}/exports", status=200, form=f"page_{language}")
    for each in (heading, "Wulan Kusuma", "Petugasnya ramah sekali", "Ibu ini sedang hamil"):
        assert each in page.said


def test_erased_with_a_reason(web: Web, place: str, transaction: int, desk_office: DeskOffice) -> None:
    browser = web.as_("Budi")
    browser.speak("en")
    found = searches(browser, place, address=EMAIL)
    for language in ("id", "en"):
        browser.speak(language)
        browser.send(found, f"{place}/erasures", status=422, reason="", sure=None)
    browser.send(found, f"{place}/erasures", reason="asked", sure="y")

    assert desk_office.rows(VisitContact) == []
    assert desk_office.row(Erasure).why == "asked"
    file = browser.get(f"/offices/{desk_office.id}/transactions/{transaction}")
    assert "The words were erased on" in file.said
    assert "Petugasnya" not in file.text
    assert "hamil" not in file.text
    assert browser.client.get(f"/offices/{desk_office.id}/transactions/{transaction}/file.pdf").status_code == 200


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("who", ["Budi", "Agus", "Ratna"])
def test_the_register(web: Web, place: str, transaction: int, who: str, language: str) -> None:
    browser = web.as_(who)
    browser.speak(language)
    browser.get(f"{place}/register")
    budi = web.as_("Budi")
    budi.send(searches(budi, place, address=EMAIL), f"{place}/erasures", reason="ordered", sure="y")
    page = browser.get(f"{place}/register")

    assert "Budi" in page.said
    assert "Wulan" not in page.text
    assert page.queries <= 25


@pytest.mark.parametrize("language", ["id", "en"])
def test_how_long_data_are_kept(web: Web, desk_office: DeskOffice, language: str) -> None:
    agus, place = web.as_("Agus"), f"/offices/{desk_office.id}/retention"
    agus.speak(language)
    agus.send(agus.get(place), place, status=422, keep_contacts_days="3")
    agus.send(agus.get(place), place, status=422, keep_contacts_days="bald")
    agus.send(agus.get(place), place)  # nothing differs
    agus.follow(agus.send(agus.get(place), place, keep_contacts_days="30", keep_notes_days="0"))
    with desk_office.streams.reading() as connection:
        rules = get_retention_rules(connection, desk_office.id)
    assert rules == RetentionRules(keep_contacts_days=30, keep_notes_days=0)
