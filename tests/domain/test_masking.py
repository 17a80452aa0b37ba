import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.masking import LONGEST, masked, one_line, scrubbed
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
