"""A confidential answer cannot be laid beside the transaction by whoever sees both pages: no time, no number."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from desk.domain.access import SYSTEM, VISITOR
from desk.domain.complaints import VoiceKind
from desk.domain.invitation import Privacy
from desk.models import FollowUpRow, InvitationRow, VoiceRow
from desk.operations.complaints import complaining
from desk.operations.complaints.escalating import look_after
from desk.operations.keeping import privacy
from desk.operations.requests import Request
from desk.reads.kept_of_person import Sought
from tests.fixtures.office import DeskOffice
from tests.fixtures.pdf_words import words_of
from tests.fixtures.web import Answer, Web
from tests.web.test_survey import keep_as

ZONE = ZoneInfo("Asia/Jakarta")
LIST = "/offices/1/follow-ups"
WULAN = "wulan@example.id"
APART = [Privacy.CONFIDENTIAL, Privacy.ANONYMOUS]


@pytest.fixture
def office(desk_office: DeskOffice) -> DeskOffice:
    """Sari at counter 1; it is three minutes and seven seconds past an hour when somebody answers."""
    desk_office.sari.signs_on(1)
    return desk_office


def says_low(office: DeskOffice, privacy: Privacy) -> tuple[int, int]:
    """Serve a visitor who says the worst 40 minutes later; return the transaction and the number of the answer."""
    keep_as(office, privacy)
    office.arrives("A")
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    office.clock.tick(40 * 60 + 7)
    invitation = office.row(InvitationRow, transaction_id=transaction).id
    office.says(invitation, score="1")
    answered = office.head.number if privacy is Privacy.ANONYMOUS else office.head.number - 1
    if privacy is Privacy.CONFIDENTIAL:
        office.clock.tick(60)
        office.corrects(invitation, score="2")
    return transaction, answered


def times(page: Answer) -> set[str]:
    """Return the times of day that stand on a page, also where only programs see them."""
    return times_in(re.sub(r'<meta name="server-time"[^>]*>', "", page.text))


def times_in(text: str) -> set[str]:
    """Return the times of day in a text."""
    return set(re.findall(r"\d\d[:.]\d\d(?:[:.]\d\d)?", text))


@pytest.mark.parametrize("kept", APART)
def test_the_file_tells_the_day_only(web: Web, office: DeskOffice, kept: Privacy) -> None:
    transaction, answered = says_low(office, kept)
    at = office.clock.now
    office.clock.tick(20 * 60)
    page = web.as_("Budi").get(f"/offices/1/transactions/{transaction}")
    for moment in (at, at - timedelta(minutes=1)):
        utc, local = moment.strftime("%H:%M:%S"), moment.astimezone(ZONE).strftime("%H:%M:%S")
        assert not {utc, local, utc[:5], local[:5]} & times(page)
    printed, _ = words_of(web.as_("Budi").client.get(f"/offices/1/transactions/{transaction}/file.pdf").data)
    assert f"#{answered} " not in printed
    assert f"#{answered - 2} " in printed
    assert not {at.astimezone(ZONE).strftime("%H.%M.%S"), at.astimezone(ZONE).strftime("%H:%M:%S")} & times_in(printed)


def test_follow_ups_name_no_time_and_no_event(web: Web, office: DeskOffice) -> None:
    says_low(office, Privacy.CONFIDENTIAL)
    follow_up = office.row(FollowUpRow).id
    budi = web.as_("Budi")
    listed = budi.get(LIST)
    (address,) = set(re.findall(rf"{LIST}/(k[0-9a-f]{{16}})", listed.text))
    page = budi.get(f"{LIST}/{address}")
    assert times(page) == set()
    stepped = budi.send(page, f"{LIST}/{address}/steps", step="resolved", note="Dibahas di rapat")
    assert stepped.headers["Location"].endswith(f"{LIST}/{address}")
    budi.send(budi.follow(stepped), f"{LIST}/{address}/steps", step="reopened", note="Belum selesai")
    number = follow_up & ((1 << 40) - 1)
    for each in (page, listed):
        assert f"#{number}" not in each.text and str(follow_up) not in each.text
        assert re.search(r"#K[0-9A-F]{5}", each.said)
    office.clock.tick(6 * 86_400)
    gaps = web.as_("Budi").get("/offices/1/gaps")
    assert f"{LIST}/{address}" in gaps.text
    assert f"#{number}" not in gaps.text and str(follow_up) not in gaps.text


def test_of_an_anonymous_one_neither(web: Web, office: DeskOffice) -> None:
    says_low(office, Privacy.ANONYMOUS)
    office.clock.tick(86_400)
    look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
    page = web.as_("Ratna").get(f"{LIST}/{office.row(FollowUpRow).id}")
    assert times(page) == set()


def test_a_linked_one_keeps_its_time_and_number(web: Web, office: DeskOffice) -> None:
    transaction, answered = says_low(office, Privacy.LINKED)
    follow_up = office.row(FollowUpRow).id
    page = web.as_("Budi").get(f"{LIST}/{follow_up}")
    assert f"#{answered + 1}" in page.said
    assert times(page)
    local = office.clock.now.astimezone(ZONE).strftime("%H:%M:%S")
    office.clock.tick(20 * 60)
    assert local.replace(":", ".") in web.as_("Budi").get(f"/offices/1/transactions/{transaction}").said


class TestComplaintsAboutOwnMatters:
    """Whoever handled the matter is told nothing of the complaint: not that there is one, not how many."""

    def complained(self, office: DeskOffice) -> None:
        office.budi.signs_on(2)
        office.arrives("A", name="Wulan", email=WULAN, consent=True)
        office.budi.completes(office.budi.serves(counter=2))
        wish = complaining.Wish(
            VoiceKind.COMPLAINT, "Petugas kasar", number="A001", day=office.today.isoformat(), email=WULAN
        )
        complaining.receive(office.streams, office.id, wish, Request(VISITOR, "say"))
        assert office.row(VoiceRow).barred == [office.budi.id]

    @pytest.mark.parametrize(("who", "found"), [("Budi", "0 pengaduan"), ("Agus", "1 pengaduan")])
    def test_personal_data_count_it_for_others_only(self, web: Web, office: DeskOffice, who: str, found: str) -> None:
        self.complained(office)
        browser, place = web.as_(who), "/offices/1/personal-data"
        page = browser.send(browser.get(place), f"{place}/searches", status=200, address=WULAN)
        assert found in page.said
        export = browser.send(page, f"{place}/exports", status=200, address=WULAN, form="json")
        assert ("Petugas kasar" in export.text) is (who == "Agus")
        assert "voices_left_out" not in export.text

    def test_without_anything_else_there_is_nothing(self, web: Web, office: DeskOffice) -> None:
        self.complained(office)
        with office.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM visit_contacts")
        place = "/offices/1/personal-data"
        for who, status in (("Budi", 404), ("Agus", 200)):
            browser = web.as_(who)
            browser.send(browser.get(place), f"{place}/searches", status=status, address=WULAN)

    @pytest.mark.parametrize(("who", "told"), [("Budi", False), ("Ratna", True)])
    def test_the_register_tells_others_only(self, web: Web, office: DeskOffice, who: str, told: bool) -> None:
        self.complained(office)
        wish = privacy.Wish(Sought(WULAN))
        done = privacy.erase_person(office.streams, office.id, wish, office.agus.asks("erase_person"))
        assert done.facts["open"] == 1  # the follow-up, of which Agus may know
        page = web.as_(who).get("/offices/1/personal-data/register")
        assert ("1 pengaduan dan saran" in page.said) is told
