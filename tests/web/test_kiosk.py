"""Taking a number at the kiosk or on a phone, and coming back: what is shown, what is refused, and what is kept."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import update

from desk.domain.devices import DeviceKind, DeviceWish, code_of, secret_of
from desk.domain.reasons import PriorityReason
from desk.domain.tokens import TokenKind, derive
from desk.models import (
    EventRow,
    InvitationRow,
    Office,
    QueueEntry,
    Remembered,
    Service,
    TransactionRow,
    Visit,
    VisitContact,
)
from desk.operations.settings.devices import begin_pairing, pair, revoke
from tests.browser.many_services import offers_many, publishes_valuation
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import PUBLIC_URL, Answer, Web, everything

VISITS = "/offices/1/visits"
LANGUAGES = ["id", "en"]
AFTER_HOURS = timedelta(hours=8, minutes=30)  # Monday 16.30
LONG = "Wati" * 2_560


def sheet(web: Web, office: DeskOffice, series: str = "A", *, face: str = "kiosk") -> Answer:
    """Open the page of a service."""
    return web.get(f"/offices/1/{face}/services/{office.services[series]}")


def test_the_first_page_lists_the_services_and_who_waits(web: Web, desk_office: DeskOffice):
    desk_office.arrives("B")
    desk_office.arrives("B")

    web.speak("en")
    page = web.get("/offices/1/kiosk")

    assert "What do you need today?" in page.said
    assert re.search(r"B Kekayaan negara\s+2 waiting", page.said)
    assert page.queries <= 12
    web.speak("id")
    assert re.search(r"B Kekayaan negara\s+2 menunggu", web.get("/offices/1/kiosk").said)


def test_many_services_cost_no_more_queries(web: Web, desk_office: DeskOffice):
    before = web.get("/offices/1/kiosk").queries
    for _ in range(5):
        desk_office.arrives("A")

    assert web.get("/offices/1/kiosk").queries == before


def test_the_tiles_are_sent_again_only_when_they_changed(web: Web, desk_office: DeskOffice):
    first = web.get("/offices/1/kiosk/tiles")
    known = {"If-None-Match": first.headers["ETag"]}

    assert web.get("/offices/1/kiosk/tiles", status=304, headers=known).text == ""
    desk_office.arrives("A")
    assert web.get("/offices/1/kiosk/tiles", headers=known).headers["ETag"] != first.headers["ETag"]


def test_a_retired_service_is_not_offered(web: Web, desk_office: DeskOffice):
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Service).where(Service.id == desk_office.services["B"]).values(retired=True))

    assert "Kekayaan negara" not in web.get("/offices/1/kiosk").said
    web.get(f"/offices/1/kiosk/services/{desk_office.services['B']}", status=404)


@pytest.mark.parametrize(
    ("later", "indonesian", "english"),
    [
        (timedelta(hours=4, minutes=30), "Buka hari ini pukul 13.00", "Opens today at 13:00"),
        (AFTER_HOURS, "Buka besok, Selasa, 3 Maret, pukul 08.00", "Opens tomorrow, Tuesday 3 March, at 08:00"),
        (timedelta(days=4, hours=9), "Buka Senin, 9 Maret pukul 08.00", "Opens Monday 9 March at 08:00"),
    ],
)
def test_a_closed_service_says_when_it_opens(
    web: Web, desk_office: DeskOffice, later: timedelta, indonesian: str, english: str
):
    desk_office.clock.now += later

    web.speak("id")
    assert indonesian in web.get("/offices/1/kiosk").said
    web.speak("en")
    assert english in web.get("/offices/1/kiosk").said


def test_a_closed_service_can_be_read_about_but_not_taken(web: Web, desk_office: DeskOffice):
    open_page = sheet(web, desk_office, "C")
    desk_office.clock.now += AFTER_HOURS
    web.speak("en")

    closed_page = sheet(web, desk_office, "C")
    assert "Opens tomorrow, Tuesday 3 March, at 08:00" in closed_page.said
    assert not [form for form in closed_page.tree.named("form") if form.get("action") == VISITS]

    answer = web.follow(web.send(open_page, VISITS))
    assert "The service is closed now." in answer.said
    assert "3 March 2026 08:00" in answer.said
    assert desk_office.rows(Visit) == []


def test_a_sheet_shows_the_whole_standard_in_the_chosen_language(web: Web, desk_office: DeskOffice):
    texts = {
        "requirements_id": "1. KTP\n- Surat kuasa",
        "requirements_en": "Identity card\nPower of attorney",
        "procedure_id": "Serahkan berkas",
        "fee_id": "Gratis",
        "fee_en": "Free of charge",
        "time_id": "5 hari kerja",
        "product_id": "Risalah lelang",
        "complaints_id": "Loket 6",
    }
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Service).where(Service.id == desk_office.services["A"]).values(**texts))

    web.speak("id")
    indonesian = sheet(web, desk_office)
    assert re.findall(r"<li[^>]*>(KTP|Surat kuasa)</li>", indonesian.text) == ["KTP", "Surat kuasa"]
    assert all(text in indonesian.said for text in ("Gratis", "5 hari kerja", "Risalah lelang", "Loket 6"))
    web.speak("en")
    english = sheet(web, desk_office)
    assert re.search(r"<li[^>]*>Power of attorney</li>", english.text)
    assert "Free of charge" in english.said
    assert "5 hari kerja" in english.said, "what is not translated is shown as it is"


def test_a_number_is_taken_and_shown(web: Web, desk_office: DeskOffice):
    desk_office.arrives("A")
    web.speak("id")

    done = web.send(sheet(web, desk_office), VISITS)
    ticket = web.follow(done)

    assert re.fullmatch(r"/v/[a-z2-7]{26}/ticket", done.location)
    assert all(words in ticket.said for words in ("A002", "Lelang", "1 orang di depan Anda", "08.00"))
    assert 'class="qr"' in ticket.text
    assert ticket.queries <= 7
    assert [(visit.label, visit.channel, visit.language) for visit in desk_office.rows(Visit)][-1] == (
        "A002",
        "kiosk",
        "id",
    )


def test_the_code_on_the_ticket_leads_to_the_visitors_own_page(
    web: Web, desk_office: DeskOffice, monkeypatch: pytest.MonkeyPatch
):
    drawn: list[str] = []
    monkeypatch.setattr("desk.web.printed_codes.qr_picture", lambda address: drawn.append(address) or "")
    visit = desk_office.arrives().facts["visit"]

    web.get(f"{web.status_path(visit)}/ticket")

    assert drawn == [f"{PUBLIC_URL}{web.status_path(visit)}?via=ticket"]


def test_a_double_tap_gives_one_number(web: Web, desk_office: DeskOffice):
    page = sheet(web, desk_office)

    first, second = web.send(page, VISITS), web.send(page, VISITS)

    assert first.location == second.location
    assert len(desk_office.rows(Visit)) == 1


def test_a_repeat_after_the_visit_leads_to_no_survey(web: Web, desk_office: DeskOffice):
    """The visitor's page leads to it by then: whoever comes to the device could answer in their place."""
    page = sheet(web, desk_office)
    web.send(page, VISITS)
    desk_office.sari.signs_on(1)
    desk_office.sari.completes(desk_office.sari.serves(counter=1))

    late = web.send(page, VISITS)

    assert "/v/" not in late.location
    assert "kunjungan itu sudah selesai" in web.follow(late).text
    assert len(desk_office.rows(Visit)) == 1


