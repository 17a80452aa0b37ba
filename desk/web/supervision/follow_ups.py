"""Follow-ups: the list of a supervisor, one of them with what was done, and when somebody follows up at all."""

from collections.abc import Container
from typing import Any, Final

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.routing import BaseConverter

from desk.domain.access import Actor, Role
from desk.domain.following_up import (
    AFTER_ANSWER,
    CLOSED,
    TRANSITIONS,
    FollowUpStep,
    Origin,
    address_apart,
    code_apart,
    id_apart,
)
from desk.domain.invitation import Privacy
from desk.operations.complaints import following_up
from desk.operations.keeping import looking
from desk.reads.complaints import Heard, find_voice, find_voice_contact
from desk.reads.follow_up_rules import load_of_supervisors
from desk.reads.follow_ups import (
    VIEWS,
    Line,
    Wanted,
    find_comment,
    find_follow_up,
    find_visitor_contact,
    list_follow_ups,
    list_steps,
    may_know_of,
)
from desk.reads.office_day import get_day
from desk.reads.report_names import find_people
from desk.reads.today import list_service_names
from desk.web.access import SUPERVISING, access, in_office
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import done_and_told
from desk.web.filters_asked import Choices
from desk.web.forms.follow_ups import AssignForm, StepForm
from desk.wording import follow_ups as words

blueprint = Blueprint("follow_ups", __name__)
FOLLOW_UPS: Final = "/offices/<int:office_id>/follow-ups"
WATCHING: Final = in_office(Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN)
ASSIGNING: Final = in_office(Role.SUPERVISOR, Role.ADMIN)


@blueprint.get(FOLLOW_UPS)
@access(WATCHING)
def listed(office_id: int) -> ResponseReturnValue:
    """List the follow-ups; view and filter are in the address."""
    get_office(office_id)
    actor, today, choices = acting(office_id), _today(office_id), Choices()
    services = list_service_names(reader(), office_id)
    wanted = _wanted(actor, choices, dict(services))
    lines = list_follow_ups(
        reader(), office_id, wanted, viewer_id=actor.person_id, language=language(), today=today
    )  # fmt: skip
    page = render_template(
        "follow_ups/list.html",
        lines=[] if choices.unknown else lines,
        wanted=wanted,
        unknown=choices.unknown,
        today=today,
        views=[each for each in VIEWS if each != "mine" or actor.supervises],
        services=services,
        words=words,
        name_of=_name,
        address_of=address_of,
    )
    return page, 422 if choices.unknown else 200


def own_code(follow_up_id: int) -> str:
    """Return the name of a follow-up that must not be found among the events: a keyed code instead of a number."""
    return code_apart(desk().streams.keys.links, follow_up_id)


def own_address(follow_up_id: int) -> str:
    """Return what its address says instead of its id, which ends in the number of its event."""
    return address_apart(desk().streams.keys.links, follow_up_id)


def address_of(line: Line) -> int | str:
    """Return what stands for a follow-up in its address."""
    return own_address(line.id) if line.is_kept_apart else line.id


class FollowUpConverter(BaseConverter):
    """A follow-up in an address: its id, or what stands there instead of the id of one that is kept apart."""

    regex = "(?:[0-9]+|k[0-9a-f]{16})"
    part_isolating = True

    def to_python(self, value: str) -> int:
        """Return the id."""
        if not value.startswith("k"):
            return int(value)
        return id_apart(desk().streams.keys.links, value)

    def to_url(self, value: int | str) -> str:
        """Return what `address_of` gave."""
        return str(value)


def _name(line: Line) -> str:
    return own_code(line.id) if line.is_kept_apart else line.reference


def _wanted(actor: Actor, choices: Choices, services: Container[int]) -> Wanted:
    """Return what the address asks for; without a view it is what waits for whoever looks."""
    asked_view = choices.code("view", VIEWS)
    if "view" in choices.unknown:  # the row of links has no place for an error
        abort(404)
    view = asked_view or ("mine" if actor.supervises else "open")
    return Wanted(view, choices.number("service", services), choices.code("origin", [each.value for each in Origin]))


def _today(office_id: int) -> Any:
    return get_day(reader(), office_id, at=desk().streams.clock()).today


@blueprint.get(f"{FOLLOW_UPS}/<follow_up:follow_up_id>")
@access(WATCHING)
def one(office_id: int, follow_up_id: int) -> ResponseReturnValue:
    """Show one with the answer, what was done, and what can be done; record who looked."""
    get_office(office_id)
    line, actor = _get(office_id, follow_up_id), acting(office_id)
    looking.record_look(
        desk().streams, office_id, actor, verb="looked", subject="follow_up", subject_id=follow_up_id
    )  # fmt: skip
    return _page(office_id, line)


def _get(office_id: int, follow_up_id: int) -> Line:
    """Return a follow-up the person may know of; 404 for any other."""
    line = find_follow_up(reader(), office_id, follow_up_id, language=language())
    if line is None or not may_know_of(line, acting(office_id).person_id):
        abort(404)
    return line


def _page(office_id: int, line: Line, *, wrong: FlaskForm | None = None) -> ResponseReturnValue:
    actor = acting(office_id)
    is_barred = actor.person_id in line.barred
    voice = None if line.voice_id is None else find_voice(reader(), office_id, line.voice_id, language=language())
    shown = {} if is_barred else _inside(office_id, line, voice, wrong)
    page = render_template(
        "follow_ups/one.html",
        line=line,
        today=_today(office_id),
        is_barred=is_barred,
        may_open_file=line.transaction_id is not None and bool(actor.roles & {Role.SUPERVISOR, Role.AUDITOR}),
        is_confidential=line.privacy is Privacy.CONFIDENTIAL,
        is_anonymous=line.privacy is Privacy.ANONYMOUS,
        may_appoint=Role.ADMIN in actor.roles,
        voice=voice,
        form=wrong,
        words=words,
        name=_name(line),
        address=address_of(line),
        language_path=url_for("follow_ups.one", office_id=office_id, follow_up_id=address_of(line)),
        **shown,
    )
    return page, 422 if wrong is not None else 200


