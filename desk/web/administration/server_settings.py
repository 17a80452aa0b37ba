"""What holds for the server and all of its offices: public address, mail, backups; set without a shell on it.

Only who keeps the server sees and changes it, and shows before that it is them. What the environment sets is
shown, and cannot be changed here.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from desk.domain.access import Role
from desk.models import Person
from desk.operations.accounts.server_keepers import refused_to_others
from desk.reads.administering import is_keeper, list_keepers, list_possible_keepers
from desk.settings import Settings
from desk.settings_kept import FIELDS, MAIL_SERVER
from desk.settings_now import reread
from desk.web.access import access, in_office
from desk.web.accounts.reauthentication import is_fresh
from desk.web.administration.backup_words import view_of_backups
from desk.web.administration.keeping_server import is_kept, kept_in_turn, kept_now, setting_of
from desk.web.context import acting, desk, get_office, reader
from desk.web.errors import error_page, refusal_status, sentence
from desk.web.forms.backups import RECIPIENTS, BackupForm
from desk.web.forms.fields import new_key
from desk.web.forms.keepers import KeeperForm
from desk.web.forms.server import AddressForm, MailForm, ServerForm
from desk.wording import N_
from desk.wording.settings import LABELS

blueprint = Blueprint("server_settings", __name__)
ADMINISTERING: Final = in_office(Role.ADMIN)
PAGE: Final = "/offices/<int:office_id>/server"
CONFIRM_FIRST: Final = N_("Nothing was changed yet. Confirm that it is you, and send it once more.")

Kept = Mapping[str, str]
Make = Callable[[Kept], ServerForm]


@blueprint.get(PAGE)
@access(ADMINISTERING)
def page(office_id: int) -> ResponseReturnValue:
    """Show what is set, and from where it comes."""
    get_office(office_id)
    return refusal(office_id) or _page(office_id)


@blueprint.post(f"{PAGE}/address")
@access(ADMINISTERING)
def change_address(office_id: int) -> ResponseReturnValue:
    """Set what QR codes and messages point at."""
    return _change(office_id, "address", lambda kept: AddressForm(_fixed()))


@blueprint.post(f"{PAGE}/mail")
@access(ADMINISTERING)
def change_mail(office_id: int) -> ResponseReturnValue:
    """Set the mail server and the sender."""
    return _change(office_id, "mail", lambda kept: MailForm(_fixed(), kept))


@blueprint.post(f"{PAGE}/backups")
@access(ADMINISTERING)
def change_backups(office_id: int) -> ResponseReturnValue:
    """Set when backups are made, where they go, who can open them, and how many stay."""
    return _change(office_id, "backup", lambda kept: BackupForm(_fixed()))


def _change(office_id: int, part: str, make: Make) -> ResponseReturnValue:
    """Keep what was typed; whatever is wrong with it stands in the form, with all but the password."""
    get_office(office_id)
    refused = refusal(office_id)
    if refused is not None:
        return refused
    with kept_in_turn() as kept:
        form = make(kept)
        is_changed = is_fresh() and form.validate_on_submit() and is_kept(office_id, part, form, kept)
    if not is_changed:
        return _page(office_id, **{part: form}), 422
    flash(gettext("Saved. It holds from now on, without a restart."), "success")
    return redirect(_here(office_id, ANCHORS[part]), 303)


def refusal(office_id: int) -> ResponseReturnValue | None:
    """Return the page for who does not keep the server: it says who does."""
    if is_keeper(reader(), acting(office_id).person_id or 0):
        return None
    refused = refused_to_others(reader())
    return error_page(refusal_status(refused), text=sentence(refused))


# Where each part stands on the page, by the steps of the list of the setting up.
ANCHORS: Final = {"address": "address", "mail": "sender", "backup": "backup"}


def _page(
    office_id: int,
    *,
    address: ServerForm | None = None,
    mail: ServerForm | None = None,
    backup: ServerForm | None = None,
) -> str:
    settings, kept = reread(desk().settings), kept_now()
    given = address or mail or backup
    return render_template(
        "administration/server.html",
        address=address or AddressForm(_fixed(), formdata=None, public_address=kept.get("DESK_BASE_URL")),
        mail=mail or MailForm(_fixed(), kept, formdata=None, **_typed_mail(kept)),
        backup=backup or BackupForm(_fixed(), formdata=None, **_typed_backup(kept)),
        given=given,
        fixed={part: _lines(settings, part) for part in ANCHORS},
        settings=settings,
        backup_clock=_said_of_clock(settings),
        backups=view_of_backups(settings, at=desk().streams.clock()),
        has_password=bool(kept.get("DESK_SMTP_PASSWORD")),
        own_email=reader().execute(select(Person.email).where(Person.id == acting(office_id).person_id)).scalar(),
        keepers=list_keepers(reader()),
        keeper=KeeperForm(list_possible_keepers(reader()), formdata=None),
        is_fresh=is_fresh(),
        confirm_first=gettext(CONFIRM_FIRST),
        here=_here(office_id),
        language_path=_here(office_id),
        new_key=new_key,
    )


def _said_of_clock(settings: Settings) -> str:
    """Return what the clock of the server says now, and the office's; and what the time of a backup is there."""
    now = datetime.now().astimezone()
    there = now.astimezone(ZoneInfo(g.office.zone))
    said = gettext(
        "The clock of the server says %(server)s now (%(zone)s); it is %(office)s in the office.",
        server=f"{now:%H:%M}", zone=now.tzname(), office=f"{there:%H:%M}",
    )  # fmt: skip
    at = settings.backups.at
    if at is None or there.utcoffset() == now.utcoffset():
        return said
    due = datetime.combine(now.date(), at).astimezone().astimezone(there.tzinfo)
    more = gettext(
        "A backup at %(server)s is made at %(office)s of the office.", server=f"{at:%H:%M}", office=f"{due:%H:%M}"
    )
    return f"{said} {more}"


