"""A code is taken once, whoever comes at the same time, and one of two set-ups wins; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest
from sqlalchemy import insert, select

from desk.domain.access import Role
from desk.domain.refusals import Reason, Refused
from desk.domain.second_factors import LONGEST_WAIT_S, Verdict, wait_until
from desk.models import Delivery, RecoveryCode, SecondFactor, SignInRecord, StaffSession
from desk.operations.accounts import second_factors
from desk.operations.accounts.second_factor_codes import new_secret, seal, try_code, unseal
from desk.operations.accounts.second_factors import Setup

KEY = b"factor-key-of-the-tests-32-byte!"


def set_up(office, person, secret):
    """Set up an app with this secret and return its recovery codes."""
    setup = Setup(secret, pyotp.TOTP(secret).at(office.clock.now))
    asked = person.asks("set_up_second_factor")
    return second_factors.enroll(office.streams, office.id, asked, setup, key=KEY, person_id=person.id)


def begin_session(office, person):
    """Sign somebody in on one more device."""
    now = office.clock.now
    row = {"secret_hash": uuid4().hex * 2, "person_id": person.id, "started_at": now, "seen_at": now}
    with office.streams.setting_up() as connection:
        connection.execute(insert(StaffSession), {**row, "expires_at": now + timedelta(hours=1)})


def records(office):
    """Return what the records of sign-ins say, of whom."""
    with office.streams.reading() as connection:
        query = select(SignInRecord.person_id, SignInRecord.outcome).order_by(SignInRecord.id)
        return [tuple(row) for row in connection.execute(query)]


def together(work, many):
    """Do all at the same time; refusals are answers."""

    def tried(each):
        try:
            return work(each)
        except Refused as refused:
            return refused.reason

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(tried, many))


def test_of_requests_at_the_same_time_one_gets_in(desk_office):
    office, secret = desk_office, new_secret()
    done = together(lambda _: set_up(office, office.agus, secret), range(3))
    (codes,) = [each for each in done if isinstance(each, list)]
    assert [each for each in done if each is not codes] == [Reason.ALREADY_DONE] * 2

    def attempt(typed, person=office.agus):
        return try_code(office.streams.engine, KEY, person.id, typed, at=office.clock.now)

    shown = pyotp.TOTP(secret).at(office.clock.now)
    assert attempt(shown) is Verdict.USED  # it confirmed the app
    office.clock.tick(30)
    shown = pyotp.TOTP(secret).at(office.clock.now)
    assert sorted(together(attempt, [shown] * 4)) == ["right", "used", "used", "used"]
    assert sorted(together(attempt, [codes[0]] * 4)) == ["right", "used", "used", "used"]
    assert attempt(codes[0].upper().replace("-", " ")) is Verdict.USED
    assert attempt(codes[1], office.sari) is Verdict.WRONG
    with office.streams.reading() as connection:
        kept = repr(connection.execute(select(SecondFactor.__table__)).all())
        kept += repr(connection.execute(select(RecoveryCode.__table__)).all())
    assert secret not in kept and not [each for each in codes if each in kept]
    assert office.findings() == []


def test_a_secret_is_sealed_for_one_person_and_one_key():
    secret = new_secret()
    sealed = seal(KEY, 1, secret)
    assert unseal(KEY, 1, sealed) == secret and sealed != seal(KEY, 1, secret)
    assert unseal(KEY, 2, sealed) is None and unseal(KEY[::-1], 1, sealed) is None
    assert len(secret) * 5 >= 160


def test_who_demands_it_has_one_and_who_lost_it_is_helped(desk_office):
    office = desk_office

    def demand(person, *roles):
        asked = person.asks("demand", roles=sorted(roles))
        return second_factors.demand(office.streams, office.id, asked, roles)

    for person, reason in ((office.agus, Reason.SECOND_FACTOR_FIRST), (office.budi, Reason.FORBIDDEN)):
        with pytest.raises(Refused) as refused:
            demand(person, Role.AGENT)
        assert refused.value.reason is reason
    set_up(office, office.agus, new_secret())
    for person in (office.sari, office.agus):
        for _ in range(2):
            begin_session(office, person)
    demand(office.agus, Role.AGENT, Role.ADMIN)
    assert records(office) == [(office.sari.id, "ended")]  # once, whatever the number of devices
    with office.streams.reading() as connection:
        demanded = [
            second_factors.is_demanded_of(connection, each.id) for each in (office.sari, office.agus, office.budi)
        ]
    assert demanded == [True, True, False]
    office.budi.changes_contact(office.sari, email="sari@example.org")
    set_up(office, office.sari, new_secret())
    asked = office.agus.asks("take_away")
    second_factors.take_away(office.streams, office.id, office.sari.id, asked)
    assert [row.person_id for row in office.rows(Delivery, person_id=office.sari.id)] == [office.sari.id] * 2
    # The address that a supervisor gave, and the factor that an administrator took.
    assert records(office)[1:] == [(office.sari.id, "changed")] * 2
    second_factors.take_away_by_name(office.streams, " AGUS.kpknl ")
    assert records(office)[3:] == [(office.agus.id, "ended"), (office.agus.id, "changed")]
    for username, reason in (("agus.kpknl", Reason.ALREADY_DONE), ("nobody", Reason.UNKNOWN)):
        with pytest.raises(Refused) as refused:
            second_factors.take_away_by_name(office.streams, username)
        assert refused.value.reason is reason
    assert office.findings() == []


def test_wrong_codes_wait_ever_longer_up_to_an_hour(desk_office):
    now = desk_office.clock.now
    waits = [wait_until(failures, now) for failures in (0, 4, 5, 6, 10, 11, 400)]
    minutes = [None if each is None else (each - now) / timedelta(minutes=1) for each in waits]
    assert minutes == [None, None, 1, 2, 32, LONGEST_WAIT_S / 60, LONGEST_WAIT_S / 60]
