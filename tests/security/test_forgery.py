"""No form works without the token of its session; a session that is over, or another one, loses no words."""

import re
import time
from typing import Any

import pytest
from flask import Flask

from tests.fixtures.web import PASSWORD, Web, everything
from tests.security.conftest import Things
from tests.security.doors import PAGES
from tests.security.test_doors import UNPROVEN, address, routes
from tests.security.test_sessions import sign_in

# Whoever has the address may send these, without a session; who has not, has nowhere to send them.
BY_ADDRESS = {"survey.send", "tablet.send", "posters.send", "unsubscribe.take_back"}
NOTE = "Bapak Agung membawa sertifikat asli, <b>jangan hilang</b>."


def kept_in(page: Any) -> list[str]:
    """Return the words an error page gives back."""
    return [(each.text or "").removeprefix("\n") for each in page.tree.named("textarea")]


@pytest.mark.parametrize("name", [None, "Budi"])
def test_every_form_is_refused_without_its_token(web_app: Flask, web: Web, own: Things, name: str | None) -> None:
    browser = web if name is None else web.as_(name)
    before = everything(own.office)
    posts = [rule for rule, method in routes(web_app) if method == "POST"]
    assert len(posts) == sum(method == "POST" for method, _ in PAGES.values())
    for rule in posts:
        if rule.endpoint == "unsubscribe.stop":
            continue  # RFC 8058: a mail program has no token; what it may do is in tests/web/test_unsubscribe.py
        if rule.endpoint in BY_ADDRESS:
            elsewhere = {"Sec-Fetch-Site": "cross-site"}
            assert browser.client.post(address(rule, own), data={}, headers=elsewhere).status_code == 400, rule
            continue
        if rule.endpoint in UNPROVEN:
            assert browser.post(address(rule, own), status=UNPROVEN[rule.endpoint], csrf=False).text == ""
            continue
        for token in (None, "", "x", "IjAwMCI.aaaa.bbbb"):
            given = {} if token is None else {"csrf_token": token}
            page = browser.post(address(rule, own), status=400, csrf=False, **given)
            assert "Muat ulang" in page.said or "muat ulang" in page.said, rule
    assert everything(own.office) == before


def test_the_token_of_one_session_is_worth_nothing_in_another(web: Web) -> None:
    sari, dewi = web.as_("Sari"), web.as_("Dewi")
    end = f"/offices/{web.office.id}/duty/end"
    sari.get(f"/offices/{web.office.id}/counter")
    dewi.post(end, status=400, csrf=False, csrf_token=sari.csrf_token())
    dewi.post(end, csrf=True)


def test_another_site_cannot_send_json_or_a_header(web: Web) -> None:
    sari = web.as_("Sari")
    end = f"/offices/{web.office.id}/duty/end"
    for options in (
        {"json": {"csrf_token": sari.csrf_token()}},
        {"data": b"csrf_token=x", "content_type": "text/plain"},
        {"query_string": {"csrf_token": sari.csrf_token()}},
    ):
        assert sari.client.post(end, **options).status_code == 400


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_form_sent_after_the_session_ended_loses_no_words(web: Web, own: Things, language: str) -> None:
    sari, office = web.as_("Sari"), own.office
    sari.speak(language)
    transaction = office.sari.serves()
    page = sari.get(f"/offices/{office.id}/counter")
    action = f"/offices/{office.id}/transactions/{transaction}/handoffs"
    names = {name.rpartition("-")[2]: name for name in page.form(action)}
    office.clock.tick(13 * 3600)
    before = everything(office)

    refused = sari.send(page, action, status=401, **{names["note"]: NOTE})

    assert {"id": "Masuk lagi", "en": "Sign in again"}[language] in refused.said
    assert kept_in(refused) == [NOTE]
    assert everything(office) == before
    (again,) = re.findall(r'href="(/sign-in[^"]*)"', refused.text)
    came = sari.send(sari.get(again), "/sign-in", username="sari.kpknl", password=PASSWORD)
    assert came.location == f"/offices/{office.id}/counter?transaction={transaction}"
    assert f"/transactions/{transaction}/handoffs" in sari.follow(came).text


def test_a_form_from_before_another_sign_in_loses_no_words(web: Web, own: Things) -> None:
    sari, office = web.as_("Sari"), own.office
    transaction = office.sari.serves()
    page = sari.get(f"/offices/{office.id}/counter")
    action = f"/offices/{office.id}/transactions/{transaction}/handoffs"
    (note,) = [name for name in page.form(action) if name.rpartition("-")[2] == "note"]
    sari.post("/sign-out")
    sign_in(sari)

    refused = sari.send(page, action, status=400, **{note: NOTE})

    assert kept_in(refused) == [NOTE]


def test_a_survey_sent_from_a_page_of_days_ago_is_taken(web: Web, own: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    page = web.get(f"/s/{own['survey']}")
    later = time.time() + 6 * 24 * 3600
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    said = {f"q{own['invitation_id']}-score": "5", f"q{own['invitation_id']}-comment": "Ramah"}
    web.send(page, f"/s/{own['survey']}", go="send", **said)


def test_an_error_page_repeats_nothing_that_another_site_sends(web: Web, own: Things) -> None:
    """Neither without a token of ours, nor where the browser says that the form stood elsewhere."""
    sari = web.as_("Sari")
    path = f"/offices/{web.office.id}/transactions/{own['transaction_id']}/completion"
    spoof = {"complete-1-note": "Transfer ke rekening 123"}
    assert kept_in(sari.post(path, status=400, csrf=False, **spoof)) == []
    stranger = web.another()
    stranger.get("/sign-in")
    data = {**spoof, "csrf_token": stranger.csrf_token()}
    answer = sari.client.post(path, data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert "rekening" not in answer.text


def test_only_words_are_given_back(web: Web) -> None:
    """Never a password, a key, or what only we had written into the form."""
    path = f"/offices/{web.office.id}/reception/visits"
    fields = {"name": "Wati", "password": "rahasia", "key": "k" * 32, "services": "1", "note": " ", "notes": "x"}
    assert kept_in(web.post(path, status=401, **fields)) == ["Wati"]
