"""The form for a file of services, staff or calendars."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import RadioField
from wtforms.validators import InputRequired, ValidationError

from desk.web.forms.base import Form
from desk.web.forms.fields import choices, lazy
from desk.wording import N_
from desk.wording.tables import TABLES


class TableForm(Form):
    """What the file holds, and the file."""

    table = RadioField(
        lazy(N_("What is in the file?")),
        [InputRequired(lazy(N_("Choose what is in the file.")))],
        choices=choices(TABLES),
        invalid_choice_message=lazy(N_("Choose what is in the file.")),
    )
    file = FileField(
        lazy(N_("File")),
        description=lazy(
            N_(
                "CSV or XLSX with a line of column names. Dates as 2027-03-09, or 09/03/2027: day, month, year. Columns"
                " and rows that are left out stay as they are."
            )
        ),
    )

    def __init__(self, **more: Any) -> None:
        """Make the form."""
        super().__init__(**more)
        self.file.flags.required = True

    def validate_file(self, field: Any) -> None:
        """Demand a file."""
        if not field.data:
            raise ValidationError(lazy(N_("Choose a file.")))
