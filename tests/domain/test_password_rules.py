"""Passwords staff may choose: ASVS 5.0, 6.2, one example or more of each."""

import pytest

from desk.domain.password_rules import MOST, About, require_fit
from desk.domain.refusals import Reason, Refused
from desk.operations.accounts.common_passwords import is_common
from desk.operations.accounts.passwords import generate

SARI = About("sari.kpknl", "Sari Wulandari", "sari.w@example.id", ("KPKNL Bandung",))


def verdict(password: str) -> Reason | None:
    try:
        require_fit(password, SARI, is_common=is_common)
    except Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(
    "password",
    [
        "kucing makan ikan asin",
        "ikan  asin  dua  spasi",
        "пароль из слов",
        "七転び八起き七転び八起きだよ、多分",
        "🐈🐕🐁🐂🐅🐇🐉🐍🐎🐑🐒🐓",
        "x7!kq2mz9vbe",
        "nohurufbesarsamasekali",
        "a" * 3 + "kucing makan ikan" * 8 + "tuju",
    ],
)
def test_any_characters_do(password: str) -> None:
    """ASVS 6.2.5, 6.2.8, 6.2.9, 6.2.10."""
    assert verdict(password) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("kucingmakan", Reason.TOO_SHORT),  # 6.2.1
        ("", Reason.TOO_SHORT),
        ("q7" * (MOST // 2) + "x", Reason.TOO_LONG),
        ("qwertyuiop12", Reason.BREACHED_OFTEN),  # 6.2.4, 6.2.12
        ("CounterStrike", Reason.BREACHED_OFTEN),
        ("ｃounterstrike", Reason.BREACHED_OFTEN),  # the same letters, wider
        ("é" * 20, Reason.LOOKS_LONG),
        ("xk4 xk4 xk4 xk4 xk4 xk", Reason.LOOKS_LONG),
        ("lkjhgfdsa09876543", Reason.LOOKS_LONG),
        ("sari.wulandari1", Reason.NAMES_ONLY),  # 6.2.11
        ("KPKNL-bandung-desk", Reason.NAMES_ONLY),
        ("rahasia di loket", Reason.NAMES_ONLY),
    ],
)
def test_what_is_easily_guessed_does_not(password: str, reason: Reason) -> None:
    assert verdict(password) is reason


def test_names_may_stand_among_other_words() -> None:
    assert verdict("sari naik becak ke pasar") is None


def test_the_list_is_long_enough() -> None:
    """ASVS 6.2.4: at least the 3,000 most common that are long enough."""
    from desk.operations.accounts import common_passwords

    known = common_passwords._digests()
    assert len(known) // common_passwords.WIDTH > 40_000
    assert all(map(is_common, ("123qweasdzxc", "1qaz2wsx3edc4rfv", "finalfantasy", "justinbieber")))
    assert not is_common("kucing makan ikan asin")


def test_what_is_made_here_fits() -> None:
    for _ in range(200):
        assert verdict(generate()) is None
