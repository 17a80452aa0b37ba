"""What supervisors set of the console: when a visitor has not come, how long a slip is undone, the office's texts."""

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from desk.operations.settings import console_limits, console_settings
from desk.reads.console_settings import ServiceLimits, list_service_limits, list_snippets
from desk.web.access import access, in_office
from desk.web.administration.planning import PlannedForm, in_place, submitted
from desk.web.context import desk, get_office, reader
from desk.web.counter.snippets import Shelf, new_form, snippet_forms
from desk.web.forms.console import LimitsForm, ServiceLimitsForm
from desk.web.forms.counter import StepForm
from desk.web.forms.fields import new_key
from desk.web.meanwhile import marks_of

blueprint = Blueprint("console_settings", __name__)
KEEPING = in_office(*console_settings.KEEPERS)
PAGE = "/offices/<int:office_id>/console-settings"


@blueprint.get(PAGE)
@access(KEEPING)
def page(office_id: int) -> ResponseReturnValue:
    """Show all of it, each part with its form."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(PAGE)
@access(KEEPING)
def change(office_id: int) -> ResponseReturnValue:
    """Set the limits of the office."""
    get_office(office_id)
    form, current = LimitsForm("limits"), _current(office_id)
    return submitted(office_id, form, _page, _target(office_id), kind=console_limits.KIND, current=current)


@blueprint.post(f"{PAGE}/services/<int:service_id>")
@access(KEEPING)
def change_service(office_id: int, service_id: int) -> ResponseReturnValue:
    """Set the limits of one service, or leave it as the office has it."""
    get_office(office_id)
    found = next((each for each in list_service_limits(reader(), office_id) if each.id == service_id), None)
    if found is None:
        abort(404)
    return submitted(
        office_id,
        ServiceLimitsForm(f"service-{service_id}"),
        _page,
        _target(office_id),
        kind=console_limits.KIND_OF_SERVICE,
        current=_current_of(found),
        subject=service_id,
    )


def _target(office_id: int) -> str:
    return url_for("console_settings.page", office_id=office_id)


@blueprint.post(f"{PAGE}/snippets")
@access(KEEPING)
def add_snippet(office_id: int) -> ResponseReturnValue:
    """Add a text that everybody at the counters can insert."""
    return _shelf(office_id).add()


@blueprint.post(f"{PAGE}/snippets/<int:snippet_id>")
@access(KEEPING)
def change_snippet(office_id: int, snippet_id: int) -> ResponseReturnValue:
    """Reword a text of the office."""
    return _shelf(office_id).change(snippet_id)


@blueprint.post(f"{PAGE}/snippets/<int:snippet_id>/removal")
@access(KEEPING)
def remove_snippet(office_id: int, snippet_id: int) -> ResponseReturnValue:
    """Remove a text of the office."""
    return _shelf(office_id).remove(snippet_id)


def _shelf(office_id: int) -> Shelf:
    get_office(office_id)
    return Shelf(office_id, False, lambda form: _page(office_id, form), _target(office_id))


def _page(office_id: int, problem: StepForm | PlannedForm | None = None) -> str:
    current = _current(office_id)
    planned_one = problem if isinstance(problem, PlannedForm) else None
    snippet = problem if isinstance(problem, StepForm) else None
    services = list_service_limits(reader(), office_id)
    return render_template(
        "console/settings.html",
        limits=in_place(planned_one, LimitsForm("limits", formdata=None, shown=marks_of(current), **current)),
        services=[(each, in_place(planned_one, _of_service(each))) for each in services],
        snippets=snippet_forms(list_snippets(reader(), office_id, None), snippet),
        new=new_form(snippet),
        form=problem,
        new_key=new_key,
        language_path=_target(office_id),
    )


def _current(office_id: int) -> dict[str, int]:
    rules = desk().streams.configuration(reader(), office_id).rules
    return {"no_show_calls": rules.no_show.calls, "no_show_after_s": rules.no_show.seconds, "undo_s": rules.undo_s}


def _of_service(service: ServiceLimits) -> ServiceLimitsForm:
    current = _current_of(service)
    return ServiceLimitsForm(f"service-{service.id}", formdata=None, shown=marks_of(current), **current)


def _current_of(service: ServiceLimits) -> dict[str, Any]:
    return {name: getattr(service, name) for name in console_limits.OF_SERVICE}
