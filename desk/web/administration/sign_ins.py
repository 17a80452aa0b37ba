"""The administrator's audit: who of the office signed in, and which accesses were refused. Looking is recorded."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.refused_access import RefusedAs
from desk.domain.signing_in import How, Outcome
from desk.operations.keeping.looking import record_look
from desk.reads.changes import list_setters
from desk.reads.refused_access import Wanted as WantedRefusals
from desk.reads.refused_access import list_refused
from desk.reads.sign_ins import LIMIT, NOBODY, Attempt, Wanted, iterate_attempts, list_attempts
from desk.web.access import access, in_office
from desk.web.administration.refused_access import Wording, csv_of, kinds
from desk.web.context import OfficeView, acting, desk, get_office, reader
from desk.web.filters_asked import Choices
from desk.web.reports.csv_lines import csv_export, csv_line
from desk.web.reports.days_asked import DaysAsked, read_days
from desk.web.security_notes import write_rest
from desk.wording.signing_in import HOWS, OUTCOMES

blueprint = Blueprint("sign_ins", __name__)
READING: Final = in_office(Role.ADMIN, Role.AUDITOR)


@blueprint.get("/offices/<int:office_id>/sign-ins")
@access(READING)
def page(office_id: int) -> ResponseReturnValue:
    """List the attempts, the newest first; the filter is in the address."""
    office = get_office(office_id)
    return _page(office, read_days(office.zone))


def _page(office: OfficeView, days: DaysAsked) -> ResponseReturnValue:
    people = _people(office)
    choices, wanted, refusals = _asked(days, people)
    wrong = bool(days.faults or choices.unknown)
    record_look(desk().streams, office.id, acting(office.id), verb="looked", subject="sign_ins")
    write_rest(current_app.extensions)
    answer = render_template(
        "sign_ins/page.html",
        attempts=[] if wrong else list_attempts(reader(), office.id, wanted),
        refused=[] if wrong else list_refused(reader(), office.id, refusals),
        wording=Wording(),
        limit=LIMIT,
        wrong=wrong,
        given=days.given,
        faults=days.faults,
        unknown=choices.unknown,
        wanted=wanted,
        refusals=refusals,
        kinds=kinds(),
        people=people,
        outcomes={code.value: gettext(words) for code, words in OUTCOMES.items()},
        said=_said,
        filters=request.args.to_dict(),
    )
    return answer, 422 if wrong else 200


@blueprint.get("/offices/<int:office_id>/sign-ins.csv")
@access(READING)
def file(office_id: int) -> ResponseReturnValue:
    """Send what the page lists, all of it, as CSV; recorded as an export."""
    office = get_office(office_id)
    days = read_days(office.zone)
    choices, wanted, _ = _asked(days, _people(office))
    if days.faults or choices.unknown:
        return _page(office, days)
    return csv_export(office, _csv(office, wanted), subject="sign_ins", name="sign-ins")


@blueprint.get("/offices/<int:office_id>/refused-accesses.csv")
@access(READING)
def refused_file(office_id: int) -> ResponseReturnValue:
    """Send the refused accesses that the page lists, all of them, as CSV; recorded as an export."""
    office = get_office(office_id)
    days = read_days(office.zone)
    choices, _, refusals = _asked(days, _people(office))
    if days.faults or choices.unknown:
        return _page(office, days)
    write_rest(current_app.extensions)
    return csv_export(office, csv_of(office, refusals), subject="refused_accesses", name="refused-accesses")


def _people(office: OfficeView) -> list[tuple[int, str]]:
    """Return whose records can be chosen, by name, and last those of names that nobody has."""
    return [*list_setters(reader(), office.id), (NOBODY, gettext("unknown name"))]


def _asked(days: DaysAsked, people: list[tuple[int, str]]) -> tuple[Choices, Wanted, WantedRefusals]:
    """Return what the address asks of sign-ins and of refusals; what cannot be chosen is in the first."""
    choices = Choices()
    return choices, _wanted(days, choices, people), _refusals(days, choices, people)


def _said(attempt: Attempt) -> tuple[str, str, str]:
    """Return in words of whom a record is, what came of it, and by what."""
    who = attempt.person or (gettext("unknown name %(mark)s", mark=attempt.typed or "").strip())
    return who, gettext(OUTCOMES[Outcome(attempt.outcome)]), gettext(HOWS[How(attempt.how)])


def _csv(office: OfficeView, wanted: Wanted) -> Iterator[str]:
    """Yield the lines; the words are looked up before the first, since the request may be over after it."""
    zone, streams = ZoneInfo(office.zone), desk().streams
    outcomes = {code.value: gettext(words) for code, words in OUTCOMES.items()}
    hows = {code.value: gettext(words) for code, words in HOWS.items()}
    unknown = gettext("unknown name")
    yield csv_line([gettext("Time"), gettext("Person"), gettext("Outcome"), gettext("By"), gettext("Network"), "typed"])
    with streams.reading() as connection:
        for each in iterate_attempts(connection, office.id, wanted):
            at = each.at.astimezone(zone).isoformat(timespec="seconds")
            words = [each.person or unknown, outcomes[each.outcome], hows[each.how]]
            yield csv_line([at, *words, each.source or "", each.typed or ""])


def _wanted(days: DaysAsked, choices: Choices, people: list[tuple[int, str]]) -> Wanted:
    """Return the filter of the address."""
    return Wanted(
        person_id=choices.number("person", dict(people)),
        outcome=choices.code("outcome", {each.value for each in Outcome}),
        since=days.since,
        until=days.until,
    )


def _refusals(days: DaysAsked, choices: Choices, people: list[tuple[int, str]]) -> WantedRefusals:
    """Return the filter of the address for what was refused."""
    return WantedRefusals(
        person_id=choices.number("person", dict(people)),
        kind=choices.code("kind", {each.value for each in RefusedAs}),
        since=days.since,
        until=days.until,
    )
