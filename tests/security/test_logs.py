"""The log holds no token and nobody's data: a whole path, its refusals and its faults, with everything logged."""

import http.client
import json
import logging
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import update

from desk.domain.access import Role
from desk.domain.tokens import TokenKind, derive
from desk.models import InvitationRow, Person, StaffSession
from desk.operations.accounts.granting import grant
from tests.fixtures.api import Api
from tests.fixtures.office import DeskOffice, furnish
from tests.fixtures.real_server import RealServer
from tests.fixtures.web import PASSWORD, Web
from tests.security.test_headers import database_away
from tests.security.test_sessions import cookie_of, secret_of, sign_in

NAME, EMAIL, COMMENT = "Wati Lestari", "wati.lestari@example.id", "Petugas loket sangat ramah"
TYPED = [NAME, "Lestari", EMAIL, "wati.lestari", COMMENT, PASSWORD, "salah sekali", "sari.kpknl"]


def links_of(office: DeskOffice, visit: int) -> list[str]:
    """Return every token that was made for visitors so far."""
    links = office.streams.keys.links
    invitations = office.rows(InvitationRow)
    return [derive(links, TokenKind.STATUS, visit)] + [
        derive(links, TokenKind.SURVEY, each.id, channel=channel, generation=each.generation)
        for each in invitations
        for channel in ("link", "email")
    ]


