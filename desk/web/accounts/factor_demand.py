"""Of whose roles an office demands a second factor, who has one, and taking one away from who lost the phone."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.refusals import Reason, Refused
from desk.operations.accounts import second_factors
from desk.reads.second_factors import find_factor, get_demand, list_colleagues
from desk.web.access import access, in_office
from desk.web.accounts.reauthentication import fresh, signed_in
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.counter.story_words import spell
from desk.web.errors import back_with, sentence
from desk.web.forms.fields import new_key
from desk.web.forms.second_factor import DemandForm

blueprint = Blueprint("factor_demand", __name__)
KEEPING: Final = in_office(Role.ADMIN)
PAGE: Final = "/offices/<int:office_id>/second-factor"


@blueprint.get(PAGE)
@access(KEEPING)
def page(office_id: int) -> ResponseReturnValue:
    """Show of whom it is demanded, and who has one."""
    get_office(office_id)
    return _page(office_id, DemandForm(formdata=None, roles=sorted(get_demand(reader(), office_id))))


@blueprint.post(PAGE)
@access(KEEPING)
@fresh
def change(office_id: int) -> ResponseReturnValue:
    """Demand it of these roles; whoever has none is signed out and sets one up, and whoever does so has one."""
    get_office(office_id)
    form = DemandForm()
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    request_ = asked(acting(office_id), "demand_second_factor", roles=sorted(form.wanted))
    try:
        second_factors.demand(desk().streams, office_id, request_, form.wanted)
    except Refused as refused:
        if refused.reason is Reason.SECOND_FACTOR_FIRST:
            form.roles.errors = [sentence(refused)]
            return _page(office_id, form), 422
        if refused.reason is not Reason.ALREADY_DONE:
            raise
        return back_with(gettext("Nothing was changed: the settings are as they were."), _here(office_id))
    said = gettext("Saved. Whoever must have one and has none was signed out, and sets one up at the next sign-in.")
    flash(said, "success")
    return redirect(_here(office_id), 303)


@blueprint.post("/offices/<int:office_id>/staff/<int:person_id>/second-factor/removal")
@access(KEEPING)
@fresh
def take_away(office_id: int, person_id: int) -> ResponseReturnValue:
    """Take somebody's away, who lost the phone; they are signed out everywhere."""
    get_office(office_id)
    request_ = asked(acting(office_id), "take_second_factor_away", person=person_id)
    try:
        second_factors.take_away(desk().streams, office_id, person_id, request_)
    except Refused as refused:
        if refused.reason in (Reason.UNKNOWN, Reason.FORBIDDEN):
            raise
        if refused.reason is Reason.ALREADY_DONE:
            return back_with(gettext("This person has no second factor. Nothing was changed."), _here(office_id))
        return back_with(sentence(refused), _here(office_id))
    flash(gettext("Taken away. They are signed out everywhere; tell them to set up a new one."), "success")
    return redirect(_here(office_id), 303)


def _here(office_id: int) -> str:
    return url_for("factor_demand.page", office_id=office_id)


def _page(office_id: int, form: DemandForm) -> str:
    demanded = get_demand(reader(), office_id)
    return render_template(
        "second_factor/demand.html",
        form=form,
        colleagues=list_colleagues(reader(), office_id),
        demanded=demanded,
        has_own=find_factor(reader(), signed_in().id) is not None,
        words=spell,
        new_key=new_key,
        language_path=_here(office_id),
    )
