"""Where an answer to an invitation counts, and answers that count nowhere because they are no visitor's.

An answer from a browser in which staff have signed in is kept like an anonymous one, by its day and in the class of the
staff, whatever way the visitor was promised: it leaves the invitation open, and what the visitor says later is the one
answer to it.
"""

from typing import Any, Final

from sqlalchemy import select

from desk.domain.access import Role
from desk.domain.hours import business_day
from desk.domain.invitation import Invitation
from desk.domain.own_case import Apart, kept_apart
from desk.domain.questionnaires import Filled, Questionnaire, satisfaction
from desk.domain.tallies import Origin
from desk.models import TransactionRow
from desk.operations.stream import Unit
from desk.operations.survey.keeping_loose import keep_loose
from desk.operations.survey.tallying import Cell, Said, count
from desk.reads.follow_up_rules import list_members_with
from desk.reads.reader import Reader

TRANSACTIONS: Any = TransactionRow.__table__
KEEPERS: Final = (Role.SUPERVISOR, Role.ADMIN)


def cell_of(unit: Unit, invitation: Invitation, questionnaire: Questionnaire, origin: Origin) -> Cell:
    """Return where an answer that comes now counts."""
    rules = unit.configuration.rules
    day = business_day(unit.at, rules.zone, starts_at=rules.day_starts_at)
    mine = (TRANSACTIONS.c.office_id == unit.office_id) & (TRANSACTIONS.c.id == invitation.transaction_id)
    service_id = unit.connection.execute(select(TRANSACTIONS.c.service_id).where(mine)).scalar_one()
    return Cell(day, service_id, questionnaire.measure.value, origin)


def said_in(questionnaire: Questionnaire, filled: Filled) -> Said:
    """Return what is counted of an answer."""
    return Said(filled.answers, satisfaction(questionnaire, filled.answers), filled.profile)


def keep_by_day(
    unit: Unit, invitation: Invitation, questionnaire: Questionnaire, filled: Filled, origin: Origin
) -> None:
    """Count an answer and keep it under a random id with its day only."""
    cell, said = cell_of(unit, invitation, questionnaire, origin), said_in(questionnaire, filled)
    count(unit, cell, said)
    keep_loose(unit, cell, invitation.questionnaire_id, filled, rating=said.satisfaction, channel=None)


def keep_apart(unit: Unit, invitation: Invitation, questionnaire: Questionnaire, filled: Filled, *, why: Apart) -> None:
    """Keep an answer that is not the visitor's where no figure looks; the invitation stays open.

    Raises `Refused`: what `desk.domain.own_case.kept_apart` raises.
    """
    unit.append(kept_apart(invitation, filled, at=unit.at, why=why))
    keep_by_day(unit, invitation, questionnaire, filled, Origin.STAFF)


def keepers_of(unit: Unit) -> dict[Role, list[int]]:
    """Return the supervisors and administrators who work in the office."""
    return keepers_in(unit.connection, unit.office_id)


def keepers_in(reader: Reader, office_id: int) -> dict[Role, list[int]]:
    """Do as `keepers_of` for any office."""
    return {role: list_members_with(reader, office_id, role) for role in KEEPERS}
