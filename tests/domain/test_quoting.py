"""A token is not left in what somebody said, however they quoted the link."""

import html
import quopri
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.masking import scrubbed
from desk.domain.quoting import PART, find_parts, laid_bare, unquoted
from desk.domain.tokens import TokenKind, derive

KEY = b"k" * 32


def encoded_whole(words):
    """Encode every character, as some programs do."""
    return "".join(f"%{byte:02X}" for byte in words.encode())


WAYS = {
    "as it is": str,
    "encoded": lambda words: quote(words, safe=""),
    "encoded in small letters": lambda words: re.sub("%..", lambda found: found[0].lower(), quote(words, safe="")),
    "encoded whole": encoded_whole,
    "for a page": lambda words: html.escape(words).replace("/", "&#x2F;"),
    "for a page in numbers": lambda words: "".join(f"&#{ord(char)};" for char in words),
    "for a script": lambda words: words.replace("/", "\\/").replace("=", "\\u003d"),
    "for mail": lambda words: quopri.encodestring(words.encode(), quotetabs=True).decode(),
    "in capitals": str.upper,
    "as a question": lambda words: f"http://bl.example/q?u={words}&x=1",
    "in brackets": lambda words: f"<{words}>",
}
TOKENS = st.builds(lambda number: derive(KEY, TokenKind.SURVEY, number, channel="email"), st.integers(1, 10_000))
FOLDS = st.sampled_from([" ", "\r\n ", "\n\t", "=\r\n", "-\n"])


def in_a_row(words):
    """Return what somebody could put together: the letters and digits of tokens, in a row, in whatever way quoted."""
    bare = laid_bare(re.sub(r"=?\s+", "", words)).lower()
    return re.sub("[^a-z2-7]", "", bare)


def is_left(token, shown):
    return any(token[at : at + PART] in in_a_row(shown) for at in range(len(token) - PART + 1))


def quoted_in(link, ways):
    for way in ways:
        link = WAYS[way](link)
    return link


@given(TOKENS, st.lists(st.sampled_from(sorted(WAYS)), max_size=4), st.data())
def test_nothing_is_left_of_a_token_that_is_known(token, ways, data):
    words = quoted_in(f"https://desk.example.go.id/s/{token}", ways)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(words)))
        words = words[:at] + data.draw(FOLDS) + words[at:]
    shown = scrubbed(f"554 5.7.1 Message refused, see {words} for more", secrets=[token])

    assert not is_left(token, shown)
    assert shown.startswith("554 5.7.1 ")


@given(TOKENS, st.lists(st.sampled_from(sorted(WAYS)), max_size=4, unique=True))
def test_nothing_is_left_of_one_that_is_not(token, ways):
    words = quoted_in(f"https://desk.example.go.id/s/{token}", ways)

    assert not is_left(token, scrubbed(f"554 5.7.1 Message refused, see {words} for more"))


@given(st.integers(1, 9999), st.integers(0, 26), st.sampled_from([" ", "\r\n ", "=\n"]))
def test_an_unknown_one_that_is_broken_in_a_link(number, at, fold):
    token = derive(KEY, TokenKind.SURVEY, number)
    if not re.search("[2-7]", token):
        return  # one in 220: nothing tells it from words
    shown = scrubbed(f"554 see http://x.example/s/{token[:at]}{fold}{token[at:]} for more")

    assert token[:PART] not in shown and token[-PART:] not in shown


@pytest.mark.parametrize(("first", "last"), [(0, PART), (0, 20), (26 - PART, 26), (5, 15)])
def test_a_part_of_a_known_one_is_masked(first, last):
    token = derive(KEY, TokenKind.SURVEY, 7)
    assert scrubbed(f"554 blocked {token[first:last]} today", secrets=[token]) == "554 blocked *** today"


def test_what_nobody_can_make_out_is_left_out():
    token = derive(KEY, TokenKind.SURVEY, 7)
    hidden = "".join(f"%{ord(char):02X}"[:2] + "\n" + f"{ord(char):02X}"[1:] for char in token)
    assert scrubbed(f"554 5.7.1 see {hidden}", secrets=[token]) == "554 5.7.1 ***"


@pytest.mark.parametrize(
    "said",
    [
        "550 5.1.1 No such mailbox",
        "450 4.7.1 Greylisted, please try again in 300 seconds",
        "452 4.2.2 Mailbox 100% full",
        "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.example",
        "421 4.7.0 Try again later, closing connection. (EHLO) d9443c01a7336 - gsmtp",
        "250 2.0.0 Ok: queued as 4XyZ9kBcDeF",
    ],
)
def test_what_names_nobody_stays_as_it_was_said(said):
    token = derive(KEY, TokenKind.SURVEY, 7)
    assert scrubbed(said, secrets=[token]) == said


def test_a_link_keeps_its_host():
    assert scrubbed("554 see https://www.bl.example/lookup?ip=192.0.2.7") == "554 see https://www.bl.example/***"


def test_a_page_of_words_takes_no_time():
    for words in ("a" * 65_536, "a.a" * 20_000, "%25" * 20_000, "x/" * 30_000, "a b=" * 16_000, "&amp;" * 13_000):
        assert len(scrubbed(words, secrets=[derive(KEY, TokenKind.SURVEY, 7)])) <= 300


@given(st.text())
def test_unquoting_comes_to_an_end(words):
    bare = unquoted(words)
    assert unquoted(bare) == bare
    assert len(laid_bare(words)) <= len(words)
    assert find_parts(words, []) == []