def test_two_visitors_get_two_numbers(web: Web, desk_office: DeskOffice):
    first, second = (web.send(sheet(web, desk_office), VISITS) for _ in range(2))

    assert first.location != second.location
    assert [visit.label for visit in desk_office.rows(Visit)] == ["A001", "A002"]


@pytest.mark.parametrize(
    ("language", "words"), [("id", "sudah pernah dipakai untuk hal lain"), ("en", "already used for something else")]
)
def test_the_same_key_for_something_else_is_refused(web: Web, desk_office: DeskOffice, language: str, words: str):
    web.speak(language)
    page = sheet(web, desk_office)
    web.send(page, VISITS)

    answer = web.follow(web.send(page, VISITS, name="Wati"))

    assert len(desk_office.rows(Visit)) == 1
    assert desk_office.rows(VisitContact) == []
    assert 'class="message message-error"' in answer.text
    if language == "en":
        assert words in answer.said


def test_without_the_token_against_forgery_nothing_happens(web: Web, desk_office: DeskOffice):
    web.post(VISITS, status=400, csrf=False, service=str(desk_office.services["A"]))

    assert desk_office.rows(Visit) == []


def test_a_number_can_be_taken_under_tls(web: Web, desk_office: DeskOffice):
    web.post(VISITS, service=str(desk_office.services["A"]), base_url="https://localhost")

    assert len(desk_office.rows(Visit)) == 1


