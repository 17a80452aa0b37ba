"""Questionnaires of the office: what is asked where, how answers are kept, what can be taken over.

Administrators change them, supervisors and auditors read. Further routes stand on this blueprint in
`questionnaire_versions`, `questionnaire_drafts` and `questionnaire_preview`.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.questionnaires import Questionnaire
from desk.domain.refusals import Reason, Refused
from desk.domain.shipped_questionnaires import FIRST, SHIPPED
from desk.operations.requests import Done
from desk.operations.survey import questionnaires
from desk.reads import questionnaires as reads
from desk.reads.questionnaires import Draft, Shelved
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.forms import questionnaires as forms
from desk.web.forms.counter import StepForm
from desk.web.forms.fields import new_key
from desk.web.survey.question_words import question_words

blueprint = Blueprint("questionnaires", __name__)
READING: Final = in_office(Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR)
KEEPING: Final = in_office(Role.ADMIN)
OFFICE: Final = "/offices/<int:office_id>"
SHELF: Final = f"{OFFICE}/questionnaires"
ONE: Final = f"{SHELF}/<code>"
VERSION: Final = f"{ONE}/versions/<int:number>"
DRAFT: Final = f"{ONE}/draft"


@blueprint.get(SHELF)
@access(READING)
def shelf(office_id: int) -> ResponseReturnValue:
    """Show what is asked where, how answers are kept, and every questionnaire."""
    return _shelf(office_id, None, 200)


@blueprint.post(f"{OFFICE}/questionnaire-choices")
@access(KEEPING)
def choose(office_id: int) -> ResponseReturnValue:
    """Choose what is asked in the office and about each service."""
    get_office(office_id)
    asking = reads.get_asking(reader(), office_id)
    form = forms.choices_form(asking, _titles(reads.list_shelf(reader(), office_id)), language=language(), blank=False)
    request_ = asked_by(office_id, "choose_questionnaires", form)
    return _carry_out(
        form,
        lambda: questionnaires.choose_all(desk().streams, office_id, request_, codes=form.codes),
        lambda status: _shelf(office_id, form, status),
        gettext("Saved. Whoever ends from now on is asked by it."),
    )


@blueprint.post(f"{OFFICE}/keeping-of-answers")
@access(KEEPING)
def keep(office_id: int) -> ResponseReturnValue:
    """Say how answers are kept from the next invitation on."""
    get_office(office_id)
    form = forms.KeepingForm("keeping")
    request_ = asked_by(office_id, "keep_answers", form)

    def operation() -> Done:
        privacy, correction = form.kept
        return questionnaires.keep_answers(desk().streams, office_id, request_, privacy=privacy, correction=correction)

    words = gettext("Saved. It holds for invitations from now on; earlier answers stay as was promised then.")
    return _carry_out(form, operation, lambda status: _shelf(office_id, form, status), words)


@blueprint.post(f"{ONE}/adoption")
@access(KEEPING)
def adopt(office_id: int, code: str) -> ResponseReturnValue:
    """Take over a questionnaire that comes with the desk."""
    get_office(office_id)
    request_ = asked(acting(office_id), "adopt_questionnaire", code=code)
    try:
        questionnaires.adopt(desk().streams, office_id, code, request_)
    except Refused as refused:
        if refused.reason is Reason.UNKNOWN:
            raise
        return back_with(sentence(refused), url_for("questionnaires.shelf", office_id=office_id))
    flash(gettext("Taken over as version 1. Choose below where it is asked."), "success")
    return redirect(url_for("questionnaires.shelf", office_id=office_id), 303)


def get_draft(office_id: int, code: str) -> Draft:
    """Return a draft; 404 where there is none."""
    found = reads.find_draft(reader(), office_id, code)
    if found is None:
        abort(404)
    return found


def get_version(office_id: int, code: str, number: int) -> Questionnaire:
    """Return what a version asks (0: as it comes with the desk); 404 where there is none."""
    found = reads.find_version(reader(), office_id, code, number)
    if found is None:
        abort(404)
    return found


def asked_by(office_id: int, verb: str, form: StepForm, **more: Any) -> Any:
    """Return the request for an operation, which is known again by what was sent."""
    sent = request.form.items(multi=True)
    said = [f"{name}={text}" for name, text in sorted(sent) if name not in ("key", "csrf_token")]
    return asked(acting(office_id), verb, form=form.place, said=said, **more)


def _carry_out(
    form: StepForm, operation: Callable[[], Done], page: Callable[[int], ResponseReturnValue], words: str
) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return page(422)
    try:
        operation()
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_DONE:
            raise
        form.form_errors.append(sentence(refused))
        return page(refusal_status(refused))
    flash(words, "success")
    return redirect(url_for("questionnaires.shelf", **(request.view_args or {})), 303)


def _titles(shelved: tuple[Shelved, ...]) -> dict[str, str]:
    """Return what can be chosen: published here, and the one question that comes with the desk."""
    published = [each for each in shelved if each.newest is not None]
    titles = {FIRST: SHIPPED[FIRST].title.in_language(language())}
    titles |= {each.code: each.title.in_language(language()) for each in published}
    return titles


def _shelf(office_id: int, problem: StepForm | None, status: int) -> ResponseReturnValue:
    get_office(office_id)
    asking, shelved = reads.get_asking(reader(), office_id), reads.list_shelf(reader(), office_id)
    published = {each.code for each in shelved if each.newest is not None}
    titles = _titles(shelved)
    minutes = int(asking.correction.total_seconds() // 60)
    blanks: dict[str, StepForm] = {
        "choices": forms.choices_form(asking, titles, language=language(), blank=True),
        "keeping": forms.KeepingForm("keeping", blank=True, privacy=asking.privacy.value, minutes=minutes),
    }
    if problem is not None:
        blanks[problem.place] = problem
    return render_template(
        "questionnaires/shelf.html",
        asking=asking,
        titles=titles,
        shelved=shelved,
        first_answers=reads.count_first_answers(reader(), office_id),
        shipped=[each for each in SHIPPED.values() if each.code not in published],
        first=FIRST,
        forms=blanks,
        form=problem,
        may_keep=may_keep(office_id),
        new_key=new_key,
        words=question_words(),
        language_path=url_for("questionnaires.shelf", office_id=office_id),
    ), status


def may_keep(office_id: int) -> bool:
    """Tell whether the signed-in person may change questionnaires here."""
    return bool(acting(office_id).roles & questionnaires.KEEPERS)
