"""Messages in an office's own words, over the wire: what visitors and staff get, and what words cannot do."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from desk.delivery.addresses import SenderIdentity
from desk.delivery.claim import Claim
from desk.delivery.composing import compose_for_phone
from desk.delivery.message import Links, compose
from desk.delivery.occasion import Occasion
from desk.delivery.own_words import OwnWords
from desk.delivery.samples import Office, sample_mail, sample_text
from desk.delivery.shipped_words import shipped_words
from desk.delivery.worker import Report
from desk.domain.access import Actor, Role
from desk.domain.invitation import Channel
from desk.domain.message_words import LANGUAGES, Part, TextKind, channels_of, cleaned, find_faults, parts_of
from desk.domain.refusals import Reason, Refused
from desk.models import MessageText
from desk.operations.requests import Request
from desk.operations.settings.message_texts import reword
from tests.fixtures.delivery import PUBLIC_URL, WATI
from tests.fixtures.gateway import WATI_PHONE

LINKS = Links(b"k" * 32, PUBLIC_URL)
SENDER = SenderIdentity.parse("desk@kpknl.example.go.id")
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MAIL = {
    Part.SUBJECT: "Survei {office}: {number}",
    Part.GREETING: "Yth. <b>Bapak/Ibu</b>",
    Part.BODY: "Anda datang pada {date} untuk {service}.\n\n{link}\n\nAtau: sampai {until}.",
    Part.BUTTON: "Isi & kirim",
    Part.CLOSING: "Salam,\n{office}",
}
PHONE = {Part.TEXT: "{office} {number}: {link}"}
HEADERS = {
    "Subject", "From", "To", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version", "Content-Type",
    "List-Unsubscribe", "List-Unsubscribe-Post",
}  # fmt: skip


def rewords(office, kind, channel, **wanted):
    admin = Actor.staff(office.agus.id, Role.ADMIN)
    return reword(office.streams, office.id, kind, Channel(channel), wanted, Request(admin, "reword"))


class TestWhatGoesOut:
    def test_own_words_in_one_language_and_shipped_ones_in_the_other(self, ask, courier, mail_server):
        asked = ask()
        rewords(asked.office, TextKind.INVITATION, "email", id=MAIL)
        assert courier.delivers() == Report(sent=1)
        (letter,) = mail_server.letters
        assert letter.message["Subject"] == f"Survei KPKNL Contoh: {asked.number}"
        text, html = (letter.body(each).replace("\r\n", "\n") for each in ("plain", "html"))
        assert text.startswith("Yth. <b>Bapak/Ibu</b>\n\nAnda datang pada 2 Maret 2026 untuk ")
        assert "Yth. &lt;b&gt;Bapak/Ibu&lt;/b&gt;" in html and "<b>" not in html
        assert f'<a class="answer" href="{letter.link}">Isi &amp; kirim</a>' in html
        for body in (text, html):
            assert "Jangan tanyai saya lagi" in body and "{" not in body.partition("</style>")[2]
        assert letter.message["List-Unsubscribe"] is not None

        ask("siti@example.go.id", language="en")
        rewords(asked.office, TextKind.INVITATION, "email", id=None)
        ask("joko@example.go.id", language="id")
        assert courier.delivers() == Report(sent=2)
        assert [each.message["Subject"].split()[0] for each in mail_server.letters[1:]] == ["How", "Bagaimana"]
        assert asked.office.findings() == []

    def test_a_phone_gets_them_with_how_to_be_asked_no_more(self, ask, phone_courier, gateway, desk_office):
        rewords(desk_office, TextKind.INVITATION, "phone", en=PHONE)
        asked = ask(None, phone=WATI_PHONE, language="en")
        phone_courier.delivers()
        (sent,) = gateway.sent
        text = sent.text
        assert text.startswith(f"KPKNL Contoh {asked.number}: {PUBLIC_URL}/s/")
        assert f"No more questions: {PUBLIC_URL}/u/" in text

    def test_what_was_written_past_the_desk_is_passed_over(self, ask, courier, mail_server, desk_office):
        rewords(desk_office, TextKind.INVITATION, "email", id=MAIL)
        with desk_office.streams.engine.begin() as connection:
            connection.execute(update(MessageText).values(words={"subject": "x\r\nBcc: joko@example.id", "body": "{x"}))
        ask()
        assert courier.delivers() == Report(sent=1)
        assert mail_server.letters[0].message["Subject"].startswith("Bagaimana")


class TestWhatIsRefused:
    def test_who_may_and_what(self, desk_office):
        office = desk_office
        for role in (Role.AGENT, Role.SUPERVISOR, Role.AUDITOR):
            request = Request(Actor.staff(office.budi.id, role), "reword")
            with pytest.raises(Refused) as refused:
                reword(office.streams, office.id, TextKind.INVITATION, Channel.EMAIL, {"id": MAIL}, request)
            assert refused.value.reason is Reason.FORBIDDEN
        wrong = [
            ("email", {"id": {**MAIL, Part.BODY: "Halo"}}),
            ("email", {"id": {**MAIL, Part.TEXT: "{link}"}}),
            ("email", {"ja": MAIL}),
            ("link", {"id": MAIL}),
        ]
        for channel, wanted in wrong:
            with pytest.raises(Refused) as refused:
                rewords(office, TextKind.INVITATION, channel, **wanted)
            assert refused.value.reason is Reason.INVALID
        with pytest.raises(Refused) as refused:
            rewords(office, TextKind.INVITATION, "email", id=None, en=None)
        assert refused.value.reason is Reason.ALREADY_DONE
        assert office.rows(MessageText) == []

    def test_every_version_stays(self, desk_office):
        for words in (PHONE, {Part.TEXT: "{link}"}, None, PHONE):
            rewords(desk_office, TextKind.REMINDER, "phone", id=words)
        found = [(each.version, each.until is None) for each in desk_office.rows(MessageText)]
        assert found == [(1, False), (2, False), (3, True)]


def _claim(own, channel="email", office="KPKNL Contoh"):
    occasion = Occasion(
        7, 1, datetime(2026, 3, 16, 1, 30, tzinfo=UTC), office, ZoneInfo("Asia/Jakarta"), "A007",
        date(2026, 3, 2), ({"id": "Lelang", "en": "Auction"},),
    )  # fmt: skip
    return Claim(1, 7, 1, "survey-7", WATI, "id", occasion, channel=channel, own=own)


ODD = [
    "{link}",
    "{office}",
    "\r\nBcc: joko@example.id\r\n\r\n",
    "<script>",
    "&",
    "\u2028",
    "\x00",
    "é",
    "😀",
    "-- \n",
    "{{",
]
typed = st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=30)), max_size=6).map("".join)


@given(st.fixed_dictionaries(dict.fromkeys((*MAIL, Part.TEXT), typed)), typed)
def test_no_words_become_a_header_a_tag_or_a_traceback(given_words, office):
    words = {part: cleaned(part, said) for part, said in given_words.items()}
    kept = {part: words[part] for part in MAIL}
    if not find_faults(TextKind.INVITATION, Channel.EMAIL, kept):
        raw = compose(_claim(OwnWords(TextKind.INVITATION, kept), office=office), LINKS, SENDER, at=AT).content
        assert raw.isascii() and all(len(line) <= 998 for line in raw.split(b"\r\n"))
        message = message_from_bytes(raw, policy=default)
        assert set(message.keys()) == HEADERS and not message.defects
        html = message.get_body(("html",)).get_content()
        assert html.count("<script") == 0 and html.count("<a ") == 2
        assert message.get_body(("plain",)).get_content().count(LINKS.to_survey(_claim(None).occasion)) == 1
    if not find_faults(TextKind.INVITATION, Channel.PHONE, {Part.TEXT: words[Part.TEXT]}):
        own = OwnWords(TextKind.INVITATION, {Part.TEXT: words[Part.TEXT]})
        claim = replace(_claim(own, "phone", office), address=WATI_PHONE)
        text = compose_for_phone(claim, LINKS).text
        assert text.isprintable() or not {"\n", "\r"} & set(text)
        assert text.count("/s/") == 1 and text.count("/u/") >= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_comes_with_the_desk_can_be_said_as_own_words(language):
    office = Office(1, "KPKNL Contoh", "Asia/Jakarta", PUBLIC_URL, SENDER)
    for kind in TextKind:
        for channel in channels_of(kind):
            words = shipped_words(kind, channel, language)
            assert find_faults(kind, channel, words) == {}
            assert set(words) <= set(parts_of(kind, channel))
            if channel is Channel.PHONE:
                assert sample_text(kind, language, words, office, at=AT) == sample_text(
                    kind, language, None, office, at=AT
                )
                continue
            own, shipped = (sample_mail(kind, language, each, office, at=AT) for each in (words, None))
            assert (own.subject, own.sender) == (shipped.subject, shipped.sender)
            assert (
                own.html.partition("<h1>")[2].partition("</h1>")[0]
                == shipped.html.partition("<h1>")[2].partition("</h1>")[0]
            )
            last = [each.text.rpartition("\n--\n")[2].strip() for each in (own, shipped)]
            assert last[0] == last[1]
