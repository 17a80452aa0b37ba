"""One's own account: the password, where one is signed in, and proving that it is oneself.

Its page is a list of sections, each a template of `account/`.
"""

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional

from desk.domain.password_rules import FEWEST, MOST
from desk.domain.refusals import Reason, Refused
from desk.domain.tokens import hash_of
from desk.operations.accounts import passwords
from desk.reads.offices_of import list_workplaces
from desk.reads.second_factors import find_factor
from desk.reads.staff_sessions import HANDLE, list_sessions
from desk.web.access import SIGNED_IN, access
from desk.web.accounts.attempts import attempt_again
from desk.web.accounts.invitation import HINT
from desk.web.accounts.own_factor import is_shown
from desk.web.accounts.reauthentication import ask_first, fresh, is_fresh, prove, signed_in
from desk.web.accounts.sessions import check_password, end_one, end_others
from desk.web.accounts.signin import delayed, place_of_ours, wait_words
from desk.web.context import desk, get_office, reader
from desk.web.counter.story_words import spell
from desk.web.errors import sentence
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, one_line
from desk.web.forms.second_factor import MAX_CODE
from desk.web.themes import WORDS as THEMES
from desk.web.themes import theme_here
from desk.wording import N_
from desk.wording.signing_in import HOWS

blueprint = Blueprint("account", __name__)
_HANDLE = re.compile(rf"[0-9a-f]{{{HANDLE}}}")


class ChangeForm(Form):
    """The password somebody has and the one they want."""

    current = PasswordField(lazy(N_("Password you have now")), [Optional(), Length(max=MOST)])
    password = PasswordField(
        lazy(N_("New password")), [InputRequired(lazy(N_("Choose a password."))), Length(max=4 * MOST)]
    )


class ConfirmForm(Form):
    """The password once more, and a code of whoever has a second factor."""

    password = PasswordField(lazy(N_("Password")), [InputRequired(lazy(N_("Enter your password."))), Length(max=MOST)])
    code = StringField(lazy(N_("Code of the app")), [Length(max=MAX_CODE)], filters=[one_line])


@blueprint.get("/account")
@access(SIGNED_IN)
def page() -> ResponseReturnValue:
    """Show who one is here, and where one is signed in."""
    person = signed_in()
    _enter_office()
    settings = desk().settings
    sessions = list_sessions(
        reader(), person.id, at=desk().streams.clock(), idle=settings.session_idle, this=hash_of(person.secret)
    )
    return render_template(
        "account/page.html",
        sessions=sessions,
        workplaces=list_workplaces(reader(), person.id),
        words=spell,
        how=HOWS,
        themes=THEMES,
        theme=theme_here(),
    )


@blueprint.get("/account/password")
@access(SIGNED_IN)
def password() -> ResponseReturnValue:
    """Show the form of a new password; whoever has none yet shows first that it is them."""
    return _ask_first() or _password_page(ChangeForm(formdata=None))


@blueprint.post("/account/password")
@access(SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Change it; all other sessions end, and a mail says so (ASVS 5.0, 6.2.2, 6.2.3)."""
    asked_first = _ask_first()
    if asked_first is not None:
        return asked_first
    person, form = signed_in(), ChangeForm()
    if not form.validate_on_submit():
        return _password_page(form), 422
    attempt = attempt_again(person.id, person.username)
    wait = attempt.wait()
    if wait:
        form.current.errors = [wait_words(wait)]
        return delayed(_password_page(form), wait)
    try:
        passwords.change(
            desk().streams,
            person.username,
            current=form.current.data,
            chosen=form.password.data or "",
            session_hash=hash_of(person.secret),
        )
    except Refused as refused:
        if refused.reason is Reason.INVALID:
            attempt.failed()
            form.current.errors = [gettext("This is not the password you have now.")]
        else:
            attempt.succeeded()
            form.password.errors = [sentence(refused)]
        return _password_page(form), 422
    attempt.succeeded()
    prove()
    flash(gettext("Your password was changed. All other devices were signed out."), "success")
    return redirect(url_for("account.page"), 303)


@blueprint.get("/account/confirmation")
@access(SIGNED_IN)
def confirmation() -> ResponseReturnValue:
    """Ask whoever is signed in to show once more that it is them."""
    return _confirmation_page(ConfirmForm(formdata=None))


@blueprint.post("/account/confirmation")
@access(SIGNED_IN)
def confirm() -> ResponseReturnValue:
    """Look at the password, and at the second factor where there is one, and lead back to where it was asked for."""
    person, form = signed_in(), ConfirmForm()
    if not form.validate_on_submit():
        return _confirmation_page(form), 422
    attempt = attempt_again(person.id, person.username)
    wait = attempt.wait()
    if wait:
        form.password.errors = [wait_words(wait)]
        return delayed(_confirmation_page(form), wait)
    if check_password(desk().streams.engine, person.username, form.password.data or "") != person.id:
        attempt.failed()
        form.password.errors = [gettext("This is not your password.")]
        return _confirmation_page(form), 422
    attempt.succeeded()
    if _has_factor() and not _is_shown(form):
        return _confirmation_page(form), 422
    prove()
    return redirect(_wanted() or url_for("account.page"), 303)


@blueprint.post("/account/sessions/<session>/end")
@access(SIGNED_IN)
@fresh
def end_session(session: str) -> ResponseReturnValue:
    """Sign out on another device."""
    if not _HANDLE.fullmatch(session):
        abort(404)
    end_one(desk().streams.engine, signed_in().id, session, at=desk().streams.clock())
    flash(gettext("That device is signed out."), "success")
    return redirect(url_for("account.page"), 303)


@blueprint.post("/account/sessions/others/end")
@access(SIGNED_IN)
@fresh
def end_other_sessions() -> ResponseReturnValue:
    """Sign out on all devices but this one (ASVS 5.0, 7.5.2)."""
    person = signed_in()
    end_others(desk().streams.engine, person.id, hash_of(person.secret), at=desk().streams.clock())
    flash(gettext("All other devices are signed out."), "success")
    return redirect(url_for("account.page"), 303)


def _enter_office() -> None:
    """Let the page have the frame, the menu and the zone of the first office one works in."""
    offices = signed_in().offices
    if offices:
        get_office(min(offices))


def _ask_first() -> ResponseReturnValue | None:
    """Lead whoever has no password, which else would show that it is them, to the page that asks; None for others."""
    with desk().streams.reading() as connection:
        has_one = passwords.has_password(connection, signed_in().id)
    return None if has_one or is_fresh() else ask_first(url_for("account.password"))


def _password_page(form: ChangeForm) -> str:
    _enter_office()
    return render_template("account/password.html", form=form, hint=gettext(HINT) % {"fewest": FEWEST})


def _confirmation_page(form: ConfirmForm) -> str:
    _enter_office()
    form.code.flags.needed_by_some = True
    return render_template("account/confirmation.html", form=form, has_factor=_has_factor(), next=_wanted())


def _has_factor() -> bool:
    return find_factor(reader(), signed_in().id) is not None


def _is_shown(form: ConfirmForm) -> bool:
    """Look at the second factor: full re-authentication asks for both (ASVS 5.0, 7.5.1)."""
    if form.code.data:
        return is_shown(form.code)
    form.code.errors = [gettext("Type the code.")]
    return False


def _wanted() -> str:
    return place_of_ours(request.form.get("next") or request.args.get("next") or "")
