"""The form that closes an office for good: its name is typed, so that it is no other one."""

from typing import Any

from flask_babel import gettext
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, ValidationError

from desk.domain.texts import one_line as on_one_line
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, new_key, one_line
from desk.wording import N_


class RetirementForm(Form):
    """The name of the office that is meant, with small or capital letters."""

    key = HiddenField(default=new_key)
    name = StringField(
        lazy(N_("Name of the office")),
        [InputRequired(lazy(N_("Type the name of the office to confirm.")))],
        filters=[one_line],
        description=lazy(N_("Type it as it stands above, to confirm that it is this one.")),
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, office: str, **more: Any) -> None:
        """Make the form for the office of that name."""
        super().__init__(**more)
        self._office = on_one_line(office)

    def validate_name(self, field: StringField) -> None:
        """Demand the name of this office."""
        if (field.data or "").casefold() != self._office.casefold():
            said = gettext("This is not the name of this office, which is “%(name)s”.", name=self._office)
            raise ValidationError(said)
