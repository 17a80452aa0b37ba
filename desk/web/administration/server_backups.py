"""Backups that outlive the machine, without a shell on it: the key that opens them, and one to take along.

The key is shown in the one answer it is made for, and is kept nowhere here. What is given out is encrypted only.
"""

import os
from collections.abc import Iterator
from typing import IO, Final

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.backups.downloads import Download, note_download
from desk.backups.folder import Kept, list_backups
from desk.backups.ordering import folder_of
from desk.backups.sealing import KeyPair, make_pair
from desk.models import db
from desk.operations.keeping.looking import record_look
from desk.settings_now import reread
from desk.web.access import access
from desk.web.accounts.reauthentication import ask_first, fresh, is_fresh
from desk.web.administration.keeping_server import is_kept, kept_in_turn, kept_now
from desk.web.administration.server_settings import ADMINISTERING, CONFIRM_FIRST, PAGE, refusal
from desk.web.context import acting, desk, get_office
from desk.web.errors import back_with
from desk.web.forms.backups import RECIPIENTS, KeptKeyForm
from desk.web.forms.fields import new_key

blueprint = Blueprint("server_backups", __name__)
_BLOCK: Final = 1 << 20


@blueprint.post(f"{PAGE}/backup-keys")
@access(ADMINISTERING)
def make_key(office_id: int) -> ResponseReturnValue:
    """Show a new key, the only time; nothing is changed before somebody says that it is kept."""
    get_office(office_id)
    refused = refusal(office_id)
    if refused is not None:
        return refused
    if not is_fresh():
        return ask_first(_back(office_id))
    settings = reread(desk().settings)
    if RECIPIENTS in settings.kept.fixed or settings.backups.recipients:
        said = gettext("Backups are encrypted already, for a key that somebody has. Nothing was made.")
        return back_with(said, _back(office_id))
    pair = make_pair()
    form = KeptKeyForm((), {}, formdata=None, recipient=pair.recipient)
    return _page_of_key(office_id, form, pair)


@blueprint.post(f"{PAGE}/backup-recipients")
@access(ADMINISTERING)
def add_recipient(office_id: int) -> ResponseReturnValue:
    """Encrypt backups for a key from now on, as somebody has kept it."""
    get_office(office_id)
    refused = refusal(office_id)
    if refused is not None:
        return refused
    with kept_in_turn() as kept:
        form = KeptKeyForm(desk().settings.kept.fixed, kept)
        is_added = is_fresh() and form.validate_on_submit() and is_kept(office_id, "recipient", form, kept)
    if not is_added:
        return _page_of_key(office_id, form, None, status=422)
    flash(gettext("From now on backups are encrypted. Make one now, and download it."), "success")
    return redirect(_back(office_id), 303)


@blueprint.get(f"{PAGE}/backups/newest")
@access(ADMINISTERING)
@fresh
def download(office_id: int) -> ResponseReturnValue:
    """Give out the newest backup, if nobody can read it without the key; it is on record who took it along."""
    get_office(office_id)
    refused = refusal(office_id)
    if refused is not None:
        return refused
    newest = next(iter(list_backups(folder_of(desk().settings))), None)
    if newest is None or not newest.is_encrypted:
        said = gettext("There is no encrypted backup to download. Others are not given out: anybody could read them.")
        return back_with(said, _back(office_id))
    try:
        content = newest.file.open("rb")
    except OSError as error:
        current_app.logger.error("a backup cannot be read: %s", error.strerror)
        return back_with(gettext("The backup cannot be read."), _back(office_id))
    record_look(desk().streams, office_id, acting(office_id), verb="exported", subject="backup")
    db.session.rollback()  # it may take a while
    return _attachment(newest, content)


def _attachment(kept: Kept, content: IO[bytes]) -> Response:
    answer = Response(_given(kept, content), mimetype="application/octet-stream")
    answer.content_length = os.fstat(content.fileno()).st_size
    answer.headers["Content-Disposition"] = f"attachment; filename={kept.file.name}"
    answer.headers["Cache-Control"] = "no-store"
    answer.call_on_close(content.close)
    return answer


def _given(kept: Kept, content: IO[bytes]) -> Iterator[bytes]:
    """Return the blocks of a backup, and note once the last was taken that it was downloaded."""
    data, clock = desk().settings.data, desk().streams.clock

    def blocks() -> Iterator[bytes]:
        while block := content.read(_BLOCK):
            yield block
        note_download(data, Download(kept.file.name, kept.made_at, clock()))

    return blocks()


def _page_of_key(office_id: int, form: KeptKeyForm, pair: KeyPair | None, *, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "administration/backup_key.html",
        form=form,
        pair=pair,
        confirm_first=None if is_fresh() else gettext(CONFIRM_FIRST),
        has_recipients=bool(kept_now().get(RECIPIENTS)),
        here=_back(office_id),
        language_path=_back(office_id),
        new_key=new_key,
    )
    answer = Response(page, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _back(office_id: int) -> str:
    return url_for("server_settings.page", office_id=office_id, _anchor="backup")
