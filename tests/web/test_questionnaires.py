"""The pages of the questionnaires: who sees and changes what, editing without loss, preview, publishing."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from desk.domain.facts import EventName
from desk.domain.questionnaire_json import read
from desk.domain.questionnaires import Words
from desk.domain.shipped_questionnaires import SHIPPED
from desk.models import InvitationRow, LooseResponse, Office, QuestionnaireDraft, QuestionnaireRow, ResponseRow
from tests.fixtures.web import everything

SHELF = "/offices/1/questionnaires"
CHOICES, KEEPING = "/offices/1/questionnaire-choices", "/offices/1/keeping-of-answers"
NPS = f"{SHELF}/nps"
DRAFT = f"{NPS}/draft"
FIRST = f"{DRAFT}/questions/0"

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def agus(web):
    """An administrator of an office that has taken NPS over."""
    web.office.asks_with("nps")
    return web.as_("Agus")


@pytest.fixture
def drafting(agus):
    """The same, with a draft of it."""
    agus.post(DRAFT)
    return agus


def drafted(office, code="nps"):
    """The draft as it is saved."""
    return read(json.loads(office.row(QuestionnaireDraft, code=code).definition))


def save(browser, *, status=303, do="save", place=0, page=None, **changed):
    """Send the form of a question as a browser does."""
    path = f"{DRAFT}/questions/{place}"
    return browser.send(page or browser.get(path), path, status=status, do=do, **changed)


def office_row(office):
    with office.streams.reading() as connection:
        return connection.execute(select(Office).where(Office.id == office.id)).one()


class TestShelf:
    def test_everybody_who_may_reads_and_only_the_administrator_changes(self, agus, web):
        for name in ("Agus", "Budi", "Ratna"):
            browser = web.as_(name)
            for language in ("id", "en"):
                browser.speak(language)
                for path in (SHELF, NPS, f"{NPS}/versions/1", f"{NPS}/versions/0", f"{SHELF}/skm2017/versions/0"):
                    page = browser.get(path)
                    assert page.queries <= 16
                    posts = page.text.count('method="post"') - 1  # signing out
                    assert posts > 0 if name == "Agus" and path in (SHELF, NPS) else posts == 0
        web.as_("Sari").get(SHELF, status=403)
        for path in (CHOICES, KEEPING, f"{SHELF}/ces/adoption", DRAFT, f"{NPS}/copies"):
            web.as_("Budi").post(path, status=403)

    def test_what_comes_with_the_desk_is_taken_over_once(self, agus, desk_office):
        agus.post(f"{SHELF}/skm2017/adoption")
        assert "Survei Kepuasan Masyarakat" in agus.get(SHELF).said
        again = agus.post(f"{SHELF}/skm2017/adoption")
        assert "sudah dilakukan" in agus.follow(again).said
        agus.post(f"{SHELF}/none/adoption", status=404)

        assert [row.code for row in desk_office.rows(QuestionnaireRow)] == ["nps", "skm2017"]

    def test_each_service_may_be_asked_in_its_own_way(self, agus, desk_office):
        service = f"s{desk_office.services['A']}"
        agus.send(agus.get(SHELF), CHOICES, **{"office": "one", service: "nps"})
        chosen = desk_office.rows_of_event(EventName.QUESTIONNAIRE_CHOSEN)
        assert len(chosen) == 3  # the office before, and now both
        same = agus.send(agus.get(SHELF), CHOICES, status=409)
        assert "sudah dilakukan" in same.said
        wrong = agus.send(agus.get(SHELF), CHOICES, status=422, office="nothing")
        assert "Pilih" in wrong.said

        assert office_row(desk_office).questionnaire == "one"
        assert desk_office.findings() == []

    def test_how_answers_are_kept(self, agus, desk_office):
        agus.send(agus.get(SHELF), KEEPING, privacy="anonymous", minutes="90")
        row = office_row(desk_office)
        assert (row.survey_privacy, row.survey_correction_s) == ("anonymous", 5_400)
        for wrong in ({"minutes": "-1"}, {"minutes": "1441"}, {"minutes": "lama"}, {"minutes": ""}, {"privacy": "x"}):
            agus.send(agus.get(SHELF), KEEPING, status=422, **wrong)

        assert office_row(desk_office) == row

    def test_answers_are_counted_where_they_belong(self, agus, desk_office):
        desk_office.sari.signs_on(1)
        for series, said in (("A", {"recommend": "9"}), ("B", {"recommend": "3"})):
            desk_office.arrives(series)
            transaction = desk_office.sari.serves()
            desk_office.sari.completes(transaction)
            desk_office.says(desk_office.row(InvitationRow, transaction_id=transaction).id, **said)

        assert len(desk_office.rows(ResponseRow)) + len(desk_office.rows(LooseResponse)) == 2
        assert "2 jawaban" in agus.get(f"{NPS}/versions/1").said
        agus.speak("en")
        assert "2 answers point at it" in agus.get(f"{NPS}/versions/1").said


class TestEditing:
    def test_a_draft_is_begun_once(self, agus, desk_office):
        agus.post(DRAFT)
        agus.post(DRAFT)

        assert desk_office.row(QuestionnaireDraft).revision == 1
        assert drafted(desk_office) == SHIPPED["nps"]

    def test_title_introduction_and_figure(self, drafting, desk_office):
        page = drafting.get(DRAFT)
        drafting.send(page, f"{DRAFT}/texts", title_id="Judul", title_en="Title", intro_en="Hello", measure="own")

        found = drafted(desk_office)
        assert (found.title, found.intro, found.measure) == (Words("Judul", "Title"), Words("", "Hello"), "own")

    def test_a_question_is_worded_anew(self, drafting, desk_office):
        save(drafting, **{"text_en": "How likely?", "options-10-text_en": "10 – certainly", "required": None})
        question = drafted(desk_office).questions[0]

        assert question.text.en == "How likely?"
        assert question.options[10].text.en == "10 – certainly"
        assert not question.required and question.scored

    def test_an_unfinished_draft_is_saved_and_says_what_is_missing(self, drafting, desk_office):
        save(drafting, text_id="", code="9 lives")
        drafting.speak("en")
        page = drafting.get(DRAFT)
        assert "Words are missing in one language or both (question)" in page.said
        assert "begins with a letter" in page.said
        assert "needs a scored scale of 0–10" in page.said

        assert drafting.get(f"{DRAFT}/publication").text.count('method="post"') == 1, "only signing out"
        drafting.post(f"{DRAFT}/publication", revision=2)
        assert len(desk_office.rows(QuestionnaireRow)) == 1

    def test_questions_are_added_moved_removed_and_brought_back(self, drafting, desk_office):
        for kind in ("scale", "choice", "text"):
            done = drafting.send(drafting.get(DRAFT), f"{DRAFT}/questions", kind=kind)
            assert drafting.follow(done)
        assert [each.key for each in drafted(desk_office).questions] == ["recommend", "comment", "q3", "q4", "q5"]
        drafting.send(drafting.get(DRAFT), f"{DRAFT}/questions/2/moves", by="up")
        for place in (0, 1):
            drafting.post(f"{DRAFT}/questions/{place}/moves", by="up", revision=5 + place)
        removed = drafting.send(drafting.get(DRAFT), f"{DRAFT}/questions/0/removal")
        assert "“Batalkan perubahan terakhir” mengembalikannya" in drafting.follow(removed).said
        assert "recommend" in [each.key for each in drafted(desk_office).questions]
        drafting.send(drafting.get(DRAFT), f"{DRAFT}/reversals")

        assert [each.key for each in drafted(desk_office).questions] == ["q3", "recommend", "comment", "q4", "q5"]

    def test_everything_can_be_taken_back_to_the_beginning(self, drafting, desk_office):
        save(drafting, text_en="One")
        save(drafting, text_en="Two")
        for _ in "12":
            drafting.send(drafting.get(DRAFT), f"{DRAFT}/reversals")

        assert drafted(desk_office) == SHIPPED["nps"]
        assert f"{DRAFT}/reversals" not in drafting.get(DRAFT).text
        assert "sudah dilakukan" in drafting.follow(drafting.post(f"{DRAFT}/reversals", revision=5)).said

    def test_answers_are_added_and_taken_away(self, drafting, desk_office):
        drafting.send(drafting.get(DRAFT), f"{DRAFT}/questions", kind="choice")
        added = save(drafting, do="option", place=2, **{"options-0-value": "yes", "options-0-text_en": "Yes"})
        assert added.location.endswith("/questions/2#new-option")
        assert [each.value for each in drafted(desk_office).questions[2].options] == ["yes", "b", "a"]
        save(drafting, place=2, **{"options-1-drop": "y", "options-2-value": "", "options-2-text_id": "Tidak"})

        assert [each.value for each in drafted(desk_office).questions[2].options] == ["yes", "a"]

    def test_asked_only_after_some_answers(self, drafting, desk_office):
        save(drafting, place=1, condition="recommend", at_most="6")
        condition = drafted(desk_office).questions[1].shown_if
        assert (condition.question, condition.at_least, condition.at_most) == ("recommend", None, 6)
        drafting.speak("en")
        assert "was 6 or less" in drafting.get(DRAFT).said
        save(drafting, place=1, status=422, at_most="few")

    def test_single_services_are_asked_in_other_words(self, drafting, desk_office):
        save(drafting, do="variant", new_variant="B")
        words = {"variants-0-text_en": "And B?", "variants-0-options-0-text_en": "0 – never"}
        save(drafting, **words)
        variant = drafted(desk_office).questions[0].variants["B"]
        assert (variant.text.en, variant.options[0].text.en) == ("And B?", "0 – never")
        assert [each.value for each in variant.options] == list(range(11)), "the rest is as in the question"
        save(drafting, **{"variants-0-drop": "y"})

        assert drafted(desk_office).questions[0].variants == {}

    def test_sent_twice_is_done_once(self, drafting, desk_office):
        page = drafting.get(DRAFT)
        for _ in "12":
            drafting.send(page, f"{DRAFT}/questions", kind="text")
        question = drafting.get(FIRST)
        for _ in "12":
            save(drafting, page=question, text_en="Once")

        assert len(drafted(desk_office).questions) == 3
        assert drafted(desk_office).questions[0].text.en == "Once"
        assert desk_office.row(QuestionnaireDraft).revision == 3

    def test_thrown_away(self, drafting, desk_office):
        drafting.send(drafting.get(DRAFT), f"{DRAFT}/removal")

        assert desk_office.rows(QuestionnaireDraft) == []
        drafting.get(DRAFT, status=404)
        drafting.post(f"{DRAFT}/removal", status=404)

    def test_a_copy_has_a_code_of_its_own(self, agus, desk_office):
        page = agus.get(NPS)
        for code in ("nps", "skm2017", "No Code", "", "x" * 41):
            back = agus.send(page, f"{NPS}/copies", status=422, code=code, title_en="Ours")
            assert back.form(f"{NPS}/copies")["title_en"] == "Ours"
        done = agus.send(page, f"{NPS}/copies", code="nps_lelang", title_id="Lelang", title_en="Auctions")

        assert agus.follow(done)
        assert drafted(desk_office, "nps_lelang") == replace(
            SHIPPED["nps"], code="nps_lelang", title=Words("Lelang", "Auctions")
        )
        assert "nps_lelang" in agus.get(SHELF).said
        assert agus.get(f"{SHELF}/nps_lelang")


class TestNothingTypedIsLost:
    def test_a_question_that_somebody_else_saved_meanwhile(self, drafting, desk_office):
        mine = drafting.get(FIRST)
        save(drafting, text_en="Theirs")
        back = save(drafting, page=mine, status=409, text_en="Mine")
        assert "Theirs" in back.said
        assert back.form(FIRST)["text_en"] == "Mine"
        assert drafted(desk_office).questions[0].text.en == "Theirs"
        drafting.send(back, FIRST, do="save")

        assert drafted(desk_office).questions[0].text.en == "Mine"

    def test_a_question_that_was_moved_meanwhile_goes_where_it_is_now(self, drafting, desk_office):
        mine = drafting.get(FIRST)
        drafting.send(drafting.get(DRAFT), f"{FIRST}/moves", by="down")
        back = save(drafting, page=mine, status=409, text_en="Mine")
        drafting.send(back, f"{DRAFT}/questions/1", do="save")

        assert [each.text.en == "Mine" for each in drafted(desk_office).questions] == [False, True]

    def test_a_question_that_was_removed_meanwhile_is_added_again(self, drafting, desk_office):
        mine = drafting.get(FIRST)
        drafting.send(drafting.get(DRAFT), f"{FIRST}/removal")
        back = save(drafting, page=mine, status=409, text_en="Mine")
        drafting.send(back, f"{DRAFT}/questions/1", do="save")

        assert [each.key for each in drafted(desk_office).questions] == ["comment", "recommend"]

    def test_title_and_steps(self, drafting, desk_office):
        page = drafting.get(DRAFT)
        save(drafting, text_en="Theirs")
        back = drafting.send(page, f"{DRAFT}/texts", status=409, title_en="Mine")
        assert back.form(f"{DRAFT}/texts")["title_en"] == "Mine"
        for noun in ("questions/0/removal", "questions/1/moves", "questions"):
            done = drafting.send(page, f"{DRAFT}/{noun}")
            assert drafting.follow(done)
        assert len(drafted(desk_office).questions) == 2
        drafting.send(back, f"{DRAFT}/texts")

        assert drafted(desk_office).title.en == "Mine"
        assert drafted(desk_office).questions[0].text.en == "Theirs"

    def test_too_long_comes_back_with_every_word(self, drafting, desk_office):
        text = "Berapa? " * 12_500
        back = save(drafting, status=422, text_en=text)
        assert back.form(FIRST)["text_en"].strip() == text.strip()
        assert "500" in back.said
        assert drafted(desk_office) == SHIPPED["nps"]
        save(drafting, status=413, text_en=text * 3)


BROKEN = {
    "another kind": {"kind": "stars"},
    "about nobody": {"about": "cats"},
    "no kind": {"kind": None},
    "a long value": {"options-0-value": "9" * 41},
    "a bound that is none": {"condition": "comment", "at_least": "1e9"},
    "a huge bound": {"condition": "comment", "at_least": "9" * 30},
    "long words of an answer": {"options-3-text_id": "a" * 501},
}


@pytest.mark.parametrize("changed", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_a_question_is_refused_with_the_form(drafting, desk_office, changed):
    back = save(drafting, status=422, **{"text_en": "Typed", **changed})

    assert back.form(FIRST)["text_en"] == "Typed"
    assert drafted(desk_office) == SHIPPED["nps"]


ODD = {
    "the same code twice": {"code": "comment"},
    "a value that is no number": {"options-0-value": "nol"},
    "a question that decides itself": {"condition": "recommend", "at_most": "3"},
    "a condition on nothing": {"condition": "nothing", "at_most": "3"},
    "words for no series": {"variants-0-series": "ZZ", "variants-0-text_id": "Z", "variants-0-text_en": "Z"},
    "control characters": {"text_en": "a\x00b\u2028c"},
    "markup": {"text_en": "<script>alert(1)</script>", "code": "'\"><b>"},
    "about the person and required": {"about": "person"},
    "an open question with answers": {"kind": "text"},
}


@pytest.mark.parametrize("changed", ODD.values(), ids=ODD)
def test_what_is_odd_stays_a_draft_that_every_page_can_show(drafting, desk_office, changed):
    save(drafting, **changed)
    for language in ("id", "en"):
        drafting.speak(language)
        for path in (DRAFT, FIRST, f"{DRAFT}/publication", f"{DRAFT}/preview", f"{DRAFT}/preview?view=all"):
            drafting.get(path)

    assert len(desk_office.rows(QuestionnaireRow)) == 1


class TestPreview:
    def test_one_question_a_page_follows_the_branching_and_records_nothing(self, web):
        budi, path = web.as_("Budi"), f"{SHELF}/one/versions/0/preview"
        before = everything(web.office)
        page = budi.get(f"{path}?shown=en")
        assert "Nothing is recorded" in page.text and "How satisfied are you" in page.said
        missing = budi.send(page, path, status=200, go="next")
        assert "Choose" in missing.said and 'class="field-error"' in missing.text
        second = budi.send(page, path, status=200, go="next", **{"q0-score": "1"})
        assert "What needs to be better" in second.said
        third = budi.send(second, path, status=200, go="next", **{"q0-what_failed": "wait"})
        assert "What went well" in third.said
        end = budi.send(third, path, status=200, go="next", **{"q0-comment": "Hm"})
        assert "nothing was recorded" in end.said and "The wait" in end.said and "Hm" in end.said
        happy = budi.send(page, path, status=200, go="next", **{"q0-score": "5"})
        assert "What went well" in happy.said, "who is satisfied is not asked what failed"
        back = budi.send(happy, path, status=200, go="back")
        assert 'value="5" checked' in back.text

        assert {**everything(web.office), "staff_sessions": []} == {**before, "staff_sessions": []}

    def test_all_on_one_page(self, web):
        ratna, path = web.as_("Ratna"), f"{SHELF}/one/versions/0/preview"
        page = ratna.get(f"{path}?view=all&shown=id")
        assert "Seberapa puas" in page.said and "paling perlu diperbaiki" not in page.said
        looked = ratna.send(page, path, status=200, go="look", **{"q0-score": "2"})
        assert "paling perlu diperbaiki" in looked.said
        end = ratna.send(looked, path, status=200, go="next")
        assert "tidak ada yang dicatat" in end.said.lower()

    def test_the_words_for_one_service(self, drafting):
        save(drafting, do="variant", new_variant="B")
        save(drafting, **{"variants-0-text_en": "And B?"})

        assert "And B?" not in drafting.get(f"{DRAFT}/preview?shown=en").said
        assert "And B?" in drafting.get(f"{DRAFT}/preview?shown=en&series=B").said

    @pytest.mark.parametrize("query", ["shown=xx", "view=xx", "series=%00", "at=9", "shown=en&shown=id"])
    def test_odd_wishes(self, drafting, query):
        drafting.get(f"{DRAFT}/preview?{query}")
        drafting.post(f"{DRAFT}/preview?{query}", status=200, at="99", go="next", **{"q0-recommend": "x" * 90_000})

    def test_every_shipped_one(self, web):
        budi = web.as_("Budi")
        for code in SHIPPED:
            for shown in ("id", "en"):
                for view in ("pages", "all"):
                    budi.get(f"{SHELF}/{code}/versions/0/preview?shown={shown}&view={view}")
                budi.speak(shown)
                budi.get(f"{SHELF}/{code}/versions/0")


class TestPublishing:
    def test_differences_are_shown_before_it_is_done(self, drafting, desk_office):
        drafting.speak("en")
        assert "There is nothing to publish" in drafting.get(f"{DRAFT}/publication").said
        save(drafting, text_en="How likely?", required=None)
        drafting.send(drafting.get(DRAFT), f"{DRAFT}/questions/1/removal")
        page = drafting.get(f"{DRAFT}/publication")
        for words in ("Publish version 2", "Other words of the question", "How likely?", "Required or not", "Removed"):
            assert words in page.said
        assert "not comparable" not in page.said
        done = drafting.send(page, f"{DRAFT}/publication")

        assert "Version 2 is published" in drafting.follow(done).said
        assert [row.number for row in desk_office.rows(QuestionnaireRow)] == [1, 2]
        assert desk_office.rows(QuestionnaireDraft) == []
        assert desk_office.findings() == []

    def test_another_scale_is_warned_about(self, drafting):
        drafting.speak("en")
        drafting.send(drafting.get(DRAFT), f"{DRAFT}/texts", measure="own")
        save(drafting, **{"options-0-drop": "y"})
        page = drafting.get(f"{DRAFT}/publication")

        assert "cannot be laid beside each other" in page.said and "Another scale" in page.said

    def test_a_draft_that_was_changed_meanwhile_is_looked_at_again(self, drafting, desk_office):
        save(drafting, text_en="First")
        page = drafting.get(f"{DRAFT}/publication")
        save(drafting, text_en="Second")
        done = drafting.send(page, f"{DRAFT}/publication")

        assert done.location == f"{DRAFT}/publication"
        assert len(desk_office.rows(QuestionnaireRow)) == 1


class TestElsewhere:
    @pytest.mark.parametrize(
        "noun",
        ["none", "none/draft", "nps/versions/2", "nps/versions/99999999999", "none/versions/0",
         "nps/versions/2/preview", "nps/draft", "nps/draft/preview", "nps/draft/publication", "nps/draft/questions/0",
         "%00", "x%27/draft"],
    )  # fmt: skip
    def test_what_is_not_there(self, agus, noun):
        agus.get(f"{SHELF}/{noun}", status=404)

    def test_places_that_are_none(self, drafting):
        for place in (2, 40, 2**63, 10**30):
            drafting.get(f"{DRAFT}/questions/{place}", status=404)
            for noun in ("moves", "removal"):
                drafting.post(f"{DRAFT}/questions/{place}/{noun}", status=404, revision=1, by="up")
        drafting.send(drafting.get(FIRST), FIRST, status=404, do="save", was="comment")

    def test_another_office(self, agus, desk_office):
        stranger = desk_office.another()
        stranger.asks_with("ces")
        there = f"/offices/{stranger.id}/questionnaires"
        for noun in ("", "/ces", "/ces/versions/1", "/ces/versions/1/preview"):
            agus.get(there + noun, status=403)
        agus.post(f"{there}/ces/draft", status=403)
        agus.get(f"{SHELF}/ces/versions/1", status=404)
        agus.send(agus.get(SHELF), CHOICES, status=422, **{f"s{desk_office.services['A']}": "ces"})
