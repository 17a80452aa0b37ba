"""Posters and tablets: who sets them up, what they ask whom, and that no answer ends up with somebody else."""

import pytest
from sqlalchemy import update

from desk.domain.facts import EventName
from desk.domain.points import PointKind
from desk.domain.refusals import Reason
from desk.models import InvitationRow, LooseResponse, Office, ResponseRow, SurveyPoint, SurveyTally
from desk.web import limits
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web, everything


def the_poster(office: DeskOffice, **where: str) -> str:
    return f"/p/{office.point_token(office.budi.sets_up(PointKind.POSTER, **where))}"


def the_tablet(office: DeskOffice, counter: int = 1) -> str:
    return f"/tablet/{office.point_token(office.budi.sets_up(PointKind.TABLET, counter=counter))}"


def serve(office: DeskOffice, **said: object) -> int:
    """Serve a visitor at counter 1 to the end; return the invitation."""
    office.arrives("A", **said)
    transaction = office.sari.serves(counter=1)
    office.sari.completes(transaction)
    return int(office.row(InvitationRow, transaction_id=transaction).id)


class TestSettingUp:
    @pytest.mark.parametrize("language", ["id", "en"])
    @pytest.mark.parametrize("who", ["Budi", "Agus"])
    def test_a_poster_is_printed_and_closed(self, web: Web, desk_office: DeskOffice, who: str, language: str) -> None:
        keeper, place = web.as_(who), f"/offices/{desk_office.id}/survey-points"
        keeper.speak(language)
        page = keeper.get(place)
        made = keeper.send(page, place, kind="poster", service=str(desk_office.services["B"]))
        poster = keeper.follow(made)
        assert "no-store" in poster.headers["Cache-Control"]
        row = desk_office.row(SurveyPoint)
        assert desk_office.point_token(row.id) in poster.text
        assert (row.kind, row.service_id, row.counter_id) == ("poster", desk_office.services["B"], None)
        shelf = keeper.get(place)
        assert desk_office.point_token(row.id) not in shelf.text
        keeper.send(shelf, f"{place}/{row.id}/closing")
        keeper.get(f"{place}/{row.id}", status=404)
        web.get(f"/p/{desk_office.point_token(row.id)}", status=410)
        assert keeper.post(f"{place}/{row.id}/closing").status == 303
        assert desk_office.findings() == []

    def test_a_tablet_stands_at_a_counter(self, web: Web, desk_office: DeskOffice) -> None:
        budi, place = web.as_("Budi"), f"/offices/{desk_office.id}/survey-points"
        page = budi.get(place)
        budi.send(page, place, kind="tablet", status=422)
        shown = budi.follow(budi.send(page, place, kind="tablet", counter=str(desk_office.counters[2])))
        assert desk_office.point_token(desk_office.row(SurveyPoint).id) in shown.text

    def test_others_may_not(self, web: Web, desk_office: DeskOffice) -> None:
        for name in ("Sari", "Ratna"):
            web.as_(name).get(f"/offices/{desk_office.id}/survey-points", status=403)
        with desk_office.refuses(Reason.FORBIDDEN):
            desk_office.sari.sets_up(PointKind.POSTER)
        with desk_office.refuses(Reason.INVALID):
            desk_office.budi.sets_up(PointKind.TABLET)
        point = desk_office.budi.sets_up(PointKind.POSTER)
        desk_office.budi.closes_point(point)
        with desk_office.refuses(Reason.ALREADY_DONE):
            desk_office.budi.closes_point(point)


