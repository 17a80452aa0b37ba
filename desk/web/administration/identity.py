"""What an office is known by: its name, address and language, its colors, and its logo, which anybody may see."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import PUBLIC, Role
from desk.domain.identity import MAX_OFFICE_ID
from desk.domain.refusals import Reason, Refused
from desk.operations.settings import identity as operations
from desk.operations.settings import office_settings
from desk.operations.settings.identity import Logo
from desk.reads.opening import LogoView, find_logo
from desk.reads.planned import list_waiting
from desk.web.access import access, in_office
from desk.web.administration.planning import PASSED_ON, say_in_field, say_when, submitted
from desk.web.context import OfficeView, acting, asked, desk, get_office, reader
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.forms.branding import ColorsForm
from desk.web.forms.identity import IdentityForm, LogoForm, NoLogoForm
from desk.web.meanwhile import marks_of
from desk.web.pictures import NoPicture, for_masthead

blueprint = Blueprint("identity", __name__)
ADMINISTERING: Final = in_office(Role.ADMIN)
IDENTITY: Final = "/offices/<int:office_id>/identity"
# Its address changes with the logo, so that a browser need never ask again.
KEPT: Final = "public, max-age=31536000, immutable"
KEPT_BRIEFLY: Final = "public, max-age=300"


@blueprint.get(IDENTITY)
@access(ADMINISTERING)
def page(office_id: int) -> ResponseReturnValue:
    """Show name, address, language and logo, each with its form."""
    get_office(office_id)
    return _page(office_id)


@blueprint.post(IDENTITY)
@access(ADMINISTERING)
def change(office_id: int) -> ResponseReturnValue:
    """Change name, address and language, now or from a later day on."""
    office = get_office(office_id)
    return _changed(office_id, IdentityForm(), _own(office))


@blueprint.post(f"{IDENTITY}/colors")
@access(ADMINISTERING)
def change_colors(office_id: int) -> ResponseReturnValue:
    """Change the two colors, or go back to those of the desk, now or from a later day on."""
    office = get_office(office_id)
    form = ColorsForm()
    form.go(request.form.get("go", ""))
    return _changed(office_id, form, _own_colors(office))


@blueprint.post(f"{IDENTITY}/logo")
@access(ADMINISTERING)
def change_logo(office_id: int) -> ResponseReturnValue:
    """Take a logo in the place of the one there was, now or from a later day on."""
    get_office(office_id)
    form = LogoForm()
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    return _logo_changed(office_id, form, form.logo.logo)


@blueprint.post(f"{IDENTITY}/logo/removal")
@access(ADMINISTERING)
def remove_logo(office_id: int) -> ResponseReturnValue:
    """Do without a logo again, now or from a later day on."""
    get_office(office_id)
    form = NoLogoForm()
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    return _logo_changed(office_id, form, None)


@blueprint.get("/offices/<int:office_id>/logo")
@access(PUBLIC)
def logo(office_id: int) -> ResponseReturnValue:
    """Return the picture, small with `small=1`; the same for everybody, so that no cookie goes with it."""
    g.for_everybody = True
    found = find_logo(reader(), office_id) if office_id <= MAX_OFFICE_ID else None
    if found is None:
        abort(404)
    response = _small(found) if request.args.get("small") == "1" else _as_kept(found)
    is_this_one = bool(request.args.get("v")) and found.digest.startswith(request.args["v"])
    response.headers["Cache-Control"] = KEPT if is_this_one else KEPT_BRIEFLY
    return response.make_conditional(request)


def _as_kept(found: LogoView) -> Response:
    response = Response(found.content, mimetype=found.media_type)
    response.set_etag(found.digest)
    return response


def _small(found: LogoView) -> Response:
    """Return the logo as mastheads show it; what cannot be made smaller stands as it is."""
    try:
        response = Response(for_masthead(found.content), mimetype="image/png")
    except NoPicture:
        return _as_kept(found)
    response.set_etag(f"{found.digest}-small")
    return response


def _changed(office_id: int, form: IdentityForm | ColorsForm, current: Mapping[str, Any]) -> ResponseReturnValue:
    target = url_for("identity.page", office_id=office_id)
    return submitted(office_id, form, _page, target, kind=office_settings.KIND, current=current)


def _logo_changed(office_id: int, form: LogoForm | NoLogoForm, logo: Logo | None) -> ResponseReturnValue:
    due, digest = form.since.data, None if logo is None else logo.digest
    request_ = asked(acting(office_id), "change_logo", logo=digest, due=str(due))
    target = url_for("identity.page", office_id=office_id)
    try:
        done = operations.change_logo(desk().streams, office_id, request_, logo, due=due)
    except Refused as refused:
        if refused.reason is Reason.ALREADY_DONE:
            return back_with(sentence(refused), target)
        if refused.reason in PASSED_ON:
            raise
        say_in_field(form, refused)
        return _page(office_id, form), refusal_status(refused)
    say_when(None if done.facts["planned"] is None else due)
    return redirect(target, 303)


def _page(office_id: int, wrong: IdentityForm | ColorsForm | LogoForm | NoLogoForm | None = None) -> str:
    """Return the page; a form that came back with errors takes the place of its own."""
    office = get_office(office_id)
    own, colors = _own(office), _own_colors(office)
    return render_template(
        "identity/page.html",
        form=wrong,
        identity=wrong if isinstance(wrong, IdentityForm) else IdentityForm(formdata=None, shown=marks_of(own), **own),
        colors=wrong if isinstance(wrong, ColorsForm) else ColorsForm(formdata=None, shown=marks_of(colors), **colors),
        logo_form=wrong if isinstance(wrong, LogoForm) else LogoForm(formdata=None),
        no_logo=wrong if isinstance(wrong, NoLogoForm) else NoLogoForm(formdata=None),
        planned_logos=[each for each in list_waiting(reader(), office_id) if each.kind == operations.KIND_LOGO],
        language_path=url_for("identity.page", office_id=office_id),
    )


def _own(office: OfficeView) -> dict[str, str]:
    """Return how an office calls itself, as it is."""
    return {"name": office.name, "address": office.address, "language": office.language}


def _own_colors(office: OfficeView) -> dict[str, str | None]:
    """Return the colors an office has chosen."""
    return {"main_color": office.main_color, "accent_color": office.accent_color}
