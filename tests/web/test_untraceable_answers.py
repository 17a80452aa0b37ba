"""What a form leaves behind beside the answer: nothing from which an anonymous one could be worked out."""

from itertools import product

import pytest

from desk.domain.access import VISITOR
from desk.domain.invitation import Privacy
from desk.domain.points import PointKind
from desk.models import InvitationRow, LooseResponse, Remembered, ResponseRow
from desk.operations.requests import Request
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web
from tests.web.test_survey import asked_about, keep_as, press, sent, walked


@pytest.fixture
def at_work(desk_office: DeskOffice) -> DeskOffice:
    """The office with Sari at her counter."""
    desk_office.sari.signs_on()
    return desk_office


def remembered(office: DeskOffice) -> Remembered:
    """Return the one request of a visitor that was remembered."""
    (found,) = [row for row in office.rows(Remembered) if row.scope == "visitor:"]
    return found


def test_no_answer_fits_what_is_remembered_of_an_anonymous_one(web: Web, at_work: DeskOffice) -> None:
    keep_as(at_work, Privacy.ANONYMOUS)
    invitation = asked_about(at_work)
    sent(web, web.survey_path(invitation), invitation, "4", "")
    row = remembered(at_work)
    tried = [
        Request(VISITOR, "answer", {"invitation": invitation, name: given}).digest
        for score, comment in product("12345", ("", None))
        for answers in ({"score": score}, {"score": score, "comment": comment})
        for name, given in (("given", {str(invitation): answers}), ("said", {str(invitation): answers}))
    ]
    assert row.request_hash not in tried
    assert "4" not in row.answer.replace(str(invitation), "").split('"facts"')[1]


def test_another_answer_under_the_same_key_changes_nothing(web: Web, at_work: DeskOffice) -> None:
    keep_as(at_work, Privacy.ANONYMOUS)
    invitation = asked_about(at_work)
    path, name = web.survey_path(invitation), f"q{invitation}-score"
    review = press(web, walked(web, path, {name: "4"}), "next")
    press(web, review, "send", status=303)
    assert "We have your answer" in press(web, review, "send", status=410, **{name: "1"}).said
    assert at_work.row(LooseResponse).answers == {"score": 4}
    assert remembered(at_work)


@pytest.mark.parametrize("privacy", [Privacy.LINKED, Privacy.CONFIDENTIAL])
def test_of_the_others_the_digest_is_keyed(web: Web, at_work: DeskOffice, privacy: Privacy) -> None:
    """Words and profiles beside an answer may be erased; then the digest must not bring them back."""
    keep_as(at_work, privacy)
    invitation = asked_about(at_work)
    sent(web, web.survey_path(invitation), invitation, "4", "Baik")
    given = {str(invitation): {"score": "4", "comment": "Baik"}}
    plain = Request(VISITOR, "answer", {"invitation": invitation, "given": given}).digest
    assert at_work.row(ResponseRow).answers == {"score": 4}
    assert remembered(at_work).request_hash != plain


def test_what_is_remembered_of_a_poster_says_nothing_either(web: Web, at_work: DeskOffice) -> None:
    point = at_work.budi.sets_up(PointKind.POSTER)
    path = f"/p/{at_work.point_token(point)}"
    for score in ("5", "2"):
        web.send(web.get(path), path, **{"q0-score": score, "go": "send"})
    rows = [row for row in at_work.rows(Remembered) if row.scope == "visitor:"]
    assert len(rows) == 2
    assert len({row.request_hash for row in rows}) == 1
    assert at_work.rows(InvitationRow) == []
