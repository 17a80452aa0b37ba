"""Setting up a poster or a tablet for the survey."""

from typing import Any

from flask_babel import gettext
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, ValidationError

from desk.domain.points import PointKind
from desk.web.forms.base import Form
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import choices, lazy, new_key
from desk.wording import N_
from desk.wording.answers import POINTS

ANY = 0
Choices = list[tuple[int, str]]


class PointForm(Form):
    """What it is, and what it asks about; a tablet stands at a counter."""

    key = HiddenField(default=new_key)
    kind = RadioField(
        lazy(N_("What do you want to set up?")),
        [DataRequired(lazy(N_("Choose a poster or a tablet.")))],
        choices=choices(POINTS),
        default=PointKind.POSTER.value,
        invalid_choice_message=lazy(N_("Choose a poster or a tablet.")),
    )
    service = SelectField(
        lazy(N_("Service")),
        coerce=whole_number,
        description=lazy(N_("For a poster that hangs where one service is given.")),
    )
    counter = SelectField(
        lazy(N_("Counter")),
        coerce=whole_number,
        description=lazy(N_("A tablet asks whoever has just been served at this counter.")),
    )

    def __init__(self, *, services: Choices, counters: Choices, **more: Any) -> None:
        """Make the form with the services and counters in use."""
        super().__init__(**more)
        self.service.choices = [(ANY, gettext("The office as a whole")), *services]
        self.counter.choices = [(ANY, gettext("None")), *counters]

    def validate_counter(self, field: Any) -> None:
        """Demand a counter for a tablet."""
        if self.kind.data == PointKind.TABLET and not field.data:
            raise ValidationError(lazy(N_("Choose the counter at which the tablet stands.")))
