import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.delivery.addresses import Mailbox, SenderIdentity, UnusableAddress

UNUSABLE = [
    "", "wati", "wati@", "@example.go.id", "wati@@example.go.id", "a@b@example.go.id", "wati lestari@example.go.id",
    '"wati lestari"@example.go.id', "wati@example.go.id, joko@example.go.id", "Wati <wati@example.go.id>",
    "wati@example.go.id\n", "wati@example.go.id\r\nBcc: joko@example.go.id", "wa\x00ti@example.go.id",
    "wati@example..id", "wati@.example.id", "wati@-example.id", "wati@exa mple.id", "wati@[127.0.0.1]",
    "w" * 65 + "@example.go.id", "wati@" + "a" * 64 + ".id", "wati@" + "a.b" * 100, "wati\u202e@example.go.id",
    "wati@example.go.id>", "wati@\ud800.id", "wati@exam_ple.id",
]  # fmt: skip


@pytest.mark.parametrize("text", UNUSABLE)
def test_unusable(text):
    with pytest.raises(UnusableAddress):
        Mailbox.parse(text)


@pytest.mark.parametrize(
    ("text", "sent_to"),
    [
        ("wati@example.go.id", "wati@example.go.id"),
        ("Wati.Lestari+antrean@Example.GO.ID", "Wati.Lestari+antrean@Example.GO.ID"),
        ("wati@localhost", "wati@localhost"),
        ("o'neil!#$%&*/=?^_`{|}~-@example.go.id", "o'neil!#$%&*/=?^_`{|}~-@example.go.id"),
        ("wati@münchen.example", "wati@xn--mnchen-3ya.example"),
        ("ñandú@example.go.id", "ñandú@example.go.id"),
    ],
)
def test_usable(text, sent_to):
    assert str(Mailbox.parse(text)) == sent_to


@given(st.text(max_size=300) | st.from_regex(r".{0,20}@.{0,20}", fullmatch=True))
def test_whatever_is_typed_gives_one_line_or_a_refusal(text):
    try:
        parsed = str(Mailbox.parse(text))
    except UnusableAddress:
        return
    assert parsed.count("@") == 1
    assert parsed.isprintable()
    assert not set(parsed) & set(' "(),:;<>[]\\')


def test_the_sender_may_have_a_name():
    identity = SenderIdentity.parse("Meja Layanan <desk@example.go.id>")

    assert (str(identity.mailbox), identity.shown_as("KPKNL")) == ("desk@example.go.id", "Meja Layanan")
    assert SenderIdentity.parse("desk@example.go.id").shown_as("KPKNL Contoh") == "KPKNL Contoh"


def test_a_sender_without_an_address_is_refused():
    with pytest.raises(UnusableAddress):
        SenderIdentity.parse("Meja Layanan")
