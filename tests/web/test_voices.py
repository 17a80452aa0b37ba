"""Complaints, suggestions and compliments on their pages: what visitors send, what staff see, what stays hidden."""

import pytest

from desk.domain.tokens import TokenKind, derive
from desk.models import Facility, FollowUpRow, VoiceContact, VoiceRow
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

FORM = "/offices/1/voice"
WORDS = "Petugas tidak ramah"


@pytest.fixture
def office(desk_office: DeskOffice) -> DeskOffice:
    """Sari at counter 1 has served A001 to the end."""
    desk_office.sari.signs_on(1)
    desk_office.arrives("A")
    desk_office.sari.completes(desk_office.sari.serves())
    return desk_office


def said(web: Web, kind: str = "complaint", via: str = "link", **more: str) -> str:
    """Send the form and return the tracking code."""
    page = web.get(f"{FORM}?via={via}")
    done = web.send(page, FORM, kind=kind, **{"words": WORDS, **more})
    return done.location.split("/")[2]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("via", ["kiosk", "link", "poster"])
def test_from_the_form_to_the_answer(web: Web, office: DeskOffice, language: str, via: str):
    web.speak(language)
    code = said(web, via=via, name="Wati", email="wati@example.id")
    receipt = web.get(f"/voice/{code}/receipt{'?kiosk=1' if via == 'kiosk' else ''}")
    assert " ".join(code[at : at + 4] for at in range(0, 26, 4)) in receipt.said
    assert WORDS not in receipt.text and "Wati" not in receipt.text

    voice, budi = office.row(VoiceRow).id, web.as_("Budi")
    page = budi.get(f"/offices/1/voices/{voice}")
    assert WORDS in page.said and "wati@example.id" in page.said
    budi.send(page, f"/offices/1/voices/{voice}/steps", step="answered", words="Kami mohon maaf.")
    tracked = web.get(f"/voice/{code}")
    assert "Kami mohon maaf." in tracked.said and WORDS not in tracked.text and "Budi" not in tracked.text
    for answer in (tracked, receipt):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
    web.get(f"/voice/{code[:-1]}a", status=404)
    assert office.findings() == []


def test_the_receipt_is_the_same_whether_the_number_was_found(web: Web, office: DeskOffice):
    pages = []
    for number in ("A001", "A099"):
        code = said(web, number=number, day=office.today.isoformat())
        pages.append(web.get(f"/voice/{code}/receipt").said.replace(code, ""))
    codes = [derive(office.streams.keys.links, TokenKind.VOICE, row.id) for row in office.rows(VoiceRow)]
    shown = [
        page.replace(" ".join(code[at : at + 4] for at in range(0, 26, 4)), "")
        for page, code in zip(pages, codes, strict=True)
    ]
    assert shown[0] == shown[1]
    assert [row.transaction_id is None for row in office.rows(VoiceRow)] == [False, True]


def test_anonymous_clears_what_was_typed(web: Web, office: DeskOffice):
    said(web, name="Wati", phone="0812", number="A001", day=office.today.isoformat(), anonymous="y")
    assert office.rows(VoiceContact) == []
    assert office.row(VoiceRow).transaction_id is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": None},
        {"words": " "},
        {"words": "a" * 4001},
        {"email": "wati"},
        {"number": "7"},
        {"day": "2030-01-01"},
        {"day": "kemarin"},
        {"facility": "999"},
        {"service": "x"},
    ],
)
def test_what_cannot_be_taken_comes_back_with_all_that_was_typed(web: Web, office: DeskOffice, wrong: dict):
    page = web.get(FORM)
    answer = web.send(page, FORM, status=422, **{"kind": "complaint", "words": WORDS, "name": "Wati", **wrong})
    assert 'value="Wati"' in answer.text
    assert office.rows(VoiceRow) == []


def test_a_double_tap_gets_the_same_receipt(web: Web, office: DeskOffice):
    page = web.get(FORM)
    sent = [web.send(page, FORM, kind="suggestion", words="Tambah kursi").location for _ in range(2)]
    assert sent[0] == sent[1]
    assert len(office.rows(VoiceRow)) == 1


