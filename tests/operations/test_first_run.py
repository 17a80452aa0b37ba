"""Two people at once with the token of the first run: one office, on both databases; and one token for all machines."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from desk.cli import database
from desk.domain.access import Role
from desk.domain.opening import AddressFault, code_of, find_address_fault, is_refused_sender
from desk.domain.refusals import Reason, Refused
from desk.models import Office, Person, SetupToken
from desk.models.engine import open_engine
from desk.operations.opening.first_run import FirstOffice, offer_token, set_up
from desk.operations.opening.setting_up import OfficePlan, PersonPlan
from desk.operations.stream import Streams
from desk.reads.doctor import examine
from tests.fixtures.office import KEYS

AT_ONCE = 4


def prepare_empty(url):
    """A database without an office."""
    database.upgrade(url)


@pytest.fixture
def streams(fresh_database):
    """Several processes at one database without an office."""
    url = fresh_database(prepare_empty)
    found = [Streams(open_engine(url), KEYS) for _ in range(AT_ONCE)]
    yield found
    for each in found:
        each.engine.dispose()


def _all(streams, model):
    with streams.reading() as connection:
        return connection.execute(select(model.__table__)).all()


def test_of_many_at_once_one_opens_the_office(streams):
    barrier = Barrier(AT_ONCE)

    def at_once(number):
        barrier.wait()
        token = offer_token(streams[number])
        barrier.wait()
        return token

    with ThreadPoolExecutor(AT_ONCE) as pool:
        (token,) = [each for each in pool.map(at_once, range(AT_ONCE)) if each]
        assert len(_all(streams[0], SetupToken)) == 1

        def opens(number):
            administrator = PersonPlan(f"agus{number}", "Agus", (Role.ADMIN,), password_hash="x")
            office = OfficePlan("bandung", "KPKNL Bandung", "Asia/Jakarta")
            barrier.wait()
            try:
                return set_up(streams[number], FirstOffice(office, administrator), token).office_id
            except Refused as refused:
                return refused.reason

        answers = list(pool.map(opens, range(AT_ONCE)))

    assert sorted(map(str, answers)) == ["1", *[str(Reason.ALREADY_DONE)] * (AT_ONCE - 1)]
    assert len(_all(streams[0], Office)) == 1
    assert [row.keeps_server for row in _all(streams[0], Person)] == [True]
    assert _all(streams[0], SetupToken) == []
    with streams[0].reading() as connection:
        assert examine(connection, KEYS.known) == []


def test_codes_addresses_and_senders_are_judged():
    names = {"KPKNL Bandung": "kpknl-bandung", " Çáfé –– 2 ": "cafe-2", "東京": "office", "x" * 90: "x" * 39}
    assert {name: code_of(name) for name in names} == names
    faults = {
        "": AddressFault.UNSET,
        "desk.example.go.id": AddressFault.NO_ADDRESS,
        "http://127.0.0.1:8000": AddressFault.THIS_MACHINE,
        "https://localhost": AddressFault.THIS_MACHINE,
        "https://example.go.id/desk": AddressFault.MORE_THAN_HOST,
        "http://example.go.id": AddressFault.OPEN,
        "http://192.168.1.4:8000": None,
        "https://example.go.id/": None,
    }
    assert {given: find_address_fault(given) for given in faults} == faults
    assert is_refused_sender("desk@localhost") and is_refused_sender("Desk <desk@office.local>")
    assert not is_refused_sender("Desk <desk@kpknl.example.go.id>")
