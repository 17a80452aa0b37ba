"""The administrator's audit: who changed which setting from what to what, and when. Looking at it is recorded."""

from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.operations.keeping.looking import record_look
from desk.reads.changes import KINDS, LIMIT, Change, Wanted, get_names, list_changes, list_setters
from desk.web.access import access, in_office
from desk.web.administration.change_words import describe
from desk.web.context import OfficeView, acting, desk, get_office, language, reader
from desk.web.filters_asked import Choices
from desk.web.reports.csv_lines import csv_export, csv_line
from desk.web.reports.days_asked import DaysAsked, read_days
from desk.wording.settings import KINDS as KIND_WORDS

blueprint = Blueprint("setting_changes", __name__)
READING: Final = in_office(Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR)
LARGEST: Final = 2**62
# As many as a file holds; what lies before is asked for by days.
MOST_IN_A_FILE: Final = 20_000


@blueprint.get("/offices/<int:office_id>/changes-of-settings")
@access(READING)
def page(office_id: int) -> ResponseReturnValue:
    """List the changes, the newest first; the filter is in the address."""
    office = get_office(office_id)
    return _page(office, read_days(office.zone))


def _page(office: OfficeView, days: DaysAsked) -> ResponseReturnValue:
    choices = Choices()
    people = list_setters(reader(), office.id)
    wanted = _wanted(days, choices, people)
    wrong = bool(days.faults or choices.unknown)
    changes = [] if wrong else list_changes(reader(), office.id, wanted)
    names = get_names(reader(), office.id, changes)
    record_look(desk().streams, office.id, acting(office.id), verb="looked", subject="settings")
    answer = render_template(
        "setting_changes/page.html",
        changes=[(each, describe(each, names, language())) for each in changes],
        more=changes[-1].number if len(changes) >= LIMIT else 0,
        wrong=wrong,
        given=days.given,
        faults=days.faults,
        unknown=choices.unknown,
        wanted=wanted,
        people=people,
        kinds={code: gettext(words) for code, words in KIND_WORDS.items()},
        filters={name: value for name, value in request.args.to_dict().items() if name != "before"},
    )
    return answer, 422 if wrong else 200


@blueprint.get("/offices/<int:office_id>/changes-of-settings.csv")
@access(READING)
def file(office_id: int) -> ResponseReturnValue:
    """Send what the page lists as CSV; recorded as an export."""
    office = get_office(office_id)
    days = read_days(office.zone)
    choices = Choices()
    wanted = _wanted(days, choices, list_setters(reader(), office_id))
    if days.faults or choices.unknown:
        return _page(office, days)
    changes = list_changes(reader(), office_id, wanted, limit=MOST_IN_A_FILE)
    return csv_export(office, iter(_lines(office, changes)), subject="settings", name="settings")


def _lines(office: OfficeView, changes: list[Change]) -> list[str]:
    names, zone, server = get_names(reader(), office.id, changes), ZoneInfo(office.zone), _server()
    head = [gettext("Event"), gettext("Time"), gettext("Person"), gettext("Setting"), gettext("About")]
    lines = [csv_line([*head, gettext("Before"), gettext("After")])]
    for each in changes:
        said = describe(each, names, language())
        at = each.at.astimezone(zone).isoformat(timespec="seconds")
        cells = [str(each.number), at, each.actor or server, said.what, said.about]
        lines.append(csv_line([*cells, said.before or "", said.after or ""]))
    return lines


def _server() -> str:
    return gettext("the system")


def _wanted(days: DaysAsked, choices: Choices, people: list[tuple[int, str]]) -> Wanted:
    """Return the filter of the address."""
    before = request.args.get("before", 0, type=int)
    return Wanted(
        person_id=choices.number("person", dict(people)),
        kind=choices.code("kind", KINDS),
        since=days.since,
        until=days.until,
        before=before if 0 < before < LARGEST else 0,
    )
