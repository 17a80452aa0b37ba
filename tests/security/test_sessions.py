"""Sessions of staff: new at sign-in, over at sign-out, at once for whoever is disabled; cookies nobody else reads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.http import parse_cookie
from werkzeug.test import create_environ

from desk.domain.tokens import hash_of
from desk.models import Membership, Person, StaffSession
from desk.operations.accounts.passwords import renew
from desk.settings import Settings
from desk.web.accounts.sessions import is_signed_in
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import PASSWORD, PUBLIC_URL, Web, everything
from tests.security.test_headers import database_away

COOKIE = "desk"


def cookie_of(browser: Web) -> str:
    """Return the cookie as somebody who listens would have it."""
    found = browser.client.get_cookie(COOKIE)
    assert found is not None
    return str(found.value)


def holding(browser: Web, cookie: str) -> Web:
    """Return another browser that was given this cookie."""
    thief = browser.another()
    thief.client.set_cookie(COOKIE, cookie)
    return thief


def secret_of(browser: Web) -> str:
    with browser.client.session_transaction() as session:
        return str(session["_user_id"])


def sign_in(browser: Web, username: str = "sari.kpknl", password: str = PASSWORD, **options: Any) -> Any:
    """Send the sign-in form of this browser and return the answer."""
    fields = {"csrf_token": browser.csrf_token(), "username": username, "password": password}
    return browser.client.post("/sign-in", data=fields, **options)


def sessions(office: DeskOffice) -> list[Any]:
    with office.streams.reading() as connection:
        return list(connection.execute(select(StaffSession).order_by(StaffSession.started_at)).all())


@pytest.fixture
def console(desk_office: DeskOffice) -> str:
    """A page for officers."""
    return f"/offices/{desk_office.id}/counter"


def test_a_planted_cookie_does_not_become_signed_in(web: Web, console: str) -> None:
    web.get("/sign-in")
    planted = cookie_of(web)
    thief = holding(web, planted)
    assert sign_in(web).status_code == 303
    web.get(console)
    assert cookie_of(web) != planted
    thief.get(console, status=302)


def test_a_form_token_from_before_the_sign_in_is_worth_nothing_after_it(web: Web, console: str) -> None:
    web.get("/sign-in")
    before = web.csrf_token()
    sign_in(web)
    answer = web.client.post(f"{console.removesuffix('counter')}duty/end", data={"csrf_token": before})
    assert answer.status_code == 400


def test_every_sign_in_has_a_secret_of_its_own_and_ends_the_one_before(web: Web, console: str) -> None:
    sign_in(web)
    first, cookie = secret_of(web), cookie_of(web)
    sign_in(web)
    assert secret_of(web) != first
    holding(web, cookie).get(console, status=302)
    web.get(console)
    assert [row.ended_at is None for row in sessions(web.office)] == [False, True]


def test_a_cookie_captured_before_the_sign_out_is_refused_after_it(web: Web, console: str) -> None:
    sari = web.as_("Sari")
    captured = cookie_of(sari)
    thief = holding(sari, captured)
    thief.get(console)
    sari.post("/sign-out")
    sari.get(console, status=302)
    thief.get(console, status=302)
    assert thief.client.post("/sign-out", data={"csrf_token": thief.csrf_token()}).status_code == 401


def test_signing_out_on_one_device_leaves_the_other(web: Web, console: str) -> None:
    desk, phone = web.as_("Sari"), web.as_("Sari")
    phone.post("/sign-out")
    desk.get(console)


def test_disabling_a_person_ends_everything_at_once(web: Web, console: str) -> None:
    devices = [web.as_("Sari"), web.as_("Sari")]
    office = web.office
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.sari.id).values(disabled_at=office.clock.now))
    for device in devices:
        device.get(console, status=302)
        device.post(f"{console.removesuffix('counter')}duty/end", status=401)
    assert sign_in(web).status_code == 422


def test_a_new_password_ends_every_session(web: Web, console: str) -> None:
    sari = web.as_("Sari")
    password = renew(web.office.streams, "sari.kpknl")
    sari.get(console, status=302)
    assert sign_in(web).status_code == 422
    assert sign_in(web, password=password).status_code == 303


def test_a_changed_role_takes_effect_with_the_next_request(web: Web, console: str) -> None:
    sari, office = web.as_("Sari"), web.office
    today = f"/offices/{office.id}/today"
    sari.get(today, status=403)
    mine = update(Membership).where(Membership.person_id == office.sari.id)
    with office.streams.setting_up() as connection:
        connection.execute(mine.values(role="auditor"))
    sari.get(today)
    sari.get(console, status=403)
    with office.streams.setting_up() as connection:
        connection.execute(Membership.__table__.delete().where(Membership.person_id == office.sari.id))
    sari.get(today, status=403)
    sari.get("/")


def test_a_session_ends_by_itself(web: Web, console: str) -> None:
    sari = web.as_("Sari")
    web.office.clock.tick(timedelta(hours=12).total_seconds() - 1)
    sari.get(console)
    web.office.clock.tick(1)
    sari.get(console, status=302)


def test_only_the_hash_of_a_session_is_kept(web: Web) -> None:
    sari = web.as_("Sari")
    secret = secret_of(sari)
    assert len(secret) >= 43
    kept = everything(web.office)
    assert secret not in repr(kept)
    assert hash_of(secret) in repr(kept[StaffSession.__tablename__])


def test_looking_up_a_session_takes_no_lock(web: Web, console: str) -> None:
    """Every page of staff looks its session up: it must neither wait for who writes nor make them wait."""
    sari = web.as_("Sari")
    with web.office.streams.engine.begin():
        sari.get(console)
        sari.get(f"{console.removesuffix('counter')}changes?since=0")


def test_an_altered_cookie_is_no_session(web: Web, console: str) -> None:
    sari = web.as_("Sari")
    payload, _, rest = cookie_of(sari).partition(".")
    for forged in (payload, f"{payload}.", f"{payload}A.{rest}", f"{payload}.{rest[:-2]}xx", "", "\x00", "a" * 3900):
        holding(sari, forged).get(console, status=302)


def flags_of(answer: Any, ending: str = "desk") -> dict[str, Any]:
    """Return the name of the cookie an answer sets whose name ends so, and its attributes in lower case."""
    (header,) = [each for each in answer.headers.getlist("Set-Cookie") if each.partition("=")[0].endswith(ending)]
    pair, *attributes = header.split("; ")
    return {
        "name": pair.partition("=")[0],
        **{each.partition("=")[0].lower(): each.partition("=")[2] for each in attributes},
    }


def test_the_cookie_is_read_by_the_server_only(web: Web) -> None:
    flags = flags_of(sign_in(web))
    assert flags == {"name": COOKIE, "httponly": "", "samesite": "Lax", "path": "/"}


@pytest.fixture
def tls_web(desk_office: DeskOffice, web: Web, tmp_path: Path) -> Iterator[Web]:
    """A browser at an installation behind TLS."""
    from desk.app import create_app

    settings = Settings(
        data=tmp_path / "tls", database_url=desk_office.url, base_url=PUBLIC_URL, tls=True, limits_url="memory://"
    )
    app: Flask = create_app(settings)
    app.extensions["desk"] = replace(app.extensions["desk"], streams=desk_office.streams)
    yield Web(app, desk_office, web._lint)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_under_tls_the_cookie_belongs_to_this_host_alone(tls_web: Web, console: str) -> None:
    secure = {"base_url": "https://desk.example/"}
    page = tls_web.get("/sign-in", **secure)
    fields = {**page.form("/sign-in"), "username": "sari.kpknl", "password": PASSWORD}
    answer = tls_web.client.post("/sign-in", data=fields, **secure)
    assert answer.status_code == 303
    flags = flags_of(answer)
    assert flags == {"name": "__Host-desk", "secure": "", "httponly": "", "samesite": "Lax", "path": "/"}
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    tls_web.get(console, **secure)


def test_public_pages_keep_nothing_in_the_database_and_sign_nobody_in(web: Web) -> None:
    before = everything(web.office)
    answer = web.client.get(f"/offices/{web.office.id}/kiosk/services/{web.office.services['A']}")
    kept = parse_cookie("; ".join(answer.headers.getlist("Set-Cookie")))
    assert set(kept) - {"HttpOnly", "Path", "SameSite"} == {COOKIE}
    assert everything(web.office) == before


def is_known(browser: Web, cookie: str | None = None) -> bool:
    """Tell whether somebody with this cookie is taken for signed in before anything of the body is read."""
    app = browser.client.application
    environ = create_environ("/", method="POST", headers={"Cookie": f"{COOKIE}={cookie or cookie_of(browser)}"})
    return is_signed_in(app, environ)


class TestBeforeTheBodyIsRead:
    """Who may have a place for a large body."""

    def test_only_who_is_signed_in(self, web: Web) -> None:
        web.get("/sign-in")
        assert not is_known(web)
        assert not is_known(web, "nonsense")
        sari = web.as_("Sari")
        cookie = cookie_of(sari)
        assert is_known(sari)
        assert not is_known(sari, cookie[:-1])
        sari.post("/sign-out")
        assert not is_known(sari, cookie)

    def test_without_a_database_nobody_is(self, web: Web) -> None:
        sari = web.as_("Sari")
        with database_away(web):
            assert not is_known(sari)
