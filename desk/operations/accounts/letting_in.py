"""Letting many people in at once who have no password yet: a link by mail or a code on paper for each of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from desk.domain import staff as rule
from desk.domain.access import require
from desk.domain.letting_in import LINK_IS_NEW_FOR, MOST_AT_ONCE, LetIn, LetInBy
from desk.domain.refusals import Reason, Refused
from desk.domain.staff import ADMINISTRATORS
from desk.models import Person, StaffCode
from desk.operations.accounts.keeping_staff import get_member
from desk.operations.accounts.one_time_codes import issue, send_link
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

CODES: Any = StaffCode.__table__
PEOPLE: Any = Person.__table__


def let_many_in(
    streams: Streams, office_id: int, wanted: Mapping[int, LetInBy], codes: Mapping[int, str], request: Request
) -> Done:
    """Let each of these people in by what is wanted; answers people: pairs of an id and what became of it, no code.

    `codes` has one for each who is to have one. What is in one person's way holds nobody else up. Raises `Refused`:
    FORBIDDEN, INVALID (field) for more than `MOST_AT_ONCE`.
    """

    def work(unit: Unit) -> Done:
        require(unit.actor, ADMINISTRATORS)
        if len(wanted) > MOST_AT_ONCE:
            raise Refused(Reason.INVALID, field="people")
        became = [(each, _let_in(unit, each, by, codes)) for each, by in sorted(wanted.items())]
        return unit.done(people=[[each, said.value] for each, said in became])

    return streams.run_in_all(office_id, request, work)


def _let_in(unit: Unit, person_id: int, by: LetInBy, codes: Mapping[int, str]) -> LetIn:
    if not _is_administered(unit, person_id):
        return LetIn.NOT_YOURS
    if _has_password(unit, person_id):
        return LetIn.HAS_PASSWORD
    match by:
        case LetInBy.CODE:
            issue(unit, person_id, codes[person_id])
            return LetIn.CODE_MADE
        case LetInBy.MAIL:
            return LetIn.MAILED_BEFORE if _has_new_link(unit, person_id) else _mail(unit, person_id)


def _mail(unit: Unit, person_id: int) -> LetIn:
    try:
        send_link(unit, person_id)
    except Refused as refused:
        if refused.reason is Reason.NO_MAIL_ADDRESS:  # found before anything was written
            return LetIn.NO_ADDRESS
        raise
    return LetIn.MAILED


def _is_administered(unit: Unit, person_id: int) -> bool:
    try:
        rule.require_administrator(get_member(unit, person_id, kept_by=ADMINISTRATORS), unit.actor)
    except Refused:
        return False
    return True


def _has_password(unit: Unit, person_id: int) -> bool:
    query = select(PEOPLE.c.password_hash).where(PEOPLE.c.id == person_id)
    return unit.connection.execute(query).scalar_one() is not None


def _has_new_link(unit: Unit, person_id: int) -> bool:
    live = (CODES.c.person_id == person_id, CODES.c.ended_at.is_(None), CODES.c.made_by.is_not(None))
    new = (CODES.c.delivery_id.is_not(None), CODES.c.made_at > unit.at - LINK_IS_NEW_FOR)
    return unit.connection.execute(select(CODES.c.code_hash).where(*live, *new).limit(1)).first() is not None
