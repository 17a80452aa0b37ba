"""The pages of the survey for those who did not come by a link of their own: at a poster, at a tablet of the office."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext

from desk.reads.invitations import Survey
from desk.web.forms.fields import new_key
from desk.web.forms.survey import PERSON, REVIEW, Wizard
from desk.web.survey.by_link import fault_words


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages stand: `action` takes the form; `store` is under what the visitor's own browser keeps answers.

    A device of the office keeps none, and returns to `idle_home` after `idle_seconds`; `about` names whom it asks.
    """

    action: str
    privacy: str
    survey: Survey | None = None
    store: str | None = None
    idle_home: str | None = None
    idle_seconds: int = 60
    about: int | None = None


def wizard_page(place: Place, wizard: Wizard, **more: Any) -> str:
    """Render the page on which the visitor stands."""
    page = wizard.page
    return render_template(
        "survey/review.html" if page.id == REVIEW else "survey/form.html",
        action=place.action,
        survey=place.survey,
        store=place.store,
        idle_home=place.idle_home,
        idle_seconds=place.idle_seconds,
        about=place.about,
        wizard=wizard,
        page=page,
        place=wizard.place,
        is_person=page.id == PERSON,
        large=wizard.posted.large,
        key=request.form.get("key") or new_key(),
        notices={place.privacy: [each.service for each in wizard.asked]},
        invalid=bool(more.get("faults") or more.get("general")),
        **more,
    )


def faulty(place: Place, wizard: Wizard, general: str | None = None) -> tuple[str, int]:
    """Return the page with what is wrong beside it, and nothing lost."""
    page = wizard.page
    faults = {
        name: fault_words(fault, page.questions[name], wizard.posted.said.get(name, ""))
        for name, fault in wizard.faults(page).items()
        if general is None
    }
    return wizard_page(place, wizard, faults=faults, general=general), 422


def turned(place: Place, wizard: Wizard, go: str, detail: str) -> tuple[str, int] | str | None:
    """Return the page after a button that records nothing, or with what is wrong; None where all may be recorded."""
    if wizard.posted.strange:
        return faulty(place, wizard, gettext("An answer came to a question that is not asked here."))
    if go == "next" and wizard.faults(wizard.page):
        return faulty(place, wizard)
    if go != "send":
        return wizard_page(place, wizard.gone(go, detail))
    missing = wizard.first_faulty
    if missing is not None:
        return faulty(place, wizard.turned(missing.id))
    if all(wizard.filled(each).is_empty for each in wizard.asked):
        return faulty(place, wizard.turned(REVIEW), gettext("Answer at least one question about the service."))
    return None
