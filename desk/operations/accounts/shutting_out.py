"""Somebody is shut out at once, whatever they still have in hand, and let in again: for what cannot wait.

Custody stays with them until somebody takes it; the gap list names what waits for that.
"""

from contextlib import suppress

from sqlalchemy import select, update

from desk.domain import staff as rule
from desk.domain.access import SYSTEM
from desk.domain.refusals import Refused
from desk.domain.signing_in import How
from desk.domain.staff import ADMINISTRATORS
from desk.operations.accounts.keeping_staff import (
    PEOPLE,
    append_at_home,
    end_tokens,
    get_member,
    reactivate,
)
from desk.operations.accounts.passwords import end_access, workplace_of
from desk.operations.accounts.server_keepers import find_unattended
from desk.operations.accounts.signing_in import record_changed
from desk.operations.finding import find_post
from desk.operations.requests import Done, Request
from desk.operations.staffing import send_off
from desk.operations.stream import STREAMS, Streams, Unit


def shut_out(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """End at once, in every office, whatever lets somebody in: sessions, tokens, codes and links, and the password.

    Whoever knows the password may be somebody else, so it is worth nothing any more either; a second factor and a
    linked account stay, and let nobody in meanwhile. At the counter they stay on duty while a visitor is theirs.

    Answers person. Raises `Refused`: UNKNOWN, FORBIDDEN, NOT_ONESELF, WORKS_ELSEWHERE, ALREADY_DONE,
    LAST_ADMINISTRATOR with the office, LAST_KEEPER.
    """

    def work(unit: Unit) -> Done:
        member = get_member(unit, person_id)
        fact = rule.shut_out(member, actor=unit.actor, unattended=find_unattended(unit, person_id))
        with suppress(Refused):  # a visitor is theirs: the floor goes on showing who sits before whom
            send_off(unit, find_post(unit, officer_id=person_id))
        by_admin = not ADMINISTRATORS.isdisjoint(unit.actor.roles)
        gone = {"disabled_at": unit.at, "is_disabled_by_admin": by_admin, "is_shut_out": True, "password_hash": None}
        _change(unit, person_id, **gone)
        end_access(unit, person_id)
        end_tokens(unit, person_id)
        record_changed(unit, person_id, How.SESSION)
        append_at_home(unit, member, fact)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def let_in(streams: Streams, office_id: int, person_id: int, request: Request) -> Done:
    """Let somebody in again who was shut out: with a new password by a code or a link, or the account they linked.

    Answers person. Raises `Refused`: UNKNOWN, FORBIDDEN, WORKS_ELSEWHERE, ALREADY_DONE for who is not shut out.
    """

    def work(unit: Unit) -> Done:
        member = get_member(unit, person_id, kept_by=ADMINISTRATORS)
        fact = rule.let_in(member, actor=unit.actor)
        _change(unit, person_id, disabled_at=None, is_disabled_by_admin=False, is_shut_out=False)
        append_at_home(unit, member, fact)
        return unit.done(person=person_id)

    return streams.run_in_all(office_id, request, work)


def shut_out_by_name(streams: Streams, username: str) -> None:
    """Do the same from the server's command line: where whose account it is may be the only one who could.

    Raises `Refused`: UNKNOWN (nobody of this name works anywhere), ALREADY_DONE, LAST_ADMINISTRATOR, LAST_KEEPER.
    """
    person_id, office_id = _found(streams, username)
    shut_out(streams, office_id, person_id, Request(SYSTEM, "shut_out"))


def let_in_by_name(streams: Streams, username: str) -> None:
    """Let somebody in again who was shut out or deactivated, from the server's command line.

    Raises `Refused`: UNKNOWN, ALREADY_DONE.
    """
    person_id, office_id = _found(streams, username)
    with streams.reading() as connection:
        is_shut_out = connection.execute(select(PEOPLE.c.is_shut_out).where(PEOPLE.c.id == person_id)).scalar_one()
    again = let_in if is_shut_out else reactivate
    again(streams, office_id, person_id, Request(SYSTEM, "let_in"))


def _found(streams: Streams, username: str) -> tuple[int, int]:
    """Return somebody's id and an office they are at home in."""
    with streams.reading() as connection:
        return workplace_of(connection, username)


def _change(unit: Unit, person_id: int, **values: object) -> None:
    """Write down what is so of somebody; every process looks tokens up anew, in every office."""
    unit.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(values))
    unit.connection.execute(update(STREAMS).values(configuration=STREAMS.c.configuration + 1))
