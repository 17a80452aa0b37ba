"""Everybody without a password is let in at once: links by mail, codes on paper, each once; nobody holds others up."""

import re

import pytest
from sqlalchemy import insert, select, update

from desk.delivery.worker import Report
from desk.domain.access import Role
from desk.domain.letting_in import LINK_IS_NEW_FOR, MOST_AT_ONCE, LetIn, LetInBy
from desk.domain.refusals import Reason
from desk.domain.staff import Contact, Newcomer
from desk.models import Membership, OpenIdIdentity, Person, StaffCode
from desk.operations.accounts import enrolling
from desk.operations.accounts.granting import grant
from desk.operations.accounts.letting_in import let_many_in
from desk.operations.accounts.one_time_codes import take_up
from desk.operations.accounts.passwords import generate
from desk.reads.newcomers import count_newcomers, list_newcomers
from desk.wording.letting_in import BECAME
from tests.fixtures.delivery import PUBLIC_URL

CHOSEN = "kucing makan ikan asin"
ROLES = frozenset({Role.AGENT})


def enrolls(office, username, email=None):
    new = Newcomer(username, username.title(), ROLES, Contact(email))
    return enrolling.add_newcomer(office.streams, office.id, new, office.agus.asks("enroll", said=username)).facts[
        "person"
    ]


def lets_in(office, wanted, *, by=None, key=None):
    """Let people in and return what became of each, and the codes that were made."""
    codes = {each: generate() for each, how in wanted.items() if how is LetInBy.CODE}
    request = (by or office.agus).asks("let_many_in", key, people=sorted(wanted.items()))
    done = let_many_in(office.streams, office.id, wanted, codes, request)
    return {each: LetIn(said) for each, said in done.facts["people"]}, codes


def newcomers(office):
    with office.streams.reading() as connection:
        found = list_newcomers(connection, office.id, at=office.clock())
        assert count_newcomers(connection, office.id) == len(found)
        return {each.username: each for each in found}


@pytest.fixture
def office(desk_office):
    """An office in which everybody has a password but Wati, who has an address, and Yanto, who has none."""
    with desk_office.streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash="x"))
    desk_office.wati = enrolls(desk_office, "wati", "wati@kantor.example.go.id")
    desk_office.yanto = enrolls(desk_office, "yanto")
    return desk_office


def test_links_go_by_mail_and_codes_let_in(office, courier, mail_server):
    wanted = {office.wati: LetInBy.MAIL, office.yanto: LetInBy.CODE}
    became, codes = lets_in(office, wanted)
    assert became == {office.wati: LetIn.MAILED, office.yanto: LetIn.CODE_MADE}
    assert {each.invited_until is None for each in newcomers(office).values()} == {False}
    office.clock.tick(60)
    assert courier.delivers() == Report(sent=1)
    (letter,) = mail_server.letters
    found = re.search(rf"{re.escape(PUBLIC_URL)}/invitation#([a-z2-7]+)", letter.body())
    assert found and take_up(office.streams, found[1], CHOSEN) == office.wati
    assert take_up(office.streams, codes[office.yanto], CHOSEN) == office.yanto
    assert newcomers(office) == {} and set(BECAME) == set(LetIn)
    assert office.findings() == []


def test_a_double_tap_mails_once_and_ends_no_code(office, courier, mail_server):
    wanted = {office.wati: LetInBy.MAIL, office.yanto: LetInBy.CODE}
    first, codes = lets_in(office, wanted, key="tap")
    again, _ = lets_in(office, wanted, key="tap")
    assert again == first
    other_window, _ = lets_in(office, {office.wati: LetInBy.MAIL})
    assert other_window == {office.wati: LetIn.MAILED_BEFORE}
    office.clock.tick(60)
    assert courier.delivers() == Report(sent=1)
    assert take_up(office.streams, codes[office.yanto], CHOSEN) == office.yanto
    office.clock.tick(LINK_IS_NEW_FOR.total_seconds())
    later, _ = lets_in(office, {office.wati: LetInBy.MAIL})
    assert later == {office.wati: LetIn.MAILED}


def test_a_new_sheet_makes_the_codes_of_the_lost_one_worthless(office):
    _, lost = lets_in(office, {office.yanto: LetInBy.CODE})
    _, found = lets_in(office, {office.yanto: LetInBy.CODE})
    with office.refuses(Reason.ONE_TIME_CODE_UNKNOWN):
        take_up(office.streams, lost[office.yanto], CHOSEN)
    assert take_up(office.streams, found[office.yanto], CHOSEN) == office.yanto


def test_what_is_in_one_persons_way_holds_nobody_else_up(office):
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.wati).values(is_email_vouched=False))
    other = office.another()
    ghost = 10**6
    office.agus.deactivates(office.joko)
    wanted = dict.fromkeys((office.wati, office.sari.id, office.joko.id, other.sari.id, ghost), LetInBy.MAIL)
    became, _ = lets_in(office, wanted | {office.yanto: LetInBy.CODE})
    assert became == {
        office.wati: LetIn.NO_ADDRESS,
        office.sari.id: LetIn.HAS_PASSWORD,
        office.joko.id: LetIn.NOT_YOURS,
        other.sari.id: LetIn.NOT_YOURS,
        ghost: LetIn.NOT_YOURS,
        office.yanto: LetIn.CODE_MADE,
    }
    with office.streams.reading() as connection:
        assert connection.execute(select(StaffCode.person_id)).scalars().all() == [office.yanto]
    assert newcomers(office)["wati"].email is None
    assert office.findings() == []


def test_only_an_administrator_and_so_many_at_once(office):
    with office.refuses(Reason.FORBIDDEN):
        lets_in(office, {office.wati: LetInBy.MAIL}, by=office.budi)
    with office.refuses(Reason.INVALID, field="people"):
        lets_in(office, dict.fromkeys(range(1, MOST_AT_ONCE + 2), LetInBy.MAIL))


def test_who_has_another_way_in_needs_no_password(office):
    """Of the identity provider; programs; guests, whom their own office lets in; who was deactivated."""
    assert sorted(newcomers(office)) == ["wati", "yanto"]
    grant(office.streams, office.id, "Kiosk lobi", Role.AGENT)
    linked, guest, gone = (enrolls(office, name) for name in ("linked", "guest", "gone"))
    with office.streams.setting_up() as connection:
        row = {"issuer": "https://id.example", "subject": "x", "person_id": linked, "linked_at": office.clock()}
        connection.execute(insert(OpenIdIdentity), row)
        connection.execute(update(Membership).where(Membership.person_id == guest).values(is_guest=True))
        connection.execute(update(Person).where(Person.id == gone).values(disabled_at=office.clock()))
    assert sorted(newcomers(office)) == ["wati", "yanto"]
    lets_in(office, {office.wati: LetInBy.MAIL})
    assert list(newcomers(office)) == ["yanto", "wati"], "for whom nothing is on its way, first"
    office.clock.tick(72 * 3_600)
    assert newcomers(office)["wati"].invited_until is None
