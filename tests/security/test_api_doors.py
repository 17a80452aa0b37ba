"""The API's routes by scope, and that a token's rights end where its office ends."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from desk.api.bearer import TOKEN_PREFIX
from desk.domain.access import Role
from desk.domain.tokens import hash_of
from desk.models import ApiToken, Duty, Person
from desk.operations.accounts.granting import SCOPES as GRANTED
from desk.operations.accounts.granting import grant, revoke
from tests.fixtures.api import Api
from tests.fixtures.web import Web, everything
from tests.security.conftest import Things
from tests.security.doors import API, PEOPLE, SCOPES, Entrance


@pytest.fixture
def paths(web_app: Flask) -> dict[str, str]:
    """The path of each route of the API, by its name."""
    rules = web_app.extensions["desk_api"].url_map.iter_rules()
    return {rule.endpoint.removeprefix("api."): rule.rule.removeprefix("/api/v1") for rule in rules}


def filled(path: str, entrance: Entrance, things: Things) -> str:
    """Return the path with the id it is about."""
    office = things.office
    ids = {
        "": 0,
        "office": office.id,
        "counter": office.counters[1],
        "duty": office.rows(Duty)[0].id,
        **{name: things[f"{name}_id"] for name in ("visit", "transaction", "handoff", "request", "batch", "absence")},
    }
    return path.replace("<int:id>", str(ids[entrance.of]))


def test_every_route_stands_in_the_table(web_app: Flask, paths: dict[str, str]) -> None:
    beside = web_app.extensions["desk_api"]
    found = {
        (rule.endpoint.removeprefix("api."), *sorted(rule.methods - {"HEAD", "OPTIONS"}))
        for rule in beside.url_map.iter_rules()
    }
    assert found == {(name, each.method) for name, each in API.items()} | {("openapi", "GET")}
    for name, entrance in API.items():
        assert beside.view_functions[f"api.{name}"].scope == entrance.scope, name


def test_roles_are_granted_the_scopes_of_the_table() -> None:
    assert {role.value: set(scopes) for role, scopes in GRANTED.items()} == SCOPES


def test_nothing_opens_without_a_token(api: Api, web: Web, own: Things, paths: dict[str, str]) -> None:
    """Neither bare, nor with the cookies of somebody signed in, nor with a token against forgery."""
    budi = web.as_("Budi")
    before = everything(own.office)
    for name, entrance in API.items():
        path = filled(paths[name], entrance, own)
        api.send(entrance.method, path, 401)
        form = {"csrf_token": budi.csrf_token()} if entrance.method == "POST" else None
        answer = budi.client.open(f"/api/v1{path}", method=entrance.method, data=form)
        assert answer.status_code == 401, name
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "Set-Cookie" not in answer.headers
    assert everything(own.office) == before


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_does_what_its_scopes_say(api: Api, own: Things, paths: dict[str, str], role: str) -> None:
    program = Api(api.client, own.office, grant(own.office.streams, own.office.id, PEOPLE[role], Role(role)))
    for name, entrance in API.items():
        path, within = filled(paths[name], entrance, own), entrance.scope in SCOPES[role]
        answer = _answer(program, entrance, path)
        if within:
            assert answer not in (401, 404) and answer < 500, (name, answer)
        else:
            assert answer == 403, name


@pytest.mark.parametrize("role", PEOPLE)
def test_another_office_does_not_exist(
    api: Api, own: Things, foreign: Things, paths: dict[str, str], role: str
) -> None:
    program = Api(api.client, own.office, grant(own.office.streams, own.office.id, PEOPLE[role], Role(role)))
    before = everything(own.office)
    for name, entrance in API.items():
        if entrance.of:
            assert _answer(program, entrance, filled(paths[name], entrance, foreign)) == 404, name
    assert everything(own.office) == before
    assert [each["id"] for each in program.get("/offices")["items"]] == [own.office.id]


def _answer(program: Api, entrance: Entrance, path: str) -> int:
    headers = {"Authorization": f"Bearer {program.token}"}
    body: Any = {"json": {"service": 1}} if entrance.method == "POST" else {}
    return program.client.open(f"/api/v1{path}", method=entrance.method, headers=headers, **body).status_code


def test_ids_in_a_body_reach_no_further(api: Api, own: Things, foreign: Things) -> None:
    here, there = own.office, foreign.office
    transaction = here.sari.serves()
    sari = api.as_("Sari")
    before = everything(here)
    called = {"transaction": foreign["transaction_id"], "reason": "vulnerable"}
    sari.post(f"/counters/{here.counters[1]}/calls", called, status=404)
    sari.post(f"/offices/{here.id}/visits", {"service": there.services["A"]}, status=404)
    sari.post(f"/offices/{here.id}/visits", {"services": [here.services["A"], there.services["A"]]}, status=404)
    for receiver in ({"officer": there.dewi.id}, {"counter": there.counters[2]}, {"service": there.services["B"]}):
        body = {**receiver, "reason": "specialist"}
        sari.post(f"/transactions/{transaction}/handoffs", body, status=404)
    assert everything(here) == before


def test_a_revoked_token_is_refused_where_it_was_known(api: Api) -> None:
    """A process that remembers a token from an earlier request must hear of its end."""
    office = api.office
    token = grant(office.streams, office.id, "Sari", Role.AGENT)
    sari = Api(api.client, office, token)
    sari.post(f"/offices/{office.id}/visits", {"service": office.services["A"]}, key="one")
    revoke(office.streams, hash_of(token))
    for key in ("one", "two", None):
        sari.post(f"/offices/{office.id}/visits", {"service": office.services["A"]}, key=key, status=401)


def test_a_disabled_person_ends_with_all_tokens(api: Api) -> None:
    office = api.office
    sari = api.as_("Sari")
    sari.post(f"/offices/{office.id}/visits", {"service": office.services["A"]})
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.sari.id).values(disabled_at=office.clock.now))
    sari.post(f"/offices/{office.id}/visits", {"service": office.services["A"]}, status=401)
    sari.get("/offices", status=401)


def test_a_token_is_taken_from_its_header_only(api: Api) -> None:
    token = api.as_("Sari").token
    for query in (f"?token={token}", f"?access_token={token}"):
        api.get(f"/offices{query}", status=401)
    api.client.set_cookie("desk", f"{token}")
    api.client.set_cookie("Authorization", f"Bearer {token}")
    api.get("/offices", status=401)


def test_only_the_hash_of_a_token_is_kept(api: Api) -> None:
    office = api.office
    token = grant(office.streams, office.id, "Sari", Role.AGENT)
    assert token.startswith(TOKEN_PREFIX)
    assert len(token) > len(TOKEN_PREFIX) + 40
    kept = repr(everything(office))
    assert token not in kept
    assert token.removeprefix(TOKEN_PREFIX) not in kept
    with office.streams.reading() as connection:
        assert connection.execute(ApiToken.__table__.select()).one().token_hash == hash_of(token)


@pytest.mark.parametrize(
    "path", ["/nowhere", "/offices/x", "/offices/1/visits/2", "/", "/../sign-in", "/offices?language=en"]
)
def test_what_is_not_there_is_a_problem_in_json(api: Api, path: str) -> None:
    answer = api.client.get(f"/api/v1{path}{'&' if '?' in path else '?'}language=en")
    assert answer.status_code in (401, 404)
    assert answer.mimetype == "application/problem+json"
    assert "Set-Cookie" not in answer.headers
