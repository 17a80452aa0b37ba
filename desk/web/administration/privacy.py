"""Personal data of one visitor: searched for, exported and erased on request; and how long an office keeps them.

Whoever is meant travels in the body of a request only, never in an address, which would stand in logs.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, ngettext
from flask_login import current_user

from desk.domain.access import Role
from desk.domain.refusals import Reason, Refused
from desk.domain.sampling import address_digest
from desk.operations.keeping import privacy as operations
from desk.operations.keeping.looking import record_look
from desk.operations.settings import retention_rules
from desk.reads import erasures as register_reads
from desk.reads.erasures import PERSONAL_DATA, get_retention_rules
from desk.reads.kept_of_person import Kept, Sought, find_kept
from desk.reads.personal_data import as_json, collect
from desk.web.access import access, in_office
from desk.web.administration.planning import submitted
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import refusal_status, sentence
from desk.web.forms.privacy import RETENTION, ErasureForm, ExportForm, PersonForm, RetentionForm
from desk.wording import privacy as words

blueprint = Blueprint("privacy", __name__)
KEEPING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
ADMINISTERING: Final = in_office(Role.ADMIN)
READING: Final = in_office(Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR)
PLACE: Final = "/offices/<int:office_id>/personal-data"


@blueprint.get(PLACE)
@access(KEEPING)
def page(office_id: int) -> ResponseReturnValue:
    """Show the search."""
    get_office(office_id)
    return _page(office_id, PersonForm(formdata=None)), 200


@blueprint.post(f"{PLACE}/searches")
@access(KEEPING)
def search(office_id: int) -> ResponseReturnValue:
    """Show what is kept of a person; recorded as a look."""
    get_office(office_id)
    form = PersonForm()
    if not form.validate_on_submit():
        return _page(office_id, form), 422
    kept = _find(office_id, form)
    if kept is None:
        return _page(office_id, form), 404
    _record(office_id, "looked")
    return _page(office_id, form, kept=kept)


def _find(office_id: int, form: PersonForm) -> Kept | None:
    try:
        return _shown(office_id, form.sought)
    except Refused as refused:
        if refused.reason is not Reason.UNKNOWN:
            raise
    said = gettext(
        "Nothing that you may see is kept here of this person. Try another address they may have used, or have somebody"
        " else search who had no hand in their matters."
    )
    form.form_errors.append(said)
    return None


def _shown(office_id: int, sought: Sought) -> Kept:
    return find_kept(reader(), office_id, sought).shown_to(acting(office_id).person_id)


def _record(office_id: int, verb: str) -> None:
    record_look(desk().streams, office_id, acting(office_id), verb=verb, subject=PERSONAL_DATA)


def _page(office_id: int, form: PersonForm, *, kept: Kept | None = None, wrong: ErasureForm | None = None) -> str:
    return render_template(
        "privacy/page.html",
        person_form=form,
        form=wrong or form,
        kept=kept,
        export_form=None if kept is None else ExportForm(formdata=None, **_carried(form.sought)),
        erasure_form=None if kept is None else wrong or ErasureForm(formdata=None, **_carried(form.sought)),
        language_path=url_for("privacy.page", office_id=office_id),
    )


def _carried(sought: Sought) -> dict[str, str]:
    day = "" if sought.day is None else sought.day.isoformat()
    return {"address": sought.address, "number": sought.number, "day": day}


@blueprint.post(f"{PLACE}/exports")
@access(KEEPING)
def export(office_id: int) -> ResponseReturnValue:
    """Give all of it out, as a file or as a page to print; recorded in the access log."""
    office, form = get_office(office_id), ExportForm()
    if not form.validate_on_submit():
        return _again(office_id, form.sought), 422
    kept = _shown(office_id, form.sought)
    _record(office_id, "exported")
    at = desk().streams.clock()
    data = {**_head(office.name, office.address, at), **collect(reader(), office_id, kept)}
    if form.form.data == "json":
        name = f"personal-data-{office.code}-{at:%Y%m%d-%H%M%S}.json"
        answer = Response(as_json(data), mimetype="application/json")
        answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    else:
        answer = _printed(office_id, data, form.form.data.removeprefix("page_"))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _printed(office_id: int, data: dict[str, Any], chosen: str) -> Response:
    with force_locale(chosen):
        back = url_for("privacy.page", office_id=office_id)
        page = render_template(
            "privacy/export.html",
            data=data,
            chosen=chosen,
            language=chosen,
            parse=datetime.fromisoformat,
            back=back,
            language_path=back,
        )
    return Response(page)


def _head(office: str, address: str, at: datetime) -> dict[str, Any]:
    made = {"office": office, "address": address, "made_at": at.isoformat(timespec="seconds")}
    return {**made, "made_by": current_user.name, "purposes": list(words.PURPOSES), "left_out": words.LEFT_OUT}


def _again(office_id: int, sought: Sought, *, wrong: ErasureForm | None = None) -> str:
    """Return the page with what was found, once more."""
    form = PersonForm(formdata=None, address=sought.address, number=sought.number, day=sought.day)
    return _page(office_id, form, kept=_shown(office_id, sought), wrong=wrong)


@blueprint.post(f"{PLACE}/erasures")
@access(KEEPING)
def erase(office_id: int) -> ResponseReturnValue:
    """Erase it; the register says that it happened, and not whose it was."""
    get_office(office_id)
    form = ErasureForm()
    if not form.validate_on_submit():
        return _again(office_id, form.sought, wrong=form), 422
    wish = operations.Wish(form.sought, form.why, with_notes=bool(form.notes.data), at_once=bool(form.at_once.data))
    request_ = asked(acting(office_id), "erase_person", wish=str(wish), who=_digest(office_id, form.sought))
    try:
        done = operations.erase_person(desk().streams, office_id, wish, request_)
    except Refused as refused:
        if refused.reason is not Reason.NOT_BY_A_HANDLER:
            raise
        form.form_errors.append(sentence(refused))
        return _again(office_id, form.sought, wrong=form), refusal_status(refused)
    flash(gettext("Erased. The statistics and the trail stay as they are."), "success")
    left = done.facts["open"]
    if left:
        said = ngettext(
            "The notes of %(num)d open matter were kept. Erase again when it is closed.",
            "The notes of %(num)d open matters were kept. Erase again when they are closed.",
            left,
        )
        flash(said, "info")
    return redirect(url_for("privacy.register", office_id=office_id), 303)


def _digest(office_id: int, sought: Sought) -> str:
    """Return what tells one request from another without saying whose data it is about."""
    return address_digest(desk().streams.keys.links, office_id, f"{sought.address}|{sought.number}|{sought.day}")


@blueprint.get(f"{PLACE}/register")
@access(READING)
def register(office_id: int) -> ResponseReturnValue:
    """Show what was erased, by whom and why, and who searched and exported."""
    get_office(office_id)
    return render_template(
        "privacy/register.html",
        erasures=register_reads.list_erasures(reader(), office_id, viewer_id=acting(office_id).person_id),
        looks=register_reads.list_personal_looks(reader(), office_id),
        limit=register_reads.LIMIT,
        words=words,
        may_open_files=bool(acting(office_id).roles & {Role.SUPERVISOR, Role.AUDITOR}),
    )


@blueprint.get("/offices/<int:office_id>/retention")
@access(ADMINISTERING)
def retention(office_id: int) -> ResponseReturnValue:
    """Show how long personal data are kept, and how far the rules came."""
    get_office(office_id)
    return _retention(office_id, RetentionForm.of(get_retention_rules(reader(), office_id)))


@blueprint.post("/offices/<int:office_id>/retention")
@access(ADMINISTERING)
def change_retention(office_id: int) -> ResponseReturnValue:
    """Set how long they are kept, now or from a later day on."""
    get_office(office_id)
    form = RetentionForm(RETENTION)
    target = url_for("privacy.retention", office_id=office_id)
    current = asdict(get_retention_rules(reader(), office_id))
    return submitted(office_id, form, _retention, target, kind=retention_rules.KIND, current=current)


def _retention(office_id: int, form: RetentionForm) -> str:
    return render_template(
        "privacy/retention.html",
        form=form,
        tracks=register_reads.list_tracks(reader(), office_id),
        words=words,
        language_path=url_for("privacy.retention", office_id=office_id),
    )
