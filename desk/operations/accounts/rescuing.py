"""From the server's command line: an office that nobody administers any more gets an administrator again."""

from sqlalchemy import select

from desk.domain.access import SYSTEM, Role
from desk.domain.refusals import Reason, Refused
from desk.domain.staff import ADMINISTRATORS
from desk.models import Office
from desk.operations.accounts.enrolling import add_colleague_in, change_roles_in, list_roles_here
from desk.operations.accounts.passwords import require_active, workplace_of
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.administering import count_administrators


def make_administrator(streams: Streams, username: str, code: str) -> None:
    """Let somebody of any office administer the office with this code, beside the roles they have there.

    Raises `Refused`: UNKNOWN (nobody of this name works anywhere), INVALID (field code) for no such office,
    DEACTIVATED, ALREADY_ADMINISTERED where somebody who can sign in administers it, ALREADY_DONE where they do it and
    need a password only.
    """
    with streams.reading() as connection:
        person_id, _ = workplace_of(connection, username)
        office_id = connection.execute(select(Office.id).where(Office.code == code.strip())).scalar()
    if office_id is None:
        raise Refused(Reason.INVALID, field="code")

    def work(unit: Unit) -> Done:
        if unit.office_id in count_administrators(unit.connection):
            raise Refused(Reason.ALREADY_ADMINISTERED)
        require_active(unit, person_id)
        roles = list_roles_here(unit, person_id)
        if roles & ADMINISTRATORS:
            raise Refused(Reason.ALREADY_DONE)
        if roles:
            return change_roles_in(unit, person_id, roles | {Role.ADMIN})
        return add_colleague_in(unit, username, ADMINISTRATORS)

    streams.run_in_all(office_id, Request(SYSTEM, "make_administrator"), work)
