"""The forms around the console: a further service, limits for everybody, ready-made texts, one's own habits."""

import re
from typing import Any, Final

from wtforms import BooleanField, IntegerField, RadioField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from desk.domain.console import LONGEST_SNIPPET, Alert, Habits, Hand
from desk.domain.facts import JSON
from desk.domain.slips import BOUNDS
from desk.operations.settings.console_limits import OF_SERVICE
from desk.web.administration.planning import PlannedForm
from desk.web.forms.base import Form
from desk.web.forms.counter import CHOOSE, StepForm, whole_number
from desk.web.forms.fields import choices, lazy, one_line
from desk.wording import N_

HANDS: Final = {
    Hand.LETTERS: N_("Letters that call the verbs to mind, for both hands"),
    Hand.LEFT: N_("Keys under the left hand"),
    Hand.RIGHT: N_("Keys under the right hand"),
}
ALERTS: Final = {
    Alert.OFFERS: N_("A colleague hands something over, or a handoff comes back"),
    Alert.REQUESTS: N_("A colleague asks something"),
    Alert.ANSWERS: N_("An answer has come"),
    Alert.DUE: N_("Something is due: a pause is over, or a date has come"),
    Alert.WAITING: N_("A visitor waits while the counter is free"),
}
GIVE_CODE: Final = N_("Give a short word of 1 to 12 letters and digits.")
TOO_LONG: Final = N_("The text has at most %(max)d characters.")
CODE_TYPED: Final = re.compile(r"\s*/?[A-Za-z0-9]{1,12}\s*\Z", re.ASCII)
CHOOSE_SERVICE: Final = N_("Choose a service.")
WITHIN: Final = N_("Enter a whole number from %(min)s to %(max)s.")


class MatterForm(StepForm):
    """What else the visitor at the counter has come for."""

    service = SelectField(
        lazy(N_("Service")),
        [InputRequired(lazy(CHOOSE_SERVICE))],
        coerce=whole_number,
        invalid_choice_message=lazy(CHOOSE_SERVICE),
    )

    def __init__(self, place: str, *, services: list[SelectChoice], **more: Any) -> None:
        """Make the form with the services that can be added."""
        super().__init__(place, **more)
        self.service.choices = [CHOOSE, *services]


def _number(label: str, name: str, *, hint: str = "", needed: bool = True) -> IntegerField:
    least, most = BOUNDS[name]
    first = InputRequired(lazy(N_("Enter a whole number."))) if needed else Optional()
    given = {"min": least, "max": most, "inputmode": "numeric"}
    bounds = NumberRange(least, most, lazy(WITHIN))
    return IntegerField(lazy(label), [first, bounds], description=lazy(hint) if hint else "", render_kw=given)


class LimitsForm(PlannedForm):
    """From when on a visitor has not come, and how long a slip can be undone; now or from a later day on."""

    no_show_calls = _number(
        N_("Calls before it can be said that a visitor did not come"),
        "no_show_calls",
        hint=N_("1: the first call is enough."),
    )
    no_show_after_s = _number(
        N_("Seconds to come after the last call"), "no_show_after_s", hint=N_("0: it can be said at once.")
    )
    undo_s = _number(
        N_("Seconds in which an officer can undo the last step"), "undo_s", hint=N_("0: nothing can be undone.")
    )

    @property
    def values(self) -> dict[str, JSON]:
        """The columns of the office."""
        return {name: self[name].data for name in BOUNDS}


class ServiceLimitsForm(PlannedForm):
    """The same of one service; left empty, as the office has it."""

    no_show_calls = _number(N_("Calls"), "no_show_calls", needed=False)
    no_show_after_s = _number(N_("Seconds after the last call"), "no_show_after_s", needed=False)

    @property
    def values(self) -> dict[str, JSON]:
        """The columns of the service."""
        return {name: self[name].data for name in OF_SERVICE}


class SnippetForm(StepForm):
    """A ready-made text and the short word that stands for it."""

    code = StringField(
        lazy(N_("Short word")),
        [InputRequired(lazy(GIVE_CODE)), Regexp(CODE_TYPED, message=lazy(GIVE_CODE))],
        filters=[one_line],
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
        description=lazy(N_("In a note, type / and this word, then a space.")),
    )
    words = StringField(
        lazy(N_("Text")),
        [InputRequired(lazy(N_("Write the text."))), Length(max=LONGEST_SNIPPET, message=lazy(TOO_LONG))],
        filters=[one_line],
        description=lazy(N_("No names, numbers or addresses of visitors: it is used again and again.")),
        render_kw={"autocomplete": "off"},
    )


class HabitsForm(Form):
    """How somebody wants their console."""

    hand = RadioField(lazy(N_("Keys")), [InputRequired(lazy(N_("Choose the keys.")))], choices=choices(HANDS))
    strip = BooleanField(lazy(N_("Show the keys at the foot of the page all the time")))
    alerts = SelectMultipleField(
        lazy(N_("Sound, and a number in the title")),
        [Optional()],
        choices=choices(ALERTS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=lazy(N_("Heard while you look at another tab or window.")),
    )

    @property
    def habits(self) -> Habits:
        """What was chosen."""
        return Habits(Hand(self.hand.data), bool(self.strip.data), frozenset(map(Alert, self.alerts.data or [])))
