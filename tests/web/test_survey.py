"""The survey behind a link: voluntary, once, one question a page, never by looking, and nothing typed is lost."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from desk.domain.access import VISITOR
from desk.domain.facts import EventName
from desk.domain.invitation import Privacy, Standing
from desk.domain.refusals import Reason
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.tokens import TokenKind, derive
from desk.models import (
    Delivery,
    FollowUpRow,
    InvitationRow,
    LooseResponse,
    Note,
    Office,
    Person,
    ResponseDetail,
    ResponseRevision,
    ResponseRow,
    SurveyTally,
    VisitContact,
)
from desk.operations.requests import Request
from desk.operations.survey import answering
from desk.reads.transaction_file import find_transaction_file
from desk.web.context import reader
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Answer, Web, everything, unwritten

LONG = "x" * 10_000
LANGUAGES = ("id", "en")


def asked_about(office: DeskOffice, *, email: str | None = None) -> int:
    """Return the invitation about a transaction that Sari has just completed for a visitor who reads English."""
    office.arrives("A", language="en", **({} if email is None else {"email": email, "consent": True}))
    office.sari.completes(office.sari.serves())
    return int(office.rows(InvitationRow)[-1].id)


@pytest.fixture
def invitation(desk_office: DeskOffice) -> int:
    """The invitation about one transaction, asked with the one question every office begins with."""
    desk_office.sari.signs_on()
    return asked_about(desk_office)


@pytest.fixture
def path(web: Web, invitation: int) -> str:
    """The address of its survey."""
    return web.survey_path(invitation)


@pytest.fixture
def skm(desk_office: DeskOffice) -> int:
    """The invitation to the questionnaire of 2017."""
    desk_office.asks_with("skm2017")
    desk_office.sari.signs_on()
    return asked_about(desk_office)


@pytest.fixture
def pair(desk_office: DeskOffice) -> list[int]:
    """Two invitations of one visit."""
    desk_office.arrives("A", "B", language="en")
    desk_office.sari.signs_on()
    for _ in range(2):
        desk_office.sari.completes(desk_office.sari.serves())
    return [row.id for row in desk_office.rows(InvitationRow)]


def press(web: Web, page: Answer, go: str, *, status: int = 200, **fields: str | None) -> Answer:
    """Press a button of the page with these fields filled in."""
    return web.send(page, page.path.partition("?")[0], status=status, go=go, **fields)


def walked(web: Web, path: str, *said: dict[str, str]) -> Answer:
    """Fill in page by page and return the page after the last."""
    page = web.get(path)
    for each in said:
        page = press(web, page, "next", **each)
    return page


def sent(web: Web, path: str, invitation: int, score: str = "4", comment: str = "") -> Answer:
    """Answer the one question and send it."""
    page = walked(web, path, {f"q{invitation}-score": score})
    if "<textarea" not in page.text:  # after a low score
        page = press(web, page, "next")
    review = press(web, page, "next", **{f"q{invitation}-comment": comment})
    return press(web, review, "send", status=303)


def progress(page: Answer) -> str:
    """Return the words of the progress."""
    (found,) = [each for each in page.tree.named("p") if each.get("id") == "progress"]
    return (found.text or "").strip()


def keep_as(office: DeskOffice, privacy: Privacy) -> None:
    """Let the office keep answers this way from now on."""
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_privacy=privacy.value))


# -- the first page -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ["Seberapa puas Anda", "Sangat tidak puas", "sukarela", "Penyelia dan auditor", "Pertanyaan 1 dari 2"]),
        ("en", ["How satisfied are you", "Very dissatisfied", "voluntary", "Supervisors and auditors", "1 of 2"]),
    ],
)
def test_the_page_asks_without_a_default_and_says_who_reads_it(web: Web, path: str, language: str, words: list[str]):
    web.speak(language)

    page = web.get(path)

    assert [each for each in words if each not in page.said] == []
    assert "checked" not in page.text
    assert page.queries <= 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", SHIPPED)
def test_every_questionnaire_is_walked_in_both_languages(web: Web, desk_office: DeskOffice, code: str, language: str):
    desk_office.asks_with(code) if code != "one" else None
    desk_office.sari.signs_on()
    invitation = asked_about(desk_office)
    web.speak(language)
    path = web.survey_path(invitation)
    page = web.get(path)
    asked = 0
    while 'type="radio"' in page.text or "<textarea" in page.text:
        names = dict.fromkeys(re.findall(r'type="radio" id="[^"]*" name="([^"]*)" value="([^"]*)"', page.text))
        said = {name: value.replace("&lt;", "<") for name, value in reversed(list(names))}
        asked += 1
        page = press(web, page, "next", **said)
    questionnaire = SHIPPED[code]
    assert page.tree.named("h1")[0].text in ("Periksa jawaban Anda", "Check your answers")
    for each in questionnaire.path({"score": 1, "ease": 1}):
        assert each.text.in_language(language) in page.said

    thanks = web.follow(press(web, page, "send", status=303))

    assert ("Terima kasih" if language == "id" else "Thank you") in thanks.said
    given = desk_office.row(ResponseRow).answers
    assert set(given) == {each.key for each in questionnaire.path(given) if each.options and each.about == "service"}


# -- going through it ---------------------------------------------------------------------------------------------


def test_one_question_a_page_with_progress_and_back_without_loss(web: Web, desk_office: DeskOffice, skm: int):
    path = web.survey_path(skm)
    page = web.get(path)
    assert progress(page) == "Question 1 of 11"
    assert page.text.count("<fieldset") == 1

    page = walked(web, path, {f"q{skm}-persyaratan": "3"}, {f"q{skm}-prosedur": "4"})
    assert progress(page) == "Question 3 of 11"
    page = press(web, page, "back", **{f"q{skm}-waktu": "2"})
    assert page.form(path)[f"q{skm}-prosedur"] == "4"
    page = press(web, press(web, page, "next"), "next")

    assert page.form(path) | {f"q{skm}-persyaratan": "3", f"q{skm}-waktu": "2"} == page.form(path)
    assert progress(page) == "Question 4 of 11"
    assert desk_office.rows(ResponseRow) == []


def test_the_next_question_follows_from_the_answer(web: Web, path: str, invitation: int):
    low = walked(web, path, {f"q{invitation}-score": "2"})
    assert "What needs to be better most of all?" in low.said
    assert progress(low) == "Question 2 of 3"

    high = walked(web, path, {f"q{invitation}-score": "5"})
    assert "What went well" in high.said
    assert progress(high) == "Question 2 of 2"


def test_an_answer_to_a_question_that_is_not_asked_any_more_is_not_recorded(
    web: Web, desk_office: DeskOffice, path: str, invitation: int
):
    page = walked(web, path, {f"q{invitation}-score": "1"}, {f"q{invitation}-what_failed": "wait"})
    page = press(web, press(web, page, "back"), "back")
    page = press(web, page, "next", **{f"q{invitation}-score": "5"})
    press(web, press(web, page, "next"), "send", status=303)

    assert desk_office.row(ResponseRow).answers == {"score": 5}


@pytest.mark.parametrize("target", LANGUAGES)
def test_another_language_loses_nothing(web: Web, path: str, invitation: int, target: str):
    web.speak("en" if target == "id" else "id")
    page = walked(web, path, {f"q{invitation}-score": "2"})

    page = press(web, page, f"language:{target}", **{f"q{invitation}-what_failed": "staff"})

    assert {"id": "Sikap petugas", "en": "How staff treated me"}[target] in page.said
    assert page.form(path) | {f"q{invitation}-score": "2", f"q{invitation}-what_failed": "staff"} == page.form(path)
    assert f'lang="{target}"' in page.text.partition("<head>")[0]


def test_large_print_stays_until_the_thanks(web: Web, path: str, invitation: int):
    page = press(web, web.get(path), "large", **{f"q{invitation}-score": "4"})
    assert "large-print" in page.text
    page = press(web, press(web, page, "next"), "next")
    assert "large-print" in page.text
    assert "large-print" not in press(web, page, "large").text
    assert "large-print" in web.follow(press(web, page, "send", status=303)).text


def test_the_review_shows_the_words_and_leads_back_and_forth(web: Web, path: str, invitation: int):
    page = walked(web, path, {f"q{invitation}-score": "4"}, {f"q{invitation}-comment": "Rapi <b>& cepat</b>"})
    assert "Rapi <b>& cepat</b>" in page.said
    assert "Satisfied" in page.said
    assert "Nothing has been sent yet." in page.said

    page = press(web, page, f"to:q{invitation}-score")
    assert "How satisfied" in page.said
    page = press(web, page, "next", **{f"q{invitation}-score": "5"})

    assert "Very satisfied" in page.said
    assert "Check your answers" in page.said


def test_a_change_that_opens_a_question_goes_on_to_what_is_still_asked(web: Web, skm: int):
    page = web.get(web.survey_path(skm))

    page = press(web, page, "to:review", **{f"q{skm}-persyaratan": "3"})
    page = press(web, page, f"to:q{skm}-persyaratan")
    page = press(web, page, "next")

    assert progress(page) == "Question 2 of 11"


# -- sending ------------------------------------------------------------------------------------------------------


def test_an_answer_is_received_once(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    done = sent(web, path, invitation, "4", "Ramah 😀\nCepat")

    assert "Thank you" in web.follow(done).said
    response = desk_office.row(ResponseRow)
    assert (response.invitation_id, response.score, response.channel) == (invitation, 4, "link")
    assert desk_office.row(Note).words == "Ramah 😀\nCepat"
    used = web.get(path, status=410)
    assert "We have your answer" in used.said
    assert "already received" in used.said
    web.post(path, status=410)
    assert len(desk_office.rows(ResponseRow)) == 1


def test_a_score_alone_is_enough(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    sent(web, path, invitation, "3")

    assert desk_office.row(ResponseRow).score == 3
    assert desk_office.rows(Note) == []


def test_only_send_records(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    """Of the others no more is written than that the visitor has begun."""
    before = everything(desk_office) | {"invitations": []}
    for go in ("next", "back", "skip", "large", "language:en", "resume", "to:review", "to:nowhere", "restart", "", "x"):
        press(web, web.get(path), go, **{f"q{invitation}-score": "4"})

    assert everything(desk_office) | {"invitations": []} == before
    assert desk_office.row(InvitationRow).state == "open"


def test_the_page_about_the_person_is_optional_and_kept_apart(web: Web, desk_office: DeskOffice, skm: int):
    path = web.survey_path(skm)
    scales = [each.key for each in SHIPPED["skm2017"].questions if each.required]
    page = walked(web, path, *({f"q{skm}-{key}": "3"} for key in scales), {f"q{skm}-comment": ""})
    assert "About you" in page.said
    assert page.text.count("(optional)") == page.text.count("Rather not say") == 4

    page = press(web, press(web, page, "next", **{"p-pekerjaan": "PNS"}), "back")
    assert page.form(path)["p-pekerjaan"] == "PNS"
    page = press(web, press(web, page, "next", **{"p-pekerjaan": ""}), "back")
    assert "p-pekerjaan" not in page.form(path)
    review = press(web, page, "next", **{"p-pendidikan": "S1", "p-usia": "<20"})
    press(web, review, "send", status=303)

    assert desk_office.row(ResponseRow).answers == dict.fromkeys(scales, 3)
    assert desk_office.row(ResponseDetail).profile == {"pendidikan": "S1", "usia": "<20"}


@pytest.mark.parametrize("score", [None, "", "0", "6", "4.5", "five", "4\0", "٤"])
@pytest.mark.parametrize("go", ["next", "send"])
@pytest.mark.parametrize(
    ("language", "words"), [("id", "Pilih salah satu jawaban"), ("en", "Choose one of the answers")]
)
def test_without_a_score_the_page_comes_back_with_what_was_typed(
    web: Web,
    desk_office: DeskOffice,
    path: str,
    invitation: int,
    score: str | None,
    go: str,
    language: str,
    words: str,
):
    web.speak(language)
    fields = {f"q{invitation}-score": score, f"q{invitation}-comment": "Antrean rapi <b>& cepat</b>"}

    answer = press(web, web.get(path), go, status=422, **fields)

    assert answer.text.count(words) == 2, "in the summary and at the field"
    assert answer.form(path)[f"q{invitation}-comment"] == "Antrean rapi <b>& cepat</b>"
    assert desk_office.rows(ResponseRow) == []


@pytest.mark.parametrize("length", [4_001, 100_000])
@pytest.mark.parametrize("go", ["next", "send"])
def test_a_comment_that_is_too_long_is_refused_and_kept(web: Web, path: str, invitation: int, length: int, go: str):
    page = walked(web, path, {f"q{invitation}-score": "5"})
    comment = "x" * length

    answer = press(web, page, go, status=422, **{f"q{invitation}-comment": comment})

    assert f"Use at most 4,000 characters; these are {length:,}." in answer.said
    fields = {f"q{invitation}-score": "5", f"q{invitation}-comment": comment}
    assert answer.form(path) | fields == answer.form(path)


def test_a_comment_of_exactly_as_much_as_fits_is_kept(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    sent(web, path, invitation, "5", "é" * 4_000)

    assert desk_office.row(Note).words == "é" * 4_000


def test_control_characters_do_not_reach_the_database(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    sent(web, path, invitation, "5", "baik\0 sekali\x07")

    assert desk_office.row(Note).words == "baik sekali"


@pytest.mark.parametrize("name", ["q{}-nothing", "p-nothing", "q{}-"])
def test_an_answer_to_an_unknown_question_is_refused(
    web: Web, desk_office: DeskOffice, path: str, invitation: int, name: str
):
    fields = {f"q{invitation}-score": "4", name.format(invitation): "4"}

    answer = press(web, web.get(path), "send", status=422, **fields)

    assert "not asked here" in answer.said
    assert answer.form(path)[f"q{invitation}-score"] == "4"
    assert desk_office.rows(ResponseRow) == []


def test_two_answers_to_one_question_are_refused(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    data = {"csrf_token": web.csrf_token(), "go": "send", f"q{invitation}-score": ["4", "5"]}

    answer = web.client.post(path, data=data)

    assert answer.status_code == 422
    assert "Two answers came for this question." in answer.text
    assert desk_office.rows(ResponseRow) == []


def test_a_browser_that_keeps_no_cookies_answers(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    fields = {**web.another().get(path).form(path), f"q{invitation}-score": "4", "go": "send"}
    bare = web.another()
    bare.post(path, csrf=False, **fields)

    response = desk_office.row(ResponseRow)
    assert (response.score, response.standing) == (4, "visitor")


def test_staff_in_their_own_browser_are_still_seen(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    web.as_("Sari").post(path, csrf=False, go="send", **{f"q{invitation}-score": "4"})

    assert desk_office.row(LooseResponse).origin == "staff"
    assert desk_office.rows(ResponseRow) == []


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}],
)
def test_a_form_on_another_site_sends_nothing(
    web: Web, desk_office: DeskOffice, path: str, invitation: int, headers: dict[str, str]
):
    data = {"go": "send", f"q{invitation}-score": "1", "csrf_token": web.csrf_token()}
    assert web.client.post(path, data=data, headers=headers).status_code == 400
    assert desk_office.rows(ResponseRow) == []

    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert web.client.post(path, data=data, headers=ours).status_code == 303


def test_the_same_press_twice_is_one_answer_and_thanks(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    form = walked(web, path, {f"q{invitation}-score": "5"}, {})

    press(web, form, "send", status=303)
    again = press(web, form, "send", status=410)

    assert "Your answer was already received. Thank you." in again.said
    assert len(desk_office.rows(ResponseRow)) == 1


def test_of_two_at_the_same_moment_one_is_told_that_the_other_came_first(
    web: Web, desk_office: DeskOffice, path: str, invitation: int
):
    browsers = [web.another() for _ in range(4)]
    pages = [browser.get(path) for browser in browsers]
    start = Barrier(len(browsers))

    def send(position: int) -> tuple[int, str]:
        fields = {**pages[position].form(path), f"q{invitation}-score": str(position + 1), "go": "send"}
        start.wait()
        answer = browsers[position].client.post(path, data=fields)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(len(browsers)) as threads:
        answers = sorted(threads.map(send, range(len(browsers))))

    assert [status for status, _ in answers] == [303, 410, 410, 410]
    for _, words in answers[1:]:
        assert "An answer was already there. What you have just sent was not recorded." in words
        assert "Your answer was already received" not in words
        assert "Correct my answer" in words
    assert len(desk_office.rows(ResponseRow)) == 1


def test_sending_is_limited(web: Web, path: str):
    for _ in range(240):
        web.client.post(path, data={"csrf_token": web.csrf_token()})

    web.post(path, status=429)


NAMES = st.sampled_from(["q{}-score", "q{}-what_failed", "q{}-comment", "q{}-", "q1-score", "p-x", "at", "go", "skip{}",
                         "reviewed", "correcting", "large", "key"])  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(
        ["1", "3", "5", "6", "-1", "wait", "send", "next", "back", "to:review", "review", "q{}-score", "1e1"]
    ),
    st.text(max_size=20),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES, VALUES), max_size=8))
def test_whatever_is_posted_is_no_error_and_nothing_off_the_scale(
    web: Web, desk_office: DeskOffice, invitation: int, fields: list[tuple[str, str]]
) -> None:
    invitation = asked_about(desk_office)
    data: dict[str, list[str]] = {"csrf_token": [web.csrf_token()]}
    for name, value in fields:
        data.setdefault(name.format(invitation), []).append(value.replace("{}", str(invitation)))

    answer = web.client.post(web.survey_path(invitation), data=data)

    assert answer.status_code in (200, 303, 400, 422)
    assert {row.score for row in desk_office.rows(ResponseRow)} <= {1, 2, 3, 4, 5}


# -- looking, links, and headers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("done", [False, True])
def test_looking_changes_nothing(
    web: Web, desk_office: DeskOffice, path: str, invitation: int, method: str, done: bool
):
    if done:
        sent(web, path, invitation)
    with unwritten(desk_office):
        for address in (path, f"{path}?score=5", f"{path}?go=send&q{invitation}-score=5", f"{path}/thanks", path + "."):
            assert getattr(web.client, method)(address).status_code in (200, 302, 410)


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
    press(web, form, "send", status=410, **{f"q{invitation}-score": "5"})
    assert desk_office.rows(ResponseRow) == []


def test_a_reopened_transaction_takes_the_question_back(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    transaction = desk_office.row(InvitationRow).transaction_id
    desk_office.sari.reopens(transaction)
    closed = web.get(path, status=410).said
    assert "This matter has been taken up again" in closed
    assert "you will be asked when it ends" in closed

    desk_office.sari.completes(transaction)

    assert "no longer valid" in web.get(path, status=410).said, "that was the question before"
    web.get(web.survey_path(invitation, generation=2))


@pytest.mark.parametrize(("language", "words"), [("en", "being worked on again"), ("id", "sedang dikerjakan lagi")])
def test_one_that_went_out_takes_answers_while_the_matter_is_open_again(
    web: Web, desk_office: DeskOffice, language: str, words: str
):
    desk_office.sari.signs_on()
    invitation = asked_about(desk_office, email="siti@example.id")
    with desk_office.streams.engine.begin() as connection:
        connection.execute(update(Delivery).values(state="sent", sent_at=desk_office.clock.now))
    path, transaction = web.survey_path(invitation, channel="email"), desk_office.row(InvitationRow).transaction_id
    web.speak(language)
    assert words not in web.get(path).said
    desk_office.sari.reopens(transaction)
    desk_office.clock.now += timedelta(days=15)

    assert words in web.get(path).said
    sent(web, path, invitation, "3")

    assert desk_office.row(InvitationRow).state == "answered"
    desk_office.sari.completes(transaction)
    assert desk_office.findings() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_in_progress_outlives_a_reopening(
    web: Web, desk_office: DeskOffice, path: str, invitation: int, language: str
):
    """Siti has turned the first page when Sari opens her matter again; no message had gone out."""
    web.speak(language)
    page = walked(web, path, {f"q{invitation}-score": "1"})
    desk_office.sari.reopens(desk_office.row(InvitationRow).transaction_id)
    assert desk_office.row(InvitationRow).state == "open"

    review = press(web, page, "next", **{f"q{invitation}-comment": "Lama sekali"})
    press(web, review, "send", status=303)

    assert desk_office.row(ResponseRow).score == 1
    desk_office.sari.completes(desk_office.row(InvitationRow).transaction_id)
    assert desk_office.findings() == []


@pytest.mark.parametrize(("language", "words"), [("en", "taken up again"), ("id", "dikerjakan lagi")])
def test_a_page_that_was_only_opened_says_that_the_matter_was_taken_up_again(
    web: Web, desk_office: DeskOffice, path: str, invitation: int, language: str, words: str
):
    web.speak(language)
    page = web.get(path)
    desk_office.sari.reopens(desk_office.row(InvitationRow).transaction_id)

    answer = press(web, page, "next", status=410, **{f"q{invitation}-score": "1"})

    assert words in answer.said
    assert desk_office.row(InvitationRow).begun_at is None


@pytest.mark.parametrize("channel", ["link", "email"])
def test_a_link_whose_matter_was_revoked_asks_about_the_rest_of_the_visit(
    web: Web, desk_office: DeskOffice, pair: list[int], channel: str
):
    path = web.survey_path(pair[0], channel=channel)
    desk_office.budi.revokes(desk_office.rows(InvitationRow)[0].transaction_id)
    page = web.get(path)
    assert f'name="q{pair[1]}-score"' in page.text
    assert f"q{pair[0]}-score" not in page.text

    sent(web, path, pair[1], "5")

    assert [row.invitation_id for row in desk_office.rows(ResponseRow)] == [pair[1]]
    web.get(f"{path}/thanks")
    assert "withdrawn" in web.get(path, status=410).said


def test_where_all_of_a_visit_was_revoked_its_links_open_nothing(web: Web, desk_office: DeskOffice, pair: list[int]):
    path = web.survey_path(pair[0])
    for each in desk_office.rows(InvitationRow):
        desk_office.budi.revokes(each.transaction_id)

    for each in (path, f"{path}/thanks"):
        assert "withdrawn" in web.get(each, status=410).said


@pytest.mark.parametrize("channel", ["link", "email"])
def test_the_channel_of_the_link_is_kept_and_both_ask_once(
    web: Web, desk_office: DeskOffice, path: str, invitation: int, channel: str
):
    used = web.survey_path(invitation, channel=channel)
    sent(web, f"{used}", invitation, "3")

    assert desk_office.row(ResponseRow).channel == channel
    for each in ("link", "email"):
        web.get(web.survey_path(invitation, channel=each), status=410)
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


def test_nobody_keeps_passes_on_or_lists_the_pages(web: Web, path: str, invitation: int):
    pages = [
        web.get(path),
        walked(web, path, {f"q{invitation}-score": "4"}),
        press(web, web.get(path), "next", status=422),
    ]
    for page in pages:  # a browser without our script can go back to them, until the answer is sent
        assert page.headers["Cache-Control"] == "private, no-cache"
    done = sent(web, path, invitation)
    thanks = web.follow(done)
    for answer in (done, thanks, web.get(path, status=410)):
        assert answer.headers["Cache-Control"] == "no-store"
    assert thanks.headers["Clear-Site-Data"] == '"cache"'
    for answer in (*pages, done, thanks):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_what_a_browser_keeps_lies_under_no_token(web: Web, path: str):
    token = path.rpartition("/")[2]
    (form,) = [each for each in web.get(path).tree.named("form") if each.get("id") == "survey"]

    assert len(form.get("data-survey", "")) == 32
    assert token not in form.get("data-survey", "")


# -- several services ---------------------------------------------------------------------------------------------


def test_one_link_asks_about_every_transaction_of_the_visit(web: Web, desk_office: DeskOffice, pair: list[int]):
    path = web.survey_path(pair[1])
    page = web.get(path)
    assert "Kekayaan negara" in page.said
    assert "Lelang" not in page.said, "the linked one comes first"
    assert progress(page) == "Service 1 of 2, Kekayaan negara: question 1 of 2"
    turned = press(web, press(web, page, "next", **{f"q{pair[1]}-score": "5"}), "next")
    assert progress(turned) == "Service 2 of 2, Lelang: question 1 of 2"

    page = walked(
        web,
        path,
        {f"q{pair[1]}-score": "5"},
        {f"q{pair[1]}-comment": "Terima kasih"},
        {f"q{pair[0]}-score": "3"},
        {},
    )
    press(web, page, "send", status=303)

    assert {row.invitation_id: row.score for row in desk_office.rows(ResponseRow)} == {pair[0]: 3, pair[1]: 5}
    web.get(web.survey_path(pair[0]), status=410)


@pytest.mark.parametrize(("language", "words"), [("id", "pulang sebelum dilayani"), ("en", "before you were served")])
def test_who_went_unserved_is_asked_in_words_for_that(
    web: Web, desk_office: DeskOffice, language: str, words: str
) -> None:
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_unserved=True))
    desk_office.sari.signs_on()
    visit = desk_office.arrives("A", language=language).facts["visit"]
    desk_office.leaves(visit)
    found = desk_office.row(InvitationRow).id
    page = web.get(web.survey_path(found))

    assert words in page.said and "Satu pertanyaan" not in page.said
    served = web.get(web.survey_path(asked_about(desk_office)))
    assert words not in served.said


def test_one_of_several_may_be_left_out_and_answered_later(web: Web, desk_office: DeskOffice, pair: list[int]):
    path = web.survey_path(pair[0])
    page = walked(web, path, {f"q{pair[0]}-score": "3"}, {})
    review = press(web, page, "skip")
    assert "You left out this service." in review.said
    press(web, review, "send", status=303)
    assert [row.invitation_id for row in desk_office.rows(ResponseRow)] == [pair[0]]

    later = web.survey_path(pair[1])
    press(web, walked(web, later, {f"q{pair[1]}-score": "4"}, {}), "send", status=303)

    assert len(desk_office.rows(ResponseRow)) == 2


def test_a_service_that_was_left_out_is_taken_up_again(web: Web, desk_office: DeskOffice, pair: list[int]):
    path = web.survey_path(pair[0])
    page = press(web, web.get(path), "skip", **{f"q{pair[0]}-score": "2"})
    assert progress(page) == "Service 2 of 2, Kekayaan negara: question 1 of 2"

    back = press(web, page, "back")
    assert back.form(path)[f"q{pair[0]}-score"] == "2"

    review = press(web, press(web, page, "skip"), f"to:q{pair[0]}-score")
    assert review.form(path)[f"q{pair[0]}-score"] == "2"


def test_leaving_all_out_is_refused(web: Web, desk_office: DeskOffice, pair: list[int]):
    page = press(web, press(web, web.get(web.survey_path(pair[0])), "skip"), "skip")

    assert "Answer for at least one of the services." in press(web, page, "send", status=422).said
    assert desk_office.rows(ResponseRow) == []


def test_what_is_asked_about_the_person_is_asked_once_and_kept_with_both(web: Web, desk_office: DeskOffice):
    desk_office.asks_with("skm2017")
    desk_office.arrives("A", "B", language="en")
    desk_office.sari.signs_on()
    for _ in range(2):
        desk_office.sari.completes(desk_office.sari.serves())
    pair = [row.id for row in desk_office.rows(InvitationRow)]
    scales = [each.key for each in SHIPPED["skm2017"].questions if each.required]
    fields = {f"q{one}-{key}": "4" for one in pair for key in scales} | {"p-usia": "60+"}

    press(web, web.get(web.survey_path(pair[0])), "send", status=303, **fields)

    assert [row.profile for row in desk_office.rows(ResponseDetail)] == [{"usia": "60+"}] * 2


def test_another_visit_cannot_be_answered_for(web: Web, desk_office: DeskOffice, pair: list[int]):
    desk_office.arrives("A")
    desk_office.sari.completes(desk_office.sari.serves())
    foreign = next(row.id for row in desk_office.rows(InvitationRow) if row.id not in pair)
    path = web.survey_path(pair[0])
    page = press(web, walked(web, path, {f"q{pair[0]}-score": "4"}, {}), "skip")

    again = press(web, page, "send", status=422, **{f"q{foreign}-score": "1"})
    assert "An answer came to a question that is not asked here." in again.said
    assert f"q{foreign}-score" not in again.text
    assert desk_office.rows(ResponseRow) == []
    press(web, again, "send", status=303)

    assert [row.invitation_id for row in desk_office.rows(ResponseRow)] == [pair[0]]


# -- correcting ---------------------------------------------------------------------------------------------------


def test_an_answer_is_corrected_from_empty_pages_and_the_old_one_is_kept(
    web: Web, desk_office: DeskOffice, path: str, invitation: int
):
    thanks = web.follow(sent(web, path, invitation, "4", "Rahasia"))
    assert "Until" in thanks.said
    desk_office.clock.now += timedelta(minutes=29)
    page = web.send(web.get(path, status=410), path, status=200, go="correct")
    assert "Rahasia" not in page.text
    assert "checked" not in page.text
    assert "takes the place" in page.said

    page = press(web, page, "next", **{f"q{invitation}-score": "5"})
    done = press(web, press(web, page, "next", **{f"q{invitation}-comment": "Baik"}), "send", status=303)

    assert "Thank you" in web.follow(done).said
    response = desk_office.row(ResponseRow)
    assert (response.score, response.revision) == (5, 2)
    assert desk_office.row(ResponseRevision).answers == {"score": 4}


def test_what_the_page_promises_holds_when_the_office_sets_another_time(
    web: Web, desk_office: DeskOffice, path: str, invitation: int
):
    thanks = web.follow(sent(web, path, invitation, "4"))
    promised = re.search(r"Until \d\d:\d\d", thanks.said)
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Office).values(survey_correction_s=0))
    desk_office.clock.now += timedelta(minutes=29)

    assert promised is not None
    assert promised.group() in web.get(path, status=410).said
    page = web.post(path, status=200, go="correct")
    page = press(web, page, "next", **{f"q{invitation}-score": "5"})
    press(web, press(web, page, "next"), "send", status=303)
    assert desk_office.row(ResponseRow).score == 5


def test_after_the_time_for_it_nothing_is_corrected(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    sent(web, path, invitation, "4")
    begun = web.send(web.get(path, status=410), path, status=200, go="correct")
    desk_office.clock.now += timedelta(minutes=30)

    assert "go" not in web.get(path, status=410).text.partition("<main")[2].partition("</main")[0].split('"')
    late = press(web, begun, "send", status=410, **{f"q{invitation}-score": "1"})
    assert "This was not recorded" in late.said and "may be corrected is over" in late.said
    web.post(path, status=410, go="correct")
    assert desk_office.row(ResponseRow).score == 4


def test_what_was_never_answered_is_answered_and_not_corrected(
    web: Web, desk_office: DeskOffice, path: str, invitation: int
):
    page = web.post(path, status=200, go="correct")
    assert "takes the place" not in page.said
    web.post(path, go="send", correcting="1", **{f"q{invitation}-score": "3"})

    assert desk_office.row(ResponseRow).revision == 1
    assert desk_office.rows(ResponseRevision) == []


# -- how answers are kept -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("privacy", "language", "words"),
    [
        (Privacy.LINKED, "id", "Penyelia dan auditor"),
        (Privacy.LINKED, "en", "together with your queue number"),
        (Privacy.CONFIDENTIAL, "id", "rahasia"),
        (Privacy.CONFIDENTIAL, "en", "Your answer is confidential."),
        (Privacy.ANONYMOUS, "id", "anonim"),
        (Privacy.ANONYMOUS, "en", "Your answer is anonymous."),
    ],
)
def test_the_page_says_how_the_answer_is_kept(
    web: Web, desk_office: DeskOffice, privacy: Privacy, language: str, words: str
):
    keep_as(desk_office, privacy)
    desk_office.sari.signs_on()
    web.speak(language)

    assert words in web.get(web.survey_path(asked_about(desk_office))).said


def test_an_anonymous_answer_has_no_link_and_no_correction(web: Web, desk_office: DeskOffice):
    keep_as(desk_office, Privacy.ANONYMOUS)
    desk_office.sari.signs_on()
    invitation = asked_about(desk_office)
    path = web.survey_path(invitation)

    thanks = web.follow(sent(web, path, invitation, "5", "Baik"))

    assert "Correct my answer" not in thanks.said
    assert "Correct my answer" not in web.get(path, status=410).said
    loose = desk_office.row(LooseResponse)
    assert (loose.answers, loose.texts, loose.origin) == ({"score": 5}, {"comment": "Baik"}, "anonymous")
    assert desk_office.rows(ResponseRow) == []


# -- answers of staff ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("privacy", list(Privacy))
@pytest.mark.parametrize(
    ("language", "told", "kept"),
    [("id", "Anda masuk sebagai petugas (Sari", "Disimpan terpisah"), ("en", "You are signed in as", "Kept apart")],
)
def test_what_signed_in_staff_send_leaves_the_link_to_the_visitor(
    web: Web, desk_office: DeskOffice, privacy: Privacy, language: str, told: str, kept: str
):
    keep_as(desk_office, privacy)
    desk_office.sari.signs_on()
    invitation = asked_about(desk_office)
    path, sari = web.survey_path(invitation), web.as_("Sari")
    sari.speak(language)
    assert told in sari.get(path).said

    assert kept in sari.follow(sent(sari, path, invitation, "1", "Punya Sari")).said

    assert (desk_office.row(InvitationRow).state, desk_office.row(InvitationRow).begun_at) == ("open", None)
    assert (desk_office.row(LooseResponse).origin, desk_office.rows(FollowUpRow)) == ("staff", [])
    (event,) = desk_office.rows_of_event(EventName.ANSWER_KEPT_APART)
    assert json.loads(event.payload) == {"invitation": invitation, "why": "signed_in"}

    web.speak(language)
    assert kept not in web.follow(sent(web, path, invitation, "4")).said

    counted = [row for row in desk_office.rows(SurveyTally, holder_id=0) if row.origin != "staff"]
    assert [(row.answers, row.counts) for row in counted] == [(1, {"score": {"4": 1}})]
    assert desk_office.row(InvitationRow).state == "answered"
    assert [row.standing for row in desk_office.rows(ResponseRow)] == ["visitor"] * (privacy is not Privacy.ANONYMOUS)
    sari.post(path, status=410, go="send", **{f"q{invitation}-score": "1"})
    assert desk_office.findings() == []


def test_the_same_form_sent_again_after_signing_out_is_the_visitors(
    web: Web, desk_office: DeskOffice, path: str, invitation: int
):
    sari = web.as_("Sari")
    form = {**sari.get(path).form(path), "go": "send", f"q{invitation}-score": "4"}
    for _ in range(2):
        sari.post(path, csrf=False, **form)
    assert len(desk_office.rows(LooseResponse)) == 1  # a double tap

    sari.post("/sign-out")
    assert "Your answer has been received" in sari.follow(sari.post(path, csrf=False, **form)).said

    assert desk_office.row(ResponseRow).standing == "visitor"


def test_of_a_visit_that_is_answered_in_part_staff_answer_nothing(web: Web, desk_office: DeskOffice, pair: list[int]):
    first, second = pair
    desk_office.answers(first)
    sari, path = web.as_("Sari"), web.survey_path(second)
    sari.speak("en")

    done = sari.post(path, go="send", **{f"q{second}-score": "5"})

    assert "Kept apart" in sari.follow(done).said
    assert [row.state for row in desk_office.rows(InvitationRow)] == ["answered", "open"]
    assert len(desk_office.rows(ResponseRow)) == 1


@pytest.mark.parametrize("said", [{}, {"score": "9"}, {"comment": "x" * 4_001}])
def test_what_staff_send_must_fit_too(web: Web, desk_office: DeskOffice, path: str, invitation: int, said: dict):
    fields = {f"q{invitation}-{key}": value for key, value in said.items()}

    web.as_("Sari").post(path, status=422, go="send", **fields)

    assert desk_office.rows(LooseResponse) == []


def test_a_link_that_is_over_takes_nothing_from_staff_either(web: Web, desk_office: DeskOffice, invitation: int):
    given = {invitation: {"score": "5"}}
    link = answering.Link(invitation, 1)
    desk_office.clock.now = desk_office.row(InvitationRow).expires_at
    with desk_office.refuses(Reason.LINK_EXPIRED):
        request = Request(VISITOR, "answer", {})
        answering.answer(desk_office.streams, link, given, request, standing=Standing.STAFF)
    assert "Disimpan terpisah" not in web.as_("Sari").client.get(f"{web.survey_path(invitation)}/thanks").text


@pytest.mark.parametrize("privacy", [Privacy.LINKED, Privacy.ANONYMOUS])
def test_an_answer_about_a_contact_of_the_staff_is_kept_apart(web: Web, desk_office: DeskOffice, privacy: Privacy):
    keep_as(desk_office, privacy)
    with desk_office.streams.setting_up() as connection:
        mine = Person.id == desk_office.sari.id
        connection.execute(update(Person).where(mine).values(email="Sari@Kantor.example"))
    desk_office.sari.signs_on()
    invitation = asked_about(desk_office)
    with desk_office.streams.setting_up() as connection:
        visit = desk_office.row(InvitationRow).visit_id
        connection.execute(VisitContact.__table__.delete())
        row = {"office_id": desk_office.id, "visit_id": visit, "email": "sari@kantor.EXAMPLE"}
        connection.execute(VisitContact.__table__.insert(), row)

    sent(web, web.survey_path(invitation), invitation, "5")

    if privacy is Privacy.ANONYMOUS:
        assert desk_office.row(LooseResponse).origin == "staff"
    else:
        assert desk_office.row(ResponseRow).standing == "staff"


def test_staff_correct_no_answer_of_a_visitor(web: Web, desk_office: DeskOffice, path: str, invitation: int):
    sent(web, path, invitation, "1")
    sari = web.as_("Sari")

    sari.post(path, status=410, go="correct")
    page = sari.post(path, status=410, go="send", correcting="1", **{f"q{invitation}-score": "5"})

    assert "Only the visitor can correct this answer" in page.said
    assert "is over" not in page.said
    assert desk_office.row(ResponseRow).score == 1


# -- on the file of the transaction -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_shows_every_answer_in_words(web: Web, desk_office: DeskOffice, skm: int, language: str):
    scales = {each.key: "3" for each in SHIPPED["skm2017"].questions if each.required}
    desk_office.says(skm, **scales, comment="Loket lebih banyak")
    desk_office.corrects(skm, **scales | {"waktu": "1"}, comment="Loket lebih banyak lagi")
    budi = web.as_("Budi")
    budi.speak(language)

    page = budi.get(f"/offices/{desk_office.id}/transactions/{desk_office.row(InvitationRow).transaction_id}")

    for question in SHIPPED["skm2017"].questions:
        if question.required:
            word = question.word_of(1 if question.key == "waktu" else 3)
            assert word is not None
            assert question.text.in_language(language) in page.said
            assert word.in_language(language) in page.said
    assert "Loket lebih banyak lagi" in page.said
    assert {"id": "diperbaiki", "en": "corrected by the visitor"}[language] in page.said


@pytest.mark.parametrize("privacy", [Privacy.CONFIDENTIAL, Privacy.ANONYMOUS])
@pytest.mark.parametrize(
    ("language", "words"), [("id", "tidak ditampilkan di sini"), ("en", "What was said is not shown here")]
)
def test_the_file_does_not_show_what_was_promised_to_be_kept(
    web: Web, web_app: Flask, desk_office: DeskOffice, privacy: Privacy, language: str, words: str
):
    keep_as(desk_office, privacy)
    desk_office.sari.signs_on()
    invitation = asked_about(desk_office)
    transaction = desk_office.row(InvitationRow).transaction_id
    desk_office.says(invitation, score="2", what_failed="staff", comment="Petugas kasar")
    if privacy is Privacy.CONFIDENTIAL:
        desk_office.corrects(invitation, score="1", what_failed="staff", comment="Petugas kasar sekali")
    budi = web.as_("Budi")
    budi.speak(language)

    page = budi.get(f"/offices/{desk_office.id}/transactions/{transaction}")

    assert words in page.said
    for secret in ("Petugas kasar", "Sikap petugas", "How staff treated me", "Sangat tidak puas", "Very dissatisfied"):
        assert secret not in page.text
    with web_app.app_context():
        found = find_transaction_file(reader(), desk_office.id, transaction, at=desk_office.clock.now)
    assert found is not None
    assert "what_failed" not in repr(found)
    assert "kasar" not in repr(found)


def test_who_handles_a_reopened_transaction_does_not_read_the_answer(
    web: Web, desk_office: DeskOffice, invitation: int
):
    desk_office.says(invitation, score="2", comment="Petugas kasar")
    desk_office.corrects(invitation, score="1", comment="Petugas kasar sekali")
    transaction = desk_office.row(InvitationRow).transaction_id
    desk_office.sari.reopens(transaction)

    page = web.as_("Sari").get(f"/offices/{desk_office.id}/counter?transaction={transaction}")

    assert "kasar" not in page.text
