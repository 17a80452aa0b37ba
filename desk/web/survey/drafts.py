"""Editing a draft: title, introduction, order of the questions. Whatever is sent is saved as a whole draft.

Nothing typed is lost: where somebody else has saved meanwhile, the form comes back beside what they saved, and sending
it again puts it into their draft. What was removed comes back with the last change taken back. Single questions are
edited in `questionnaire_questions`.
"""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.questionnaire_check import Found, check
from desk.domain.questionnaire_editing import extended, moved, without
from desk.domain.questionnaire_json import as_json
from desk.domain.questionnaires import MOST_QUESTIONS, Kind, Questionnaire
from desk.domain.refusals import Reason, Refused
from desk.models import db
from desk.operations.survey import questionnaires
from desk.reads import questionnaires as reads
from desk.web.access import access
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, sentence
from desk.web.forms import questionnaires as forms
from desk.web.forms.fields import new_key
from desk.web.survey.question_words import question_words
from desk.web.survey.questionnaires import DRAFT, KEEPING, asked_by, blueprint, get_draft
from desk.web.survey.versions import newest_of

QUESTION = f"{DRAFT}/questions/<int:place>"
MOVES = {"up": -1, "down": 1}
Change = Callable[[Questionnaire], Questionnaire]


@blueprint.post(DRAFT)
@access(KEEPING)
def begin(office_id: int, code: str) -> ResponseReturnValue:
    """Start a draft from the newest version; where there is one already, it is opened."""
    get_office(office_id)
    if reads.find_draft(reader(), office_id, code) is None:
        newest = newest_of(office_id, code)
        request_ = asked(acting(office_id), "begin_draft", code=code)
        try:
            questionnaires.save_draft(desk().streams, office_id, code, request_, definition=as_json(newest), revision=0)
        except Refused as refused:
            if refused.reason is not Reason.LIST_CHANGED:  # then somebody else has begun it
                raise
    return to_draft(office_id, code)


@blueprint.get(DRAFT)
@access(KEEPING)
def draft(office_id: int, code: str) -> ResponseReturnValue:
    """Show a draft: what it asks in both languages, what keeps it from being published, and what can be done."""
    get_office(office_id)
    return _draft_page(office_id, code, None, 200)


@blueprint.post(f"{DRAFT}/texts")
@access(KEEPING)
def save_texts(office_id: int, code: str) -> ResponseReturnValue:
    """Save title, introduction and figure."""
    get_office(office_id)
    form = forms.TextsForm("texts")
    if not form.validate_on_submit():
        return _draft_page(office_id, code, form, 422)
    if not saved(office_id, code, form, "save_texts", form.change):
        return _draft_page(office_id, code, form, 409)
    flash(gettext("Saved as a draft."), "success")
    return to_draft(office_id, code)


@blueprint.post(f"{DRAFT}/questions")
@access(KEEPING)
def add_question(office_id: int, code: str) -> ResponseReturnValue:
    """Add a question at the end and open it."""
    get_office(office_id)
    form = forms.KindForm("kind")
    place = len(get_draft(office_id, code).questionnaire.questions)
    if not form.validate_on_submit() or place >= MOST_QUESTIONS:
        return back_with(gettext("No question was added."), _draft_path(office_id, code))
    if not saved(office_id, code, form, "add_question", lambda asked_: extended(asked_, Kind(form.kind.data))):
        return _meanwhile(office_id, code)
    last = len(get_draft(office_id, code).questionnaire.questions) - 1
    return redirect(url_for("questionnaires.question", office_id=office_id, code=code, place=last), 303)


@blueprint.post(f"{QUESTION}/moves")
@access(KEEPING)
def move_question(office_id: int, code: str, place: int) -> ResponseReturnValue:
    """Move a question one place up or down."""
    get_office(office_id)
    by = MOVES.get(request.form.get("by", ""), 0)
    form = forms.DraftForm("move")
    if not form.validate_on_submit() or not saved(
        office_id, code, form, "move_question", lambda asked_: moved(asked_, place, by), place=place
    ):
        return _meanwhile(office_id, code)
    return to_draft(office_id, code, max(0, place + by))


