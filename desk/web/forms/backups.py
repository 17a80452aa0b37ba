"""The forms of backups: when, where and for whom they are made; and that somebody has kept the key that opens them."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from flask import current_app
from flask_babel import gettext
from wtforms import BooleanField, HiddenField, StringField, TimeField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from desk.backups.sealing import BadKey, read_recipients
from desk.backups.whereabouts import make_usable
from desk.web.context import desk
from desk.web.forms.fields import CountField, lazy, one_line
from desk.web.forms.server import ServerForm
from desk.wording import N_

RECIPIENTS: Final = "DESK_BACKUP_RECIPIENTS"
MOST_KEPT: Final = 10_000
LONGEST_FOLDER: Final = 1_000
LONGEST_RECIPIENTS: Final = 1_300  # twenty of them
_SECRET: Final = "age-secret-key-"  # noqa: S105 - how each begins, in whatever case
_FIT: Final = lazy(N_("Use at most %(max)d characters."))
_KEEP: Final = lazy(N_("Give a number from 0 to 10,000; 0 keeps all."))
_TICK: Final = lazy(N_("Save the key first, and tick this then."))
NO_PATH: Final = N_("Give the whole path, like /mnt/backups/desk.")
PUBLIC_FOLDER: Final = N_("Whatever lies in this folder is shown to everybody. Choose another one.")
OF_SECRETS: Final = N_("The secrets lie in this folder. Choose another one.")
UNUSABLE: Final = N_("This folder cannot be made or written by the desk. Mount its disk, and let the desk write there.")
NO_RECIPIENT: Final = N_(
    "What begins with “%(begin)s” is no recipient. One begins with age1 and is 62 characters long."
)
SECRET_TYPED: Final = N_(
    "This is the key itself, which must not be on this server: it was not kept. Give the recipient, which begins with"
    " age1; it stands in the same file."
)


class BackupForm(ServerForm):
    """When a backup is made every day, how many stay, where they go, and who can open them."""

    NAMES = {  # noqa: RUF012
        "backup_at": "DESK_BACKUP_AT",
        "backup_keep": "DESK_BACKUP_KEEP",
        "backup_folder": "DESK_BACKUP_FOLDER",
        "backup_recipients": RECIPIENTS,
    }
    backup_at = TimeField(
        lazy(N_("Every day at")),
        [Optional()],
        description=lazy(N_("By the clock of the server. Empty: none is made by itself.")),
    )
    backup_keep = CountField(
        lazy(N_("How many are kept")),
        [InputRequired(_KEEP), NumberRange(0, MOST_KEPT, _KEEP)],
        default=30,
        invalid_value_message=_KEEP,
        description=lazy(N_("Older ones are removed after a good new one; 0 keeps all.")),
    )
    backup_folder = StringField(
        lazy(N_("Folder on the server")),
        [Length(max=LONGEST_FOLDER, message=_FIT)],
        filters=[one_line],
        description=lazy(
            N_(
                "Best on another machine’s disk, mounted on this one, like /mnt/backups/desk. Empty: beside the data,"
                " on their disk."
            )
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    backup_recipients = StringField(
        lazy(N_("Encrypted for")),
        [Length(max=LONGEST_RECIPIENTS, message=_FIT)],
        filters=[one_line],
        description=lazy(
            N_("Recipients that begin with age1, with blanks between; each one’s key opens them. Empty: not encrypted.")
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def validate_backup_folder(self, field: StringField) -> None:
        """Refuse where no backup can lie, or everybody could fetch it; make what is missing of it."""
        if not field.data:
            return
        folder = Path(field.data)
        if not folder.is_absolute() or not field.data.isprintable():
            raise ValidationError(gettext(NO_PATH))
        try:
            _require_private(folder.resolve())
            make_usable(folder)
        except (OSError, RuntimeError, ValueError) as error:  # a circle of links, a name that is none
            if isinstance(error, ValidationError):
                raise
            raise ValidationError(gettext(UNUSABLE)) from error

    def validate_backup_recipients(self, field: StringField) -> None:
        """Refuse what is no recipient; a key that was typed by mistake is not even sent back."""
        field.data = " ".join((field.data or "").replace(",", " ").split())
        if _SECRET in field.data.lower():
            field.data = ""
            raise ValidationError(gettext(SECRET_TYPED))
        require_recipients(field)


class KeptKeyForm(ServerForm):
    """That somebody has kept a key away from the server: from then on backups are encrypted for it."""

    recipient = HiddenField()
    is_kept = BooleanField(lazy(N_("I have saved the key, and keep it away from this server")), [InputRequired(_TICK)])

    def __init__(self, fixed: Collection[str], kept: Mapping[str, str], **named: Any) -> None:
        """Make the form over what is kept now."""
        super().__init__(fixed, **named)
        self._known = kept.get(RECIPIENTS, "").split()
        self._is_fixed = RECIPIENTS in fixed

    def validate_recipient(self, field: HiddenField) -> None:
        """Refuse what the page did not offer."""
        require_recipients(field)
        if not field.data or self._is_fixed:
            raise ValidationError(gettext(N_("For whom backups are encrypted is set on the server.")))

    @property
    def values(self) -> dict[str, str]:
        """What is to be kept: the recipient, after those there are."""
        return {RECIPIENTS: " ".join(dict.fromkeys([*self._known, self.recipient.data or ""]))}


def require_recipients(field: StringField) -> None:
    """Raise `ValidationError` for what is no recipient."""
    for each in (field.data or "").split():
        try:
            read_recipients([each])
        except BadKey as error:
            raise ValidationError(gettext(NO_RECIPIENT) % {"begin": each[:8]}) from error


def _require_private(folder: Path) -> None:
    """Raise `ValidationError` for a folder whose files the desk gives to everybody, and for that of the secrets."""
    if folder.is_relative_to(Path(current_app.static_folder or "").resolve()):
        raise ValidationError(gettext(PUBLIC_FOLDER))
    if folder.is_relative_to((desk().settings.data / "secrets").resolve()):
        raise ValidationError(gettext(OF_SECRETS))
