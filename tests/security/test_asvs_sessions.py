"""Sessions as ASVS 5.0, V7 and V14.3, wants them, where no other test says it; and what codes are made of."""

import math
import re
from typing import Any

import pytest
from flask import Flask

from desk.operations.accounts.one_time_codes import make_code_for
from desk.operations.accounts.passwords import generate
from desk.operations.accounts.second_factor_codes import new_recovery_codes
from desk.web.accounts.sessions import HASHER
from tests.fixtures.openid_provider import Provider
from tests.fixtures.second_factors import Phone, phone_of
from tests.fixtures.web import PASSWORD, Web
from tests.security.conftest import Things
from tests.security.test_doors import address, staff_routes
from tests.security.test_sessions import cookie_of, holding, sign_in
from tests.web.test_openid import come_back, openid
from tests.web.test_second_factor import OWN, STEP, enter, secret_on, show

__all__ = ["openid"]  # a fixture

# Pages for paper, in which nothing leads anywhere.
ON_PAPER = re.compile(r"slip|receipt|ticket|poster|print|preview|document|export|door|codes")


def test_signing_out_leaves_nothing_in_the_browser_but_the_language(web: Web) -> None:
    """ASVS 14.3.1: pages are kept by nobody; what the browser may hold all the same goes, cookies of ours stay."""
    sari = web.as_("Sari")
    sari.speak("en")
    left = sari.post("/sign-out")
    assert left.headers["Clear-Site-Data"] == '"cache"'
    assert "You are signed out." in sari.follow(left).said
    assert "Clear-Site-Data" not in sari.get("/sign-in").headers


def test_ending_sessions_wants_it_shown_again(web: Web) -> None:
    """ASVS 7.5.2: a browser that was left open signs nobody out elsewhere."""
    sari, phone = web.as_("Sari"), web.as_("Sari")
    web.office.clock.tick(601)
    for path in ("/account/sessions/others/end", "/account/sessions/0123456789abcdef/end"):
        assert sari.post(path).location.startswith("/account/confirmation")
    phone.get("/account")
    sari.post("/account/confirmation", password=PASSWORD)
    sari.post("/account/sessions/others/end")
    phone.get("/account", status=302)


def test_who_has_a_second_factor_confirms_with_both(web: Web) -> None:
    """ASVS 7.5.1, 7.2.4: full re-authentication, after which the cookie from before is worth nothing."""
    phone = phone_of(web, "Agus")
    agus = web.another()
    enter(agus)
    show(agus, phone.code())
    web.office.clock.tick(601)
    page, before = agus.get("/account/confirmation"), cookie_of(agus)
    wrong = "000000" if phone.code() != "000000" else "000001"
    for code in ("", wrong):
        refused = agus.send(page, "/account/confirmation", status=422, password=PASSWORD, code=code)
        assert 'aria-invalid="true"' in refused.text
    assert agus.post(f"{OWN}/codes").location.startswith("/account/confirmation")
    agus.send(page, "/account/confirmation", status=422, password="salah", code=phone.code())
    agus.send(page, "/account/confirmation", password=PASSWORD, code=phone.code())
    agus.post(f"{OWN}/codes", status=200)
    holding(web, before).get("/account", status=302)


def test_a_new_factor_ends_the_sessions_from_before_it(web: Web) -> None:
    """ASVS 7.4.3: who had only the password is out, of those who set one up and of those with new recovery codes."""
    agus, other = web.as_("Agus"), web.as_("Agus")
    page = agus.get(f"{OWN}/app")
    phone = Phone(web.office, secret_on(page))
    agus.send(page, f"{OWN}/app", code=phone.code(), status=200)
    other.get("/account", status=302)
    web.office.clock.tick(30)
    enter(other)
    show(other, phone.code())
    agus.post(f"{OWN}/codes", status=200)
    other.get("/account", status=302)
    agus.get("/account")


def test_another_site_begins_nobodys_session(web: Web) -> None:
    """ASVS 7.6.2: whoever is led here by another site presses the button first."""
    for site in ("cross-site", "same-site"):
        led = web.get("/sign-in/openid?next=/healthz", status=302, headers={"Sec-Fetch-Site": site})
        assert led.location == "/sign-in?next=/healthz"
    web.get("/sign-in/openid", status=303, headers={"Sec-Fetch-Site": "same-origin"})


@pytest.mark.parametrize("name", ["Agus", "Budi", "Sari"])
def test_every_page_of_staff_has_the_way_out(web_app: Flask, web: Web, own: Things, name: str) -> None:
    """ASVS 7.4.4."""
    browser, without = web.as_(name), []
    role = {"Agus": "admin", "Budi": "supervisor", "Sari": "agent"}[name]
    for rule, method, who in staff_routes(web_app):
        if method == "GET" and role in who and not ON_PAPER.search(rule.rule + rule.endpoint):
            answer: Any = browser.client.get(address(rule, own))
            text = answer.get_data(as_text=True) if answer.mimetype == "text/html" and answer.status_code == 200 else ""
            if text.lstrip().lower().startswith("<!doctype") and 'action="/sign-out"' not in text:
                without.append(rule.rule)
    assert without == []


def test_what_secrets_are_made_of() -> None:
    """ASVS 6.5.2 to 6.5.4, 6.4.1, 7.2.3: bits, and the hash of passwords."""
    letters = 31  # without those that are read for one another
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) * math.log2(letters) >= 112 for code in codes)
    assert len(generate().replace("-", "")) * math.log2(letters) >= 64
    seen = {letter for code in (*codes, *(generate() for _ in range(100))) for letter in code} - {"-"}
    assert len(seen) == letters
    assert HASHER.type.name == "ID" and HASHER.memory_cost >= 19_456 and HASHER.time_cost >= 2


def test_nobody_is_there_who_was_not_made_here(web: Web) -> None:
    """ASVS 6.3.2: no name of the usual kind opens anything with a password of the usual kind."""
    for username, password in (
        ("admin", "admin"),
        ("root", "root"),
        ("admin", "password"),
        ("desk", "desk"),
        ("sa", ""),
    ):
        assert sign_in(web.another(), username, password or "sa").status_code == 422


def test_a_password_never_runs_out(web: Web) -> None:
    """ASVS 6.2.10."""
    web.office.clock.tick(5 * 365 * 86_400)
    assert sign_in(web).status_code == 303


def test_no_way_around_the_second_factor_by_a_new_password(web: Web) -> None:
    """ASVS 6.3.4, 6.4.3: who chose a password by a one-time code still shows the other factor."""
    phone = phone_of(web, "Joko")
    code = make_code_for(web.office.streams, "joko.kpknl")
    page = web.get("/invitation")
    chosen = web.send(page, "/invitation", code=code, password="kucing makan ikan asin")
    assert chosen.location == STEP
    web.get("/account", status=302)
    show(web, phone.code())
    web.get("/account")


def test_what_the_provider_gave_stays_with_the_server(openid: Web, provider: Provider) -> None:
    """ASVS 10.1.1: the cookie of who came in through the provider has a session and nothing of the provider's."""
    come_back(openid, provider)
    with openid.client.session_transaction() as session:
        kept = set(session)
        came_from = session["openid_session"]
    assert came_from is True  # that there was a provider, and nothing of what it said
    assert "_user_id" in kept and kept <= {"_user_id", "_id", "_fresh", "csrf_token", "language", "openid_session"}
