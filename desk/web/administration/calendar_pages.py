"""What the pages of calendars have in common: the page of one, and what becomes of a form on any of them."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.refusals import Reason, Refused
from desk.domain.typed_hours import write_hours
from desk.operations.requests import Done
from desk.operations.settings.calendar_demands import KEEPERS
from desk.reads.calendar_sheets import find_calendar_sheet, list_keepings
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import refusal_status, sentence
from desk.web.forms import calendars as forms
from desk.web.forms.counter import StepForm
from desk.web.forms.fields import new_key
from desk.web.supervision.timeline import word

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


def today_in(office_id: int) -> date:
    """Return the date in the office's zone."""
    return desk().streams.clock().astimezone(ZoneInfo(get_office(office_id).zone)).date()


def may_keep(office_id: int) -> bool:
    """Tell whether the signed-in person may change calendars here."""
    return bool(acting(office_id).roles & KEEPERS)


def shared(office_id: int, today: date, problem: StepForm | None, blanks: dict[str, StepForm]) -> dict[str, Any]:
    """Return what every page of calendars shows."""
    if problem is not None:
        blanks[problem.place] = problem
    return {
        "today": today,
        "problem": problem,
        "forms": blanks,
        "may_keep": may_keep(office_id),
        "write_hours": write_hours,
        "weekdays": forms.WEEKDAYS,
        "word": word,
        "new_key": new_key,
    }


def change_sheet(
    office_id: int, calendar_id: int, operation: Callable[[], Done], form: StepForm, *, said: str | None = None
) -> ResponseReturnValue:
    """Do one change of a calendar and come back to its page."""
    return carry_out(
        operation,
        form,
        page=lambda problem, status: sheet_page(office_id, calendar_id, problem, status),
        target=lambda done: url_for("calendars.sheet", office_id=office_id, calendar_id=calendar_id),
        said=said,
    )


def carry_out(
    operation: Callable[[], Done],
    form: StepForm,
    *,
    page: Page,
    target: Callable[[Done], str],
    said: str | None = None,
) -> ResponseReturnValue:
    """Do what a form asks for and go to `target`; what is wrong with it is said in its field on its `page`."""
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


def sheet_page(
    office_id: int, calendar_id: int, problem: StepForm | None, status: int, **more: Any
) -> ResponseReturnValue:
    """Return the page of one calendar, with a form that came back in the place of its blank one."""
    today = today_in(office_id)
    found = find_calendar_sheet(reader(), office_id, calendar_id)
    if found is None:
        abort(404)
    week = found.week_on(today)
    hours = {} if week is None else dict(zip(forms.WEEKDAYS, map(write_hours, week.hours), strict=True))
    keepings = [
        each
        for each in list_keepings(reader(), office_id)
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
