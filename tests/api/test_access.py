"""What opens the API, and what does not."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from desk.api import ROUTES
from desk.domain.tokens import TokenKind, derive
from desk.models import ApiToken, Membership, Person
from desk.operations.opening.setting_up import PersonPlan, enroll
from tests.fixtures.api import SCOPES, Api
from tests.fixtures.office import furnish


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Bearer desk_unknown", "Basic c2FyaTpzYXJp", "Bearer desk_\x7f"]
)
def test_nothing_opens_without_a_token(api: Api, header: str) -> None:
    answer = api.client.get("/api/v1/offices", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_every_route_asks_for_a_token(api: Api) -> None:
    for route in ROUTES:
        api.send(route.method, route.path.replace("<int:id>", str((api.office.id << 40) + 1)), 401)


@pytest.mark.parametrize("name", ["Sari", "Budi", "Ratna", "Agus"])
def test_every_route_keeps_to_the_scopes(api: Api, name: str) -> None:
    program = api.as_(name)
    office = program.office
    scopes = SCOPES[office.people[name].role]
    for route in ROUTES:
        entity = office.counters[1] if "/counters/" in route.path else office.id << 40 | 1
        path = route.path.replace("<int:id>", str(office.id if "/offices/" in route.path else entity))
        answer = program.client.open(
            f"/api/v1{path}", method=route.method, json={"x": 1}, headers={"Authorization": f"Bearer {program.token}"}
        )
        assert (answer.status_code == 403) == (route.scope not in scopes), route.name


def test_another_office_does_not_exist(api: Api) -> None:
    office = api.office
    foreign = furnish(office.streams, "lain")
    sari = api.as_("Sari")
    for path in (f"/offices/{foreign}/services", f"/offices/{foreign}/board", f"/transactions/{foreign << 40 | 1}"):
        sari.get(path, status=404)
    sari.post(f"/offices/{foreign}/visits", {"service": office.services["A"]}, status=404)


def test_tokens_end(api: Api) -> None:
    office = api.office
    expiring = api.as_("Sari", expires_at=office.clock.now + timedelta(hours=1))
    expiring.get("/offices")
    office.clock.tick(3600)
    expiring.get("/offices", status=401)


@pytest.mark.parametrize("how", ["revoked", "disabled", "role taken away"])
def test_a_token_ends_with_its_person(api: Api, how: str) -> None:
    office = api.office
    sari = api.as_("Sari")
    sari.get("/offices")
    with office.streams.setting_up() as connection:
        match how:
            case "revoked":
                connection.execute(update(ApiToken).values(revoked_at=office.clock.now))
            case "disabled":
                connection.execute(
                    update(Person).where(Person.id == office.sari.id).values(disabled_at=office.clock.now)
                )
            case _:
                connection.execute(
                    update(Membership).where(Membership.person_id == office.sari.id).values(role="auditor")
                )
    sari.get("/offices", status=401)


def test_other_kinds_of_token_open_nothing(api: Api) -> None:
    office = api.office
    visit = office.arrives().facts["visit"]
    token = derive(office.streams.keys.links, TokenKind.STATUS, visit)
    Api(api.client, office, token).get("/offices", status=401)


def test_cookies_open_nothing(web_app: Flask, web: object, api: Api) -> None:
    browser = web.as_("Budi")  # type: ignore[attr-defined]
    assert browser.client.get("/api/v1/offices").status_code == 401


def test_a_person_of_the_same_name_elsewhere_changes_nothing(api: Api) -> None:
    enroll(api.office.streams, api.office.id, PersonPlan("sari.dua", "Sari", ()))
    api.as_("Sari").get("/offices")
