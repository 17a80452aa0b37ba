"""An office that is closed for good, and brought back, by who keeps the server; everything it did stays as it is.

Nobody takes a number there or goes on duty. The last office in use is never retired: the desk would serve nobody.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from desk.domain import retiring as rule
from desk.domain.facts import Fact
from desk.models import Office
from desk.operations.accounts.server_keepers import require_keeper
from desk.operations.requests import Done, Request
from desk.operations.stream import Streams, Unit
from desk.reads.under_way import count_other_offices, count_under_way

OFFICES: Any = Office.__table__


def retire(streams: Streams, office_id: int, request: Request) -> Done:
    """Close an office for good; answers office.

    Under the locks of all offices, so that no two close each other's last. Raises `Refused`: FORBIDDEN, KEEPERS_ONLY,
    NOBODY_KEEPS_SERVER, ALREADY_DONE, LAST_OFFICE, OFFICE_AT_WORK with what is under way (waiting, unfinished, offers,
    requests, on_duty).
    """

    def work(unit: Unit) -> Done:
        require_keeper(unit)
        under_way = count_under_way(unit.connection, office_id)
        others = count_other_offices(unit.connection, office_id)
        fact = rule.retire(under_way, is_retired=_is_retired(unit), others=others)
        return _set(unit, unit.at, fact)

    return streams.run_in_all(office_id, request, work)


def bring_back(streams: Streams, office_id: int, request: Request) -> Done:
    """Open a retired office again, as it was set; answers office.

    Raises `Refused`: FORBIDDEN, KEEPERS_ONLY, NOBODY_KEEPS_SERVER, ALREADY_DONE.
    """

    def work(unit: Unit) -> Done:
        require_keeper(unit)
        return _set(unit, None, rule.bring_back(is_retired=_is_retired(unit)))

    return streams.run(office_id, request, work)


def _is_retired(unit: Unit) -> bool:
    query = select(OFFICES.c.retired_at).where(OFFICES.c.id == unit.office_id)
    return unit.connection.execute(query).scalar_one() is not None


def _set(unit: Unit, retired_at: datetime | None, fact: Fact) -> Done:
    unit.connection.execute(update(OFFICES).where(OFFICES.c.id == unit.office_id).values(retired_at=retired_at))
    unit.append(fact)
    unit.renew_configuration()
    return unit.done(office=unit.office_id)