class TestPoster:
    @pytest.mark.parametrize("language", ["id", "en"])
    def test_an_answer_counts_apart_and_leads_to_nobody(self, web: Web, desk_office: DeskOffice, language: str) -> None:
        path = the_poster(desk_office, service="A")
        web.speak(language)
        before = everything(desk_office)
        page = web.get(path)
        assert everything(desk_office) == before
        assert page.headers["Cache-Control"] == "private, no-cache"  # so that a browser without our script can go back
        web.send(page, path, status=422, go="send")
        done = web.send(page, path, **{"q0-score": "4", "q0-comment": "Ramah", "go": "send"})
        assert web.follow(done).headers["Clear-Site-Data"] == '"cache"'
        row = desk_office.row(LooseResponse)
        assert (row.origin, row.channel, row.service_id) == ("poster", "poster", desk_office.services["A"])
        assert (row.answers, row.texts) == ({"score": 4}, {"comment": "Ramah"})
        (tally,) = desk_office.rows(SurveyTally)
        assert (tally.origin, tally.answers, tally.holder_id) == ("poster", 1, 0)
        assert desk_office.rows(ResponseRow) == []
        (event,) = desk_office.rows_of_event(EventName.POSTER_ANSWERED)
        assert "4" not in event.payload.replace(str(desk_office.row(SurveyPoint).id), "")
        assert event.transaction_id is None
        assert desk_office.findings() == []

    def test_the_long_questionnaire_goes_page_by_page(self, web: Web, desk_office: DeskOffice) -> None:
        version = desk_office.asks_with("skm2017")
        path = the_poster(desk_office)
        page = web.get(path)
        keys = []
        while "q0-" in "".join(page.form(path)) or len(keys) < 9:
            names = [each.get("name") for each in page.tree.named("input") if each.get("type") == "radio"]
            if not names or not names[0].startswith("q0-"):
                break
            keys.append(names[0])
            page = web.send(page, path, status=200, go="next", **{names[0]: "3"})
        assert len(keys) == 9
        web.send(page, path, go="send")
        row = desk_office.row(LooseResponse)
        assert (row.questionnaire_id, row.service_id, len(row.answers)) == (version, None, 9)
        assert desk_office.findings() == []

    def test_a_double_tap_counts_once(self, web: Web, desk_office: DeskOffice) -> None:
        path = the_poster(desk_office)
        page = web.get(path)
        for _ in range(2):
            web.send(page, path, **{"q0-score": "5", "go": "send"})
        assert len(desk_office.rows(LooseResponse)) == 1

    def test_staff_answers_do_not_count(self, web: Web, desk_office: DeskOffice) -> None:
        path = the_poster(desk_office)
        sari = web.as_("Sari")
        thanks = sari.follow(sari.send(sari.get(path), path, **{"q0-score": "5", "go": "send"}))
        assert ("tidak dihitung" in thanks.said, "Terima kasih" in thanks.said) == (True, False)
        assert desk_office.row(LooseResponse).origin == "staff"

    def test_one_address_cannot_answer_for_a_town(
        self, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, desk_office: DeskOffice
    ) -> None:
        monkeypatch.setattr(limits, "POSTER_ANSWERS", "3 per hour")
        web: Web = request.getfixturevalue("web")
        path, another = the_poster(desk_office), the_poster(desk_office)
        for _ in range(3):
            web.send(web.get(path), path, **{"q0-score": "1", "go": "send"})
        web.send(web.get(path), path, status=429, **{"q0-score": "1", "go": "send"})
        assert len(desk_office.rows(LooseResponse)) == 3
        web.send(web.get(another), another, **{"q0-score": "1", "go": "send"})

    def test_a_waiting_room_behind_one_address_may_answer(self) -> None:
        assert limits.POSTER_ANSWERS == "120 per hour; 600 per day"

    def test_a_closed_poster_takes_nothing(self, web: Web, desk_office: DeskOffice) -> None:
        path = the_poster(desk_office)
        page = web.get(path)
        desk_office.budi.closes_point(desk_office.row(SurveyPoint).id)
        web.send(page, path, status=410, **{"q0-score": "1", "go": "send"})
        assert desk_office.rows(LooseResponse) == []


