"""One-time codes and links with which somebody chooses a password: made, mailed, used once; a newer one ends them.

A code is shown once to whoever makes it and has 79 bits; a link is derived when its message is sent. Of both only the
hash is kept (ASVS 5.0, 6.4.1, 6.5.1, 6.5.2, 6.6.2).
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select, update

from desk.domain.access import SYSTEM, Actor
from desk.domain.facts import JSON, EventName, Fact
from desk.domain.messages import MessageKind
from desk.domain.refusals import Reason, Refused
from desk.domain.signing_in import HANDED_FOR, INVITED_FOR, MAILED_FOR, How, Purpose, Secured
from desk.domain.tokens import TokenKind, derive, hash_of
from desk.models import Person, StaffCode
from desk.operations.accounts.passwords import (
    check,
    end_access,
    end_codes,
    generate,
    hashed,
    require_active,
    workplace_of,
)
from desk.operations.accounts.signing_in import record_changed
from desk.operations.accounts.telling_accounts import queue_about_account, tell_secured
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

CODES: Any = StaffCode.__table__
PEOPLE: Any = Person.__table__
KINDS: Final = {Purpose.INVITATION: MessageKind.INVITED, Purpose.RESET: MessageKind.RESET}


def issue(unit: Unit, person_id: int, code: str) -> Purpose:
    """Keep a code that somebody is given by hand; returns what it is for."""
    purpose = _purpose(unit, person_id)
    told: dict[str, JSON] = {"setting": "one_time_code", "person": person_id, "from": None, "to": purpose.value}
    unit.append(Fact(EventName.SETTING_CHANGED, told))
    lasts = INVITED_FOR if purpose is Purpose.INVITATION else HANDED_FOR
    _keep(unit, person_id, hash_of(_plain(code)), purpose, lasts)
    return purpose


def send_link(unit: Unit, person_id: int) -> Purpose:
    """Queue the message with a link; returns what it is for. Raises `Refused(NO_MAIL_ADDRESS)`.

    A link of nobody in particular ends its like alone: who only knows a user name must not end what was handed over.
    """
    query = select(PEOPLE.c.id, PEOPLE.c.language, PEOPLE.c.email, PEOPLE.c.is_email_vouched)
    person = unit.connection.execute(query.where(PEOPLE.c.id == person_id)).one()
    if not person.email or not person.is_email_vouched:
        raise Refused(Reason.NO_MAIL_ADDRESS)
    purpose = _purpose(unit, person_id)
    told: dict[str, JSON] = {"setting": "one_time_link", "person": person_id, "from": None, "to": purpose.value}
    event = unit.append(Fact(EventName.SETTING_CHANGED, told))
    token = derive(unit.keys.links, TokenKind.STAFF, event.id)
    lasts = INVITED_FOR if purpose is Purpose.INVITATION else MAILED_FOR
    _keep(unit, person_id, hash_of(token), purpose, lasts, delivery_id=event.id)
    queue_about_account(unit, event.id, KINDS[purpose], person, address=person.email)
    return purpose


def _purpose(unit: Unit, person_id: int) -> Purpose:
    """Return what a code is for: whoever has no password yet is invited."""
    query = select(PEOPLE.c.password_hash).where(PEOPLE.c.id == person_id)
    return Purpose.RESET if unit.connection.execute(query).scalar_one() else Purpose.INVITATION


def _keep(
    unit: Unit, person_id: int, code_hash: str, purpose: Purpose, lasts: timedelta, *, delivery_id: int | None = None
) -> None:
    end_codes(unit, person_id, only_asked_for=delivery_id is not None and unit.actor.person_id is None)
    row = {"code_hash": code_hash, "person_id": person_id, "purpose": purpose.value, "delivery_id": delivery_id}
    made = {"made_by": unit.actor.person_id, "made_at": unit.at, "expires_at": unit.at + lasts}
    unit.connection.execute(insert(CODES), {**row, **made})


def make_code_for(streams: Streams, username: str) -> str:
    """Return a code for somebody, whoever they are: for the command line.

    Raises `Refused`: UNKNOWN, DEACTIVATED, for it would let nobody in.
    """
    code = generate()
    with streams.reading() as connection:
        person_id, office_id = workplace_of(connection, username)

    def work(unit: Unit) -> Done:
        require_active(unit, person_id)
        issue(unit, person_id, code)
        return unit.done(person=person_id)

    streams.run(office_id, Request(SYSTEM, "make_code"), work)
    return code


def take_up(streams: Streams, typed: str, password: str) -> int:
    """Give whoever has this code or link the password they chose; returns the person.

    Their sessions end, the code is used up, and they are told by mail. Raises `Refused`: ONE_TIME_CODE_UNKNOWN, or why
    the password does not do: then the code still works.
    """
    code_hash = hash_of(_plain(typed))
    with streams.reading() as connection:
        row = connection.execute(_usable(code_hash, streams.clock())).one_or_none()
        if row is None:
            raise Refused(Reason.ONE_TIME_CODE_UNKNOWN)
        _, office_id = workplace_of(connection, row.username)
        check(connection, row.person_id, password)
    kept = hashed(password)  # before the office's lock is taken: it takes long

    def work(unit: Unit) -> Done:
        if unit.connection.execute(_usable(code_hash, unit.at)).one_or_none() is None:
            raise Refused(Reason.ONE_TIME_CODE_UNKNOWN)
        person_id: int = row.person_id
        unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(password_hash=kept))
        end_access(unit, person_id)
        record_changed(unit, person_id, How.CODE)
        event = unit.append(Fact(EventName.SETTING_CHANGED, {"setting": "password", "person": person_id}))
        if row.purpose == Purpose.RESET.value:
            tell_secured(unit, event.id, person_id, Secured.PASSWORD)
        return unit.done(person=person_id)

    done = streams.run(office_id, Request(Actor.staff(row.person_id), "take_up_code"), work)
    return int(done.facts["person"])


def _usable(code_hash: str, at: datetime) -> Any:
    return (
        select(CODES.c.person_id, CODES.c.purpose, PEOPLE.c.username)
        .join(PEOPLE, PEOPLE.c.id == CODES.c.person_id)
        .where(CODES.c.code_hash == code_hash, CODES.c.ended_at.is_(None), CODES.c.expires_at > at)
        .where(PEOPLE.c.disabled_at.is_(None))
    )


def _plain(typed: str) -> str:
    """Return a code as it was made, from how somebody typed it: in capitals, with blanks, or without the hyphens."""
    return "".join(each for each in typed.lower() if each.isalnum())


def was_just_sent(unit: Unit, person_id: int) -> bool:
    """Tell whether somebody has a link that anybody asked for and that is young: it lets them in, a further one waits.

    So asking again and again neither floods a mailbox nor uses up what its owner asks for.
    """
    asked_for = (CODES.c.made_by.is_(None), CODES.c.delivery_id.is_not(None), CODES.c.ended_at.is_(None))
    young = (CODES.c.person_id == person_id, CODES.c.made_at > unit.at - MAILED_FOR)
    return unit.connection.execute(select(CODES.c.code_hash).where(*asked_for, *young).limit(1)).first() is not None
