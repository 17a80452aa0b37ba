"""Handing on in the browser: terms, slips, news, pools, orders, notes, taking over by number, and own reasons."""

import re

import pytest
from sqlalchemy import select

from desk.domain.tokens import TokenKind, derive
from desk.models import EventRow, HandoffReasonRow, HandoffRow, HandoffWords, Note, Office
from tests.fixtures.office import KEYS

CONSOLE = "/offices/1/counter"


@pytest.fixture
def served(desk_office):
    """A transaction Sari serves; Dewi and Joko are there."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.joko.signs_on(4)
    desk_office.arrives("A")
    return desk_office.sari.serves()


def step(transaction, noun):
    return f"/offices/1/transactions/{transaction}/{noun}"


def do(browser, page, path, **fields):
    return browser.follow(browser.send(page, path, **fields))


@pytest.mark.parametrize("language", ["id", "en"])
def test_terms_reach_the_colleague_and_the_slip(web, desk_office, served, language):
    sari, dewi = web.as_("Sari"), web.as_("Dewi")
    for browser in (sari, dewi):
        browser.speak(language)
    given = {"to": f"officer-{desk_office.dewi.id}", "reason": "specialist", "note": "Kuasa ada",
             "expects": "Mohon dicek", "papers": "Surat kuasa\nKTP", "walks_along": "y"}  # fmt: skip
    do(sari, sari.get(CONSOLE), step(served, "handoffs"), **given)
    row = desk_office.row(HandoffWords)
    assert (row.expects, row.papers) == ("Mohon dicek", "Surat kuasa\nKTP")
    assert desk_office.row(HandoffRow).walks_along

    inbox = dewi.get(CONSOLE)
    assert "Surat kuasa · KTP" in inbox.said
    slip = dewi.get(f"/offices/1/handoffs/{row.id}/slip")
    for expected in ("Sari", "Dewi", "Mohon dicek", "KTP", "Lembar disposisi" if language == "id" else "Handoff slip"):
        assert expected in slip.said
    web.as_("Joko").get(f"/offices/1/handoffs/{row.id}/slip", status=404)
    web.as_("Ratna").get(f"/offices/1/handoffs/{row.id}/slip")


def test_work_without_the_visitor_is_offered_as_well(web, desk_office, served):
    desk_office.sari.processes(served)
    sari = web.as_("Sari")
    page = sari.get(f"{CONSOLE}?transaction={served}")
    assert "walks_along" not in page.text
    do(sari, page, step(served, "handoffs"), to=f"officer-{desk_office.dewi.id}", reason="specialist")
    assert desk_office.row(HandoffRow).state == "offered"


@pytest.mark.parametrize("scanned", [False, True])
def test_the_number_finds_the_offer(web, desk_office, served, scanned):
    dewi = web.as_("Dewi")
    desk_office.sari.offers(served, desk_office.dewi)
    refused = dewi.send(dewi.get(CONSOLE), "/offices/1/handoffs/takings", status=404, number="A999")
    assert "A999" in refused.text
    token = derive(KEYS.links, TokenKind.STATUS, desk_office.transaction(served).visit_id)
    typed = f"http://kantor.example/v/{token}" if scanned else " a-01 "
    page = do(dewi, dewi.get(CONSOLE), "/offices/1/handoffs/takings", number=typed)
    assert desk_office.transaction(served).state == "serving"
    assert "A001" in page.said
    board = web.as_("Sari").get("/offices/1/display")
    assert re.search(r'data-call="\d+:0"', board.text)


def test_a_pool_takes_it_and_its_members_see_it(web, desk_office, served):
    sari, joko = web.as_("Sari"), web.as_("Joko")
    given = {"to": f"pool-{desk_office.pools['Pengolahan']}", "reason": "next_step"}
    do(sari, sari.get(CONSOLE), step(served, "handoffs"), **given)
    inbox = joko.get(CONSOLE)
    assert inbox.tree.by_id(f"pooled-{served}") is not None
    do(joko, inbox, step(served, "takings"))
    assert desk_office.transaction(served).holder_id == desk_office.joko.id
    page = joko.get(f"{CONSOLE}?transaction={served}")
    do(joko, page, step(served, "returns"))
    assert desk_office.rows(HandoffRow)[-1].receiver_id == desk_office.sari.id


def test_who_is_late_reads_who_did_what_and_when(web, desk_office, served):
    dewi = web.as_("Dewi")
    dewi.speak("en")
    handoff = desk_office.sari.offers(served, desk_office.dewi)
    old = dewi.get(CONSOLE)
    desk_office.sari.withdraws(handoff)
    page = do(dewi, old, f"/offices/1/handoffs/{handoff}/acceptance")
    assert "Too late: Sari withdrew this handoff at 08:00." in page.said


def test_an_order_is_told_until_it_is_seen(web, desk_office, served):
    budi, dewi = web.as_("Budi"), web.as_("Dewi")
    page = budi.get(f"{CONSOLE}?transaction={served}")
    given = {"to": f"officer-{desk_office.dewi.id}", "reason": "workload"}
    budi.send(page, step(served, "forced-handovers"), status=422, note="", **given)
    do(budi, page, step(served, "forced-handovers"), note="Ibu Sari sakit", **given)
    inbox = dewi.get(CONSOLE)
    assert "Ibu Sari sakit" in inbox.said
    assert inbox.tree.by_id(f"news-{served}") is not None
    assert do(dewi, inbox, step(served, "news/sightings")).tree.by_id(f"news-{served}") is None


def test_notes_are_corrected_by_new_ones(web, desk_office, served):
    sari = web.as_("Sari")
    page = do(sari, sari.get(CONSOLE), step(served, "notes"), note="Akta lengkap")
    (first,) = desk_office.rows(Note)
    page = do(sari, page, step(served, "notes"), note="Akta kurang satu", corrects=str(first.id))
    assert "<s>Akta lengkap</s>" in page.text
    sari.send(page, step(served, "notes"), status=422, note=" ")


def test_a_note_about_what_somebody_else_has_is_refused_with_who_and_the_words(web, desk_office, served):
    web.as_("Joko").post(step(10**9, "notes"), status=404, note="Tidak ada")
    refused = web.as_("Joko").post(step(served, "notes"), status=409, note="Akta <asli> kurang")
    assert "Sari bertanggung jawab" in refused.said
    assert "Akta &lt;asli&gt; kurang" in refused.text
    assert desk_office.rows(Note) == []


def test_the_offices_reasons(web, desk_office, served):
    budi = web.as_("Budi")
    place = "/offices/1/handoff-reasons"
    page = budi.get(place)
    budi.send(page, f"{place}/handoff", status=422, label_id="", label_en="")
    new = {"label_id": "Perlu juru bahasa", "label_en": "Needs an interpreter", "needs_note": "y"}
    page = do(budi, page, f"{place}/handoff", **new)
    assert "Perlu juru bahasa" in page.said
    row = desk_office.row(HandoffReasonRow, code="needs_an_interpreter")
    assert (row.kind, row.needs_note, row.retired) == ("handoff", True, False)
    assert "Perlu juru bahasa" in web.as_("Sari").get(CONSOLE).text
    do(budi, page, f"{place}/handoff/needs_an_interpreter", retired="y", **new)
    assert "Perlu juru bahasa" not in web.as_("Sari").get(CONSOLE).text
    web.as_("Sari").get(place, status=403)
    budi.post(f"{place}/handoff/nothing", status=404, **new)


def test_the_place_in_another_queue(web, desk_office):
    budi = web.as_("Budi")
    page = budi.get("/offices/1/handoff-reasons")
    place = "/offices/1/handoff-reasons/queue-place"
    budi.send(page, place, status=422, place="elsewhere")

    page = do(budi, page, place, place="anew")
    do(budi, page, place, place="anew")

    with desk_office.streams.reading() as connection:
        assert connection.execute(select(Office.handoff_keeps_arrival)).scalars().all() == [False]
    told = [row.payload for row in desk_office.rows(EventRow, name="SettingChanged") if "arrival" in row.payload]
    assert told == ['{"from":true,"setting":"handoff_keeps_arrival","to":false}']
    web.as_("Sari").post(place, status=403, place="keeps")


def test_how_long_handovers_wait(web, desk_office):
    budi, place = web.as_("Budi"), "/offices/1/handoff-reasons/handover-hours"
    page = budi.get("/offices/1/handoff-reasons")
    assert page.form(place)["hours"] == "4"
    for wrong in ("", "0", "81", "1.5", "lama"):
        assert "dari 1 sampai 80" in budi.send(page, place, status=422, hours=wrong).said

    page = do(budi, page, place, hours="6")
    assert page.form(place)["hours"] == "6"
    do(budi, page, place, hours="6")

    told = [row.payload for row in desk_office.rows(EventRow, name="SettingChanged") if "expires" in row.payload]
    assert told == ['{"from":14400,"setting":"handover_expires_s","to":21600}']
    web.as_("Sari").post(place, status=403, hours="5")


OWN_QUEUE = {
    "id": ("Pengguna jasa ini berasal dari antrean itu", "Pengguna jasa ini sudah menunggu di antrean itu"),
    "en": ("This visitor comes from that queue", "This visitor already waits in that queue"),
}


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_queue_it_comes_from_is_not_offered_and_refused_in_words(web, desk_office, served, language):
    sari, budi = web.as_("Sari"), web.as_("Budi")
    given = {"to": f"service-{desk_office.services['A']}", "reason": "workload", "note": "Kembali saja"}
    for officer, words in ((sari, OWN_QUEUE[language][0]), (budi, OWN_QUEUE[language][1])):
        officer.speak(language)
        page = officer.get(f"{CONSOLE}?transaction={served}")
        assert page.text.count(f'value="{given["to"]}"') == 1  # only to be asked, not to be handed to
        back = officer.send(page, step(served, "handoffs"), status=409, **given)
        assert words in back.said
        assert back.form(step(served, "handoffs"))["note"].strip() == "Kembali saja"
        if officer is sari:
            desk_office.sari.seats(served)
    assert desk_office.rows(HandoffRow) == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("id", "Catatan terlalu panjang: 4.005 karakter, sedangkan yang muat 4.000. Persingkat 5 karakter."),
        ("en", "The note is too long: it has 4,005 characters, and 4,000 fit. Shorten it by 5."),
    ],
)
def test_a_note_says_how_much_too_long_it_is_and_keeps_the_words(web, desk_office, served, language, expected):
    sari = web.as_("Sari")
    sari.speak(language)
    page = sari.get(CONSOLE)
    words = "x" * 4005
    back = sari.send(page, step(served, "notes"), status=422, note=words)
    assert expected in back.said
    assert words in back.text
    do(sari, back, step(served, "notes"), note="x" * 4000)
    assert len(desk_office.rows(Note)[0].words) == 4000


NOT_THERE = "Penerima ini sudah tidak ada. Pilih yang lain."


def receiver(desk_office, kind, who):
    """Return the value a form sends for somebody, or for the counter with this number."""
    numbers = {"officer": {name: each.id for name, each in desk_office.people.items()}, "counter": desk_office.counters}
    return f"{kind}-{numbers.get(kind, {}).get(who, who)}"


@pytest.mark.parametrize(
    ("kind", "who", "status", "expected"),
    [
        ("officer", "Sari", 422, "Transaksi ini sudah menjadi tanggung jawab Anda."),
        ("officer", "Budi", 409, "Rekan ini tidak sedang bertugas."),
        ("officer", "Joko", 409, "Rekan ini tidak ditugaskan pada layanan tersebut."),
        ("counter", 4, 409, "Tidak ada petugas di loket itu."),
        ("officer", 9999, 422, NOT_THERE),
        ("counter", 9999, 422, NOT_THERE),
        ("service", 9999, 422, NOT_THERE),
        ("pool", 9999, 422, NOT_THERE),
        ("officer", "10; x", 422, NOT_THERE),
        ("door", 1, 422, NOT_THERE),
    ],
)
def test_each_receiver_is_refused_in_its_own_words(web, desk_office, served, kind, who, status, expected):
    """Once the list of choices said of all of them that they are not there any more."""
    desk_office.joko.signs_off()
    desk_office.joko.signs_on(3)
    sari = web.as_("Sari")
    given = {"to": receiver(desk_office, kind, who), "reason": "specialist", "note": "Kuasa ada", "papers": "Akta"}
    page = sari.send(sari.get(CONSOLE), step(served, "handoffs"), status=status, **given)
    assert page.said.count(expected) >= 1
    assert (NOT_THERE in page.said) == (expected == NOT_THERE)
    kept = page.form(step(served, "handoffs"))
    assert (kept["reason"], kept["note"].strip(), kept["papers"].strip()) == ("specialist", "Kuasa ada", "Akta")
    assert desk_office.rows(HandoffRow) == []


def test_so_is_the_receiver_of_an_order(web, desk_office, served):
    budi = web.as_("Budi")
    for to, status, expected in [
        (f"officer-{desk_office.sari.id}", 409, "Transaksi sudah di tangan yang bersangkutan."),
        (f"officer-{desk_office.budi.id}", 409, "Rekan ini tidak sedang bertugas."),
        ("pool-9999", 422, NOT_THERE),
        ("service-1", 422, NOT_THERE),
    ]:
        page = budi.get(f"{CONSOLE}?transaction={served}")
        given = {"to": to, "reason": "workload", "note": "Ibu Sari sakit"}
        page = budi.send(page, step(served, "forced-handovers"), status=status, **given)
        assert expected in page.said
        assert page.form(step(served, "forced-handovers"))["note"].strip() == "Ibu Sari sakit"


def test_who_lost_the_skill_meanwhile_does_not_accept(web, desk_office, served):
    handoff = desk_office.sari.offers(served, desk_office.dewi)
    dewi = web.as_("Dewi")
    page = dewi.get(CONSOLE)
    desk_office.budi.removes_skill(desk_office.dewi, "A")
    page = do(dewi, page, f"/offices/1/handoffs/{handoff}/acceptance")
    assert "Anda tidak ditugaskan pada layanan yang diperlukan di sini." in page.said
    assert desk_office.transaction(served).holder_id == desk_office.sari.id


@pytest.mark.parametrize(("language", "expected"), [("id", "Ini terlalu panjang"), ("en", "This is too long")])
def test_a_number_that_is_too_long(web, served, language, expected):
    dewi = web.as_("Dewi")
    dewi.speak(language)
    page = dewi.send(dewi.get(CONSOLE), "/offices/1/handoffs/takings", status=422, number="A" * 301)
    assert expected in page.said
    assert "Field cannot" not in page.text
