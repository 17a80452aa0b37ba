"""The offices: whether visitors find something open, somebody to serve them, and somebody who looks after it."""

from collections import Counter as Count
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, select

from desk.cli.checks.base import Result, Subject, fault, good, warning
from desk.domain.hours import next_opening
from desk.domain.opening import Trial
from desk.domain.zones import NO_PLACE, known_zones
from desk.models import ApiToken, Counter, Office, Service
from desk.reads.administering import count_administrators, others_keep
from desk.reads.calendars import list_kept
from desk.reads.missing_holidays import count_missing, years_of
from desk.reads.opening import get_furniture, list_trials
from desk.reads.outbox import list_overdue
from desk.reads.planned import LATELY, count_in_danger, count_overdue, count_refused
from desk.reads.served import list_served
from desk.reads.trail import find_signing_key
from desk.reports.daily_checkpoints import read_newest
from desk.settings import load_keys

LOOK_AHEAD: Final = 14  # days within which some service should open
LATE: Final = timedelta(hours=24)


def check_offices(subject: Subject) -> Iterator[Result]:
    """Whether there is an office, in a time zone that this machine knows."""
    with subject.reading() as connection:
        query = select(Office.code, Office.zone, Office.retired_at).order_by(Office.id)
        offices = list(connection.execute(query).tuples())
    if not offices:
        yield fault("There is no office.", "Open one with `desk init`.")
    for code, zone, retired_at in offices:
        if retired_at is not None:
            yield good(f"{code}: closed for good since {retired_at:%Y-%m-%d}; nothing else of it is looked at.")
        elif zone in known_zones():
            yield good(f"{code}: {zone}")
        elif zone in NO_PLACE:
            yield fault(f"{code}: {zone} is no time zone of a place.", "Choose one on the page Days and times.")
        else:
            yield fault(f"{code}: the time zone {zone} is not known here.", "Install the package tzdata.")


def check_administrators(subject: Subject) -> Iterator[Result]:
    """Whether each office has administrators who can sign in, more than one."""
    with subject.reading() as connection:
        found = count_administrators(connection)
        for office_id, code in _offices(connection):
            count = found.get(office_id, 0)
            if not count:
                remedy = f"See `desk person administrator --help` (--office {code}) and `desk person password --help`."
                yield fault(f"{code}: nobody who administers it can sign in.", remedy)
            elif count == 1:
                yield warning(f"{code}: only one person administers it.", "Name a second one, for leave and illness.")
            else:
                yield good(f"{code}: {count} people administer it.")


def check_keepers(subject: Subject) -> Iterator[Result]:
    """Whether somebody who can sign in keeps the server."""
    with subject.reading() as connection:
        if not _offices(connection):
            yield good("There is no office yet; its first administrator keeps the server.")
        elif others_keep(connection):
            yield good("Somebody keeps the server.")
        else:
            said = "Nobody who can sign in keeps the server: nobody sets its address, mail and backups."
            yield warning(said, "Name an administrator: `desk person keeps-server USERNAME`.")


def check_services(subject: Subject) -> Iterator[Result]:
    """Whether each office has services, all with somebody who is given their visitors."""
    with subject.reading() as connection:
        open_services = select(Service.id, Service.office_id, Service.series).where(Service.retired.is_(False))
        services = list(connection.execute(open_services).tuples())
        for office_id, code in _offices(connection):
            mine = [(number, series) for number, office, series in services if office == office_id]
            served = list_served(connection, office_id)
            nobody = [series for number, series in mine if number not in served]
            if not mine:
                yield fault(f"{code}: there is no service.", "Add one: a number is always for a service.")
            elif nobody:
                yield fault(f"{code}: nobody serves {', '.join(nobody)}.", "Say who does, or retire the service.")
            else:
                yield good(f"{code}: {len(mine)} services, and somebody for each.")


def check_series(subject: Subject) -> Iterator[Result]:
    """Whether two services of an office give out numbers that look the same."""
    with subject.reading() as connection:
        offices = _offices(connection)
        query = select(Service.office_id, Service.series).where(Service.retired.is_(False))
        counts = Count(connection.execute(query).tuples())
    for office_id, code in offices:
        twice = sorted(series for (office, series), count in counts.items() if office == office_id and count > 1)
        if twice:
            yield warning(f"{code}: several services give out {', '.join(twice)}.", "Give each letters of its own.")
        else:
            yield good(f"{code}: each service has letters of its own.")


def check_counters(subject: Subject) -> Iterator[Result]:
    """Whether each office has a counter to call visitors to."""
    with subject.reading() as connection:
        here = (Counter.retired.is_(False), Counter.back_office.is_(False))
        found = Count(connection.execute(select(Counter.office_id).where(*here)).scalars())
        for office_id, code in _offices(connection):
            if found[office_id]:
                yield good(f"{code}: {found[office_id]} counters.")
            else:
                yield fault(f"{code}: there is no counter.", "Add one: a visitor is called to a counter.")


