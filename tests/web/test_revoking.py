"""Revoking a link on the pages: said before that it is for good, never shown, and refused in words."""

import re

import pytest

from desk.domain.tokens import TokenKind, derive
from desk.models import AccessRecord, InvitationRow
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

LANGUAGES = ("id", "en")
CHANNELS = ("link", "ticket", "receipt", "email", "phone", "tablet")


@pytest.fixture
def transaction(desk_office: DeskOffice) -> int:
    """Served by Sari to the end, for a visitor who left an address."""
    desk_office.sari.signs_on()
    desk_office.arrives("A", language="en", email="siti@example.id", consent=True)
    served: int = desk_office.sari.serves()
    desk_office.sari.completes(served)
    return served


def page_of(office: DeskOffice, transaction: int) -> str:
    return f"/offices/{office.id}/transactions/{transaction}/survey-revocation"


def file_of(office: DeskOffice, transaction: int) -> str:
    return f"/offices/{office.id}/transactions/{transaction}"


def revoke(browser: Web, path: str, **changed: str):
    page = browser.get(path)
    said = {"reason": "wrong_hands", "sure": "y", **changed}
    return browser.send(page, path, **said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_file_to_the_visitor(web: Web, desk_office: DeskOffice, transaction: int, language: str) -> None:
    invitation = desk_office.row(InvitationRow)
    visitor, budi = web.another(), web.as_("Budi")
    survey = visitor.survey_path(invitation.id)
    budi.speak(language)
    path = page_of(desk_office, transaction)
    assert f'href="{path}"' in budi.get(file_of(desk_office, transaction)).text
    page = budi.get(path)
    assert {"id": "Tidak dapat dibatalkan", "en": "It cannot be undone"}[language] in page.said

    done = revoke(budi, path)

    assert done.location == path
    after = budi.get(path)
    assert "Budi" in after.said and 'name="reason"' not in after.text
    assert {"id": "Tautan berlaku sampai", "en": "The link works until"}[language] not in after.said
    text = budi.get(file_of(desk_office, transaction)).said
    assert {"id": "Tautan jatuh ke tangan yang salah", "en": "The link came into the wrong hands"}[language] in text
    assert desk_office.rows(AccessRecord, subject="survey_link")
    visitor.speak(language)
    closed = visitor.get(survey, status=410)
    assert {"id": "Survei ini ditarik", "en": "This survey was withdrawn"}[language] in closed.said
    assert f"/offices/{desk_office.id}/voice" in closed.text
    visitor.get(f"{survey}/thanks", status=410)


def test_no_token_is_on_the_page(web: Web, desk_office: DeskOffice, transaction: int) -> None:
    budi, invitation = web.as_("Budi"), desk_office.row(InvitationRow).id
    path = page_of(desk_office, transaction)
    pages = [budi.get(path).text, budi.get(file_of(desk_office, transaction)).text]
    revoke(budi, path)
    pages.append(budi.get(path).text)
    key = desk_office.streams.keys.links
    for channel in CHANNELS:
        token = derive(key, TokenKind.SURVEY, invitation, channel=channel)
        assert not any(token in page for page in pages)


def test_an_administrator_comes_from_the_messages(web: Web, desk_office: DeskOffice, transaction: int) -> None:
    agus = web.as_("Agus")
    path = page_of(desk_office, transaction)
    assert f'href="{path}"' in agus.get(f"/offices/{desk_office.id}/messages").text

    revoke(agus, path)

    assert desk_office.row(InvitationRow).revoked_by == desk_office.agus.id
    assert f'href="{path}"' not in agus.get(f"/offices/{desk_office.id}/messages").text


@pytest.mark.parametrize("missing", ["reason", "sure", "note"])
def test_what_must_be_said_is_asked_for(web: Web, desk_office: DeskOffice, transaction: int, missing: str) -> None:
    budi, path = web.as_("Budi"), page_of(desk_office, transaction)
    said = {"reason": "other", "sure": "y", "note": "Sebab", missing: ""}
    page = budi.get(path)
    answer = budi.send(page, path, status=422, **{name: value or None for name, value in said.items()})

    assert re.search(r'aria-invalid="true"', answer.text)
    assert desk_office.row(InvitationRow).state == "open"


def test_who_handled_it_is_told_and_cannot(web: Web, desk_office: DeskOffice, transaction: int) -> None:
    desk_office.budi.reopens(transaction)
    desk_office.budi.completes(transaction)
    budi, path = web.as_("Budi"), page_of(desk_office, transaction)
    budi.speak("en")
    assert path not in budi.get(file_of(desk_office, transaction)).text
    page = budi.get(path)

    assert "cannot revoke its link" in page.said
    assert 'name="reason"' not in page.text


def test_an_answer_stands_and_is_told_so(web: Web, desk_office: DeskOffice, transaction: int) -> None:
    budi, path = web.as_("Budi"), page_of(desk_office, transaction)
    budi.speak("en")
    page = budi.get(path)
    desk_office.answers(desk_office.row(InvitationRow).id, 1)

    budi.send(page, path, reason="wrong_hands", sure="y")

    assert "An answer stands" in budi.get(path).said
    assert desk_office.row(InvitationRow).state == "answered"


def test_a_visitor_in_the_middle_of_it_is_told(web: Web, desk_office: DeskOffice, transaction: int) -> None:
    invitation = desk_office.row(InvitationRow).id
    survey = web.survey_path(invitation)
    visitor = web.another()
    page = visitor.get(survey)
    desk_office.budi.revokes(transaction)

    answer = visitor.send(page, survey, status=410, **{f"q{invitation}-score": "1", "go": "send"})

    assert "withdrawn" in answer.said
    assert desk_office.row(InvitationRow).begun_at is None


def test_the_next_officer_does_not_read_why(web: Web, desk_office: DeskOffice, transaction: int) -> None:
    desk_office.budi.revokes(transaction, note="Nilai buruk, jangan diberi tahu")
    desk_office.sari.reopens(transaction)
    console = web.as_("Sari").get(f"/offices/{desk_office.id}/counter?transaction={transaction}")

    assert "jangan diberi tahu" not in console.text


def test_not_elsewhere(web: Web, desk_office: DeskOffice, transaction: int) -> None:
    web.as_("Budi").get(page_of(desk_office, transaction + 999), status=404)
    web.as_("Sari").get(page_of(desk_office, transaction), status=403)
