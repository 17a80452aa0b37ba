"""The steps of the setting up as the list shows them: how each stands, what to do, where, and what can be tried."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flask import url_for
from flask_babel import format_datetime, gettext, ngettext

from desk.domain.opening import Step, Trial, find_address_fault, is_only_here, is_refused_sender
from desk.reads.missing_holidays import count_missing, years_of
from desk.reads.opening import Furniture, Tried
from desk.settings import Settings
from desk.web.administration.backup_words import say_backups
from desk.wording import N_
from desk.wording import opening as words

# What holds for the whole server is set on a page of its own.
SERVER: Final = "server_settings.page"
# Where a step is done.
PLACES: Final[dict[Step, tuple[str, str]]] = {
    Step.HOURS: ("calendars.overview", N_("Set the hours")),
    Step.HOLIDAYS: ("calendars.overview", N_("Enter the holidays")),
    Step.COUNTERS: ("administration_counters.listed", N_("Add counters")),
    Step.STAFF: ("staff_access.newcomer", N_("Enroll staff")),
    Step.SERVICES: ("administration_services.listed", N_("Add services")),
    Step.SKILLS: ("administration_skills.table", N_("Say who serves what")),
    Step.DISPLAYS: ("display.board", N_("Open the display")),
    Step.ADDRESS: (SERVER, N_("Set the public address")),
    Step.SENDER: (SERVER, N_("Set up mail")),
    Step.BACKUP: (SERVER, N_("Set the backup time")),
}
TRIALS: Final = {
    Step.SERVICES: Trial.TICKET,
    Step.HOLIDAYS: Trial.HOLIDAYS,
    Step.DISPLAYS: Trial.DISPLAY,
    Step.ADDRESS: Trial.ADDRESS,
    Step.SENDER: Trial.MESSAGE,
    Step.BACKUP: Trial.BACKUP,
}
# Partly: some services can be called, and others cannot.
GOOD, MISSING, PARTLY, ADVISED, UNTRIED = "good", "missing", "partly", "advised", "untried"


@dataclass(frozen=True, slots=True)
class StepView:
    """One step; `standing` is good, missing (nothing can be called), partly (some services), advised, or untried."""

    step: Step
    title: str
    standing: str
    said: str
    link: tuple[str, str] | None = None
    trial: Trial | None = None
    tried: Tried | None = None


def steps_of(
    settings: Settings, found: Furniture, trials: dict[Trial, Tried], *, office_id: int, at: datetime
) -> list[StepView]:
    """Return the steps in their order."""
    standings = {
        Step.HOURS: _hours(found, at=at),
        Step.HOLIDAYS: _holidays(found, trials, at=at),
        Step.COUNTERS: _counters(found),
        Step.STAFF: _staff(found),
        Step.SERVICES: _services(found),
        Step.SKILLS: _skills(found),
        Step.DISPLAYS: _displays(found, trials),
        Step.ADDRESS: _address(settings),
        Step.SENDER: _sender(settings, trials),
        Step.BACKUP: _backup(settings, at=at),
    }
    views = [_view(step, standing, trials, office_id) for step, standing in standings.items()]
    if is_only_on_this_machine(settings):
        return [replace(each, trial=None) if each.step is Step.ADDRESS else each for each in views]
    return views


def without_server(steps: list[StepView]) -> list[StepView]:
    """Return the steps without the way to the server's page, for who does not administer every office."""
    return [replace(each, link=None) if PLACES.get(each.step, ("",))[0] == SERVER else each for each in steps]


def is_only_on_this_machine(settings: Settings) -> bool:
    """Tell whether nobody but this machine reaches the desk as it is started."""
    return not settings.trusted_proxies and is_only_here(settings.host, settings.port, settings.base_url)


def _view(step: Step, standing: tuple[str, str], trials: dict[Trial, Tried], office_id: int) -> StepView:
    trial = TRIALS.get(step)
    tried = None if trial is None else trials.get(trial)
    return StepView(step, gettext(words.TITLES[step]), *standing, _link(step, office_id), trial, tried)


def _services(found: Furniture) -> tuple[str, str]:
    if not found.services:
        return MISSING, gettext(words.NO_SERVICE)
    return GOOD, ngettext("%(num)d service", "%(num)d services", found.services)


def _counters(found: Furniture) -> tuple[str, str]:
    if not found.counters:
        return MISSING, gettext(words.NO_COUNTER)
    return GOOD, ngettext("%(num)d counter", "%(num)d counters", found.counters)


