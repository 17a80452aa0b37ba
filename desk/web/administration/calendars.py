"""Calendars of the office: hours by date, closures, special hours, and which service keeps which calendar.

Administrators and supervisors change them, auditors read.
"""

from datetime import date
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.closures import ClosureKind
from desk.domain.reasons import PauseCause
from desk.domain.refusals import Reason, Refused
from desk.domain.typed_hours import read_hours
from desk.operations.requests import Done
from desk.operations.settings import scheduling
from desk.operations.settings.scheduling import ClosedDay
from desk.reads import calendar_sheets as reads
from desk.reads.calendar_sheets import CalendarSheet, Keeping
from desk.web.access import access, in_office
from desk.web.administration.calendar_pages import (
    carry_out,
    change_sheet,
    said_in,
    shared,
    sheet_page,
    today_in,
)
from desk.web.context import acting, asked, desk, language, reader
from desk.web.errors import back_with, sentence
from desk.web.forms import calendars as forms
from desk.web.forms.counter import StepForm
from desk.web.supervision.timeline import word

blueprint = Blueprint("calendars", __name__)
READING: Final = in_office(Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR)
KEEPING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
OFFICE: Final = "/offices/<int:office_id>"
ONE: Final = f"{OFFICE}/calendars/<int:calendar_id>"


@blueprint.get(f"{OFFICE}/calendars")
@access(READING)
def overview(office_id: int) -> ResponseReturnValue:
    """List the calendars, what each service keeps, and the rules of the office's clock."""
    return _overview(office_id, None, 200)


@blueprint.post(f"{OFFICE}/calendars")
@access(KEEPING)
def add(office_id: int) -> ResponseReturnValue:
    """Create a calendar."""
    form = forms.CalendarForm("calendar")
    request_ = said_in(office_id, "add_calendar", form)
    return carry_out(
        lambda: scheduling.add_calendar(
            desk().streams, office_id, request_, name=form.name.data, week=form.week, since=form.since.data
        ),
        form,
        page=lambda problem, status: _overview(office_id, problem, status),
        target=lambda done: url_for("calendars.sheet", office_id=office_id, calendar_id=done.facts["calendar"]),
    )


@blueprint.post(f"{OFFICE}/calendar-assignments")
@access(KEEPING)
def assign(office_id: int) -> ResponseReturnValue:
    """Let a service keep a calendar from a date on."""
    sheets, keepings = reads.list_calendar_sheets(reader(), office_id), reads.list_keepings(reader(), office_id)
    form = _assignment(office_id, sheets, keepings, blank=False)
    request_ = said_in(office_id, "assign_calendar", form)
    return carry_out(
        lambda: scheduling.assign(
            desk().streams,
            office_id,
            form.calendar.data,
            request_,
            service_id=form.service.data,
            since=form.since.data,
            is_sure=form.sure.data,
        ),
        form,
        page=lambda problem, status: _overview(office_id, problem, status),
        target=lambda done: url_for("calendars.overview", office_id=office_id),
    )


@blueprint.post(f"{OFFICE}/clock-rules")
@access(KEEPING)
def clock_rules(office_id: int) -> ResponseReturnValue:
    """Choose which pauses count for the office and when a promise is at risk."""
    form = forms.ClockRulesForm("clock")
    request_ = said_in(office_id, "change_clock_rules", form)
    return carry_out(
        lambda: scheduling.change_clock_rules(
            desk().streams,
            office_id,
            request_,
            causes=[PauseCause(each) for each in form.causes.data],
            risk_percent=form.risk_percent.data,
        ),
        form,
        page=lambda problem, status: _overview(office_id, problem, status),
        target=lambda done: url_for("calendars.overview", office_id=office_id),
    )


