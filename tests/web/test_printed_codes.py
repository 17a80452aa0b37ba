"""The code on ticket, slip and receipt: to the visitor's own page, from there to the survey, counted as that paper."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from desk.domain.invitation import Channel, Privacy
from desk.domain.tokens import TokenKind, derive, hash_of
from desk.models import AccessRecord, InvitationRow, LooseResponse, ResponseRow, VisitorToken
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import PUBLIC_URL, Answer, Web
from tests.web.test_survey import keep_as, sent

PAPERS = ("ticket", "receipt")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were drawn as codes on paper."""
    addresses: list[str] = []
    monkeypatch.setattr("desk.web.printed_codes.qr_picture", lambda address: addresses.append(address) or "")
    return addresses


@pytest.fixture
def handled(desk_office: DeskOffice) -> int:
    """A valuation that Dewi completed, with a receipt for its documents; the visitor reads English."""
    desk_office.dewi.signs_on(2)
    desk_office.arrives("C", language="en")
    transaction = desk_office.dewi.serves(counter=2)
    desk_office.dewi.completes_documents(transaction)
    desk_office.dewi.completes(transaction)
    return transaction


@pytest.fixture
def invitation(desk_office: DeskOffice, handled: int) -> int:
    """The invitation about it."""
    return int(desk_office.row(InvitationRow, transaction_id=handled).id)


def own_page(web: Web, office: DeskOffice, transaction: int) -> str:
    return web.status_path(office.transaction(transaction).visit_id)


def link_of(page: Answer, part: str) -> str:
    """Return the one link of a page with this in its address."""
    (found,) = [each.get("href", "") for each in page.tree.named("a") if part in each.get("href", "")]
    return found


def every_survey_token(office: DeskOffice, invitation: int) -> set[str]:
    return {
        derive(office.streams.keys.links, TokenKind.SURVEY, invitation, channel=each.value, generation=generation)
        for each in Channel
        for generation in (1, 2)
    }


# -- on paper -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_paper_leads_to_the_own_page_and_says_so_in_both_languages(
    web: Web, desk_office: DeskOffice, drawn: list[str], language: str
):
    desk_office.dewi.signs_on(2)
    visit = desk_office.arrives("C", language=language).facts["visit"]
    transaction = desk_office.dewi.serves(counter=2)
    desk_office.dewi.completes_documents(transaction)
    dewi = web.as_("Dewi")
    papers = [
        web.get(f"{web.status_path(visit)}/ticket"),
        dewi.get(f"/offices/1/reception/visits/{visit}"),
        dewi.get(f"/offices/1/transactions/{transaction}/receipt"),
    ]

    own = PUBLIC_URL + web.status_path(visit)
    assert drawn == [f"{own}?via=ticket", f"{own}?via=ticket", f"{own}?via=receipt"]
    for paper in papers:
        assert "the same code leads to the questions about our service" in paper.said
        assert "kode yang sama menuju ke pertanyaan tentang layanan kami" in paper.said
        (second,) = [each.get("lang") for each in paper.tree.named("p") if each.get("lang") not in (None, language)]
        assert second != language


def test_a_scanned_code_is_still_one_at_kiosk_and_reception(web: Web, desk_office: DeskOffice, drawn: list[str]):
    visit = desk_office.arrives("A").facts["visit"]
    web.get(f"{web.status_path(visit)}/ticket")
    form = web.get("/offices/1/kiosk/return")

    found = web.send(form, "/offices/1/kiosk/return", code=drawn[0])
    assert found.location == f"{web.status_path(visit)}/open-matters"
    assert "A001" in web.as_("Dewi").get("/offices/1/reception", query_string={"q": drawn[0]}).said


@pytest.mark.parametrize("who", ["Dewi", "Budi", "Ratna"])
def test_no_page_of_the_staff_has_a_token_of_the_survey(
    web: Web, desk_office: DeskOffice, drawn: list[str], handled: int, invitation: int, who: str
):
    """Nor, once all is over, the code of the visitor's own page, which leads to the survey then; and looks are kept."""
    browser, visit = web.as_(who), desk_office.transaction(handled).visit_id
    pages = [browser.get(f"/offices/1/transactions/{handled}/receipt")]
    if who == "Dewi":
        pages.append(browser.get(f"/offices/1/reception/visits/{visit}"))
        assert "Kunjungan ini sudah selesai, jadi kodenya" in pages[-1].said

    tokens = every_survey_token(desk_office, invitation) | {web.status_path(visit).rpartition("/")[2]}
    assert drawn == []
    assert not [token for token in tokens for page in pages if token in page.text.replace(" ", "")]
    looks = [(each.subject, each.subject_id) for each in desk_office.rows(AccessRecord) if each.verb == "looked"]
    assert looks == [("receipt", handled), ("ticket", visit)][: len(pages)]


