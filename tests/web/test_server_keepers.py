"""Who keeps the server, on its page: given and taken after showing who one is; and who opens offices."""

from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select, update

from desk.domain.access import Role
from desk.models import Membership, Office, Person, StaffSession
from tests.fixtures.office import Colleague, DeskOffice
from tests.fixtures.web import Web

PAGE = "/offices/1/server"
KEEPERS = f"{PAGE}/keepers"
OFFICE = "/offices/1/office-settings"
OPENING = "/offices/1/further-offices"
NEW = {"code": "kpknl-bandung", "name": "KPKNL Bandung"}


def removal(person: Colleague) -> str:
    return f"{KEEPERS}/{person.id}/removal"


@pytest.fixture
def agus(web: Web, desk_office: DeskOffice) -> Iterator[Web]:
    """The browser of who keeps the server; Ratna administers the office too."""
    with desk_office.streams.setting_up() as connection:
        row = {"person_id": desk_office.ratna.id, "office_id": desk_office.id, "role": Role.ADMIN.value}
        connection.execute(insert(Membership), row)
    browser = web.as_("Agus")
    browser.speak("en")
    return browser


@pytest.fixture
def ratna(web: Web, agus: Web) -> Web:
    """The browser of the other administrator."""
    browser = web.as_("Ratna")
    browser.speak("en")
    return browser


def forget_who(office: DeskOffice) -> None:
    """Nobody has shown lately that it is them."""
    with office.streams.engine.begin() as connection:
        connection.execute(update(StaffSession).values(proven_at=None))


def keepers(office: DeskOffice) -> list[str]:
    with office.streams.reading() as connection:
        return list(connection.execute(select(Person.name).where(Person.keeps_server).order_by(Person.id)).scalars())


def offices(office: DeskOffice) -> list[str]:
    with office.streams.reading() as connection:
        return list(connection.execute(select(Office.code).order_by(Office.id)).scalars())


def test_it_is_given_and_taken(agus: Web, ratna: Web, desk_office: DeskOffice) -> None:
    office = desk_office
    assert "keeps the server only: Agus." in ratna.get(PAGE, status=403).said
    ratna.post(KEEPERS, status=403, person=str(office.ratna.id))
    ratna.post(removal(office.agus), status=403)
    page = agus.get(PAGE)
    assert "Ratna (ratna.kpknl)" in page.said and "Sari (" not in page.said
    agus.send(page, KEEPERS, person=str(office.ratna.id))
    assert keepers(office) == ["Ratna", "Agus"]
    ratna.get(PAGE)
    for nobody in ("", "x", str(office.sari.id)):
        answer = agus.post(KEEPERS, person=nobody)
        assert "Choose an administrator." in agus.follow(answer).said
    agus.send(agus.get(PAGE), removal(office.ratna))
    ratna.get(PAGE, status=403)
    refused = agus.send(agus.get(PAGE), removal(office.agus))
    assert "Nobody else who can sign in keeps the server." in agus.follow(refused).said
    assert "Keeps the server" in agus.get("/offices/1/changes-of-settings").said
    assert office.findings() == []


def test_whoever_gives_it_up_goes_on_elsewhere(agus: Web, ratna: Web, desk_office: DeskOffice) -> None:
    agus.send(agus.get(PAGE), KEEPERS, person=str(desk_office.ratna.id))
    done = agus.send(agus.get(PAGE), removal(desk_office.agus))
    assert done.location == "/offices/1/staff" and "keep the server no more" in agus.follow(done).said
    assert keepers(desk_office) == ["Ratna"]


def test_who_did_not_show_lately_that_it_is_them_is_asked_first(agus: Web, desk_office: DeskOffice) -> None:
    page = agus.get(PAGE)
    forget_who(desk_office)
    for action, fields in ((KEEPERS, {"person": str(desk_office.ratna.id)}), (removal(desk_office.agus), {})):
        asked = agus.send(page, action, **fields)
        assert asked.location.startswith("/account/confirmation?next=") and "server" in asked.location
    assert keepers(desk_office) == ["Agus"]
    agus.get(KEEPERS, status=303)  # the address of the form leads to its page


def test_an_office_is_opened_after_showing_who_one_is(agus: Web, desk_office: DeskOffice) -> None:
    page = agus.get(OFFICE)
    forget_who(desk_office)
    assert "Before you open another office, confirm that it is you." in agus.get(OFFICE).said
    answer = agus.send(page, OPENING, status=422, **NEW)
    assert "Nothing was changed yet" in answer.said and answer.form(OPENING)["name"] == "KPKNL Bandung"
    assert offices(desk_office) == ["kpknl"]


def test_who_does_not_keep_the_server_opens_none_and_reads_who_does(
    agus: Web, ratna: Web, desk_office: DeskOffice
) -> None:
    page = ratna.get(OFFICE)
    assert "Whoever keeps the server opens further offices: Agus." in page.said and OPENING not in page.text
    assert "keeps the server only: Agus." in ratna.post(OPENING, status=403, **NEW).said
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).values(keeps_server=False))
    assert "nobody does at present" in ratna.get(OFFICE).said
    assert "desk person keeps-server" in ratna.post(OPENING, status=403, **NEW).said
    assert offices(desk_office) == ["kpknl"]


def test_who_leaves_reads_which_office_would_have_nobody(agus: Web, ratna: Web, desk_office: DeskOffice) -> None:
    agus.send(agus.get(OFFICE), OPENING, **NEW)
    agus.send(agus.get(PAGE), KEEPERS, person=str(desk_office.ratna.id))
    refused = ratna.post(f"/offices/1/staff/{desk_office.agus.id}/deactivation")
    assert "Nobody else who can sign in administers KPKNL Bandung." in ratna.follow(refused).said
