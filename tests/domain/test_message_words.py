"""Own words for messages: what may stand in them, how they are filled in, and that nothing else means a thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.invitation import Channel
from desk.domain.message_words import (
    LONGEST,
    ONE_LINE,
    TO_VISITORS,
    Fault,
    Found,
    Part,
    TextKind,
    channels_of,
    cleaned,
    filled,
    find_fault,
    find_faults,
    parts_of,
    pieces_of,
    placeholders_of,
)
from desk.domain.phone_length import PhoneLength, measure

PLACES = [(kind, part) for kind in TextKind for channel in channels_of(kind) for part in parts_of(kind, channel)]
ODD = [
    "{",
    "}",
    "{link}",
    "{office}",
    "{ office }",
    "{{link}}",
    "{link.__class__}",
    "%(office)s",
    "${link}",
    "{% if %}",
]
words = st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=12)), max_size=8).map("".join)


@given(st.sampled_from(PLACES), words, st.text(max_size=20))
def test_whatever_is_typed_is_refused_or_filled_in_whole(place: tuple[TextKind, Part], typed: str, value: str) -> None:
    kind, part = place
    clean = cleaned(part, typed)
    found = find_fault(kind, part, clean)
    if found is not None:
        return
    names = placeholders_of(kind, part)
    assert {each.name for each in pieces_of(clean)} <= {"", *names}
    assert "{" not in filled(clean, dict.fromkeys(names, "")) and "}" not in filled(clean, dict.fromkeys(names, ""))
    known = dict.fromkeys(names, value)
    assert filled(clean, known) == "".join(value if each.name else each.words for each in pieces_of(clean))
    if part in ONE_LINE:
        assert not {"\r", "\n"} & set(clean)


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    assert (
        filled("{office}: {number}", {"office": "{number} {link}", "number": "{office}"}) == "{number} {link}: {office}"
    )


@pytest.mark.parametrize(
    ("words_", "fault"),
    [
        ("", Found(Fault.EMPTY)),
        (" {link}", Found(Fault.EMPTY)),
        ("{link}\x00", Found(Fault.EMPTY)),
        ("x" * 1501, Found(Fault.TOO_LONG, count=1501)),
        ("Halo", Found(Fault.NO_LINK, "link")),
        ("{link}{link}", Found(Fault.LINK_TWICE, "link")),
        ("{nama} {link}", Found(Fault.UNKNOWN, "nama")),
        ("{LINK}", Found(Fault.STRAY_BRACE)),
        ("{link", Found(Fault.STRAY_BRACE)),
        ("{link:>99}", Found(Fault.STRAY_BRACE)),
    ],
)
def test_what_cannot_be_sent(words_: str, fault: Found) -> None:
    assert find_fault(TextKind.INVITATION, Part.BODY, words_) == fault


def test_names_of_people_are_never_on_offer_and_the_link_only_where_it_is_followed() -> None:
    for kind, part in PLACES:
        names = placeholders_of(kind, part)
        assert not {"name", "visitor", "officer", "email", "phone", "address"} & set(names)
        assert ("link" in names) == (part in (Part.BODY, Part.TEXT) and kind in TO_VISITORS)
        assert LONGEST[part]


def test_every_part_is_needed() -> None:
    faults = find_faults(TextKind.INVITATION, Channel.EMAIL, {})
    assert set(faults) == {Part.SUBJECT, Part.GREETING, Part.BODY, Part.BUTTON}


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", PhoneLength(True, 0, 1)),
        ("a" * 160, PhoneLength(True, 160, 1)),
        ("a" * 161, PhoneLength(True, 161, 2)),
        ("a" * 306, PhoneLength(True, 306, 2)),
        ("a" * 307, PhoneLength(True, 307, 3)),
        ("€" * 80, PhoneLength(True, 160, 1)),
        # An escape and its character are not torn in two: 152 and one left over, in each but the last.
        ("€" * 153, PhoneLength(True, 306, 3)),
        ("✓" + "a" * 69, PhoneLength(False, 70, 1)),
        ("✓" + "a" * 70, PhoneLength(False, 71, 2)),
        ("😀" * 35, PhoneLength(False, 70, 1)),
        ("😀" * 67, PhoneLength(False, 134, 3)),
    ],
)
def test_how_many_messages_a_text_makes(text: str, length: PhoneLength) -> None:
    assert measure(text) == length
