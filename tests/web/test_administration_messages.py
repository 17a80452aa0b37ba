"""An administrator words the office's messages: pages, what is refused, what is shown, and what is kept."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.delivery.shipped_words import shipped_words
from desk.domain.facts import EventName
from desk.domain.invitation import Channel
from desk.domain.message_words import LANGUAGES, TextKind, channels_of, parts_of
from desk.models import EventRow, MessageText, PlannedChange
from desk.operations.settings import plannable
from desk.reads.message_texts import list_in_force
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

MAIL = {
    "id_subject": "Survei {office}",
    "id_greeting": "Yth. pengunjung {number}",
    "id_body": "Terima kasih telah datang pada {date}.\n\n{link}\n\nBerlaku sampai {until}.",
    "id_button": "Isi survei",
    "id_closing": "Salam,\n{office}",
}


@pytest.fixture
def path(desk_office: DeskOffice) -> str:
    """The address of the list."""
    return f"/offices/{desk_office.id}/message-texts"


def told(office: DeskOffice) -> list[dict[str, object]]:
    """Return what the trail says of message texts."""
    with office.streams.reading() as connection:
        query = select(EventRow.payload).where(EventRow.name == EventName.SETTING_CHANGED.value)
        payloads = [json.loads(each) for each in connection.execute(query.order_by(EventRow.number)).scalars()]
    return [each for each in payloads if each["setting"] == "message_text"]


def own(office: DeskOffice) -> set[tuple[TextKind, Channel, str]]:
    with office.streams.reading() as connection:
        return set(list_in_force(connection, office.id))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_a_page_in_both_languages(web: Web, path: str, language: str) -> None:
    agus = web.as_("Agus")
    agus.speak(language)
    listed = agus.get(path)
    assert listed.queries <= 25
    for kind in TextKind:
        for channel in channels_of(kind):
            one = f"{path}/{kind}-{channel}"
            assert f'href="{one}"' in listed.text
            page = agus.get(one)
            assert page.queries <= 25
            assert page.text.count('class="card mail"') == 2
            form = page.form(one)
            for each in LANGUAGES:
                shipped = shipped_words(kind, channel, each)
                assert [form[f"{each}_{part}"] for part in parts_of(kind, channel)] == [
                    shipped.get(part, "") for part in parts_of(kind, channel)
                ]


def test_own_words_are_kept_told_and_given_up_again(web: Web, desk_office: DeskOffice, path: str) -> None:
    agus, one = web.as_("Agus"), f"{path}/invitation-email"
    agus.send(agus.get(one), one, go="save", id_source="own", **MAIL)
    assert own(desk_office) == {(TextKind.INVITATION, Channel.EMAIL, "id")}
    assert {(each["language"], each["part"], each["from"], each["to"]) for each in told(desk_office)} == {
        ("id", name.removeprefix("id_"), None, said) for name, said in MAIL.items()
    }

    shown = agus.get(one)
    preview = shown.text.partition('id="preview"')[2].partition('id="versions"')[0]
    for words in ("Survei KPKNL", "Yth. pengunjung A007", "Jangan tanyai saya lagi", "Isi survei"):
        assert words in preview
    assert "{" not in preview and "/s/" not in re.sub(r"<details.*?</details>", "", preview, flags=re.DOTALL)
    agus.send(shown, one, go="save")
    assert len(told(desk_office)) == len(MAIL)
    agus.send(agus.get(one), one, go="save", id_source="shipped")
    assert own(desk_office) == set()
    assert {each["to"] for each in told(desk_office)[len(MAIL) :]} == {None}
    (version,) = desk_office.rows(MessageText)
    assert version.until is not None and version.by_id == desk_office.agus.id
    assert desk_office.findings() == []


WRONG = {
    "empty": ("body", "", "Tulislah"),
    "no link": ("body", "Terima kasih", "{link}"),
    "two links": ("body", "{link} {link}", "{link}"),
    "a name nobody knows": ("body", "{link} {nama}", "{nama}"),
    "of the visitor": ("greeting", "Yth. {name}", "{name}"),
    "a link in the subject": ("subject", "{link}", "{link}"),
    "a brace": ("closing", "{ office }", "kurung"),
    "an attribute": ("body", "{link} {office.__class__}", "kurung"),
    "a statement": ("closing", "{x|upper}", "kurung"),
    "long": ("subject", "x" * 121, "120"),
}


@pytest.mark.parametrize(("part", "typed", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_sent_comes_back_as_typed(
    web: Web, desk_office: DeskOffice, path: str, part: str, typed: str, said: str
) -> None:
    agus, one = web.as_("Agus"), f"{path}/invitation-email"
    agus.speak("id")
    before = agus.get(one)
    page = agus.send(before, one, status=422, go="save", id_source="own", **{**MAIL, f"id_{part}": typed})
    assert page.form(one)[f"id_{part}"] == typed
    assert said in page.text.partition(f'id="message-id_{part}-error"')[2].partition("</p>")[0]
    assert own(desk_office) == set() and told(desk_office) == []
    own_words = {"id_source": "own", "en_source": "shipped", **MAIL, f"id_{part}": typed}
    preview = agus.post(f"{one}/preview", status=200, **own_words)
    assert preview.text.count("exclamation-circle") == 1 and "KPKNL" in preview.text


def test_a_phone_gets_no_more_than_is_affordable_and_no_markup(web: Web, desk_office: DeskOffice, path: str) -> None:
    agus, one = web.as_("Agus"), f"{path}/reminder-phone"
    agus.speak("en")
    page = agus.send(agus.get(one), one, status=200, go="preview", en_source="own", en_text="Ok <b>{link}</b> ✓")
    assert "Not saved yet" in page.said and "UCS-2" in page.said and "&lt;b&gt;" in page.text
    assert "<b>" not in page.text and own(desk_office) == set()
    costly = agus.send(page, one, status=422, go="save", en_source="own", en_text="✓" * 300 + "{link}")
    assert "which costs" in costly.said
    agus.send(costly, one, go="save", en_source="own", en_text="{office}\r\nBcc: x {link}")
    assert desk_office.row(MessageText).words == {"text": "{office} Bcc: x {link}"}


def test_from_a_later_day_on(web: Web, desk_office: DeskOffice, path: str) -> None:
    agus, one = web.as_("Agus"), f"{path}/voice_answered-phone"
    today = desk_office.clock.now.date()
    typed = {"go": "save", "id_source": "own", "id_text": "Dijawab: {link}"}
    refused = agus.send(agus.get(one), one, status=422, **typed, due=today.isoformat())
    assert refused.form(one)["id_text"] == "Dijawab: {link}"
    agus.send(refused, one, **{**typed, "due": (today + timedelta(days=2)).isoformat()})
    assert own(desk_office) == set()
    assert desk_office.row(PlannedChange).due == today + timedelta(days=2)
    desk_office.clock.tick(2 * 86_400)
    assert list(plannable.carry_out_due(desk_office.streams, desk_office.id).values()) == ["applied"]
    assert own(desk_office) == {(TextKind.VOICE_ANSWERED, Channel.PHONE, "id")}
    assert desk_office.findings() == []


def test_what_is_no_message_is_not_there(web: Web, path: str) -> None:
    agus = web.as_("Agus")
    for odd in ("nonsense-email", "invitation", "complaint_late-phone", "invitation-fax", "invitation-link"):
        agus.get(f"{path}/{odd}", status=404)
