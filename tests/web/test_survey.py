"""The survey behind a link: voluntary, once, never by looking, and nothing typed is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from desk.domain.tokens import TokenKind, derive
from desk.models import InvitationRow, Note, ResponseRow
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Answer, Web, everything

LONG = "x" * 10_000


@pytest.fixture
def invitation(desk_office: DeskOffice) -> int:
    """The invitation about a transaction that Sari has just completed for a visitor who reads English."""
    desk_office.arrives("A", language="en")
    desk_office.sari.signs_on()
    desk_office.sari.completes(desk_office.sari.serves())
    return int(desk_office.row(InvitationRow).id)


@pytest.fixture
def path(web: Web, invitation: int) -> str:
    """The address of its survey."""
    return web.survey_path(invitation)


def answered(web: Web, path: str, invitation: int, score: str = "4", comment: str = "", **more: object) -> Answer:
    """Send the form with this answer."""
    return web.send(web.get(path), path, **{f"q{invitation}-score": score, f"q{invitation}-comment": comment}, **more)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ["Seberapa puas Anda", "Sangat tidak puas", "sukarela", "Penyelia dan auditor"]),
        ("en", ["How satisfied are you", "Very dissatisfied", "voluntary", "Supervisors and auditors"]),
    ],
)
def test_the_page_asks_without_a_default_and_says_who_reads_it(web: Web, path: str, language: str, words: list[str]):
    web.speak(language)

    page = web.get(path)

    assert [each for each in words if each not in page.said] == []
    assert "checked" not in page.text
    assert page.queries <= 5


def test_an_answer_is_received_once(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    done = answered(web, path, invitation, "4", "Ramah 😀\nCepat")

    assert "Thank you" in web.follow(done).said
    response = desk_office.row(ResponseRow)
    assert (response.invitation_id, response.score) == (invitation, 4)
    assert desk_office.row(Note).words == "Ramah 😀\nCepat"
    used = web.get(path, status=410)
    assert "We have your answer" in used.said
    assert "already received" in used.said
    web.post(path, status=410)
    assert len(desk_office.rows(ResponseRow)) == 1


def test_a_score_alone_is_enough(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    answered(web, path, invitation, "1")

    assert desk_office.row(ResponseRow).score == 1
    assert desk_office.rows(Note) == []


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(web: Web, desk_office: DeskOffice, path: str, method: str):
    before = everything(desk_office)

    for _ in range(3):
        assert getattr(web.client, method)(path).status_code == 200
        assert getattr(web.client, method)(f"{path}?score=5").status_code == 200
        assert getattr(web.client, method)(f"{path}/thanks").status_code == 302

    assert everything(desk_office) == before


@pytest.mark.parametrize("score", [None, "", "0", "6", "4.5", "five", "4\0", "٤"])
@pytest.mark.parametrize(
    ("language", "words"), [("id", "Pilih nilai dari 1 sampai 5."), ("en", "Choose a score from 1 to 5.")]
)
def test_without_a_score_the_form_comes_back_with_what_was_typed(
    web: Web, desk_office: DeskOffice, path: str, invitation: int, score: str | None, language: str, words: str
):
    web.speak(language)
    fields = {f"q{invitation}-score": score, f"q{invitation}-comment": "Antrean rapi <b>& cepat</b>"}

    answer = web.send(web.get(path), path, status=422, **fields)

    assert answer.text.count(words) == 2, "in the summary and at the field"
    assert answer.form(path)[f"q{invitation}-comment"] == "Antrean rapi <b>& cepat</b>"
    assert desk_office.rows(ResponseRow) == []


def test_a_comment_that_is_too_long_is_refused_and_kept(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    answer = answered(web, path, invitation, "5", LONG, status=422)

    assert "Use at most 4000 characters for the comment." in answer.said
    assert answer.form(path) | {f"q{invitation}-score": "5", f"q{invitation}-comment": LONG} == answer.form(path)
    assert desk_office.rows(ResponseRow) == []


def test_control_characters_do_not_reach_the_database(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    answered(web, path, invitation, "5", "baik\0 sekali\x07")

    assert desk_office.row(Note).words == "baik sekali"


def test_without_the_token_against_forgery_nothing_happens(web: Web, desk_office: DeskOffice, path: str):
    web.post(path, status=400, csrf=False)

    assert desk_office.rows(ResponseRow) == []


def test_the_same_press_twice_is_one_answer_and_thanks(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    form = web.get(path)
    fields = {f"q{invitation}-score": "5"}

    web.send(form, path, **fields)
    again = web.send(form, path, status=410, **fields)

    assert "Your answer was already received. Thank you." in again.said
    assert len(desk_office.rows(ResponseRow)) == 1


def test_of_two_at_the_same_moment_one_is_told_that_the_other_came_first(
    web: Web, desk_office: DeskOffice, path: str, invitation: int
):
    browsers = [web.another() for _ in range(4)]
    pages = [browser.get(path) for browser in browsers]
    start = Barrier(len(browsers))

    def send(position: int) -> int:
        fields = {**pages[position].form(path), f"q{invitation}-score": str(position + 1)}
        start.wait()
        return int(browsers[position].client.post(path, data=fields).status_code)

    with ThreadPoolExecutor(len(browsers)) as threads:
        statuses = sorted(threads.map(send, range(len(browsers))))

    assert statuses == [303, 410, 410, 410]
    assert len(desk_office.rows(ResponseRow)) == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", "Survei ini sudah berakhir"), ("en", "This link has expired. Thank you for wanting to answer.")],
)
def test_an_expired_link_says_so_kindly(
    web: Web, desk_office: DeskOffice, path: str, invitation: int, language: str, words: str
):
    form = web.get(path)
    desk_office.clock.now += timedelta(days=14)
    web.speak(language)

    page = web.get(path, status=410)

    assert words in page.said
    web.send(form, path, status=410, **{f"q{invitation}-score": "5"})
    assert desk_office.rows(ResponseRow) == []


def test_a_reopened_transaction_takes_the_question_back(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    transaction = desk_office.row(InvitationRow).transaction_id
    desk_office.sari.reopens(transaction)
    assert "no longer valid" in web.get(path, status=410).said

    desk_office.sari.completes(transaction)

    assert "no longer valid" in web.get(path, status=410).said, "that was the question before"
    web.get(web.survey_path(invitation, generation=2))


def test_the_link_in_the_message_and_the_one_on_the_page_ask_once(
    web: Web, desk_office: DeskOffice, path: str, invitation: int
):
    mailed = web.survey_path(invitation, channel="email")
    answered(web, mailed, invitation, "3")

    web.get(path, status=410)
    web.get(mailed, status=410)
    assert len(desk_office.rows(ResponseRow)) == 1


@pytest.mark.parametrize("token", ["nonsense", "a" * 26, "a" * 5_000, "%00", "%F0%9F%98%80"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_mutilated_link_says_so_kindly(web: Web, token: str, language: str):
    web.speak(language)

    page = web.get(f"/s/{token}", status=404)

    assert "the link may be incomplete" in page.said if language == "en" else "tautan" in page.said.lower()
    web.post(f"/s/{token}", status=404)


def test_a_status_token_never_opens_a_survey(web: Web, desk_office: DeskOffice):
    visit = desk_office.arrives("A").facts["visit"]
    token = derive(desk_office.streams.keys.links, TokenKind.STATUS, visit)

    web.get(f"/s/{token}", status=404)
    web.get(f"/s/{token}/thanks", status=404)
    web.post(f"/s/{token}", status=404)


def test_nobody_keeps_passes_on_or_lists_the_page(web: Web, path: str):
    headers = web.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]


@pytest.fixture
def pair(desk_office: DeskOffice) -> list[int]:
    """Two invitations of one visit."""
    desk_office.arrives("A", "B", language="en")
    desk_office.sari.signs_on()
    for _ in range(2):
        desk_office.sari.completes(desk_office.sari.serves())
    return [row.id for row in desk_office.rows(InvitationRow)]


def test_one_form_asks_about_every_transaction_of_the_visit(web: Web, desk_office: DeskOffice, pair: list[int]):
    path = web.survey_path(pair[1])
    page = web.get(path)
    assert page.said.index("Kekayaan negara") < page.said.index("Lelang"), "the linked one comes first"

    web.send(page, path, **{f"q{pair[0]}-score": "2", f"q{pair[1]}-score": "5", f"q{pair[1]}-comment": "Terima kasih"})

    assert {row.invitation_id: row.score for row in desk_office.rows(ResponseRow)} == {pair[0]: 2, pair[1]: 5}
    web.get(web.survey_path(pair[0]), status=410)


def test_one_of_several_may_be_left_out_and_answered_later(web: Web, desk_office: DeskOffice, pair: list[int]):
    path = web.survey_path(pair[0])
    web.send(web.get(path), path, **{f"q{pair[0]}-score": "2"})
    assert [row.invitation_id for row in desk_office.rows(ResponseRow)] == [pair[0]]

    later = web.survey_path(pair[1])
    web.send(web.get(later), later, **{f"q{pair[1]}-score": "3"})

    assert len(desk_office.rows(ResponseRow)) == 2


def test_leaving_all_out_is_refused(web: Web, desk_office: DeskOffice, pair: list[int]):
    path = web.survey_path(pair[0])

    assert "Choose a score for at least one of the services." in web.send(web.get(path), path, status=422).said
    assert desk_office.rows(ResponseRow) == []


def test_words_without_a_score_are_kept_and_asked_about(web: Web, desk_office: DeskOffice, pair: list[int]):
    path = web.survey_path(pair[0])
    fields = {f"q{pair[0]}-score": "4", f"q{pair[1]}-comment": "Terlalu lama"}

    answer = web.send(web.get(path), path, status=422, **fields)

    assert f'href="#q{pair[1]}-score-0"' in answer.text
    assert answer.form(path) | fields == answer.form(path)
    assert desk_office.rows(ResponseRow) == []


def test_another_visit_cannot_be_answered_for(web: Web, desk_office: DeskOffice, pair: list[int]):
    desk_office.arrives("A")
    desk_office.sari.completes(desk_office.sari.serves())
    foreign = next(row.id for row in desk_office.rows(InvitationRow) if row.id not in pair)
    path = web.survey_path(pair[0])

    web.send(web.get(path), path, **{f"q{pair[0]}-score": "4", f"q{foreign}-score": "1"})

    assert [row.invitation_id for row in desk_office.rows(ResponseRow)] == [pair[0]]


def test_sending_is_limited(web: Web, path: str):
    for _ in range(30):
        web.post(path, status=422)

    web.post(path, status=429)
