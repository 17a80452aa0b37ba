"""What people type, made fit to keep: nothing that would show somebody else's words in another order."""

from datetime import UTC, datetime

import pytest

from desk.domain.console import read_snippet
from desk.domain.displays import LONGEST_EMERGENCY, MessageWish, require_words
from desk.domain.refusals import Refused
from desk.domain.texts import one_line, several_lines
from desk.operations.settings.setting_changes import words_of

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_nothing_turns_the_writing_around():
    typed = f" Loket{TURNING} 3\x00\u2028kiri "
    assert one_line(typed) == "Loket 3 kiri"
    assert several_lines(f"satu{TURNING}\r\n{TURNING}dua") == "satu\ndua"
    assert one_line("A\u200dB \u05d0\u200f") == "A\u200dB \u05d0\u200f"  # what joins letters stays
    assert read_snippet(typed) == words_of(typed, "location_id", most=80) == "Loket 3 kiri"
    for words in (typed, TURNING, "", "x" * (LONGEST_EMERGENCY + 1)):
        with pytest.raises(Refused):
            require_words({"words_id": words}, most=LONGEST_EMERGENCY)
    with pytest.raises(Refused):
        MessageWish("Bawa KTP", "Bring\u202e your card", NOW).require_fit()
