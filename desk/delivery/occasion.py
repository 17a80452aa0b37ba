"""What messages are about, looked up in the claiming transaction, for all that are claimed together.

Whether to ask at all may have changed since they were queued.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, select

from desk.domain.invitation import Invitation, InvitationState, require_answerable
from desk.domain.questionnaires import About, Questionnaire
from desk.domain.refusals import Reason, Refused
from desk.models import Delivery, InvitationRow, Office, Service, TransactionRow, Visit
from desk.reads.invitations import find_versions

DELIVERIES: Final[Any] = Delivery.__table__
INVITATIONS: Final[Any] = InvitationRow.__table__
TRANSACTIONS: Final[Any] = TransactionRow.__table__
SERVICES: Final[Any] = Service.__table__
VISITS: Final[Any] = Visit.__table__
OFFICES: Final[Any] = Office.__table__

SECONDS_A_PAGE: Final = 10

Names = Mapping[str, str]
"""A name by language."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A visit that is asked about: everything the message says."""

    invitation_id: int
    generation: int
    expires_at: datetime
    office: str
    zone: ZoneInfo
    number: str
    day: date
    services: tuple[Names, ...]
    minutes: int = 0  # that answering takes; 0: one question must be answered
    further: int = 0  # questions that may be left out


def find_occasions(connection: Connection, deliveries: Sequence[Any], *, at: datetime) -> dict[int, Occasion | Refused]:
    """Return by its id what each delivery is about, or why nobody should be asked any more.

    Reasons: LINK_USED (answered already), LINK_REVOKED (taken back, or decided anew since), LINK_WITHDRAWN (revoked by
    hand), LINK_EXPIRED, NO_LONGER_POSSIBLE for an address that was erased, UNKNOWN for a question or visit that was.
    """
    found: dict[int, Occasion | Refused] = {}
    by_office = attrgetter("office_id")
    for office_id, group in groupby(sorted(deliveries, key=by_office), by_office):
        mine = list(group)
        known = _Known.read(connection, office_id, mine)
        for each in mine:
            try:
                found[each.id] = known.occasion_of(each, at)
            except Refused as refused:
                found[each.id] = refused
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read about deliveries of one office: invitations by their ids, visits and services by the visit's."""

    invitations: Mapping[int, Any]
    visits: Mapping[int, Any]
    services: Mapping[int, tuple[Names, ...]]
    asked: Mapping[int, list[Questionnaire]]

    @classmethod
    def read(cls, connection: Connection, office_id: int, deliveries: Sequence[Any]) -> "_Known":
        asked = INVITATIONS.c.id.in_([each.invitation_id for each in deliveries])
        visits = [each.visit_id for each in deliveries]
        return cls(
            {
                row.id: row
                for row in connection.execute(select(INVITATIONS).where(INVITATIONS.c.office_id == office_id, asked))
            },
            {row.id: row for row in connection.execute(_visits(office_id, visits))},
            *_asked_about(connection, office_id, visits),
        )

    def occasion_of(self, delivery: Any, at: datetime) -> Occasion:
        """Return the occasion; raise `Refused` when nobody should be asked any more."""
        if delivery.address is None:
            raise Refused(Reason.NO_LONGER_POSSIBLE)
        row, visit = self.invitations.get(delivery.invitation_id), self.visits.get(delivery.visit_id)
        if row is None:
            raise Refused(Reason.UNKNOWN, id=delivery.invitation_id)
        state = InvitationState(row.state)
        invitation = Invitation(row.id, row.transaction_id, row.visit_id, state, row.generation, row.expires_at)
        require_answerable(invitation, at=at)
        if row.decided_at > delivery.queued_at or invitation.expires_at is None:
            raise Refused(Reason.LINK_REVOKED)
        if visit is None:
            raise Refused(Reason.UNKNOWN, id=delivery.visit_id)
        return Occasion(
            invitation.id,
            invitation.generation,
            invitation.expires_at,
            visit.name,
            ZoneInfo(visit.zone),
            visit.label,
            visit.day,
            self.services.get(delivery.visit_id, ()),
            minutes_of(self.asked.get(delivery.visit_id, ())),
            further_of(self.asked.get(delivery.visit_id, ())),
        )


def _visits(office_id: int, visits: Sequence[int]) -> Select[Any]:
    return (
        select(VISITS.c.id, VISITS.c.label, VISITS.c.day, OFFICES.c.name, OFFICES.c.zone)
        .join(OFFICES, OFFICES.c.id == VISITS.c.office_id)
        .where(VISITS.c.office_id == office_id, VISITS.c.id.in_(visits))
    )


def _asked_about(
    connection: Connection, office_id: int, visits: Sequence[int]
) -> tuple[dict[int, tuple[Names, ...]], dict[int, list[Questionnaire]]]:
    """Return by visit every service it is asked about, and with what: one message, one form."""
    rows = connection.execute(
        select(INVITATIONS.c.visit_id, INVITATIONS.c.questionnaire_id, SERVICES.c.name_id, SERVICES.c.name_en)
        .join(TRANSACTIONS, TRANSACTIONS.c.service_id == SERVICES.c.id)
        .join(
            INVITATIONS,
            (INVITATIONS.c.office_id == TRANSACTIONS.c.office_id) & (INVITATIONS.c.transaction_id == TRANSACTIONS.c.id),
        )
        .where(
            INVITATIONS.c.office_id == office_id,
            INVITATIONS.c.visit_id.in_(visits),
            INVITATIONS.c.state == InvitationState.OPEN.value,
        )
        .order_by(INVITATIONS.c.id)
    ).all()
    versions = find_versions(connection, office_id, {row.questionnaire_id for row in rows} - {None})
    named: dict[int, dict[tuple[str, str], Names]] = {}
    asked: dict[int, list[Questionnaire]] = {}
    for visit_id, version, name_id, name_en in rows:
        named.setdefault(visit_id, {}).setdefault((name_id, name_en), {"id": name_id, "en": name_en})
        asked.setdefault(visit_id, []).append(versions[version])
    return {visit_id: tuple(names.values()) for visit_id, names in named.items()}, asked


def minutes_of(questionnaires: Sequence[Questionnaire]) -> int:
    """Return how many minutes it takes to answer these; 0 where there is one question, and others may be left."""
    questions = [each for asked in questionnaires for each in asked.questions]
    if sum(each.required for each in questions) <= 1:
        return 0
    pages = sum(each.shown_if is None and each.about is About.SERVICE for each in questions)
    about_person = any(each.about is About.PERSON for each in questions)
    return math.ceil((pages + about_person) * SECONDS_A_PAGE / 60)


def further_of(questionnaires: Sequence[Questionnaire]) -> int:
    """Return how many questions there may be beside those that must be answered."""
    return sum(not each.required for asked in questionnaires for each in asked.questions)
