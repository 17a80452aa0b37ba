"""What a counter is called: only "Loket", "Counter" or nothing before its own number makes a name that says no more."""

import pytest

from desk.domain.counter_names import CounterName
from desk.wording.counters import called


@pytest.mark.parametrize("name", ["Loket 3", "loket 3", "Counter 3", "3", "03", "Loket 03", "LOKET3"])
def test_a_name_that_says_no_more_than_the_number(name: str) -> None:
    counter = CounterName(3, name)
    assert (counter.own("id"), counter.own("en")) == (None, None)
    assert called(counter, "id", {"Counter %(number)d": "Loket %(number)d"}.__getitem__) == "Loket 3"
    assert called(counter, "en", str) == "Counter 3"


@pytest.mark.parametrize(
    "name", ["Teller 3", "Kasir 3", "Ruang Konsultasi 3", "Loket Lelang 3", "Loket 13", "Loket 3A", "Loket tiga", "B3"]
)
def test_any_other_word_makes_a_name_of_its_own(name: str) -> None:
    counter = CounterName(3, name)
    assert [counter.own(each) for each in ("id", "en")] == [name, name]
    assert called(counter, "en", str) == name


def test_each_language_has_its_name_and_an_empty_one_is_that_of_the_other() -> None:
    both = CounterName(7, "Meja Informasi", "Information desk")
    assert (both.own("id"), both.own("en")) == ("Meja Informasi", "Information desk")
    assert CounterName(7, "Meja Informasi").own("en") == "Meja Informasi"
    assert CounterName(7, "Meja Informasi", "Counter 7").own("en") is None
    english = CounterName(7, "Loket 7", "Information desk")
    assert (english.own("id"), english.own("en")) == (None, "Information desk")
