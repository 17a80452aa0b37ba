"""One's own account: the password, the sessions, confirming that it is oneself; choosing a password with a code."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from desk.domain.tokens import hash_of
from desk.models import Person, SignInRecord, StaffSession
from desk.operations.accounts.one_time_codes import make_code_for
from tests.fixtures.web import PASSWORD, Web
from tests.security.test_sessions import cookie_of, holding, secret_of, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
CHOSEN = "kucing makan ikan asin"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def open_sessions(web: Web, person: int) -> list[str]:
    with web.office.streams.reading() as connection:
        query = select(StaffSession.secret_hash).where(
            StaffSession.person_id == person, StaffSession.ended_at.is_(None)
        )
        return list(connection.execute(query).scalars())


def has_mail(web: Web, person: int) -> None:
    with web.office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == person).values(email="joko@kantor.example.go.id"))


def test_the_password_is_changed_by_who_knows_the_old_one(web: Web) -> None:
    """ASVS 6.2.2, 6.2.3, 7.2.4, 7.4.3."""
    sari, phone = web.as_("Sari"), web.as_("Sari")
    before, cookie = secret_of(sari), cookie_of(sari)
    page = sari.get("/account/password")
    for field in ("current", "password"):
        (found,) = [each for each in page.tree.named("input") if each.get("name") == field]
        assert found.get("type") == "password" and int(found.get("maxlength") or 200) >= 200, "200 characters"
    wrong = sari.send(page, "/account/password", status=422, current="salah", password=CHOSEN)
    assert "Ini bukan kata sandi Anda sekarang." in wrong.said
    short = sari.send(page, "/account/password", status=422, current=PASSWORD, password="pendek")
    assert "Gunakan paling sedikit 12 karakter." in short.said
    assert CHOSEN not in wrong.text and "salah" not in wrong.said
    done = sari.send(page, "/account/password", current=PASSWORD, password=CHOSEN)
    assert "Kata sandi Anda telah diganti." in sari.follow(done).said
    assert secret_of(sari) != before
    holding(sari, cookie).get("/account", status=302)
    phone.get("/account", status=302)
    assert sign_in(web).status_code == 422
    assert sign_in(web, password=CHOSEN).status_code == 303


def test_a_password_counts_exactly_as_typed(web: Web) -> None:
    """ASVS 6.2.8: no blank is cut off, no letter made small."""
    sari = web.as_("Sari")
    chosen = " Kucing Makan  Ikan "
    sari.send(sari.get("/account/password"), "/account/password", current=PASSWORD, password=chosen)
    assert sign_in(web.another(), password=chosen.strip()).status_code == 422
    assert sign_in(web.another(), password=chosen.lower()).status_code == 422
    assert sign_in(web.another(), password=chosen).status_code == 303


def test_guessing_the_old_password_slows_down(web: Web) -> None:
    sari = web.as_("Sari")
    page = sari.get("/account/password")
    for _ in range(5):
        sari.send(page, "/account/password", status=422, current="salah", password=CHOSEN)
    assert "Terlalu banyak" in sari.send(page, "/account/password", status=429, current=PASSWORD, password=CHOSEN).said
    confirm = sari.get("/account/confirmation")
    sari.send(confirm, "/account/confirmation", status=429, password=PASSWORD)


def test_sessions_are_seen_and_ended(web: Web) -> None:
    """ASVS 7.5.2."""
    sari = web.as_("Sari")
    phone = web.another()
    sign_in(phone, headers={"User-Agent": FIREFOX}, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    third = web.as_("Sari")
    page = sari.get("/account")
    assert "Firefox, Linux" in page.said and "203.0.113.0/24" in page.said and "203.0.113.77" not in page.text
    assert page.said.count("yang ini") == 1
    path = f"/account/sessions/{hash_of(secret_of(phone))[:16]}/end"
    dewi = web.as_("Dewi")
    dewi.post(path)
    phone.get("/account")
    sari.send(page, path)
    sari.post(path)
    sari.post("/account/sessions/nonsense/end", status=404)
    phone.get("/account", status=302)
    third.get("/account")
    sari.send(sari.get("/account"), "/account/sessions/others/end")
    third.get("/account", status=302)
    sari.get("/account")
    dewi.get("/account")
    with web.office.streams.reading() as connection:
        ended = select(SignInRecord.person_id).where(SignInRecord.outcome == "ended")
        assert connection.execute(ended).scalars().all() == [web.office.sari.id] * 2


def test_what_changes_access_wants_it_shown_again(web: Web) -> None:
    """ASVS 7.5.1, 7.5.3: after ten minutes, and back to where one was."""
    agus, office = web.as_("Agus"), web.office
    path = f"/offices/{office.id}/staff/{office.joko.id}/access"
    agus.get(path)
    office.clock.tick(600)
    led = agus.get(path, status=303)
    page = agus.follow(led)
    before = secret_of(agus)
    agus.send(page, "/account/confirmation", status=422, password="salah")
    back = agus.send(page, "/account/confirmation", password=PASSWORD)
    assert back.location == path
    assert secret_of(agus) != before
    agus.follow(back)
    office.clock.tick(600)
    late = agus.post(f"/offices/{office.id}/staff/{office.joko.id}/code")
    assert late.location.startswith("/account/confirmation?next=")
    assert "Belum ada yang diubah" in agus.follow(late).said
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        sent = agus.post("/account/confirmation", password=PASSWORD, next=elsewhere)
        assert sent.location == "/account"


def test_whoever_has_no_password_shows_it_before_one_is_set(web: Web) -> None:
    """Who came by an identity provider: an open session alone gives nobody a password."""
    sari, office = web.as_("Sari"), web.office
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.sari.id).values(password_hash=None))
    office.clock.tick(600)
    asked = "/account/confirmation?next=/account/password"
    assert sari.get("/account/password", status=303).location == asked
    assert sari.post("/account/password", password=CHOSEN).location == asked
    assert sign_in(web.another(), password=CHOSEN).status_code == 422
    fresh = holding(web.another(), cookie_of(sari))
    with office.streams.setting_up() as connection:
        connection.execute(update(StaffSession).values(proven_at=office.clock.now))
    fresh.send(fresh.get("/account/password"), "/account/password", password=CHOSEN)
    assert sign_in(web.another(), password=CHOSEN).status_code == 303
    with office.streams.reading() as connection:
        changed = select(SignInRecord.how).where(SignInRecord.outcome == "changed")
        assert connection.execute(changed).scalars().all() == ["session"]


def test_who_works_here_and_as_what_wants_it_shown_again(web: Web) -> None:
    """By hand and by file; back to the form, or the list, from which it was sent."""
    agus, office = web.as_("Agus"), web.office
    here, person = f"/offices/{office.id}", f"/offices/{office.id}/staff/{office.joko.id}"
    tables, file = f"{here}/administration/tables", b"username,name,email,phone,roles\n"
    office.clock.tick(600)

    def late(path: str, back: str, **fields: Any) -> None:
        assert agus.post(path, status=303, **fields).location == f"/account/confirmation?next={back}"

    for page in (f"{person}/roles", f"{here}/staff/colleague", f"{here}/staff/new"):
        assert agus.get(page, status=303).location == f"/account/confirmation?next={page}"
        late(page, page)
    for action in ("deactivation", "reactivation"):
        late(f"{person}/{action}", f"{here}/staff")
    assert agus.get(tables, status=303).location == f"/account/confirmation?next={tables}"
    late(f"{tables}/trials", tables, table="staff", file=(io.BytesIO(file), "staf.csv"))
    rows = '{"columns": ["username", "name", "roles"], "lines": [], "encoding": "utf-8"}'
    late(f"{tables}/imports", tables, table="staff", rows=rows, seen="x")
    agus.post(f"{tables}/trials", status=200, table="services", file=(io.BytesIO(b"letter;name_en\nA;Au\n"), "l.csv"))


class TestACode:
    """A one-time code at /invitation."""

    def test_lets_somebody_in_who_chooses_a_password(self, web: Web) -> None:
        code = make_code_for(web.office.streams, "joko.kpknl")
        joko, browser = web.as_("Joko"), web.another()
        page = browser.get("/invitation")
        assert page.headers["Referrer-Policy"] == "no-referrer"
        wrong = browser.send(page, "/invitation", status=422, code="salah", password=CHOSEN)
        assert "Kode ini salah" in wrong.said
        weak = browser.send(page, "/invitation", status=422, code=code, password="1234567890123")
        assert code in weak.text and "daftar" in weak.said, "what was typed stays, and the code still works"
        done = browser.send(weak, "/invitation", code=code.upper(), password=CHOSEN)
        browser.follow(done)
        browser.get("/account")
        joko.get("/account", status=302)
        browser.another().post("/invitation", status=422, code=code, password=CHOSEN)
        assert sign_in(web.another(), "joko.kpknl", CHOSEN).status_code == 303

    def test_is_never_in_an_address_or_a_log(self, web: Web, caplog: pytest.LogCaptureFixture) -> None:
        code = make_code_for(web.office.streams, "joko.kpknl")
        done = web.send(web.get("/invitation"), "/invitation", code=code, password=CHOSEN)
        assert code not in done.location and code not in caplog.text and CHOSEN not in caplog.text

    def test_wrong_ones_are_counted_by_address(self, web: Web) -> None:
        page = web.get("/invitation")
        for _ in range(20):
            web.send(page, "/invitation", status=422, code="salah", password=CHOSEN)
        web.send(page, "/invitation", status=429, code="salah", password=CHOSEN)


def test_who_forgot_the_password_gets_one_answer_whoever_they_are(web: Web) -> None:
    """ASVS 6.3.8: same words, same status, as many statements."""
    has_mail(web, web.office.joko.id)
    said = []
    for typed in ("joko.kpknl", "joko@kantor.example.go.id", "tidak.ada", "sari.kpknl"):
        browser = web.another()
        answer = browser.send(browser.get("/forgotten-password"), "/forgotten-password", typed=typed)
        said.append((answer.location, answer.queries, browser.follow(answer).said))
    assert len(set(said)) == 1
    assert "setengah jam" in said[0][2]
    web.send(web.get("/forgotten-password"), "/forgotten-password", status=422, typed=" ")


@pytest.fixture
def idle_web(web: Web) -> Iterator[Web]:
    """A browser at an installation where a session ends after two hours in which nothing is done."""
    app: Flask = web.app
    known = app.extensions["desk"]
    app.extensions["desk"] = replace(known, settings=replace(known.settings, session_idle_minutes=120))
    yield web
    app.extensions["desk"] = known


def test_a_session_in_which_nothing_is_done_ends(idle_web: Web) -> None:
    """ASVS 7.3.1: whoever works stays in; a page that renews itself keeps nobody in, and writes nothing."""
    office, sari = idle_web.office, idle_web.as_("Sari")
    for _ in range(4):
        office.clock.tick(timedelta(minutes=119).total_seconds())
        sari.get("/account")
    console = f"/offices/{office.id}/counter"
    for _ in range(11):
        office.clock.tick(600)
        sari.get(console, headers={"X-Desk-Live": "1"})
    office.clock.tick(600)
    sari.get("/account", status=302)


def test_looking_at_pages_writes_at_most_every_five_minutes(web: Web) -> None:
    sari, office = web.as_("Sari"), web.office

    def seen() -> list[object]:
        with office.streams.reading() as connection:
            return list(connection.execute(select(StaffSession.seen_at)).scalars())

    first = seen()
    office.clock.tick(299)
    sari.get("/account")
    assert seen() == first
    office.clock.tick(1)
    sari.get("/account")
    assert seen() == [office.clock.now]
