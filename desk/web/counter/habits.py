"""One's own console: which keys, whether they are shown, what sounds, and one's own ready-made texts."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from desk.domain.console import KEYS, Hand
from desk.operations.settings import console_settings
from desk.reads.console_settings import get_habits, list_snippets
from desk.web.access import AT_THE_FRONT, access
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.counter.snippets import Shelf, new_form, snippet_forms
from desk.web.forms.base import Form
from desk.web.forms.console import HabitsForm
from desk.web.forms.fields import new_key
from desk.wording.console_keys import WORDS

blueprint = Blueprint("console_habits", __name__)
PAGE = "/offices/<int:office_id>/my-console"


@blueprint.get(PAGE)
@access(AT_THE_FRONT)
def page(office_id: int) -> ResponseReturnValue:
    """Show how the officer has the console, with a map of all keys."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(PAGE)
@access(AT_THE_FRONT)
def choose(office_id: int) -> ResponseReturnValue:
    """Have it otherwise."""
    get_office(office_id)
    form = HabitsForm()
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    habits = form.habits
    said = {"hand": habits.hand, "strip": habits.strip, "alerts": sorted(habits.alerts)}
    request_ = asked(acting(office_id), "choose_console_habits", **said)
    console_settings.choose_habits(desk().streams, office_id, request_, habits)
    flash(gettext("Your console is as you want it."), "success")
    return redirect(url_for("console_habits.page", office_id=office_id), 303)


@blueprint.post(f"{PAGE}/snippets")
@access(AT_THE_FRONT)
def add_snippet(office_id: int) -> ResponseReturnValue:
    """Add a text of one's own."""
    return _shelf(office_id).add()


@blueprint.post(f"{PAGE}/snippets/<int:snippet_id>")
@access(AT_THE_FRONT)
def change_snippet(office_id: int, snippet_id: int) -> ResponseReturnValue:
    """Reword one of one's own texts."""
    return _shelf(office_id).change(snippet_id)


@blueprint.post(f"{PAGE}/snippets/<int:snippet_id>/removal")
@access(AT_THE_FRONT)
def remove_snippet(office_id: int, snippet_id: int) -> ResponseReturnValue:
    """Remove one of one's own texts."""
    return _shelf(office_id).remove(snippet_id)


def _shelf(office_id: int) -> Shelf:
    get_office(office_id)
    url = url_for("console_habits.page", office_id=office_id)
    return Shelf(office_id, True, lambda form: _page(office_id, form), url)


def _page(office_id: int, problem: Form | None = None) -> str:
    habits = get_habits(reader(), office_id, current_user.id)
    known = {"hand": habits.hand.value, "strip": habits.strip, "alerts": sorted(habits.alerts)}
    found = list_snippets(reader(), office_id, current_user.id)
    return render_template(
        "console/habits.html",
        habits=problem if isinstance(problem, HabitsForm) else HabitsForm(formdata=None, **known),
        keys=[(words, [KEYS[hand][name] for hand in Hand]) for name, words in WORDS.items()],
        snippets=snippet_forms([each for each in found if each.own], problem),
        shared=[each for each in found if not each.own],
        new=new_form(problem),
        form=problem,
        new_key=new_key,
        language_path=url_for("console_habits.page", office_id=office_id),
    )
