"""Signing out at the identity provider too, for whoever signed out here and had come from there."""

import secrets
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import PUBLIC
from desk.web.access import access
from desk.web.accounts.entering import LEFT_PROVIDER
from desk.web.accounts.openid import LOG, address_of, failures, get_provider
from desk.web.context import desk, language

blueprint = Blueprint("openid_leaving", __name__)
STATE: Final = "openid_leaving"


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """Return what the sign-in asks: whether it offers the way out there."""
    return {"openid_way_out": _is_offered}


@blueprint.get("/sign-out/openid")
@access(PUBLIC)
def leave() -> ResponseReturnValue:
    """Lead to where the provider signs people out, who have just signed out here."""
    if not _is_offered():
        return redirect(url_for("signin.form"))
    state = session[STATE] = secrets.token_urlsafe(16)
    try:
        return redirect(get_provider().way_out(address_of("openid_leaving.back"), state=state, language=language()))
    except failures() as error:
        LOG.warning("identity provider: %s", type(error).__name__)
        return redirect(url_for("signin.form"))


@blueprint.get("/sign-out/openid/back")
@access(PUBLIC)
def back() -> ResponseReturnValue:
    """Take who comes back from there; what was not begun in this browser says nothing."""
    state = session.pop(STATE, None)
    if state is not None and secrets.compare_digest(state.encode(), request.args.get("state", "").encode()):
        session.pop(LEFT_PROVIDER, None)
        flash(gettext("You are signed out at %(provider)s too.", provider=desk().settings.openid.name), "success")
    return redirect(url_for("signin.form"))


def _is_offered() -> bool:
    """Tell whether somebody who came from the provider has signed out here, and can there; asked for once."""
    if not session.get(LEFT_PROVIDER):
        return False
    try:
        can = bool(desk().settings.openid.issuer) and get_provider().has_way_out()
    except failures() as error:
        LOG.warning("identity provider: %s", type(error).__name__)
        can = False
    if not can:
        session.pop(LEFT_PROVIDER)
    return can
