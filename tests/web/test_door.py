"""The code at the door that changes: who sees it, whom it lets take a number, and what is said when it is over."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.domain.devices import DeviceKind, DeviceWish, code_of, secret_of
from desk.domain.door import code_now, is_valid
from desk.models import Office, Visit
from desk.operations.settings.devices import begin_pairing, pair
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

KEY = b"links-key-of-the-tests-32-bytes!"


@pytest.fixture
def rotating(desk_office: DeskOffice) -> DeskOffice:
    """The office, where a number by phone needs the code at the door."""
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Office).values(phone_check_in="rotating"))
    return desk_office


def code(office: DeskOffice) -> str:
    return code_now(office.streams.keys.links, office.id, seconds=30, at=office.clock.now).code


def fields(web: Web, office: DeskOffice, path: str, **more: Any) -> dict[str, Any]:
    page = web.get(path)
    hidden = dict(
        re.findall(r'type="hidden" (?:id="[^"]*" )?name="([^"]+)"(?: id="[^"]*")? value="([^"]*)"', page.text)
    )
    return {**hidden, "channel": "phone", "service": office.services["A"], **more}


def test_a_code_is_good_for_its_step_and_a_little_longer(desk_office: DeskOffice):
    at = desk_office.clock.now
    shown = code_now(KEY, 1, seconds=30, at=at)
    assert shown.until == at + timedelta(seconds=30)
    for seconds, good in ((0, True), (29, True), (30, True), (89, True), (90, False), (-29, True), (-61, False)):
        assert is_valid(KEY, 1, f" {shown.code.upper()} ", seconds=30, at=at + timedelta(seconds=seconds)) is good
    assert not is_valid(KEY, 2, shown.code, seconds=30, at=at)
    assert not is_valid(b"another", 1, shown.code, seconds=30, at=at)
    assert not is_valid(KEY, 1, "ärger" * 500, seconds=30, at=at)


def test_only_who_came_through_the_code_takes_a_number(web: Web, rotating: DeskOffice):
    path = f"/offices/{rotating.id}/check-in/services/{rotating.services['A']}?language=en"
    before = web.get(path)
    assert "scan the code on the screen at the door" in before.said
    assert "Scan the code at the door first" in before.said and "/visits" not in before.text, "nothing to press"
    elsewhere = web.another()
    elsewhere.get(f"/offices/{rotating.id}/enter/{code(rotating)}", status=303)
    wish = fields(elsewhere, rotating, path, email="wati@example.id", consent="y")
    refused = web.post(f"/offices/{rotating.id}/visits", status=403, **wish)
    assert "The code at the door has changed" in refused.said and "wati@example.id" in refused.text
    assert rotating.rows(Visit) == []

    web.get(f"/offices/{rotating.id}/enter/{code(rotating)}", status=303)
    assert "scan the code on the screen" not in web.get(path).said
    rotating.clock.tick(9 * 60)
    done = web.post(f"/offices/{rotating.id}/visits", status=303, **wish)
    assert done.location is not None and done.location.startswith("/v/")
    rotating.clock.tick(61)
    again = {**wish, "key": "another", "another": "1"}
    web.post(f"/offices/{rotating.id}/visits", status=403, **again)
    assert len(rotating.rows(Visit)) == 1


def test_an_old_code_and_one_of_elsewhere_open_nothing(web: Web, rotating: DeskOffice):
    old, other = code(rotating), rotating.another()
    rotating.clock.tick(91)
    for path in (f"{rotating.id}/enter/{old}", f"{other.id}/enter/{code(rotating)}", f"{rotating.id}/enter/x"):
        web.get(f"/offices/{path}", status=303)
    assert "scan the code" in web.get(f"/offices/{rotating.id}/check-in?language=en").said


def test_the_kiosk_is_no_way_around_the_code(web: Web, rotating: DeskOffice):
    web.speak("en")
    page = web.get(f"/offices/{rotating.id}/kiosk", status=403)
    assert "paired kiosks only" in page.said and f"/offices/{rotating.id}/check-in" in page.text
    web.get(f"/offices/{rotating.id}/enter/{code(rotating)}", status=303)
    wish = fields(web, rotating, f"/offices/{rotating.id}/check-in/services/{rotating.services['A']}", channel="kiosk")
    web.post(f"/offices/{rotating.id}/visits", status=403, **wish)
    assert rotating.rows(Visit) == []


def test_one_scan_is_good_for_a_few_numbers(web: Web, rotating: DeskOffice):
    web.speak("en")
    place = f"/offices/{rotating.id}/check-in/services/{rotating.services['A']}"
    visits = f"/offices/{rotating.id}/visits"
    web.get(f"/offices/{rotating.id}/enter/{code(rotating)}", status=303)
    wish = fields(web, rotating, place, another="1")
    for key in ("one", "two", "two", "three"):
        web.post(visits, status=303, **{**wish, "key": key})
    for _ in range(2):
        told = web.follow(web.post(visits, status=303, **{**wish, "key": "four"}))
        assert "please ask at the reception" in told.said
    assert len(rotating.rows(Visit)) == 3
    web.get(f"/offices/{rotating.id}/enter/{code(rotating)}", status=303)
    web.post(visits, status=303, **{**wish, "key": "four"})
    assert len(rotating.rows(Visit)) == 4


def test_who_is_here_again_by_phone_is_at_the_door_too(web: Web, rotating: DeskOffice):
    path = web.status_path(rotating.arrives("A", language="en").facts["visit"])
    rotating.sari.signs_on()
    transaction = rotating.sari.serves()
    rotating.sari.processes(transaction)
    question = web.get(f"{path}/return/{transaction}")

    assert "The code at the door has changed" in web.follow(web.send(question, f"{path}/return/{transaction}")).said
    web.get(f"/offices/{rotating.id}/enter/{code(rotating)}", status=303)
    assert "A002" in web.follow(web.send(web.get(f"{path}/return/{transaction}"), f"{path}/return/{transaction}")).said


def test_the_code_is_shown_on_screens_of_the_office_only(web: Web, rotating: DeskOffice):
    screen = f"/offices/{rotating.id}/door/screen"
    assert web.get(screen, status=303).location == "/pair"
    for name in ("Sari", "Agus"):
        page = web.as_(name).get(screen)
        assert "Kode ini berganti terus" in page.text and "<svg" in page.text
    sari, part_path = web.as_("Sari"), f"/offices/{rotating.id}/door/code"
    part = sari.get(part_path)
    sari.get(part_path, status=304, headers={"If-None-Match": part.headers["ETag"]})
    rotating.clock.tick(31)
    assert sari.get(part_path).text != part.text

    secret = begin_pairing(rotating.streams)
    wish = DeviceWish(DeviceKind.DOOR, "Layar pintu")
    keys, asked = rotating.streams.keys.links, rotating.agus.asks("pair")
    device = pair(rotating.streams, rotating.id, code_of(keys, secret), wish, asked).facts["device"]
    web.client.set_cookie("desk-device", secret_of(keys, device))
    assert "<svg" in web.get(screen).text


def test_an_administrator_chooses_and_is_told_of_the_kiosk(web: Web, desk_office: DeskOffice):
    browser, path = web.as_("Agus"), f"/offices/{desk_office.id}/phone-settings"
    page = browser.get(path)
    browser.send(page, path, phone_check_in="rotating", door_code_s="20", give_way_times="1")
    columns = (Office.phone_check_in, Office.door_code_s, Office.give_way_times)
    with desk_office.streams.reading() as connection:
        assert tuple(connection.execute(select(*columns)).one()) == ("rotating", 20, 1)
    browser.speak("en")
    said = browser.get(path).said
    assert "only paired kiosks issue numbers" in said and "up to 3 numbers" in said and "No kiosk is paired yet" in said
    wrong = browser.send(browser.get(path), path, status=422, phone_check_in="rotating", door_code_s="3")
    assert 'value="3"' in wrong.text
