"""The published results of skm_cases.json: value and letter, the weight behind them, letters, limits, sample sizes."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.refusals import Reason, Refused
from desk.domain.skm_elements import EXACT, Letter, band_of, half_up, weight_of
from desk.domain.skm_index import index_of, index_of_means, tally
from desk.domain.skm_sample import needed, sample
from desk.domain.skm_warnings import weights_that_give
from tests.domain.surveys import (
    PUBLISHED,
    RULE_2004,
    RULE_2017,
    VECTORS,
    everybody,
    instrument_of,
    means_of,
    tallied_of,
)

WITH_SUMS = [name for name, case in PUBLISHED.items() if case["sums"]]
WEIGHT_USED = {
    "serang_disparpora_2025q1": "0.11",
    "gaspul_kemenag_sulsel_tw3": "0.11",
    "tubaba_disdukcapil_2023s1": "0.111",
    "bogor_dpmptsp_2012": "0.071",
}


def means(case):
    return tallied_of(case).means if case["sums"] else means_of(case)


def test_every_case_is_tested():
    assert set(WEIGHT_USED) == set(PUBLISHED)
    assert all(case["weight_used"].startswith(WEIGHT_USED[name]) for name, case in PUBLISHED.items())


@pytest.mark.parametrize("name", PUBLISHED)
def test_value_and_letter_as_published(name):
    case = PUBLISHED[name]
    instrument, published = instrument_of(case), Decimal(case["published_ikm"])
    value = index_of_means(instrument, means(case), weight_of(instrument, WEIGHT_USED[name]))
    band = band_of(instrument, value)

    assert half_up(value, -published.as_tuple().exponent) == published
    assert band.letter == case["published_category"][0]
    assert band.performance.lower() in case["published_category"].lower()


@pytest.mark.parametrize("name", WITH_SUMS)
def test_the_means_as_printed(name):
    case = PUBLISHED[name]
    for key, printed in means_of(case).items():
        decimals = -Decimal(case["nrr"][f"u{case['element_order'].index(key) + 1}"]).as_tuple().exponent
        assert half_up(means(case)[key], decimals) == Decimal(printed.numerator) / printed.denominator


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("serang_disparpora_2025q1", ["0.11"]),
        ("gaspul_kemenag_sulsel_tw3", ["0.11"]),
        ("tubaba_disdukcapil_2023s1", [EXACT, "0.111", "0.1111"]),
        ("bogor_dpmptsp_2012", ["0.071"]),
    ],
)
def test_which_weights_can_be_behind_a_figure(name, weights):
    case = PUBLISHED[name]

    assert weights_that_give(instrument_of(case), means(case), Decimal(case["published_ikm"])) == weights


@pytest.mark.parametrize(
    ("name", "weight", "shown"),
    [
        ("serang_disparpora_2025q1", EXACT, "87.50"),
        ("gaspul_kemenag_sulsel_tw3", EXACT, "91.48"),
        ("tubaba_disdukcapil_2023s1", EXACT, "100.00"),
        ("tubaba_disdukcapil_2023s1", "0.111", "99.90"),
        ("tubaba_disdukcapil_2023s1", "0.11", "99.00"),
    ],
)
def test_what_another_weight_would_have_given(name, weight, shown):
    case = PUBLISHED[name]
    index = index_of(tallied_of(case), weight_of(instrument_of(case), weight))

    assert str(index.shown) == shown


def test_serang_prints_its_element_indices_and_the_total():
    index = index_of(tallied_of(PUBLISHED["serang_disparpora_2025q1"]), weight_of(RULE_2017, "0.11"))
    printed = ["87.50", "87.50", "80.83", "94.17", "87.50", "93.33", "93.33", "81.67", "81.67"]

    assert [str(half_up(each.converted)) for each in index.elements] == printed
    assert index.value == Fraction("86.625")
    assert str(half_up(index.value / 25)) == "3.47"


def test_gaspul_prints_its_weighted_means():
    case = PUBLISHED["gaspul_kemenag_sulsel_tw3"]
    index = index_of(tallied_of(case), weight_of(RULE_2017, "0.11"))
    weighted = {each.element.key: str(half_up(each.weighted, 4)) for each in index.elements}
    printed = ["0.3983", "0.3831", "0.3793", "0.4400", "0.3869", "0.3983", "0.4021", "0.3983", "0.4362"]

    assert [weighted[key] for key in case["element_order"]] == printed
    assert str(half_up(index.value / 25, 4)) == "3.6224"
    assert [each.element.key for each in index.apart] == ["biaya", "pengaduan"]
    assert weighted["pengaduan"] == "0.4362", "this office numbers it ninth"


def test_bogor_is_b_on_its_own_scale_and_would_be_c_on_that_of_2017():
    case = PUBLISHED["bogor_dpmptsp_2012"]
    value = index_of_means(RULE_2004, means_of(case), weight_of(RULE_2004, "0.071"))

    assert [band_of(each, value).letter for each in (RULE_2004, RULE_2017)] == [Letter.B, Letter.C]
    assert weight_of(RULE_2004, "0.071").value * 14 == Fraction("0.994")


@pytest.mark.parametrize("case", VECTORS["category_2017"], ids=lambda case: case["ikm"])
def test_letters_of_2017(case):
    assert band_of(RULE_2017, Fraction(case["ikm"])).letter == case["category"]


@pytest.mark.parametrize(("name", "limits"), VECTORS["weight_limits"].items())
def test_how_far_each_weight_reaches(name, limits):
    weight = weight_of(RULE_2017, EXACT if name == "1/9" else name)
    for score, limit in ((1, "min"), (4, "max")):
        value = index_of(tally(RULE_2017, everybody(RULE_2017, score)), weight).value
        assert str(half_up(value, 4)) == limits[limit]
        assert value == Fraction(limits[limit])


@pytest.mark.parametrize(("population", "size"), VECTORS["krejcie_morgan"]["table"])
def test_sample_sizes(population, size):
    assert needed(population) == size


@given(st.integers(0, 10**9))
def test_more_people_never_need_fewer_respondents_nor_more_than_there_are(population):
    assert needed(population) <= needed(population + 1) <= 384
    assert needed(population) <= population


def test_received_beside_needed():
    assert sample(130, 97).suffices
    assert not sample(130, 96).suffices
    assert sample(0, 0).needed == 0
    with pytest.raises(Refused) as caught:
        sample(-1, 0)
    assert caught.value.reason is Reason.INVALID