def _fixed() -> frozenset[str]:
    return desk().settings.kept.fixed


def _here(office_id: int, anchor: str | None = None) -> str:
    return url_for("server_settings.page", office_id=office_id, _anchor=anchor)


def _typed_mail(kept: Kept) -> dict[str, Any]:
    if not kept.get("DESK_SMTP_HOST"):
        return {"mail_from": kept.get("DESK_MAIL_FROM")}
    return {
        "host": kept["DESK_SMTP_HOST"],
        "port": _number(kept.get("DESK_SMTP_PORT", "25")),
        "starttls": kept.get("DESK_SMTP_STARTTLS") == "1",
        "username": kept.get("DESK_SMTP_USERNAME"),
        "mail_from": kept.get("DESK_MAIL_FROM"),
    }


def _typed_backup(kept: Kept) -> dict[str, Any]:
    try:
        at = datetime.strptime(kept.get("DESK_BACKUP_AT", ""), "%H:%M").time()  # noqa: DTZ007  of the machine
    except ValueError:
        at = None
    return {
        "backup_at": at,
        "backup_keep": _number(kept.get("DESK_BACKUP_KEEP", "30")),
        "backup_folder": kept.get("DESK_BACKUP_FOLDER"),
        "backup_recipients": kept.get(RECIPIENTS),
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _lines(settings: Settings, part: str) -> list[tuple[str, str, str]]:
    """Return what the environment fixes of a part: what it is, how it is set, and by which variables."""
    names = [name for name in FIELDS if name in settings.kept.fixed and _PARTS[name] == part]
    return [(gettext(LABELS[setting_of(name)]), _shown(settings, name), _set_by(settings, name)) for name in names]


_PARTS: Final = {name: {"": "address", "mail": "mail", "backups": "backup"}[part] for name, (part, _) in FIELDS.items()}


def _set_by(settings: Settings, name: str) -> str:
    given = settings.kept.given
    return name if name in given else ", ".join(each for each in MAIL_SERVER if each in given)


def _shown(settings: Settings, name: str) -> str:
    part, field = FIELDS[name]
    value = getattr(getattr(settings, part) if part else settings, field)
    if name == "DESK_SMTP_PASSWORD":
        return gettext("set") if value else "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return _words(value)


def _words(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(value) or "–"
    return f"{value:%H:%M}" if hasattr(value, "hour") else str(value or "–")
