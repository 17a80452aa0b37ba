"""How an office asks, and what that would have meant for the transactions of the last days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, func, select

from desk.domain.asking_rules import SETTINGS, AskingSettings
from desk.domain.questionnaires import Words
from desk.models import InvitationRow, Office, Service, VisitContact
from desk.reads.reader import Reader

INVITATIONS: Any = InvitationRow.__table__
CONTACTS: Any = VisitContact.__table__
SERVICES: Any = Service.__table__
OFFICES: Any = Office.__table__
DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class ServiceShare:
    """A service in use; `percent` None is the share of the office."""

    id: int
    series: str
    name: Words
    percent: int | None


@dataclass(frozen=True, slots=True)
class Past:
    """How many transactions of a service ended in the last days, by what the rule asks first."""

    service_id: int
    served: bool
    reachable: bool
    count: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many of how many would have been asked, before anybody's wish and the throttle are looked at."""

    asked: int
    ended: int


def get_settings(reader: Reader, office_id: int) -> AskingSettings:
    """Return how the office asks."""
    columns = [OFFICES.c[name] for name in SETTINGS]
    row = reader.execute(select(*columns).where(OFFICES.c.id == office_id)).one()
    return AskingSettings(**row._mapping)


def offers_link(reader: Reader, office_id: int) -> bool:
    """Tell whether the visitor's own page leads to the questions afterwards."""
    query = select(OFFICES.c.survey_on, OFFICES.c.survey_link_on).where(OFFICES.c.id == office_id)
    return all(reader.execute(query).one())


def tablet_seconds(reader: Reader, office_id: int) -> int:
    """Return for how long after the end a tablet at a counter asks, in seconds."""
    found: int = reader.execute(select(OFFICES.c.survey_tablet_s).where(OFFICES.c.id == office_id)).scalar_one()
    return found


def list_shares(reader: Reader, office_id: int) -> list[ServiceShare]:
    """Return the services in use, in the order of the office."""
    query = select(SERVICES).where(SERVICES.c.office_id == office_id, SERVICES.c.retired.is_(False))
    return [
        ServiceShare(row.id, row.series, Words(row.name_id, row.name_en), row.survey_percent)
        for row in reader.execute(query.order_by(SERVICES.c.position, SERVICES.c.id))
    ]


def list_past(reader: Reader, office_id: int, *, at: datetime) -> list[Past]:
    """Return the transactions that ended in the last 30 days."""
    served = INVITATIONS.c.officer_id.is_not(None)
    given = CONTACTS.c.email.is_not(None) | CONTACTS.c.phone.is_not(None)
    reachable = and_(given, CONTACTS.c.consented_at.is_not(None))
    here = (CONTACTS.c.office_id == INVITATIONS.c.office_id) & (CONTACTS.c.visit_id == INVITATIONS.c.visit_id)
    query = (
        select(INVITATIONS.c.service_id, served.label("served"), reachable.label("reachable"), func.count())
        .outerjoin(CONTACTS, here)
        .where(
            INVITATIONS.c.office_id == office_id,
            INVITATIONS.c.decided_at >= at - timedelta(days=DAYS),
            INVITATIONS.c.state != "superseded",
        )
        .group_by(INVITATIONS.c.service_id, served, reachable)
    )
    return [Past(row[0] or 0, bool(row[1]), bool(row[2]), row[3]) for row in reader.execute(query)]


def estimate(past: Sequence[Past], settings: AskingSettings, shares: Mapping[int, int | None]) -> Estimate:
    """Return how many of these would have been asked by these settings."""
    asked = sum(each.count * _percent(each, settings, shares) for each in past)
    return Estimate(round(asked / 100), sum(each.count for each in past))


def _percent(past: Past, settings: AskingSettings, shares: Mapping[int, int | None]) -> int:
    left_out = not past.served and not settings.survey_unserved
    if not settings.survey_on or left_out or not (past.reachable or settings.survey_link_on):
        return 0
    own = shares.get(past.service_id)
    return settings.survey_percent if own is None else own