def test_a_code_can_be_typed(web: Web, office: DeskOffice):
    code = said(web)
    page = web.get("/voice")
    spaced = " ".join(code[at : at + 4] for at in range(0, 26, 4)).upper()
    for typed in (spaced, f"http://desk.example/voice/{code}"):
        assert web.send(page, "/voice", code=typed).location == f"/voice/{code}"
    web.send(page, "/voice", status=422, code="a" * 26)


def test_visitors_find_the_form(web: Web, office: DeskOffice):
    assert f"{FORM}?via=kiosk" in web.get("/offices/1/kiosk").text
    visit = office.arrives("A").facts["visit"]
    mine = web.status_path(visit)
    led = web.send(web.get(mine), f"{mine}/voice")
    assert led.location == f"{FORM}?via=visit", "neither the token nor the number stands in the address"
    form = web.get(led.location)
    assert 'value="A002"' in form.text and f'value="{office.today.isoformat()}"' in form.text
    assert 'value="A002"' not in web.get(f"{FORM}?via=link").text
    wrong = web.send(form, FORM, status=422, kind="complaint", words=WORDS, email="wati")
    kept = [each.headers["Cache-Control"] for each in (form, wrong, web.get(f"{FORM}?via=kiosk"))]
    assert kept == ["private, no-cache", "private, no-cache", "no-store"], "Back survives, but not at the kiosk"
    web.send(form, FORM, kind="complaint", words=WORDS)
    assert 'value="A002"' not in web.get(led.location).text, "said once, it is known no more"
    assert "Pengaduan, saran, dan apresiasi" in web.as_("Budi").get(f"{FORM}/poster").said


def test_who_had_a_hand_in_it_does_not_see_it(web: Web, office: DeskOffice):
    office.budi.signs_on(2)
    office.arrives("A")
    office.budi.completes(office.budi.serves(counter=2))
    said(web, number="A002", day=office.today.isoformat())
    voice, budi = office.row(VoiceRow), web.as_("Budi")
    budi.get(f"/offices/1/voices/{voice.id}", status=404)
    assert f"voices/{voice.id}" not in budi.get("/offices/1/voices").text
    follow_up = f"/offices/1/follow-ups/{office.row(FollowUpRow).id}"
    budi.get(follow_up, status=404)
    for view in ("open", "nobody", "mine", "overdue", "closed"):
        assert follow_up not in budi.get(f"/offices/1/follow-ups?view={view}").text
    assert WORDS in web.as_("Agus").get(follow_up).said
    office.clock.tick(20 * 86_400)
    assert follow_up not in web.as_("Budi").get("/offices/1/gaps").text
    assert follow_up in web.as_("Ratna").get("/offices/1/gaps").text
    for name in ("Agus", "Ratna"):
        assert WORDS in web.as_(name).get(f"/offices/1/voices/{voice.id}").said


def test_a_compliment_reaches_the_officer(web: Web, office: DeskOffice):
    said(web, "compliment", words="Sari sangat membantu", number="A001", day=office.today.isoformat())
    assert "sangat membantu" in web.as_("Sari").get("/offices/1/my/compliments").said
    assert "sangat membantu" not in web.as_("Dewi").get("/offices/1/my/compliments").said


def test_one_that_names_nobody_is_passed_on_by_a_supervisor(web: Web, office: DeskOffice):
    code, budi = said(web, "compliment", words="Bagus sekali"), web.as_("Budi")
    path = f"/offices/1/voices/{office.row(VoiceRow).id}"
    page = budi.get(path)
    assert "Dibaca oleh kantor" in page.said
    assert "/officers" not in web.as_("Agus").get(path).text
    before = web.get(f"/voice/{code}").said
    budi.send(page, f"{path}/officers", status=422, officers=["999"])
    budi.send(page, f"{path}/officers", status=422)
    budi.send(page, f"{path}/officers", officers=[str(office.dewi.id)])
    page = budi.get(path)
    assert "Dewi" in page.said and "Dibaca oleh kantor" not in page.said
    assert "Bagus sekali" in web.as_("Dewi").get("/offices/1/my/compliments").said
    assert "Bagus sekali" not in web.as_("Sari").get("/offices/1/my/compliments").said
    assert web.get(f"/voice/{code}").said == before


