"""The versions of a questionnaire: what each asks, copies of it, and publishing a draft as the next one."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.questionnaire_changes import list_changes
from desk.domain.questionnaire_check import check
from desk.domain.questionnaire_json import as_json
from desk.domain.questionnaires import Questionnaire
from desk.domain.refusals import Reason, Refused
from desk.domain.shipped_questionnaires import SHIPPED
from desk.operations.survey import questionnaires
from desk.reads import questionnaires as reads
from desk.reads.questionnaires import AS_IT_COMES
from desk.web.access import access
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.errors import back_with, sentence
from desk.web.forms import questionnaires as forms
from desk.web.forms.fields import new_key
from desk.web.survey.question_words import question_words
from desk.web.survey.questionnaires import (
    DRAFT,
    KEEPING,
    ONE,
    READING,
    VERSION,
    asked_by,
    blueprint,
    get_draft,
    get_version,
    may_keep,
)


@blueprint.get(ONE)
@access(READING)
def versions(office_id: int, code: str) -> ResponseReturnValue:
    """List the versions of a questionnaire; administrators may edit it or copy it."""
    get_office(office_id)
    return _versions(office_id, code, _copy_form(office_id, blank=True), 200)


@blueprint.get(VERSION)
@access(READING)
def version(office_id: int, code: str, number: int) -> ResponseReturnValue:
    """Show one version in both languages side by side, to be printed too."""
    get_office(office_id)
    questionnaire = get_version(office_id, code, number)
    found = next((each for each in reads.list_versions(reader(), office_id, code) if each.number == number), None)
    return render_template(
        "questionnaires/version.html",
        questionnaire=questionnaire,
        number=number,
        version=found,
        series=_series(office_id),
        words=question_words(),
    )


@blueprint.post(f"{ONE}/copies")
@access(KEEPING)
def copy(office_id: int, code: str) -> ResponseReturnValue:
    """Make a draft of a new questionnaire out of the newest version of this one."""
    get_office(office_id)
    source = newest_of(office_id, code)
    form = _copy_form(office_id, blank=False)
    if not form.validate_on_submit():
        return _versions(office_id, code, form, 422)
    copied = form.copy_of(source)
    request_ = asked_by(office_id, "copy_questionnaire", form, source=code)
    questionnaires.save_draft(desk().streams, office_id, copied.code, request_, definition=as_json(copied), revision=0)
    flash(gettext("A draft of the new questionnaire is there. Nobody is asked by it until it is published."), "success")
    return redirect(url_for("questionnaires.draft", office_id=office_id, code=copied.code), 303)


@blueprint.get(f"{DRAFT}/publication")
@access(KEEPING)
def publication(office_id: int, code: str) -> ResponseReturnValue:
    """Show what publishing a draft would change, before it is done."""
    get_office(office_id)
    return _publication(office_id, code, 200)


@blueprint.post(f"{DRAFT}/publication")
@access(KEEPING)
def publish(office_id: int, code: str) -> ResponseReturnValue:
    """Publish a draft as the next version."""
    get_office(office_id)
    form = forms.DraftForm("publication")
    if not form.validate_on_submit():
        return _publication(office_id, code, 422)
    request_ = asked(acting(office_id), "publish_questionnaire", code=code, revision=form.made_from)
    try:
        done = questionnaires.publish(desk().streams, office_id, code, request_, revision=form.made_from)
    except Refused as refused:
        if refused.reason is Reason.UNKNOWN:
            raise
        return back_with(sentence(refused), url_for("questionnaires.publication", office_id=office_id, code=code))
    words = gettext("Version %(number)d is published. Whoever ends from now on is asked by it.")
    flash(words % {"number": done.facts["number"]}, "success")
    return redirect(url_for("questionnaires.versions", office_id=office_id, code=code), 303)


def newest_of(office_id: int, code: str) -> Questionnaire:
    """Return the newest version of a questionnaire, else as it comes with the desk; 404 for neither."""
    found = reads.list_versions(reader(), office_id, code)
    return found[0].questionnaire if found else get_version(office_id, code, AS_IT_COMES)


def _copy_form(office_id: int, *, blank: bool) -> forms.CopyForm:
    form = forms.CopyForm("copy", blank=blank)
    form.taken = reads.list_taken_codes(reader(), office_id)
    return form


def _series(office_id: int) -> dict[str, str]:
    services = reads.get_asking(reader(), office_id).services
    return {each.series: each.name.in_language(language()) for each in services}


def _versions(office_id: int, code: str, form: forms.CopyForm, status: int) -> ResponseReturnValue:
    found = reads.list_versions(reader(), office_id, code)
    draft = reads.find_draft(reader(), office_id, code)
    if not found and draft is None and code not in SHIPPED:
        abort(404)
    newest = found[0].questionnaire if found else draft.questionnaire if draft else SHIPPED[code]
    return render_template(
        "questionnaires/versions.html",
        code=code,
        questionnaire=newest,
        versions=found,
        draft=draft,
        is_shipped=code in SHIPPED,
        form=form,
        may_keep=may_keep(office_id),
        new_key=new_key,
        words=question_words(),
        language_path=url_for("questionnaires.versions", office_id=office_id, code=code),
    ), status


def _publication(office_id: int, code: str, status: int) -> ResponseReturnValue:
    draft = get_draft(office_id, code)
    before = next(iter(reads.list_versions(reader(), office_id, code)), None)
    changes = () if before is None else list_changes(before.questionnaire, draft.questionnaire)
    asking = reads.get_asking(reader(), office_id)
    return render_template(
        "questionnaires/publication.html",
        code=code,
        draft=draft,
        before=before,
        changes=changes,
        breaks=[each for each in changes if each.breaks],
        faults=check(draft.questionnaire),
        asking=asking,
        is_asked=code in {asking.code, *(each.code for each in asking.services)},
        form=forms.DraftForm("publication", blank=True, revision=draft.revision),
        words=question_words(),
        language_path=url_for("questionnaires.publication", office_id=office_id, code=code),
    ), status
