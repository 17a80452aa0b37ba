"""Which of the messages that are due must wait: their office writes to nobody at this hour or on this day.

They may have been due in good time and then not been sent: the server, the gateway or the desk was away, or an attempt
failed. What an office has set now is what holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from desk.delivery.about_accounts import is_about_account
from desk.delivery.about_plans import is_about_plan
from desk.delivery.occasion import INVITATIONS, OFFICES, TRANSACTIONS
from desk.domain.asking_rules import SETTINGS, AskingSettings
from desk.domain.asking_times import put_off_until
from desk.domain.hours import Calendar
from desk.domain.invitation import Channel
from desk.reads.calendars import list_kept

# Most offices keep neither: of them nothing more is read.
_KEEPS_HOURS: Final = or_(OFFICES.c.survey_quiet_from != OFFICES.c.survey_quiet_until, OFFICES.c.survey_working_days)


@dataclass(frozen=True, slots=True)
class _Hours:
    """When an office writes to nobody: its settings, and its services' calendars where those matter."""

    settings: AskingSettings
    bare: Calendar
    by_invitation: Mapping[int, Calendar]

    def until(self, delivery: Any, at: datetime) -> datetime | None:
        """Return until when a message waits; None where it need not."""
        calendar = self.by_invitation.get(delivery.invitation_id, self.bare)
        timing = self.settings.timing(Channel(delivery.channel))
        if delivery.case_id is not None or is_about_plan(delivery):  # of no service's calendar: only the hours count
            timing = replace(timing, working_days=False)
        return put_off_until(timing, at, calendar)


def find_put_off(connection: Connection, deliveries: Iterable[Any], *, at: datetime) -> dict[int, datetime]:
    """Return by its id until when each of these messages waits that must not go out now."""
    by_office: dict[int, list[Any]] = {}
    for each in deliveries:
        if is_about_account(each):  # somebody waits for it, and its link works for half an hour
            continue
        by_office.setdefault(each.office_id, []).append(each)
    found: dict[int, datetime] = {}
    if not by_office:
        return found
    columns = [OFFICES.c[name] for name in ("id", "zone", *SETTINGS)]
    offices = connection.execute(select(*columns).where(OFFICES.c.id.in_(by_office), _KEEPS_HOURS)).all()
    for office in offices:
        mine = by_office[office.id]
        hours = _hours_of(connection, office, mine)
        waits = ((each.id, hours.until(each, at)) for each in mine)
        found |= {delivery_id: until for delivery_id, until in waits if until is not None}
    return found


def _hours_of(connection: Connection, office: Any, deliveries: list[Any]) -> _Hours:
    settings = AskingSettings(**{name: getattr(office, name) for name in SETTINGS})
    calendars = _calendars(connection, office.id, deliveries) if settings.survey_working_days else {}
    return _Hours(settings, Calendar(ZoneInfo(office.zone), ()), calendars)


def _calendars(connection: Connection, office_id: int, deliveries: list[Any]) -> dict[int, Calendar]:
    """Return by invitation the calendar of the service it is about."""
    same = (TRANSACTIONS.c.office_id == INVITATIONS.c.office_id) & (TRANSACTIONS.c.id == INVITATIONS.c.transaction_id)
    asked = INVITATIONS.c.id.in_([each.invitation_id for each in deliveries])
    query = select(INVITATIONS.c.id, TRANSACTIONS.c.service_id).join(TRANSACTIONS, same)
    services = connection.execute(query.where(INVITATIONS.c.office_id == office_id, asked)).tuples().all()
    kept = list_kept(connection, office_id)
    return {invitation_id: kept[service_id].calendar for invitation_id, service_id in services}