class TestTablet:
    @pytest.fixture(autouse=True)
    def at_work(self, desk_office: DeskOffice) -> None:
        desk_office.sari.signs_on(1)
        desk_office.dewi.signs_on(2)

    @pytest.mark.parametrize("language", ["id", "en"])
    def test_one_touch_answers_for_whoever_was_just_served(
        self, web: Web, desk_office: DeskOffice, language: str
    ) -> None:
        path = the_tablet(desk_office)
        idle = web.get(path)
        assert "form" not in [each.tag for each in idle.tree.named("form")]
        assert "data-ready" not in web.get(f"{path}/now").text
        invitation = serve(desk_office, name="Wati Lestari", language=language)
        assert "data-ready" in web.get(f"{path}/now").text
        page = web.get(path)
        assert ("A001" in page.said, "Wati" in page.text) == (True, False)
        web.follow(web.send(page, path, **{f"q{invitation}-score": "5"}))
        row = desk_office.row(ResponseRow)
        assert (row.channel, row.standing, row.score) == ("tablet", "visitor", 5)
        assert "data-ready" not in web.get(f"{path}/now").text
        assert desk_office.findings() == []

    @pytest.mark.parametrize(("language", "words"), [("id", "masuk sebagai petugas"), ("en", "signed in as staff")])
    def test_where_staff_are_signed_in_it_says_so_and_the_visitor_still_answers(
        self, web: Web, desk_office: DeskOffice, language: str, words: str
    ) -> None:
        path, sari = the_tablet(desk_office), web.as_("Sari")
        assert "masuk sebagai petugas (Sari)" in sari.get(path).said  # to whoever sets it up, in their language
        invitation = serve(desk_office, language=language)
        page = sari.get(path)
        assert words in page.said
        assert "(Sari)" in sari.follow(sari.send(page, path, **{f"q{invitation}-score": "5"})).said
        row = desk_office.row(LooseResponse)
        assert (row.origin, desk_office.row(InvitationRow).begun_at) == ("staff", None)
        page = web.get(path)
        assert words not in page.said
        web.follow(web.send(page, path, **{f"q{invitation}-score": "2"}))
        assert (desk_office.row(ResponseRow).score, desk_office.row(ResponseRow).standing) == (2, "visitor")
        assert desk_office.findings() == []

    def test_the_time_to_begin_is_a_minute(self, web: Web, desk_office: DeskOffice) -> None:
        path = the_tablet(desk_office)
        serve(desk_office)
        desk_office.clock.tick(59)
        assert "A001" in web.get(path).said
        desk_office.clock.tick(1)
        assert "A001" not in web.get(path).said

    def test_the_office_sets_the_time(self, web: Web, desk_office: DeskOffice) -> None:
        with desk_office.streams.setting_up() as connection:
            connection.execute(update(Office).values(survey_tablet_s=90))
        path = the_tablet(desk_office)
        serve(desk_office)
        desk_office.clock.tick(89)
        page = web.get(path)
        assert ("A001" in page.said, 'data-idle-seconds="90"' in page.text) == (True, True)
        desk_office.clock.tick(1)
        assert "A001" not in web.get(path).said

    def test_whoever_began_in_time_may_finish(self, web: Web, desk_office: DeskOffice) -> None:
        path = the_tablet(desk_office)
        invitation = serve(desk_office)
        page = web.get(path)
        desk_office.clock.tick(200)
        web.send(page, path, **{f"q{invitation}-score": "2"})
        assert desk_office.row(ResponseRow).score == 2

    @pytest.mark.parametrize("seconds", [0, 301])
    def test_nobody_answers_for_another_later(self, web: Web, desk_office: DeskOffice, seconds: int) -> None:
        path = the_tablet(desk_office)
        invitation = serve(desk_office)
        page = web.get(path)
        desk_office.clock.tick(seconds)
        if not seconds:  # the next visitor sits down
            desk_office.arrives("A")
            desk_office.sari.serves(counter=1)
        answer = web.send(page, path, status=409, **{f"q{invitation}-score": "1"})
        assert "Waktu menjawab di sini sudah habis" in answer.said and "A001" not in answer.said
        assert f'data-idle-home="{path}"' in answer.text
        assert desk_office.rows(ResponseRow) == []

    def test_an_earlier_page_does_not_answer_for_the_next(self, web: Web, desk_office: DeskOffice) -> None:
        path = the_tablet(desk_office)
        first = serve(desk_office)
        page = web.get(path)
        second = serve(desk_office)
        web.send(page, path, status=409, **{f"q{first}-score": "1", f"q{second}-score": "1"})
        assert desk_office.rows(ResponseRow) == []

    def test_it_asks_at_its_own_counter_only(self, web: Web, desk_office: DeskOffice) -> None:
        here, there = the_tablet(desk_office, 1), the_tablet(desk_office, 2)
        serve(desk_office)
        assert "A001" in web.get(here).said
        assert "A001" not in web.get(there).said

    def test_it_asks_nobody_who_is_not_asked(self, web: Web, desk_office: DeskOffice) -> None:
        path = the_tablet(desk_office)
        desk_office.arrives("A")
        transaction = desk_office.sari.serves(counter=1)
        desk_office.sari.completes(transaction)
        desk_office.says(desk_office.row(InvitationRow).id, score="3")
        assert "A001" not in web.get(path).said

    def test_the_long_questionnaire_goes_page_by_page(self, web: Web, desk_office: DeskOffice) -> None:
        desk_office.asks_with("skm2017")
        path = the_tablet(desk_office)
        invitation = serve(desk_office)
        page = web.get(path)
        assert "data-survey" not in page.text  # a device of the office keeps no answer
        for _ in range(9):
            names = [each.get("name") for each in page.tree.named("input") if each.get("type") == "radio"]
            page = web.send(page, path, status=200, go="next", **{names[0]: "4"})
        web.send(page, path, go="send")
        row = desk_office.row(ResponseRow)
        assert (row.invitation_id, row.channel, len(row.answers)) == (invitation, "tablet", 9)

    def test_another_language_is_not_left_to_the_next(self, web: Web, desk_office: DeskOffice) -> None:
        path = the_tablet(desk_office)
        serve(desk_office)
        page = web.get(path)
        shown = web.send(page, path, status=200, go="language:en")
        assert 'lang="en"' in shown.text
        assert desk_office.row(InvitationRow).begun_at is None
        assert 'html lang="id"' in web.get(path).text

    def test_the_question_stays_one_touch_in_another_language(self, web: Web, desk_office: DeskOffice) -> None:
        path = the_tablet(desk_office)
        invitation = serve(desk_office)
        shown = web.get(path)
        for language in ("en", "id"):
            shown = web.send(shown, path, status=200, go=f"language:{language}")
            assert (f'html lang="{language}"' in shown.text, "tap-answer" in shown.text) == (True, True)
            assert ("Question 1" in shown.said, 'name="at"' in shown.text) == (False, False)
        web.send(shown, path, **{f"q{invitation}-score": "4"})
        assert desk_office.row(ResponseRow).score == 4

    @pytest.mark.parametrize(
        ("language", "thanks", "over"), [("id", "Terima kasih", "sudah habis"), ("en", "Thank you", "is over")]
    )
    def test_every_page_after_the_question_speaks_as_it_did(
        self, web: Web, desk_office: DeskOffice, language: str, thanks: str, over: str
    ) -> None:
        path = the_tablet(desk_office)
        first = serve(desk_office, language=language)
        page = web.get(path)
        done = web.follow(web.send(page, path, **{f"q{first}-score": "5"}))
        assert (thanks in done.said, f'html lang="{language}"' in done.text) == (True, True)
        second = serve(desk_office, language=language)
        page = web.get(path)
        desk_office.clock.tick(301)
        late = web.send(page, path, status=409, **{f"q{second}-score": "5"})
        assert (over in late.said, f'html lang="{language}"' in late.text) == (True, True)

    @pytest.mark.parametrize(
        ("language", "words"), [("id", "Jawaban Anda sudah ada pada kami"), ("en", "We have your answer")]
    )
    def test_an_answer_that_came_from_elsewhere_meanwhile_is_said(
        self, web: Web, desk_office: DeskOffice, language: str, words: str
    ) -> None:
        path = the_tablet(desk_office)
        invitation = serve(desk_office, language=language)
        page = web.get(path)
        desk_office.says(invitation, score="3")
        answer = web.send(page, path, status=409, **{f"q{invitation}-score": "1"})
        assert (words in answer.said, "sudah habis" in answer.said) == (True, False)
        assert desk_office.row(ResponseRow).score == 3
        other = web.send(page, path, status=409, about="1", **{f"q{invitation}-score": "1"})
        assert words not in other.said  # of any other nobody learns whether they answered

    def test_a_closed_tablet_opens_nothing(self, web: Web, desk_office: DeskOffice) -> None:
        path = the_tablet(desk_office)
        desk_office.budi.closes_point(desk_office.row(SurveyPoint).id)
        for each in (path, f"{path}/now", f"{path}/thanks"):
            web.get(each, status=404)
