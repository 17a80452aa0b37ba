"""No visitor's token stands in what staff read, take along or log: whoever holds one answers in the visitor's place.

A day with links of every kind in use; then every page, file and answer of the API that staff of each role can reach.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import segno
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from desk.domain.access import Role
from desk.domain.invitation import Channel
from desk.domain.tokens import TokenKind, derive, hash_of
from desk.models import StaffCode, TransactionRow, Visit, VisitorToken
from desk.operations.accounts import enrolling
from desk.operations.accounts.granting import grant
from desk.web.qr import qr_picture
from tests.fixtures.api import Api
from tests.fixtures.codes import codes_in, codes_on
from tests.fixtures.office import DeskOffice
from tests.fixtures.pdf_words import words_of
from tests.fixtures.web import PUBLIC_URL, Web
from tests.security.conftest import Things, ask
from tests.security.doors import ANYBODY, API, PAGES, PEOPLE
from tests.security.test_api_doors import filled, paths
from tests.security.test_crawl import PLACES, ended, inside, links_in, tokens_of
from tests.security.test_doors import address, routes
from tests.web.test_satisfaction import ELEMENTS

__all__ = ["paths"]
# What is printed or scanned for somebody else: a visitor's slip and receipt, the codes of a poster and of a tablet.
HANDED_OUT = {
    "reception.slip": {"status"},
    "counter.receipt": {"status"},
    "survey_points.one": {"poster", "tablet"},
}
QUERIES_A_PATH = {"supervisor": 3}  # of a page that can be asked in many ways
MOST = 1_200
# Every code on a page of the staff, and where it leads; a token in it is read as one beside it.
HERE = re.escape(PUBLIC_URL)
POINTS_TO = {
    "own_factor.app": r"otpauth://totp/.+",  # for one's own app
    "checklist.ticket": rf"{HERE}/offices/\d+/check-in",
    "checklist.address": rf"{HERE}/offices/\d+/check-in",
    "kiosk.door": rf"{HERE}/offices/\d+/check-in",
    "reception.slip": rf"{HERE}/v/\w{{26}}\?via=ticket",
    "counter.receipt": rf"{HERE}/v/\w{{26}}\?via=receipt",
    "survey_points.one": rf"{HERE}/(p|tablet)/\w{{26}}",
    "complaints.poster": rf"{HERE}/offices/\d+/voice\?via=poster",
}
PICTURES = (".png", ".jpg", ".jpeg", ".gif")


@pytest.fixture
def busy(web: Web, own: Things, foreign: Things) -> Things:
    """The office after a day on which links of every kind were given, opened and used."""
    office = own.office
    for kind, tokens in tokens_of(own, foreign).items():
        for token in tokens:
            for place in PLACES[kind]:
                web.client.get(place.format(token))
    office.asks_with("skm2017", service="A")
    for number in range(6):
        said = dict.fromkeys(ELEMENTS, str(1 + number % 4))
        office.says(ended(office).id, **said, comment="Terima kasih", jenis_kelamin="L")
    office.arrives("C")
    while office.transaction(served := office.dewi.serves(counter=2)).service_id != office.services["C"]:
        office.dewi.completes(served)
    office.dewi.completes_documents(served)  # with a receipt that is still worth scanning
    for place, name in (("/s/{}", "survey"), ("/p/{}", "poster"), ("/u/{}", "no_survey"), ("/v/{}/departure", "token")):
        ask(web, "POST", place.format(own[name]), go="send")
    office.agus.changes_contact(office.sari, email="sari.utami@example.org")
    enrolling.invite(office.streams, office.id, office.sari.id, office.agus.asks("invite"))
    return own


def secrets_of(office: DeskOffice) -> dict[str, str]:
    """Return every token that was given in this office, with its kind."""
    channels, key = [each.value for each in Channel], office.streams.keys.links
    found, known = dict[str, str](), set[str]()
    for row in office.rows(VisitorToken):
        for channel, generation in product(channels, (1, 2, 3)):
            kind = TokenKind(row.kind)
            token = derive(key, kind, row.subject_id, channel=channel, generation=generation)
            found[token] = kind.value
            known.add(hash_of(token))
    with office.streams.reading() as connection:
        codes = connection.execute(select(StaffCode.__table__)).all()
    for row in codes:
        token = derive(key, TokenKind.STAFF, row.delivery_id)
        found[token] = TokenKind.STAFF.value
        assert row.code_hash == hash_of(token)
    assert {row.token_hash for row in office.rows(VisitorToken)} <= known, "a token is given in a way nobody told here"
    return found


def text_of(answer: TestResponse) -> str:
    """Return all that can be read in an answer: every part of a zip, a PDF as it is drawn, codes; its headers too."""
    said, content = str(answer.headers), answer.get_data()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            pictures = [parts.read(each) for each in parts.namelist() if each.endswith(PICTURES)]
            scanned = " ".join(code for each in pictures for code in codes_in(each))
            texts = [each + parts.read(each).decode("utf-8", "replace") for each in parts.namelist()]
            return " ".join([said, scanned, *texts])
    if content.startswith(b"%PDF"):
        return f"{said} {words_of(content)[0]} {content.decode('latin-1')}"
    text = content.decode("utf-8", "replace")
    return " ".join([said, text, *codes_on(text)])


def found_in(said: str, secrets: dict[str, str]) -> set[str]:
    """Return of which kinds tokens stand in a text, in whatever case, and over the end of a line."""
    whole = "".join(said.split()).lower()
    return {kind for token, kind in secrets.items() if token in whole}


def reachable(app: Flask, browser: Web, things: Things, role: str) -> Iterator[tuple[str, TestResponse]]:
    """Yield every answer that somebody can fetch: all routes of staff, and what their pages lead to."""
    due = [address(rule, things) for rule, method in routes(app) if method == "GET" and is_for(role, rule.endpoint)]
    office = f"/offices/{things.office.id}"
    due += [f"{office}/reception/visits/{each.id}" for each in things.office.rows(Visit)]
    due += [f"{office}/transactions/{each.id}/receipt" for each in things.office.rows(TransactionRow)]
    seen, asked = set[str](), dict[str, int]()
    while due:
        path = due.pop()
        bare = path.partition("?")[0]
        if path in seen or asked.get(bare, 0) >= QUERIES_A_PATH.get(role, 1) or endpoint_of(app, bare) is None:
            continue
        seen.add(path)
        asked[bare] = asked.get(bare, 0) + 1
        assert len(seen) < MOST, path
        answer = browser.client.get(path, buffered=True)
        assert answer.status_code < 500, path
        yield path, answer
        if answer.mimetype == "text/html":
            due += inside(path, links_in(answer.get_data(as_text=True)))


def is_for(role: str, endpoint: str) -> bool:
    who = PAGES[endpoint][1]
    return role in who and who != ANYBODY


def endpoint_of(app: Flask, path: str) -> str | None:
    """Return what answers an address; None for what everybody may open, and for what is not fetched."""
    try:
        endpoint, _ = app.url_map.bind("").match(path, "GET")
    except Exception:  # noqa: BLE001 -- no route, or none that is fetched
        return None
    return None if PAGES[endpoint][1] == ANYBODY else str(endpoint)


@pytest.mark.parametrize("role", PEOPLE)
def test_staff_never_read_one(
    web_app: Flask, web: Web, busy: Things, caplog: pytest.LogCaptureFixture, role: str
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets, browser, kinds = secrets_of(busy.office), web.as_(PEOPLE[role]), set[str]()
    coded = set[str]()
    assert set(secrets.values()) == {each.value for each in TokenKind}
    for path, answer in reachable(web_app, browser, busy, role):
        endpoint = endpoint_of(web_app, path.partition("?")[0]) or ""
        assert found_in(text_of(answer), secrets) <= HANDED_OUT.get(endpoint, set()), path
        kinds.add(answer.mimetype)
        codes = codes_on(answer.get_data(as_text=True)) if answer.mimetype == "text/html" else []
        wanted = [re.fullmatch(POINTS_TO[endpoint], each) for each in codes]
        assert all(wanted), (path, codes)
        coded |= {endpoint} if codes else set()

    for rule, method in routes(web_app):
        if method == "POST" and is_for(role, rule.endpoint) and rule.endpoint != "signin.leave":
            assert found_in(text_of(ask(browser, "POST", address(rule, busy))), secrets) == set(), rule
    assert found_in(caplog.text, secrets) == set()
    assert coded == {each for each in POINTS_TO if is_for(role, each)}
    if role == "supervisor":
        assert kinds >= {"text/html", "text/csv", "application/pdf"}
        assert len([each for each in kinds if "openxmlformats" in each]) == 2
    if role == "auditor":
        assert any("json" in each for each in kinds), kinds


def test_programs_never_read_one(web_app: Flask, api: Api, busy: Things, paths: dict[str, str]) -> None:
    secrets = secrets_of(busy.office)
    for role in PEOPLE:
        token = grant(busy.office.streams, busy.office.id, PEOPLE[role], Role(role))
        headers = {"Authorization": f"Bearer {token}"}
        for name, entrance in API.items():
            path = f"/api/v1{filled(paths[name], entrance, busy)}"
            body: dict[str, Any] = {} if entrance.method == "GET" else {"json": {}}
            answer = api.client.open(path, method=entrance.method, headers=headers, **body)
            assert found_in(text_of(answer), secrets) == set(), (role, name)


def test_a_token_in_any_of_these_is_found() -> None:
    """Else the tests above would say nothing."""
    token, packed, scanned = "a2b3c4d5e6f7" * 2 + "zz", io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("xl/sharedStrings.xml", f"<t>http://desk.example/s/{token.upper()}</t>")
    with zipfile.ZipFile(scanned, "w") as parts:
        picture = io.BytesIO()
        segno.make(f"http://desk.example/s/{token}").save(picture, kind="png", scale=4)
        parts.writestr("word/media/image1.png", picture.getvalue())
    drawn = f"<p>{qr_picture(f'http://desk.example/s/{token}')}</p>".encode()
    broken = f"/s/{token[:9]}\n  {token[9:]}".encode()
    for content in (token.encode(), broken, packed.getvalue(), scanned.getvalue(), drawn):
        answer = TestResponse([content], "200 OK", {}, None)  # type: ignore[arg-type]
        assert found_in(text_of(answer), {token: "survey"}) == {"survey"}
