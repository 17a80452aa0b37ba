"""The first run: with the token, one office and its administrator, all or nothing; without it, nothing."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from desk.app import create_app
from desk.cli import database
from desk.cli.first_run import lines_without_office
from desk.cli.main import main
from desk.models import Membership, Office, OfficeLogo, Person, SetupToken
from desk.operations.opening.first_run import offer_token, renew_token
from desk.reads.doctor import examine
from desk.settings import Settings
from desk.web.accounts.sessions import check_password
from tests.fixtures.office import Clock
from tests.fixtures.page_lint import Lint
from tests.fixtures.pictures import picture
from tests.fixtures.web import Web

PASSWORD = "kuda laut di pelabuhan"
FILLED = {
    "name": "KPKNL Bandung", "zone": "Asia/Jakarta", "language": "id", "address": "Jalan Asia Afrika 114",
    "person": "Agus Salim", "username": "Agus", "email": "agus@kpknl.example.id",
    "password": PASSWORD, "again": PASSWORD,
}  # fmt: skip


def prepare_empty(url: str) -> None:
    """A database without an office."""
    database.upgrade(url)


@dataclass
class Empty:
    """An installation without an office, its browsers and its clock."""

    settings: Settings
    app: Flask
    lint: Lint
    clock: Clock = field(default_factory=lambda: Clock(datetime(2026, 3, 2, 1, tzinfo=UTC)))

    def __post_init__(self) -> None:
        self.streams = self.app.extensions["desk"].streams
        self.streams.clock = self.clock

    def browser(self) -> Web:
        """Return a browser of its own."""
        return Web(self.app, SimpleNamespace(engine=self.streams.engine), self.lint)  # type: ignore[arg-type]

    def sends(self, **changed: Any) -> Any:
        """Send the form, filled in but for this, from a browser of its own; None leaves a field out."""
        browser = self.browser()
        given = {name: value for name, value in {**FILLED, **changed}.items() if value is not None}
        given["csrf_token"] = browser.csrf_token()
        answer = browser.client.post("/set-up", data=given, content_type="multipart/form-data")
        if answer.status_code != 303:
            self.lint(answer.text, path="/set-up")
        return answer

    def refuses(self, **changed: Any) -> str:
        """Send the form and return the page that says what is wrong; nothing is kept then."""
        answer = self.sends(**changed)
        assert answer.status_code == 422, answer.status_code
        assert not any(self.rows(model) for model in (Office, Person, OfficeLogo))
        page: str = answer.text
        return page

    def rows(self, model: Any) -> list[Any]:
        """Return all rows of a table."""
        with self.streams.reading() as connection:
            return list(connection.execute(select(model.__table__)).all())


@pytest.fixture
def empty(fresh_database: Any, tmp_path: Any, lint: Lint) -> Any:
    """That installation; nobody has signed in, and nobody can."""
    url = fresh_database(prepare_empty)
    settings = Settings(data=tmp_path / "data", database_url=url, limits_url="memory://", testing=True)
    app = create_app(settings)
    app.extensions["limiter"].copy().pop().enabled = False
    made = Empty(settings, app, lint)
    yield made
    made.streams.engine.dispose()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_one_page_opens_the_office_and_is_gone(empty: Empty) -> None:
    browser, token = empty.browser(), offer_token(empty.streams)
    assert token and token not in repr(empty.rows(SetupToken))
    assert 'href="/set-up"' in browser.get("/").text
    page = browser.get("/set-up?language=en")
    assert token not in page.text and "WITA – Asia/Makassar" in page.text and "Europe/Berlin" in page.text
    logo = (BytesIO(picture(size=(2000, 500), color="red")), "logo.exe")
    sent = {**FILLED, "token": f" {token.upper()} ", "logo": logo, "csrf_token": browser.csrf_token()}

    done = browser.client.post("/set-up", data=sent, content_type="multipart/form-data")

    assert (done.status_code, done.headers["Location"]) == (303, "/offices/1/checklist")
    said = browser.get("/offices/1/checklist").said
    assert "The office is open" in said and "No number can be called yet" in said
    (office,), (person,) = empty.rows(Office), empty.rows(Person)
    assert (office.code, office.name, office.zone, office.address) == (
        "kpknl-bandung", "KPKNL Bandung", "Asia/Jakarta", "Jalan Asia Afrika 114",
    )  # fmt: skip
    assert (person.username, person.email) == ("agus", "agus@kpknl.example.id")
    assert [row.role for row in empty.rows(Membership)] == ["admin"]
    assert check_password(empty.streams.engine, "agus", PASSWORD) == person.id
    assert empty.rows(OfficeLogo)[0].width == 640
    with empty.streams.reading() as connection:
        assert examine(connection, empty.streams.keys.known) == []
    # Gone: for a reload, for a second press, and for the token.
    assert browser.get("/set-up", status=302).location == "/"
    assert empty.sends(token=token).headers["Location"] == "/sign-in"
    assert offer_token(empty.streams) is None and empty.rows(SetupToken) == []
    assert [row.name for row in empty.rows(Office)] == ["KPKNL Bandung"]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(empty: Empty, caplog: Any) -> None:
    first = offer_token(empty.streams)
    for wrong in ("", "aaaa-bbbb-cccc-dddd", "é" * 400):
        assert 'id="token-error"' in empty.refuses(token=wrong)
    page = empty.refuses(token=first, logo=(BytesIO(b"<svg/>"), "logo.svg"), zone="Mars/Olympus", again="another")
    for words in ("KPKNL Bandung", "Jalan Asia Afrika 114", "Agus Salim", "agus@kpknl.example.id"):
        assert words in page
    assert PASSWORD not in page
    for fault in ("logo", "zone", "again"):
        assert f'id="{fault}-error"' in page
    assert 'id="token-error"' not in page
    bad: dict[str, tuple[str, ...]] = {
        "username": ("   ", "Agus Salim!", "ag", ".agus"),
        "zone": ("localtime", "Factory", "posix/Asia/Jakarta", "right/UTC", "posixrules"),
    }
    bad |= {"password": ("kata", "qwertyuiop1234567890", "agusagusagus"), "email": ("agus@",), "name": ("", "x" * 201)}
    for name, values in bad.items():
        for value in values:
            assert f'id="{name}-error"' in empty.refuses(token=first, **{name: value}), (name, value)
    assert first not in caplog.text and "aaaa-bbbb" not in caplog.text
    # A new one takes the place of the old one, and none works for more than a day.
    second = renew_token(empty.streams)
    assert 'id="token-error"' in empty.refuses(token=first)
    empty.clock.tick(timedelta(hours=24).total_seconds())
    assert 'id="token-error"' in empty.refuses(token=second)
    assert offer_token(empty.streams) is not None


def test_who_chooses_english_goes_on_in_english(empty: Empty) -> None:
    browser, token = empty.browser(), offer_token(empty.streams)
    browser.get("/set-up?language=id")
    sent = {**FILLED, "token": token, "language": "en", "username": "Agus.Salim", "csrf_token": browser.csrf_token()}
    done = browser.client.post("/set-up", data=sent)
    page = browser.get(done.headers["Location"])
    assert 'lang="en"' in page.text and "The office is open." in page.said
    assert [(row.username, row.language) for row in empty.rows(Person)] == [("agus.salim", "en")]
    assert 'lang="en"' in empty.browser().get("/offices/1/kiosk").text
    assert 'href="/sign-in"' in empty.browser().get("/").text


def test_guessing_is_slowed_down(empty: Empty) -> None:
    for limiter in empty.app.extensions["limiter"]:
        limiter.enabled = True
    found = [empty.sends(token="aaaa").status_code for _ in range(12)]
    assert found[0] == 422 and found[-1] == 429


def test_the_token_is_printed_once_and_anew_on_wish(empty: Empty) -> None:
    told = [" ".join(lines_without_office(empty.settings, "http://desk.example")) for _ in range(2)]
    token = re.search(r"((?:[a-z2-9]{4}-){3}[a-z2-9]{4})", told[0])
    assert token and "http://desk.example/set-up" in told[0]
    assert "desk setup-token" in told[1] and not re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-", told[1])
    given = {"DESK_DATA": str(empty.settings.data), "DATABASE_URL": empty.settings.database_url}
    runner = CliRunner(env={**given, "DESK_BASE_URL": "http://desk.example"})
    here = CliRunner(env=given).invoke(main, ["setup-token"], catch_exceptions=False)
    assert "http://127.0.0.1:8000/set-up" in here.output  # where it answers, not the address on the network
    anew = runner.invoke(main, ["setup-token"], catch_exceptions=False)
    found = re.search(r": (\S+)$", anew.stdout.strip())
    assert anew.exit_code == 0 and found and found[1] != token[1]
    empty.clock.now = datetime.now(UTC)
    assert empty.sends(token=found[1]).status_code == 303
    assert runner.invoke(main, ["setup-token"]).exit_code == 3
    assert lines_without_office(empty.settings, "http://desk.example") == []
