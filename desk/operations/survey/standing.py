"""Whose answer it is: the one answer about a visit with a contact of somebody on the staff is kept apart.

What comes from a browser of staff is no answer to the invitation at all (`desk.operations.survey.keeping_apart`).
Looked up under the office's lock, so that nobody's own case counts: whoever handled a transaction is on the staff.
"""

from typing import Any

from sqlalchemy import select

from desk.domain.invitation import Invitation, Standing
from desk.domain.refusals import Reason, Refused
from desk.models import ResponseRow
from desk.operations.stream import Unit
from desk.operations.survey.asked_people import addresses_of, is_staff

RESPONSES: Any = ResponseRow.__table__


def standing_of(unit: Unit, invitation: Invitation) -> Standing:
    """Return STAFF where the visit's contact is that of somebody on the staff."""
    known = addresses_of(unit, invitation.visit_id)
    return Standing.STAFF if any(is_staff(unit, each) for each in known) else Standing.VISITOR


def require_own(unit: Unit, response_id: int, standing: Standing) -> None:
    """Let staff correct answers of staff only; raises `Refused(LINK_USED)` for a visitor's."""
    if standing is Standing.VISITOR:
        return
    mine = (RESPONSES.c.office_id == unit.office_id) & (RESPONSES.c.id == response_id)
    if unit.connection.execute(select(RESPONSES.c.standing).where(mine)).scalar_one() != Standing.STAFF:
        raise Refused(Reason.LINK_USED)