def _inside(office_id: int, line: Line, voice: Heard | None, wrong: FlaskForm | None) -> dict[str, Any]:
    """Return what those see who had no hand in the matter."""
    actor, cases = acting(office_id), [line.id] if line.voice_id is None else [line.id, line.voice_id]
    awaits = line.origin is Origin.COMPLAINT and voice is not None and voice.answered_at is None
    step = wrong if isinstance(wrong, StepForm) else _step_form(line, awaits_answer=awaits)
    may_assign = bool(actor.roles & {Role.SUPERVISOR, Role.ADMIN}) and line.state not in CLOSED
    assign = wrong if isinstance(wrong, AssignForm) else _assign_form(office_id, line)
    return {
        "comment": find_comment(reader(), line, office_id),
        "steps": list_steps(reader(), office_id, cases),
        "step_form": step if actor.supervises and step.step.choices else None,
        "assign_form": assign if may_assign and assign.to.choices else None,
        "awaits_answer": awaits,
        "contact": _contact(office_id, line) if actor.supervises else None,
        "asks_back": actor.supervises and line.origin is Origin.SCORE and not line.is_closed,
    }


def _contact(office_id: int, line: Line) -> Any:
    """Return how whoever works on it can reach the visitor; for a low score that stands in the access log."""
    if line.voice_id is not None:
        return find_voice_contact(reader(), office_id, line.voice_id)
    found = find_visitor_contact(reader(), line, office_id)
    if found is not None:
        looking.record_look(
            desk().streams, office_id, acting(office_id), verb="looked", subject="transaction_contact",
            subject_id=line.transaction_id,
        )  # fmt: skip
    return found


def _is_untraceable(line: Line) -> bool:
    """Tell whether nobody may know whose low score it is, and so nobody can ask back."""
    return line.origin is Origin.SCORE and line.privacy is not Privacy.LINKED


def _step_form(line: Line, *, awaits_answer: bool, filled: bool = False) -> StepForm:
    offered = [
        step
        for step in FollowUpStep
        if step is not FollowUpStep.CORRECTED
        and (line.state, step) in TRANSITIONS
        and not (awaits_answer and step in AFTER_ANSWER)
        and not (step is FollowUpStep.CONTACTED and _is_untraceable(line))
    ]
    return StepForm(offered) if filled else StepForm(offered, formdata=None)


def _assign_form(office_id: int, line: Line, *, filled: bool = False) -> AssignForm:
    loads = load_of_supervisors(reader(), office_id)
    free = [each for each in loads if each not in line.barred and each != line.assigned_id]
    names = find_people(reader(), free)
    people = sorted(((each, names.get(each, "–")) for each in free), key=lambda pair: pair[1].casefold())
    return AssignForm(people) if filled else AssignForm(people, formdata=None)


@blueprint.post(f"{FOLLOW_UPS}/<follow_up:follow_up_id>/steps")
@access(SUPERVISING)
def take_step(office_id: int, follow_up_id: int) -> ResponseReturnValue:
    """Write down what was done; a note stays as it was written."""
    get_office(office_id)
    line = _get(office_id, follow_up_id)
    form = StepForm(words.STEPS)
    if not form.validate_on_submit():
        return _page(office_id, line, wrong=_narrowed(form, line))
    step, note = FollowUpStep(form.step.data), form.note.data or None
    request_ = asked(acting(office_id), "follow_up_step", follow_up=follow_up_id, step=step.value, note=note)
    return done_and_told(
        lambda: following_up.take_step(desk().streams, follow_up_id, request_, step=step, note=note),
        gettext("Written down."),
        url_for("follow_ups.one", office_id=office_id, follow_up_id=address_of(line)),
    )


def _narrowed(form: StepForm, line: Line) -> StepForm:
    """Return the form with the steps that are possible, keeping what was chosen and written."""
    possible = {step.value for step in FollowUpStep if (line.state, step) in TRANSITIONS}
    possible -= {FollowUpStep.CORRECTED.value} | ({FollowUpStep.CONTACTED.value} if _is_untraceable(line) else set())
    form.offer([each for each in form.step.choices if each.value in possible])
    return form


@blueprint.post(f"{FOLLOW_UPS}/<follow_up:follow_up_id>/assignment")
@access(ASSIGNING)
def assign(office_id: int, follow_up_id: int) -> ResponseReturnValue:
    """Give it to another supervisor outside the chain."""
    get_office(office_id)
    line = _get(office_id, follow_up_id)
    form = _assign_form(office_id, line, filled=True)
    if not form.validate_on_submit():
        return _page(office_id, line, wrong=form)
    to_id, note = int(form.to.data), form.reason.data or None
    request_ = asked(acting(office_id), "assign_follow_up", follow_up=follow_up_id, to=to_id, note=note)
    return done_and_told(
        lambda: following_up.assign(desk().streams, follow_up_id, request_, to_id=to_id, note=note),
        gettext("Given to the supervisor you chose."),
        url_for("follow_ups.one", office_id=office_id, follow_up_id=address_of(line)),
    )
