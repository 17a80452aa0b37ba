"""The services of an office: the list, one with all that is set of it, and how visitors see it.

Administrators change them, supervisors and auditors read.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from desk.domain.access import Role
from desk.domain.refusals import Reason, Refused
from desk.domain.services import LANGUAGES, TEXTS, TOPICS, Direction
from desk.operations.requests import Done
from desk.operations.settings import keeping_services as operations
from desk.operations.settings import retiring_services
from desk.operations.settings.service_demands import KEEPERS, KIND, KINDS
from desk.reads import service_sheets as reads
from desk.reads.office_day import get_day
from desk.reads.planned import list_waiting
from desk.reads.services import find_sheet
from desk.web.access import access, in_office
from desk.web.administration.planning import CLASH, SHOWN_IN, compare
from desk.web.administration.retired_services import retired_words, returned_words
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.forms.absences import DAY
from desk.web.forms.fields import new_key
from desk.web.forms.services import ServiceForm
from desk.web.meanwhile import marks_of
from desk.wording import services as words

blueprint = Blueprint("administration_services", __name__)
READING: Final = in_office(Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR)
KEEPING: Final = in_office(Role.ADMIN)
SERVICES: Final = "/offices/<int:office_id>/administration/services"
ONE: Final = f"{SERVICES}/<int:service_id>"
# In which field of the form a refusal is said.
FIELD_OF: Final = {
    Reason.LETTER_TAKEN: "series",
    Reason.LETTER_GIVEN_TODAY: "series",
    Reason.HEAD_UNFIT: "head",
    Reason.DATE_OUT_OF_RANGE: "due",
    Reason.UNKNOWN: "calendar",
    Reason.CALENDAR_RETIRED: "calendar",
    Reason.NO_HOURS_SOON: "sure",
}


@blueprint.get(SERVICES)
@access(READING)
def listed(office_id: int) -> ResponseReturnValue:
    """List the services with what is set of each, in the order in which visitors see them."""
    get_office(office_id)
    found = reads.list_services(reader(), office_id, at=desk().streams.clock())
    return render_template(
        "administration/services.html",
        in_use=[each for each in found if not each.retired],
        retired=[each for each in found if each.retired],
        may_keep=_may_keep(office_id),
        new_key=new_key,
    )


@blueprint.get(f"{SERVICES}/new")
@access(KEEPING)
def new(office_id: int) -> ResponseReturnValue:
    """Show the form of a new service."""
    get_office(office_id)
    return _form_page(office_id, _empty_form(office_id))


@blueprint.post(SERVICES)
@access(KEEPING)
def add(office_id: int) -> ResponseReturnValue:
    """Add a service at the end of the list."""
    get_office(office_id)
    form = _empty_form(office_id)
    if not form.validate_on_submit():
        return _form_page(office_id, form), 422
    due = form.due_on
    request_ = asked(acting(office_id), "add_service", plan=str(form.plan), due=str(due))
    try:
        if due is not None:
            operations.plan_addition(desk().streams, office_id, form.plan, request_, due=due)
            flash(gettext("Planned. It is added as that day begins; say then who serves it."), "success")
            return redirect(url_for("administration_services.listed", office_id=office_id), 303)
        done = operations.add(desk().streams, office_id, form.plan, request_)
    except Refused as refused:
        return _said_in(form, refused, lambda: _form_page(office_id, form))
    flash(gettext("The service is added. It gives out numbers once somebody serves it: say who does."), "success")
    return redirect(_place(office_id, done.facts["service"]), 303)


@blueprint.get(ONE)
@access(READING)
def one(office_id: int, service_id: int) -> ResponseReturnValue:
    """Show a service: as a form to those who may change it, else as it stands."""
    get_office(office_id)
    values = _get_values(office_id, service_id)
    form = ServiceForm.of(values, *_choices(office_id, values), shown=marks_of(_shown(values)))
    return _one_page(office_id, service_id, values, form)


@blueprint.post(ONE)
@access(KEEPING)
def change(office_id: int, service_id: int) -> ResponseReturnValue:
    """Set what is typed, at once or from a later day on."""
    get_office(office_id)
    values = _get_values(office_id, service_id)
    form = ServiceForm(*_choices(office_id, values), values["icon"])
    if not form.validate_on_submit():
        return _one_page(office_id, service_id, values, form), 422
    typed, due = form.plan.typed, form.due_on
    current = _get_values(office_id, service_id, day=due)
    found = compare(office_id, form, typed, _shown(current), due, kind=KIND, subject=service_id)
    if found.clashes:
        return _one_page(office_id, service_id, values, form), CLASH
    try:
        _carry_out(office_id, service_id, form, found.wanted)
    except Refused as refused:
        return _said_in(form, refused, lambda: _one_page(office_id, service_id, values, form))
    return redirect(_place(office_id, service_id), 303)


def _carry_out(office_id: int, service_id: int, form: ServiceForm, wanted: dict[str, Any]) -> None:
    due, is_sure = form.due_on, bool(form.sure.data)
    request_ = asked(acting(office_id), "change_service", service=service_id, wanted=str(wanted), due=str(due))
    try:
        if due is None:
            operations.change(desk().streams, office_id, service_id, wanted, request_, is_sure=is_sure)
        else:
            operations.plan_change(desk().streams, office_id, service_id, wanted, request_, due=due, is_sure=is_sure)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_DONE:
            raise
        flash(gettext("Nothing differs from what holds already."), "info")
        return
    said = gettext("Kept. It holds from now on.") if due is None else gettext("Planned. Until then nothing changes.")
    flash(said, "success")


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    """Return what is set of a service as its form shows it, in whole minutes."""
    names = ("series", "icon", "daily_quota", "head_id", "calendar_id", *TEXTS)
    shown = {name: values[name] for name in names}
    steps = [list(step) for step in values["completion_steps"]]
    return {**shown, "completion_steps": steps, "wait_promise_s": values["wait_promise_s"] // 60 * 60}


@blueprint.post(f"{ONE}/place")
@access(KEEPING)
def move(office_id: int, service_id: int) -> ResponseReturnValue:
    """Move a service one place up or down; the button that was pressed keeps the focus."""
    get_office(office_id)
    typed = request.form.get("direction", "")
    if typed not in {*Direction}:
        raise Refused(Reason.INVALID, field="direction")
    direction = Direction(typed)
    request_ = asked(acting(office_id), "move_service", service=service_id, direction=typed)
    operations.move(desk().streams, office_id, service_id, direction, request_)
    listed_at = url_for("administration_services.listed", office_id=office_id, _anchor=f"service-{service_id}")
    return redirect(listed_at, 303)


@blueprint.post(f"{ONE}/retirement")
@access(KEEPING)
def retire(office_id: int, service_id: int) -> ResponseReturnValue:
    """Give no new numbers for a service."""
    return _done(office_id, service_id, "retire_service", retiring_services.retire, retired_words)


@blueprint.post(f"{ONE}/return")
@access(KEEPING)
def bring_back(office_id: int, service_id: int) -> ResponseReturnValue:
    """Offer a retired service again."""
    return _done(office_id, service_id, "bring_back_service", retiring_services.bring_back, returned_words)


def _done(
    office_id: int, service_id: int, verb: str, operation: Callable[..., Done], said: Callable[[int, int], str]
) -> ResponseReturnValue:
    get_office(office_id)
    target = url_for("administration_services.listed", office_id=office_id)
    typed = request.form.get("due", "").strip()
    try:
        due = date.fromisoformat(typed) if typed else None
    except ValueError:
        return back_with(gettext(DAY), target)
    request_ = asked(acting(office_id), verb, service=service_id, due=str(due))
    try:
        done = operation(desk().streams, office_id, service_id, request_, due=due)
    except Refused as refused:
        if refused.reason in (Reason.UNKNOWN, Reason.FORBIDDEN):
            raise
        return back_with(sentence(refused), target)
    is_planned = done.facts.get("planned") is not None
    flash(gettext("Planned. Until then nothing changes.") if is_planned else said(office_id, service_id), "success")
    return redirect(target, 303)


@blueprint.get(f"{ONE}/preview")
@access(READING)
def preview(office_id: int, service_id: int) -> ResponseReturnValue:
    """Show a service as visitors see it at the kiosk, in either language."""
    get_office(office_id)
    typed = request.args.get("shown", "")
    shown = typed if typed in LANGUAGES else language()
    back = _place(office_id, service_id)
    with force_locale(shown):
        at = desk().streams.clock()
        sheet = find_sheet(reader(), office_id, service_id, language=shown, at=at, retired=True)
        if sheet is None:
            abort(404)
        return render_template(
            "administration/services_preview.html", sheet=sheet, shown=shown, service_id=service_id, back=back
        )


def _may_keep(office_id: int) -> bool:
    return bool(acting(office_id).roles & KEEPERS)


def _place(office_id: int, service_id: int) -> str:
    return url_for("administration_services.one", office_id=office_id, service_id=service_id)


def _today(office_id: int) -> date:
    return get_day(reader(), office_id, at=desk().streams.clock()).today


def _get_values(office_id: int, service_id: int, *, day: date | None = None) -> dict[str, Any]:
    """Return all that is set of a service, with the calendar of a day; 404 where the office has none such."""
    found = reads.find_values(reader(), office_id, service_id, day=day or _today(office_id))
    if found is None:
        abort(404)
    return found


def _choices(office_id: int, values: dict[str, Any]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return who can head the queue, and the calendars; a head who left stands there until another is chosen."""
    heads = reads.list_heads(reader(), office_id)
    if values["head_id"] not in {each for each, _ in heads}:
        heads = [*heads, (values["head_id"], values["head"])]
    return heads, reads.list_offered_calendars(reader(), office_id, kept=values["calendar_id"])


