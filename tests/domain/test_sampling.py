"""The draw: stable, monotone in the share, close to it, and nobody's to repeat; the digest of a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.asking_rules import BOUNDS, AskingSettings, changed, require_share
from desk.domain.refusals import Reason, Refused
from desk.domain.sampling import address_digest, drawn, normalized, person_digest, person_digests, without_tag

KEY = b"k" * 32
keys = st.binary(min_size=16, max_size=64)
ids = st.integers(1, 2**53)


@given(keys, ids, st.integers(0, 100), st.integers(0, 100))
def test_it_is_stable_and_who_is_in_at_ten_is_in_at_twenty(key, transaction, one, other):
    less, more = sorted((one, other))

    assert drawn(key, transaction, less) == drawn(key, transaction, less)
    assert drawn(key, transaction, less) <= drawn(key, transaction, more)


@given(keys, ids)
def test_none_of_nothing_and_all_of_everything(key, transaction):
    assert (drawn(key, transaction, 0), drawn(key, transaction, 100)) == (False, True)


@pytest.mark.parametrize("percent", [1, 5, 10, 33, 50, 90, 99])
def test_the_share_is_close_to_the_percentage(percent):
    count = 20_000
    share = sum(drawn(KEY, 1 << 40 | each, percent) for each in range(count)) / count
    deviation = (percent / 100 * (1 - percent / 100) / count) ** 0.5

    assert abs(share - percent / 100) < 4 * deviation


def test_another_key_draws_others():
    def chosen(key):
        return {each for each in range(500) if drawn(key, each, 50)}

    assert chosen(KEY) != chosen(b"x" * 32)


@given(keys, st.integers(1, 8191), st.emails())
def test_an_address_is_known_again_however_it_is_typed(key, office, address):
    assert person_digest(key, office, f"  {address.upper()} ") == person_digest(key, office, address.upper())
    assert normalized(f" {address} ") == normalized(address)
    assert address not in person_digest(key, office, address)


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("Wati+skm@Example.id", "wati@example.id"),
        (" wati+a+b@example.id", "wati@example.id"),
        ("wa.ti@example.id", "wa.ti@example.id"),
        ("+skm@example.id", "+skm@example.id"),
        ("wati@ex+ample.id", "wati@ex+ample.id"),
        ("+6281234567890", "+6281234567890"),
    ],
)
def test_what_follows_a_plus_makes_nobody_else(address, known):
    assert without_tag(address) == known
    assert person_digest(KEY, 1, address) == address_digest(KEY, 1, known)
    assert address_digest(KEY, 1, address) in person_digests(KEY, 1, address)


def test_no_office_knows_the_persons_of_another():
    assert person_digest(KEY, 1, "siti@example.id") != person_digest(KEY, 2, "siti@example.id")


class TestSettings:
    @pytest.mark.parametrize("name", BOUNDS)
    def test_bounds_are_refused_with_the_field(self, name):
        least, most = BOUNDS[name]
        for value in (least - 1, most + 1):
            with pytest.raises(Refused) as caught:
                changed(AskingSettings(), AskingSettings(**{name: value}))
            assert (caught.value.reason, caught.value.details["field"]) == (Reason.INVALID, name)

    def test_a_reminder_after_the_link_has_expired_is_refused(self):
        with pytest.raises(Refused) as caught:
            changed(AskingSettings(), AskingSettings(survey_valid_days=7, survey_reminder_days=7))
        assert caught.value.details["field"] == "survey_reminder_days"

    def test_what_differs_from_and_to(self):
        wanted = AskingSettings(survey_percent=20, survey_unserved=True)

        assert changed(AskingSettings(), wanted) == {"survey_percent": (100, 20), "survey_unserved": (False, True)}

    @pytest.mark.parametrize("percent", [-1, 101])
    def test_a_share_is_per_cent(self, percent):
        require_share(None)
        with pytest.raises(Refused):
            require_share(percent)
