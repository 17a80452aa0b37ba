"""What somebody reads when what lets them in was changed: what became of it, and who did it."""

import pyotp
import pytest
from sqlalchemy import select, update

from desk.domain.facts import EventName
from desk.domain.signing_in import How, Outcome
from desk.models import Person, SignInRecord
from desk.operations.accounts import openid_identities, second_factors
from desk.operations.accounts.one_time_codes import make_code_for, take_up
from desk.operations.accounts.passwords import change, renew
from desk.operations.accounts.second_factor_codes import new_secret
from desk.operations.accounts.second_factors import Setup
from desk.operations.accounts.shutting_out import let_in_by_name, shut_out_by_name

KEY = b"factor-key-of-the-tests-32-byte!"
CHOSEN, ANOTHER = "kucing makan ikan asin", "pasar malam minggu depan"
ONESELF, COLLEAGUE, SERVER = "was let in as you", "keeps the accounts of your office", "command line of the server"


@pytest.fixture
def office(desk_office):
    """The office at which Sari has a mailbox and reads English."""
    values = {"email": "sari@kantor.example.go.id", "language": "en"}
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == desk_office.sari.id).values(values))
    return desk_office


def name_of(office):
    """Return the user name of Sari."""
    with office.streams.reading() as connection:
        return connection.execute(select(Person.username).where(Person.id == office.sari.id)).scalar_one()


def app(office):
    """Return an app that is being set up now."""
    secret = new_secret()
    return Setup(secret, pyotp.TOTP(secret).at(office.clock.now))


def sets_up(office):
    asked = office.sari.asks("set_up")
    second_factors.enroll(office.streams, office.id, asked, app(office), key=KEY, person_id=office.sari.id)


def replaces(office):
    asked = office.sari.asks("replace")
    more = {"key": KEY, "person_id": office.sari.id, "kept_session": "this one"}
    second_factors.replace(office.streams, office.id, asked, app(office), **more)


def renews_codes(office):
    second_factors.renew_codes(
        office.streams, office.id, office.sari.asks("renew"), key=KEY, person_id=office.sari.id
    )  # fmt: skip


def removes(office):
    asked = office.sari.asks("remove")
    second_factors.remove(office.streams, office.id, asked, person_id=office.sari.id, kept_session="this one")


def takes_away(office):
    second_factors.take_away(office.streams, office.id, office.sari.id, office.agus.asks("take_away"))


def takes_away_at_server(office):
    second_factors.take_away_by_name(office.streams, name_of(office))


def links(office, subject="1"):
    account = openid_identities.Account("https://id.example.go.id", subject)
    asked = office.sari.asks("link", subject=subject)
    openid_identities.link(office.streams, office.id, asked, account, person_id=office.sari.id)


def links_another(office):
    links(office, "2")


def unlinks(office):
    openid_identities.unlink(
        office.streams, office.id, office.sari.asks("unlink"), "https://id.example.go.id", person_id=office.sari.id
    )  # fmt: skip


def is_unlinked(office):
    openid_identities.take_away(office.streams, office.id, office.sari.id, office.agus.asks("take_away"))


def changes_password(office):
    change(office.streams, name_of(office), current=None, chosen=CHOSEN, session_hash="")


def uses_code(office):
    take_up(office.streams, make_code_for(office.streams, name_of(office)), ANOTHER)


def renews_at_server(office):
    renew(office.streams, name_of(office))


TOLD = [
    ((sets_up,), "A second factor was set up for you", ONESELF),
    ((sets_up, replaces), "Your second factor was replaced by another one", ONESELF),
    ((sets_up, renews_codes), "Your recovery codes were replaced by new ones", ONESELF),
    ((sets_up, removes), "Your second factor was removed", ONESELF),
    ((sets_up, takes_away), "Your second factor was removed", COLLEAGUE),
    ((sets_up, takes_away_at_server), "Your second factor was removed", SERVER),
    ((links,), "An account of the identity provider lets you in now", ONESELF),
    ((links, links_another), "Another account of the identity provider lets you in now", ONESELF),
    ((links, unlinks), "Your account of the identity provider was unlinked", ONESELF),
    ((links, is_unlinked), "Your account of the identity provider was unlinked", COLLEAGUE),
    ((changes_password,), "Your password was changed", ONESELF),
    ((changes_password, uses_code), "Your password was changed", ONESELF),
    ((renews_at_server,), "Your password was changed", SERVER),
]


@pytest.mark.parametrize(("steps", "subject", "by"), TOLD, ids=["-".join(s.__name__ for s in each[0]) for each in TOLD])
def test_what_became_of_it_and_who_did_it(office, courier, mail_server, steps, subject, by):
    for step in steps:
        office.clock.tick(60)
        step(office)
    office.clock.tick(60)
    courier.delivers()

    letter = mail_server.letters[-1]
    assert len(mail_server.letters) == len(steps)
    assert letter.message["Subject"].partition(", ")[0] == subject
    assert [who for who in (ONESELF, COLLEAGUE, SERVER) if who in letter.body()] == [by]
    assert "tell an administrator of your office at once" in letter.body()
    assert office.findings() == []


def test_the_records_tell_the_command_line_from_a_person(office):
    username = name_of(office)
    renew(office.streams, username)
    take_up(office.streams, make_code_for(office.streams, username), CHOSEN)
    shut_out_by_name(office.streams, username)
    let_in_by_name(office.streams, username)

    query = select(SignInRecord.how).where(SignInRecord.outcome == Outcome.CHANGED.value).order_by(SignInRecord.id)
    with office.streams.reading() as connection:
        assert list(connection.execute(query).scalars()) == [How.SERVER, How.CODE, How.SERVER]
    told = [(row.actor_kind, row.actor_id) for row in office.rows_of_event(EventName.SETTING_CHANGED)][-5:]
    # The new password, the code; taken up by herself; shut out, let in.
    assert told == [("system", None)] * 2 + [("staff", office.sari.id)] + [("system", None)] * 2
