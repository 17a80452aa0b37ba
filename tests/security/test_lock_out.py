"""Guessing passwords is slow, and slow only for who guesses: nobody is locked out by others (ASVS 5.0, 6.3.1)."""

import re
import time
from typing import Any

import pytest
from sqlalchemy import select

from desk.domain.signing_in import Outcome
from desk.limiting.patience import ATTACKED_AFTER, ATTACKED_WAIT, Patience
from desk.models import SignInRecord
from desk.web.accounts.attempts import PATIENCE
from tests.fixtures.web import PASSWORD, Web
from tests.security.test_sessions import COOKIE, flags_of, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def hammer(web: Web, times: int, *, networks: int = 1, name: str = "sari.kpknl") -> list[int]:
    """Try wrong passwords for a name from as many networks; each from a browser without cookies."""
    statuses = []
    for number in range(times):
        place = {"REMOTE_ADDR": f"203.0.{number % networks}.{number // networks % 250 if networks > 1 else 7}"}
        statuses.append(sign_in(web.another(), name, "salah", environ_base=place).status_code)
    return statuses


def records(web: Web) -> list[Any]:
    with web.office.streams.reading() as connection:
        return list(connection.execute(select(SignInRecord.__table__).order_by(SignInRecord.id)).all())


@pytest.fixture
def patience(web: Web) -> Patience:
    found: Patience = web.app.extensions[PATIENCE]
    return found


def test_five_hundred_wrong_passwords_lock_nobody_out(web: Web, patience: Patience) -> None:
    """From one network; the owner gets in at once from a known device, behind the same address too, and from anew."""
    sari = web.as_("Sari")
    sari.post("/sign-out")
    statuses = hammer(web, 500)
    assert statuses[:5] == [422] * 5
    assert statuses.count(422) <= 12
    assert set(statuses) == {422, 429}
    assert sign_in(sari, environ_base={"REMOTE_ADDR": "203.0.0.9"}).status_code == 303
    assert sign_in(web.another(), environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 303
    assert sign_in(web.another(), "dewi.kpknl", environ_base={"REMOTE_ADDR": "203.0.1.9"}).status_code == 303
    delayed = [row for row in records(web) if row.outcome == Outcome.DELAYED.value]
    assert len(delayed) <= 5, "what is hammered fills no table"


def test_who_waits_as_told_gets_in_though_others_go_on(
    web: Web, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a new device: at the attacker's own address by the time that page and header say, next to it at once."""
    hammer(web, 10)
    owner, here = web.another(), {"REMOTE_ADDR": "203.0.0.7"}
    told = sign_in(owner, environ_base=here)
    seconds = int(told.headers["Retry-After"])
    assert told.status_code == 429 and 0 < seconds <= 900
    said = re.search(r"Coba lagi dalam (\d+) (detik|menit)", told.get_data(as_text=True))
    assert said and int(said[1]) == (seconds if said[2] == "detik" else -(-seconds // 60))
    late = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: late)
    patience._clock = time.time
    assert set(hammer(web, 10)) == {429}, "whoever was not told to come now comes later"
    assert sign_in(owner, environ_base=here).status_code == 303
    hammer(web, 10)
    assert sign_in(web.another(), environ_base={"REMOTE_ADDR": "203.0.0.8"}).status_code == 303


def test_an_attack_from_many_networks_delays_a_stranger_once_and_briefly(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = hammer(web, ATTACKED_AFTER + 20, networks=200)
    assert statuses == [422] * ATTACKED_AFTER + [429] * 20
    stranger, known = web.another(), web.as_("Dewi")
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    first = sign_in(stranger, environ_base=elsewhere)
    assert first.status_code == 429
    assert int(first.headers["Retry-After"]) > 0
    assert "detik" in first.get_data(as_text=True)
    assert "sari.kpknl" in first.get_data(as_text=True), "what was typed stays in its field"
    late = time.time() + ATTACKED_WAIT + 1
    monkeypatch.setattr(time, "time", lambda: late)
    assert sign_in(stranger, environ_base=elsewhere).status_code == 303
    known.get("/account")


def test_whoever_is_nobody_is_delayed_alike(web: Web) -> None:
    """ASVS 6.3.8: neither answer nor delay tells whether there is such an account."""
    real, nobody = hammer(web, 8), hammer(web, 8, name="tidak.ada")
    assert real == nobody


def test_a_known_device_waits_for_its_own_mistakes_only(web: Web) -> None:
    sari = web.as_("Sari")
    sari.post("/sign-out")
    assert [sign_in(sari, password="salah").status_code for _ in range(11)] == [422] * 10 + [429]
    assert sign_in(web.another(), environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 303


def test_the_mark_of_a_device_opens_nothing_and_is_of_one_person(web: Web) -> None:
    answer = sign_in(web.another())
    assert flags_of(answer, "known") == {
        "name": "desk-known", "httponly": "", "samesite": "Strict", "path": "/", "max-age": str(180 * 86_400),
        "expires": flags_of(answer, "known")["expires"],
    }  # fmt: skip
    sari = web.as_("Sari")
    sari.client.delete_cookie(COOKIE)
    sari.get("/account", status=302)
    forged = web.another()
    forged.client.set_cookie("desk-known", sari.client.get_cookie("desk-known").value[:-2] + "xx")
    for other in (sari, forged):
        name = "dewi.kpknl" if other is sari else "sari.kpknl"
        here = {"REMOTE_ADDR": "198.51.100.7" if other is sari else "198.51.101.7"}
        assert [sign_in(other, name, "salah", environ_base=here).status_code for _ in range(7)][5:] == [429, 429]


def test_what_is_written_down_of_attempts(web: Web) -> None:
    """Success and refusal, by whom and how, from which network; never the name that was typed (ASVS 16.2.5, 16.3.1)."""
    place = {"REMOTE_ADDR": "203.0.113.77"}
    sign_in(web.another(), environ_base=place)
    sign_in(web.another(), password="salah", environ_base=place)
    for _ in range(2):
        sign_in(web.another(), "rahasia-saya", "salah", environ_base=place)
    kept = records(web)
    sari = web.office.sari.id
    assert [(row.outcome, row.how, row.person_id, row.source) for row in kept] == [
        ("success", "password", sari, "203.0.113.0/24"),
        ("refused", "password", sari, "203.0.113.0/24"),
        ("refused", "password", None, "203.0.113.0/24"),
        ("refused", "password", None, "203.0.113.0/24"),
    ]
    assert kept[2].typed == kept[3].typed != kept[1].typed
    assert not {"rahasia-saya", "203.0.113.77", PASSWORD} & {value for row in kept for value in row}
