"""People begin, change roles, are let in by links and codes; nobody is left without an administrator."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.delivery.worker import Report
from desk.domain.access import Role
from desk.domain.facts import EventName
from desk.domain.refusals import Reason, Refused
from desk.domain.staff import Contact, Newcomer
from desk.domain.tokens import hash_of
from desk.models import ApiToken, Delivery, Membership, PasswordWish, Person, SignInRecord, StaffCode
from desk.operations.accounts import enrolling
from desk.operations.accounts.granting import grant
from desk.operations.accounts.one_time_codes import make_code_for, take_up
from desk.operations.accounts.password_wishes import take_up_wishes, wish
from desk.operations.accounts.passwords import change, generate, is_right
from desk.operations.accounts.server_keepers import give_server
from desk.operations.accounts.signing_in import forget_old
from tests.fixtures.delivery import PUBLIC_URL

CHOSEN, ANOTHER = "kucing makan ikan asin", "pasar malam minggu depan"
WATI = Newcomer("Wati.Baru ", " Wati  Lestari", frozenset({Role.AGENT}), Contact("wati@kantor.example.go.id"), "en")


def adds(office, new=WATI, **more):
    done = enrolling.add_newcomer(office.streams, office.id, new, office.agus.asks("enroll", **more))
    return done.facts["person"]


def invites(office, person):
    return enrolling.invite(office.streams, office.id, person, office.agus.asks("invite"))


def hands(office, person, by=None):
    code = generate()
    request = (by or office.agus).asks("hand_code", person=person)
    enrolling.hand_code(office.streams, office.id, person, code, request)
    return code


def sets_roles(office, person, *roles, by=None):
    asked = (by or office.agus).asks("change_roles", person=person, roles=sorted(roles))
    return enrolling.change_roles(office.streams, office.id, person, frozenset(roles), asked)


def everything(office, model):
    with office.streams.reading() as connection:
        return connection.execute(select(model.__table__)).all()


def person_of(office, person):
    return next(row for row in everything(office, Person) if row.id == person)


def has_password(office, person, password):
    return is_right(person_of(office, person).password_hash, password)


def link_in(letter):
    found = re.search(rf"{re.escape(PUBLIC_URL)}/invitation#([a-z2-7]+)", letter.body())
    assert found, letter.body()
    return found[1]


def test_somebody_new_is_invited_and_chooses_a_password(desk_office, courier, mail_server):
    office = desk_office
    person = adds(office)
    kept = person_of(office, person)
    assert (kept.username, kept.name, kept.language, kept.password_hash) == ("wati.baru", "Wati Lestari", "en", None)
    told = json.loads(office.rows_of_event(EventName.STAFF_ENROLLED)[-1].payload)
    assert told == {"person": person, "roles": ["agent"]}
    invites(office, person)
    office.clock.tick(60)
    assert courier.delivers() == Report(sent=1)
    letter = mail_server.letters[0]
    token = link_in(letter)
    assert "wati.baru" in letter.body() and "Lestari" not in letter.body()
    stored = [row.code_hash for row in everything(office, StaffCode)]
    assert stored == [hash_of(token)]
    assert token not in repr(everything(office, Delivery))
    assert take_up(office.streams, token, CHOSEN) == person
    assert has_password(office, person, CHOSEN)
    with office.refuses(Reason.ONE_TIME_CODE_UNKNOWN):
        take_up(office.streams, token, ANOTHER)
    assert courier.delivers() == Report(), "whoever was invited need not be told of the password"
    assert office.findings() == []


def test_a_code_is_typed_as_people_type_and_works_once_and_not_for_ever(desk_office):
    office = desk_office
    person = adds(office)
    first, second = hands(office, person), hands(office, person)
    for wrong in (first, "", "x", second[:-1], second + "a", "\x00"):
        with office.refuses(Reason.ONE_TIME_CODE_UNKNOWN):
            take_up(office.streams, wrong, CHOSEN)
    with office.refuses(Reason.TOO_SHORT):
        take_up(office.streams, second, "pendek")
    with office.refuses(Reason.NAMES_ONLY):
        take_up(office.streams, second, "wati.lestari.baru")
    office.clock.tick(timedelta(hours=72).total_seconds() - 1)
    assert take_up(office.streams, f" {second.upper().replace('-', ' ')} ", CHOSEN) == person
    code = hands(office, person)
    office.clock.tick(timedelta(hours=24).total_seconds())
    with office.refuses(Reason.ONE_TIME_CODE_UNKNOWN):
        take_up(office.streams, code, ANOTHER)
    for secret in (first, second, code, CHOSEN):
        assert secret not in repr([row.payload for row in office.rows_of_event(EventName.SETTING_CHANGED)])


def test_deactivation_makes_codes_worthless(desk_office):
    code = make_code_for(desk_office.streams, "joko.kpknl")
    desk_office.agus.deactivates(desk_office.joko)
    with desk_office.refuses(Reason.ONE_TIME_CODE_UNKNOWN):
        take_up(desk_office.streams, code, CHOSEN)
    for operation in (invites, hands):
        with desk_office.refuses(Reason.DEACTIVATED):
            operation(desk_office, desk_office.joko.id)
    desk_office.agus.reactivates(desk_office.joko)
    with desk_office.refuses(Reason.ONE_TIME_CODE_UNKNOWN):
        take_up(desk_office.streams, code, CHOSEN)


def test_who_may_let_people_in(desk_office):
    office, other = desk_office, desk_office.another()
    for who in (office.budi, office.sari, office.ratna):
        with office.refuses(Reason.FORBIDDEN):
            enrolling.add_newcomer(office.streams, office.id, WATI, who.asks("enroll"))
        with office.refuses(Reason.FORBIDDEN):
            hands(office, office.dewi.id, by=who)
        with office.refuses(Reason.FORBIDDEN):
            sets_roles(office, office.sari.id, Role.ADMIN, by=who)
    with office.refuses(Reason.UNKNOWN):
        hands(office, other.sari.id)
    # Who works in two offices is let in by who administers both: else one would open the other.
    add = office.agus.asks("add_colleague")
    enrolling.add_colleague(office.streams, office.id, "Sari.KANWIL", frozenset({Role.AUDITOR}), add)
    for operation in (invites, hands):
        with office.refuses(Reason.WORKS_ELSEWHERE):
            operation(office, other.sari.id)
    with office.refuses(Reason.WORKS_HERE):
        enrolling.add_colleague(office.streams, office.id, "sari.kanwil", frozenset({Role.AGENT}), add)
    with office.refuses(Reason.UNKNOWN):
        enrolling.add_colleague(office.streams, office.id, "tidak.ada", frozenset({Role.AGENT}), add)


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (Newcomer("sari.kpknl", "Sari", frozenset({Role.AGENT})), Reason.USERNAME_TAKEN),
        (Newcomer("a b", "Ani", frozenset({Role.AGENT})), Reason.USERNAME_UNFIT),
        (Newcomer("-ani", "Ani", frozenset({Role.AGENT})), Reason.USERNAME_UNFIT),
        (Newcomer("ani", " ", frozenset({Role.AGENT})), Reason.NAME_UNFIT),
        (Newcomer("ani", "Ani", frozenset()), Reason.ROLES_MISSING),
        (Newcomer("ani", "Ani", frozenset({Role.AGENT}), Contact("ani@"), "id"), Reason.INVALID),
        (Newcomer("ani", "Ani", frozenset({Role.AGENT}), Contact(), "fr"), Reason.INVALID),
    ],
)
def test_who_cannot_be_enrolled(desk_office, new, reason):
    with desk_office.refuses(reason):
        adds(desk_office, new)


def test_the_last_administrator_stays_one(desk_office):
    office = desk_office
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash="x"))
    with office.refuses(Reason.LAST_ADMINISTRATOR, office="KPKNL Contoh"):
        sets_roles(office, office.agus.id, Role.AUDITOR)
    sets_roles(office, office.ratna.id, Role.AUDITOR, Role.ADMIN)
    told = json.loads(office.rows_of_event(EventName.SETTING_CHANGED)[-1].payload)
    assert told == {"setting": "roles", "person": office.ratna.id, "from": ["auditor"], "to": ["admin", "auditor"]}
    give_server(office.streams, office.id, office.ratna.id, office.agus.asks("give_server"))
    sets_roles(office, office.agus.id, Role.AUDITOR)
    with office.refuses(Reason.LAST_ADMINISTRATOR):
        sets_roles(office, office.ratna.id, Role.AUDITOR, by=_administrator(office.ratna))
    with office.refuses(Reason.ALREADY_DONE):
        sets_roles(office, office.agus.id, Role.AUDITOR, by=_administrator(office.ratna))
    with office.refuses(Reason.ROLES_MISSING):
        sets_roles(office, office.agus.id, by=_administrator(office.ratna))


def _administrator(colleague):
    return type(colleague)(colleague.office, colleague.name, colleague.id, Role.ADMIN)


def test_roles_go_with_what_was_done_in_them(desk_office):
    office = desk_office
    grant(office.streams, office.id, "Sari", Role.AGENT)
    office.sari.signs_on(1)
    office.arrives("A")
    work = office.sari.serves()
    with office.refuses(Reason.HANDOVER_FIRST):
        sets_roles(office, office.sari.id, Role.AUDITOR)
    office.sari.completes(work)
    sets_roles(office, office.sari.id, Role.AUDITOR)
    assert [row.revoked_at is None for row in everything(office, ApiToken)] == [False]
    assert EventName.DUTY_ENDED in office.happened(office.head.number - 2)
    assert {row.role for row in everything(office, Membership) if row.person_id == office.sari.id} == {"auditor"}
    assert office.findings() == []


def test_a_wish_is_answered_by_a_link_that_works_for_half_an_hour(desk_office, courier, mail_server):
    office = desk_office
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.sari.id).values(email="Sari@kantor.example.go.id"))
        connection.execute(update(Person).values(password_hash="x"))
    for typed in ("SARI.kpknl ", "sari@kantor.example.go.id", "dewi.kpknl", "tidak.ada", "' OR 1=1", "😀" * 300):
        wish(office.streams.engine, typed, at=office.clock())
    assert take_up_wishes(office.streams) == 1, "who is meant twice is written to once, who has no address not at all"
    assert everything(office, PasswordWish) == []
    assert courier.delivers() == Report(sent=1)
    token = link_in(mail_server.letters[0])
    office.clock.tick(timedelta(minutes=30).total_seconds() - 1)
    assert take_up(office.streams, token, CHOSEN) == office.sari.id
    assert courier.delivers() == Report(sent=1)
    assert "diganti" in str(mail_server.letters[1].message["Subject"])
    for _ in range(8):
        wish(office.streams.engine, "sari.kpknl", at=office.clock())
        take_up_wishes(office.streams)
    assert len([row for row in everything(office, StaffCode) if row.delivery_id]) == 2, "nobody's mailbox is flooded"
    office.clock.tick(timedelta(minutes=30).total_seconds())
    assert courier.delivers() == Report(cancelled=1), "a link that ran out is not sent"
    assert office.findings() == []


def test_who_knows_a_user_name_ends_no_code_and_uses_no_links_up(desk_office, courier, mail_server):
    """Asking all day, every second: what an administrator handed over works, and so does each link for half an hour."""
    office = desk_office
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.sari.id).values(email="sari@kantor.example.go.id"))
    handed = hands(office, office.sari.id)
    for _ in range(12):
        for _ in range(3):
            wish(office.streams.engine, "sari.kpknl", at=office.clock())
            take_up_wishes(office.streams)
            office.clock.tick(600)
        assert courier.delivers() == Report(sent=1)
    wish(office.streams.engine, "sari.kpknl", at=office.clock())
    assert take_up_wishes(office.streams) == 1
    courier.delivers()
    assert take_up(office.streams, link_in(mail_server.letters[-1]), CHOSEN) == office.sari.id
    with office.refuses(Reason.ONE_TIME_CODE_UNKNOWN):
        take_up(office.streams, handed, CHOSEN)  # a password was chosen: all others end
    handed = hands(office, office.sari.id)
    wish(office.streams.engine, "sari.kpknl", at=office.clock())
    take_up_wishes(office.streams)
    take_up(office.streams, handed, CHOSEN + " lagi")
    assert [row.outcome for row in everything(office, SignInRecord)].count("changed") == 2


def test_an_address_that_a_supervisor_entered_gets_no_link(desk_office, courier, mail_server):
    office = desk_office
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.sari.id).values(email="sari@kantor.example.go.id"))
    office.budi.changes_contact(office.sari, email="milik.penyelia@example.id")
    assert courier.delivers() == Report(sent=1)
    assert str(mail_server.letters[0].message["To"]) == "sari@kantor.example.go.id"
    wish(office.streams.engine, "sari.kpknl", at=office.clock())
    assert take_up_wishes(office.streams) == 0
    with office.refuses(Reason.NO_MAIL_ADDRESS):
        invites(office, office.sari.id)
    office.agus.changes_contact(office.sari, email="sari@kantor.example.go.id")
    wish(office.streams.engine, "sari.kpknl", at=office.clock())
    assert take_up_wishes(office.streams) == 1


def test_changing_the_own_password(desk_office):
    office, hashed = desk_office, "keeps this one"
    code = hands(office, office.sari.id)
    take_up(office.streams, code, CHOSEN)

    def changes(current, chosen):
        change(office.streams, "sari.kpknl", current=current, chosen=chosen, session_hash=hashed)

    with office.refuses(Reason.INVALID, field="current"):
        changes("salah", ANOTHER)
    with office.refuses(Reason.INVALID, field="current"):
        changes(None, ANOTHER)
    with office.refuses(Reason.SAME_AS_BEFORE):
        changes(CHOSEN, CHOSEN)
    with pytest.raises(Refused):
        changes(CHOSEN, "1234567890123")
    changes(CHOSEN, ANOTHER)
    assert has_password(office, office.sari.id, ANOTHER)
    event = office.rows_of_event(EventName.SETTING_CHANGED)[-1]
    assert (event.actor_kind, event.actor_id) == ("staff", office.sari.id)


def test_what_is_old_in_the_records_goes(desk_office):
    office = desk_office
    with office.streams.engine.begin() as connection:
        for days in (0, 31, 366):
            row = {"at": office.clock() - timedelta(days=days), "person_id": None, "outcome": "refused"}
            connection.execute(
                SignInRecord.__table__.insert(), {**row, "how": "password", "source": "203.0.113.0/24", "typed": "ab"}
            )
    assert forget_old(office.streams.engine, at=office.clock()) == 2
    assert [(row.source, row.typed) for row in everything(office, SignInRecord)] == [
        ("203.0.113.0/24", "ab"),
        (None, None),
    ]
    assert forget_old(office.streams.engine, at=office.clock()) == 0
