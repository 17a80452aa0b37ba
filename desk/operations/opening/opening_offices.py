"""Opening another office: whoever keeps the server can, and administers the new one too."""

import re
from dataclasses import asdict
from typing import Final

from sqlalchemy import func, insert, select

from desk.domain.access import Role, acting_person
from desk.domain.identity import MAX_OFFICE_ID
from desk.domain.refusals import Reason, Refused
from desk.domain.zones import read_zone
from desk.models import Membership, Office, Stream
from desk.operations.accounts.server_keepers import require_keeper
from desk.operations.opening.furnishing import record_openings
from desk.operations.opening.setting_up import OfficePlan
from desk.operations.requests import Done, Request
from desk.operations.settings.facilities import seed_facilities
from desk.operations.settings.office_settings import LONGEST_NAME, read_language
from desk.operations.settings.pools_and_reasons import seed_reasons
from desk.operations.settings.priority_reasons import seed_priority_reasons
from desk.operations.settings.setting_changes import tell, words_of
from desk.operations.stream import Streams, Unit, first_head

CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


def open_another(streams: Streams, office_id: int, request: Request, plan: OfficePlan) -> Done:
    """Open an office and let whoever asked administer it; answers office. The trail of both offices tells of it.

    Raises `Refused`: FORBIDDEN, KEEPERS_ONLY, NOBODY_KEEPS_SERVER, INVALID with the field, NAME_TAKEN for a code that
    another office has.
    """

    def work(unit: Unit) -> Done:
        require_keeper(unit)
        person_id = acting_person(unit.actor)
        made = _write(unit, plan)
        # As a guest: else nobody where they are at home could deactivate them any more.
        row = {"person_id": person_id, "office_id": made, "role": Role.ADMIN.value, "is_guest": True}
        unit.connection.execute(insert(Membership), row)
        tell(unit, "office_opened", None, plan.code, office=made)
        return unit.done(office=made)

    done = streams.run_in_all(office_id, request, work)
    # Its first events are its own stream's; where this ends before them, whoever opens the next office adds them.
    record_openings(streams)
    return done


def _write(unit: Unit, plan: OfficePlan) -> int:
    if not CODE.fullmatch(plan.code):
        raise Refused(Reason.INVALID, field="code")
    words_of(plan.name, "name", most=LONGEST_NAME)
    read_zone(plan.zone)
    read_language(plan.language)
    if unit.connection.execute(select(Office.id).where(Office.code == plan.code)).first() is not None:
        raise Refused(Reason.NAME_TAKEN, name=plan.code, field="code")
    made: int = 1 + (unit.connection.execute(select(func.max(Office.id))).scalar() or 0)
    if made > MAX_OFFICE_ID:
        raise Refused(Reason.INVALID, field="code")
    unit.connection.execute(insert(Office), {"id": made, **asdict(plan)})
    unit.connection.execute(insert(Stream), first_head(made, unit.at))
    for seed in (seed_reasons, seed_priority_reasons, seed_facilities):
        seed(unit.connection, made)
    return made
