"""The sign-in page: what it says, where it leads, what it keeps, and what it does not tell."""

from typing import Any
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from desk.models import Person
from desk.web.accounts import sessions
from tests.fixtures.web import PASSWORD, Answer, Web

ELSEWHERE = (
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "/\n//evil.example", "\t//evil.example", " //evil.example", "http:evil.example",
    "http:/evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example",
    "/\x00/evil.example", "//evil.example@desk", "/..//evil.example", "/.//evil.example", "/%2e%2e//evil.example",
    "/%09/evil.example", "/%5cevil.example", "https:desk.example",
)  # fmt: skip
SARI = {"username": "sari.kpknl", "password": PASSWORD}


def enter(web: Web, *, status: int = 303, path: str = "/sign-in", **changed: Any) -> Answer:
    """Fill the form in and send it."""
    return web.send(web.get(path), "/sign-in", status=status, **{**SARI, **changed})


def disable(web: Web, name: str) -> None:
    person = web.office.people[name].id
    with web.office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == person).values(disabled_at=web.office.clock.now))


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_form_says_whom_it_is_for(web: Web, language: str) -> None:
    web.speak(language)
    page = web.get("/sign-in")
    assert {"id": "Masuk", "en": "Sign in"}[language] in page.said
    assert page.form("/sign-in").keys() == {"csrf_token", "next", "username", "password"}


@pytest.mark.parametrize(
    ("name", "place"),
    [("Sari", "counter"), ("Joko", "counter"), ("Budi", "today"), ("Ratna", "today"), ("Agus", "gaps")],
)
def test_everybody_comes_to_the_page_of_their_work(web: Web, name: str, place: str) -> None:
    came = enter(web, username=f"{name.lower()}.kpknl")
    assert came.location == f"/offices/{web.office.id}/{place}"
    web.follow(came)


def test_who_is_signed_in_is_sent_on(web: Web) -> None:
    enter(web)
    assert web.get("/sign-in", status=302).location == f"/offices/{web.office.id}/counter"
    assert web.get("/sign-in?next=/healthz", status=302).location == "/healthz"


def test_the_user_name_may_be_written_in_capitals_and_with_blanks(web: Web) -> None:
    enter(web, username="  Sari.KPKNL ")


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_wrong_password_keeps_the_name_and_says_what_is_wrong(web: Web, language: str) -> None:
    web.speak(language)
    page = enter(web, status=422, username="sari.kpknl", password="rahasia")
    assert page.form("/sign-in")["username"] == "sari.kpknl"
    assert page.form("/sign-in")["password"] == ""
    assert "rahasia" not in page.text
    sentence = {"id": "kata sandi tidak benar", "en": "User name or password is not right."}[language]
    assert sentence in page.said


@pytest.mark.parametrize("changed", [{"username": ""}, {"password": ""}, {"username": " \x00 "}, {"password": None}])
def test_what_is_missing_is_asked_for(web: Web, changed: dict[str, Any]) -> None:
    page = enter(web, status=422, **changed)
    assert 'aria-invalid="true"' in page.text


def test_odd_names_and_passwords_are_wrong_ones(web: Web) -> None:
    odd = ("\x00", "' OR 1=1 --", "😀" * 60, "İ" * 80, "a" * 81, "x" * 20_000, "${7*7}", "\ud800")
    for field in ("username", "password"):
        for number, each in enumerate(odd):
            name = ("sari", "dewi", "joko", "budi")[number % 4]  # nobody often enough to have to wait
            given = {"username": f"{name}.kpknl", field: each.encode("utf-8", "replace").decode()}
            page = enter(web, status=422, **given)
            assert "49" not in page.form("/sign-in")["username"]


def test_an_answer_does_not_tell_who_exists(web: Web) -> None:
    """Somebody with a wrong password, nobody, somebody disabled, somebody without a password: one answer."""
    disable(web, "Joko")
    with web.office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == web.office.dewi.id).values(password_hash=None))
    answers = []
    for username in ("sari.kpknl", "tidak.ada", "joko.kpknl", "dewi.kpknl"):
        password = PASSWORD if username in ("joko.kpknl", "dewi.kpknl") else "salah"
        page = enter(web.another(), status=422, username=username, password=password)
        form = page.form("/sign-in")
        answers.append(
            (
                page.said,
                page.queries,
                sorted(page.headers.keys()),
                page.text.replace(username, "").replace(form["csrf_token"], ""),
            )
        )
    assert all(each == answers[0] for each in answers)


def test_every_refusal_costs_the_same(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """One verification by argon2id each, of a hash of the usual price where there is none."""
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, *given: str | bytes) -> bool:
            verified.append(str(given[0]))
            return super().verify(*given)

    monkeypatch.setattr(sessions, "HASHER", Counting())
    disable(web, "Joko")
    for username in ("sari.kpknl", "tidak.ada", "joko.kpknl"):
        enter(web.another(), status=422, username=username, password="salah")
    assert len(verified) == 3
    assert verified[1].startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_the_language_chosen_before_stays(web: Web) -> None:
    web.get("/sign-in?language=en")
    assert "Counter" in web.follow(enter(web)).text
    web.post("/sign-out")
    assert "You are signed out." in web.get("/sign-in").said


@pytest.mark.parametrize("path", ["/healthz", "/offices/1/counter?transaction=5", "/offices/1/today?q=A%20007&late=1"])
def test_one_comes_to_the_page_that_was_asked_for(web: Web, path: str) -> None:
    assert enter(web, path=f"/sign-in?next={quote(path)}").location == path


def test_a_page_of_staff_is_remembered_through_the_sign_in(web: Web) -> None:
    asked = web.get(f"/offices/{web.office.id}/counter?transaction=5", status=302)
    assert enter(web, path=asked.location).location == f"/offices/{web.office.id}/counter?transaction=5"


def test_nobody_is_led_to_another_site(web: Web) -> None:
    for elsewhere in ELSEWHERE:
        browser = web.another()
        page = browser.get(f"/sign-in?next={quote(elsewhere)}")
        came = browser.send(page, "/sign-in", **SARI, next=elsewhere)
        again = browser.get(f"/sign-in?next={quote(elsewhere)}", status=302)
        for location in (came.location, again.location):
            assert location.startswith("/"), elsewhere
            assert location[1:2] not in ("/", "\\", "\t", "\n", "\r"), elsewhere
            assert not any(ord(each) < 33 for each in location), elsewhere


def test_signing_out_takes_a_form(web: Web) -> None:
    sari = web.as_("Sari")
    sari.get("/sign-out", status=405)
    sari.get(f"/offices/{web.office.id}/counter")
    left = sari.send(sari.get(f"/offices/{web.office.id}/counter"), "/sign-out")
    assert left.location == "/sign-in"
    assert "Anda sudah keluar" in sari.follow(left).said


def test_the_form_without_its_token_is_no_sign_in(web: Web) -> None:
    page = web.post("/sign-in", status=400, csrf=False, **SARI)
    assert "Set-Cookie" not in page.headers or "_user_id" not in page.headers["Set-Cookie"]
    web.get(f"/offices/{web.office.id}/counter", status=302)
