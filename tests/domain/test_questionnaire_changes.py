"""Steps of editing a questionnaire, and what a new version says differently from the one before."""

from dataclasses import replace

import pytest

from desk.domain.questionnaire_changes import Change, list_changes
from desk.domain.questionnaire_check import check
from desk.domain.questionnaire_editing import (
    MOST_OPTIONS,
    extended,
    lengthened,
    moved,
    next_value,
    replaced,
    without,
)
from desk.domain.questionnaires import About, Condition, Kind, Measure, Option, Variant, Words
from desk.domain.shipped_questionnaires import SHIPPED

SKM, ONE = SHIPPED["skm2017"], SHIPPED["one"]


def keys(questionnaire):
    return [each.key for each in questionnaire.questions]


class TestEditing:
    @pytest.mark.parametrize(
        ("place", "by", "expected"),
        [(0, 1, "bac"), (0, -1, "abc"), (2, 1, "abc"), (2, -1, "acb"), (1, 9, "acb"), (1, -9, "bac"), (1, 0, "abc")],
    )
    def test_moved(self, place, by, expected):
        named = zip("abc", ONE.questions, strict=True)
        questionnaire = replace(ONE, questions=tuple(replace(each, key=key) for key, each in named))

        assert "".join(keys(moved(questionnaire, place, by))) == expected

    @pytest.mark.parametrize("place", [3, 2**70])
    @pytest.mark.parametrize("step", [lambda place: moved(ONE, place, 1), lambda place: without(ONE, place)])
    def test_a_place_that_is_none(self, step, place):
        with pytest.raises(IndexError):
            step(place)

    def test_without_and_replaced(self):
        assert keys(without(ONE, 0)) == ["what_failed", "comment"]
        assert keys(replaced(ONE, 1, ONE.questions[0])) == ["score", "score", "comment"]
        assert keys(replaced(ONE, 3, ONE.questions[0])) == ["score", "what_failed", "comment", "score"]

    def test_every_new_question_has_a_key_of_its_own(self):
        questionnaire = replace(ONE, questions=())
        for kind in (Kind.TEXT, Kind.TEXT, Kind.SCALE, Kind.CHOICE):
            questionnaire = extended(questionnaire, kind)
        assert keys(without(questionnaire, 1)) == ["comment", "q3", "q4"]
        assert keys(extended(without(questionnaire, 1), Kind.TEXT)) == ["comment", "q3", "q4", "q5"]

        faults = {each.fault.value for each in check(replace(questionnaire, measure=Measure.OWN))}
        assert faults == {"words_missing"}

    def test_one_more_answer_also_where_single_services_have_their_own(self):
        question = SKM.questions[0]
        variant = Variant(question.text, question.options)
        longer = lengthened(replace(question, variants={"B": variant, "C": Variant(question.text, ())}))

        assert [each.value for each in longer.options] == [1, 2, 3, 4, 5]
        assert [each.value for each in longer.variants["B"].options] == [1, 2, 3, 4, 5]
        assert longer.variants["C"].options == ()

    def test_answers_have_an_end(self):
        question = ONE.questions[1]
        for _ in range(MOST_OPTIONS + 5):
            question = lengthened(question)

        assert len({each.value for each in question.options}) == len(question.options) == MOST_OPTIONS
        assert next_value(Kind.SCALE, (Option("x", Words("", "")),)) == 1


def changes(before, after):
    found = list_changes(before, after)
    return [(each.change, each.question.key if each.question else "", each.breaks) for each in found]


def first_changed(**values):
    return replaced(SKM, 0, replace(SKM.questions[0], **values))


class TestChanges:
    def test_nothing(self):
        assert list_changes(SKM, SKM) == ()

    def test_the_whole(self):
        other = replace(SKM, title=Words("J", "T"), intro=Words("P", "I"), measure=Measure.OWN)

        assert changes(SKM, other) == [(Change.TITLE, "", False), (Change.INTRO, "", False), (Change.MEASURE, "", True)]

    def test_added_removed_moved(self):
        added = extended(SKM, Kind.SCALE)
        assert changes(SKM, added) == [(Change.ADDED, "q15", True)]
        assert changes(added, SKM) == [(Change.REMOVED, "q15", True)]
        assert changes(SKM, extended(SKM, Kind.TEXT)) == [(Change.ADDED, "q15", False)]
        assert changes(SKM, moved(SKM, 0, 3)) == [(Change.MOVED, "", False)]

    def test_only_another_key_is_told_as_such(self):
        assert changes(SKM, first_changed(key="other")) == [(Change.KEY, "other", True)]

    @pytest.mark.parametrize(
        ("values", "change", "breaks"),
        [
            ({"text": Words("a", "b")}, Change.TEXT, False),
            ({"required": False}, Change.REQUIRED, False),
            ({"scored": False}, Change.SCORED, True),
            ({"about": About.PERSON}, Change.ABOUT, True),
            ({"kind": Kind.CHOICE}, Change.KIND, True),
            ({"options": SKM.questions[0].options[1:]}, Change.SCALE, True),
            ({"options": SKM.questions[1].options}, Change.ANSWERS, False),
            ({"shown_if": Condition("waktu", at_most=2)}, Change.CONDITION, True),
            ({"variants": {"B": Variant(Words("a", "b"), ())}}, Change.VARIANTS, False),
        ],
    )
    def test_of_a_question(self, values, change, breaks):
        assert changes(SKM, first_changed(**values)) == [(change, "persyaratan", breaks)]

    def test_what_is_not_scored_never_breaks_figures(self):
        choice = replace(ONE.questions[1], options=ONE.questions[1].options[1:])

        assert changes(ONE, replaced(ONE, 1, choice)) == [(Change.OPTIONS, "what_failed", False)]
