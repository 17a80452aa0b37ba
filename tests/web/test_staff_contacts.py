"""E-mail addresses and numbers of staff: set by those who keep the staff, and what the office does with them."""

import json

import pytest

from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.models import InvitationRow, Person, Remembered, ResponseRow
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
