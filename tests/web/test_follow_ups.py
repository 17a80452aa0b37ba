"""Follow-ups on their pages: the list and its views, one of them, the gap list, the report with its files."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from desk.domain.access import Actor, Role
from desk.domain.invitation import Privacy
from desk.models import FollowUpRow, InvitationRow
from desk.operations import questionnaires
from desk.operations.requests import Request
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
        "?view=nonsense&service=x&origin=x": True,
    }.items():  # fmt: skip
        assert (f"{LIST}/{follow_up}" in budi.get(f"{LIST}{query}").text) is shown, query
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


def test_who_handled_a_confidential_one_does_not_learn_of_it(web: Web, office: DeskOffice):
    keeps(office, Privacy.CONFIDENTIAL)
    office.budi.signs_on(2)
    office.arrives("A")
    office.budi.completes(office.budi.serves(counter=2))
    office.says(office.row(InvitationRow).id, score="1")
    follow_up, budi = office.row(FollowUpRow).id, web.as_("Budi")
    budi.get(f"{LIST}/{follow_up}", status=404)
    assert f"{LIST}/{follow_up}" not in budi.get(f"{LIST}?view=open").text
    office.clock.tick(5 * 86_400)
    assert f"{LIST}/{follow_up}" not in web.as_("Budi").get("/offices/1/gaps").text
    assert f"{LIST}/{follow_up}" in web.as_("Ratna").get("/offices/1/gaps").text
    assert f"{LIST}/{follow_up}" in web.as_("Agus").get(f"{LIST}?view=nobody").text


def test_the_navigation_counts_ones_own(web: Web, office: DeskOffice):
    low(office)
    low(office)
    assert "Tindak lanjut <b>2</b>" in web.as_("Budi").get("/offices/1/gaps").text


def test_the_report_tells_rates_of_enough_only(web: Web, office: DeskOffice):
    budi = web.as_("Budi")
    assert budi.get(REPORT).queries <= 20
    made = [low(office) for _ in range(4)]
    page = budi.get(f"{LIST}/{made[0]}")
    budi.send(page, f"{LIST}/{made[0]}/steps", step="resolved", note="Selesai")
    assert "terlalu sedikit" in budi.get(REPORT).said
    low(office)
    report = budi.get(REPORT)
    assert "20 %" in report.said or "20,0 %" in report.said
    table = budi.get(f"{REPORT}/tables/services").text
    assert table.splitlines()[1].startswith("Lelang,5,1,0.2,")
    book = load_workbook(BytesIO(budi.client.get(f"{REPORT}/workbook").data))
    assert len(book.sheetnames) == 3
    budi.get(f"{REPORT}/tables/nothing", status=404)
    budi.get(f"{REPORT}?period=x", status=422)
    budi.get(f"{REPORT}/workbook?period=x", status=422)
