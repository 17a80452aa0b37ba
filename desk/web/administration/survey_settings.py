"""The survey settings of an office: whom to ask, how often and when, and what that means. For administrators."""

from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desk.domain.access import Role
from desk.operations.settings.survey_settings import KIND
from desk.reads import survey_settings as reads
from desk.reads.opting import count_blocks
from desk.web.access import access, in_office
from desk.web.administration.planning import submitted
from desk.web.context import desk, get_office, language, reader
from desk.web.forms.survey_settings import SettingsForm, settings_form, shown_values

blueprint = Blueprint("survey_settings", __name__)
KEEPING: Final = in_office(Role.ADMIN)
SETTINGS: Final = "/offices/<int:office_id>/survey-settings"


@blueprint.get(SETTINGS)
@access(KEEPING)
def page(office_id: int) -> ResponseReturnValue:
    """Show how the office asks, and of how many transactions that would have been so far."""
    get_office(office_id)
    return _page(office_id, _form(office_id, blank=True))


@blueprint.post(SETTINGS)
@access(KEEPING)
def change(office_id: int) -> ResponseReturnValue:
    """Set it now or on a later day, or (`go` is preview) only say what it would mean."""
    get_office(office_id)
    form = _form(office_id, blank=False)
    if request.form.get("go") == "preview" and form.validate_on_submit():
        return _page(office_id, form, is_preview=True)
    target = url_for("survey_settings.page", office_id=office_id)
    current = shown_values(reads.get_settings(reader(), office_id), reads.list_shares(reader(), office_id))
    return submitted(office_id, form, _page, target, kind=KIND, current=current)


def _form(office_id: int, *, blank: bool) -> SettingsForm:
    settings, services = reads.get_settings(reader(), office_id), reads.list_shares(reader(), office_id)
    return settings_form(settings, services, language=language(), blank=blank)


def _page(office_id: int, form: SettingsForm, *, is_preview: bool = False) -> str:
    past = reads.list_past(reader(), office_id, at=desk().streams.clock())
    saved = reads.get_settings(reader(), office_id)
    shares = {each.id: each.percent for each in reads.list_shares(reader(), office_id)}
    return render_template(
        "survey_settings/page.html",
        form=form,
        in_force=reads.estimate(past, saved, shares),
        tried=reads.estimate(past, form.wanted, form.shares) if is_preview else None,
        days=reads.DAYS,
        blocks=count_blocks(reader(), office_id),
        language_path=url_for("survey_settings.page", office_id=office_id),
    )
