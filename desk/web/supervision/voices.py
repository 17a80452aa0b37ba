"""What visitors say, for staff: the list, one of them, compliments of an officer, facilities one looks after."""

from typing import Any, Final

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from desk.domain.access import Role
from desk.domain.complaints import TRANSITIONS, VoiceKind, VoiceStep, is_late
from desk.operations.complaints import complaining
from desk.operations.complaints.complaining import PRAISED
from desk.operations.keeping import looking
from desk.operations.settings.facilities import OWNERS
from desk.reads.case_messages import list_messages_to_visitor
from desk.reads.complaints import (
    Heard,
    find_follow_up_of,
    find_voice,
    find_voice_contact,
    list_compliments,
    list_of_owner,
    list_reached,
    list_voices,
)
from desk.reads.follow_ups import list_steps
from desk.reads.office_day import get_day
from desk.reads.staff import list_members
from desk.web.access import AT_THE_FRONT, SUPERVISING, access, in_office
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import done_and_told
from desk.web.filters_asked import Choices
from desk.web.forms.complaints import ActionForm, PassOnForm, VoiceStepForm
from desk.web.forms.fields import new_key
from desk.web.supervision.follow_ups import WATCHING
from desk.wording import follow_ups as words

blueprint = Blueprint("voices", __name__)
VOICES: Final = "/offices/<int:office_id>/voices"
OWNING: Final = in_office(*OWNERS)
KEEPING: Final = in_office(Role.ADMIN)


def _today(office_id: int) -> Any:
    return get_day(reader(), office_id, at=desk().streams.clock()).today


@blueprint.get(VOICES)
@access(WATCHING)
def listed(office_id: int) -> ResponseReturnValue:
    """List complaints, suggestions and compliments, the newest first."""
    get_office(office_id)
    choices, is_open = Choices(), request.args.get("open") == "1"
    kind = choices.code("kind", [each.value for each in VoiceKind])
    today, viewer_id = _today(office_id), acting(office_id).person_id
    found = list_voices(reader(), office_id, language=language(), viewer_id=viewer_id, kind=kind, is_open=is_open)
    page = render_template(
        "voices/list.html",
        voices=[] if choices.unknown else found,
        unknown=choices.unknown,
        kind=kind,
        is_open=is_open,
        is_late=lambda each: is_late(each.deadlines, today=today),
        may_print=acting(office_id).supervises,
        words=words,
    )
    return page, 422 if choices.unknown else 200


@blueprint.get(f"{VOICES}/<int:voice_id>")
@access(WATCHING)
def one(office_id: int, voice_id: int) -> ResponseReturnValue:
    """Show one with what was done about it; record who looked."""
    get_office(office_id)
    voice = _get(office_id, voice_id)
    looking.record_look(
        desk().streams, office_id, acting(office_id), verb="looked", subject="voice", subject_id=voice_id
    )  # fmt: skip
    return _page(office_id, voice)


def _get(office_id: int, voice_id: int) -> Heard:
    """Return a voice of this office that the person had no hand in; 404 for any other."""
    voice = find_voice(reader(), office_id, voice_id, language=language())
    if voice is None or acting(office_id).person_id in voice.barred:
        abort(404)
    return voice


def _page(office_id: int, voice: Heard, *, wrong: FlaskForm | None = None) -> ResponseReturnValue:
    actor = acting(office_id)
    form = wrong if isinstance(wrong, VoiceStepForm) else VoiceStepForm(_offered(voice), formdata=None)
    page = render_template(
        "voices/one.html",
        voice=voice,
        contact=find_voice_contact(reader(), office_id, voice.id) if actor.supervises else None,
        told=list_messages_to_visitor(reader(), office_id, voice.id) if actor.supervises else [],
        steps=list_steps(reader(), office_id, [voice.id]),
        follow_up_id=find_follow_up_of(reader(), office_id, voice.id),
        step_form=form if actor.supervises and form.step.choices else None,
        **_praise(office_id, voice, wrong),
        form=wrong,
        may_erase=Role.ADMIN in actor.roles and voice.erased_at is None,
        is_late=is_late(voice.deadlines, today=_today(office_id)),
        may_open_file=voice.transaction_id is not None and bool(actor.roles & {Role.SUPERVISOR, Role.AUDITOR}),
        new_key=new_key,
        words=words,
        language_path=url_for("voices.one", office_id=office_id, voice_id=voice.id),
    )
    return page, 422 if wrong is not None else 200


def _offered(voice: Heard) -> list[VoiceStep]:
    possible = (step for step in VoiceStep if (voice.kind, voice.state, step) in TRANSITIONS)
    return [step for step in possible if step is not VoiceStep.PASSED_ON]


def _praise(office_id: int, voice: Heard, wrong: FlaskForm | None) -> dict[str, Any]:
    """Return whom a compliment reaches, and the form that lets it reach others; nothing of other voices."""
    if voice.kind is not VoiceKind.COMPLIMENT:
        return {"reached": None, "pass_form": None}
    reached = list_reached(reader(), office_id, voice.id)
    may_pass = acting(office_id).supervises and voice.erased_at is None
    form = wrong if isinstance(wrong, PassOnForm) else _pass_form(office_id, reached, filled=False)
    return {"reached": reached, "pass_form": form if may_pass and form.officers.choices else None}


