"""What supervisors set of the console: when a visitor has not come, how long a slip is undone, the office's texts."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.operations.settings import console_settings
from desk.reads.console_settings import ServiceLimits, list_service_limits, list_snippets
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.counter.snippets import Shelf, new_form, snippet_forms
from desk.web.forms.console import LimitsForm, ServiceLimitsForm
from desk.web.forms.counter import StepForm
from desk.web.forms.fields import new_key

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
    form = LimitsForm("limits")
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    values = {name: form[name].data for name in ("no_show_calls", "no_show_after_s", "undo_s")}
    request_ = asked(acting(office_id), "set_console_limits", **values)
    console_settings.set_limits(desk().streams, office_id, request_, values)
    return _kept(office_id)


@blueprint.post(f"{PAGE}/services/<int:service_id>")
@access(KEEPING)
def change_service(office_id: int, service_id: int) -> ResponseReturnValue:
    """Set the limits of one service, or leave it as the office has it."""
    get_office(office_id)
    if service_id not in {each.id for each in list_service_limits(reader(), office_id)}:
        abort(404)
    form = ServiceLimitsForm(f"service-{service_id}")
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    values = {name: form[name].data for name in console_settings.OF_SERVICE}
    request_ = asked(acting(office_id), "set_console_limits_of_service", service=service_id, **values)
    console_settings.set_limits_of_service(desk().streams, office_id, service_id, request_, values)
    return _kept(office_id)


def _kept(office_id: int) -> ResponseReturnValue:
    flash(gettext("Kept. It holds from now on."), "success")
    return redirect(url_for("console_settings.page", office_id=office_id), 303)


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
    url = url_for("console_settings.page", office_id=office_id)
    return Shelf(office_id, False, lambda form: _page(office_id, form), url)


def _page(office_id: int, problem: StepForm | None = None) -> str:
    rules = desk().streams.configuration(reader(), office_id).rules
    known = {"no_show_calls": rules.no_show.calls, "no_show_after_s": rules.no_show.seconds, "undo_s": rules.undo_s}
    return render_template(
        "console/settings.html",
        limits=problem if isinstance(problem, LimitsForm) else LimitsForm("limits", blank=True, **known),
        services=[(each, _of_service(each, problem)) for each in list_service_limits(reader(), office_id)],
        snippets=snippet_forms(list_snippets(reader(), office_id, None), problem),
        new=new_form(problem),
        form=problem,
        new_key=new_key,
        language_path=url_for("console_settings.page", office_id=office_id),
    )


def _of_service(service: ServiceLimits, problem: StepForm | None) -> ServiceLimitsForm:
    place = f"service-{service.id}"
    if isinstance(problem, ServiceLimitsForm) and problem.place == place:
        return problem
    known: dict[str, Any] = {"no_show_calls": service.no_show_calls, "no_show_after_s": service.no_show_after_s}
    return ServiceLimitsForm(place, blank=True, **known)