def test_priority_carries_its_reason_and_its_place(web: Web, desk_office: DeskOffice):
    desk_office.arrives("A")
    desk_office.clock.tick(60)

    web.speak("en")
    done = web.send(sheet(web, desk_office), VISITS, priority="elderly")

    assert "You are next" in web.follow(done).said
    visit = desk_office.rows(Visit)[-1]
    assert (visit.priority, visit.priority_reason) == ("priority", "elderly")


def test_contact_is_kept_apart_and_never_in_the_trail(web: Web, desk_office: DeskOffice):
    web.send(
        sheet(web, desk_office), VISITS, email="wati@contoh.id", consent="y", name="Wati 😀\0\n Lestari", language="id"
    )

    contact = desk_office.row(VisitContact)
    assert (contact.name, contact.email) == ("Wati 😀 Lestari", "wati@contoh.id")
    assert contact.consented_at == desk_office.clock.now
    assert "wati" not in "".join(row.payload for row in desk_office.rows(EventRow)).lower()
    assert "wati" not in repr(desk_office.rows(Remembered)).lower()


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"email": "wati@contoh.id"}, "consent", "Tick this so that we may write to you"),
        ({"consent": "y"}, "consent", "Write your e-mail address too"),
        ({"email": "wati", "consent": "y"}, "email", "Write the e-mail address like name@example.id."),
        ({"email": "a" * 300 + "@contoh.id", "consent": "y"}, "email", "at most 254 characters"),
        ({"name": LONG}, "name", "at most 120 characters"),
        ({"priority": "impatient"}, "priority", "Choose one of the reasons, or no priority."),
        ({"priority": "elderly\0"}, "priority", "Choose one of the reasons, or no priority."),
    ],
)
def test_what_cannot_be_kept_is_refused_where_it_was_typed(
    web: Web, desk_office: DeskOffice, said: dict[str, str], field: str, words: str
):
    web.speak("en")
    before = everything(desk_office)

    answer = web.send(sheet(web, desk_office), VISITS, status=422, **{"name": "Wati", **said})

    assert everything(desk_office) == before
    assert answer.text.count(words) == 2, "in the summary and at the field"
    assert f'href="#{field}' in answer.text
    assert "<title>Error:" in answer.text
    kept = answer.form(VISITS)
    assert all(kept.get(name) == value for name, value in {"name": "Wati", **said}.items() if name in ("name", "email"))


def test_a_refused_form_can_be_mended_and_sent(web: Web, desk_office: DeskOffice):
    web.speak("id")
    wrong = web.send(sheet(web, desk_office), VISITS, status=422, email="wati@contoh.id", name="Wati")
    assert "Centang ini agar kami boleh mengirim surel" in wrong.said

    web.send(wrong, VISITS, consent="y")

    assert desk_office.row(VisitContact).name == "Wati"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "/offices/7/kiosk",
        "/offices/99999999999999999999/kiosk",
        "/offices/7/check-in",
        "/offices/7/display",
        "/offices/1/kiosk/services/999",
        "/offices/1/kiosk/services/99999999999999999999",
        "/offices/7/kiosk/return",
    ],
)
def test_what_does_not_exist_is_said_to_be_missing(web: Web, path: str, language: str):
    web.speak(language)

    assert ("tidak" if language == "id" else "nothing at this address") in web.get(path, status=404).said.lower() or (
        language == "en" and "does not exist here" in web.get(path, status=404).said
    )


@pytest.mark.parametrize("service", ["", "999", "abc", "²", "-1", "1\0", "9" * 400, "1; DROP TABLE visits"])
def test_no_number_for_a_service_that_is_none(web: Web, desk_office: DeskOffice, service: str):
    web.post(VISITS, status=404, service=service, key="k1")

    assert desk_office.rows(Visit) == []


