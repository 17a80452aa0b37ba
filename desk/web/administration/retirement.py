"""Closing an office for good, with its name typed, and bringing it back: for who keeps the server."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.refusals import Reason, Refused
from desk.domain.retiring import require_retirable
from desk.operations.settings import retiring_offices
from desk.reads.administering import is_keeper, list_keepers
from desk.reads.under_way import count_other_offices, count_under_way
from desk.web.access import access, in_office
from desk.web.accounts.reauthentication import fresh
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import done_and_told, refusal_status, sentence
from desk.web.forms.retirement import RetirementForm

blueprint = Blueprint("retirement", __name__)
ADMINISTERING = in_office(Role.ADMIN)
RETIREMENT = "/offices/<int:office_id>/retirement"


@blueprint.get(RETIREMENT)
@access(ADMINISTERING)
@fresh
def page(office_id: int) -> ResponseReturnValue:
    """Say what it means and what stands in its way, and ask for the name; or offer to bring the office back."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(RETIREMENT)
@access(ADMINISTERING)
@fresh
def retire(office_id: int) -> ResponseReturnValue:
    """Close the office for good."""
    form = RetirementForm(get_office(office_id).name)
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    request_ = asked(acting(office_id), "retire_office")
    try:
        retiring_offices.retire(desk().streams, office_id, request_)
    except Refused as refused:
        if refused.reason not in (Reason.LAST_OFFICE, Reason.OFFICE_AT_WORK):
            raise
        form.name.errors = [sentence(refused)]
        return _page(office_id, form), refusal_status(refused)
    flash(gettext("Retired. Nobody takes a number here any more; everything it did stays."), "success")
    return redirect(url_for("retirement.page", office_id=office_id), 303)


@blueprint.post(f"{RETIREMENT}/removal")
@access(ADMINISTERING)
@fresh
def bring_back(office_id: int) -> ResponseReturnValue:
    """Open it again."""
    get_office(office_id)
    request_ = asked(acting(office_id), "bring_office_back")
    return done_and_told(
        lambda: retiring_offices.bring_back(desk().streams, office_id, request_),
        gettext("Brought back. It gives out numbers again as soon as one of its services is open."),
        url_for("retirement.page", office_id=office_id),
    )


def _page(office_id: int, form: RetirementForm | None = None) -> str:
    return render_template(
        "administration/retirement.html",
        form=form or RetirementForm(get_office(office_id).name, formdata=None),
        hindrance=_hindrance(office_id),
        keeps_server=is_keeper(reader(), acting(office_id).person_id or 0),
        keepers=[each.name for each in list_keepers(reader()) if each.active],
        language_path=url_for("retirement.page", office_id=office_id),
    )


def _hindrance(office_id: int) -> str | None:
    """Return in words what keeps the office from being retired now."""
    try:
        require_retirable(count_under_way(reader(), office_id), others=count_other_offices(reader(), office_id))
    except Refused as refused:
        return sentence(refused)
    return None