@blueprint.post(f"{QUESTION}/removal")
@access(KEEPING)
def remove_question(office_id: int, code: str, place: int) -> ResponseReturnValue:
    """Remove a question; taking the change back brings it again."""
    get_office(office_id)
    form = forms.DraftForm("removal")
    if not form.validate_on_submit() or not saved(
        office_id, code, form, "remove_question", lambda asked_: without(asked_, place), place=place
    ):
        return _meanwhile(office_id, code)
    flash(gettext("The question is removed. “Take back the last change” brings it back."), "success")
    return to_draft(office_id, code)


@blueprint.post(f"{DRAFT}/reversals")
@access(KEEPING)
def take_back(office_id: int, code: str) -> ResponseReturnValue:
    """Take the last change of a draft back."""
    get_office(office_id)
    form = forms.DraftForm("reversal")
    form.validate_on_submit()
    request_ = asked_by(office_id, "take_back", form, code=code)
    try:
        questionnaires.take_back(desk().streams, office_id, code, request_, revision=form.made_from)
    except Refused as refused:
        if refused.reason is Reason.UNKNOWN:
            raise
        return back_with(sentence(refused), _draft_path(office_id, code))
    flash(gettext("The last change is taken back."), "success")
    return to_draft(office_id, code)


@blueprint.post(f"{DRAFT}/removal")
@access(KEEPING)
def discard(office_id: int, code: str) -> ResponseReturnValue:
    """Throw a draft away."""
    get_office(office_id)
    questionnaires.discard_draft(desk().streams, office_id, code, asked(acting(office_id), "discard_draft", code=code))
    flash(gettext("The draft is thrown away. What is asked has not changed."), "success")
    return redirect(url_for("questionnaires.shelf", office_id=office_id), 303)


def saved(office_id: int, code: str, form: forms.DraftForm, verb: str, change: Change, **more: int) -> bool:
    """Save a draft with a change; return False where it is not the one the form was made from any more.

    A form that is sent twice was made from an older one too: what it said then is remembered, and answered again.
    """
    current = get_draft(office_id, code)
    try:
        is_current = form.made_from == current.revision
        changed = change(current.questionnaire) if is_current else current.questionnaire
    except IndexError:
        abort(404)
    request_ = asked_by(office_id, verb, form, code=code, **more)
    try:
        questionnaires.save_draft(
            desk().streams, office_id, code, request_, definition=as_json(changed), revision=form.made_from
        )
    except Refused as refused:
        if refused.reason is not Reason.LIST_CHANGED:
            raise
        db.session.rollback()  # so that the next look is at what has been saved meanwhile
        return False
    db.session.rollback()
    return True


def _draft_path(office_id: int, code: str, place: int | None = None) -> str:
    anchor = None if place is None else f"question-{place}"
    return url_for("questionnaires.draft", office_id=office_id, code=code, _anchor=anchor)


def to_draft(office_id: int, code: str, place: int | None = None) -> ResponseReturnValue:
    return redirect(_draft_path(office_id, code, place), 303)


def _meanwhile(office_id: int, code: str) -> ResponseReturnValue:
    words = gettext("Somebody else has changed this draft meanwhile. Look at it again; your step was not done.")
    return back_with(words, _draft_path(office_id, code))


def _draft_page(office_id: int, code: str, texts: forms.TextsForm | None, status: int) -> ResponseReturnValue:
    draft_ = get_draft(office_id, code)
    questionnaire, is_stale = draft_.questionnaire, texts is not None and texts.made_from != draft_.revision
    if texts is not None:
        texts.revision.data = str(draft_.revision)  # sent again, it goes into what somebody else has saved
    found = check(questionnaire)
    known = {each.key for each in questionnaire.questions}
    return render_template(
        "questionnaires/draft.html",
        code=code,
        draft=draft_,
        questionnaire=questionnaire,
        texts=texts or forms.texts_form(questionnaire, draft_.revision),
        form=texts,
        is_stale=is_stale,
        kind=forms.KindForm("kind", blank=True, revision=draft_.revision),
        whole_faults=[each for each in found if each.question not in known],
        faults=by_question(found),
        is_full=len(questionnaire.questions) >= MOST_QUESTIONS,
        new_key=new_key,
        words=question_words(),
        language_path=_draft_path(office_id, code),
    ), status


def by_question(found: list[Found]) -> dict[str, list[Found]]:
    by_key: dict[str, list[Found]] = {}
    for each in found:
        by_key.setdefault(each.question, []).append(each)
    return by_key
