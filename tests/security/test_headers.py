"""Headers on every kind of answer: what may be loaded, framed, sniffed, passed on and kept."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from desk.domain.refusals import Reason, Refused
from desk.web.headers import POLICY
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web
from tests.security.conftest import Things, ask
from tests.security.test_doors import address, routes

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# What says nothing of a file that can only be a part of a page.
OF_PAGES = {"Content-Security-Policy", "X-Frame-Options", "Cross-Origin-Opener-Policy"}

# What anybody on the way may keep: files, and the pages that are the same for all.
KEPT = {
    "static": "public, max-age=3600",
    "satisfaction_public.latest": "public, max-age=300",
    "satisfaction_public.of_period": "public, max-age=300",
    "identity.logo": "public, max-age=300",
    "branding.sheet": "public, max-age=300",
    "announcements.called": "private, max-age=3600",  # words that stay what they are; by the display itself
    "announcements.tried": "private, max-age=3600",
    "read_aloud.said": "private, max-age=3600",
    "phone_app.worker": "no-cache",
    "phone_app.offline": "no-cache",
    "survey.form": "private, no-cache",  # by the visitor's own browser, until the answer is sent
    "posters.form": "private, no-cache",
    "survey.send": "private, no-cache",
    "posters.send": "private, no-cache",
    "complaints.form": "private, no-cache",
    "complaints.say": "private, no-cache",
}


def check(answer: Any, status: int, *, kept: str = "no-store") -> None:
    """Demand the status, each header once, and what may be kept."""
    assert answer.status_code == status
    is_part = answer.headers.get("Content-Type", "").startswith(("text/css", "image/png"))
    for name, value in ALWAYS.items():
        wanted = [] if is_part and name in OF_PAGES else [value]
        assert answer.headers.getlist(name) == wanted, (name, status)
    assert answer.headers.getlist("Cache-Control") == [kept]
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers


@contextmanager
def database_away(web: Web) -> Iterator[None]:
    """Let every statement fail, as when the database cannot be reached."""

    def fail(*_: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("the server closed the connection"))

    with web.app.app_context():
        engines = (web.office.engine, web.app.extensions["sqlalchemy"].engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", fail)


@pytest.fixture
def faulty(web_app: Flask, desk_office: DeskOffice) -> Flask:
    """The application with views that fail in each way there is."""

    def refuse() -> None:
        raise Refused(Reason.CLOSED_NOW)

    def invalid() -> None:
        raise Refused(Reason.INVALID)

    def fail() -> None:
        raise ValueError("Wati Lestari")

    def ask_database() -> None:
        with desk_office.streams.reading() as connection:
            connection.exec_driver_sql("SELECT 1")

    for view in (refuse, invalid, fail, ask_database):
        view.access = web_app.view_functions["home.index"].access  # type: ignore[attr-defined]
        web_app.add_url_rule(f"/{view.__name__}", view.__name__, view, methods=["GET", "POST"])
    return web_app


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    rules = dict(each.split(" ", 1) for each in POLICY.split("; "))
    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    assert not re.search(r"https?:|nonce|sha\d", POLICY)
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"


def test_every_route_answers_with_them(web_app: Flask, web: Web, own: Things) -> None:
    for browser in (web, web.as_("Budi")):
        for rule, method in routes(web_app):
            answer = ask(browser, method, address(rule, own))
            check(answer, answer.status_code, kept=KEPT.get(rule.endpoint, "no-store"))


@pytest.mark.parametrize(
    ("path", "is_part"),
    [
        ("/static/css/base.css", True), ("/static/js/once.js", True), ("/static/img/mark.svg", False),
        ("/static/js/nowhere.js", False), ("/v/worker.js", False), ("/offices/1/kiosk", False),
    ],
)  # fmt: skip
def test_a_part_of_a_page_goes_without_what_holds_for_pages(web: Web, path: str, is_part: bool) -> None:
    headers = web.client.get(path, buffered=True).headers
    assert OF_PAGES & set(headers.keys()) == (set() if is_part else OF_PAGES)
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_every_kind_of_answer_has_them(faulty: Flask, web: Web) -> None:
    sari, here = web.as_("Sari"), f"/offices/{web.office.id}"
    client = sari.client
    check(client.get(f"{here}/counter"), 200)
    check(web.client.get(f"{here}/counter"), 302)
    check(ask(sari, "POST", f"{here}/duty/end"), 303)
    etag = client.get(f"{here}/display/board").headers["ETag"]
    check(client.get(f"{here}/display/board", headers={"If-None-Match": etag}), 304)
    check(client.post(f"{here}/duty/end"), 400)
    check(ask(web, "POST", f"{here}/duty/end"), 401)
    check(client.get(f"{here}/today"), 403)
    check(client.get("/nowhere"), 404)
    check(client.post(f"{here}/counter"), 405)
    check(client.get("/refuse"), 409)
    check(client.post("/sign-in", data={"csrf_token": "x" * 300_000}), 413)
    check(client.get("/invalid"), 422)
    check(client.get("/fail"), 500)
    with database_away(web):
        check(client.get("/ask_database"), 503)
    for _ in range(31):
        limited = ask(web, "POST", "/sign-in", username="x", password="x")
    check(limited, 429)


def test_the_api_has_them_too(web: Web) -> None:
    client = web.client
    check(client.get("/api/v1/openapi.json"), 200)
    check(client.get("/api/v1/offices"), 401)
    check(client.get("/api/v1/nowhere"), 404)
    check(client.post("/api/v1/openapi.json"), 405)


def test_under_tls_browsers_are_told_to_stay_there(web: Web) -> None:
    assert "Strict-Transport-Security" not in web.client.get("/").headers
    for path in ("/", "/nowhere", "/static/css/base.css", "/api/v1/offices"):
        with web.client.get(path, base_url="https://desk.example") as answer:
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_an_error_below_static_is_kept_by_nobody(web: Web) -> None:
    """An address like a style sheet's must not bring somebody's page into a cache on the way."""
    sari = web.as_("Sari")
    for path in ("/static/nothing.css", "/static/", "/static/../desk/app.py", "/static/%2e%2e/desk/app.py"):
        check(sari.client.get(path), 404)
    page = sari.client.get(f"/offices/{web.office.id}/counter/now.css")
    check(page, 404)


def test_files_set_no_cookie(web: Web) -> None:
    with web.as_("Sari").client.get("/static/css/base.css") as answer:
        check(answer, 200, kept="public, max-age=3600")
        assert "Set-Cookie" not in answer.headers


def test_a_host_name_that_is_none_is_no_fault(web: Web) -> None:
    for host in ("evil.example", "[::1", "a b", "desk.example:x", "", "é.example"):
        answer = web.client.get("/", headers={"Host": host})
        assert answer.status_code in (200, 400)
        assert "evil.example" not in answer.text
