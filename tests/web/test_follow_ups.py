"""Follow-ups on their pages: the list and its views, one of them, the gap list, the report with its files."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete

from desk.domain.access import SYSTEM, Actor, Role
from desk.domain.following_up import address_apart
from desk.domain.invitation import Privacy
from desk.models import AccessRecord, FollowUpRow, InvitationRow, VisitContact
from desk.operations.complaints.escalating import look_after
from desk.operations.opening import setting_up
from desk.operations.opening.setting_up import PersonPlan
from desk.operations.requests import Request
from desk.operations.survey import questionnaires
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

LIST = "/offices/1/follow-ups"
REPORT = "/offices/1/reports/follow-ups"


@pytest.fixture
def office(desk_office: DeskOffice) -> DeskOffice:
    """Sari at counter 1."""
    desk_office.sari.signs_on(1)
    return desk_office


def low(office: DeskOffice, comment: str = "Lama sekali") -> int:
    """Let a visitor be served and say the worst; return the follow-up."""
    office.arrives("A")
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    office.says(office.row(InvitationRow, transaction_id=transaction).id, score="1", comment=comment)
    found: int = office.rows(FollowUpRow)[-1].id
    return found


def keeps(office: DeskOffice, privacy: Privacy) -> None:
    actor = Actor.staff(office.agus.id, Role.ADMIN)
    within = timedelta(minutes=30)
    questionnaires.keep_answers(office.streams, office.id, Request(actor, "keep"), privacy=privacy, correction=within)


@pytest.mark.parametrize("language", ["id", "en"])
def test_from_the_list_to_the_end(web: Web, office: DeskOffice, language: str):
    follow_up, budi = low(office), web.as_("Budi")
    budi.speak(language)
    page = budi.get(LIST)
    assert page.queries <= 14
    assert f"{LIST}/{follow_up}" in page.text and "A001" in page.said
    page = budi.get(f"{LIST}/{follow_up}")
    assert page.queries <= 20
    assert "Lama sekali" in page.said
    steps = f"{LIST}/{follow_up}/steps"
    assert "Sudah" not in budi.send(page, steps, status=422, step="resolved", note="").said
    budi.send(page, steps, step="resolved", note="Sudah diminta maaf")
    assert "Sudah diminta maaf" in budi.get(f"{LIST}/{follow_up}").said
    assert f"{LIST}/{follow_up}" not in budi.get(f"{LIST}?view=open").text
    assert f"{LIST}/{follow_up}" in budi.get(f"{LIST}?view=closed").text


def test_views_and_filters(web: Web, office: DeskOffice):
    follow_up, budi = low(office), web.as_("Budi")
    for query, shown in {
        "": True, "?view=mine": True, "?view=overdue": False, "?view=nobody": False, "?view=closed": False,
        "?origin=score": True, "?origin=complaint": False, f"?service={office.services['B']}": False,
    }.items():  # fmt: skip
        assert (f"{LIST}/{follow_up}" in budi.get(f"{LIST}{query}").text) is shown, query
    budi.get(f"{LIST}?view=nonsense", status=404)
    office.clock.tick(4 * 86_400)
    budi = web.as_("Budi")
    assert f"{LIST}/{follow_up}" in budi.get(f"{LIST}?view=overdue").text
    gaps = budi.get("/offices/1/gaps")
    assert f"{LIST}/{follow_up}" in gaps.text and "lewat tenggat" in gaps.said


def test_a_confidential_answer_shows_neither_words_nor_transaction(web: Web, office: DeskOffice):
    keeps(office, Privacy.CONFIDENTIAL)
    page = web.as_("Budi").get(f"{LIST}/{low(office)}")
    assert "Lama sekali" not in page.text and "A001" not in page.text and "/transactions/" not in page.text
    assert "Lelang" in page.said


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("privacy", list(Privacy))
def test_the_score_of_one_person_stands_beside_linked_answers_only(
    web: Web, office: DeskOffice, privacy: Privacy, language: str
):
    keeps(office, privacy)
    office.arrives("A")
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    office.says(office.row(InvitationRow, transaction_id=transaction).id, score="2")
    office.clock.tick(86_400)
    look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
    follow_up = office.row(FollowUpRow)
    assert follow_up.satisfaction == 2_500
    for who in ("Budi", "Agus", "Ratna"):
        browser = web.as_(who)
        browser.speak(language)
        for path in (f"{LIST}/{follow_up.id}", f"{LIST}?view=open"):
            page = browser.get(path).said
            shows = privacy is Privacy.LINKED and path.endswith(str(follow_up.id))
            assert ("25%" in page) is shows, (who, path)
            assert shows or "Satisfaction " not in page


def test_a_note_is_not_called_optional_where_a_step_needs_it(web: Web, office: DeskOffice):
    follow_up, budi = low(office), web.as_("Budi")
    budi.speak("en")
    page = budi.get(f"{LIST}/{follow_up}")
    assert "Note (optional)" not in page.said
    budi.send(page, f"{LIST}/{follow_up}/steps", step="resolved", note="Beres")
    page = budi.get(f"{LIST}/{follow_up}")  # only opening again is left, and it needs one
    assert "Note (optional)" not in page.said
    assert (
        'aria-required="true"'
        in page.text.partition('name="note"')[0].rpartition("<textarea")[2]
        + (page.text.partition('name="note"')[2].partition(">")[0])
    )
    wrong = budi.send(page, f"{LIST}/{follow_up}/steps", status=422, step="reopened", note="")
    assert "Note (optional)" not in wrong.said


def test_who_handled_a_confidential_one_does_not_learn_of_it(web: Web, office: DeskOffice):
    keeps(office, Privacy.CONFIDENTIAL)
    office.budi.signs_on(2)
    office.arrives("A")
    office.budi.completes(office.budi.serves(counter=2))
    office.says(office.row(InvitationRow).id, score="1")
    follow_up, budi = office.row(FollowUpRow).id, web.as_("Budi")
    budi.get(f"{LIST}/{follow_up}", status=404)
    address = address_apart(office.streams.keys.links, follow_up)
    budi.get(f"{LIST}/{address}", status=404)
    assert f"{LIST}/{address}" not in budi.get(f"{LIST}?view=open").text
    office.clock.tick(5 * 86_400)
    assert f"{LIST}/{address}" not in web.as_("Budi").get("/offices/1/gaps").text
    assert f"{LIST}/{address}" in web.as_("Ratna").get("/offices/1/gaps").text
    assert f"{LIST}/{address}" in web.as_("Agus").get(f"{LIST}?view=nobody").text


def test_the_navigation_counts_ones_own(web: Web, office: DeskOffice):
    low(office)
    low(office)
    assert "Tindak lanjut <b>2</b>" in web.as_("Budi").get("/offices/1/gaps").text


def served_by_budi(office: DeskOffice) -> int:
    """The only supervisor serves somebody who then says the worst; return the follow-up."""
    office.budi.signs_on(2)
    office.arrives("A")
    office.budi.completes(office.budi.serves(counter=2))
    office.says(office.rows(InvitationRow)[-1].id, score="1")
    found: int = office.row(FollowUpRow).id
    return found


def test_where_nobody_can_act_the_administrator_appoints_somebody(web: Web, office: DeskOffice):
    path = f"{LIST}/{served_by_budi(office)}"
    for name in ("Agus", "Budi", "Ratna"):
        gaps = web.as_(name).get("/offices/1/gaps")
        assert path in gaps.text and "Tidak ada penyelia yang boleh menindaklanjuti" in gaps.said, name
    agus = web.as_("Agus")
    page = agus.get(path)
    assert "desk token create" in page.said and f"{path}/assignment" not in page.text
    tuti = setting_up.enroll(office.streams, office.id, PersonPlan("tuti", "Tuti", (Role.SUPERVISOR,)))
    page = agus.get(path)
    assert "desk token create" not in page.said
    agus.send(page, f"{path}/assignment", to=str(tuti), reason="")
    assert office.row(FollowUpRow).assigned_id == tuti
    assert path not in web.as_("Agus").get("/offices/1/gaps").text


def test_what_is_late_is_told_to_administrators(web: Web, office: DeskOffice):
    follow_up = low(office)
    office.arrives("B")
    gaps = web.as_("Agus").get("/offices/1/gaps")
    assert "B001" not in gaps.text and f"{LIST}/{follow_up}" not in gaps.text and "terlambat</b>" not in gaps.text
    office.clock.tick(5 * 86_400)
    look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
    for name in ("Agus", "Budi", "Ratna"):
        gaps = web.as_(name).get("/offices/1/gaps")
        assert f"{LIST}/{follow_up}" in gaps.text and "1 terlambat</b>" in gaps.text, name
        assert ("B001" in gaps.text) is (name != "Agus")
    fragment = web.as_("Agus").get("/offices/1/gaps/list")
    assert f"{LIST}/{follow_up}" in fragment.text


def test_a_late_one_is_counted_for_nobody_who_must_not_know(web: Web, office: DeskOffice):
    keeps(office, Privacy.CONFIDENTIAL)
    served_by_budi(office)
    office.clock.tick(5 * 86_400)
    look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
    assert "terlambat</b>" not in web.as_("Budi").get("/offices/1/gaps").text
    assert "1 terlambat</b>" in web.as_("Agus").get("/offices/1/gaps").text


class TestReachingTheVisitor:
    """Whoever follows up may write or call where the visitor agreed, and nowhere else."""

    REACHED = ("transaction_contact", "looked")

    def low(self, office: DeskOffice, **left: Any) -> str:
        office.arrives("A", **left)
        transaction = office.sari.serves()
        office.sari.completes(transaction)
        office.says(office.row(InvitationRow, transaction_id=transaction).id, score="1")
        return f"{LIST}/{office.rows(FollowUpRow)[-1].id}"

    def looks(self, office: DeskOffice) -> list[tuple[str, str]]:
        return [(row.subject, row.verb) for row in office.rows(AccessRecord) if row.subject == self.REACHED[0]]

    @pytest.mark.parametrize("way", [{"email": "wati@example.org"}, {"phone": "081234567890"}])
    def test_with_consent(self, web: Web, office: DeskOffice, way: dict[str, str]):
        path = self.low(office, name="Wati", consent=True, **way)
        page = web.as_("Budi").get(path)
        assert "Wati" in page.said and "1234567" in page.said if "phone" in way else way["email"] in page.said
        assert self.looks(office) == [self.REACHED]
        for name in ("Agus", "Ratna"):
            assert "Wati" not in web.as_(name).get(path).text
        assert self.looks(office) == [self.REACHED]
        budi = web.as_("Budi")
        assert "Wati" not in budi.get(f"{LIST}?view=open").text

    def test_without_consent(self, web: Web, office: DeskOffice):
        page = web.as_("Budi").get(self.low(office, name="Wati", email="wati@example.org"))
        assert "Wati" not in page.text and "wati@example.org" not in page.text
        assert "Tidak ada alamat atau nomor telepon" in page.said
        assert self.looks(office) == []

    def test_erased_since(self, web: Web, office: DeskOffice):
        path = self.low(office, name="Wati", email="wati@example.org", consent=True)
        with office.streams.setting_up() as connection:
            connection.execute(delete(VisitContact))
        page = web.as_("Budi").get(path)
        assert "Wati" not in page.text and "Tidak ada alamat atau nomor telepon" in page.said

    @pytest.mark.parametrize("privacy", [Privacy.CONFIDENTIAL, Privacy.ANONYMOUS])
    def test_nobody_can_ask_back(self, web: Web, office: DeskOffice, privacy: Privacy):
        keeps(office, privacy)
        office.arrives("A", name="Wati", email="wati@example.org", consent=True)
        transaction = office.sari.serves()
        office.sari.completes(transaction)
        office.says(office.row(InvitationRow, transaction_id=transaction).id, score="1")
        office.clock.tick(86_400)
        look_after(office.streams, office.id, Request(SYSTEM, "look_after"))
        page = web.as_("Budi").get(f"{LIST}/{office.row(FollowUpRow).id}")
        assert "tidak ada yang dapat bertanya kembali" in page.said
        assert "Wati" not in page.text and 'value="contacted"' not in page.text
        assert self.looks(office) == []


def test_the_report_tells_rates_of_enough_only(web: Web, office: DeskOffice):
    budi = web.as_("Budi")
    assert budi.get(REPORT).queries <= 20
    made = [low(office) for _ in range(4)]
    page = budi.get(f"{LIST}/{made[0]}")
    budi.send(page, f"{LIST}/{made[0]}/steps", step="resolved", note="Selesai")
    assert "terlalu sedikit" in budi.get(REPORT).said
    low(office)
    report = budi.get(REPORT)
    assert "20%" in report.said or "20,0%" in report.said
    table = budi.get(f"{REPORT}/tables/services").text
    assert table.splitlines()[1].startswith("Lelang,5,1,0.2,")
    book = load_workbook(BytesIO(budi.client.get(f"{REPORT}/workbook").data))
    assert len(book.sheetnames) == 3
    budi.get(f"{REPORT}/tables/nothing", status=404)
    budi.get(f"{REPORT}?period=x", status=422)
    budi.get(f"{REPORT}/workbook?period=x", status=422)
