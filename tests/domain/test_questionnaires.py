"""Questionnaires as data: read as written, asked along a path, answered on their scales, checked before publishing."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.questionnaire_check import Fault, check
from desk.domain.questionnaire_json import as_json, read
from desk.domain.questionnaires import (
    About,
    AnswerFault,
    Condition,
    Kind,
    Measure,
    Option,
    Question,
    Variant,
    Words,
    fill,
    satisfaction,
)
from desk.domain.shipped_questionnaires import SHIPPED
from desk.domain.skm_elements import INSTRUMENTS, Regulation
from desk.domain.skm_profile import VALUES

ONE, SKM, CES, NPS = (SHIPPED[code] for code in ("one", "skm2017", "ces", "nps"))
WORDS = Words("kata", "word")
EVERY = pytest.mark.parametrize("code", SHIPPED)


def scale(key, low=1, high=5, **more):
    options = tuple(Option(value, WORDS) for value in range(low, high + 1))
    return Question(key, Kind.SCALE, WORDS, options=options, **more)


def asking(*questions, measure=Measure.OWN):
    return replace(ONE, measure=measure, questions=questions)


def faults(questionnaire):
    return {(each.fault, each.question) for each in check(questionnaire)}


class TestShipped:
    @EVERY
    def test_each_may_be_published_as_it_stands(self, code):
        assert check(SHIPPED[code]) == []

    @EVERY
    def test_each_survives_being_kept(self, code):
        assert read(json.loads(json.dumps(as_json(SHIPPED[code])))) == SHIPPED[code]

    def test_the_nine_elements_with_the_sample_questionnaires_order_of_the_last_two(self):
        keys = [each.key for each in SKM.questions if each.scored]

        assert sorted(keys) == sorted(INSTRUMENTS[Regulation.RULE_2017].keys)
        assert keys[-2:] == ["sarana", "pengaduan"]

    def test_the_fourteen_elements_of_2004(self):
        keys = tuple(each.key for each in SHIPPED["skm2004"].questions if each.scored)

        assert keys == INSTRUMENTS[Regulation.RULE_2004].keys

    def test_the_profile_is_that_of_the_regulation(self):
        profile = {each.key: each for each in SKM.questions if each.about is About.PERSON}

        for key in ("jenis_kelamin", "pendidikan", "pekerjaan"):
            assert tuple(each.value for each in profile[key].options) == VALUES[key]
        assert not any(each.required for each in profile.values())

    def test_a_low_score_is_asked_what_failed(self):
        paths = {score: [each.key for each in ONE.path({"score": score})] for score in range(1, 6)}

        assert paths[2] == ["score", "what_failed", "comment"]
        assert paths[3] == ["score", "comment"]
        assert [each.key for each in ONE.path({})] == ["score", "comment"]


class TestFilling:
    def test_answers_profile_and_own_words_are_told_apart(self):
        said = {each.key: "4" for each in SKM.questions if each.scored} | {"usia": "60+", "comment": " lekas "}
        filled = fill(SKM, said)

        assert set(filled.answers) == {each.key for each in SKM.questions if each.scored}
        assert (filled.profile, filled.texts, filled.faults) == ({"usia": "60+"}, {"comment": "lekas"}, {})

    @pytest.mark.parametrize("said", ["0", "6", "1.5", "-1", "٣", "one", "1e0", "99999999999999999999"])
    def test_what_is_off_the_scale_is_no_answer(self, said):
        assert fill(ONE, {"score": said}).faults == {"score": AnswerFault.OFF_SCALE}

    @pytest.mark.parametrize("said", [{}, {"score": ""}, {"score": "  "}, {"comment": "no score"}])
    def test_what_must_be_answered_is_missed(self, said):
        assert fill(ONE, said).faults == {"score": AnswerFault.MISSING}
        assert fill(ONE, said, require=False).faults == {}

    def test_own_words_have_an_end(self):
        assert fill(ONE, {"score": "5", "comment": "x" * 4_000}).faults == {}
        assert fill(ONE, {"score": "5", "comment": "x" * 4_001}).faults == {"comment": AnswerFault.TOO_LONG}

    def test_an_answer_off_the_path_is_left_out(self):
        assert fill(ONE, {"score": "2", "what_failed": "wait"}).answers == {"score": 2, "what_failed": "wait"}
        assert fill(ONE, {"score": "4", "what_failed": "wait"}).answers == {"score": 4}
        assert fill(ONE, {"score": "4", "what_failed": "nonsense", "unknown": "1"}).faults == {}

    def test_a_condition_on_a_question_that_was_not_asked_does_not_hold(self):
        chained = asking(
            scale("a"), scale("b", shown_if=Condition("a", at_most=2)), scale("c", shown_if=Condition("b", at_least=1))
        )

        assert [each.key for each in chained.path({"a": 1, "b": 5})] == ["a", "b", "c"]
        assert [each.key for each in chained.path({"a": 5, "b": 5})] == ["a"]

    @given(st.dictionaries(st.sampled_from([each.key for each in SKM.questions]), st.text(max_size=5)))
    def test_whatever_is_posted_is_answers_on_their_scales_or_a_fault(self, said):
        filled = fill(SKM, said)

        for key, value in filled.answers.items():
            assert SKM.question(key).word_of(value) is not None
        assert not set(filled.faults) & (set(filled.answers) | set(filled.profile) | set(filled.texts))


class TestSatisfaction:
    @pytest.mark.parametrize(
        ("questionnaire", "answers", "expected"),
        [
            (ONE, {"score": 1}, 0),
            (ONE, {"score": 2}, 2_500),
            (ONE, {"score": 5}, 10_000),
            (CES, {"ease": 5}, 6_667),
            (NPS, {"recommend": 0}, 0),
            (NPS, {"recommend": 9}, 9_000),
            (SKM, {"waktu": 1, "biaya": 4}, 5_000),
            (SKM, {"waktu": 1, "biaya": 2, "sarana": 4}, 4_444),
            (SKM, {}, None),
            (ONE, {"what_failed": "wait"}, None),
        ],
    )
    def test_is_the_mean_share_of_the_scales(self, questionnaire, answers, expected):
        assert satisfaction(questionnaire, answers) == expected


class TestWording:
    def test_a_service_may_have_its_own_words_for_a_question(self):
        free = Variant(Words("Layanan ini gratis. Pernahkah diminta biaya?", "Were you asked for money?"), ())
        fee = replace(SKM.question("biaya"), variants={"E": free})

        assert fee.worded_for("E").text == free.text
        assert fee.worded_for("E").options == fee.options
        assert fee.worded_for("A") == fee


class TestCheck:
    @pytest.mark.parametrize(
        ("questions", "expected"),
        [
            ((), (Fault.NO_QUESTIONS, "")),
            ((replace(scale("a"), scored=False),), (Fault.NOTHING_SCORED, "")),
            ((scale("a", scored=True), scale("a")), (Fault.KEY_TWICE, "a")),
            ((scale("A b", scored=True),), (Fault.KEY, "A b")),
            ((scale("a", 1, 1, scored=True),), (Fault.SCALE, "a")),
            ((scale("a", 0, 11, scored=True),), (Fault.SCALE, "a")),
            ((scale("a", scored=True, about=About.PERSON),), (Fault.SCORED, "a")),
            ((scale("a", scored=True), Question("b", Kind.TEXT, WORDS, scored=True)), (Fault.SCORED, "b")),
            ((scale("a", scored=True), Question("b", Kind.CHOICE, WORDS)), (Fault.OPTIONS, "b")),
            (
                (scale("a", scored=True), Question("b", Kind.TEXT, WORDS, About.PERSON, required=True)),
                (Fault.PERSON, "b"),
            ),
            (
                (scale("a", scored=True), scale("b", shown_if=Condition("c", at_most=2)), scale("c")),
                (Fault.CONDITION, "b"),
            ),
            ((scale("a", scored=True), scale("b", shown_if=Condition("a"))), (Fault.CONDITION_NEVER, "b")),
            ((scale("a", scored=True), scale("b", shown_if=Condition("a", 6))), (Fault.CONDITION_NEVER, "b")),
            ((scale("a", scored=True), scale("b", shown_if=Condition("a", 4, 2))), (Fault.CONDITION_NEVER, "b")),
            ((scale("a", scored=True), Question("b", Kind.TEXT, Words("kata", " "))), (Fault.WORDS_MISSING, "b")),
            ((scale("a", scored=True), scale("comment")), (Fault.COMMENT_KIND, "comment")),
            (
                (scale("a", scored=True, variants={"A": Variant(WORDS, (Option(1, WORDS), Option(2, WORDS)))}),),
                (Fault.VARIANT, "a"),
            ),
            ((scale("a", scored=True), Question("b", Kind.TEXT, Words("x" * 501, "y"))), (Fault.WORDS_TOO_LONG, "b")),
            (tuple(scale(f"q{n}", scored=True) for n in range(41)), (Fault.TOO_MANY_QUESTIONS, "")),
        ],
    )
    def test_what_is_wrong_is_said(self, questions, expected):
        assert expected in faults(asking(*questions))

    def test_nothing_wrong(self):
        fit = asking(scale("a", scored=True), scale("b", shown_if=Condition("a", at_most=2)))

        assert check(fit) == []

    def test_a_measure_needs_its_questions_on_its_scale(self):
        without = replace(SKM, questions=tuple(each for each in SKM.questions if each.key != "sarana"))
        hidden = replace(NPS, questions=(scale("a", scored=False), replace(scale("recommend", 0, 10, scored=True),
                         shown_if=Condition("a", at_most=2))))  # fmt: skip

        assert faults(without) == {(Fault.MEASURE_NEEDS, "sarana")}
        assert (Fault.MEASURE_NEEDS, "recommend") in faults(hidden)
        assert (Fault.MEASURE_NEEDS, "score") in faults(asking(scale("score", 1, 4, scored=True), measure=Measure.CSAT))

    def test_a_measure_scores_nothing_else(self):
        assert (Fault.SCORED, "more") in faults(replace(ONE, questions=(*ONE.questions, scale("more", scored=True))))


class TestReading:
    @pytest.mark.parametrize(
        "definition",
        [
            {},
            {"code": "x", "measure": "own", "title": "x", "intro": WORDS, "questions": []},
            {**as_json(ONE), "measure": "unknown"},
            {**as_json(ONE), "questions": [{"key": "a", "kind": "dance", "text": {"id": "", "en": ""}}]},
            {**as_json(ONE), "questions": [{"key": "a", "kind": "scale", "text": {"id": 1, "en": ""}}]},
            {**as_json(ONE), "questions": [{"key": "a", "kind": "scale", "text": {"id": "", "en": ""},
                                            "options": [{"value": True, "text": {"id": "", "en": ""}}]}]},
            {**as_json(ONE), "questions": None},
        ],
    )  # fmt: skip
    def test_what_has_not_the_shape_is_no_questionnaire(self, definition):
        with pytest.raises((KeyError, TypeError, ValueError)):
            read(definition)
