"""Who works in several offices: each says which roles they have there, and none takes them over from where they are.

`office` is where they are at home, `there` the other one; Agus administers the first, the other Agus the second.
"""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from desk.domain.access import SYSTEM, Role
from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.domain.staff import Contact
from desk.models import Membership, Office, OpenIdIdentity, Person, SignInRecord, StaffSession
from desk.operations.accounts import enrolling, openid_identities, second_factors
from desk.operations.accounts.keeping_staff import change_contact
from desk.operations.accounts.second_factor_codes import new_secret
from desk.operations.accounts.server_keepers import give_server
from desk.operations.opening.opening_offices import open_another
from desk.operations.opening.setting_up import OfficePlan
from desk.operations.requests import Request
from desk.operations.table_imports.staff import Staff
from desk.reads.sign_ins import Wanted, list_attempts
from desk.reads.staff import list_members
from tests.operations.test_enrolling import _administrator, everything, hands, invites, person_of, sets_roles
from tests.operations.test_second_factors import set_up

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def office(desk_office):
    """An office in which everybody has a password."""
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash="x"))
    return desk_office


@pytest.fixture
def there(office):
    """The other office, likewise."""
    other = office.another()
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash="x"))
    return other


def works(person, office, role):
    """Let somebody work in an office as one who is at home there."""
    with office.streams.setting_up() as connection:
        row = {"person_id": person.id, "office_id": office.id, "role": role.value}
        connection.execute(insert(Membership), row)


def adds(office, person, *roles):
    asked = office.agus.asks("add_colleague")
    name = person_of(office, person.id).username
    enrolling.add_colleague(office.streams, office.id, name, frozenset(roles), asked)


def is_in(person):
    """Begin a session of somebody."""
    office, now = person.office, person.office.clock.now
    row = {"secret_hash": f"{person.id}", "person_id": person.id, "started_at": now, "seen_at": now}
    with office.streams.setting_up() as connection:
        connection.execute(insert(StaffSession), {**row, "expires_at": now + timedelta(hours=1)})


def signed_in(office):
    return {row.person_id for row in everything(office, StaffSession) if row.ended_at is None}


def ends(office, person):
    enrolling.end_sessions(office.streams, office.id, person.id, office.agus.asks("end_sessions"))


def takes_factor(office, person):
    second_factors.take_away(office.streams, office.id, person.id, office.agus.asks("take_away"))


def unlinks(office, person):
    openid_identities.take_away(office.streams, office.id, person.id, office.agus.asks("unlink"))


def links(office, person):
    with office.streams.setting_up() as connection:
        row = {"issuer": "https://id.example", "subject": f"{person.id}", "person_id": person.id}
        connection.execute(insert(OpenIdIdentity), {**row, "linked_at": office.clock.now})


def changes_access(office):
    """What changes how somebody gets in or is reached, each by the administrator of this office."""
    return (
        lambda person: invites(office, person.id),
        lambda person: hands(office, person.id),
        lambda person: ends(office, person),
        lambda person: takes_factor(office, person),
        lambda person: unlinks(office, person),
        lambda person: office.agus.changes_contact(person, email="milik.lain@example.org"),
        office.agus.deactivates,
    )


def test_who_only_supervises_in_the_other_office_changes_no_access_of_those_who_administer_it(office, there):
    works(office.agus, there, Role.SUPERVISOR)
    works(there.agus, office, Role.AGENT)
    set_up(there, there.agus, new_secret())
    links(office, there.agus)
    for change in changes_access(office):
        with office.refuses(Reason.WORKS_ELSEWHERE):
            change(there.agus)
    assert person_of(office, there.agus.id).email is None
    # Of who is at the front in both, contact alone, and no link goes to the address.
    works(office.dewi, there, Role.AGENT)
    office.agus.changes_contact(office.dewi, email="dewi@example.org")
    assert not person_of(office, office.dewi.id).is_email_vouched
    for change in changes_access(office)[:5]:
        with office.refuses(Reason.WORKS_ELSEWHERE):
            change(office.dewi)
    # Who administers both may do all.
    works(office.agus, there, Role.ADMIN)
    for change in changes_access(office)[1:]:
        change(there.agus)
    assert person_of(office, there.agus.id).is_email_vouched
    assert everything(office, OpenIdIdentity) == []
    # The trail of each office that they are at home in tells of it.
    for each in (office, there):
        settings = [json.loads(row.payload)["setting"] for row in each.rows_of_event(EventName.SETTING_CHANGED)]
        assert settings[-3:] == ["sessions_ended", "second_factor", "openid_identity"]
        for name in (EventName.STAFF_CONTACT_CHANGED, EventName.STAFF_DEACTIVATED):
            row = each.rows_of_event(name)[-1]
            assert (json.loads(row.payload)["person"], row.actor_id) == (there.agus.id, office.agus.id)
        assert each.findings() == []


def test_a_supervisor_keeps_those_who_are_at_the_front_everywhere(office, there):
    works(office.budi, there, Role.SUPERVISOR)
    for whom, role in ((office.dewi, Role.AUDITOR), (office.joko, Role.ADMIN)):
        works(whom, there, role)
        for change in (lambda who: office.budi.changes_contact(who, phone="081234567890"), office.budi.deactivates):
            with office.refuses(Reason.FORBIDDEN):
                change(whom)
    office.agus.deactivates(office.sari)
    with office.refuses(Reason.FORBIDDEN):
        office.budi.reactivates(office.sari)
    office.agus.reactivates(office.sari)
    office.budi.deactivates(office.sari)
    office.budi.reactivates(office.sari)


