import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.masking import LONGEST, guarded, masked, one_line, scrubbed
from desk.domain.tokens import TokenKind, derive

WATI = "wati.lestari@example.go.id"
TOKEN = derive(b"k" * 32, TokenKind.SURVEY, 7, channel="email")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (WATI, "w***@example.go.id"),
        ("a@b.id", "a***@b.id"),
        ("wati", "***"),
        ("@example.go.id", "***"),
        ("wati@", "***"),
        ("", "***"),
        (None, "***"),
        ("wati@example.go.id\r\nBcc: joko", "w***@example.go.id Bcc: joko"),
    ],
)
def test_an_address_can_be_told_apart_but_not_used(address, shown):
    assert masked(address) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"550 5.1.1 <{WATI}>: unknown", "550 5.1.1 <w***@example.go.id>: unknown"),
        ("550 user wati.lestari is unknown", "550 user *** is unknown"),
        ("550 user WATI.LESTARI is unknown", "550 user *** is unknown"),
        (f"554 blocked link https://x.example/s/{TOKEN}", "554 blocked link https://x.example/***"),
        (f"554 blocked link X.EXAMPLE/S/{TOKEN.upper()}.", "554 blocked link X.EXAMPLE/***"),
        ("550 one\r\ntwo\tthree", "550 one two three"),
    ],
)
def test_what_a_server_said_names_nobody(said, shown):
    assert scrubbed(said, address=WATI) == shown


@given(st.text(), st.text())
def test_neither_address_nor_token_survives(before, after):
    shown = scrubbed(f"{before} {WATI} {TOKEN} {after}", address=WATI)

    assert WATI not in shown
    assert TOKEN not in shown
    assert len(shown) <= LONGEST


@given(st.text())
def test_one_line_is_one_line(words):
    assert len(one_line(words).splitlines()) <= 1


def _wide(words):
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in words)


@pytest.mark.parametrize("address", [WATI, None])
def test_full_width_letters_hide_nothing(address):
    shown = scrubbed(f"550 {_wide(WATI)} {_wide(TOKEN)} unknown", address=address)

    assert shown == "550 w***@example.go.id *** unknown"


@pytest.mark.parametrize("step", [2, 3, 4, 5, 8, 13])
@pytest.mark.parametrize("between", ["-", ".", " ", " - ", ". "])
def test_a_token_in_pieces_is_not_kept_of_an_unknown_message(between, step):
    pieces = between.join(TOKEN[at : at + step] for at in range(0, len(TOKEN), step))

    shown = guarded(scrubbed(f"blocked {pieces} today"))

    assert shown.startswith("blocked ***")
    assert not any(piece in shown for piece in pieces.split(between) if len(piece) > 3)


@pytest.mark.parametrize(
    "said",
    [
        "Message failed because more than 24 hours have passed since the customer last replied",
        "the mailbox is full, please try again in 2 hours or ask the person who owns it",
        "smtp-relay.mail.example.co.id said: no such user",
    ],
)
def test_words_are_kept(said):
    assert guarded(said) == said
