"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_user
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from desk.domain.access import PUBLIC, Role
from desk.web.access import SIGNED_IN, access
from desk.web.context import desk
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, one_line
from desk.web.sessions import SignedIn, begin_session, check_password, end_session, find_signed_in

blueprint = Blueprint("signin", __name__)


class SignInForm(Form):
    """A name and a password."""

    username = StringField(
        lazy("User name"), [InputRequired(lazy("Enter your user name.")), Length(max=80)], filters=[one_line]
    )
    password = PasswordField(lazy("Password"), [InputRequired(lazy("Enter your password.")), Length(max=200)])


@blueprint.get("/sign-in")
@access(PUBLIC)
def form() -> ResponseReturnValue:
    """Show the form; whoever is signed in goes on."""
    if current_user.is_authenticated:
        return redirect(_onward())
    return render_template("signin/form.html", form=SignInForm(), next=_wanted())


@blueprint.post("/sign-in")
@access(PUBLIC)
def enter() -> ResponseReturnValue:
    """Start a session under a new secret."""
    filled = SignInForm()
    if not filled.validate_on_submit():
        return render_template("signin/form.html", form=filled, next=_wanted()), 422
    streams = desk().streams
    person_id = check_password(streams.engine, filled.username.data or "", filled.password.data or "")
    if person_id is None:
        current_app.logger.warning("sign-in refused")
        filled.password.errors = [gettext("User name or password is not right.")]
        return render_template("signin/form.html", form=filled, next=_wanted()), 422
    at = streams.clock()
    secret = begin_session(streams.engine, person_id, at=at, hours=desk().settings.session_hours)
    person = find_signed_in(streams.engine, secret, at=at)
    if person is not None:
        login_user(person)
    return redirect(_onward(), 303)


@blueprint.post("/sign-out")
@access(SIGNED_IN)
def leave() -> ResponseReturnValue:
    """End the session for good."""
    end_session(desk().streams.engine, current_user.get_id(), at=desk().streams.clock())
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("signin.form"), 303)


def _onward() -> str:
    """Return where to go after signing in: the page that was asked for, if it is one of ours."""
    return _wanted() or (_first_page(current_user) if current_user.is_authenticated else url_for("home.index"))


def _wanted() -> str:
    """Return the page of ours that was asked for, nothing for an address that a browser could take elsewhere."""
    wanted = request.form.get("next") or request.args.get("next") or ""
    is_path = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_path and not urlsplit(wanted).netloc else ""


def _first_page(person: SignedIn) -> str:
    for office_id, roles in sorted(person.offices.items()):
        if Role.AGENT in roles:
            return url_for("counter.console", office_id=office_id)
        if roles & {Role.SUPERVISOR, Role.AUDITOR}:
            return url_for("supervisor.today", office_id=office_id)
        if Role.ADMIN in roles:
            return url_for("gaps.page", office_id=office_id)  # what is late, of which nobody else would tell them
    return url_for("home.index")
