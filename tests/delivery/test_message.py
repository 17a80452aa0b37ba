"""What a visitor reads, and that nothing anybody typed can become a header."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from desk.delivery.addresses import SenderIdentity
from desk.delivery.claim import Claim
from desk.delivery.message import Links, compose
from desk.delivery.occasion import Occasion, minutes_of
from desk.domain.shipped_questionnaires import SHIPPED
from tests.fixtures.delivery import PUBLIC_URL, WATI

LINKS = Links(b"k" * 32, PUBLIC_URL)
SENDER = SenderIdentity.parse("desk@kpknl.example.go.id")
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LELANG = {"id": "Lelang", "en": "Auction"}
PENILAIAN = {"id": "Penilaian", "en": "Valuation"}
HEADERS = {
    "Subject", "From", "To", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version", "Content-Type",
    "List-Unsubscribe", "List-Unsubscribe-Post",
}  # fmt: skip
EVIL = "Kantor\r\nBcc: joko@example.go.id\r\n\r\nHadiah!\x00\x1b\u202e\u2028"
LONG = "Kantor Pelayanan 🏛️ Kekayaan Negara dan Lelang " * 40

NAMES = {
    "a header inside": EVIL,
    "long": LONG,
    "special characters": '"Kantor", <joko@example.go.id>; (satu) \\ dua: tiga',
    "emoji": "👩‍👩‍👧‍👦" * 60,
    "blank": " \r\n ",
}


def _claim(language="id", **changed):
    occasion = Occasion(
        7, 1, datetime(2026, 3, 16, 1, 30, tzinfo=UTC), "KPKNL Contoh", ZoneInfo("Asia/Jakarta"), "A007",
        date(2026, 3, 2), (LELANG,),
    )  # fmt: skip
    return Claim(1, 7, 1, "survey-7", WATI, language, replace(occasion, **changed))


def _sent(claim, sender=SENDER):
    """Compose, put on the wire, and read as a mail program does."""
    raw = compose(claim, LINKS, sender, at=AT).content
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii()
    return message_from_bytes(raw, policy=default)


def _text(message):
    return message.get_body(("plain",)).get_content()


def _html(message):
    return message.get_body(("html",)).get_content()


class _Page(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.links, self.tags, self.words, self.language = [], [], "", None
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given = dict(attrs)
        self.language = given.get("lang") or self.language
        self.links += [given["href"]] if "href" in given else []

    def handle_data(self, data):
        self.words += data


def test_in_indonesian():
    message = _sent(_claim("id"))

    assert message["Subject"] == "Bagaimana pelayanan kami? KPKNL Contoh, nomor A007"
    assert message["Content-Language"] == "id"
    text = _text(message)
    assert "Pada 2 Maret 2026 Anda datang ke KPKNL Contoh dengan nomor antrean A007." in text
    assert "Layanan: Lelang" in text
    assert "bersifat sukarela" in text
    assert "berlaku sampai 16 Maret 2026 pukul 08.30" in text


def test_in_english():
    message = _sent(_claim("en"))

    assert message["Subject"] == "How was our service? KPKNL Contoh, number A007"
    assert message["Content-Language"] == "en"
    text = _text(message)
    assert "On 2 March 2026 you came to KPKNL Contoh with number A007." in text
    assert "Service: Auction" in text
    assert "voluntary" in text
    assert "works until 16 March 2026, 08:30." in text


def test_another_language_gets_the_one_of_the_office():
    assert _sent(_claim("ja"))["Content-Language"] == "id"


@pytest.mark.parametrize("language", ["id", "en"])
def test_text_and_html_say_the_same_with_the_two_links(language):
    message = _sent(_claim(language))
    page, text = _Page(_html(message)), _text(message)

    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert page.links == [LINKS.to_survey(_claim().occasion), LINKS.to_stop(_claim().occasion)]
    assert text.count("http") == 2
    assert all(link in text for link in page.links)
    assert page.language == language
    for value in ("KPKNL Contoh", "A007", "2026"):
        assert value in page.words


def test_every_service_of_the_visit_is_named():
    claim = _claim(services=(LELANG, PENILAIAN))

    assert "Layanan: Lelang dan Penilaian" in _text(_sent(claim))


def test_who_it_comes_from():
    assert _sent(_claim())["From"].addresses == (Address("KPKNL Contoh", "desk", "kpknl.example.go.id"),)
    named = SenderIdentity.parse("Meja Layanan <desk@kpknl.example.go.id>")
    assert _sent(_claim(), named)["From"].addresses[0].display_name == "Meja Layanan"


def test_machines_see_that_a_machine_wrote_it():
    message = _sent(_claim())

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == AT


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_name_becomes_a_header(name):
    message = _sent(_claim(office=name, number=name[:12], services=({"id": name, "en": name},)))

    assert set(message.keys()) == HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == [WATI]
    assert [address.addr_spec for address in message["From"].addresses] == ["desk@kpknl.example.go.id"]
    assert not message.defects
    assert not any(message[header].defects for header in ("Subject", "From", "To"))
    assert message.get_content_type() == "multipart/alternative"


def test_no_control_character_reaches_a_visitor():
    message = _sent(_claim(office=EVIL))

    lines = [message["Subject"], message["From"].addresses[0].display_name, *_text(message).split("\r\n")]
    assert [line for line in lines if not line.isprintable()] == []


def test_emoji_stay_whole():
    message = _sent(_claim(office="Kantor 👩‍👩‍👧 Satu"))

    assert "Kantor 👩‍👩‍👧 Satu" in message["Subject"]
    assert "Kantor 👩‍👩‍👧 Satu" in _text(message)


def test_html_is_escaped():
    page = _Page(_html(_sent(_claim(office="<script>alert(1)</script> & Co", services=({"id": "<b>", "en": "<b>"},)))))

    assert "script" not in page.tags
    assert "b" not in page.tags
    assert "<script>alert(1)</script> & Co" in page.words


def test_a_percent_sign_is_no_place_to_fill():
    assert "100 % %(link)s" in _sent(_claim(office="100 % %(link)s"))["Subject"]


def test_the_link_is_in_nothing_that_is_shown_of_a_claim():
    claim = _claim()

    assert WATI not in repr(claim)
    assert "kkkk" not in repr(LINKS)
    assert LINKS.to_survey(claim.occasion) not in repr(claim)


@pytest.mark.parametrize(("code", "minutes"), [("one", 0), ("skm2017", 2), ("skm2004", 3)])
def test_how_long_it_takes_follows_from_the_questions(code, minutes):
    assert minutes_of([SHIPPED[code]]) == minutes


def test_two_matters_are_more_than_one_question():
    assert minutes_of([SHIPPED["one"]] * 2) == 1


@pytest.mark.parametrize("is_reminder", [False, True])
@pytest.mark.parametrize(
    ("minutes", "further", "words"),
    [
        (0, 0, "It is one question:"),
        (0, 1, "It is one question; 1 more may follow, which you can leave out:"),
        (0, 2, "It is one question; up to 2 more may follow, which you can leave out:"),
        (1, 2, "about 1 minute:"),
        (3, 0, "about 3 minutes:"),
    ],
)
def test_it_says_how_long_it_takes(minutes, further, words, is_reminder):
    message = _sent(replace(_claim("en", minutes=minutes, further=further), is_reminder=is_reminder))

    assert words in _text(message) and words in " ".join(_html(message).split())
    assert "less than a minute" not in _text(message)


def test_the_questionnaire_that_is_asked_counts(ask, courier, mail_server):
    ask(language="en")
    courier.delivers()
    courier.office.asks_with("skm2017")
    ask("dodi@example.go.id", language="en")
    courier.delivers()

    one, nine = (letter.body() for letter in mail_server.letters)
    assert "It is one question; up to 2 more may follow, which you can leave out:" in one
    assert "It takes about 2 minutes:" in nine
