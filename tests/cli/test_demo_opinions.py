"""What visitors of the demo say: fit for any questionnaire, rather content, and each service in its own way."""

from random import Random
from statistics import mean

import pytest

from desk.demo.opinions import Opinions
from desk.domain.questionnaires import COMMENT, fill, satisfaction
from desk.domain.shipped_questionnaires import SHIPPED

PEOPLE = 400


@pytest.mark.parametrize("questionnaire", SHIPPED.values(), ids=SHIPPED)
def test_every_answer_fits_and_they_differ(questionnaire):
    opinions = Opinions(Random(7))
    said = [opinions.answers(questionnaire) for _ in range(PEOPLE)]

    read = [fill(questionnaire, each) for each in said]
    assert [each.faults for each in read if each.faults] == []
    for question in (each for each in questionnaire.questions if each.options):
        given = {each[question.key] for each in said if question.key in each}
        assert len(given) >= len(question.options) / 2, question.key
    values = [satisfaction(questionnaire, each.answers) for each in read]
    assert 6_000 < mean(values) < 9_000
    assert 0 < sum(COMMENT in each for each in said) < PEOPLE


def test_the_office_asks_in_two_ways(demo_desk):
    asked = demo_desk.rows(
        "SELECT offices.code, series, services.questionnaire FROM services JOIN offices ON offices.id = office_id"
    )
    assert {series: code for office, series, code in asked if office == "jakarta"} == {
        **dict.fromkeys("ABCD", "skm2017"),
        "E": None,
    }
    assert {code for office, _, code in asked if office == "makassar"} == {None}
    published = demo_desk.rows("SELECT office_id, code, number FROM questionnaires")
    assert published == [(1, "skm2017", 1)]