def found_in(said: str, secrets: list[str]) -> list[str]:
    """Return which secrets stand in a text, as they are, quoted, or in other letters."""
    lower = said.lower()
    return [each for each in secrets if each.lower() in lower or quote(each).lower() in lower]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged, as with DESK_LOG_LEVEL=DEBUG."""
    caplog.set_level(logging.DEBUG)
    return caplog


def test_sql_stays_silent_when_everything_else_is_logged(logged: pytest.LogCaptureFixture) -> None:
    """A logged statement would show what people typed; nobody may turn it on by the level of the log."""
    assert not logging.getLogger("sqlalchemy.engine").isEnabledFor(logging.INFO)
    assert not logging.getLogger("sqlalchemy.pool").isEnabledFor(logging.INFO)


def test_a_whole_path_leaves_nothing(web_app: Flask, web: Web, api: Api, logged: pytest.LogCaptureFixture) -> None:
    office, here = web.office, f"/offices/{web.office.id}"
    contact = {"name": NAME, "email": EMAIL, "consent": "y"}
    taken = web.post(f"{here}/visits", service=office.services["A"], **contact)
    token = taken.location.split("/")[2]
    for place in ("", "/now", "/ticket", "/departure", "/open-matters"):
        web.get(f"/v/{token}{place}")
    assert wrong_then_right(web)
    sari, program = web.as_("Sari"), api.as_("Sari")
    office.sari.signs_on()
    program.post(f"{here}/visits", {"service": office.services["B"], **contact, "consent": True})
    transaction = program.post(f"/counters/{office.counters[1]}/calls", {})["transaction"]
    program.post(f"/transactions/{transaction}/start", {})
    program.post(f"/transactions/{transaction}/pauses", {"cause": "nonsense", "note": COMMENT}, status=422)
    sari.get(f"{here}/counter")
    sari.get(f"{here}/reception?q={token}")
    office.sari.completes(transaction)
    survey = web.survey_path(office.row(InvitationRow).id)
    web.get(survey)
    score = next(name for name in web.get(survey).text.split('"') if name.endswith("-score"))
    said = {score: "5", score.replace("score", "comment"): COMMENT}
    web.send(web.get(survey), survey, status=200, go="next", **said)
    web.send(web.get(survey), survey, go="send", **said)
    secrets = [token, survey, str(program.token), secret_of(sari), cookie_of(sari)]
    secrets += [sari.csrf_token(), web.csrf_token(), *links_of(office, office.rows(InvitationRow)[0].visit_id), *TYPED]
    refusals_and_faults(web_app, web, sari, program, secrets)

    assert logged.records
    assert found_in(logged.text, secrets) == []


def wrong_then_right(web: Web) -> bool:
    refused = sign_in(web.another(), password="salah sekali")
    return refused.status_code == 422 and sign_in(web.another()).status_code == 303


def refusals_and_faults(app: Flask, web: Web, sari: Web, program: Api, secrets: list[str]) -> None:
    """Put every secret wherever a request has room for it, also where the request fails."""
    for each in secrets:
        given = quote(each)
        for place in ("/v", "/s", "", "/static", "/offices", "//v"):
            path = f"{place}/{given}"
            web.client.get(path)
            web.client.put(path)
        headers = {"Authorization": f"Bearer desk_{given}", "Idempotency-Key": given, "X-CSRFToken": given}
        web.client.get(f"/?next={given}&language={given}", headers={**headers, "Referer": f"http://x/{given}"})
        web.client.post("/api/v1/offices/1/visits", headers=headers, json={each: each})
        web.client.post("/sign-in", data={"csrf_token": each, "username": each, "password": each, "next": each})
    with database_away(web):
        for each in secrets:
            sari.client.get(f"/v/{quote(each)}?q={quote(each)}")
    for _ in range(40):
        sign_in(web, EMAIL, EMAIL)


def test_the_token_is_not_said_where_nothing_can_be_shown(
    web: Web, logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> str:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr("desk.web.errors.render_template", broken)
    token = "a" * 26
    assert web.client.get(f"/v/{token}").status_code == 500
    assert "RuntimeError" in logged.text
    assert found_in(logged.text, [token, EMAIL]) == []


class Caller:
    """A client of the real server with cookies of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies = SimpleCookie[str]()

    def __call__(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str, str]:
        """Return the status, where it leads, and the text."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        cookies = "; ".join(f"{each.key}={each.value}" for each in self._cookies.values())
        given = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", **headers}
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in given.items()})
        answer = connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie") or []:
            self._cookies.load(header)
        said = answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace")
        connection.close()
        return said

    def send(self, page: str, path: str, **fields: Any) -> tuple[int, str, str]:
        """Send a form with the token of a page."""
        (token, *_) = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self("GET", page)[2])
        return self("POST", path, urlencode({"csrf_token": token, **fields}))

    @property
    def secrets(self) -> Iterator[str]:
        for each in self._cookies.values():
            yield str(each.value)


def test_the_server_itself_writes_nothing_down(real_server: RealServer) -> None:
    form = "json" if real_server.database_url.startswith("sqlite") else "text"
    real_server.extra = {"DESK_LOG_LEVEL": "DEBUG", "DESK_LOG_FORMAT": form}
    streams = real_server.streams()
    office = DeskOffice(real_server.database_url, furnish(streams), engine=streams.engine)
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=PasswordHasher(1, 8, 1).hash(PASSWORD)))
    token = grant(streams, office.id, "Sari", Role.AGENT)
    real_server.start()
    visitor, sari, here = Caller(real_server.port), Caller(real_server.port), f"/offices/{office.id}"
    contact = {"name": NAME, "email": EMAIL, "consent": "y", "service": office.services["A"]}
    status, ticket, _ = visitor.send(f"{here}/kiosk/services/{office.services['A']}", f"{here}/visits", **contact)
    assert status == 303
    link = ticket.split("/")[2]
    assert visitor("GET", f"/v/{link}")[0] == 200
    odds = ("//v/{}", "/V/{}", "/v/{}%20", "/v%2F{}", "/x/y/{}/z", "/v/{}/now?t={}", "/v/%00{}", "/v;{}")
    for odd in [each.replace("{}", link) for each in odds]:
        for method in ("GET", "DELETE"):
            visitor(method, odd)
    assert sari.send("/sign-in", "/sign-in", username="sari.kpknl", password="salah sekali")[0] == 422
    assert sari.send("/sign-in", "/sign-in", username="sari.kpknl", password=PASSWORD)[0] == 303
    assert sari("GET", f"{here}/counter")[0] == 200
    assert sari("GET", f"{here}/reception?q={link}")[0] == 200
    assert sari("GET", f"/api/v1/offices?token={token}", Authorization=f"Bearer {token}")[0] == 200
    sari("GET", f"/api/v1/{token}", Authorization=f"Bearer {token}")
    real_server.stop()

    said = real_server.log.read_text()
    assert "/v/<token>" in said
    if form == "text":
        assert re.search(r" INFO desk\.access \[[0-9a-f]{16}\]: GET /v/<token> 200 ", said)
    else:
        lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        asked = [each for each in lines if each["logger"] == "desk.access"]
        assert {each["request"] for each in asked} and len({each["request"] for each in asked}) == len(asked)
        assert {"method", "route", "status", "ms", "bytes", "time", "level"} <= set(asked[0])
        found = {(each["route"], each["status"], each.get("office")) for each in asked}
        assert {("/offices/<int:office_id>/counter", 200, office.id), ("/v/<token>", 200, None)} <= found
        refused = next(each for each in lines if each["message"] == "sign-in refused")
        assert refused["request"] in {each["request"] for each in asked if each["status"] == 422}
    assert not re.search(r"127\.0\.0\.1(?!:)|\+62\d{8}|[\w.]+@[\w-]+\.\w+", said.partition("Ready")[2])
    secrets = [link, token, *visitor.secrets, *sari.secrets, *TYPED]
    assert found_in(said, secrets) == []
    with office.streams.reading() as connection:
        assert connection.execute(StaffSession.__table__.select()).all()
    office.engine.dispose()
