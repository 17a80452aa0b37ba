"""Second factors of staff: set up, replaced, removed, taken away, demanded of roles; each an event of the office."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from desk.domain import second_factors as rule
from desk.domain.access import SYSTEM, Role
from desk.domain.facts import Fact
from desk.domain.refusals import Reason, Refused
from desk.domain.second_factors import STEP_S, Verdict, recovery_hash, step_at, tidied
from desk.domain.signing_in import How, Secured
from desk.domain.staff import ADMINISTRATORS
from desk.domain.tokens import hash_of
from desk.models import HalfSignIn, Membership, Office, Person, StaffSession
from desk.operations.accounts.keeping_staff import append_at_home, get_member
from desk.operations.accounts.second_factor_codes import CODES, FACTORS, judge, new_recovery_codes, seal
from desk.operations.accounts.signing_in import end_sessions, record_changed
from desk.operations.accounts.telling_accounts import tell_secured
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit

HALVES: Final[Any] = HalfSignIn.__table__
SESSIONS: Final[Any] = StaffSession.__table__
OFFICES: Final[Any] = Office.__table__


@dataclass(frozen=True, slots=True)
class Setup:
    """An app that is being set up: its secret, which only now is shown, and the code it shows."""

    secret: str = field(repr=False)
    typed: str = field(repr=False)


def enroll(
    streams: Streams, office_id: int, request: Request, setup: Setup, *, key: bytes, person_id: int
) -> list[str]:
    """Set up the acting person's first app; returns the recovery codes, the only time.

    Raises `Refused`: ALREADY_DONE where there is one, CODE_UNFIT (verdict, minutes).
    """
    step = require_fitting(setup, at=streams.clock())

    def require_none(unit: Unit) -> None:
        if _has_factor(unit, person_id):
            raise Refused(Reason.ALREADY_DONE)
        _append(unit, person_id, rule.setting("second_factor", None, "app", person=person_id))

    return _set_up(streams, office_id, request, (setup, step, key, person_id), require_none)


def replace(
    streams: Streams, office_id: int, request: Request, setup: Setup, *, key: bytes, person_id: int, kept_session: str
) -> list[str]:
    """Set up another app in the place of the first, which was shown just before; all other sessions end.

    Returns new recovery codes. Raises `Refused`: ALREADY_DONE where there is none, CODE_UNFIT.
    """
    step = require_fitting(setup, at=streams.clock())

    def clear(unit: Unit) -> None:
        if not _has_factor(unit, person_id):
            raise Refused(Reason.ALREADY_DONE)
        _forget(unit, person_id, kept_session)
        _append(unit, person_id, rule.setting("second_factor", "app", "app", person=person_id))

    return _set_up(streams, office_id, request, (setup, step, key, person_id), clear)


def _set_up(
    streams: Streams,
    office_id: int,
    request: Request,
    what: tuple[Setup, int, bytes, int],
    before: Callable[[Unit], None],
) -> list[str]:
    setup, step, key, person_id = what
    codes = new_recovery_codes()

    def work(unit: Unit) -> Done:
        before(unit)
        row = {"person_id": person_id, "sealed_secret": seal(key, person_id, setup.secret), "since": unit.at}
        unit.connection.execute(insert(FACTORS), {**row, "last_step": step, "failures": 0, "failed_at": None})
        _write_codes(unit, key, person_id, codes)
        return unit.done(person=person_id)

    streams.run(office_id, request, work)
    return codes


def require_fitting(setup: Setup, *, at: datetime) -> int:
    """Return the step of the code that the new app shows; whoever sees the secret may be told how wrong the clock is.

    Raises `Refused(CODE_UNFIT)` (verdict, minutes).
    """
    code = tidied(setup.typed)
    verdict, step = judge(setup.secret, code, at=at) if rule.is_of_app(code) else (Verdict.WRONG, 0)
    if verdict is not Verdict.RIGHT:
        minutes = max(1, round(abs(step - step_at(at)) * STEP_S / 60))
        raise Refused(Reason.CODE_UNFIT, verdict=verdict, minutes=minutes)
    return step


def remove(streams: Streams, office_id: int, request: Request, *, person_id: int, kept_session: str) -> Done:
    """Remove the acting person's factor, which was shown just before; all other sessions end.

    Raises `Refused`: ALREADY_DONE, SECOND_FACTOR_DEMANDED while an office demands one of them.
    """

    def work(unit: Unit) -> Done:
        if not _has_factor(unit, person_id):
            raise Refused(Reason.ALREADY_DONE)
        if is_demanded_of(unit.connection, person_id):
            raise Refused(Reason.SECOND_FACTOR_DEMANDED)
        _forget(unit, person_id, kept_session)
        _append(unit, person_id, rule.setting("second_factor", "app", None, person=person_id))
        return unit.done(person=person_id)

    return streams.run(office_id, request, work)


def renew_codes(streams: Streams, office_id: int, request: Request, *, key: bytes, person_id: int) -> list[str]:
    """Give the acting person new recovery codes in the place of all others; raises `Refused(ALREADY_DONE)` without."""
    codes = new_recovery_codes()

    def work(unit: Unit) -> Done:
        if not _has_factor(unit, person_id):
            raise Refused(Reason.ALREADY_DONE)
        gone = unit.connection.execute(
            delete(CODES).where(CODES.c.person_id == person_id, CODES.c.used_at.is_(None))
        ).rowcount
        unit.connection.execute(delete(CODES).where(CODES.c.person_id == person_id))
        _write_codes(unit, key, person_id, codes)
        _append(unit, person_id, rule.setting("recovery_codes", gone, len(codes), person=person_id))
        return unit.done(person=person_id)

    streams.run(office_id, request, work)
    return codes


def take_away(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """Take the factor of somebody of the office away, who lost the phone; their sessions end at once.

    Raises `Refused`: UNKNOWN, FORBIDDEN, NOT_ONES_OWN_FACTOR, WORKS_ELSEWHERE, ALREADY_DONE.
    """

    def work(unit: Unit) -> Done:
        member = get_member(unit, person_id, kept_by=ADMINISTRATORS)
        fact = rule.take_away(member, actor=unit.actor, has_factor=_has_factor(unit, person_id))
        _forget(unit, person_id, None)
        record_changed(unit, person_id, How.SESSION)
        tell_secured(unit, append_at_home(unit, member, fact).id, person_id, Secured.SECOND_FACTOR)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def take_away_by_name(streams: Streams, username: str) -> None:
    """Do the same from the console; raises `Refused`: UNKNOWN (nobody of this name works anywhere), ALREADY_DONE."""
    query = (
        select(Person.id, Membership.office_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.username == username.strip().lower())
        .order_by(Membership.is_guest, Membership.office_id)
    )
    with streams.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise Refused(Reason.UNKNOWN, username=username)

    def work(unit: Unit) -> Done:
        if not _has_factor(unit, row.id):
            raise Refused(Reason.ALREADY_DONE)
        _forget(unit, row.id, None)
        record_changed(unit, row.id, How.SESSION)
        _append(unit, row.id, rule.setting("second_factor", "app", None, person=row.id))
        return unit.done(person=row.id)

    streams.run(row.office_id, Request(SYSTEM, "take_second_factor_away"), work)


def demand(streams: Streams, office_id: int, request: Request, roles: Iterable[Role]) -> Done:
    """Say whose role in the office needs a second factor; whoever has none is signed out, and sets one up.

    Raises `Refused`: FORBIDDEN, ALREADY_DONE, SECOND_FACTOR_FIRST.
    """
    wanted = frozenset(roles)

    def work(unit: Unit) -> Done:
        here = OFFICES.c.id == unit.office_id
        before = unit.connection.execute(select(OFFICES.c.second_factor_roles).where(here)).scalar_one()
        is_own = unit.actor.person_id is not None and _has_factor(unit, unit.actor.person_id)
        unit.append(rule.demand(before, wanted, actor=unit.actor, has_factor=is_own))
        unit.connection.execute(update(OFFICES).where(here).values(second_factor_roles=sorted(wanted)))
        unit.renew_configuration()
        new = sorted(role.value for role in wanted - set(map(Role, before)))
        theirs = select(Membership.person_id).where(Membership.office_id == unit.office_id, Membership.role.in_(new))
        _end_unproven(unit, SESSIONS.c.person_id.in_(theirs))
        return unit.done(roles=sorted(wanted))

    return streams.run(office_id, request, work)


def end_sessions_without(unit: Unit, person_id: int) -> None:
    """End the sessions of somebody of whom a second factor is demanded and who has none."""
    if is_demanded_of(unit.connection, person_id):
        _end_unproven(unit, SESSIONS.c.person_id == person_id)


def _end_unproven(unit: Unit, whose: Any) -> None:
    """End the sessions of those, among these, who have no second factor."""
    without = SESSIONS.c.person_id.not_in(select(FACTORS.c.person_id))
    end_sessions(unit, whose, without)


def is_demanded_of(connection: Connection, person_id: int) -> bool:
    """Tell whether an office demands a second factor of somebody for a role held there."""
    query = select(Membership.office_id, Membership.role, Office.second_factor_roles)
    rows = connection.execute(
        query.join(Office, Office.id == Membership.office_id).where(Membership.person_id == person_id)
    )
    return any(role in demanding for _, role, demanding in rows.tuples())


def _append(unit: Unit, person_id: int, fact: Fact) -> None:
    """Write down what was changed, and tell the person by mail."""
    tell_secured(unit, unit.append(fact).id, person_id, Secured.SECOND_FACTOR)


def _has_factor(unit: Unit, person_id: int) -> bool:
    query = select(FACTORS.c.person_id).where(FACTORS.c.person_id == person_id)
    return unit.connection.execute(query).first() is not None


def _write_codes(unit: Unit, key: bytes, person_id: int, codes: list[str]) -> None:
    rows = [{"code_hash": recovery_hash(key, person_id, each), "person_id": person_id} for each in codes]
    unit.connection.execute(insert(CODES), rows)


def _forget(unit: Unit, person_id: int, kept_session: str | None) -> None:
    """Remove a factor with its recovery codes; end what was begun with it, but for one session."""
    for table in (FACTORS, CODES):
        unit.connection.execute(delete(table).where(table.c.person_id == person_id))
    began = (HALVES.c.person_id == person_id) & HALVES.c.used_at.is_(None)
    unit.connection.execute(update(HALVES).where(began).values(used_at=unit.at))
    others = [] if kept_session is None else [SESSIONS.c.secret_hash != hash_of(kept_session)]
    end_sessions(unit, SESSIONS.c.person_id == person_id, *others)
