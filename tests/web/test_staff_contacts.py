"""E-mail addresses and numbers of staff: set by those who keep the staff, and what the office does with them."""

import json

import pytest
from sqlalchemy import insert

from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.models import InvitationRow, Membership, Person, Remembered, ResponseRow
from desk.operations.accounts.correcting_names import correct_name
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

STAFF = "/offices/1/staff"
EMAIL, PHONE = "dewi.pribadi@example.org", "+6281234567890"


def people(office: DeskOffice) -> dict[str, tuple[str | None, str | None]]:
    with office.engine.connect() as connection:
        return {row.name: (row.email, row.phone) for row in connection.execute(Person.__table__.select())}


def invited(office: DeskOffice, **contact: str) -> InvitationRow:
    """Return the decision about a visitor with this contact, whom Sari has served."""
    office.arrives("A", consent=True, **contact)
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    found: InvitationRow = office.row(InvitationRow, transaction_id=transaction)
    return found


@pytest.mark.parametrize(("who", "language"), [("Budi", "id"), ("Agus", "en")])
def test_set_on_its_page(web: Web, desk_office: DeskOffice, who: str, language: str) -> None:
    browser, path = web.as_(who), f"{STAFF}/{desk_office.dewi.id}/contact"
    browser.speak(language)
    wrong = browser.send(browser.get(path), path, status=422, email="dewi", phone="12")
    assert "0812 3456 7890" in wrong.said
    page = browser.follow(browser.send(browser.get(path), path, email=f" {EMAIL} ", phone="0812-3456-7890"))
    assert EMAIL in page.said and PHONE in page.said
    assert people(desk_office)["Dewi"] == (EMAIL, PHONE)
    (event,) = desk_office.rows_of_event(EventName.STAFF_CONTACT_CHANGED)
    assert json.loads(event.payload) == {"person": desk_office.dewi.id, "changed": ["email", "phone"]}
    assert EMAIL not in repr(desk_office.rows(Remembered))
    browser.send(browser.get(path), path, email="", phone="")
    assert people(desk_office)["Dewi"] == (None, None)
    assert desk_office.findings() == []


def test_a_name_is_corrected_and_stands_in_no_record(web: Web, desk_office: DeskOffice) -> None:
    agus, dewi = web.as_("Agus"), desk_office.dewi.id
    agus.speak("en")
    path = f"{STAFF}/{dewi}/name"
    desk_office.clock.tick(11 * 60)
    assert agus.get(path, status=303).location.startswith("/account/confirmation")  # it is asked once more who it is
    desk_office.clock.tick(-11 * 60)
    assert "Enter the name" in agus.send(agus.get(path), path, status=422, name=" ").said
    assert "already been done" in agus.send(agus.get(path), path, status=409, name=" Dewi ").said
    page = agus.get(path)
    told = agus.follow(agus.send(page, path, name="Dewi  Pribadi-Lestari"))
    assert "neither the old name nor the new one" in told.said and "Dewi Pribadi-Lestari" in told.said
    agus.send(page, path, name="Dewi  Pribadi-Lestari")  # sent twice
    (event,) = [
        json.loads(row.payload)
        for row in desk_office.rows_of_event(EventName.SETTING_CHANGED)
        if "person_name" in row.payload
    ]
    assert event == {"setting": "person_name", "person": dewi}
    assert "Pribadi-Lestari" not in repr(desk_office.rows(Remembered))
    assert "The name of a member of staff was corrected" in agus.get("/offices/1/changes-of-settings").said
    # Not by a supervisor; of a guest by their own office alone; of one at home in two by who administers both.
    web.as_("Budi").get(path, status=403)
    other = desk_office.another()
    with desk_office.streams.setting_up() as connection:
        row = {"office_id": desk_office.id, "person_id": other.sari.id, "role": "agent"}
        connection.execute(insert(Membership), {**row, "is_guest": True})
        connection.execute(insert(Membership), {**row, "office_id": other.id, "person_id": dewi})
    agus.get(f"{STAFF}/{other.sari.id}/name", status=404)
    desk_office.clock.tick(1)
    assert "at home in an office that you do not" in agus.follow(agus.send(agus.get(path), path, name="Dewi")).said
    with desk_office.refuses(Reason.FORBIDDEN):
        correct_name(desk_office.streams, 1, dewi, desk_office.budi.asks("correct_name"), typed="Dewi")
    assert desk_office.findings() == []


def test_a_supervisor_sees_those_of_the_front_only(web: Web, desk_office: DeskOffice) -> None:
    desk_office.agus.changes_contact(desk_office.agus, email="agus@example.org")
    desk_office.agus.changes_contact(desk_office.sari, email="sari@example.org")
    budi, agus = web.as_("Budi"), web.as_("Agus")
    assert "sari@example.org" in budi.get(STAFF).said and "agus@example.org" not in budi.get(STAFF).said
    assert "agus@example.org" in agus.get(STAFF).said
    budi.get(f"{STAFF}/{desk_office.agus.id}/contact", status=404)
    budi.get(f"{STAFF}/4711/contact", status=404)
    with desk_office.refuses(Reason.FORBIDDEN):
        desk_office.budi.changes_contact(desk_office.agus, email="x@example.org")
    with desk_office.refuses(Reason.FORBIDDEN):
        desk_office.sari.changes_contact(desk_office.sari, email="x@example.org")
    with desk_office.refuses(Reason.ALREADY_DONE):
        desk_office.budi.changes_contact(desk_office.sari, email=" sari@example.org ")
    for wrong in ({"email": "no address"}, {"email": f"{'x' * 250}@example.org"}, {"phone": "12"}):
        with desk_office.refuses(Reason.INVALID):
            desk_office.budi.changes_contact(desk_office.sari, **wrong)


@pytest.mark.parametrize("given", [{"email": EMAIL.upper()}, {"phone": "0812 3456 7890"}])
def test_own_staff_is_not_asked(desk_office: DeskOffice, given: dict[str, str]) -> None:
    desk_office.sari.signs_on(1)
    desk_office.budi.changes_contact(desk_office.dewi, email=EMAIL, phone=PHONE)
    assert invited(desk_office, **given).reason == "own_staff"
    assert invited(desk_office, email="siti@example.id").reason != "own_staff"


@pytest.mark.parametrize("given", [{"email": f" {EMAIL.title()}"}, {"phone": "+62 812 3456 7890"}])
def test_an_answer_from_a_contact_of_staff_is_kept_apart(desk_office: DeskOffice, given: dict[str, str]) -> None:
    """Asked before the address was known to be theirs."""
    desk_office.sari.signs_on(1)
    invitation = invited(desk_office, **given)
    assert invitation.reason != "own_staff"
    desk_office.budi.changes_contact(desk_office.dewi, email=EMAIL, phone=PHONE)
    desk_office.answers(invitation.id, 5)
    assert desk_office.row(ResponseRow).standing == "staff"
    assert desk_office.findings() == []