def _staff(found: Furniture) -> tuple[str, str]:
    if not found.officers:
        return MISSING, gettext(words.NO_OFFICER)
    return GOOD, ngettext("%(num)d officer or supervisor", "%(num)d officers and supervisors", found.officers)


def _skills(found: Furniture) -> tuple[str, str]:
    if not found.services:
        return MISSING, gettext(words.SERVICES_BEFORE_STAFF)
    if found.unserved:
        return _for_some(found), gettext(words.NOBODY_SERVES) % {"series": ", ".join(found.unserved)}
    return GOOD, gettext(words.ALL_SERVED)


def _for_some(found: Furniture) -> str:
    """Return how it stands where some services cannot be called: others may be."""
    return PARTLY if found.can_serve_some else MISSING


def _hours(found: Furniture, *, at: datetime) -> tuple[str, str]:
    if not found.calendars:
        return MISSING, gettext(words.NO_CALENDAR)
    if not found.services:
        return GOOD, gettext(words.HOURS_WITHOUT_SERVICE)
    if found.closed or found.opens_at is None:
        return _for_some(found), gettext(words.NEVER_OPEN) % {"series": ", ".join(found.closed)}
    if found.opens_at <= at:
        return GOOD, gettext(words.OPEN_NOW)
    return GOOD, gettext(words.OPENS) % {"time": _moment(found.opens_at)}


def _holidays(found: Furniture, trials: dict[Trial, Tried], *, at: datetime) -> tuple[str, str]:
    """Return how the holidays stand: what somebody said of those not entered holds for the years it was said of."""
    missing = count_missing(found.kept, at, found.zone)
    if not missing:
        return GOOD, gettext(words.HOLIDAYS)
    said = {"counts": ", ".join(f"{year}: {count}" for year, count in missing.items())}
    worked = trials.get(Trial.HOLIDAYS)
    if worked is None or not missing.keys() <= {*years_of(worked.at, found.zone)}:
        return ADVISED, gettext(words.MISSING_HOLIDAYS) % said
    return GOOD, gettext(words.WORKED_HOLIDAYS) % {**said, "name": worked.by or "–"}


def _displays(found: Furniture, trials: dict[Trial, Tried]) -> tuple[str, str]:
    """Return how the displays stand: one that was never seen is none, however often it was rung."""
    rung, seen = trials.get(Trial.DISPLAY), trials.get(Trial.SEEN)
    if found.displays_seen:
        return GOOD, ngettext("%(num)d paired display is on.", "%(num)d paired displays are on.", found.displays_seen)
    if rung is None:
        return UNTRIED, gettext(words.NOT_RUNG)
    return (UNTRIED, gettext(words.RUNG_ONLY)) if seen is None else (GOOD, gettext(words.RUNG))


def _address(settings: Settings) -> tuple[str, str]:
    if is_only_on_this_machine(settings):
        return ADVISED, gettext(words.ONLY_HERE)
    fault, address = find_address_fault(settings.base_url), {"address": settings.base_url}
    if fault is None:
        return GOOD, gettext(words.POINTS_AT) % address
    return ADVISED, gettext(words.ADDRESS_FAULTS[fault]) % address


def _sender(settings: Settings, trials: dict[Trial, Tried]) -> tuple[str, str]:
    """Return how messages stand: that they get out is known from a trial only."""
    sender, tried = {"sender": settings.mail.sender}, trials.get(Trial.MESSAGE)
    if settings.mail.host is None:
        return ADVISED, gettext(words.NO_MAIL)
    if is_refused_sender(settings.mail.sender):
        return ADVISED, gettext(words.UNFIT_SENDER) % sender
    if tried is None:
        return UNTRIED, gettext(words.UNTRIED_SENDER) % sender
    if not tried.succeeded:
        return ADVISED, gettext(words.FAILED_SENDER) % sender
    return GOOD, gettext(words.SENDER) % sender


def _backup(settings: Settings, *, at: datetime) -> tuple[str, str]:
    """Return how backups stand: good is what a machine that burns leaves to restore from."""
    is_good, said = say_backups(settings, at=at)
    return GOOD if is_good else ADVISED, said


def _moment(at: datetime) -> str:
    said: str = format_datetime(at, gettext("EEE d MMM y, HH:mm"))
    return said


def _link(step: Step, office_id: int) -> tuple[str, str] | None:
    if step not in PLACES:
        return None
    endpoint, label = PLACES[step]
    anchor = step.value if endpoint == SERVER else None
    return url_for(endpoint, office_id=office_id, _anchor=anchor), gettext(label)
