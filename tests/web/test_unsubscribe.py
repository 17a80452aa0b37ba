"""The link to be asked no more: looking changes nothing, one click is enough, and it can be taken back."""

import pytest
from sqlalchemy import update

from desk.domain.facts import EventName
from desk.domain.tokens import TokenKind, derive
from desk.models import Delivery, InvitationRow, SurveyAsking, SurveyBlock, VisitContact
from tests.fixtures.office import KEYS, DeskOffice
from tests.fixtures.web import Web, everything

ADDRESS = "siti@example.id"


@pytest.fixture
def invitation(desk_office: DeskOffice) -> int:
    """The invitation of somebody who reads English and left an address."""
    desk_office.sari.signs_on(1)
    desk_office.arrives("A", language="en", email=ADDRESS, consent=True)
    desk_office.sari.completes(desk_office.sari.serves())
    return int(desk_office.row(InvitationRow).id)


@pytest.fixture
def path(invitation: int) -> str:
    """The address in the message."""
    return f"/u/{derive(KEYS.links, TokenKind.NO_SURVEY, invitation, channel='email')}"


def one_click(web: Web, path: str) -> None:
    """What a mail program sends by itself (RFC 8058, 3.2): no cookie, no token of a form."""
    answer = web.another().client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")


def test_looking_changes_nothing(web: Web, desk_office: DeskOffice, path: str) -> None:
    before = everything(desk_office)
    page = web.get(path)

    assert "Shall we ask you no more?" in page.said
    assert ADDRESS not in page.text
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    assert web.client.head(path).status_code == 200
    assert everything(desk_office) == before


def test_the_button_stops_and_the_page_takes_it_back(web: Web, desk_office: DeskOffice, path: str) -> None:
    done = web.send(web.get(path), path, status=200)
    assert "We will not ask you again" in done.said
    assert [row.kind for row in desk_office.rows(SurveyBlock)] == ["opted_out"]
    assert [row.state for row in desk_office.rows(Delivery)] == ["cancelled"]

    back = web.send(done, f"{path}/return")
    assert "Shall we ask you no more?" in web.follow(back).said
    assert desk_office.rows(SurveyBlock) == []
    assert desk_office.happened()[-2:] == [EventName.SURVEY_OPTED_OUT.value, EventName.SURVEY_OPTED_IN.value]


def test_one_click_of_a_mail_program_is_enough_and_may_come_twice(web: Web, desk_office: DeskOffice, path: str) -> None:
    one_click(web, path)
    one_click(web, path)

    assert len(desk_office.rows(SurveyBlock)) == 1
    assert desk_office.happened().count(EventName.SURVEY_OPTED_OUT.value) == 1


def test_a_browser_without_cookies_takes_it_back_but_no_other_site_does(
    web: Web, desk_office: DeskOffice, path: str
) -> None:
    one_click(web, path)

    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert web.another().client.post(f"{path}/return", headers=elsewhere).status_code == 400
    assert len(desk_office.rows(SurveyBlock)) == 1
    assert web.another().client.post(f"{path}/return").status_code == 303
    assert desk_office.rows(SurveyBlock) == []


def test_in_indonesian(web: Web, desk_office: DeskOffice, path: str) -> None:
    with desk_office.streams.setting_up() as connection:
        connection.exec_driver_sql("UPDATE visits SET language = 'id'")

    assert "English" not in web.get(path).tree.root.get("lang", "")
    assert web.get(path).tree.root.get("lang") == "id"


@pytest.mark.parametrize("kind", [TokenKind.SURVEY, TokenKind.STATUS])
def test_another_kind_of_link_opens_nothing_here(web: Web, desk_office: DeskOffice, invitation: int, kind) -> None:
    before = everything(desk_office)
    for channel in ("link", "email"):
        token = derive(KEYS.links, kind, invitation, channel=channel)
        web.get(f"/u/{token}", status=404)
        assert web.client.post(f"/u/{token}").status_code == 404
        web.post(f"/u/{token}/return", status=404)
    assert everything(desk_office) == before


def test_this_kind_of_link_opens_nothing_elsewhere(web: Web, path: str) -> None:
    token = path.removeprefix("/u/")
    for place in ("/v/{}", "/v/{}/now", "/s/{}", "/s/{}/thanks"):
        web.get(place.format(token), status=404)


def test_it_works_when_the_contact_was_erased(web: Web, desk_office: DeskOffice, path: str) -> None:
    with desk_office.streams.engine.begin() as connection:
        connection.execute(update(VisitContact).values(email=None, consented_at=None))
    one_click(web, path)

    assert len(desk_office.rows(SurveyBlock)) == 1


def test_where_nobody_knows_any_more_whose_it_was_it_says_so(web: Web, desk_office: DeskOffice, path: str) -> None:
    with desk_office.streams.engine.begin() as connection:
        connection.execute(update(VisitContact).values(email=None, consented_at=None))
        connection.execute(SurveyAsking.__table__.delete())

    assert "We do not have your address or number any more" in web.get(path).said
    one_click(web, path)
    assert desk_office.rows(SurveyBlock) == []


@pytest.mark.parametrize(
    ("language", "words"), [("en", "the e-mail address and phone number"), ("id", "alamat surel serta nomor telepon")]
)
def test_it_says_what_it_holds_for_whichever_way_the_message_came(
    web: Web, desk_office: DeskOffice, language: str, words: str
) -> None:
    desk_office.sari.signs_on(1)
    desk_office.arrives("A", language=language, phone="+6281234567890", consent=True)
    desk_office.sari.completes(desk_office.sari.serves())
    found = int(desk_office.row(InvitationRow).id)
    page = web.get(f"/u/{derive(KEYS.links, TokenKind.NO_SURVEY, found, channel='phone')}")

    assert words in page.said