@pytest.mark.parametrize("key", ["k\0", "k" * 81, "kunci ☂"])
def test_a_key_that_cannot_be_kept_is_refused(web: Web, desk_office: DeskOffice, key: str):
    web.post(VISITS, status=400, service=str(desk_office.services["A"]), key=key)

    assert desk_office.rows(Visit) == []


def test_more_than_a_form_holds_is_refused(web: Web):
    web.post(VISITS, status=413, name="x" * 300_000)


def test_taking_numbers_is_limited(web: Web, desk_office: DeskOffice):
    for number in range(60):
        web.post(VISITS, service=str(desk_office.services["A"]), key=f"k{number}")

    web.post(VISITS, status=429, service=str(desk_office.services["A"]), key="k60")

    assert len(desk_office.rows(Visit)) == 60


def test_on_a_phone_the_number_leads_to_the_visitors_own_page(web: Web, desk_office: DeskOffice):
    web.speak("id")
    assert "Layanan apa yang Anda perlukan?" in web.get("/offices/1/check-in").said

    done = web.send(sheet(web, desk_office, "B", face="check-in"), VISITS)

    assert re.fullmatch(r"/v/[a-z2-7]{26}", done.location)
    assert "B001" in web.follow(done).said
    assert desk_office.row(Visit).channel == "phone"


def test_a_phone_with_a_number_is_asked_before_another_one(web: Web, desk_office: DeskOffice):
    web.speak("en")
    open_page = sheet(web, desk_office, face="check-in")
    first = web.send(open_page, VISITS)
    assert web.send(open_page, VISITS).location == first.location, "a repeat is told the same number"
    back = web.send(open_page, VISITS, status=409, key="as the browser makes one on going back", name="Wati")
    assert "You already have number A001" in back.said and first.location in back.text and "Wati" in back.text
    assert len(desk_office.rows(Visit)) == 1
    web.send(back, VISITS, name="")
    assert [each.label for each in desk_office.rows(Visit)] == ["A001", "A002"]
    assert "You already have number A002" in sheet(web, desk_office, "B", face="check-in").said
    assert "You already have" not in sheet(web, desk_office).said, "a kiosk is nobody's phone"
    for visit in desk_office.rows(Visit):
        page = web.get(f"{web.status_path(visit.id)}/departure")
        web.send(page, f"{web.status_path(visit.id)}/departure")
    assert "You already have" not in sheet(web, desk_office, face="check-in").said


def test_the_kiosk_forgets_language_and_view_of_the_last_visitor(web: Web, desk_office: DeskOffice):
    plain = web.get("/offices/1/kiosk").text
    assert "data-idle-home" not in plain
    assert "is-easy" not in plain
    web.get("/offices/1/kiosk?language=en")
    easy = web.get("/offices/1/kiosk?easy=1").text
    assert 'lang="en"' in easy
    assert 'data-idle-home="/offices/1/kiosk/start"' in easy

    kept = web.get(f"/offices/1/kiosk/services/{desk_office.services['A']}")
    assert 'class="face-kiosk is-easy high-contrast"' in kept.text, "for this visitor it stays"
    assert 'data-idle-seconds="120"' in kept.text, "who needs more time has more"
    done = web.send(kept, VISITS)
    assert "is-easy" in web.follow(done).text
    assert "is-easy" not in web.get("/offices/1/kiosk?easy=0").text
    web.get("/offices/1/kiosk?easy=1")

    anew = web.follow(web.get("/offices/1/kiosk/start", status=303)).text
    assert 'lang="id"' in anew
    assert "is-easy" not in anew
    assert "data-idle-home" not in anew


def test_the_language_of_the_house_is_where_the_kiosk_returns_to(web: Web, desk_office: DeskOffice):
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Office).values(language="en"))

    assert 'data-idle-home="/offices/1/kiosk/start"' in web.get("/offices/1/kiosk?language=id").text
    anew = web.follow(web.get("/offices/1/kiosk/start", status=303)).text
    assert 'lang="en"' in anew
    assert "data-idle-home" not in anew


