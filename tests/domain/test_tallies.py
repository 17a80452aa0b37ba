"""Tallies: adding is exact, its order does not matter, and what was added can be taken out again."""

from hypothesis import given
from hypothesis import strategies as st

from desk.domain.tallies import Tally, merged

ANSWERS = st.tuples(
    st.dictionaries(st.sampled_from("abc"), st.integers(1, 4)),
    st.none() | st.integers(0, 10_000),
    st.dictionaries(st.sampled_from(["sex", "age"]), st.sampled_from("xyz")),
)


def tally(answers):
    found = Tally()
    for each in answers:
        found.add(*each)
    return found


@given(st.lists(ANSWERS), st.lists(ANSWERS))
def test_parts_merged_are_the_whole(some, others):
    assert merged([tally(some), tally(others)]) == tally(others + some)


@given(st.lists(ANSWERS), ANSWERS)
def test_what_is_taken_out_was_never_there(some, one):
    found = tally([*some, one])
    found.add(*one, times=-1)

    assert found == tally(some)
    assert found.is_empty == (not some)


@given(st.lists(ANSWERS, min_size=1))
def test_mean_and_counts_are_those_of_the_answers(answers):
    found = tally(answers)
    rated = [each[1] for each in answers if each[1] is not None]

    assert (found.answers, found.rated, found.weight) == (len(answers), len(rated), 10_000 * len(rated))
    assert found.total == 10_000 * sum(rated)
    assert found.square == 10_000 * sum(each * each for each in rated)
    assert found.counts.get("a", {}) == {
        str(value): count for value in range(1, 5) if (count := sum(each[0].get("a") == value for each in answers))
    }
