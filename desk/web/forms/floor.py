"""The supervisor's forms: whom to sign on, which service to add, what to tell the floor, when something is a gap."""

from typing import Final

from flask_babel import gettext
from wtforms import IntegerField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, StopValidation

from desk.domain.gaps import BOUNDS, Thresholds
from desk.domain.refusals import Reason
from desk.operations.floor import LONGEST_MESSAGE
from desk.web.forms.counter import CHOOSE, StepForm, whole_number
from desk.web.forms.fields import lazy, several_lines
from desk.wording import N_
from desk.wording.refusals import SENTENCES

CHOOSE_OFFICER: Final = N_("Choose an officer.")
CHOOSE_SERVICE: Final = N_("Choose a service.")
CHOOSE_HOW_LONG: Final = N_("Choose for how long it is shown.")
WITHIN_BOUNDS: Final = N_("Enter a whole number within the bounds.")
SHOWN: Final = {
    5: N_("5 minutes"),
    15: N_("15 minutes"),
    30: N_("30 minutes"),
    60: N_("1 hour"),
    240: N_("4 hours"),
    480: N_("8 hours"),
}
EVERYBODY: Final = SelectChoice("", lazy(N_("All counters")))
# By field, the setting behind it and how many of its units make one of the form's.
UNITS: Final = {
    "offer": ("gap_offer_s", 60),
    "called": ("gap_called_s", 60),
    "silent": ("gap_silent_s", 3600),
    "handoffs": ("gap_handoffs", 1),
    "percent": ("risk_percent", 1),
}


class OpeningForm(StepForm):
    """Who opens a counter."""

    officer = SelectField(
        lazy(N_("Officer")),
        [InputRequired(lazy(CHOOSE_OFFICER))],
        coerce=whole_number,
        invalid_choice_message=lazy(N_("This colleague is not free any more. Choose another one.")),
    )

    def __init__(self, officers: list[SelectChoice], *, blank: bool = False) -> None:
        """Make the form with these officers."""
        super().__init__("opening", blank=blank)
        self.officer.choices = [CHOOSE, *officers]

    def validate_officer(self, field: SelectField) -> None:
        """Demand somebody: the empty choice is nobody."""
        if not field.data:
            raise StopValidation(lazy(CHOOSE_OFFICER))


class SkillForm(StepForm):
    """Which service an officer serves from now on."""

    service = SelectField(
        lazy(N_("Service")),
        [InputRequired(lazy(CHOOSE_SERVICE))],
        coerce=whole_number,
        # One that was added meanwhile is refused by the rules, which can say why.
        validate_choice=False,
    )

    def __init__(self, services: list[SelectChoice], *, blank: bool = False) -> None:
        """Make the form with these services."""
        super().__init__("skill", blank=blank)
        self.service.choices = [CHOOSE, *services]

    def validate_service(self, field: SelectField) -> None:
        """Demand one: the empty choice is none."""
        if not field.data:
            raise StopValidation(lazy(CHOOSE_SERVICE))


class MessageForm(StepForm):
    """A message to all consoles, or to one."""

    words = TextAreaField(
        lazy(N_("Message")),
        [
            InputRequired(lazy(SENTENCES[Reason.MESSAGE_EMPTY].text)),
            Length(max=LONGEST_MESSAGE, message=lazy(N_("The message is too long: 500 characters at most."))),
        ],
        filters=[several_lines],
        render_kw={"rows": 2},
        description=lazy(N_("No names of visitors: the message stands on screens that others see.")),
    )
    counter = SelectField(lazy(N_("To")), validate_choice=False)
    minutes = SelectField(
        lazy(N_("Shown for")),
        [InputRequired(lazy(CHOOSE_HOW_LONG))],
        choices=[SelectChoice(str(minutes), lazy(text)) for minutes, text in SHOWN.items()],
        coerce=whole_number,
        default=15,
        invalid_choice_message=lazy(CHOOSE_HOW_LONG),
    )

    def __init__(self, counters: list[SelectChoice], *, blank: bool = False) -> None:
        """Make the form with these counters."""
        super().__init__("message", blank=blank)
        self.counter.choices = [EVERYBODY, *counters]
        self.counter.flags.required = True  # always answered, by everybody's counter if by no other

    def validate_words(self, field: TextAreaField) -> None:
        """Demand more than blanks."""
        if not field.data:
            raise StopValidation(lazy(SENTENCES[Reason.MESSAGE_EMPTY].text))


class WholeNumberField(IntegerField):  # type: ignore[misc]
    """A whole number; what is none is answered in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed; raise `ValueError` in words that say what to do."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext(WITHIN_BOUNDS)) from error


def _number(label: str, name: str) -> WholeNumberField:
    setting, unit = UNITS[name]
    least, most = (end // unit for end in BOUNDS[setting])
    wrong = lazy(WITHIN_BOUNDS)
    return WholeNumberField(
        lazy(label),
        [InputRequired(wrong), NumberRange(least, most, wrong)],
        render_kw={"min": least, "max": most, "inputmode": "numeric"},
    )


class ThresholdsForm(StepForm):
    """From when on something is a gap, or a promise at risk."""

    offer = _number(N_("Handoff without an answer, minutes"), "offer")
    called = _number(N_("Called and not started, minutes"), "called")
    silent = _number(N_("Nothing done, open hours"), "silent")
    handoffs = _number(N_("Handoffs, more than"), "handoffs")
    percent = _number(N_("Promise at risk, from this percentage of its time on"), "percent")

    def __init__(self, now: Thresholds, *, blank: bool = False) -> None:
        """Make the form with what holds now."""
        held = {name: getattr(now, setting) // unit for name, (setting, unit) in UNITS.items()}
        super().__init__("thresholds", blank=blank, **held)

    @property
    def wanted(self) -> Thresholds:
        """What was entered."""
        return Thresholds(**{setting: self[name].data * unit for name, (setting, unit) in UNITS.items()})
