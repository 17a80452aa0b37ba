"""What the forms share: lazy texts, filters that clean what people type, choices from the pick-lists."""

import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, SelectChoice, SelectField
from wtforms.validators import StopValidation, ValidationError

from desk.domain import texts
from desk.domain.refusals import Refused
from desk.domain.texts import require_fitting
from desk.web.numbers import with_separators
from desk.wording import N_
from desk.wording.refusals import SENTENCES, filled

RECEIVER_GONE: Final = N_("This receiver is not there any more. Choose another one.")


def lazy(message: str) -> Any:
    """Return a text that is translated when shown."""
    return lazy_gettext(message)


def new_key() -> str:
    """Return the key of one intention: a repeat under it gets the first answer."""
    return secrets.token_hex(16)


def one_line(value: str | None) -> str | None:
    """Return typed text on one line, fit to keep; nothing stays nothing."""
    return None if value is None else texts.one_line(value)


def several_lines(value: str | None) -> str | None:
    """Return typed text with its line breaks, fit to keep; nothing stays nothing."""
    return None if value is None else texts.several_lines(value)


def choices(words: Mapping[Any, str]) -> list[SelectChoice]:
    """Return the choices of a select or radio field from a table of code → message id."""
    return [
        SelectChoice(code.value if isinstance(code, StrEnum) else str(code), lazy(text)) for code, text in words.items()
    ]


class ReceiverField(SelectField):  # type: ignore[misc]
    """To whom; somebody of a fitting kind who is not offered is left to the operation, whose refusal says why not."""

    def __init__(self, label: Any, validators: Any, *, kinds: tuple[str, ...], **more: Any) -> None:
        """Make the field of these kinds of receivers ("officer", "counter", "service", "pool")."""
        super().__init__(label, validators, invalid_choice_message=lazy(RECEIVER_GONE), **more)
        self.kinds = kinds

    def pre_validate(self, form: Any) -> None:
        """Refuse what names nobody at all."""
        kind, _, number = (self.data or "").partition("-")
        if kind not in self.kinds or not re.fullmatch("[0-9]{1,18}", number):
            super().pre_validate(form)


class NoteLength:
    """Refuse a note that is too long, with what it has and what fits.

    The field gets no `maxlength`: a browser would cut off what is pasted without a word. `said` is how it is said to
    somebody for whom it is no note: with %(length)s, %(most)s, %(over)s.
    """

    def __init__(self, said: str | None = None) -> None:
        """Make the check with its own words."""
        self._said = said

    def __call__(self, form: Any, field: Any) -> None:
        """Check what was typed."""
        try:
            require_fitting(field.data)
        except Refused as refused:
            said = self._said or SENTENCES[refused.reason].text
            raise ValidationError(filled(gettext(said), with_separators(refused.details))) from refused


def tell_needed(field: Any, needing: Collection[str], choices: Iterable[str]) -> None:
    """Call a text needed where every choice needs it, and not optional where some do."""
    needed = [each in needing for each in choices]
    field.flags.required = bool(needed) and all(needed)
    field.flags.needed_by_some = any(needed)


class CountField(IntegerField):  # type: ignore[misc]
    """A whole number; what is none gets the one message and no other."""

    def pre_validate(self, form: Any) -> None:
        """Stop where nothing could be read."""
        if self.process_errors:
            raise StopValidation