@blueprint.get(ONE)
@access(READING)
def sheet(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Show one calendar: its weeks, and the closures and special hours of a year."""
    return sheet_page(office_id, calendar_id, None, 200)


@blueprint.post(f"{ONE}/weeks")
@access(KEEPING)
def change_week(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Give the calendar other hours from a date on."""
    form = forms.WeekForm("week")
    request_ = said_in(office_id, "change_week", form, calendar=calendar_id)
    return change_sheet(
        office_id,
        calendar_id,
        lambda: scheduling.change_week(
            desk().streams, office_id, calendar_id, request_, week=form.week, since=form.since.data
        ),
        form,
    )


@blueprint.post(f"{ONE}/closures")
@access(KEEPING)
def close(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Close the calendar on a date."""
    form = forms.ClosureForm("closure")
    request_ = said_in(office_id, "close_days", form, calendar=calendar_id)

    def operation() -> Done:
        day = ClosedDay(form.day.data, form.name.data, ClosureKind(form.kind.data))
        return scheduling.close_days(desk().streams, office_id, calendar_id, request_, days=[day])

    return change_sheet(office_id, calendar_id, operation, form)


@blueprint.post(f"{ONE}/special-openings")
@access(KEEPING)
def open_specially(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Give a date hours of its own."""
    form = forms.OpeningForm("opening")
    request_ = said_in(office_id, "open_specially", form, calendar=calendar_id)

    def operation() -> Done:
        given = {"day": form.day.data, "name": form.name.data, "hours": read_hours(form.hours.data)}
        return scheduling.open_specially(desk().streams, office_id, calendar_id, request_, **given)

    return change_sheet(office_id, calendar_id, operation, form)


@blueprint.post(f"{ONE}/cleared-days")
@access(KEEPING)
def clear(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Take a closure or special hours back."""
    target = url_for("calendars.sheet", office_id=office_id, calendar_id=calendar_id)
    if reads.find_calendar_sheet(reader(), office_id, calendar_id) is None:
        abort(404)
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError as error:
        raise Refused(Reason.INVALID, field="day") from error
    request_ = asked(acting(office_id), "clear_day", calendar=calendar_id, day=day.isoformat())
    try:
        done = scheduling.clear_day(desk().streams, office_id, calendar_id, request_, day=day)
    except Refused as refused:
        return back_with(sentence(refused), target)
    closed = gettext("Removed. The date is closed again, as it was before it had special hours.")
    flash(
        closed if done.facts["closed"] else gettext("Removed. The hours of the week count on that date again."),
        "success",
    )
    return redirect(target, 303)


def _assignment(
    office_id: int, sheets: list[CalendarSheet], keepings: list[Keeping], *, blank: bool
) -> forms.AssignmentForm:
    services = {str(each.service_id): each.names[language()] for each in keepings}
    form = forms.AssignmentForm("assignment", blank=blank, since=today_in(office_id))
    form.offer(list(services.items()), [(str(each.id), each.name) for each in sheets if not each.retired])
    if blank:  # asked only of whoever chose a calendar that does not open soon
        del form.sure
    return form


def _overview(office_id: int, problem: StepForm | None, status: int) -> ResponseReturnValue:
    today, settings = today_in(office_id), reads.get_clock_settings(reader(), office_id)
    sheets = reads.list_calendar_sheets(reader(), office_id)
    keepings = reads.list_keepings(reader(), office_id)
    blanks = {
        "calendar": forms.CalendarForm("calendar", blank=True, since=today),
        "assignment": _assignment(office_id, sheets, keepings, blank=True),
        "clock": forms.ClockRulesForm("clock", blank=True, causes=settings.causes, risk_percent=settings.risk_percent),
    }
    return render_template(
        "calendars/overview.html",
        offered=[each for each in sheets if not each.retired],
        retired=[each for each in sheets if each.retired],
        names={each.id: each.name for each in sheets},
        keepings=keepings,
        settings=settings,
        cause_words=[word(each) for each in settings.causes],
        language_path=url_for("calendars.overview", office_id=office_id),
        **shared(office_id, today, problem, blanks),
    ), status
