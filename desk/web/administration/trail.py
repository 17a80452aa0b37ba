"""The trail of an office: where it ends, its checkpoints and verifications; asking for one; its export."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import Role
from desk.domain.refusals import Refused
from desk.operations.keeping.looking import record_look
from desk.operations.keeping.verifying import ask_for
from desk.reads.trail import snapshot
from desk.reads.trail_page import Check, get_head, list_checks, list_epochs
from desk.reports.daily_checkpoints import read_newest
from desk.reports.trail_export import Extent, NothingToExport, export
from desk.web.access import AUDITING, OVERSEEING, access
from desk.web.context import OfficeView, acting, desk, get_office, reader
from desk.web.errors import back_with, sentence
from desk.wording.looks import FAULTS

blueprint = Blueprint("trail", __name__)


@blueprint.get("/offices/<int:office_id>/trail")
@access(OVERSEEING)
def page(office_id: int) -> ResponseReturnValue:
    """Show where the trail ends, the last checkpoint, verifications, keys and clock epochs."""
    get_office(office_id)
    streams = desk().streams
    checks = list_checks(reader(), office_id)
    head = get_head(reader(), office_id)
    return render_template(
        "trail/page.html",
        head=head,
        known=sorted(streams.keys.known),
        newest=read_newest(desk().settings.checkpoints, streams.keys.known),
        at=streams.clock(),
        running=next((each for each in checks if each.ended_at is None), None),
        last=next((each for each in checks if each.ended_at is not None), None),
        checks=checks,
        said=in_words,
        epochs=list_epochs(reader(), office_id),
        may_export=Role.AUDITOR in acting(office_id).roles,
    )


def in_words(check: Check) -> str:
    """Return how a verification ended, in the language of the request."""
    if check.fault is not None:
        return gettext(FAULTS[check.fault]) % {"number": check.fault_number or 0}
    if check.ended_at is None:
        return gettext("Running: %(number)d events so far", number=check.number)
    return gettext("The chain holds, from event 1 to event %(number)d", number=check.number)


@blueprint.post("/offices/<int:office_id>/trail/verifications")
@access(OVERSEEING)
def verify(office_id: int) -> ResponseReturnValue:
    """Ask the worker to verify the whole trail."""
    get_office(office_id)
    target = url_for("trail.page", office_id=office_id)
    try:
        ask_for(desk().streams, office_id, acting(office_id))
    except Refused as refused:
        return back_with(sentence(refused), target)
    flash(gettext("The trail is being verified. The result appears here; reload the page."), "success")
    return redirect(target, 303)


@blueprint.get("/offices/<int:office_id>/trail/export.jsonl")
@access(AUDITING)
def export_file(office_id: int) -> ResponseReturnValue:
    """Send the whole trail as it was signed, for the verifier that stands alone; recorded."""
    office = get_office(office_id)
    lines = _lines(office)
    try:
        first = next(lines)
    except NothingToExport:
        abort(404)
    record_look(desk().streams, office_id, acting(office_id), verb="exported", subject="trail")
    answer = Response(chain([first], lines), mimetype="application/x-ndjson")
    answer.headers["Content-Disposition"] = f"attachment; filename=trail-{office.code}.jsonl"
    return answer


def _lines(office: OfficeView) -> Iterator[bytes]:
    streams = desk().streams
    keys = streams.keys.for_stream(get_head(reader(), office.id).key_id)
    stamp = datetime.now(UTC).isoformat(timespec="seconds")
    with streams.reading() as connection:
        extent = Extent(office.id, office.code)
        yield from export(snapshot(connection), extent, keys.known, signing=keys.signing, at=stamp)
