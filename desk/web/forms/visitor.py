"""What a visitor does on their own page: nothing to type, only to confirm."""

from wtforms import HiddenField

from desk.web.forms.base import Form
from desk.web.forms.fields import new_key


class ConfirmForm(Form):
    """One press that is meant."""

    key = HiddenField(default=new_key)
