"""When something fails: a page in words and no more, also without the database; the log says where, not what."""

import logging
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from desk.models.engine import sqlite
from desk.models.prepared import Prepared
from tests.fixtures.web import Web
from tests.security.conftest import Things
from tests.security.test_doors import address, routes
from tests.security.test_headers import database_away

UNAVAILABLE = {"id": "Sistem sedang tidak tersedia", "en": "The service is not available right now"}
CACHED = ("satisfaction_public.latest", "satisfaction_public.of_period", "identity.logo", "branding.sheet")
WATI = "wati.lestari@example.id"
DRIVERS = (
    OperationalError("SELECT", {}, sqlite.OperationalError("database is locked")),
    sqlite.OperationalError("database is locked"),
    psycopg.OperationalError("terminating connection due to administrator command"),
    psycopg.InterfaceError("connection already closed"),
    PoolExhausted("QueuePool limit of size 20 overflow 20 reached"),
)


def failing(app: Flask, error: Exception) -> None:
    """Add a page that fails with this error."""

    def view() -> None:
        raise error

    view.access = app.view_functions["home.index"].access  # type: ignore[attr-defined]
    app.add_url_rule("/fails", "fails", view, methods=["GET", "POST"])


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", [None, "Sari"])
def test_every_page_says_so_when_the_database_is_away(
    web_app: Flask, web: Web, own: Things, name: str | None, language: str
) -> None:
    """To whoever is signed in too, although nobody can be asked who that is."""
    browser = web if name is None else web.as_(name)
    browser.speak(language)
    still_there = {"probes.health", "probes.ready", "probes.metrics", "static", "complaints.code"}
    still_there |= {"pairing.page", "pairing.now", "phone_app.worker", "phone_app.offline"}
    if name is None:  # who carries no session is asked for nowhere
        still_there |= {"signin.form", "signin.forgotten", "invitation.form", "pairing.face", "pairing.settings"}
    with database_away(web):
        for rule, method in routes(web_app):
            if method != "GET" or rule.endpoint in still_there:
                continue
            answer = browser.client.get(address(rule, own))
            if answer.status_code not in (302, 303):  # nobody there, or nobody who has come half-way
                page = browser.get(address(rule, own), status=503)
                # A tablet speaks as whoever has been served; a page that caches may keep looks at no cookie.
                cookieless = rule.endpoint == "tablet.show" or rule.endpoint in CACHED
                spoken = "id" if cookieless else language
                assert UNAVAILABLE[spoken] in page.said, rule
                browser.speak(language)


def test_an_address_that_is_not_there_is_answered_without_the_database(web: Web) -> None:
    sari = web.as_("Sari")
    with database_away(web):
        assert UNAVAILABLE["id"] in sari.get("/nowhere", status=503).said
        web.get("/nowhere", status=404)


def test_it_stands_again_with_the_database(web: Web) -> None:
    sari = web.as_("Sari")
    console = f"/offices/{web.office.id}/counter"
    with database_away(web):
        sari.get(console, status=503)
    assert "Sari" in sari.get(console).text


@pytest.mark.parametrize("error", DRIVERS, ids=lambda error: type(error).__module__ + type(error).__name__)
def test_whatever_a_driver_raises_is_the_database_being_away(web_app: Flask, web: Web, error: Exception) -> None:
    failing(web_app, error)
    assert UNAVAILABLE["id"] in web.get("/fails", status=503).said


def test_the_api_says_when_to_come_back(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: Any) -> None:
        raise sqlite.OperationalError("database is locked")

    monkeypatch.setattr(Prepared, "all", locked)
    answer = web.client.get("/api/v1/offices", headers={"Authorization": "Bearer desk_x"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.get_json(force=True)["code"] == "busy"


def test_a_page_that_cannot_be_made_is_two_sentences(web_app: Flask, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> str:
        raise RuntimeError("no templates")

    monkeypatch.setattr("desk.web.errors.render_template", broken)
    answer = web.client.get("/nowhere")
    assert answer.status_code == 500
    assert answer.mimetype == "text/plain"
    assert "Coba lagi" in answer.text
    assert "Try again" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_fault_shows_nothing_of_itself(web_app: Flask, web: Web, language: str) -> None:
    web.speak(language)
    failing(web_app, ValueError(f"{WATI} <script>"))
    page = web.get("/fails", status=500)
    assert WATI not in page.text
    assert "Traceback" not in page.text
    assert "ValueError" not in page.text
    assert {"id": "gangguan", "en": "wrong"}[language] in page.said


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"could not convert {WATI}"),
        DataError("INSERT INTO visit_contacts …", {"email": WATI}, Exception(f"Failing row contains ({WATI})")),
    ],
    ids=["fault", "refused row"],
)
def test_the_log_says_where_it_failed_and_not_with_whose_data(
    web_app: Flask, web: Web, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    caplog.set_level(logging.DEBUG)
    caught = KeyError(WATI)
    error.__cause__ = caught
    failing(web_app, error)
    web.get(f"/fails?q={WATI}", status=500)
    assert f"{type(error).__name__}\n" in caplog.text
    assert "builtins.KeyError" in caplog.text
    assert "test_faults.py" in caplog.text
    assert "wati" not in caplog.text.lower()
    assert not any(record.exc_info for record in caplog.records)
