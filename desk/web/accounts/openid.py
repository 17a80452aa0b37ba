"""Signing in with an account of an identity provider, linking it to one's own, and confirming who one is with it."""

from datetime import datetime
from logging import getLogger
from typing import Any, Final, cast

from flask import Blueprint, Flask, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from desk.domain.access import PUBLIC, Actor
from desk.domain.openid import Claims, Unknown
from desk.domain.refusals import Reason, Refused
from desk.domain.signing_in import How, Outcome, network_of
from desk.operations.accounts import openid_identities
from desk.operations.accounts.signing_in import record
from desk.operations.requests import Request
from desk.reads.second_factors import find_linked
from desk.web.access import SIGNED_IN, access
from desk.web.accounts.entering import admit
from desk.web.accounts.reauthentication import fresh, prove, signed_in
from desk.web.accounts.sessions import roles_of
from desk.web.accounts.setting_up_factor import office_to_act_in
from desk.web.accounts.signin import place_of_ours
from desk.web.context import acting, asked, desk, language, reader
from desk.web.errors import back_with, sentence
from desk.wording import N_

LOG: Final = getLogger(__name__)
blueprint = Blueprint("openid", __name__)
PROVIDER: Final = "desk_openid"
AIM: Final = "openid_aim"  # what one is sent to the provider for, where to go afterwards, and whose session it is
ENTER, LINK, CONFIRM = "enter", "link", "confirm"
FRESH_S: Final = 300  # how long ago the provider may have asked for the password, to confirm that it is you
UNKNOWN: Final = {
    Unknown.NOBODY: N_(
        "No account here belongs to “%(name)s”. Sign in with your user name and password and link it on the page of "
        "your account, or ask an administrator."
    ),
    Unknown.DISABLED: N_("The account here of “%(name)s” is deactivated. Ask an administrator."),
    Unknown.SEVERAL: N_(
        "Several accounts here have the address “%(name)s”. Sign in with your user name and password and link it on "
        "the page of your account."
    ),
    Unknown.UNVERIFIED: N_(
        "%(provider)s has not verified the address “%(name)s”. Verify it there, or sign in with your user name and "
        "password and link it on the page of your account."
    ),
    Unknown.TAKEN: N_(
        "You are linked to another account of %(provider)s. Sign in with that one, or with your user name and password."
    ),
}


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """Return what the sign-in and the page of one's account say of the provider."""
    settings = desk().settings.openid
    return {"openid_name": settings.name if settings.issuer else "", "openid_linked": _linked}


@blueprint.get("/sign-in/openid")
@access(PUBLIC)
def begin() -> ResponseReturnValue:
    """Lead to the provider whoever pressed the button of ours; another site begins nobody's session (ASVS 7.6.2)."""
    wanted = place_of_ours(request.args.get("next", ""))
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return redirect(url_for("signin.form", next=wanted or None))
    return _lead_there(ENTER, wanted)


@blueprint.get("/account/openid/link")
@access(SIGNED_IN)
@fresh
def link() -> ResponseReturnValue:
    """Lead to the provider, to link the account there to one's own."""
    return _lead_there(LINK, url_for("account.page"))


@blueprint.get("/account/openid/confirmation")
@access(SIGNED_IN)
def confirm() -> ResponseReturnValue:
    """Lead to the provider, which asks for the password once more."""
    wanted = place_of_ours(request.args.get("next", "")) or url_for("account.page")
    return _lead_there(CONFIRM, wanted)


@blueprint.post("/account/openid/removal")
@access(SIGNED_IN)
@fresh
def unlink() -> ResponseReturnValue:
    """Sign in with it no more."""
    found, issuer = office_to_act_in(reader(), signed_in().id), desk().settings.openid.issuer
    page = url_for("account.page")
    if found is None:
        return redirect(page, 303)
    request_ = asked(acting(found[0]), "unlink_account")
    try:
        openid_identities.unlink(desk().streams, found[0], request_, issuer, person_id=signed_in().id)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_DONE:
            raise
    flash(gettext("Unlinked. You sign in with your user name and password."), "success")
    return redirect(page, 303)


@blueprint.get("/sign-in/openid/callback")
@access(PUBLIC)
def callback() -> ResponseReturnValue:
    """Take who comes back from the provider."""
    aim, wanted, person_id = session.pop(AIM, (None, "", None))
    if aim is None or not desk().settings.openid.issuer:
        return _back(gettext("This way in was used already, or began in another browser. Begin again."))
    provider = get_provider()
    try:
        claims, since = provider.come_back()
    except failures() as error:
        return _failed(error, aim)
    match aim:
        case "link" if _is_same(person_id):
            return _link(claims)
        case "confirm" if _is_same(person_id):
            return _confirm(claims, since, wanted)
        case "enter":
            return _enter(claims, wanted)
        case _:
            return _back(gettext("You were signed out meanwhile. Begin again."))


