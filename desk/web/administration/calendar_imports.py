"""Taking dates over into a calendar: public holidays of a year with a preview, a file with a report line by line.

The routes stand on the blueprint of the calendars: registering this face registers both.
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from desk.domain.closures import ClosureKind, Row, read_rows
from desk.operations.settings import scheduling
from desk.operations.settings.scheduling import ClosedDay
from desk.reads.calendar_sheets import CalendarSheet, find_calendar_sheet
from desk.reads.national_holidays import FIRST_YEAR, LAST_YEAR, Holiday, list_holidays
from desk.web.access import access
from desk.web.administration.calendar_pages import sheet_page, today_in
from desk.web.administration.calendars import KEEPING, ONE, blueprint
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.forms.calendars import ImportForm
from desk.web.forms.fields import new_key
from desk.web.supervision.timeline import word


@blueprint.get(f"{ONE}/holidays")
@access(KEEPING)
def preview(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Show the holidays of a year before they are taken over."""
    found = _sheet(office_id, calendar_id)
    year = _year(office_id)
    return render_template(
        "calendars/holidays.html",
        sheet=found,
        year=year,
        holidays=list_holidays(year),
        known=found.days,
        new_key=new_key,
        word=word,
    )


@blueprint.post(f"{ONE}/holidays")
@access(KEEPING)
def take_over(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Close the calendar on the chosen holidays of a year."""
    _sheet(office_id, calendar_id)
    chosen = set(request.form.getlist("day"))
    year = _year(office_id)
    days = [_closed(each) for each in list_holidays(year) if each.day.isoformat() in chosen]
    target = url_for("calendars.sheet", office_id=office_id, calendar_id=calendar_id, year=year)
    if not days:
        flash(gettext("Nothing was chosen. Nothing was changed."), "warning")
        return redirect(target, 303)
    request_ = asked(acting(office_id), "holidays", calendar=calendar_id, days=sorted(chosen))
    scheduling.close_days(desk().streams, office_id, calendar_id, request_, days=days)
    _say(len(days))
    return redirect(target, 303)


@blueprint.post(f"{ONE}/imports")
@access(KEEPING)
def import_file(office_id: int, calendar_id: int) -> ResponseReturnValue:
    """Take the dates of a file over; with refused lines only where the person says that the good ones be kept."""
    found = _sheet(office_id, calendar_id)
    form = ImportForm("import")
    if not form.validate_on_submit():
        return sheet_page(office_id, calendar_id, form, 422)
    data = form.data_given()
    rows = _read(office_id, found, data)
    good = [row for row in rows if row.fault is None and row.day is not None]
    refused = [row for row in rows if row.fault is not None]
    if not rows:
        form.rows.errors = [gettext("Choose a file, or write a date and a name on each line.")]
    if not good or (refused and not form.keep.data):
        form.rows.data = data.decode("utf-8", "replace")
        more = {"refused_rows": refused, "good_rows": len(good)}
        return sheet_page(office_id, calendar_id, form, 422, **more)
    days = [ClosedDay(row.day, row.name, ClosureKind(form.kind.data)) for row in good if row.day is not None]
    told = [each.day.isoformat() for each in days]
    request_ = asked(acting(office_id), "import_days", calendar=calendar_id, days=told)
    scheduling.close_days(desk().streams, office_id, calendar_id, request_, days=days)
    _say(len(days))
    return redirect(
        url_for("calendars.sheet", office_id=office_id, calendar_id=calendar_id, year=days[0].day.year), 303
    )


def _read(office_id: int, found: CalendarSheet, data: bytes) -> list[Row]:
    return read_rows(data, closed=found.days, today=today_in(office_id))


def _closed(holiday: Holiday) -> ClosedDay:
    return ClosedDay(holiday.day, holiday.name, holiday.kind)


def _say(count: int) -> None:
    flash(ngettext("%(num)d date is closed now.", "%(num)d dates are closed now.", count), "success")


def _sheet(office_id: int, calendar_id: int) -> CalendarSheet:
    get_office(office_id)
    found = find_calendar_sheet(reader(), office_id, calendar_id)
    if found is None:
        abort(404)
    return found


def _year(office_id: int) -> int:
    this_year = today_in(office_id).year
    year = request.values.get("year", this_year, type=int)
    return year if FIRST_YEAR <= year <= LAST_YEAR else this_year
