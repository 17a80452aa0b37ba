"""The form of one question of a draft. It comes back as typed where somebody else has saved the draft meanwhile."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.questionnaire_check import check
from desk.domain.questionnaire_editing import lengthened, replaced
from desk.domain.questionnaires import Kind, Question, Questionnaire
from desk.reads import questionnaires as reads
from desk.reads.questionnaires import Draft
from desk.web.access import access
from desk.web.context import get_office, language, reader
from desk.web.forms.questions import QuestionForm, question_form, with_variant
from desk.web.survey.drafts import QUESTION, by_question, saved, to_draft
from desk.web.survey.question_words import question_words
from desk.web.survey.questionnaires import KEEPING, blueprint, get_draft

__all__ = ("blueprint",)  # with the routes of this module on it


@blueprint.get(QUESTION)
@access(KEEPING)
def question(office_id: int, code: str, place: int) -> ResponseReturnValue:
    """Show the form of one question."""
    get_office(office_id)
    found = _question_at(office_id, code, place)
    draft_ = get_draft(office_id, code)
    return _question_page(office_id, draft_, place, question_form(found, draft_.revision), 200)


@blueprint.post(QUESTION)
@access(KEEPING)
def save_question(office_id: int, code: str, place: int) -> ResponseReturnValue:
    """Save one question, or save it with one more answer or with words for one more series."""
    get_office(office_id)
    draft_ = get_draft(office_id, code)
    form = QuestionForm("question")
    _offer(office_id, draft_.questionnaire, place, form)
    if not form.validate_on_submit():
        return _question_page(office_id, draft_, place, form, 422)
    do = request.form.get("do", "save")
    typed = form.question
    if do == "option":
        typed = lengthened(typed)
    if do == "variant":
        typed = with_variant(typed, form.added_variant)
    if not saved(
        office_id, code, form, "save_question", lambda asked_: _put(asked_, place, typed, form.was.data), place=place
    ):
        return _stale_question(office_id, code, form)
    if do == "save":
        flash(gettext("Saved as a draft."), "success")
        return to_draft(office_id, code, place)
    anchor = "new-option" if do == "option" else "variants"
    return redirect(
        url_for("questionnaires.question", office_id=office_id, code=code, place=place, _anchor=anchor), 303
    )


def _put(questionnaire: Questionnaire, place: int, question: Question, was: str | None) -> Questionnaire:
    """Return a questionnaire with a question in its place, or behind the last; raises `IndexError` for another."""
    known = [each.key for each in questionnaire.questions]
    if place > len(known) or [*known, ""][place] != (was or ""):
        raise IndexError(place)
    return replaced(questionnaire, place, question)


def _question_at(office_id: int, code: str, place: int) -> Question:
    questions = get_draft(office_id, code).questionnaire.questions
    if place >= len(questions):
        abort(404)
    return questions[place]


def _offer(office_id: int, questionnaire: Questionnaire, place: int, form: QuestionForm) -> None:
    """Give a form its lists: earlier scales, and the services."""
    words = question_words()
    earlier = [(each.key, words.title(each)) for each in questionnaire.questions[:place] if each.kind is Kind.SCALE]
    services = reads.get_asking(reader(), office_id).services
    form.offer(earlier, [(each.series, each.name.in_language(language())) for each in services])


def _stale_question(office_id: int, code: str, form: QuestionForm) -> ResponseReturnValue:
    """Return the form as typed beside what somebody else has saved; where the question has gone, it is added anew."""
    draft_ = get_draft(office_id, code)
    questions = draft_.questionnaire.questions
    place = next((place for place, each in enumerate(questions) if each.key == form.was.data), len(questions))
    theirs = questions[place] if place < len(questions) else None
    form.revision.data = str(draft_.revision)
    form.was.data = "" if theirs is None else theirs.key
    return _question_page(office_id, draft_, place, form, 409, theirs=theirs, is_stale=True)


def _question_page(
    office_id: int,
    draft_: Draft,
    place: int,
    form: QuestionForm,
    status: int,
    *,
    theirs: Question | None = None,
    is_stale: bool = False,
) -> ResponseReturnValue:
    questionnaire = draft_.questionnaire
    _offer(office_id, questionnaire, place, form)
    here = questionnaire.questions[place] if place < len(questionnaire.questions) else None
    return render_template(
        "questionnaires/question.html",
        code=questionnaire.code,
        draft=draft_,
        questionnaire=questionnaire,
        place=place,
        question=here,
        theirs=theirs,
        is_stale=is_stale,
        form=form,
        faults=[] if here is None else by_question(check(questionnaire)).get(here.key, []),
        services={each.series: each.name for each in reads.get_asking(reader(), office_id).services},
        words=question_words(),
        language_path=url_for("questionnaires.question", office_id=office_id, code=questionnaire.code, place=place),
    ), status
