"""Requests on the console: asked from the card, answered from the inbox, read on the card again; both languages."""

import re

import pytest

from desk.models import RequestRow
from tests.fixtures.page_tree import words
from tests.fixtures.web import Web

CONSOLE = "/offices/1/counter"


@pytest.fixture
def transaction(desk_office) -> int:
    """What Sari is serving; Dewi is at the next counter."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.arrives("A", name="Ibu Wati")
    return desk_office.sari.serves()


def test_asked_from_the_card_answered_from_the_inbox_and_read_on_the_card(web: Web, desk_office, transaction):
    sari, dewi = web.as_("Sari"), web.as_("Dewi")
    action = f"/offices/1/transactions/{transaction}/requests"
    given = {
        "to": f"officer-{desk_office.dewi.id}",
        "kind": "consultation",
        "question": "Apakah berlaku?",
        "blocks": "y",
    }
    page = sari.follow(sari.send(sari.get(CONSOLE), action, **given))
    assert "Apakah berlaku?" in words(page.tree.by_id(f"card-{transaction}"))

    request = desk_office.row(RequestRow).id
    inbox = dewi.get(f"{CONSOLE}/inbox")
    assert "Apakah berlaku?" in inbox.text
    assert 'data-offers="1"' in inbox.text
    story = dewi.get(f"{CONSOLE}?transaction={transaction}")
    assert "Ibu Wati" in story.said

    refused = sari.send(sari.get(CONSOLE), f"/offices/1/transactions/{transaction}/completion", status=409)
    assert "Dewi" in words(refused.tree.by_id(f"card-{transaction}"))

    dewi.send(dewi.get(CONSOLE), f"/offices/1/requests/{request}/answer", status=422, answer="")
    dewi.send(dewi.get(CONSOLE), f"/offices/1/requests/{request}/answer", answer="Berlaku sampai 2027.")
    sari.speak("en")
    page = sari.get(CONSOLE)
    said = words(page.tree.by_id(f"card-{transaction}"))
    assert "Sari asked Dewi: Consultation" in said
    assert "Berlaku sampai 2027." in said
    sari.send(page, f"/offices/1/transactions/{transaction}/completion")
    assert desk_office.transaction(transaction).state == "ended"


@pytest.mark.parametrize("language", ["id", "en"])
def test_declined_withdrawn_and_overdue(web: Web, desk_office, transaction, language):
    first = desk_office.sari.requests(transaction, desk_office.dewi)
    second = desk_office.sari.requests(transaction, desk_office.dewi)
    desk_office.clock.tick(2 * 86_400)
    sari, dewi = web.as_("Sari"), web.as_("Dewi")
    sari.speak(language)
    dewi.speak(language)
    overdue = {"id": "Lewat tenggat", "en": "Overdue"}[language]
    page = dewi.get(CONSOLE)
    assert overdue in words(page.tree.by_id(f"request-{first}"))
    dewi.send(page, f"/offices/1/requests/{first}/refusal", status=422, reason="other", note="")
    dewi.send(page, f"/offices/1/requests/{first}/refusal", reason="not_mine")
    sari.send(sari.get(CONSOLE), f"/offices/1/requests/{second}/withdrawal")
    assert [row.state for row in desk_office.rows(RequestRow)] == ["declined", "withdrawn"]
    assert re.search(r"data-offers=\"0\"", dewi.get(f"{CONSOLE}/inbox").text)


def test_what_cannot_be_asked_keeps_what_was_typed(web: Web, desk_office, transaction):
    sari = web.as_("Sari")
    action = f"/offices/1/transactions/{transaction}/requests"
    given = {"to": f"officer-{desk_office.dewi.id}", "kind": "escalation", "question": "Mohon putusan."}
    answer = sari.send(sari.get(CONSOLE), action, status=422, **given)
    assert "Mohon putusan." in answer.text
    answer = sari.send(sari.get(CONSOLE), action, status=422, **{**given, "due_at": "2020-01-01T08:00"})
    assert "Mohon putusan." in answer.text
    assert desk_office.rows(RequestRow) == []


def test_one_who_is_not_asked_does_not_see_the_story(web: Web, desk_office, transaction):
    desk_office.sari.requests(transaction, desk_office.dewi)
    assert f"card-{transaction}" not in web.as_("Joko").get(f"{CONSOLE}?transaction={transaction}").text


def test_the_supervisor_sees_it_in_the_file_and_among_the_unanswered(web: Web, desk_office, transaction):
    desk_office.joko.plans_absence(desk_office.dewi, first=0)
    request = desk_office.sari.requests(transaction, desk_office.joko, question="Sudah lengkap?")
    desk_office.clock.tick(2 * 86_400)
    budi = web.as_("Budi")
    budi.speak("en")
    page = budi.get("/offices/1/shift/unanswered")
    assert "Overdue" in page.said
    assert "Dewi" in page.said
    desk_office.dewi.answers(request, "Sudah.")
    file = budi.get(f"/offices/1/transactions/{transaction}")
    for expected in ("Sari asked Dewi: Consultation", "Meant for Joko, who is absent.", "Sudah lengkap?", "Sudah."):
        assert expected in file.said


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("Sari", "Anda tidak dapat meminta kepada diri sendiri."),
        ("9999", "Penerima ini sudah tidak ada."),
        ("x", "Penerima ini sudah tidak ada."),
    ],
)
def test_who_cannot_be_asked_is_refused_in_its_own_words(web: Web, desk_office, transaction, to, expected):
    sari = web.as_("Sari")
    action = f"/offices/1/transactions/{transaction}/requests"
    receiver = desk_office.people[to].id if to in desk_office.people else to
    given = {"to": f"officer-{receiver}", "kind": "consultation", "question": "Apakah berlaku?"}
    page = sari.send(sari.get(CONSOLE), action, status=422, **given)
    assert expected in page.said
    assert page.form(action)["question"].strip() == "Apakah berlaku?"
