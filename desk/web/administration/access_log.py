"""The access log of an office: who looked at or exported what, and when. Looking at it is recorded too."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.operations.keeping.looking import record_look
from desk.reads.access_log import LIMIT, Look, Wanted, iterate_looks, list_lookers, list_looks
from desk.web.access import OVERSEEING, access
from desk.web.context import OfficeView, acting, desk, get_office, reader
from desk.web.filters_asked import Choices
from desk.web.reports.csv_lines import csv_export, csv_line
from desk.web.reports.days_asked import DaysAsked, read_days
from desk.web.reports.tabs import SATISFACTION
from desk.wording.coverage import TITLE as COVERAGE
from desk.wording.fairness import PARTS
from desk.wording.looks import SUBJECTS, VERBS
from desk.wording.reports import REPORTS

blueprint = Blueprint("access_log", __name__)
LARGEST: Final = 2**62

_REPORTS = REPORTS | PARTS | SATISFACTION | {"coverage": COVERAGE}
REPORT_SUBJECTS = {f"report {code}": title for code, title in _REPORTS.items()}


@blueprint.get("/offices/<int:office_id>/access-log")
@access(OVERSEEING)
def page(office_id: int) -> ResponseReturnValue:
    """List who looked at what, newest first; the filter is in the address."""
    office = get_office(office_id)
    return _page(office, read_days(office.zone))


def _page(office: OfficeView, days: DaysAsked) -> ResponseReturnValue:
    """Return the list, or what is wrong with the days that were asked for."""
    office_id, choices = office.id, Choices()
    people = list_lookers(reader(), office_id)
    wanted = _wanted(days, choices, people)
    wrong = bool(days.faults or choices.unknown)
    looks = [] if wrong else list_looks(reader(), office_id, wanted)
    record_look(desk().streams, office_id, acting(office_id), verb="looked", subject="access_log")
    answer = render_template(
        "access_log/page.html",
        looks=looks,
        wrong=wrong,
        older=looks[-1].id if len(looks) >= LIMIT else 0,
        people=people,
        wanted=wanted,
        given=days.given,
        faults=days.faults,
        unknown=choices.unknown,
        verbs={code: gettext(words) for code, words in VERBS.items()},
        subjects=_subjects(),
        filters={name: value for name, value in request.args.to_dict().items() if name != "before"},
    )
    return answer, 422 if wrong else 200


@blueprint.get("/offices/<int:office_id>/access-log.csv")
@access(OVERSEEING)
def file(office_id: int) -> ResponseReturnValue:
    """Send what the page lists, all of it, as CSV; recorded as an export."""
    office = get_office(office_id)
    days = read_days(office.zone)
    choices = Choices()
    wanted = _wanted(days, choices, list_lookers(reader(), office_id))
    if days.faults or choices.unknown:
        return _page(office, days)
    return csv_export(office, _csv(office, wanted), subject="access_log", name="access-log")


def _wanted(days: DaysAsked, choices: Choices, people: list[tuple[int, str]]) -> Wanted:
    """Return the filter of the address."""
    before = request.args.get("before", 0, type=int)
    return Wanted(
        person_id=choices.number("person", dict(people)),
        verb=choices.code("verb", VERBS),
        subject=choices.code("subject", SUBJECTS | REPORT_SUBJECTS),
        before=before if 0 < before < LARGEST else 0,
        since=days.since,
        until=days.until,
    )


def _subjects() -> dict[str, str]:
    """Return the words for what can be looked at."""
    reports = {code: gettext("Report: %(title)s", title=gettext(title)) for code, title in REPORT_SUBJECTS.items()}
    return {code: gettext(words) for code, words in SUBJECTS.items()} | reports


def _csv(office: OfficeView, wanted: Wanted) -> Iterator[str]:
    """Yield the lines; the words are looked up before the first, since the request may be over after it."""
    zone, streams, office_id = ZoneInfo(office.zone), desk().streams, office.id
    verbs = {code: gettext(words) for code, words in VERBS.items()}
    subjects = _subjects()
    server = gettext("command line on the server")
    yield csv_line([gettext("Time"), gettext("Person"), gettext("Action"), gettext("What"), gettext("Number"), "id"])
    with streams.reading() as connection:
        for look in iterate_looks(connection, office_id, wanted):
            yield csv_line(_cells(look, zone, verbs, subjects, server))


def _cells(look: Look, zone: ZoneInfo, verbs: dict[str, str], subjects: dict[str, str], server: str) -> list[str]:
    return [
        look.at.astimezone(zone).isoformat(timespec="seconds"),
        look.person or server,
        verbs.get(look.verb, look.verb),
        subjects.get(look.subject, look.subject),
        look.number or "",
        str(look.subject_id or ""),
    ]