def test_an_administrator_who_keeps_the_address_of_a_supervisor_vouches_for_it(office):
    office.budi.changes_contact(office.sari, email="sari@example.org")
    with office.refuses(Reason.ALREADY_DONE):
        office.budi.changes_contact(office.sari, email="sari@example.org")
    assert not person_of(office, office.sari.id).is_email_vouched
    office.agus.changes_contact(office.sari, email="sari@example.org")
    assert person_of(office, office.sari.id).is_email_vouched
    assert '"vouched"' in office.rows_of_event(EventName.STAFF_CONTACT_CHANGED)[-1].payload
    with office.refuses(Reason.ALREADY_DONE):
        office.agus.changes_contact(office.sari, email="sari@example.org")
    office.budi.changes_contact(office.sari, email="sari@example.org", phone="081234567890")
    assert person_of(office, office.sari.id).is_email_vouched
    # The console reaches everybody, and what only it says is vouched for too.
    system = Request(SYSTEM, "import_table")
    change_contact(office.streams, office.id, office.dewi.id, system, Contact("dewi@example.org"))
    assert person_of(office, office.dewi.id).is_email_vouched


def test_a_guest_is_let_in_and_let_go_by_the_office_at_home_alone(office, there):
    office.agus.changes_contact(office.sari, email="sari@example.org", phone="081234567890")
    is_in(office.sari)
    with office.streams.setting_up() as connection:
        row = {"at": office.clock.now, "person_id": office.sari.id, "outcome": "success", "how": "password"}
        connection.execute(insert(SignInRecord), {**row, "source": "203.0.113.0/24"})
    adds(there, office.sari, Role.AUDITOR, Role.ADMIN)
    for change in changes_access(there):
        with office.refuses(Reason.WORKS_ELSEWHERE):
            change(office.sari)
    with office.streams.reading() as connection:
        today = office.clock.now.date()
        (guest,) = [each for each in list_members(connection, there.id, day=today) if each.id == office.sari.id]
        assert (guest.name, guest.username, guest.email, guest.phone) == ("Sari", "sari.kpknl", None, None)
        (row,) = [row for row in Staff().rows(connection, there.id, today) if row["username"] == "sari.kpknl"]
        assert (row["email"], row["phone"]) == ("", "")
        assert list_attempts(connection, there.id, Wanted()) == []
        # The sign-in, and the address that was changed.
        assert [each.person for each in list_attempts(connection, office.id, Wanted())] == ["Sari", "Sari"]
    # Roles there are the other office's, and custody at home holds nobody there.
    office.sari.signs_on(1)
    office.arrives("A")
    work = office.sari.serves()
    sets_roles(there, office.sari.id, Role.AGENT)
    sets_roles(there, office.sari.id)
    office.sari.completes(work)
    adds(there, office.sari, Role.ADMIN)
    ends(office, office.sari)
    assert signed_in(office) == set()
    office.agus.deactivates(office.sari)
    with office.refuses(Reason.WORKS_ELSEWHERE):
        there.agus.reactivates(office.sari)
    office.agus.reactivates(office.sari)
    # Who leaves the office at home for good is at home where they went.
    sets_roles(office, office.sari.id)
    hands(there, office.sari.id)
    assert office.findings() == there.findings() == []


def test_no_office_is_left_without_an_administrator_and_who_cannot_sign_in_is_none(office):
    plan = OfficePlan("baru", "KPKNL Baru", "Asia/Jakarta")
    made = open_another(office.streams, office.id, office.agus.asks("open"), plan).facts["office"]
    sets_roles(office, office.ratna.id, Role.ADMIN)
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.ratna.id).values(password_hash=None))
    ratna = _administrator(office.ratna)
    for change in (lambda: sets_roles(office, office.agus.id, Role.AUDITOR), lambda: ratna.deactivates(office.agus)):
        with office.refuses(Reason.LAST_ADMINISTRATOR):
            change()
    links(office, office.ratna)
    give_server(office.streams, office.id, office.ratna.id, office.agus.asks("give_server"))
    for change in (ratna.deactivates, ratna.shuts_out):
        with office.refuses(Reason.LAST_ADMINISTRATOR, office="KPKNL Baru"):
            change(office.agus)
    with office.streams.setting_up() as connection:
        connection.execute(update(Office).where(Office.id == made).values(retired_at=office.clock.now))
    ratna.deactivates(office.agus)  # an office that is closed for good needs nobody
    assert {row.office_id for row in everything(office, Membership) if row.person_id == office.agus.id} == {1, made}


def test_who_gets_a_role_that_needs_a_second_factor_is_signed_out_without_one(office, there):
    for who in (office.agus, office.ratna, office.sari, office.dewi, office.joko, there.sari):
        is_in(who)
    set_up(office, office.agus, new_secret())
    set_up(office, office.dewi, new_secret())
    asked = office.agus.asks("demand")
    second_factors.demand(office.streams, office.id, asked, [Role.ADMIN, Role.AUDITOR])
    everybody = {office.agus.id, office.sari.id, office.dewi.id, office.joko.id, there.sari.id}
    assert signed_in(office) == everybody, "Ratna audits and has none"
    for who in (office.sari, office.dewi):
        sets_roles(office, who.id, Role.AGENT, Role.AUDITOR)
    sets_roles(office, office.joko.id, Role.AGENT, Role.SUPERVISOR)
    adds(office, there.sari, Role.AUDITOR)
    assert signed_in(office) == everybody - {office.sari.id, there.sari.id}
    with office.streams.reading() as connection:
        assert connection.execute(select(Office.second_factor_roles).where(Office.id == 1)).scalar_one()
