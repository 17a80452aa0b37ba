"""What a visitor does on their own page: nothing to type, only to confirm."""

from flask_wtf import FlaskForm
from wtforms import HiddenField

from desk.web.forms.fields import new_key


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """One press that is meant."""

    key = HiddenField(default=new_key)
