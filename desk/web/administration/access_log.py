"""The access log of an office: who looked at or exported what, and when. Looking at it is recorded too."""

from collections.abc import Iterator
from itertools import chain
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.operations.keeping.looking import record_look
from desk.reads.access_log import LIMIT, Look, Wanted, iterate_looks, list_lookers, list_looks
from desk.web.access import OVERSEEING, access
from desk.web.context import OfficeView, acting, desk, get_office, reader
from desk.web.reports.csv_lines import csv_line
from desk.web.reports.days_asked import DaysAsked, read_days
from desk.wording.fairness import PARTS
from desk.wording.looks import SUBJECTS, VERBS
from desk.wording.reports import REPORTS

blueprint = Blueprint("access_log", __name__)

REPORT_SUBJECTS = {f"report {code}": title for code, title in (REPORTS | PARTS).items()}


@blueprint.get("/offices/<int:office_id>/access-log")
@access(OVERSEEING)
def page(office_id: int) -> ResponseReturnValue:
    """List who looked at what, newest first; the filter is in the address."""
    office = get_office(office_id)
    return _page(office, read_days(office.zone))


def _page(office: OfficeView, days: DaysAsked) -> ResponseReturnValue:
    """Return the list, or what is wrong with the days that were asked for."""
    office_id, wanted = office.id, _wanted(days)
    looks = [] if days.wrong else list_looks(reader(), office_id, wanted)
    record_look(desk().streams, office_id, acting(office_id), verb="looked", subject="access_log")
    answer = render_template(
        "access_log/page.html",
        looks=looks,
        wrong=days.wrong,
        limit=LIMIT,
        people=list_lookers(reader(), office_id),
        wanted=wanted,
        given=days.given,
        verbs={code: gettext(words) for code, words in VERBS.items()},
        subjects=_subjects(),
        filters=request.args.to_dict(),
    )
    return answer, 422 if days.wrong else 200


@blueprint.get("/offices/<int:office_id>/access-log.csv")
@access(OVERSEEING)
def file(office_id: int) -> ResponseReturnValue:
    """Send what the page lists, all of it, as CSV; recorded as an export."""
    office = get_office(office_id)
    days = read_days(office.zone)
    if days.wrong:
        return _page(office, days)
    lines = _csv(office, _wanted(days))
    first = next(lines)  # while the request's language is known
    record_look(desk().streams, office_id, acting(office_id), verb="exported", subject="access_log")
    answer = Response(chain([first], lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=access-log-{office.code}.csv"
    return answer


def _wanted(days: DaysAsked) -> Wanted:
    """Return the filter of the address."""
    verb, subject = request.args.get("verb", ""), request.args.get("subject", "")
    person_id = request.args.get("person", 0, type=int)
    return Wanted(
        person_id=person_id if 0 < person_id < 2**31 else 0,
        verb=verb if verb in VERBS else "",
        subject=subject if subject in SUBJECTS or subject in REPORT_SUBJECTS else "",
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
