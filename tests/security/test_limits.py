"""How often anybody may try: per address or known device, over all processes, POSTs only, in words of theirs."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, session

from desk.domain.signing_in import How
from desk.settings import Settings
from desk.web import limits
from desk.web.accounts.half_way import begin_half
from tests.fixtures.office import DeskOffice
from tests.fixtures.second_factors import phone_of
from tests.fixtures.web import PASSWORD, PUBLIC_URL, Web
from tests.security.conftest import Things
from tests.security.doors import ANYBODY, PAGES
from tests.security.test_sessions import sign_in

ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}
ROOT = Path(__file__).parents[2]
_NUMBERS = count()
SEVERAL = """
import sys
from pathlib import Path
from desk.app import create_app
from desk.settings import Settings
client = create_app(Settings(data=Path(sys.argv[1]), database_url=sys.argv[2], testing=True)).test_client()
for _ in range(int(sys.argv[3])):
    with client.session_transaction() as session:
        session["csrf_token"] = "x"
    from itsdangerous import URLSafeTimedSerializer
    token = URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token").dumps("x")
    print(client.post("/sign-in", data={"csrf_token": token, "username": "", "password": ""}).status_code)
"""


def wrong(browser: Web, times: int, **options: Any) -> list[int]:
    """Try a wrong password so many times, each for a name of its own, and return the statuses."""
    names = (f"tidak.ada.{next(_NUMBERS)}" for _ in range(times))
    return [sign_in(browser, name, password="salah", **options).status_code for name in names]


@pytest.fixture
def stored_web(desk_office: DeskOffice, web: Web, tmp_path: Path) -> Iterator[Web]:
    """A browser at an application that counts in the real store."""
    from desk.app import create_app

    settings = Settings(data=tmp_path / "data", database_url=desk_office.url, base_url=PUBLIC_URL, testing=True)
    app: Flask = create_app(settings)
    app.extensions["desk"] = replace(app.extensions["desk"], streams=desk_office.streams)
    yield Web(app, desk_office, web._lint)
    for limiter in app.extensions["limiter"]:
        limiter.storage.close()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_everything_that_anybody_may_send_is_limited() -> None:
    public = {endpoint for endpoint, (method, who) in PAGES.items() if method == "POST" and who == ANYBODY}
    assert public - limits.LIMITS.keys() == set()
    assert limits.LIMITS.keys() <= PAGES.keys()  # some of the staff's are limited too: what costs, and codes


@pytest.mark.parametrize("language", ["id", "en"])
def test_too_many_tries_are_a_page_that_says_when(web: Web, language: str) -> None:
    web.speak(language)
    assert wrong(web, 30) == [422] * 30
    page = web.post("/sign-in", status=429, username="sari.kpknl", password=PASSWORD)
    assert 0 < int(page.headers["Retry-After"]) <= 61
    assert {"id": "Coba lagi dalam 1 menit", "en": "Try again in 1 minute."}[language] in page.said


def test_the_limit_is_of_an_address(web: Web) -> None:
    assert wrong(web, 31)[-1] == 429
    assert wrong(web.another(), 1) == [429]
    assert wrong(web.another(), 1, environ_base=ELSEWHERE) == [422]


def test_only_posts_count(web: Web) -> None:
    for _ in range(40):
        web.get("/sign-in")
        web.client.head("/sign-in")
    assert wrong(web, 1) == [422]
    assert wrong(web, 30)[-1] == 429
    web.get("/sign-in")


def test_a_claimed_address_counts_for_nothing(web: Web) -> None:
    for number in range(30):
        wrong(web, 1, headers={"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": "::1", "Forwarded": "for=1"})
    assert wrong(web, 1, headers={"X-Forwarded-For": "203.0.113.99"}) == [429]


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_who_holds_a_network_is_one_address(given: str, counted: str) -> None:
    with Flask("addresses").test_request_context("/", environ_base={"REMOTE_ADDR": given}):
        assert limits.address() == counted


def test_right_passwords_use_nothing_up(web: Web) -> None:
    for _ in range(6):
        assert sign_in(web.another()).status_code == 303


def test_at_the_second_step_only_who_is_half_way_in_counts(web: Web) -> None:
    """Strangers without a first step are refused cheaply, and shut it for nobody: not for thirty colleagues either."""
    for _ in range(30):
        web.post("/sign-in/second-factor", status=303, code="123456")
    web.post("/sign-in/second-factor", status=429, code="123456")
    phone = phone_of(web, "Sari")
    at, engine = web.office.clock.now, web.office.streams.engine
    for _ in range(31):
        colleague = web.another()
        with web.app.test_request_context():
            begin_half(engine, web.office.sari.id, how=How.PASSWORD, wanted="", has_factor=True, at=at)
            kept = {**session}
        with colleague.client.session_transaction() as cookie:
            cookie.update(kept)
        colleague.post("/sign-in/second-factor", status=422, code="")
    colleague.post("/sign-in/second-factor", status=303, code=phone.code())


def test_the_store_holds_no_name(stored_web: Web, tmp_path: Path) -> None:
    for _ in range(6):
        sign_in(stored_web, password="salah")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("limits.db*"))
    assert b"sari" not in kept
    assert bool(kept) == stored_web.office.url.startswith("sqlite")


def test_the_limit_holds_over_processes(stored_web: Web, desk_office: DeskOffice, tmp_path: Path) -> None:
    """Three processes of twelve tries each, and this one: thirty get through, whoever comes first."""
    command = [sys.executable, "-c", SEVERAL, str(tmp_path / "data"), desk_office.url, "12"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(3)]
    said = [process.communicate(timeout=120)[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    statuses = [int(each) for one in said for each in one]
    assert (statuses.count(422), statuses.count(429)) == (30, 6)
    assert wrong(stored_web, 1) == [429]


def test_taking_numbers_is_limited_too(web: Web, own: Things) -> None:
    path = f"/offices/{own['office_id']}/visits"
    statuses = [
        web.client.post(path, data={"csrf_token": web.csrf_token(), "service": own["service_id"]}).status_code
        for _ in range(61)
    ]
    assert statuses == [303] * 60 + [429]


def test_answering_and_leaving_are_limited_too(web: Web, own: Things) -> None:
    places = ((f"/s/{own['survey']}", 240), (f"/v/{own['token']}/departure", 30), ("/v/x/open-matters/1", 60))
    for path, most in places:
        statuses = [web.client.post(path, data={"csrf_token": web.csrf_token()}).status_code for _ in range(most + 1)]
        assert statuses.index(429) == most, path
