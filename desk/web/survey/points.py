"""Posters and tablets of an office: setting them up, printing a poster, pairing a tablet, closing both."""

from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.points import PointKind, Wish
from desk.domain.refusals import Refused
from desk.domain.tokens import derive
from desk.operations.survey.survey_points import close_point, open_point
from desk.reads.colleagues import list_counters
from desk.reads.survey_points import Point, find_point, list_points
from desk.reads.survey_settings import list_shares
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, language, reader
from desk.web.counter_words import called
from desk.web.errors import back_with, refusal_status, sentence
from desk.web.forms.survey_points import PointForm
from desk.web.forms.visitor import ConfirmForm
from desk.web.qr import qr_picture

blueprint = Blueprint("survey_points", __name__)
KEEPING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
PLACE: Final = "/offices/<int:office_id>/survey-points"


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """Let no browser keep a page with the link of a poster or a tablet."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(PLACE)
@access(KEEPING)
def listed(office_id: int) -> ResponseReturnValue:
    """List posters and tablets, and offer to set one up."""
    get_office(office_id)
    return _list(office_id, _form(office_id))


@blueprint.post(PLACE)
@access(KEEPING)
def add(office_id: int) -> ResponseReturnValue:
    """Set up a poster or a tablet, and show it."""
    get_office(office_id)
    form = _form(office_id)
    if not form.validate_on_submit():
        return _list(office_id, form), 422
    wish = Wish(PointKind(form.kind.data), form.service.data or None, form.counter.data or None)
    told = {"kind": wish.kind.value, "service": wish.service_id, "counter": wish.counter_id}
    try:
        done = open_point(desk().streams, office_id, wish, asked(acting(office_id), "open_point", **told))
    except Refused as refused:
        form.form_errors.append(sentence(refused))
        return _list(office_id, form), refusal_status(refused)
    return redirect(url_for("survey_points.one", office_id=office_id, point_id=done.facts["point"]), 303)


@blueprint.get(f"{PLACE}/<int:point_id>")
@access(KEEPING)
def one(office_id: int, point_id: int) -> ResponseReturnValue:
    """Show a poster to print, or the link that makes a device the tablet of its counter."""
    get_office(office_id)
    point = find_point(reader(), office_id, point_id, language=language())
    if point is None or point.closed_at is not None:
        abort(404)
    address = address_of(point)
    page = "survey_points/poster.html" if point.kind is PointKind.POSTER else "survey_points/tablet.html"
    return render_template(page, point=point, address=address, qr=qr_picture(address), form=ConfirmForm())


@blueprint.post(f"{PLACE}/<int:point_id>/closing")
@access(KEEPING)
def close(office_id: int, point_id: int) -> ResponseReturnValue:
    """Close a poster or a tablet: its link takes nothing any more."""
    target = url_for("survey_points.listed", office_id=office_id)
    try:
        close_point(desk().streams, office_id, point_id, asked(acting(office_id), "close_point", point=point_id))
    except Refused as refused:
        return back_with(sentence(refused), target)
    flash(gettext("It is closed. Take the poster down, or the tablet away."), "success")
    return redirect(target, 303)


def address_of(point: Point) -> str:
    """Return where a poster or a tablet leads: under its token, which is derived each time and stored nowhere."""
    token = derive(desk().streams.keys.links, point.kind.token, point.id, channel=point.kind.value)
    endpoint = "posters.form" if point.kind is PointKind.POSTER else "tablet.show"
    return desk().settings.public_url + url_for(endpoint, token=token)


def _form(office_id: int) -> PointForm:
    services = [(each.id, each.name.in_language(language())) for each in list_shares(reader(), office_id)]
    counters = [(each.id, called(each.name)) for each in list_counters(reader(), office_id)]
    return PointForm(services=services, counters=counters)


def _list(office_id: int, form: PointForm) -> str:
    points = list_points(reader(), office_id, language=language())
    return render_template("survey_points/list.html", points=points, form=form)