def test_the_code_of_a_compliment_does_not_tell_whether_the_number_was_found(web: Web, office: DeskOffice):
    day = office.today.isoformat()
    pages = [web.get(f"/voice/{said(web, 'compliment', number=number, day=day)}").said for number in ("A001", "A099")]
    assert pages[0] == pages[1]


def test_an_owner_acts(web: Web, office: DeskOffice):
    facility, agus = office.rows(Facility)[1], web.as_("Agus")
    page = agus.get("/offices/1/facilities")
    agus.send(page, f"/offices/1/facilities/{facility.id}", owner=str(office.joko.id))
    said(web, "suggestion", facility=str(facility.id), words="Sabun habis", name="Wati")

    joko, voice = web.as_("Joko"), office.row(VoiceRow).id
    page = joko.get("/offices/1/my/facilities")
    assert "Sabun habis" in page.said and "Wati" not in page.text
    joko.send(page, f"/offices/1/voices/{voice}/action", status=422, words="")
    joko.send(page, f"/offices/1/voices/{voice}/action", words="Sabun diisi")
    assert "Sabun diisi" in joko.get("/offices/1/my/facilities").said
    web.as_("Sari").post(f"/offices/1/voices/{voice}/action", status=403, words="Saya")


def test_the_administrator_names_erases_and_sets(web: Web, office: DeskOffice):
    agus, code = web.as_("Agus"), said(web, name="Wati")
    page = agus.get("/offices/1/facilities")
    agus.send(page, "/offices/1/facilities", name_id="Parkir", name_en="Parking")
    agus.send(page, "/offices/1/facilities", status=422, name_id="", name_en="Parking")
    agus.send(page, "/offices/1/follow-up-rules", follow_up_days="5")
    agus.send(page, "/offices/1/follow-up-rules", status=422, follow_up_days="500")
    assert "Parkir" in agus.get("/offices/1/facilities").said

    voice = office.row(VoiceRow).id
    page = agus.get(f"/offices/1/voices/{voice}")
    assert "Wati" not in page.text
    agus.send(page, f"/offices/1/voices/{voice}/erasure")
    assert WORDS not in agus.get(f"/offices/1/voices/{voice}").text
    assert "dihapus" in web.get(f"/voice/{code}").said
    assert office.findings() == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_not_kept_of_somebody_anonymous_is_not_refused_either(web: Web, office: DeskOffice, language: str):
    web.speak(language)
    page = web.get(FORM)
    given = {"name": "W" * 500, "email": "not an address", "phone": "0" * 90}
    sent = web.send(page, FORM, kind="complaint", words=WORDS, anonymous="y", notify="y", **given)
    assert {"id": "tidak akan ada pesan", "en": "no message will come"}[language] in web.follow(sent).said
    assert office.rows(VoiceContact) == [] and office.row(VoiceRow).anonymous
    wrong = web.send(page, FORM, status=422, kind="complaint", words=WORDS, **given)
    assert "name@example.id" in wrong.said or "nama@contoh.id" in wrong.said
    for field in ("email", "name", "phone"):
        assert f'href="#{field}"' in wrong.text
    assert office.row(VoiceRow)


@pytest.mark.parametrize(
    ("language", "told"), [("id", "Tulisan Anda terlalu panjang"), ("en", "What you wrote is too long")]
)
def test_words_that_are_too_long_are_called_what_they_are(web: Web, office: DeskOffice, language: str, told: str):
    web.speak(language)
    wrong = web.send(web.get(FORM), FORM, status=422, kind="complaint", words="x" * 20_000)
    assert told in wrong.said and "Catatan" not in wrong.said and "The note" not in wrong.said
    assert office.rows(VoiceRow) == []
