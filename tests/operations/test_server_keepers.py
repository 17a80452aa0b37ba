"""Who keeps the server: given and taken by those who do, never left to nobody; an office without one gets somebody."""

import json

import pytest
from sqlalchemy import update

from desk.domain.access import Role
from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.models import Membership, Office, Person
from desk.operations.accounts.rescuing import make_administrator
from desk.operations.accounts.server_keepers import give_server, give_server_by_name, take_server
from desk.operations.opening.opening_offices import open_another
from desk.operations.opening.setting_up import OfficePlan
from desk.operations.settings.server_settings import ServerChange, change_server
from desk.reads.administering import list_keepers, list_possible_keepers, others_keep
from tests.operations.test_enrolling import _administrator, everything, person_of, sets_roles


@pytest.fixture
def office(desk_office):
    """An office in which everybody has a password, and Ratna administers too."""
    _change(desk_office, None, password_hash="x")
    sets_roles(desk_office, desk_office.ratna.id, Role.AUDITOR, Role.ADMIN)
    return desk_office


def _change(office, person, **values):
    """Change rows of people behind the desk's back, of all or of one."""
    with office.streams.setting_up() as connection:
        query = update(Person) if person is None else update(Person).where(Person.id == person.id)
        connection.execute(query.values(**values))


def gives(office, person, by=None):
    giver = by or office.agus
    return give_server(giver.office.streams, giver.office.id, person.id, giver.asks("give", person=person.id))


def takes(office, person, by=None):
    taker = by or office.agus
    return take_server(taker.office.streams, taker.office.id, person.id, taker.asks("take", person=person.id))


def keepers(office):
    with office.streams.reading() as connection:
        return [each.username for each in list_keepers(connection)]


def told(office):
    """What the trail says of who keeps the server: whom, and whether from now on."""
    payloads = [json.loads(row.payload) for row in office.rows_of_event(EventName.SETTING_CHANGED)]
    return [(each["person"], each["from"], each["to"]) for each in payloads if each["setting"] == "keeps_server"]


def test_a_keeper_gives_it_and_takes_it_and_the_last_one_stays(office):
    ratna = _administrator(office.ratna)
    with office.refuses(Reason.KEEPERS_ONLY, keepers="Agus"):
        gives(office, office.ratna, by=ratna)
    with office.refuses(Reason.LAST_KEEPER):
        takes(office, office.agus)
    with office.refuses(Reason.NOT_AN_ADMINISTRATOR):
        gives(office, office.sari)
    with office.refuses(Reason.UNKNOWN):
        give_server(office.streams, office.id, 999, office.agus.asks("give"))
    gives(office, office.ratna)
    with office.refuses(Reason.ALREADY_DONE):
        gives(office, office.ratna)
    assert keepers(office) == ["agus.kpknl", "ratna.kpknl"]
    takes(office, office.agus)  # oneself: somebody else is there
    with office.refuses(Reason.KEEPERS_ONLY, keepers="Ratna"):
        takes(office, office.ratna)
    with office.refuses(Reason.LAST_KEEPER):
        takes(office, office.ratna, by=ratna)
    agus = office.agus.id
    assert told(office) == [(office.ratna.id, False, True), (agus, True, False)]
    assert office.findings() == []


def test_who_cannot_sign_in_is_no_keeper_that_others_may_rely_on(office):
    gives(office, office.ratna)
    for change in ({"password_hash": None}, {"disabled_at": office.clock.now, "password_hash": "x"}):
        _change(office, office.ratna, **change)
        with office.refuses(Reason.LAST_KEEPER):
            takes(office, office.agus)
    takes(office, office.ratna)
    with office.refuses(Reason.DEACTIVATED):
        gives(office, office.ratna)
    with office.streams.reading() as connection:
        assert list_possible_keepers(connection) == [] and not others_keep(connection, office.agus.id)


def test_the_last_keeper_does_not_leave(office):
    ratna = _administrator(office.ratna)
    for leave in (
        lambda: ratna.deactivates(office.agus),
        lambda: ratna.shuts_out(office.agus),
        lambda: sets_roles(office, office.agus.id, Role.AUDITOR, by=ratna),
    ):
        with office.refuses(Reason.LAST_KEEPER):
            leave()
    gives(office, office.ratna)
    sets_roles(office, office.agus.id, Role.AUDITOR, by=ratna)  # and the server with the role
    assert keepers(office) == ["ratna.kpknl"] and told(office)[-1] == (office.agus.id, True, False)


def test_a_keeper_of_another_office_is_told_of_in_both(office):
    there = office.another()
    _change(office, None, password_hash="x")
    gives(office, there.agus)
    assert told(office) == told(there) == [(there.agus.id, False, True)]
    takes(office, office.agus, by=there.agus)
    assert keepers(office) == ["agus.kanwil"]
    # There they are the only one who administers it, and in the first office somebody else does.
    with there.refuses(Reason.LAST_ADMINISTRATOR, office="KPKNL Contoh"):
        sets_roles(there, there.agus.id, Role.AUDITOR)
    assert office.findings() == there.findings() == []


def test_only_a_keeper_opens_an_office_and_changes_the_server(office):
    ratna, plan = _administrator(office.ratna), OfficePlan("baru", "KPKNL Baru", "Asia/Jakarta")

    def opens():
        return open_another(office.streams, office.id, ratna.asks("open_office"), plan)

    def changes():
        change = ServerChange("server_backup_keep", 30, 7)
        return change_server(office.streams, office.id, ratna.asks("set_server"), lambda: [change])

    for step in (opens, changes):
        with office.refuses(Reason.KEEPERS_ONLY, keepers="Agus"):
            step()
    _change(office, None, keeps_server=False)
    for step in (opens, changes):
        with office.refuses(Reason.NOBODY_KEEPS_SERVER):
            step()
    give_server_by_name(office.streams, "Ratna.KPKNL")
    assert changes().facts["changed"] == 1
    made = opens().facts["office"]
    assert [row.id for row in everything(office, Office)] == [office.id, made]


def test_an_office_without_an_administrator_gets_one_from_the_command_line(office):
    there = office.another()
    with there.refuses(Reason.ALREADY_DONE):  # they are the one, and need a password only
        make_administrator(office.streams, "agus.kanwil", "kanwil")
    _change(office, there.agus, disabled_at=office.clock.now)
    with there.refuses(Reason.DEACTIVATED):
        make_administrator(office.streams, "agus.kanwil", "kanwil")
    for name, code, reason in (("nobody", "kanwil", Reason.UNKNOWN), ("agus.kpknl", "none", Reason.INVALID)):
        with there.refuses(reason):
            make_administrator(office.streams, name, code)
    with office.refuses(Reason.ALREADY_ADMINISTERED):
        make_administrator(office.streams, "sari.kpknl", "kpknl")

    make_administrator(office.streams, "agus.kpknl", "kanwil")
    (roles,) = [row for row in there.rows(Membership) if row.person_id == office.agus.id]
    assert (roles.role, roles.is_guest) == ("admin", True)
    assert there.happened()[-1] == EventName.STAFF_ENROLLED
    with there.refuses(Reason.ALREADY_ADMINISTERED):
        make_administrator(office.streams, "sari.kpknl", "kanwil")
    # Somebody of the office itself keeps the roles they have.
    _change(office, office.agus, password_hash=None)
    make_administrator(office.streams, "budi.kanwil", "kanwil")
    assert {row.role for row in there.rows(Membership) if row.person_id == there.budi.id} == {"admin", "supervisor"}
    assert person_of(office, there.budi.id).keeps_server is False
    assert office.findings() == there.findings() == []
