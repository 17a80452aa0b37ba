"""Second factors, who must have one and linked accounts: a step back forgets them, and all else stays."""

import pyotp
from sqlalchemy import insert, inspect, select

from desk.cli import database
from desk.domain.access import Role
from desk.models import HalfSignIn, Office, OpenIdIdentity, RecoveryCode, SecondFactor
from desk.operations.accounts import second_factors
from desk.operations.accounts.second_factor_codes import new_secret
from tests.fixtures.office import DeskOffice, prepare_office

BEFORE = "0036"
KEY = b"factor-key-of-the-tests-32-byte!"
TABLES = {"second_factors", "recovery_codes", "half_sign_ins", "openid_identities"}


def prepare_factors(url):
    """Agus has an app, demands one of officers, is half way in, and is linked."""
    prepare_office(url)
    office = DeskOffice(url)
    secret = new_secret()
    setup = second_factors.Setup(secret, pyotp.TOTP(secret).at(office.clock.now))
    agus = office.agus
    second_factors.enroll(office.streams, office.id, agus.asks("set_up"), setup, key=KEY, person_id=agus.id)
    second_factors.demand(office.streams, office.id, agus.asks("demand"), [Role.AGENT])
    with office.streams.setting_up() as connection:
        half = {"secret_hash": "0" * 64, "person_id": agus.id, "password_digest": "0" * 64, "way": "password"}
        connection.execute(insert(HalfSignIn), {**half, "expires_at": office.clock.now})
        account = {"issuer": "https://id.example", "subject": "7", "person_id": agus.id}
        connection.execute(insert(OpenIdIdentity), {**account, "linked_at": office.clock.now})
    office.engine.dispose()


def test_down_and_up_again_with_rows(fresh_database):
    url = fresh_database(prepare_factors)
    office = DeskOffice(url)
    assert counts(office) == [1, 10, 1, 1] and demanded(office) == ["agent"]
    office.engine.dispose()
    database.downgrade(url, BEFORE)
    found = inspect(office.engine)
    assert not TABLES & set(found.get_table_names())
    assert "second_factor_roles" not in {each["name"] for each in found.get_columns("offices")}
    office.engine.dispose()
    database.upgrade(url)
    assert counts(office) == [0, 0, 0, 0] and demanded(office) == []
    assert office.findings() == []
    office.engine.dispose()


def counts(office):
    with office.engine.connect() as connection:
        models = (SecondFactor, RecoveryCode, HalfSignIn, OpenIdIdentity)
        return [len(connection.execute(select(model.__table__)).all()) for model in models]


def demanded(office):
    with office.engine.connect() as connection:
        return connection.execute(select(Office.second_factor_roles)).scalar_one()
