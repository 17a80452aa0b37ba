"""The question about the fee fits what a service costs; the figure stays the same."""

import pytest

from desk.domain.fee_words import FEE, FREE, PAID, is_free, worded_by_fee
from desk.domain.questionnaire_check import check
from desk.domain.shipped_questionnaires import SHIPPED

FEES = {"A": "Gratis", "B": "Rp50.000 per berkas", "C": " "}


def fee(questionnaire):
    return next(each for each in questionnaire.questions if each.key == FEE)


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("Gratis", True), ("  gratis. ", True), ("Tidak dipungut biaya", True), ("Free of charge", True), ("Rp0", True),
        ("Gratis untuk UMKM, lainnya Rp50.000", False), ("Rp50.000", False), ("", False),
    ],
)  # fmt: skip
def test_what_is_free(text, free):
    assert is_free(text) is free


def test_each_service_is_asked_what_it_costs():
    worded = worded_by_fee(SHIPPED["skm2017"], FEES)
    question = fee(worded)
    assert question.variants == {"A": FREE, "B": PAID}
    assert question.worded_for("C").options == fee(SHIPPED["skm2017"]).options
    for series in ("A", "B"):
        options = question.worded_for(series).options
        assert [each.value for each in options] == [1, 2, 3, 4]
        assert len({(each.text.id, each.text.en) for each in options}) == 4
    assert "Gratis" not in {each.text.id for each in question.worded_for("B").options}
    assert check(worded) == []


@pytest.mark.parametrize("code", sorted(set(SHIPPED) - {"skm2017"}))
def test_no_other_questionnaire_changes(code):
    assert worded_by_fee(SHIPPED[code], FEES) is SHIPPED[code]


def test_without_fees_it_is_the_questionnaire_of_the_regulation():
    assert worded_by_fee(SHIPPED["skm2017"], {}) == SHIPPED["skm2017"]
