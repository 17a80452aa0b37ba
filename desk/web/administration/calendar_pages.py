"""What the pages of calendars have in common."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from desk.domain.typed_hours import write_hours
from desk.operations.settings.calendar_demands import KEEPERS
from desk.web.context import acting, desk, get_office
from desk.web.forms import calendars as forms
from desk.web.forms.counter import StepForm
from desk.web.forms.fields import new_key
from desk.web.supervision.timeline import word


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
