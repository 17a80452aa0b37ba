"""The trail: whatever is changed, dropped, added or exchanged is found; what was signed has one form."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desk.domain.audit import FIRST_LINK, Entry, Head, canonical, digest_of, faults, link

KEYS = {"k1": b"the first key of the trail......", "k2": b"the key after the change of keys"}
NAMES = ["VisitStarted", "TransactionOpened", "TransactionCalled", "DutyStarted"]
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def signed(entries):
    """Return the entries as a trail: numbered from 1, each signed with its key after the one before."""
    mac, trail = FIRST_LINK, []
    for number, unsigned in enumerate(entries, start=1):
        entry = replace(unsigned, number=number, mac="")
        mac = link(KEYS[entry.key_id], mac, entry)
        trail.append(replace(entry, mac=mac))
    return trail


ENTRIES = st.builds(
    Entry,
    office_id=st.just(1),
    number=st.just(0),
    epoch=st.integers(1, 3),
    at=st.integers(0, 2**52),
    name=st.sampled_from(NAMES),
    actor_kind=st.sampled_from(["staff", "kiosk", "system", "visitor"]),
    actor_id=st.none() | st.integers(1, 99),
    transaction_id=st.none() | st.integers(1, 2**53),
    visit_id=st.none() | st.integers(1, 2**53),
    payload=st.dictionaries(st.text(max_size=6), JSONS, max_size=4).map(canonical),
    key_id=st.sampled_from(sorted(KEYS)),
    mac=st.just(""),
)
TRAILS_TAKE_TIME = settings(max_examples=50)
TRAILS = st.lists(ENTRIES, min_size=1, max_size=8).map(signed)


def found(trail, expected=None):
    return [(fault.number, fault.kind) for fault in faults(trail, KEYS, expected=expected)]


@TRAILS_TAKE_TIME
@given(TRAILS)
def test_a_trail_as_it_was_written_holds(trail):
    assert found(trail) == []
    assert found(trail, Head(1, len(trail), trail[-1].mac)) == []


@settings(max_examples=200)
@given(TRAILS, st.data())
def test_any_single_character_changed_in_any_stored_field_is_found(trail, data):
    position = data.draw(st.integers(0, len(trail) - 1))
    field = data.draw(st.sampled_from([each.name for each in fields(Entry)]))
    stored = str(getattr(trail[position], field))
    place = data.draw(st.integers(0, max(0, len(stored) - 1)))
    character = data.draw(st.characters(codec="utf-8"))
    changed = stored[:place] + character + stored[place + 1 :]
    assume(changed != stored)
    is_number = isinstance(getattr(trail[position], field), int)
    value = int(changed) if is_number and changed.isascii() and changed.lstrip("-").isdigit() else changed
    assume(str(value) != stored)

    trail[position] = replace(trail[position], **{field: value})

    ((number, kind),) = found(trail)
    assert number == position + 1
    assert kind == {"number": "gap", "key_id": kind}.get(field, "signature")
    assert kind in {"gap", "key", "signature"}


@TRAILS_TAKE_TIME
@given(TRAILS, st.data())
def test_a_missing_entry_is_found(trail, data):
    gone = data.draw(st.integers(0, len(trail) - 1))
    head = Head(1, len(trail), trail[-1].mac)
    del trail[gone]

    assert found(trail, head) == [(gone + 1, "gap" if gone < len(trail) else "cut")]


@TRAILS_TAKE_TIME
@given(TRAILS, st.data())
def test_exchanged_entries_are_found(trail, data):
    assume(len(trail) > 1)
    one = data.draw(st.integers(0, len(trail) - 2))
    trail[one], trail[one + 1] = trail[one + 1], trail[one]

    assert found(trail) == [(one + 1, "gap")]


@TRAILS_TAKE_TIME
@given(TRAILS, st.data())
def test_exchanged_contents_are_found(trail, data):
    assume(len(trail) > 1)
    one = data.draw(st.integers(0, len(trail) - 2))
    first, second = trail[one], trail[one + 1]
    assume(replace(first, number=0, mac="") != replace(second, number=0, mac=""))
    trail[one] = replace(second, number=first.number)
    trail[one + 1] = replace(first, number=second.number)

    assert found(trail)[0] == (one + 1, "signature")


@TRAILS_TAKE_TIME
@given(TRAILS, ENTRIES, st.data())
def test_an_added_entry_is_found(trail, extra, data):
    place = data.draw(st.integers(0, len(trail)))
    head = Head(1, len(trail) + 1, FIRST_LINK)
    forged = replace(extra, number=place + 1, mac="0" * 64)

    assert found([*trail[:place], forged, *trail[place:]], head)[0] == (place + 1, "signature")


@TRAILS_TAKE_TIME
@given(TRAILS, st.data())
def test_a_cut_tail_is_found_by_the_head_kept_elsewhere(trail, data):
    head = Head(1, len(trail), trail[-1].mac)
    kept = data.draw(st.integers(0, len(trail) - 1))

    assert found(trail[:kept], head) == [(kept + 1, "cut")]
    assert found(trail[:kept]) == []


@TRAILS_TAKE_TIME
@given(TRAILS, st.data())
def test_a_trail_written_anew_with_the_key_is_found_by_the_head_kept_elsewhere(trail, data):
    head = Head(1, len(trail), trail[-1].mac)
    place = data.draw(st.integers(0, len(trail) - 1))
    trail[place] = replace(trail[place], at=trail[place].at + 1)

    assert found(signed(trail), head) == [(len(trail), "cut")]


@TRAILS_TAKE_TIME
@given(TRAILS, ENTRIES)
def test_the_head_of_an_earlier_moment_still_holds(trail, later):
    head = Head(1, len(trail), trail[-1].mac)

    assert found(signed([*trail, later]), head) == []


def test_the_head_of_an_empty_trail():
    assert found([], Head(1, 0, FIRST_LINK)) == []
    assert found([], Head(1, 1, FIRST_LINK)) == [(1, "cut")]


@TRAILS_TAKE_TIME
@given(TRAILS)
def test_a_trail_of_another_office_does_not_hold_here(trail):
    assert found([replace(each, office_id=2) for each in trail]) == [(1, "signature")]


@TRAILS_TAKE_TIME
@given(TRAILS)
def test_without_the_key_nothing_holds(trail):
    assert [fault.kind for fault in faults(trail, {})] == ["key"]
    other = dict.fromkeys(KEYS, b"another")
    assert [fault.kind for fault in faults(trail, other)] == ["signature"]


@TRAILS_TAKE_TIME
@given(st.lists(ENTRIES, min_size=2, max_size=2))
def test_no_two_entries_are_signed_alike(entries):
    one, other = entries
    assume(one != other)

    assert len({link(KEYS["k1"], FIRST_LINK, one), link(KEYS["k1"], FIRST_LINK, other)}) == 2
    assert link(KEYS["k1"], FIRST_LINK, one) != link(KEYS["k1"], "1" * 64, one)


class TestCanonical:
    @given(st.dictionaries(st.text(max_size=6), JSONS, max_size=5), st.randoms(use_true_random=False))
    def test_one_form_whatever_the_order_of_keys(self, payload, random):
        names = list(payload)
        random.shuffle(names)

        assert canonical({name: payload[name] for name in names}) == canonical(payload)

    @given(st.dictionaries(st.text(max_size=6), JSONS, max_size=5))
    def test_reading_and_writing_it_again_changes_nothing(self, payload):
        text = canonical(payload)

        assert json.loads(text) == payload
        assert canonical(json.loads(text)) == text

    def test_the_form(self):
        assert canonical({"b": [1, None, True], "a": "é"}) == '{"a":"é","b":[1,null,true]}'


class TestDigest:
    def test_it_is_keyed_and_does_not_tell_the_words(self):
        assert digest_of(KEYS["k1"], "Siti") != digest_of(KEYS["k2"], "Siti")
        assert digest_of(KEYS["k1"], "Siti") != digest_of(KEYS["k1"], "siti")
        assert len(digest_of(KEYS["k1"], "Siti")) == 32


class TestForms:
    """A change of these forms would make every trail and every digest that is kept worthless."""

    def test_of_a_signature(self):
        ids = (1 << 40 | 5, 1 << 40 | 4)
        entry = Entry(1, 7, 2, 1772413200000000, "TransactionCalled", "staff", 3, *ids, '{"a":"é"}', "k1", "")

        assert link(b"key", FIRST_LINK, entry) == "e567cc883eac7d186b5a0d630b4b578bce2d8931c80e4dbd3245e5f3eceb3f93"

    def test_of_a_digest(self):
        assert digest_of(b"key", "Siti Aminah") == "109372ec65114daaa57ef44a7a0540b5"


@pytest.mark.parametrize("mac", ["é" * 64, "", "0", "\U0001f600"])
def test_a_signature_that_is_none_is_found(mac):
    entry = Entry(1, 1, 1, 0, "DayClosed", "system", None, None, None, "{}", "k1", mac)

    assert found([entry]) == [(1, "signature")]
