"""Signing in and out, and what somebody can do who has forgotten their password."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from desk.domain.access import PUBLIC
from desk.domain.password_rules import MOST
from desk.operations.accounts.password_wishes import wish
from desk.web.access import SIGNED_IN, access
from desk.web.accounts.attempts import WAIT, attempt_of
from desk.web.accounts.entering import AT_PROVIDER, LEFT_PROVIDER, admit, first_page
from desk.web.accounts.sessions import check_password, end_session
from desk.web.context import desk
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, one_line

blueprint = Blueprint("signin", __name__)
# What a browser forgets at the sign-out (ASVS 5.0, 14.3.1). Not cookies, in which the language is kept and by which the
# device is known; not what scripts keep, which is nobody's: whether keys are off, whether a display sounds.
LEFT_BEHIND = '"cache"'


class SignInForm(Form):
    """A name and a password."""

    username = StringField(
        lazy("User name"), [InputRequired(lazy("Enter your user name.")), Length(max=80)], filters=[one_line]
    )
    password = PasswordField(lazy("Password"), [InputRequired(lazy("Enter your password.")), Length(max=MOST)])


class ForgottenForm(Form):
    """Who has forgotten their password."""

    typed = StringField(
        lazy("User name or e-mail address"),
        [DataRequired(lazy("Enter your user name or your e-mail address.")), Length(max=254)],
        filters=[one_line],
    )


@blueprint.get("/sign-in")
@access(PUBLIC)
def form() -> ResponseReturnValue:
    """Show the form; whoever is signed in goes on."""
    if current_user.is_authenticated:
        return redirect(_onward())
    return _page(SignInForm())


@blueprint.post("/sign-in")
@access(PUBLIC)
def enter() -> ResponseReturnValue:
    """Let somebody on whose password is right; after wrong ones they wait, ever longer."""
    filled = SignInForm()
    if not filled.validate_on_submit():
        return _page(filled), 422
    attempt = attempt_of(filled.username.data or "")
    wait = attempt.wait()
    if wait:
        filled.password.errors = [wait_words(wait)]
        return delayed(_page(filled), wait)
    person_id = check_password(desk().streams.engine, filled.username.data or "", filled.password.data or "")
    if person_id is None:
        attempt.failed()
        current_app.logger.warning("sign-in refused")
        filled.password.errors = [gettext("User name or password is not right.")]
        return _page(filled), 422
    attempt.succeeded()
    return admit(person_id, wanted=_wanted())


def delayed(page: str, seconds: int) -> Response:
    """Return a page that says that an attempt came too early, and when the next one may come."""
    setattr(g, WAIT, seconds)
    return Response(page, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(seconds)})


def wait_words(seconds: int) -> str:
    """Say how long somebody waits after wrong attempts, and what helps meanwhile."""
    minutes = -(-seconds // 60)
    again = (
        ngettext("Try again in %(num)d second.", "Try again in %(num)d seconds.", seconds)
        if seconds < 60
        else ngettext("Try again in %(num)d minute.", "Try again in %(num)d minutes.", minutes)
    )
    why = gettext("Too many wrong attempts.")
    return f"{why} {again}"


@blueprint.post("/sign-out")
@access(SIGNED_IN)
def leave() -> ResponseReturnValue:
    """End the session for good."""
    came_from_provider = session.get(AT_PROVIDER, False)
    end_session(desk().streams.engine, current_user.get_id(), at=desk().streams.clock())
    if came_from_provider:
        session[LEFT_PROVIDER] = True  # the page that follows offers to sign out there too
    flash(gettext("You are signed out."), "success")
    left = redirect(url_for("signin.form"), 303)
    left.headers["Clear-Site-Data"] = LEFT_BEHIND
    return left


@blueprint.get("/forgotten-password")
@access(PUBLIC)
def forgotten() -> ResponseReturnValue:
    """Ask whose password was forgotten."""
    return render_template("signin/forgotten.html", form=ForgottenForm(formdata=None))


@blueprint.post("/forgotten-password")
@access(PUBLIC)
def send_link() -> ResponseReturnValue:
    """Write down that a link is wanted; the answer is the same whoever is meant (ASVS 5.0, 6.3.8)."""
    filled = ForgottenForm()
    if not filled.validate_on_submit():
        return render_template("signin/forgotten.html", form=filled), 422
    streams = desk().streams
    wish(streams.engine, filled.typed.data or "", at=streams.clock())
    flash(
        gettext(
            "If there is such an account and an administrator has entered an e-mail address for it, a link is on its "
            "way. It works for half an hour. Otherwise ask an administrator of your office for a one-time code."
        ),
        "success",
    )
    return redirect(url_for("signin.form"), 303)


def _page(filled: SignInForm) -> str:
    return render_template("signin/form.html", form=filled, next=_wanted())


def _onward() -> str:
    """Return where to go after signing in: the page that was asked for, if it is one of ours."""
    return _wanted() or first_page(current_user)


def _wanted() -> str:
    return place_of_ours(request.form.get("next") or request.args.get("next") or "")


def place_of_ours(wanted: str) -> str:
    """Return a path of ours that was asked for, nothing for an address that a browser could take elsewhere."""
    is_path = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_path and not urlsplit(wanted).netloc else ""