def _empty_form(office_id: int) -> ServiceForm:
    heads, calendars = reads.list_heads(reader(), office_id), reads.list_offered_calendars(reader(), office_id)
    return ServiceForm(heads, calendars, wait=30)


def _form_page(office_id: int, form: ServiceForm) -> str:
    return render_template(
        "administration/services_new.html",
        form=form,
        topics=TOPICS,
        hints=words.HINTS,
        labels=words.TOPICS,
        language_path=url_for("administration_services.new", office_id=office_id),
    )


def _one_page(office_id: int, service_id: int, values: dict[str, Any], form: ServiceForm) -> str:
    services = reads.list_services(reader(), office_id, at=desk().streams.clock())
    return render_template(
        "administration/services_one.html",
        form=form,
        values=values,
        service=next(each for each in services if each.id == service_id),
        may_keep=_may_keep(office_id),
        topics=TOPICS,
        hints=words.HINTS,
        labels=words.TOPICS,
        wordings=reads.list_wordings(reader(), office_id, service_id),
        waiting_changes=[
            each for each in list_waiting(reader(), office_id) if each.kind in KINDS and each.subject == service_id
        ],
        new_key=new_key,
        language_path=_place(office_id, service_id),
    )


def _said_in(form: ServiceForm, refused: Refused, page: Callable[[], str]) -> ResponseReturnValue:
    """Say a refusal in the field it is about, with everything as it was typed."""
    if refused.reason in (Reason.FORBIDDEN, Reason.KEY_REUSED):
        raise refused
    named = str(refused.details.get("field", ""))
    name = FIELD_OF.get(refused.reason) or SHOWN_IN.get(named, named)
    field = form[name if name in form else "series"]
    field.errors = [sentence(refused)]
    return page(), refusal_status(refused)
