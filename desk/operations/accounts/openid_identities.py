"""Accounts of an identity provider: whose they are, linked and unlinked, each an event of the office of the person."""

from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from desk.domain.openid import Account, Claims, Unknown
from desk.domain.refusals import Reason, Refused
from desk.domain.second_factors import setting
from desk.domain.signing_in import How, Secured
from desk.domain.staff import ADMINISTRATORS, require_administrator
from desk.models import OpenIdIdentity, Person, StaffSession
from desk.operations.accounts.keeping_staff import append_at_home, get_member
from desk.operations.accounts.signing_in import end_sessions, record_changed
from desk.operations.accounts.telling_accounts import tell_secured
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

IDENTITIES: Final[Any] = OpenIdIdentity.__table__
PEOPLE: Final[Any] = Person.__table__
SESSIONS: Final[Any] = StaffSession.__table__


def find_owner(connection: Connection, account: Account) -> int | Unknown:
    """Return whose account it is; NOBODY, or DISABLED for somebody who works here no more."""
    query = (
        select(PEOPLE.c.id, PEOPLE.c.disabled_at)
        .join(IDENTITIES, IDENTITIES.c.person_id == PEOPLE.c.id)
        .where(IDENTITIES.c.issuer == account.issuer, IDENTITIES.c.subject == account.subject)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return Unknown.NOBODY
    return row.id if row.disabled_at is None else Unknown.DISABLED


def find_match(connection: Connection, claims: Claims, *, link: str) -> int | Unknown:
    """Return who has the name or verified address of an account that is nobody's yet, where that counts (`link`)."""
    if link == "email" and claims.email and not claims.is_email_verified:
        return Unknown.UNVERIFIED
    if link == "email" and claims.email:
        # An address that nobody with the right to give it has vouched for decides nothing.
        wanted = (func.lower(PEOPLE.c.email) == claims.email) & PEOPLE.c.is_email_vouched
    elif link == "username" and claims.username:
        wanted = PEOPLE.c.username == claims.username
    else:
        return Unknown.NOBODY
    rows = connection.execute(select(PEOPLE.c.id, PEOPLE.c.disabled_at).where(wanted)).all()
    active = [row.id for row in rows if row.disabled_at is None]
    if len(active) != 1:
        return Unknown.SEVERAL if active else Unknown.DISABLED if rows else Unknown.NOBODY
    theirs = (IDENTITIES.c.person_id == active[0]) & (IDENTITIES.c.issuer == claims.account.issuer)
    if connection.execute(select(IDENTITIES.c.subject).where(theirs)).first() is not None:
        return Unknown.TAKEN
    person_id: int = active[0]
    return person_id


def link(streams: Streams, office_id: int, request: Request, account: Account, *, person_id: int) -> Done:
    """Let a person sign in with this account; raises `Refused`: ALREADY_DONE, ACCOUNT_LINKED (to somebody else)."""

    def work(unit: Unit) -> Done:
        owner = find_owner(unit.connection, account)
        if owner is not Unknown.NOBODY:
            raise Refused(Reason.ALREADY_DONE if owner == person_id else Reason.ACCOUNT_LINKED)
        theirs = (IDENTITIES.c.person_id == person_id) & (IDENTITIES.c.issuer == account.issuer)
        before = unit.connection.execute(delete(IDENTITIES).where(theirs)).rowcount
        row = {"issuer": account.issuer, "subject": account.subject, "person_id": person_id, "linked_at": unit.at}
        unit.connection.execute(insert(IDENTITIES), row)
        record_changed(unit, person_id, How.OIDC)
        fact = setting("openid_identity", "linked" if before else None, "linked", person=person_id)
        tell_secured(unit, unit.append(fact).id, person_id, Secured.ACCOUNT)
        return unit.done(person=person_id)

    try:
        return streams.run(office_id, request, work)
    except IntegrityError as error:  # somebody of another office did it at the same moment
        raise Refused(Reason.ACCOUNT_LINKED) from error


def unlink(streams: Streams, office_id: int, request: Request, issuer: str, *, person_id: int) -> Done:
    """Let a person sign in with no account of this provider any more; raises `Refused(ALREADY_DONE)`."""

    def work(unit: Unit) -> Done:
        theirs = (IDENTITIES.c.person_id == person_id) & (IDENTITIES.c.issuer == issuer)
        if not unit.connection.execute(delete(IDENTITIES).where(theirs)).rowcount:
            raise Refused(Reason.ALREADY_DONE)
        record_changed(unit, person_id, How.OIDC)
        event = unit.append(setting("openid_identity", "linked", None, person=person_id))
        tell_secured(unit, event.id, person_id, Secured.ACCOUNT)
        return unit.done(person=person_id)

    return streams.run(office_id, request, work)


def take_away(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """Unlink every account of somebody of the office, which may be in wrong hands; their sessions end at once.

    Answers person. Raises `Refused`: UNKNOWN, FORBIDDEN, DEACTIVATED, WORKS_ELSEWHERE, ALREADY_DONE.
    """

    def work(unit: Unit) -> Done:
        member = get_member(unit, person_id, kept_by=ADMINISTRATORS)
        require_administrator(member, unit.actor)
        if not unit.connection.execute(delete(IDENTITIES).where(IDENTITIES.c.person_id == person_id)).rowcount:
            raise Refused(Reason.ALREADY_DONE)
        end_sessions(unit, SESSIONS.c.person_id == person_id)
        record_changed(unit, person_id, How.OIDC)
        event = append_at_home(unit, member, setting("openid_identity", "linked", None, person=person_id))
        tell_secured(unit, event.id, person_id, Secured.ACCOUNT)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)
