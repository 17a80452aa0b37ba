"""The first run: a token for whoever holds the machine, and with it the first office, all or nothing."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from desk.domain.opening import SETUP_TOKEN_LASTS
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import hash_of
from desk.domain.zones import read_zone
from desk.models import Membership, SetupToken
from desk.operations.accounts.passwords import generate
from desk.operations.opening.furnishing import Furnishing, StaffPlan, furnish_office, record_openings
from desk.operations.opening.setting_up import OfficePlan, PersonPlan
from desk.operations.settings.identity import Logo, write_logo
from desk.operations.stream import Streams
from desk.reads.first_run import find_token_end, find_token_fault, has_office

TOKENS: Any = SetupToken.__table__


@dataclass(frozen=True, slots=True)
class FirstOffice:
    """What the first run asks for; the administrator's roles and password hash stand in their plan."""

    office: OfficePlan
    administrator: PersonPlan
    logo: Logo | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The office that was opened, and who administers it."""

    office_id: int
    person_id: int


def offer_token(streams: Streams) -> str | None:
    """Return a new token where one is needed and none works; it is told this once, since only its hash is kept.

    Of several machines that start at once on one database, one tells it.
    """
    try:
        with streams.setting_up() as connection:
            end = find_token_end(connection)
            if has_office(connection) or (end is not None and end > streams.clock()):
                return None
            # Not one that somebody else made since we looked: then ours does not fit beside it.
            connection.execute(delete(TOKENS).where(TOKENS.c.expires_at <= streams.clock()))
            return _made(connection, streams)
    except IntegrityError:
        return None


def renew_token(streams: Streams) -> str:
    """Return a new token in the place of any before; raises `Refused(ALREADY_DONE)` once there is an office."""
    with streams.setting_up() as connection:
        if has_office(connection):
            raise Refused(Reason.ALREADY_DONE)
        connection.execute(delete(TOKENS))
        return _made(connection, streams)


def set_up(streams: Streams, plan: FirstOffice, token: str) -> Opened:
    """Open the first office with its administrator; the token is used up in the same transaction.

    Raises `Refused`: ALREADY_DONE where there is an office (also where somebody else was faster by a moment), INVALID
    (field token) for a token that is wrong or too old, or (field zone) for a time zone that is none.
    """
    read_zone(plan.office.zone)
    try:
        with streams.setting_up() as connection:
            _use(connection, token, streams)
            staff = (StaffPlan(plan.administrator),)
            furnishing = Furnishing(plan.office, plan.administrator.username, {}, (), staff, ())
            office_id = furnish_office(connection, furnishing, streams)
            if plan.logo is not None:
                write_logo(connection, office_id, plan.logo, at=streams.clock())
            person = select(Membership.person_id).where(Membership.office_id == office_id)
            person_id: int = connection.execute(person).scalar_one()
    except IntegrityError as error:  # `desk init`, at the same moment
        raise Refused(Reason.ALREADY_DONE) from error
    record_openings(streams)
    return Opened(office_id, person_id)


def _made(connection: Connection, streams: Streams) -> str:
    token, at = generate(), streams.clock()
    row = {"id": 1, "token_hash": hash_of(token), "made_at": at, "expires_at": at + SETUP_TOKEN_LASTS}
    connection.execute(insert(TOKENS), row)
    return token


def _use(connection: Connection, token: str, streams: Streams) -> None:
    """Take the token away, so that of two at once the second finds none."""
    connection.execute(select(TOKENS.c.id).with_for_update()).all()
    if has_office(connection):
        raise Refused(Reason.ALREADY_DONE)
    if find_token_fault(connection, token, at=streams.clock()) is not None:
        raise Refused(Reason.INVALID, field="token")
    connection.execute(delete(TOKENS))
