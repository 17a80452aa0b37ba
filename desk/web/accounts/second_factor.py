"""The second step of the sign-in: a code of the app or a recovery code; and setting an app up where one is demanded."""

from datetime import timedelta
from math import ceil
from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import PUBLIC, Actor
from desk.domain.refusals import Reason, Refused
from desk.domain.second_factors import Verdict, is_of_app, tidied
from desk.domain.signing_in import How, Outcome, network_of
from desk.domain.tokens import hash_of
from desk.operations.accounts import second_factors
from desk.operations.accounts.second_factor_codes import take_code, waits_until
from desk.operations.accounts.signing_in import record
from desk.operations.requests import Request
from desk.web.access import access
from desk.web.accounts.entering import begin, first_page, let_in
from desk.web.accounts.half_way import HalfWay, find_half, use_half, use_half_with
from desk.web.accounts.sessions import end_others, record_change, roles_of
from desk.web.accounts.setting_up_factor import (
    Owner,
    codes_page,
    factor_key,
    find_factor_key,
    offer,
    office_to_act_in,
    secret_of,
)
from desk.web.accounts.signin import delayed
from desk.web.context import desk
from desk.web.forms.second_factor import CodeForm, RecoveryForm, SetUpForm, words_of, words_of_clock

blueprint = Blueprint("second_factor", __name__)
STEP: Final = "/sign-in/second-factor"


@blueprint.get(STEP)
@access(PUBLIC)
def ask() -> ResponseReturnValue:
    """Ask for a code of whoever has proven the first factor in this browser."""
    half = _half_way()
    if half is None or not half.has_factor:
        return _begin_again()
    return _page_of_code(half, _blank_form())


@blueprint.post(STEP)
@access(PUBLIC)
def answer() -> ResponseReturnValue:
    """Look at the code; a right one begins the session, once."""
    half = _half_way()
    if half is None or not half.has_factor:
        return _begin_again()
    form = RecoveryForm() if _is_recovery() else CodeForm()
    if not form.validate_on_submit():
        return _page_of_code(half, form), 422
    streams, typed = desk().streams, form.code.data or ""
    at = streams.clock()
    key = find_factor_key()
    verdict = use_half_with(
        streams.engine, lambda connection: take_code(connection, key, half.person_id, typed, at=at), at=at
    )
    if verdict is None:
        return _begin_again()
    how = How.TOTP if is_of_app(tidied(typed)) else How.RECOVERY
    if verdict is not Verdict.RIGHT:
        _record_refusal(half, how, verdict)
        until = waits_until(streams.engine, half.person_id)
        is_recovery = how is How.RECOVERY and _is_recovery()
        form.code.errors = [words_of(verdict, is_recovery=is_recovery, until=until, at=at)]
        page = _page_of_code(half, form)
        return (page, 422) if until is None or verdict is not Verdict.WAIT else delayed(page, _seconds(until - at))
    return let_in(half.person_id, wanted=half.wanted, how=how, first=half.how)


@blueprint.get(f"{STEP}/app")
@access(PUBLIC)
def set_up() -> ResponseReturnValue:
    """Show the picture for the app to whoever must have one and has none yet."""
    half = _half_way()
    owner = _owner(half)
    if half is None or owner is None:
        return _begin_again()
    return _page_of_app(half, SetUpForm(formdata=None), owner)


@blueprint.post(f"{STEP}/app")
@access(PUBLIC)
def confirm() -> ResponseReturnValue:
    """Take the app whose code is right, begin the session, and show the recovery codes."""
    half = _half_way()
    owner = _owner(half)
    if half is None or owner is None:
        return _begin_again()
    form = SetUpForm()
    secret = secret_of(form, owner.id)
    if not form.validate_on_submit() or secret is None:
        return _page_of_app(half, form, owner), 422
    try:
        codes = _enroll(half, secret, form.code.data or "")
    except Refused as refused:
        if refused.reason is Reason.FACTOR_KEY_MISSING:
            raise
        if refused.reason is not Reason.CODE_UNFIT:
            return _begin_again()
        form.code.errors = [words_of_clock(refused)]
        return _page_of_app(half, form, owner), 422
    is_first = use_half(desk().streams.engine, at=desk().streams.clock())
    person = begin(half.person_id, how=How.TOTP, first=half.how) if is_first else None
    if person is None:
        return _begin_again()
    record_change(How.TOTP)
    end_others(desk().streams.engine, person.id, hash_of(person.secret), at=desk().streams.clock())
    return codes_page(codes, onward=half.wanted or first_page(person), is_new=True)


def _seconds(left: timedelta) -> int:
    return max(1, ceil(left.total_seconds()))


def _half_way() -> HalfWay | None:
    return find_half(desk().streams.engine, at=desk().streams.clock())


def _owner(half: HalfWay | None) -> Owner | None:
    """Return whose app may be set up half way in: of nobody who has one, nor of whom none is demanded."""
    if half is None or half.has_factor:
        return None
    with desk().streams.reading() as connection:
        if not second_factors.is_demanded_of(connection, half.person_id):
            return None
        found = office_to_act_in(connection, half.person_id)
    return None if found is None else Owner(half.person_id, half.username, found[1])


def _enroll(half: HalfWay, secret: str, typed: str) -> list[str]:
    streams = desk().streams
    with streams.reading() as connection:
        roles = roles_of(connection, half.person_id)
    office_id = min(roles)
    request_ = Request(Actor.staff(half.person_id, *roles[office_id]), "set_up_second_factor")
    setup = second_factors.Setup(secret, typed)
    return second_factors.enroll(streams, office_id, request_, setup, key=factor_key(), person_id=half.person_id)


def _is_recovery() -> bool:
    return request.values.get("with") == "recovery"


def _blank_form() -> CodeForm | RecoveryForm:
    return RecoveryForm(formdata=None) if _is_recovery() else CodeForm(formdata=None)


def _page_of_code(half: HalfWay, form: CodeForm | RecoveryForm) -> str:
    return render_template("second_factor/ask.html", form=form, half=half, is_recovery=_is_recovery())


def _page_of_app(half: HalfWay, form: SetUpForm, owner: Owner) -> str:
    return render_template("second_factor/set_up.html", form=form, shown=offer(form, owner), half=half)


def _record_refusal(half: HalfWay, how: How, verdict: Verdict) -> None:
    current_app.logger.warning("second factor refused")
    streams = desk().streams
    outcome = Outcome.DELAYED if verdict is Verdict.WAIT else Outcome.REFUSED
    source = network_of(request.remote_addr or "")
    record(streams.engine, outcome=outcome, how=how, person_id=half.person_id, at=streams.clock(), source=source)


def _begin_again() -> ResponseReturnValue:
    """Lead back to the first step: the few minutes are over, or it was done already."""
    flash(gettext("Sign in once more: the second step must follow within a few minutes."), "error")
    return redirect(url_for("signin.form"), 303)