@pytest.mark.parametrize("face", ["kiosk", "check-in"])
def test_several_services_are_one_visit_with_one_number(web: Web, desk_office: DeskOffice, face: str):
    auction, property_ = desk_office.services["A"], desk_office.services["B"]
    web.speak("en")
    first = web.get(f"/offices/1/{face}/services/{property_}")
    assert f'href="/offices/1/{face}?with={property_}"' in first.text
    more = web.get(f"/offices/1/{face}?with={property_}")
    assert re.search(r"B Kekayaan negara\s+Chosen", more.said)
    assert f'href="/offices/1/{face}/services/{auction}?with={property_}"' in more.text
    both = web.get(f"/offices/1/{face}/services/{auction}?with={property_}")
    assert "One number for 2 services" in both.said
    assert f'href="/offices/1/{face}/services/{auction}"' in both.text, "the other can be taken away"

    done = web.send(both, VISITS)

    assert [visit.label for visit in desk_office.rows(Visit)] == ["B001"], "the first chosen gives the letter"
    assert [each.first_service_id for each in desk_office.rows(TransactionRow)] == [property_, auction]
    assert all(name in web.follow(done).said for name in ("Lelang", "Kekayaan negara"))
    assert web.send(both, VISITS).location == done.location
    web.get(f"/offices/1/{face}/services/{auction}?with=999", status=404)
    web.get(f"/offices/1/{face}/services/{auction}?with=x&with=²&with={'9' * 400}")


def test_where_one_of_several_gives_no_number_it_is_said_which(web: Web, desk_office: DeskOffice):
    auction, appraisal = desk_office.services["A"], desk_office.services["C"]
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Service).where(Service.id == appraisal).values(daily_quota=1))
    desk_office.arrives("C")

    for language, words in (
        ("id", "Nomor untuk hari ini sudah habis. Nomor berikutnya diberikan besok, Selasa, 3 Maret, pukul 08.00."),
        ("en", "All numbers for today are given out. The next ones are given out tomorrow, Tuesday 3 March, at 08:00."),
    ):
        web.speak(language)
        page = web.get(f"/offices/1/kiosk/services/{auction}?with={appraisal}")
        assert f"Penilaian: {words}" in page.said
        assert f'action="{VISITS}"' not in page.text
        tiles = web.get(f"/offices/1/kiosk?with={auction}")
        assert f"/services/{appraisal}?" not in tiles.text, "what gives no number cannot be added"

    refused = web.post(VISITS, service=str(auction), more=str(appraisal), key="k1")
    assert "given out" in web.follow(refused).said
    assert len(desk_office.rows(Visit)) == 1


def test_a_closed_office_says_when_it_opens_again(web: Web, desk_office: DeskOffice):
    with desk_office.streams.setting_up() as connection:  # the others never close
        connection.execute(update(Service).where(Service.id != desk_office.services["C"]).values(retired=True))
    desk_office.clock.now += AFTER_HOURS

    web.speak("id")
    assert "Nomor diberikan lagi besok, Selasa, 3 Maret, pukul 08.00." in web.get("/offices/1/kiosk").said
    web.speak("en")
    assert "Numbers are given out again tomorrow, Tuesday 3 March, at 08:00." in web.get("/offices/1/kiosk").said


def test_fee_time_and_papers_are_told_before_a_number_is_taken(web: Web, desk_office: DeskOffice):
    texts = {"fee_en": "Free of charge", "time_en": "5 working days", "requirements_en": "Identity card"}
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Service).values(**texts, wait_promise_s=1200))
    web.speak("en")

    said = sheet(web, desk_office).said

    told = [said.index(words) for words in ("Free of charge", "5 working days", "20 min", "Identity card")]
    assert told == sorted(told)


def test_a_long_list_of_times_stands_behind_what_to_bring(web: Web, desk_office: DeskOffice):
    publishes_valuation(desk_office, "A")
    web.speak("en")
    said = sheet(web, desk_office).said

    told = [said.index(words) for words in ("Free of charge", "30 min", "A letter of application", "Natural resources")]
    assert told == sorted(told)
    web.speak("id")
    preview = web.as_("Agus").get(f"/offices/1/administration/services/{desk_office.services['A']}/preview").said
    assert preview.index("Surat permohonan penilaian") < preview.index("Sumber daya alam")


@pytest.mark.parametrize(("count", "is_dense"), [(6, False), (7, True)])
def test_beyond_six_services_the_tiles_are_smaller_and_counted(
    web: Web, desk_office: DeskOffice, count: int, is_dense: bool
):
    offers_many(desk_office, count)
    page = web.get("/offices/1/kiosk").text
    assert page.count('<li id="service-') == count
    assert ("services-many" in page) is is_dense
    assert ("<noscript> Seluruhnya 7 layanan.</noscript>" in page) is is_dense


