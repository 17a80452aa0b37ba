"""A draft or a version as the visitor sees it, in either language, with its branching. Nothing is recorded.

The pages are those of the survey itself (`forms/survey.py`). Answers go along as fields of a form that is sent here
only: they stand in no address, and the page forgets them.
Registering this face registers all of the questionnaires.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from desk.domain.invitation import Invitation, InvitationState
from desk.domain.questionnaires import LONGEST_TEXT, AnswerFault, Questionnaire, satisfaction
from desk.reads.invitations import Asked
from desk.reads.questionnaires import get_asking
from desk.web.access import access
from desk.web.context import get_office, language, reader
from desk.web.forms.survey import DOUBLED, REVIEW, Page, Wizard, read_posted
from desk.web.survey.by_link import FAULTS
from desk.web.survey.questionnaires import DRAFT, KEEPING, READING, VERSION, get_draft, get_version
from desk.web.survey.questions import blueprint

LANGUAGES: Final = ("id", "en")
ONE_A_PAGE: Final = "pages"
ALL: Final = "all"
ON: Final = "next"
NOBODY: Final = Invitation(0, 0, 0, InvitationState.OPEN, 1, None)


@dataclass(frozen=True, slots=True)
class Wish:
    """How it is shown: the visitor's language, one question a page or all, the words for which number series."""

    shown: str
    view: str
    series: str

    def changed(self, **other: str) -> dict[str, str]:
        """Return the query of the same preview with something changed."""
        return {"shown": self.shown, "view": self.view, "series": self.series, **other}


@blueprint.get(f"{DRAFT}/preview")
@access(KEEPING)
def draft_preview(office_id: int, code: str) -> ResponseReturnValue:
    """Show a draft as a visitor will see it."""
    return _of_draft(office_id, code)


@blueprint.post(f"{DRAFT}/preview")
@access(KEEPING)
def draft_trial(office_id: int, code: str) -> ResponseReturnValue:
    """Go on in the preview of a draft."""
    return _of_draft(office_id, code)


@blueprint.get(f"{VERSION}/preview")
@access(READING)
def version_preview(office_id: int, code: str, number: int) -> ResponseReturnValue:
    """Show a version as a visitor sees it."""
    return _of_version(office_id, code, number)


@blueprint.post(f"{VERSION}/preview")
@access(READING)
def version_trial(office_id: int, code: str, number: int) -> ResponseReturnValue:
    """Go on in the preview of a version."""
    return _of_version(office_id, code, number)


def _of_draft(office_id: int, code: str) -> ResponseReturnValue:
    get_office(office_id)
    back = url_for("questionnaires.draft", office_id=office_id, code=code)
    path = url_for("questionnaires.draft_preview", office_id=office_id, code=code)
    return _page(office_id, get_draft(office_id, code).questionnaire, path=path, back=back)


def _of_version(office_id: int, code: str, number: int) -> ResponseReturnValue:
    get_office(office_id)
    questionnaire = get_version(office_id, code, number)
    path = url_for("questionnaires.version_preview", office_id=office_id, code=code, number=number)
    back = url_for("questionnaires.version", office_id=office_id, code=code, number=number)
    return _page(office_id, questionnaire, path=path, back=back)


def _wish(questionnaire: Questionnaire) -> Wish:
    given = request.values
    shown = given.get("shown", "")
    series = given.get("series", "")
    worded = {series for each in questionnaire.questions for series in each.variants}
    return Wish(
        shown if shown in LANGUAGES else language(),
        ALL if given.get("view") == ALL else ONE_A_PAGE,
        series if series in worded else "",
    )


def _page(office_id: int, questionnaire: Questionnaire, *, path: str, back: str) -> ResponseReturnValue:
    wish = _wish(questionnaire)
    services = {each.series: each.name for each in get_asking(reader(), office_id).services}
    worded = replace(questionnaire, questions=tuple(each.worded_for(wish.series) for each in questionnaire.questions))
    series = sorted({letter for each in questionnaire.questions for letter in each.variants} & services.keys())
    with force_locale(wish.shown):
        name = services[wish.series].in_language(wish.shown) if wish.series in services else gettext("Any service")
        return render_template(
            "questionnaires/preview.html",
            wish=wish,
            path=path,
            back=back,
            series=[(letter, services[letter].in_language(wish.shown)) for letter in series],
            **_shown(Asked(NOBODY, name, "ticket-perforated", None, worded), wish),
        )


def _shown(asked: Asked, wish: Wish) -> dict[str, Any]:
    """Return what stands on the page, as the survey itself works it out, and what is wrong after going on."""
    wizard = Wizard((asked,), read_posted(request.form, (asked,)))
    go, _, detail = request.form.get("go", "").partition(":")
    page = _whole(wizard) if wish.view == ALL else wizard.page
    faults = wizard.faults(page) if go == ON and page.id != REVIEW else {}
    if not faults and go:
        wizard = wizard.turned(REVIEW) if wish.view == ALL and go == ON else wizard.gone(go, detail)
        page = _whole(wizard) if wish.view == ALL and wizard.posted.at != REVIEW else wizard.page
    answers = wizard.filled(asked).answers
    return {
        "asked": asked,
        "questionnaire": asked.questionnaire,
        "wizard": wizard,
        "page": page,
        "is_review": page.id == REVIEW,
        "hidden": [each for each in wizard.hidden() if each[0] not in page.questions],
        "errors": {name: _fault_words(fault) for name, fault in faults.items()},
        "satisfaction": satisfaction(asked.questionnaire, answers),
    }


def _whole(wizard: Wizard) -> Page:
    """Return everything that is asked after what was said, on one page."""
    questions = {name: each for page in wizard.pages for name, each in page.questions.items()}
    return Page(ALL if questions else REVIEW, questions)


def _fault_words(fault: str) -> str:
    words = gettext(FAULTS[AnswerFault(fault)] if fault != DOUBLED else FAULTS[fault])
    return words % {"most": LONGEST_TEXT, "length": LONGEST_TEXT} if "%(" in words else words
