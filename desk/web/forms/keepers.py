"""The form by which another administrator keeps the server too."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField
from wtforms.validators import InputRequired

from desk.reads.administering import Administrator
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy
from desk.wording import N_


class KeeperForm(Form):
    """Who is to keep it too, of those who may."""

    person = SelectField(
        lazy(N_("Let another administrator keep the server")), [InputRequired(lazy(N_("Choose an administrator.")))]
    )

    def __init__(self, possible: Sequence[Administrator], **more: Any) -> None:
        """Make the form of these administrators."""
        super().__init__(**more)
        named = [(str(each.id), f"{each.name} ({each.username})") for each in possible]
        self.person.choices = [("", lazy(N_("Choose an administrator."))), *named]