def test_no_link_of_a_paired_kiosk_leaves_its_face(web: Web, desk_office: DeskOffice):
    """Whatever a visitor touches leads to another page of the kiosk; an error leads back to it."""
    streams = desk_office.streams
    code = code_of(streams.keys.links, begin_pairing(streams))
    wish = DeviceWish(DeviceKind.KIOSK, "Kios pintu masuk")
    device = pair(streams, desk_office.id, code, wish, desk_office.agus.asks("pair")).facts["device"]
    web.client.set_cookie("desk-device", secret_of(streams.keys.links, device))
    start = web.get("/device", status=303).location
    ticket = web.send(sheet(web, desk_office), VISITS).location
    seen: set[str] = set()
    new = {start, ticket, f"{ticket.removesuffix('/ticket')}/open-matters"}
    while new and len(seen) < 60:
        path = new.pop()
        seen.add(path)
        answer = web.client.get(path, follow_redirects=True)
        assert 'class="face-kiosk' in answer.text, path
        assert "data-locked" in answer.text, path
        new |= {unescape(each) for each in re.findall(r'<a [^>]*href="(/[^"]*)"', answer.text)} - seen
    assert len(seen) > 20
    missing = web.get("/v/nonsense", status=404).text
    assert 'href="/device"' in missing
    assert 'href="/"' not in missing

    revoke(streams, desk_office.id, device, desk_office.agus.asks("revoke"))
    for path in ("/offices/1/kiosk", "/offices/1/kiosk/start", "/offices/1/kiosk/return"):
        assert web.get(path, status=303).location == "/pair"
    assert web.post(VISITS, service=str(desk_office.services["A"])).location == "/pair"
    assert len(desk_office.rows(Visit)) == 1


@pytest.fixture
def earlier(desk_office: DeskOffice) -> int:
    """A visit whose transaction is being processed; the visitor, elderly, left an address, and has gone home."""
    visit = desk_office.arrives(
        "A", email="wati@contoh.id", consent=True, name="Wati", priority_reason=PriorityReason.ELDERLY
    ).facts["visit"]
    desk_office.sari.signs_on()
    desk_office.sari.processes(desk_office.sari.serves())
    return int(visit)


@pytest.mark.parametrize(
    "typed",
    [
        "{token}",
        " {TOKEN} ",
        "http://desk.example/v/{token}",
        "http://desk.example/v/{token}/?language=en",
        "{spaced}",
        "{token}.",
    ],
)
def test_the_code_of_the_earlier_ticket_leads_to_what_is_open(web: Web, earlier: int, typed: str):
    token = web.status_path(earlier).removeprefix("/v/")
    spaced = " ".join(token[start : start + 4] for start in range(0, 26, 4))
    form = web.get("/offices/1/kiosk/return")

    found = web.send(
        form, "/offices/1/kiosk/return", code=typed.format(token=token, TOKEN=token.upper(), spaced=spaced)
    )

    assert found.location == f"/v/{token}/open-matters"
    assert "Lelang" in web.follow(found).said


def test_coming_back_gives_a_new_number_for_the_same_matter(web: Web, desk_office: DeskOffice, earlier: int):
    transaction = desk_office.row(TransactionRow)
    path = f"{web.status_path(earlier)}/open-matters"

    done = web.send(web.get(path), f"{path}/{transaction.id}")

    assert "A002" in web.follow(done).said
    visit = desk_office.rows(Visit)[-1]
    assert (visit.came_back, visit.priority_reason, visit.channel) == (True, "elderly", "kiosk")
    contact = desk_office.rows(VisitContact)[-1]
    assert (contact.visit_id, contact.name, contact.email) == (visit.id, "Wati", "wati@contoh.id")
    assert contact.consented_at is not None
    assert len(desk_office.rows(QueueEntry)) == 2


