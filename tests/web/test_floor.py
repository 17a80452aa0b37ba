"""The floor and the gap list as pages: what they show, what a supervisor does from them, what an auditor only reads."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert

from desk.domain.access import Role
from desk.models import Duty, FloorReading, HandoffRow, Membership, Office, Skill
from tests.fixtures.office import BACK_OFFICE, DeskOffice
from tests.fixtures.page_tree import name_of, words
from tests.fixtures.web import Web, everything


@pytest.fixture
def office(desk_office: DeskOffice) -> DeskOffice:
    """Sari serves A001, Dewi is on a break, Joko sits at his desk, A002 waits."""
    desk_office.sari.signs_on(1)
    desk_office.dewi.signs_on(2)
    desk_office.joko.signs_on(BACK_OFFICE)
    desk_office.arrives()
    desk_office.arrives()
    desk_office.sari.serves()
    desk_office.dewi.takes_break()
    return desk_office


@pytest.fixture
def floor(office: DeskOffice) -> str:
    return f"/offices/{office.id}/floor"


@pytest.fixture
def gaps(office: DeskOffice) -> str:
    return f"/offices/{office.id}/gaps"


class TestNow:
    @pytest.mark.parametrize("language", ["id", "en"])
    def test_every_counter_queue_and_promise(self, web: Web, office: DeskOffice, floor: str, language: str) -> None:
        office.clock.tick(1500)
        budi = web.as_("Budi")
        budi.speak(language)
        page = budi.get(floor)

        numbered = {"id": "Loket", "en": "Counter"}[language]
        for word in (f"{numbered} 1", f"{numbered} 3", "Meja belakang", "Sari", "A001", "Dewi", "A002"):
            assert word in page.said
        assert {"id": "Janji layanan terancam", "en": "Promises at risk"}[language] in page.said
        assert {"id": "Ibadah", "en": "Prayer"}[language] in page.said
        assert page.queries <= 32

    def test_a_part_that_looks_the_same_is_not_sent_again(self, web: Web, office: DeskOffice, floor: str) -> None:
        budi = web.as_("Budi")
        first = budi.get(f"{floor}/now")
        same = {"If-None-Match": first.headers["ETag"]}
        office.clock.tick(1)
        assert budi.get(f"{floor}/now", status=304, headers=same)
        office.arrives()
        assert "2 menunggu" in words(budi.get(f"{floor}/now", headers=same).tree.root)

    def test_whoever_is_there_although_absent_is_marked(self, web: Web, office: DeskOffice, floor: str) -> None:
        budi = web.as_("Budi")
        assert "Tidak hadir hari ini" not in budi.get(floor).said
        office.budi.plans_absence(office.dewi, of=office.joko, first=0, hand_over=True)

        assert "Tidak hadir hari ini" in budi.get(floor).said

    def test_an_empty_office(self, web: Web, desk_office: DeskOffice) -> None:
        said = web.as_("Budi").get(f"/offices/{desk_office.id}/floor").said
        assert "Tidak ada yang perlu ditangani" in said and "Tidak ada pesan" in said


class TestActing:
    def test_a_counter_is_opened(self, web: Web, office: DeskOffice, floor: str) -> None:
        budi = web.as_("Budi")
        page = budi.get(f"{floor}/counters/{office.counters[3]}")
        action = f"{floor}/counters/{office.counters[3]}/opening"
        assert "Sari" not in page.said
        assert budi.send(page, action, status=422, officer="")
        done = budi.send(page, action, officer=str(office.budi.id))

        assert "Loket dibuka" in budi.follow(done).said
        assert office.row(Duty, officer_id=office.budi.id).counter_id == office.counters[3]
        assert "Pilih loket lain" in budi.follow(budi.send(page, action, officer=str(office.sari.id))).said

    def test_one_that_was_taken_meanwhile_says_so(self, web: Web, office: DeskOffice, floor: str) -> None:
        budi = web.as_("Budi")
        page = budi.get(f"{floor}/counters/{office.counters[3]}")
        office.sari.completes(office.transaction_at(1))
        office.sari.signs_off()
        office.sari.signs_on(3)
        done = budi.send(page, f"{floor}/counters/{office.counters[3]}/opening", officer=str(office.budi.id))

        assert "Pilih loket lain" in budi.follow(done).said

    def test_a_forgotten_duty_is_ended(self, web: Web, office: DeskOffice, floor: str) -> None:
        budi = web.as_("Budi")
        duty = office.row(Duty, officer_id=office.joko.id)
        page = budi.get(f"{floor}/counters/{office.counters[BACK_OFFICE]}")
        done = budi.send(page, f"{floor}/duties/{duty.id}/end")

        assert "Tugas berakhir" in budi.follow(done).said
        assert office.row(Duty, officer_id=office.joko.id).ended_at is not None
        serving = budi.get(f"{floor}/counters/{office.counters[1]}")
        assert "/end" not in serving.text
        busy = budi.post(f"{floor}/duties/{office.row(Duty, officer_id=office.sari.id).id}/end")
        assert "Alihkan dahulu" in budi.follow(busy).said

    def test_a_service_is_added_and_removed(self, web: Web, office: DeskOffice, floor: str) -> None:
        budi, joko = web.as_("Budi"), f"{floor}/officers/{office.joko.id}"
        page = budi.get(joko)
        budi.send(page, f"{joko}/skills", status=422)
        budi.send(page, f"{joko}/skills", service=str(office.services["A"]))
        twice = budi.post(f"{joko}/skills", service=office.services["A"])
        assert "sudah melayani" in budi.follow(twice).said
        budi.send(budi.get(joko), f"{joko}/skills/{office.services['A']}/removal")
        gone = budi.post(f"{joko}/skills/{office.services['A']}/removal")
        assert "tidak lagi melayani" in budi.follow(gone).said
        with office.streams.reading() as connection:
            rows = connection.execute(Skill.__table__.select().where(Skill.person_id == office.joko.id)).all()
        assert rows == []
        budi.get(f"{floor}/officers/{office.ratna.id}", status=404)

    def test_a_transaction_is_offered_on_behalf_of_its_holder(self, web: Web, office: DeskOffice, floor: str) -> None:
        budi = web.as_("Budi")
        transaction = office.transaction_at(1)
        assert f"{floor}/transactions/{transaction}/reassignment" in budi.get(f"{floor}/officers/{office.sari.id}").text
        path = f"{floor}/transactions/{transaction}/reassignment"
        page = budi.get(f"{path}?back=gaps")
        (action,) = [form.get("action") for form in page.tree.named("form") if path in (form.get("action") or "")]
        budi.send(page, action, status=422, to=f"officer-{office.joko.id}")
        budi.send(page, action, status=422, to=f"officer-{office.sari.id}", reason="workload")
        done = budi.send(page, action, to=f"officer-{office.joko.id}", reason="workload")

        assert done.location.endswith("/gaps")
        row = office.row(HandoffRow)
        assert (row.giver_id, row.receiver_id) == (office.sari.id, office.joko.id)
        assert "Sudah ditawarkan" in budi.get(path).said
        budi.post(path, status=409)

    def test_each_receiver_is_refused_in_its_own_words(self, web: Web, office: DeskOffice, floor: str) -> None:
        budi, path = web.as_("Budi"), f"{floor}/transactions/{office.transaction_at(1)}/reassignment"
        page = budi.get(path)
        (action,) = [form.get("action") for form in page.tree.named("form") if path in (form.get("action") or "")]
        assert action is not None
        for to, status, expected in (
            (f"officer-{office.sari.id}", 422, "Transaksi sudah ada pada rekan ini."),
            (f"officer-{office.budi.id}", 409, "Rekan ini tidak sedang bertugas."),
            (f"counter-{office.counters[3]}", 409, "Tidak ada petugas di loket itu."),
            ("officer-9999", 422, "Penerima ini sudah tidak ada."),
            (f"service-{office.joko.id}", 422, "Penerima ini sudah tidak ada."),
        ):
            answer = budi.send(page, action, status=status, to=to, reason="workload", note="Ramai")
            assert expected in answer.said
            assert answer.form(action)["note"].strip() == "Ramai"
        assert office.rows(HandoffRow) == []

    def test_a_message_reaches_the_consoles_until_it_is_read(self, web: Web, office: DeskOffice, floor: str) -> None:
        budi, sari = web.as_("Budi"), web.as_("Sari")
        page, action = budi.get(floor), f"{floor}/messages"
        assert "Tulis pesan dahulu" in budi.send(page, action, status=422, words=" \n ").text
        assert "paling banyak 500" in budi.send(page, action, status=422, words="x" * 501).text
        budi.send(page, action, words="Loket 1 <tutup> pukul 15.00", counter=str(office.counters[1]))

        console = f"/offices/{office.id}/counter"
        assert "Loket 1 <tutup> pukul 15.00" in sari.get(console).said
        assert "Loket 1 &lt;tutup&gt; pukul 15.00" in sari.get(f"{console}/messages").text
        assert "pukul 15.00" not in web.as_("Dewi").get(console).said
        assert "belum dibaca" in budi.get(floor).said
        page = sari.get(console)
        (reading,) = re.findall(r'action="([^"]+/reading)"', page.text)
        sari.send(page, reading)
        assert "pukul 15.00" not in sari.get(console).said
        assert "dibaca oleh Sari" in budi.get(floor).said
        assert office.row(FloorReading).person_id == office.sari.id
        assert "sudah dilakukan" in sari.follow(sari.post(reading)).said


class TestGaps:
    def test_an_empty_list_says_what_would_be_in_it(self, web: Web, office: DeskOffice, gaps: str) -> None:
        assert "tidak ada yang terlupakan" in web.as_("Budi").get(gaps).said

    @pytest.mark.parametrize("language", ["id", "en"])
    def test_each_gap_goes_by_its_action(self, web: Web, office: DeskOffice, gaps: str, language: str) -> None:
        budi = web.as_("Budi")
        budi.speak(language)
        office.dewi.ends_break()
        called = office.dewi.calls(counter=2).facts["transaction"]
        office.sari.offers(office.transaction_at(1), office.joko)
        office.arrives()
        paused = office.sari.serves()
        office.sari.pauses(paused, due_at=office.clock.now + timedelta(minutes=1))
        office.clock.tick(500)
        page = budi.get(gaps)
        assert page.queries <= 34
        assert {"id": "3 hal perlu ditangani", "en": "3 gaps"}[language] in budi.get(f"/offices/{office.id}/floor").said
        for noun in (f"transactions/{called}/return", f"transactions/{paused}/resumption"):
            budi.send(page, f"{gaps}/{noun}")
        budi.send(page, f"{gaps}/handoffs/{office.row(HandoffRow).id}/withdrawal")

        assert "A00" not in budi.get(f"{gaps}/list").text
        again = budi.post(f"{gaps}/handoffs/{office.row(HandoffRow).id}/withdrawal")
        assert "error" in budi.follow(again).text

    def test_earlier_days(self, web: Web, office: DeskOffice, gaps: str) -> None:
        office.clock.tick(24 * 3600)
        budi = web.as_("Budi")
        done = budi.send(budi.get(gaps), f"{gaps}/earlier-days/closing")
        assert "1 pengguna jasa" in budi.follow(done).said

    def test_the_office_says_when(self, web: Web, office: DeskOffice, gaps: str) -> None:
        budi = web.as_("Budi")
        page = budi.get(gaps)
        assert page.form(f"{gaps}/thresholds").items() >= {"offer": "5", "silent": "16", "percent": "80"}.items()
        for wrong in ("0", "-1", "x", "", "99999999999"):
            assert "bilangan bulat" in budi.send(page, f"{gaps}/thresholds", status=422, offer=wrong).text
        budi.send(page, f"{gaps}/thresholds", offer="10")
        with office.streams.reading() as connection:
            assert connection.execute(Office.__table__.select()).one().gap_offer_s == 600


class TestRoles:
    PAGES = ("floor", "floor/now", "gaps", "gaps/list", "today", "today/list")

    def test_an_auditor_finds_nothing_to_change(self, web: Web, office: DeskOffice) -> None:
        here = f"/offices/{office.id}"
        office.budi.tells("Rapat", minutes=720)
        office.sari.offers(office.transaction_at(1), office.joko)
        office.clock.tick(40_000)
        ratna = web.as_("Ratna")
        people = (f"floor/officers/{office.sari.id}", f"floor/officers/{office.joko.id}")
        more = (*people, f"transactions/{office.rows(HandoffRow)[0].transaction_id}")
        before = {**everything(office), "access_records": []}
        for path in (*self.PAGES, *more):
            page = ratna.get(f"{here}/{path}")
            posting = {form.get("action") for form in page.tree.named("form") if form.get("method") == "post"}
            assert posting <= {"/sign-out"}, path
            for link in page.tree.named("a"):
                if (link.get("href") or "").startswith(here):
                    assert ratna.client.get(link.get("href")).status_code == 200, link.get("href")
        assert {**everything(office), "access_records": []} == before

    def test_offices_are_switched_where_there_are_several(self, web: Web, office: DeskOffice) -> None:
        ratna = web.as_("Ratna")
        assert "Ganti kantor" not in ratna.get(f"/offices/{office.id}/gaps").text
        other = office.another()
        both = {"person_id": office.ratna.id, "office_id": other.id, "role": Role.AUDITOR.value}
        with office.streams.setting_up() as connection:
            connection.execute(insert(Membership), both)
        page = ratna.get(f"/offices/{office.id}/gaps")
        (switch,) = [each for each in page.tree.named("details") if each.get("class") == "switch"]
        links = {link.get("href"): link.get("aria-current") for link in switch.iter() if name_of(link) == "a"}
        assert links == {f"/offices/{office.id}/gaps": "true", f"/offices/{other.id}/gaps": None}
        ratna.get(f"/offices/{other.id}/gaps")

    def test_the_second_row_stands_only_inside_its_group(self, web: Web, office: DeskOffice) -> None:
        budi, here = web.as_("Budi"), f"/offices/{office.id}"
        assert "nav-sub" not in budi.get(f"{here}/reception").text
        page = budi.get(f"{here}/transactions/{office.transaction_at(1)}")
        current = [link.get("href") for link in page.tree.named("a") if link.get("aria-current") == "true"]
        assert f"{here}/floor" in current and f"{here}/today" in current
