"""Phone numbers as people write them, in the one form that gateways take."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.masking import masked, scrubbed
from desk.domain.phones import is_phone, read_phone
from desk.domain.refusals import Reason, Refused

WRITTEN = {
    "0812-3456-7890": "+6281234567890",
    "0812 3456 789": "+628123456789",
    "+62 (0)812 3456 7890": "+6281234567890",
    "0062 812.3456.7890": "+6281234567890",
    "62812/34567890": "+6281234567890",
    "812 3456 7890": "+6281234567890",
    "+65 9123 4567": "+6591234567",
    "0044 7911 123456": "+447911123456",
}


@pytest.mark.parametrize(("typed", "number"), WRITTEN.items())
def test_however_it_is_written(typed, number):
    assert read_phone(typed) == number
    assert read_phone(number) == number
    assert is_phone(number)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "0",
        "+",
        "021 345 6789",
        "+62 21 345 6789",
        "0812",
        "+1",
        "081234567890123456",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "0812a3456789",
    ],
)
def test_what_is_none_is_refused(typed):
    with pytest.raises(Refused) as caught:
        read_phone(typed)
    assert caught.value.reason is Reason.INVALID


@given(st.text(max_size=40))
def test_nothing_but_a_number_or_a_refusal(typed):
    with suppress(Refused):
        assert is_phone(read_phone(typed))


def test_masked_as_an_address_is():
    assert masked("+6281234567890") == "+62***890"
    assert scrubbed("no route to 62812-3456-7890 (err 12)", address="+6281234567890") == "no route to *** (err 12)"