def test_coming_back_twice_is_refused_in_words(web: Web, desk_office: DeskOffice, earlier: int):
    transaction = desk_office.row(TransactionRow)
    path = f"{web.status_path(earlier)}/open-matters"
    page = web.get(path)
    web.send(page, f"{path}/{transaction.id}")
    web.speak("en")

    answer = web.follow(web.send(page, f"{path}/{transaction.id}", key="another"))

    assert "no longer possible" in answer.said
    assert "This goes on under the number A002" in web.get(path).said
    assert len(desk_office.rows(Visit)) == 2


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "Scan the code of your earlier ticket, or type it."),
        ("nonsense", "No visit at this office has this code."),
        ("a\0b", "No visit at this office has this code."),
        ("😀" * 500, "This is not a code of ours."),
    ],
)
def test_a_code_that_is_none_is_refused(web: Web, code: str, words: str):
    web.speak("en")
    form = web.get("/offices/1/kiosk/return")

    assert words in web.send(form, "/offices/1/kiosk/return", status=422, code=code).said


def test_the_code_of_a_survey_is_none_of_a_visit(web: Web, desk_office: DeskOffice, earlier: int):
    desk_office.sari.completes(desk_office.row(TransactionRow).id)
    invitation = desk_office.row(InvitationRow).id
    token = derive(desk_office.streams.keys.links, TokenKind.SURVEY, invitation)
    form = web.get("/offices/1/kiosk/return")

    web.send(form, "/offices/1/kiosk/return", status=422, code=token)
    web.get(f"/v/{token}/open-matters", status=404)
    web.get(f"/v/{token}/ticket", status=404)


def test_the_poster_for_the_door_is_for_those_at_the_front(web: Web, monkeypatch: pytest.MonkeyPatch):
    drawn: list[str] = []
    monkeypatch.setattr("desk.web.kiosk.taking_numbers.qr_picture", lambda address: drawn.append(address) or "")

    assert web.get("/offices/1/door", status=302).location.startswith("/sign-in")
    web.as_("Ratna").get("/offices/1/door", status=403)
    page = web.as_("Sari").get("/offices/1/door")

    assert drawn == [f"{PUBLIC_URL}/offices/1/check-in"]
    assert "Ambil nomor antrean dengan ponsel Anda" in page.said
    assert drawn[0] in page.said


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_code_of_a_number_of_today_tells_where_it_stands(web: Web, desk_office: DeskOffice):
    web.speak("en")
    desk_office.arrives("A")
    visit = desk_office.arrives("A", priority_reason=PriorityReason.ELDERLY).facts["visit"]
    desk_office.arrives("B")
    path = f"{web.status_path(visit)}/open-matters"

    waits = web.get(path)
    assert "This number holds. Please do not take another one." in waits.said
    assert "person before you" in waits.said or "You are next" in waits.said
    assert "Nothing of this visit is open any more" not in waits.said
    assert "I am here for this" not in waits.said
    again = web.send(waits, f"{web.status_path(visit)}/prints")
    assert again.location == f"{web.status_path(visit)}/ticket"
    ticket = web.follow(again)
    assert "Your priority is recorded with this number." in ticket.said
    assert "Elderly" not in ticket.said

    desk_office.sari.signs_on()
    desk_office.sari.calls()
    called = next(each.id for each in desk_office.rows(TransactionRow) if each.state == "called")
    visit = desk_office.transaction(called).visit_id
    path = f"{web.status_path(visit)}/open-matters"
    assert "Please go to counter 1" in web.get(path).said
    desk_office.sari.misses(called)
    missed = web.get(path)
    assert "You were called but were not there" in missed.said
    assert "today you can be put back in the queue, without a new number" in missed.said
    assert "take a new number" not in missed.said.lower()
    assert web.post(f"{web.status_path(visit)}/prints").location == path, "nothing is printed of what is over"
    desk_office.clock.tick(86_400)
    assert "Nothing of this visit is open any more" in web.get(path).said


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_number_that_goes_on_under_another_leads_there(web: Web, earlier: int, desk_office: DeskOffice):
    web.speak("en")
    path = f"{web.status_path(earlier)}/open-matters"
    web.send(web.get(path), f"{path}/{desk_office.row(TransactionRow).id}")

    page = web.get(path)

    newer = web.status_path(desk_office.rows(Visit)[-1].id)
    assert "This goes on under the number A002" in page.said
    assert f"{newer}/open-matters" in [each.get("href") for each in page.tree.named("a")]
    assert "You are next" in web.get(f"{newer}/open-matters").said