def check_hours(subject: Subject) -> Iterator[Result]:
    """Whether every service opens within the next days, by its calendar."""
    with subject.reading() as connection:
        for office_id, code in _offices(connection):
            kept = list_kept(connection, office_id)
            until = subject.now + timedelta(days=LOOK_AHEAD)
            query = select(Service.id, Service.series).where(Service.office_id == office_id, Service.retired.is_(False))
            closed = [
                series
                for service_id, series in connection.execute(query).tuples()
                if (opens := next_opening(kept[service_id].calendar, subject.now)) is None or opens > until
            ]
            if closed:
                yield fault(
                    f"{code}: {', '.join(sorted(set(closed)))} do not open within {LOOK_AHEAD} days.",
                    "Look at the hours of their calendar (page Calendars).",
                )
            else:
                yield good(f"{code}: all services open within {LOOK_AHEAD} days.")


def check_holidays(subject: Subject) -> Iterator[Result]:
    """Whether an office is open on public holidays that nobody entered, this year and soon before its end the next."""
    with subject.reading() as connection:
        for office_id, code in _offices(connection):
            found = get_furniture(connection, office_id, at=subject.now)
            worked = list_trials(connection, office_id).get(Trial.HOLIDAYS)
            missing = count_missing(found.kept, subject.now, found.zone)
            if not missing:
                yield good(f"{code}: public holidays are entered.")
            elif worked is not None and missing.keys() <= {*years_of(worked.at, found.zone)}:
                yield good(f"{code}: works on the public holidays that are not entered, as somebody has said.")
            else:
                counts = ", ".join(f"{count} of {year}" for year, count in missing.items())
                hint = "Enter them (page Calendars, `desk calendar --help`), or say on the page Set-up that you work."
                yield warning(f"{code}: open on public holidays that nobody entered: {counts}.", hint)


def check_planned(subject: Subject) -> Iterator[Result]:
    """Whether what was planned has been carried out, or will be."""
    with subject.reading() as connection:
        before = (subject.now - timedelta(days=1)).date()  # wherever the office is, that day is over
        for office_id, code in _offices(connection):
            refused = count_refused(connection, office_id, since=subject.now - LATELY)
            if refused:
                yield warning(
                    f"{code}: {refused} planned changes were refused within the last {LATELY.days} days.",
                    "Look at the page Planned changes, and plan them again.",
                )
            endangered = count_in_danger(connection, office_id)
            if endangered:
                yield warning(
                    f"{code}: {endangered} planned changes will be refused: who planned them administers it no more.",
                    "Let somebody who does plan them again (page Planned changes).",
                )
            count = count_overdue(connection, office_id, before=before)
            if count:
                yield warning(
                    f"{code}: {count} planned changes were due and have not been carried out.",
                    "Let `desk worker` run, or see `desk settings apply-due --help`.",
                )
            elif not refused and not endangered:
                yield good(f"{code}: no planned change is overdue.")


def check_checkpoint(subject: Subject) -> Iterator[Result]:
    """Whether the trail's checkpoint of today or yesterday lies where it should."""
    with subject.reading() as connection:
        if find_signing_key(connection) is None:
            yield good("There is no trail yet.")
            return
    folder = subject.settings.checkpoints
    newest = read_newest(folder, load_keys(subject.settings).known)
    if newest is None:
        yield warning(f"There is no checkpoint of the trail in {folder}.", "Let `desk serve` or `desk worker` run.")
    elif newest.trouble:
        yield fault(f"The checkpoint {newest.file} cannot be trusted: {newest.trouble}", "See docs/trail.md.")
    elif newest.is_old(subject.now):
        yield warning(f"The last checkpoint, {newest.file}, is older than a day.", "Does the worker run?")
    else:
        yield good("The trail has a checkpoint of today or yesterday.")
    if folder.absolute().is_relative_to(subject.settings.data.absolute()) and not subject.settings.checkpoint_mail:
        yield warning(
            "Checkpoints lie beside the database: who can change one can change the other.",
            "Set DESK_CHECKPOINTS to a place elsewhere, or DESK_CHECKPOINT_MAIL.",
        )


def check_outbox(subject: Subject) -> Iterator[Result]:
    """Whether messages go out."""
    with subject.reading() as connection:
        late = list_overdue(connection, at=subject.now, longer_than=LATE)
        names = dict(connection.execute(select(Office.id, Office.code)).tuples().all())
    for office_id, channel, count in late:
        yield warning(
            f"{names.get(office_id, office_id)}: {count} messages by {channel} wait for more than a day.",
            "Look at the page Messages, and whether the worker runs.",
        )
    if not late:
        yield good("No message waits for more than a day.")


def check_tokens(subject: Subject) -> Iterator[Result]:
    """Whether tokens of the API end some day."""
    with subject.reading() as connection:
        query = select(ApiToken.name).where(ApiToken.revoked_at.is_(None), ApiToken.expires_at.is_(None))
        names = sorted(connection.execute(query).scalars())
    if names:
        yield warning(f"{len(names)} tokens of the API never end.", "See `desk token list`, and give them an end.")
    else:
        yield good("Every token of the API ends some day.")


def _offices(connection: Connection) -> list[tuple[int, str]]:
    """Return the offices in use: one that is closed for good needs nothing."""
    query = select(Office.id, Office.code).where(Office.retired_at.is_(None)).order_by(Office.id)
    return list(connection.execute(query).tuples())
