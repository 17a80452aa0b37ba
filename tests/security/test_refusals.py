"""Every refusal is a sentence in both languages that says what to do, on its page and in its problem."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import default_exceptions

from desk.domain.refusals import Reason, Refused
from desk.models import Office
from desk.models import db as pages_database
from desk.wording.refusals import SENTENCES, filled
from tests.fixtures.api import Api
from tests.fixtures.web import Web

TRANSLATIONS = Path(__file__).parents[2] / "translations"


@pytest.fixture(scope="module")
def indonesian() -> dict[str, str]:
    """The Indonesian of every message id."""
    found: dict[str, str] = {}
    for path in TRANSLATIONS.glob("id/LC_MESSAGES/messages.po"):
        with path.open("rb") as file:
            found |= {str(each.id): str(each.string) for each in read_po(file) if each.id and each.string}
    return found


@pytest.fixture
def refusing(web_app: Flask) -> Flask:
    """The application with a page and a route of the API that refuse for the reason in the address."""

    def refuse(reason: str) -> None:
        raise Refused(Reason(reason), holder=7)

    def stop(status: int) -> None:
        raise default_exceptions[status]

    for app in (web_app, web_app.extensions["desk_api"]):
        prefix = "" if app is web_app else "/api/v1"
        for name, view, rule in (("refuse", refuse, "/refuse/<reason>"), ("stop", stop, "/stop/<int:status>")):
            view.access = web_app.view_functions["home.index"].access  # type: ignore[attr-defined]
            app.add_url_rule(f"{prefix}{rule}", name, view)
    return web_app


def test_every_reason_has_a_sentence_and_a_status() -> None:
    assert SENTENCES.keys() == set(Reason)
    # 503: the server lacks its signing key, which nobody at a page can put right.
    assert {each.status for each in SENTENCES.values()} <= {403, 404, 409, 410, 422, 503}
    for reason, each in SENTENCES.items():
        assert each.text.endswith("."), reason
        assert "%" not in filled(each.text, {}), reason


def test_every_sentence_has_its_indonesian(indonesian: dict[str, str]) -> None:
    missing = [each.text for each in SENTENCES.values() if not indonesian.get(each.text)]
    assert missing == []
    same = [each.text for each in SENTENCES.values() if indonesian[each.text] == each.text]
    assert same == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_of_every_refusal_says_it(
    refusing: Flask, web: Web, indonesian: dict[str, str], language: str
) -> None:
    for name in (None, "Sari"):
        browser = web if name is None else web.as_(name)
        browser.speak(language)
        for reason, sentence in SENTENCES.items():
            page = browser.get(f"/refuse/{reason}", status=sentence.status)
            text = sentence.text if language == "en" else indonesian[sentence.text]
            assert " ".join(filled(text, {}).split()) in page.said
            assert f'lang="{language}"' in page.text


def test_the_problem_of_every_refusal_says_it(refusing: Flask, api: Api, indonesian: dict[str, str]) -> None:
    for reason, sentence in SENTENCES.items():
        problem = api.get(f"/refuse/{reason}?language=en", status=sentence.status)
        assert (problem["code"], problem["detail"]) == (reason.value, filled(sentence.text, {}))
        again = api.get(f"/refuse/{reason}", status=sentence.status)
        assert again["detail"] == filled(indonesian[sentence.text], {})


def test_every_error_of_http_is_a_page_in_words(refusing: Flask, web: Web) -> None:
    for status in sorted(default_exceptions):
        page = web.get(f"/stop/{status}", status=status)
        assert page.headers["Cache-Control"] == "no-store"
        assert "Ke halaman awal" in page.said


def test_reads_change_nothing_they_could_commit(web_app: Flask, web: Web) -> None:
    """What a page reads with is rolled back at the end of its request."""
    with web_app.test_request_context("/"):
        office = pages_database.session.execute(select(Office)).scalars().first()
        assert office is not None
        office.name = "Diganti"
    assert "Diganti" not in web.get("/").text
