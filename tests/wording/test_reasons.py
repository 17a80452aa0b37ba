"""Every code that people choose or see has its words, and a code means the same in every list."""

from enum import StrEnum

import pytest

from desk.domain import reasons
from desk.wording.reasons import SCORES, TABLES, WORDS

PICK_LISTS = {each for each in vars(reasons).values() if isinstance(each, type) and issubclass(each, StrEnum)}


@pytest.mark.parametrize("codes", TABLES, ids=lambda codes: codes.__name__)
def test_every_code_has_its_words(codes: type[StrEnum]):
    assert set(TABLES[codes]) == set(codes)


def test_no_pick_list_is_forgotten():
    assert set(TABLES) >= PICK_LISTS - {StrEnum}


def test_a_code_means_the_same_in_every_list():
    meanings: dict[str, set[str]] = {}
    for table in TABLES.values():
        for code, words in table.items():
            meanings.setdefault(code.value, set()).add(words)

    assert {code: words for code, words in meanings.items() if len(words) > 1} == {}
    assert set(WORDS) == set(meanings)


def test_each_score_has_a_word():
    assert list(SCORES) == [1, 2, 3, 4, 5]
