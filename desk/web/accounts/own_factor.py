"""One's own second factor: set up, replaced, removed, with recovery codes that are shown once."""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import Field

from desk.domain.refusals import Reason, Refused
from desk.domain.second_factors import Verdict, is_of_app, tidied
from desk.domain.signing_in import How
from desk.domain.tokens import hash_of
from desk.operations.accounts import second_factors
from desk.operations.accounts.second_factor_codes import try_code, waits_until
from desk.operations.accounts.second_factors import Setup, is_demanded_of
from desk.reads.second_factors import OwnFactor, find_factor
from desk.web.access import SIGNED_IN, access
from desk.web.accounts.reauthentication import fresh, signed_in
from desk.web.accounts.sessions import end_others, record_change
from desk.web.accounts.setting_up_factor import (
    Owner,
    codes_page,
    factor_key,
    find_factor_key,
    offer,
    office_to_act_in,
    secret_of,
)
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, sentence
from desk.web.forms.second_factor import CodeForm, ReplaceForm, SetUpForm, words_of, words_of_clock

blueprint = Blueprint("own_factor", __name__)
PAGE: Final = "/account/second-factor"


@blueprint.get(PAGE)
@access(SIGNED_IN)
def page() -> ResponseReturnValue:
    """Say whether there is a second factor, since when, and how many recovery codes are left."""
    return _page(CodeForm(formdata=None))


@blueprint.get(f"{PAGE}/app")
@access(SIGNED_IN)
@fresh
def app() -> ResponseReturnValue:
    """Show the picture for a new app."""
    form = ReplaceForm(formdata=None) if _factor() else SetUpForm(formdata=None)
    return _page_of_app(form)


@blueprint.post(f"{PAGE}/app")
@access(SIGNED_IN)
@fresh
def confirm() -> ResponseReturnValue:
    """Take the new app whose code is right; in the place of the old one only with a code of that."""
    form = ReplaceForm() if _factor() else SetUpForm()
    secret = secret_of(form, signed_in().id)
    if not form.validate_on_submit() or secret is None:
        return _page_of_app(form), 422
    setup, person_id, office_id = Setup(secret, form.code.data or ""), signed_in().id, _office()[0]
    request_ = asked(acting(office_id), "set_up_second_factor")
    streams, key = desk().streams, factor_key()
    try:
        second_factors.require_fitting(setup, at=streams.clock())  # before the code of the old one is used up
        if not isinstance(form, ReplaceForm):
            codes = second_factors.enroll(streams, office_id, request_, setup, key=key, person_id=person_id)
        elif is_shown(form.present):
            kept = signed_in().secret
            codes = second_factors.replace(
                streams, office_id, request_, setup, key=key, person_id=person_id, kept_session=kept
            )
        else:
            return _page_of_app(form), 422
    except Refused as refused:
        if refused.reason is not Reason.CODE_UNFIT:
            return _nothing_changed(refused)
        form.code.errors = [words_of_clock(refused)]
        return _page_of_app(form), 422
    return _codes_page(codes, is_new=True)


@blueprint.post(f"{PAGE}/codes")
@access(SIGNED_IN)
@fresh
def renew() -> ResponseReturnValue:
    """Show new recovery codes; those from before are worth nothing any more."""
    office_id, person_id = _office()[0], signed_in().id
    request_ = asked(acting(office_id), "renew_recovery_codes")
    try:
        codes = second_factors.renew_codes(desk().streams, office_id, request_, key=factor_key(), person_id=person_id)
    except Refused as refused:
        return _nothing_changed(refused)
    return _codes_page(codes, is_new=False)


@blueprint.post(f"{PAGE}/removal")
@access(SIGNED_IN)
@fresh
def remove() -> ResponseReturnValue:
    """Remove it, with a code; refused while an office demands one."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    if is_demanded():
        return _nothing_changed(Refused(Reason.SECOND_FACTOR_DEMANDED))
    if not is_shown(form.code):
        return _page(form), 422
    office_id, person = _office()[0], signed_in()
    request_ = asked(acting(office_id), "remove_second_factor")
    try:
        second_factors.remove(desk().streams, office_id, request_, person_id=person.id, kept_session=person.secret)
    except Refused as refused:
        return _nothing_changed(refused)
    record_change(How.TOTP)
    flash(gettext("Removed. From now on the password alone lets you in; your other sessions have ended."), "success")
    return redirect(url_for("own_factor.page"), 303)


def is_demanded() -> bool:
    """Tell whether an office demands a second factor of whoever is signed in."""
    with desk().streams.reading() as connection:
        return is_demanded_of(connection, signed_in().id)


def _factor() -> OwnFactor | None:
    return find_factor(reader(), signed_in().id)


def _office() -> tuple[int, str]:
    """Return the office in whose trail it stands; whoever works in none has nothing to protect."""
    found = office_to_act_in(reader(), signed_in().id)
    if found is None:
        abort(404)
    return found


def is_shown(field: Field) -> bool:
    """Look at a code in a field; where it is not right, the field says so."""
    streams, typed = desk().streams, field.data or ""
    at, person_id = streams.clock(), signed_in().id
    verdict = try_code(streams.engine, find_factor_key(), person_id, typed, at=at)
    if verdict is Verdict.RIGHT:
        return True
    until = waits_until(streams.engine, person_id)
    field.errors = [words_of(verdict, is_recovery=not is_of_app(tidied(typed)), until=until, at=at)]
    return False


def _enter_office() -> None:
    """Let the page have the frame and the menu of the first office one works in."""
    if signed_in().offices:
        get_office(min(signed_in().offices))


def _page(form: CodeForm) -> str:
    _enter_office()
    here = url_for("own_factor.page")
    return render_template(
        "second_factor/own.html", form=form, factor=_factor(), is_demanded=is_demanded(), language_path=here
    )


def _page_of_app(form: SetUpForm) -> str:
    _enter_office()
    person = signed_in()
    owner = Owner(person.id, person.username, _office()[1])
    return render_template("second_factor/app.html", form=form, shown=offer(form, owner))


def _codes_page(codes: list[str], *, is_new: bool) -> str:
    """Show new codes; whoever is signed in elsewhere is so no more (ASVS 5.0, 7.4.3)."""
    person, streams = signed_in(), desk().streams
    record_change(How.TOTP if is_new else How.RECOVERY)
    end_others(streams.engine, person.id, hash_of(person.secret), at=streams.clock())
    return codes_page(codes, onward=url_for("own_factor.page"), is_new=is_new)


def _nothing_changed(refused: Refused) -> ResponseReturnValue:
    if refused.reason is Reason.ALREADY_DONE:
        said = gettext("That was done already. If you have no recovery codes, make new ones.")
        return back_with(said, url_for("own_factor.page"))
    return back_with(sentence(refused), url_for("own_factor.page"))
