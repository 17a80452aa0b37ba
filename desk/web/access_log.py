"""The access log of an office: who looked at or exported what, and when. Looking at it is recorded too."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.operations.looking import record_look
from desk.reads.access_log import LIMIT, Look, Wanted, iterate_looks, list_lookers, list_looks
from desk.web.access import OVERSEEING, access
from desk.web.context import OfficeView, acting, desk, get_office, reader
from desk.wording.fairness import PARTS
from desk.wording.looks import SUBJECTS, VERBS
from desk.wording.reports import REPORTS

blueprint = Blueprint("access_log", __name__)

REPORT_SUBJECTS = {f"report {code}": title for code, title in (REPORTS | PARTS).items()}
FIRST, LAST = date(1970, 1, 1), date(9998, 12, 31)
# A spreadsheet takes what begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/offices/<int:office_id>/access-log")
@access(OVERSEEING)
def page(office_id: int) -> ResponseReturnValue:
    """List who looked at what, newest first; the filter is in the address."""
    return _page(get_office(office_id))


def _page(office: OfficeView) -> ResponseReturnValue:
    """Return the list, or what is wrong with the days that were asked for."""
    office_id, wanted, wrong = office.id, _wanted(office), _wrong()
    looks = [] if wrong else list_looks(reader(), office_id, wanted)
    record_look(desk().streams, office_id, acting(office_id), verb="looked", subject="access_log")
    answer = render_template(
        "access_log/page.html",
        looks=looks,
        wrong=wrong,
        limit=LIMIT,
        people=list_lookers(reader(), office_id),
        wanted=wanted,
        given={name: request.args.get(name, "") for name in ("from", "to")},
        verbs={code: gettext(words) for code, words in VERBS.items()},
        subjects=_subjects(),
        filters=request.args.to_dict(),
    )
    return answer, 422 if wrong else 200


@blueprint.get("/offices/<int:office_id>/access-log.csv")
@access(OVERSEEING)
def file(office_id: int) -> ResponseReturnValue:
    """Send what the page lists, all of it, as CSV; recorded as an export."""
    office = get_office(office_id)
    if _wrong():
        return _page(office)
    lines = _csv(office, _wanted(office))
    first = next(lines)  # while the request's language is known
    record_look(desk().streams, office_id, acting(office_id), verb="exported", subject="access_log")
    answer = Response(chain([first], lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=access-log-{office.code}.csv"
    return answer


def _wanted(office: OfficeView) -> Wanted:
    """Return the filter of the address; days are those of the office, both included."""
    zone = ZoneInfo(office.zone)
    since, until = _day("from"), _day("to")
    verb, subject = request.args.get("verb", ""), request.args.get("subject", "")
    person_id = request.args.get("person", 0, type=int)
    return Wanted(
        person_id=person_id if 0 < person_id < 2**31 else 0,
        verb=verb if verb in VERBS else "",
        subject=subject if subject in SUBJECTS or subject in REPORT_SUBJECTS else "",
        since=None if since is None else datetime.combine(since, time(), zone),
        until=None if until is None else datetime.combine(until + timedelta(days=1), time(), zone),
    )


def _subjects() -> dict[str, str]:
    """Return the words for what can be looked at."""
    reports = {code: gettext("Report: %(title)s", title=gettext(title)) for code, title in REPORT_SUBJECTS.items()}
    return {code: gettext(words) for code, words in SUBJECTS.items()} | reports


def _wrong() -> str | None:
    """Return what is wrong with the days of the address, and how to ask instead."""
    since, until = _day("from"), _day("to")
    if any(day is None and _text(name) for name, day in (("from", since), ("to", until))):
        return gettext("This is not a date. Write it as year-month-day, for example 2026-03-31.")
    if since and until and until < since:
        return gettext("The last day lies before the first. Exchange them, or choose other days.")
    return None


def _day(name: str) -> date | None:
    """Return a day of the address; one before or after all records stands for the first or last that can be counted."""
    try:
        return min(max(date.fromisoformat(_text(name)), FIRST), LAST)
    except ValueError:
        return None


def _text(name: str) -> str:
    return request.args.get(name, "").strip()


def _csv(office: OfficeView, wanted: Wanted) -> Iterator[str]:
    """Yield the lines; the words are looked up before the first, since the request may be over after it."""
    zone, streams, office_id = ZoneInfo(office.zone), desk().streams, office.id
    verbs = {code: gettext(words) for code, words in VERBS.items()}
    subjects = _subjects()
    server = gettext("command line on the server")
    yield _line([gettext("Time"), gettext("Person"), gettext("Action"), gettext("What"), gettext("Number"), "id"])
    with streams.reading() as connection:
        for look in iterate_looks(connection, office_id, wanted):
            yield _line(_cells(look, zone, verbs, subjects, server))


def _cells(look: Look, zone: ZoneInfo, verbs: dict[str, str], subjects: dict[str, str], server: str) -> list[str]:
    return [
        look.at.astimezone(zone).isoformat(timespec="seconds"),
        look.person or server,
        verbs.get(look.verb, look.verb),
        subjects.get(look.subject, look.subject),
        look.number or "",
        str(look.subject_id or ""),
    ]


def _line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return line.getvalue()