def _pass_form(office_id: int, reached: list[tuple[int, str]], *, filled: bool) -> PassOnForm:
    known = {each for each, _ in reached}
    members = list_members(reader(), office_id, day=_today(office_id))
    people = [
        (each.id, each.name) for each in members if each.active and each.roles & {*PRAISED} and each.id not in known
    ]
    return PassOnForm(people) if filled else PassOnForm(people, formdata=None)


@blueprint.post(f"{VOICES}/<int:voice_id>/steps")
@access(SUPERVISING)
def take_step(office_id: int, voice_id: int) -> ResponseReturnValue:
    """Acknowledge, answer, consider, adopt or decline."""
    get_office(office_id)
    voice = _get(office_id, voice_id)
    form = VoiceStepForm(words.VOICE_STEPS)
    if not form.validate_on_submit():
        possible = {each.value for each in _offered(voice)}
        form.offer([each for each in form.step.choices if each.value in possible])
        return _page(office_id, voice, wrong=form)
    step, said = VoiceStep(form.step.data), form.words.data or None
    request_ = asked(acting(office_id), "voice_step", voice=voice_id, step=step.value, words=said)
    return done_and_told(
        lambda: complaining.take_step(desk().streams, voice_id, request_, step=step, words=said),
        gettext("Written down. Whoever has the tracking code sees it."),
        url_for("voices.one", office_id=office_id, voice_id=voice_id),
    )


@blueprint.post(f"{VOICES}/<int:voice_id>/officers")
@access(SUPERVISING)
def pass_on(office_id: int, voice_id: int) -> ResponseReturnValue:
    """Let a compliment reach officers."""
    get_office(office_id)
    voice = _get(office_id, voice_id)
    form = _pass_form(office_id, list_reached(reader(), office_id, voice_id), filled=True)
    if not form.validate_on_submit():
        return _page(office_id, voice, wrong=form)
    officer_ids = form.officer_ids
    request_ = asked(acting(office_id), "pass_on_voice", voice=voice_id, officers=officer_ids)
    return done_and_told(
        lambda: complaining.pass_on(desk().streams, voice_id, request_, officer_ids=officer_ids),
        gettext("Passed on. They read it under My compliments."),
        url_for("voices.one", office_id=office_id, voice_id=voice_id),
    )


@blueprint.post(f"{VOICES}/<int:voice_id>/erasure")
@access(KEEPING)
def erase(office_id: int, voice_id: int) -> ResponseReturnValue:
    """Erase words, answers and contact."""
    get_office(office_id)
    _get(office_id, voice_id)
    request_ = asked(acting(office_id), "erase_voice", voice=voice_id)
    return done_and_told(
        lambda: complaining.erase(desk().streams, voice_id, request_),
        gettext("Erased. What happened and when is kept."),
        url_for("voices.one", office_id=office_id, voice_id=voice_id),
    )


@blueprint.get("/offices/<int:office_id>/my/compliments")
@access(AT_THE_FRONT)
def compliments(office_id: int) -> ResponseReturnValue:
    """Show an officer the compliments that are for them, and nobody else's."""
    get_office(office_id)
    mine = list_compliments(reader(), office_id, acting(office_id).person_id, language=language())
    return render_template("voices/compliments.html", voices=mine)


@blueprint.get("/offices/<int:office_id>/my/facilities")
@access(OWNING)
def facilities(office_id: int) -> ResponseReturnValue:
    """Show what was said about the facilities somebody looks after."""
    get_office(office_id)
    return _owned(office_id)


def _owned(office_id: int, *, wrong: ActionForm | None = None, voice_id: int = 0) -> ResponseReturnValue:
    mine = list_of_owner(reader(), office_id, acting(office_id).person_id, language=language())
    forms: dict[int, FlaskForm] = {
        each.id: wrong if wrong is not None and each.id == voice_id else ActionForm(f"v{each.id}", formdata=None)
        for each in mine
        if each.done_at is None
    }
    notes = {each.id: list_steps(reader(), office_id, [each.id]) for each in mine if each.done_at is not None}
    page = render_template(
        "voices/owned.html",
        voices=mine,
        forms=forms,
        notes=notes,
        form=wrong,
        words=words,
        language_path=url_for("voices.facilities", office_id=office_id),
    )
    return page, 422 if wrong is not None else 200


@blueprint.post(f"{VOICES}/<int:voice_id>/action")
@access(OWNING)
def act(office_id: int, voice_id: int) -> ResponseReturnValue:
    """Note what the person in charge of a facility did."""
    get_office(office_id)
    form = ActionForm(f"v{voice_id}")
    if not form.validate_on_submit():
        return _owned(office_id, wrong=form, voice_id=voice_id)
    said = form.words.data
    request_ = asked(acting(office_id), "act_on_voice", voice=voice_id, words=said)
    return done_and_told(
        lambda: complaining.act(desk().streams, voice_id, request_, words=said),
        gettext("Written down."),
        url_for("voices.facilities", office_id=office_id),
    )