def _enter(claims: Claims, wanted: str) -> ResponseReturnValue:
    settings = desk().settings.openid
    with desk().streams.reading() as connection:
        found = openid_identities.find_owner(connection, claims.account)
        is_new = found is Unknown.NOBODY
        if is_new:
            found = openid_identities.find_match(connection, claims, link=settings.link)
    if not isinstance(found, Unknown) and is_new:
        found = _link_at_first(claims, found)
    if isinstance(found, Unknown):
        _record_refusal(None)
        return _back(gettext(UNKNOWN[found], name=claims.known_as, provider=settings.name))
    is_second_proven = settings.trusts_mfa and claims.has_shown_two
    return admit(found, wanted=wanted, how=How.OIDC, is_second_proven=is_second_proven)


def _link_at_first(claims: Claims, person_id: int) -> int | Unknown:
    """Link an account to whom it belongs by its address or name, so that from now on only the account counts."""
    streams = desk().streams
    with streams.reading() as connection:
        roles, home = roles_of(connection, person_id), office_to_act_in(connection, person_id)
    if home is None:
        return Unknown.NOBODY
    office_id = home[0]
    request_ = Request(Actor.staff(person_id, *roles[office_id]), "link_account")
    try:
        openid_identities.link(streams, office_id, request_, claims.account, person_id=person_id)
    except Refused as refused:
        return person_id if refused.reason is Reason.ALREADY_DONE else Unknown.TAKEN
    return person_id


def _link(claims: Claims) -> ResponseReturnValue:
    page, person_id = url_for("account.page"), signed_in().id
    found = office_to_act_in(reader(), person_id)
    if found is None:
        return redirect(page, 303)
    request_ = asked(acting(found[0]), "link_account")
    try:
        openid_identities.link(desk().streams, found[0], request_, claims.account, person_id=person_id)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_DONE:
            return back_with(sentence(refused), page)
    flash(gettext("Linked. From now on you can sign in with “%(name)s”.", name=claims.known_as), "success")
    return redirect(page, 303)


def _confirm(claims: Claims, since: float, wanted: str) -> ResponseReturnValue:
    """Take it as shown that it is them, if the provider has just asked for the password of the linked account."""
    with desk().streams.reading() as connection:
        owner = openid_identities.find_owner(connection, claims.account)
    if owner != signed_in().id or datetime.now().timestamp() - since > FRESH_S:  # noqa: DTZ005  seconds since 1970
        _record_refusal(signed_in().id)
        said = gettext("%(provider)s did not confirm that it is you. Try again.", provider=desk().settings.openid.name)
        return back_with(said, url_for("account.page"))
    prove()
    return redirect(wanted, 303)


def _lead_there(aim: str, wanted: str) -> ResponseReturnValue:
    if not desk().settings.openid.issuer:
        return _back(gettext("Signing in with another account is not set up here."))
    person_id = signed_in().id if current_user.is_authenticated else None
    try:
        answer = get_provider().lead_there(address_of("openid.callback"), language=language(), again=aim == CONFIRM)
    except failures() as error:
        return _failed(error, aim)
    session[AIM] = (aim, wanted, person_id)
    return cast(ResponseReturnValue, answer)


def address_of(endpoint: str) -> str:
    """Return where the provider sends people back to: below the address that the desk was told is its own."""
    base = desk().settings.base_url.rstrip("/")
    return base + url_for(endpoint) if base else url_for(endpoint, _external=True)


def _failed(error: Exception, aim: str) -> ResponseReturnValue:
    """Say that it did not work; the log has the kind of the error, since its words may quote a token."""
    LOG.warning("identity provider: %s", type(error).__name__)
    _record_refusal(None)
    name = desk().settings.openid.name
    if request.args.get("error") == "access_denied":
        return _back(gettext("Nothing was done: you stopped it at %(provider)s.", provider=name), aim)
    words = gettext(
        "%(provider)s cannot be reached, or its answer cannot be trusted. Try again, or sign in with your user name "
        "and password.", provider=name,
    )  # fmt: skip
    return _back(words, aim)


def _back(words: str, aim: str = ENTER) -> ResponseReturnValue:
    signed = current_user.is_authenticated and aim != ENTER
    return back_with(words, url_for("account.page") if signed else url_for("signin.form"))


def _record_refusal(person_id: int | None) -> None:
    streams, source = desk().streams, network_of(request.remote_addr or "")
    record(
        streams.engine, outcome=Outcome.REFUSED, how=How.OIDC, person_id=person_id, at=streams.clock(), source=source
    )


def _is_same(person_id: int | None) -> bool:
    return bool(current_user.is_authenticated) and signed_in().id == person_id


def _linked() -> datetime | None:
    return find_linked(reader(), signed_in().id, desk().settings.openid.issuer)


def get_provider() -> Any:
    """Return the provider, which is made when it is first asked for."""
    from desk.web.accounts.openid_provider import Provider

    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    if PROVIDER not in app.extensions:
        app.extensions[PROVIDER] = Provider(app, desk().settings.openid)
    return app.extensions[PROVIDER]


def failures() -> tuple[type[Exception], ...]:
    """Return what the provider raises where it is away, or not to be trusted."""
    from desk.web.accounts.openid_provider import FAILURES

    return FAILURES
