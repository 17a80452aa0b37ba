"""What a visitor does on their own page: nothing to type, only to confirm."""

from typing import Final

from wtforms import HiddenField

from desk.web.forms.base import Form
from desk.web.forms.fields import new_key

MAX_DIGITS: Final = 18  # of an id


class ConfirmForm(Form):
    """One press that is meant."""

    key = HiddenField(default=new_key)


class GiveWayForm(ConfirmForm):
    """One press, and who was shown as the one to pass."""

    passes = HiddenField()

    @property
    def passed(self) -> int | None:
        """The transaction of whoever was shown; None where that is no number."""
        text = self.passes.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS else None
