"""Calendars of the office: hours by date, closures, special hours, and which service keeps which calendar.

Administrators and supervisors change them, auditors read.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.closures import ClosureKind
from desk.domain.reasons import PauseCause
from desk.domain.refusals import Reason, Refused
from desk.domain.typed_hours import read_hours, write_hours
from desk.operations.requests import Done
from desk.operations.settings import scheduling
from desk.operations.settings.scheduling import ClosedDay
from desk.reads import calendar_sheets as reads
from desk.reads.calendar_sheets import CalendarSheet, Keeping
from desk.web.access import access, in_office
from desk.web.administration.calendar_pages import shared, today_in
from desk.web.context import acting, asked, desk, language, reader
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.forms import calendars as forms
from desk.web.forms.counter import StepForm
from desk.web.supervision.timeline import word

blueprint = Blueprint("calendars", __name__)
READING: Final = in_office(Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR)
KEEPING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
OFFICE: Final = "/offices/<int:office_id>"
ONE: Final = f"{OFFICE}/calendars/<int:calendar_id>"
FIELD_OF: Final = {
    Reason.NO_OPEN_HOURS: ("monday", "hours"),
    Reason.DATE_OUT_OF_RANGE: ("since", "day"),
    Reason.CLOSED_ALREADY: ("day",),
    Reason.NAME_UNFIT: ("name",),
    Reason.NO_HOURS_SOON: ("sure",),
    Reason.NAME_TAKEN: ("name",),
    Reason.ALREADY_DONE: ("name",),
    Reason.CALENDAR_RETIRED: ("calendar", "since", "day", "name"),
}
Page = Callable[[StepForm | None, int], ResponseReturnValue]


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
    return _carry_out(
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
    return _carry_out(
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
    return _carry_out(
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


def change_sheet(
    office_id: int, calendar_id: int, operation: Callable[[], Done], form: StepForm, *, said: str | None = None
) -> ResponseReturnValue:
    """Do one change of a calendar and come back to its page."""
    return _carry_out(
        operation,
        form,
        page=lambda problem, status: sheet_page(office_id, calendar_id, problem, status),
        target=lambda done: url_for("calendars.sheet", office_id=office_id, calendar_id=calendar_id),
        said=said,
    )


def _carry_out(
    operation: Callable[[], Done],
    form: StepForm,
    *,
    page: Page,
    target: Callable[[Done], str],
    said: str | None = None,
) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return page(form, 422)
    try:
        done = operation()
    except Refused as refused:
        names = [name for name in FIELD_OF.get(refused.reason, ()) if name in form._fields]
        if not names:
            raise
        field = form[names[0]]
        field.errors = [*field.errors, sentence(refused)]
        return page(form, refusal_status(refused))
    flash(said or gettext("Saved. It counts at once; what has ended keeps its clocks."), "success")
    if done.facts.get("over"):
        flash(gettext("The date was closed. It is closed again once the special hours are removed."), "info")
    return redirect(target(done), 303)


def said_in(office_id: int, verb: str, form: StepForm, **more: Any) -> Any:
    """Return the request that a form makes, told from others by what was typed in it."""
    said = {name: str(field.data) for name, field in form._fields.items() if name not in ("key", "csrf_token", "file")}
    return asked(acting(office_id), verb, **said, **more)


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


def sheet_page(
    office_id: int, calendar_id: int, problem: StepForm | None, status: int, **more: Any
) -> ResponseReturnValue:
    """Return the page of one calendar, with a form that came back in the place of its blank one."""
    today = today_in(office_id)
    found = reads.find_calendar_sheet(reader(), office_id, calendar_id)
    if found is None:
        abort(404)
    week = found.week_on(today)
    hours = {} if week is None else dict(zip(forms.WEEKDAYS, map(write_hours, week.hours), strict=True))
    keepings = [
        each
        for each in reads.list_keepings(reader(), office_id)
        if each.calendar_id == calendar_id and each.holds_on_or_after(today)
    ]
    blanks = {
        "rename": forms.RenameForm("rename", blank=True, name=found.name),
        "return": forms.ReturnForm("return", blank=True, name=found.name),
        "week": forms.WeekForm("week", blank=True, since=today, **hours),
        "closure": forms.ClosureForm("closure", blank=True),
        "opening": forms.OpeningForm("opening", blank=True),
        "import": forms.ImportForm("import", blank=True),
    }
    year = request.args.get("year", today.year, type=int)
    return render_template(
        "calendars/sheet.html",
        sheet=found,
        keepings=keepings,
        year=year,
        language_path=url_for("calendars.sheet", office_id=office_id, calendar_id=calendar_id),
        **shared(office_id, today, problem, blanks),
        **{"refused_rows": [], "good_rows": 0, **more},
    ), status
