"""The second factor: asked after the password, set up where it is demanded, each code once, and how it is lost."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
from flask import session
from sqlalchemy import select

from desk.domain.second_factors import Verdict
from desk.models import EventRow, HalfSignIn, RecoveryCode, SecondFactor, SignInRecord, StaffSession
from desk.operations.accounts.passwords import renew
from desk.operations.accounts.second_factor_codes import take_code, try_code
from desk.web.accounts.half_way import use_half_with
from tests.fixtures.office import DeskOffice
from tests.fixtures.second_factors import Phone, phone_of
from tests.fixtures.web import PASSWORD, Answer, Web

STEP = "/sign-in/second-factor"
APP = f"{STEP}/app"
OWN = "/account/second-factor"


def enter(web: Web, name: str = "Agus", *, wanted: str = "") -> Answer:
    """Show the first factor."""
    page = web.get(f"/sign-in?next={wanted}")
    return web.send(page, "/sign-in", username=f"{name.lower()}.kpknl", password=PASSWORD)


def show(web: Web, code: str, *, status: int = 303, recovery: bool = False) -> Answer:
    """Show the second one."""
    page = web.get(f"{STEP}?with=recovery" if recovery else STEP)
    return web.send(page, STEP, code=code, status=status)


def key_of(web: Web) -> bytes:
    return web.app.extensions["desk"].settings.secret("second-factors")


def secret_on(page: Answer) -> str:
    """Read the key that a page shows, as somebody types it into an app."""
    found = re.search(r'class="factor-key">([A-Z2-7 ]+)<', page.text)
    assert found
    return found[1].replace(" ", "")


def codes_on(page: Answer) -> list[str]:
    return re.findall(r"<code>([a-z2-9-]{29})</code>", page.text)


def settings_changed(office: DeskOffice) -> list[Any]:
    with office.streams.reading() as connection:
        rows = connection.execute(select(EventRow.payload).where(EventRow.name == "SettingChanged")).scalars()
        found = [json.loads(row) if isinstance(row, str) else row for row in rows]
        return [each for each in found if each["setting"] in ("second_factor", "recovery_codes", "second_factor_roles")]


def rows_of(office: DeskOffice, model: Any) -> list[Any]:
    with office.streams.reading() as connection:
        return list(connection.execute(select(model.__table__)).all())


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_code_is_asked_after_the_password_and_leads_where_one_wanted(web: Web, language: str) -> None:
    web.speak(language)
    phone = phone_of(web, "Agus")
    assert enter(web, wanted="/healthz").location == STEP
    assert {"id": "Langkah kedua", "en": "Second step"}[language] in web.get(STEP).said
    # Half way in, nothing opens.
    assert "/sign-in" in web.get(f"/offices/{web.office.id}/gaps", status=302).location
    assert "/sign-in" in web.get(OWN, status=302).location
    assert rows_of(web.office, StaffSession) == []
    for wrong in ("", "12345", "abc", "000000" if phone.code() != "000000" else "000001"):
        show(web, wrong, status=422)
    assert show(web, f" {phone.code()[:3]} {phone.code()[3:]}").location == "/healthz"
    web.get(f"/offices/{web.office.id}/gaps")
    outcomes = [(row.outcome, row.how) for row in rows_of(web.office, SignInRecord)]
    assert ("refused", "totp") in outcomes and outcomes[-1] == ("success", "totp")


def test_a_code_and_a_way_in_are_used_once(web: Web) -> None:
    phone = phone_of(web, "Agus")
    thief = web.another()
    enter(web)
    cookie = web.client.get_cookie("desk")
    assert cookie is not None
    code = phone.code()
    show(web, code)
    thief.client.set_cookie("desk", cookie.value)  # captured half way in
    assert thief.get(STEP, status=303).location == "/sign-in"
    enter(thief)
    thief.speak("en")
    assert "This code was used already" in show(thief, code, status=422).said
    web.office.clock.tick(30)
    show(thief, phone.code())


def test_the_way_in_is_over_after_five_minutes_and_with_another_password(web: Web) -> None:
    phone = phone_of(web, "Agus")
    enter(web)
    web.office.clock.tick(299)
    web.get(STEP)
    web.office.clock.tick(2)
    assert web.post(STEP, code=phone.code()).location == "/sign-in"
    enter(web)
    renew(web.office.streams, "agus.kpknl")
    assert web.post(STEP, code=phone.code()).location == "/sign-in"
    assert web.another().post(STEP, code=phone.code()).location == "/sign-in"


def test_wrong_codes_slow_down_and_a_recovery_code_still_lets_in(web: Web) -> None:
    phone = phone_of(web, "Agus")
    office, person, key = web.office, web.office.people["Agus"].id, key_of(web)
    wrong = "000000" if phone.code() != "000000" else "000001"

    def attempt(typed: str) -> Verdict:
        return try_code(office.streams.engine, key, person, typed, at=office.clock.now)

    assert [attempt(wrong) for _ in range(6)] == [Verdict.WRONG] * 5 + [Verdict.WAIT]
    enter(web)
    web.speak("en")
    put_off = show(web, phone.code(), status=429)
    assert "Try again in 1 minute, or use a recovery code." in put_off.said
    assert put_off.headers["Retry-After"] == "60"
    office.clock.tick(61)
    assert attempt(wrong) is Verdict.WRONG
    office.clock.tick(61)
    assert attempt(phone.code()) is Verdict.WAIT  # twice as long
    # Nobody else waits, and whoever has a recovery code does not either.
    other = phone_of(web, "Sari")
    sari = web.another()
    enter(sari, "Sari")
    show(sari, other.code())
    assert "not right" in show(web, "aaaaa-bbbbb-ccccc-ddddd-eeeee", status=422, recovery=True).said
    show(web, phone.recovery[0], recovery=True)
    assert "9" in web.get(OWN).said
    office.clock.tick(30)
    assert attempt(phone.code()) is Verdict.RIGHT


def test_of_several_recovery_codes_at_one_time_one_is_used_up(web: Web) -> None:
    """And what is changed stands in the records."""
    phone, office, key = phone_of(web, "Agus"), web.office, key_of(web)
    engine, at, person = office.streams.engine, office.clock.now, office.people["Agus"].id
    enter(web)
    with web.client.session_transaction() as cookie:
        half = cookie["half"]

    def show_one(code: str) -> Verdict | None:
        with web.app.test_request_context():
            session["half"] = half
            return use_half_with(engine, lambda rows: take_code(rows, key, person, code, at=at), at=at)

    assert show_one("aaaaa-bbbbb-ccccc-ddddd-eeeee") is Verdict.WRONG
    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(show_one, phone.recovery[:4]))
    assert sorted(map(str, verdicts)) == sorted(["None"] * 3 + [str(Verdict.RIGHT)])
    assert len([row for row in rows_of(office, RecoveryCode) if row.used_at]) == 1
    enter(web)
    show(web, phone.code())
    web.send(web.get(OWN), f"{OWN}/codes", status=200)
    changed = [row for row in rows_of(office, SignInRecord) if row.outcome == "changed"]
    assert [(row.person_id, row.how) for row in changed] == [(person, "recovery")]


def test_a_slow_phone_is_told_kindly_and_a_fast_one_gives_nothing_away(web: Web) -> None:
    phone = phone_of(web, "Agus")
    web.speak("en")
    enter(web)
    phone.late = 180
    assert "the clock of the phone is slow" in show(web, phone.code(), status=422).said
    phone.late = -180
    assert "This code is not right" in show(web, phone.code(), status=422).said
    phone.late = 30  # one step is allowed
    show(web, phone.code())


def test_a_key_that_is_lost_is_told_and_not_made_anew(web: Web) -> None:
    phone = phone_of(web, "Agus")
    file = web.app.extensions["desk"].settings.data / "secrets" / "second-factors"
    key = file.read_text()
    file.unlink()
    enter(web)
    assert "kunci penyegel" in show(web, phone.code(), status=422).said
    assert "kunci penyegel" in show(web, phone.recovery[0], status=422, recovery=True).said
    sari = web.as_("Sari")
    page = sari.get(f"{OWN}/app")
    code = pyotp.TOTP(secret_on(page)).at(web.office.clock.now.timestamp())
    assert "kunci penyegel" in sari.send(page, f"{OWN}/app", code=code, status=409).said
    assert not file.exists()
    file.write_text(key)
    show(web, phone.code())
    web.get("/account")


def test_it_is_set_up_replaced_and_removed_on_ones_own_page(web: Web) -> None:
    agus = web.as_("Agus")
    agus.speak("en")
    assert "Not set up" in agus.get(OWN).said
    page = agus.get(f"{OWN}/app")
    phone = Phone(web.office, secret_on(page), late=240)
    assert "slow by 4 min" in agus.send(page, f"{OWN}/app", code=phone.code(), status=422).said
    agus.send(page, f"{OWN}/app", setup="forged", code=phone.code(), status=422)
    phone.late = 0
    shown = agus.send(page, f"{OWN}/app", code=phone.code(), status=200)
    codes = codes_on(shown)
    assert len(set(codes)) == 10
    # Sent again, nothing happens; the code that confirmed it lets nobody in.
    agus.send(page, f"{OWN}/app", code=phone.code(), present="", status=422)
    second = web.another()
    enter(second)
    show(second, phone.code(), status=422)
    show(second, codes[0], recovery=True)
    web.office.clock.tick(30)

    renewed = codes_on(agus.post(f"{OWN}/codes", status=200))
    assert not set(renewed) & set(codes)
    page = agus.get(f"{OWN}/app")
    newer = Phone(web.office, secret_on(page))
    agus.send(page, f"{OWN}/app", code=newer.code(), present=codes[1], status=422)
    agus.send(page, f"{OWN}/app", code=newer.code(), present=renewed[0], status=200)
    second.get(OWN, status=302)  # other sessions have ended
    web.office.clock.tick(30)
    page = agus.get(OWN)
    agus.send(page, f"{OWN}/removal", code="123", status=422)
    agus.send(page, f"{OWN}/removal", code=newer.code())
    assert rows_of(web.office, SecondFactor) == [] and rows_of(web.office, RecoveryCode) == []
    assert enter(web.another()).location != STEP
    assert [(row["from"], row["to"]) for row in settings_changed(web.office)] == [
        (None, "app"), (9, 10), ("app", "app"), ("app", None),
    ]  # fmt: skip


def test_setting_it_up_needs_to_show_again_that_it_is_them(web: Web) -> None:
    agus = web.as_("Agus")
    agus.get(f"{OWN}/app")
    web.office.clock.tick(11 * 60)
    for path in (f"{OWN}/app", f"{OWN}/codes", f"{OWN}/removal"):
        assert agus.post(path, code="123456").location.startswith("/account/confirmation")
    assert agus.get(f"{OWN}/app", status=303).location.startswith("/account/confirmation")


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_office_demands_it_of_a_role(web: Web, language: str) -> None:
    office, here = web.office, f"/offices/{web.office.id}/second-factor"
    agus = web.as_("Agus")
    agus.speak(language)
    refused = agus.send(agus.get(here), here, roles="agent", status=422)
    assert {"id": "Siapkan dulu verifikasi dua langkah", "en": "Set up a second factor of your own first"}[
        language
    ] in refused.said
    phone_of(web, "Agus")
    page = agus.get(here)
    agus.send(page, here, roles="agent")
    agus.send(page, here, roles="agent")  # once more: nothing
    assert settings_changed(office)[-1] == {"setting": "second_factor_roles", "from": [], "to": ["agent"]}
    assert enter(web.another(), "Budi").location != APP
    # Sari must set one up before anything else opens.
    sari = web.another()
    sari.speak(language)
    assert enter(sari, "Sari", wanted="/healthz").location == APP
    assert "/sign-in" in sari.get(f"/offices/{office.id}/counter", status=302).location
    page = sari.get(APP)
    phone = Phone(office, secret_on(page))
    sari.send(page, APP, code="000000" if phone.code() != "000000" else "000001", status=422)
    shown = sari.send(page, APP, code=phone.code(), status=200)
    assert len(codes_on(shown)) == 10 and 'href="/healthz"' in shown.text
    sari.get(f"/offices/{office.id}/counter")
    assert sari.post(APP, code=phone.code()).location == "/sign-in"
    # What is demanded is not removed.
    office.clock.tick(30)
    sari.post(f"{OWN}/removal", code=phone.code())
    assert enter(web.another(), "Sari").location == STEP


def test_an_administrator_takes_it_away_from_who_lost_the_phone(web: Web) -> None:
    office = web.office
    here = f"/offices/{office.id}/second-factor"
    phone = phone_of(web, "Sari")
    sari, half = web.another(), web.another()
    enter(sari, "Sari")
    show(sari, phone.code())
    enter(half, "Sari")
    agus = web.as_("Agus")
    removal = f"/offices/{office.id}/staff/{office.sari.id}/second-factor/removal"
    assert removal in agus.get(here).text
    agus.post(removal)
    agus.post(removal)  # once more: nothing
    assert "/sign-in" in sari.get(f"/offices/{office.id}/counter", status=302).location
    assert half.get(STEP, status=303).location == "/sign-in"
    assert settings_changed(office)[-1]["to"] is None
    assert [row for row in rows_of(office, HalfSignIn) if row.used_at is None] == []
    phone_of(web, "Agus")
    agus.post(f"/offices/{office.id}/staff/{office.agus.id}/second-factor/removal")
    assert len(rows_of(office, SecondFactor)) == 1  # not one's own
    agus.post(f"/offices/{office.id}/staff/987/second-factor/removal", status=404)
