"""A phone number instead of an e-mail address, asked for only where messages can go to one."""

from dataclasses import replace

import pytest
from flask import Flask

from desk.models import Delivery, Remembered, VisitContact
from desk.settings import Gateway
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

NUMBER = "0812-3456-7890"
KEPT = "+6281234567890"


@pytest.fixture
def phone_web(web: Web, web_app: Flask) -> Web:
    """The pages of a desk that has a gateway."""
    desk = web_app.extensions["desk"]
    gateway = Gateway(url="https://gateway.example.go.id/send")
    web_app.extensions["desk"] = replace(desk, settings=replace(desk.settings, gateway=gateway))
    return web


def at_kiosk(web: Web, language: str = "id") -> tuple[str, str]:
    """Return the page of a service and where its form goes."""
    web.speak(language)
    office = web.office
    return f"/offices/{office.id}/kiosk/services/{office.services['A']}", f"/offices/{office.id}/visits"


def test_nobody_is_asked_for_a_number_without_a_gateway(web: Web) -> None:
    page, _ = at_kiosk(web)
    assert 'name="phone"' not in web.get(page).text


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_number_is_kept_in_one_form(phone_web: Web, desk_office: DeskOffice, language: str) -> None:
    page, action = at_kiosk(phone_web, language)
    phone_web.send(phone_web.get(page), action, phone=NUMBER, consent="y")
    contact = desk_office.row(VisitContact)
    assert (contact.phone, contact.email) == (KEPT, None)
    assert contact.consented_at is not None
    assert KEPT[3:] not in str([row.answer for row in desk_office.rows(Remembered)])
    desk_office.sari.signs_on()
    desk_office.sari.completes(desk_office.sari.serves())
    assert (desk_office.row(Delivery).channel, desk_office.row(Delivery).address) == ("phone", KEPT)
    budi = phone_web.as_("Budi")
    assert "+62***890" in budi.get(f"/offices/{desk_office.id}/messages").said


@pytest.mark.parametrize(
    "given",
    [
        {"phone": "021 345 6789", "consent": "y"},
        {"phone": "satu dua", "consent": "y"},
        {"phone": NUMBER},
        {"consent": "y"},
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_cannot_be_used_is_said_beside_it(
    phone_web: Web, desk_office: DeskOffice, given: dict[str, str], language: str
) -> None:
    page, action = at_kiosk(phone_web, language)
    phone_web.send(phone_web.get(page), action, status=422, **given)
    assert desk_office.rows(VisitContact) == []


def test_the_reception_asks_too(phone_web: Web, desk_office: DeskOffice) -> None:
    sari, place = phone_web.as_("Sari"), f"/offices/{desk_office.id}/reception"
    service = str(desk_office.services["A"])
    sari.send(sari.get(place), f"{place}/visits", services=service, phone=NUMBER, consent="y")
    assert desk_office.row(VisitContact).phone == KEPT


def test_whoever_comes_back_leaves_it_again(phone_web: Web, desk_office: DeskOffice) -> None:
    page, action = at_kiosk(phone_web)
    phone_web.send(phone_web.get(page), action, phone=NUMBER, consent="y")
    desk_office.sari.signs_on()
    transaction = desk_office.sari.serves()
    desk_office.sari.processes(transaction)
    path = phone_web.status_path(desk_office.row(VisitContact).visit_id)
    again = f"{path}/return/{transaction}"
    phone_web.send(phone_web.get(again), again)
    assert [row.phone for row in desk_office.rows(VisitContact)] == [KEPT, KEPT]