# -- from there to the survey -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "channel"), [("", "link"), ("?via=ticket", "ticket"), ("?via=receipt", "receipt"), ("?via=email", "link")]
)
def test_an_answer_counts_as_that_of_the_paper(
    web: Web, desk_office: DeskOffice, handled: int, invitation: int, asked: str, channel: str
):
    path = own_page(web, desk_office, handled)
    survey = link_of(web.get(f"{path}{asked}"), "/s/")
    assert survey == web.survey_path(invitation, channel=channel)
    assert link_of(web.get(f"{path}/now{asked}"), "/s/") == survey
    web.get(survey)
    assert desk_office.row(InvitationRow).begun_through is None  # looking changes nothing

    sent(web, survey, invitation)

    assert desk_office.row(ResponseRow).channel == channel
    assert desk_office.row(InvitationRow).begun_through == channel
    for each in ("link", *PAPERS, "email"):
        web.get(web.survey_path(invitation, channel=each), status=410)
    assert "/s/" not in web.get(f"{path}{asked}").text
    assert desk_office.findings() == []


def test_the_way_is_kept_on_the_page_and_what_it_leads_to(web: Web, desk_office: DeskOffice, handled: int):
    desk_office.arrives("A", language="en")
    visit = desk_office.arrives("B", language="en").facts["visit"]
    path = web.status_path(visit)
    page = web.get(f"{path}?via=ticket")
    asking = web.get(link_of(page, "/departure"))
    assert link_of(asking, f"{path}?") == f"{path}?via=ticket"
    assert f"{path}/now?via=ticket" in page.text

    assert web.send(asking, f"{path}/departure?via=ticket").location == f"{path}?via=ticket"


def test_who_comes_back_through_the_receipt_goes_on_with_it(web: Web, desk_office: DeskOffice):
    desk_office.sari.signs_on(1)
    desk_office.arrives("A", language="en")
    transaction = desk_office.sari.serves()
    desk_office.sari.pauses(transaction)
    path = own_page(web, desk_office, transaction)
    asking = web.get(link_of(web.get(f"{path}?via=receipt"), "/return/"))

    done = web.send(asking, f"{path}/return/{transaction}?via=receipt")

    assert done.location == f"{own_page(web, desk_office, transaction)}?via=receipt" != f"{path}?via=receipt"
    assert link_of(web.get(f"{path}?via=ticket"), own_page(web, desk_office, transaction)).endswith("?via=ticket")


@pytest.mark.parametrize("paper", PAPERS)
def test_it_expires_and_is_taken_back_like_the_others(
    web: Web, desk_office: DeskOffice, handled: int, invitation: int, paper: str
):
    survey = web.survey_path(invitation, channel=paper)
    assert desk_office.row(VisitorToken, token_hash=hash_of(survey.rpartition("/")[2])).subject_id == invitation
    now = desk_office.clock.now
    desk_office.clock.now = now + timedelta(days=15)
    web.get(survey, status=410)
    desk_office.clock.now = now

    desk_office.budi.reopens(handled)
    web.get(survey, status=410)
    desk_office.budi.completes(handled)
    web.get(survey, status=410)
    web.get(web.survey_path(invitation, channel=paper, generation=2))


def test_an_invitation_from_before_has_the_link_of_the_page(
    web: Web, desk_office: DeskOffice, handled: int, invitation: int
):
    papers = [hash_of(web.survey_path(invitation, channel=each).rpartition("/")[2]) for each in PAPERS]
    with desk_office.streams.setting_up() as connection:
        connection.execute(delete(VisitorToken).where(VisitorToken.token_hash.in_(papers)))

    page = web.get(f"{own_page(web, desk_office, handled)}?via=ticket")

    assert link_of(page, "/s/") == web.survey_path(invitation)


def test_neither_an_anonymous_answer_nor_its_invitation_says_through_what(web: Web, desk_office: DeskOffice):
    """Else the only one who came through a ticket, or was written to by mail, that day were known."""
    keep_as(desk_office, Privacy.ANONYMOUS)
    desk_office.sari.signs_on(1)
    desk_office.arrives("A", language="en")
    desk_office.sari.completes(desk_office.sari.serves())
    invitation = desk_office.row(InvitationRow).id

    sent(web, web.survey_path(invitation, channel="ticket"), invitation)

    assert desk_office.row(LooseResponse).channel is None
    row = desk_office.row(InvitationRow)
    assert (row.begun_at is not None, row.begun_through) == (True, None)
