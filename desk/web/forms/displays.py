"""The forms of displays: the office's messages, an emergency, in which languages they speak."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from desk.domain.displays import (
    LONGEST_EMERGENCY,
    LONGEST_MESSAGE,
    MOST_MESSAGES,
    TURN_SECONDS,
    MessageWish,
    OwnTurn,
    Urgent,
)
from desk.web.administration.planning import PlannedForm
from desk.web.forms.absences import DayField
from desk.web.forms.base import CHOOSE_LISTED, Form
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import CountField, choices, lazy, new_key, one_line
from desk.wording import N_
from desk.wording.displays import LANGUAGES, URGENT

AS_OFFICE: Final = "-"
AS_THERE: Final = N_("As the office has it")
SECONDS: Final = (5, 8, 10, 15, 20, 30, 60)
WORDS: Final = lazy(N_("Write the message in both languages."))
FIT: Final = lazy(N_("Use at most %(max)d characters."))
HOUR: Final = lazy(N_("Give a time of day like 08:30."))
OWN_WORDS: Final = N_("Write it in both languages, at most %(max)d characters each.")
BOUNDS: Final = lazy(N_("Give a whole number from %(min)d to %(max)d."))


def languages_field() -> SelectField:
    """Return the field for what a display of its own speaks."""
    return SelectField(
        lazy(N_("Languages on the screen")),
        choices=[
            SelectChoice(AS_OFFICE, lazy(AS_THERE)),
            *(SelectChoice(each, lazy(word)) for each, word in LANGUAGES.items()),
        ],
        default=AS_OFFICE,
    )


def seconds_field() -> SelectField:
    """Return the field for how long a language stands on a display of its own."""
    return SelectField(
        lazy(N_("How long a language and a page stand")),
        choices=[
            SelectChoice(AS_OFFICE, lazy(AS_THERE)),
            *(SelectChoice(str(each), f"{each} s") for each in SECONDS),
        ],
        default=AS_OFFICE,
    )


def own_turn_of(languages: str | None, seconds: str | None) -> OwnTurn:
    """Return what was chosen for one display."""
    chosen = "" if languages in (None, AS_OFFICE) else str(languages)
    return OwnTurn(chosen, 0 if seconds in (None, AS_OFFICE) else whole_number(seconds))


def turn_chosen_of(settings: Any) -> dict[str, str]:
    """Return what the fields of one display show."""
    found = {"languages": settings.get("languages"), "turn": settings.get("turn_s")}
    return {name: str(value or AS_OFFICE) for name, value in found.items()}


class DisplayForm(PlannedForm):
    """In which languages the displays of the office speak, and how long each stands."""

    display_languages = RadioField(
        lazy(N_("Languages on the screen")), [InputRequired(lazy(CHOOSE_LISTED))], choices=choices(LANGUAGES)
    )
    display_turn_s = CountField(
        lazy(N_("How long a language stands (seconds)")),
        [InputRequired(BOUNDS), NumberRange(*TURN_SECONDS, BOUNDS)],
        invalid_value_message=lazy(N_("Give a whole number.")),
        description=lazy(
            N_("5 to 60 seconds. A message, and a page of a long list, stand until each language had its turn.")
        ),
    )

    @property
    def values(self) -> dict[str, Any]:
        """The columns of the office."""
        return {"display_languages": self.display_languages.data, "display_turn_s": self.display_turn_s.data}


class MessageForm(Form):
    """A message for everybody in the lobby; many of them stand on one page, each in a place of its own."""

    key = HiddenField(default=new_key)
    words_id = StringField(
        lazy(N_("In Indonesian")),
        [InputRequired(WORDS), Length(max=LONGEST_MESSAGE, message=FIT)],
        filters=[one_line],
        description=lazy(N_("Everybody in the lobby reads it: no name, number or address of a person.")),
    )
    words_en = StringField(
        lazy(N_("In English")), [InputRequired(WORDS), Length(max=LONGEST_MESSAGE, message=FIT)], filters=[one_line]
    )
    since_day = DayField(lazy(N_("From")), [Optional()], description=lazy(N_("Empty: from now on.")))
    since_hour = TimeField(lazy(N_("From, time of day")), [Optional()])
    until_day = DayField(lazy(N_("Until")), [Optional()], description=lazy(N_("Empty: until further notice.")))
    until_hour = TimeField(
        lazy(N_("Until, time of day")), [Optional()], description=lazy(N_("Empty: until the end of the day."))
    )
    devices = SelectMultipleField(
        lazy(N_("On these displays")),
        coerce=whole_number,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=lazy(N_("Without a tick on all displays.")),
    )
    position = IntegerField(
        lazy(N_("Place in the order")),
        [Optional(), NumberRange(1, MOST_MESSAGES, BOUNDS)],
        description=lazy(N_("Messages stand one after the other. Empty: at the end, or where it is.")),
    )
    retired = BooleanField(lazy(N_("No longer shown")))

    def __init__(self, place: str, displays: Iterable[tuple[int, str]], zone: str, **more: Any) -> None:
        """Make the form of a place with the paired displays; days and hours are those of the office."""
        super().__init__(**more)
        self.place_on_page = place
        self._zone = ZoneInfo(zone)
        self.devices.choices = [SelectChoice(each, name) for each, name in displays]
        for field in self:
            field.id = f"{place}-{field.name}"
            field.label.field_id = field.id

    def validate_since_hour(self, field: Any) -> None:
        """Demand a day with an hour."""
        self._demand_day(self.since_day, field)

    def validate_until_hour(self, field: Any) -> None:
        """Demand a day with an hour."""
        self._demand_day(self.until_day, field)

    def validate_until_day(self, field: Any) -> None:
        """Demand an end that lies behind the beginning."""
        first, last = self._moment(self.since_day.data, self.since_hour.data), self._until()
        if first is not None and last is not None and last <= first:
            raise ValidationError(lazy(N_("Give an end that is later than the beginning.")))

    def _demand_day(self, day: Any, hour: Any) -> None:
        if hour.data is not None and day.data is None and not day.errors:
            raise ValidationError(lazy(N_("Give the day as well.")))

    def _moment(self, day: date | None, hour: time | None) -> datetime | None:
        return None if day is None else datetime.combine(day, hour or time(0), self._zone).astimezone(UTC)

    def _until(self) -> datetime | None:
        return self._moment(self.until_day.data, self.until_hour.data or time(23, 59, 59))

    def wish(self, now: datetime) -> MessageWish:
        """Return what was typed; without a beginning it begins now."""
        return MessageWish(
            self.words_id.data or "",
            self.words_en.data or "",
            self._moment(self.since_day.data, self.since_hour.data) or now,
            self._until(),
            tuple(sorted(set(self.devices.data or ()))),
            None if self.position.data is None else self.position.data - 1,
            bool(self.retired.data) if "retired" in self else False,
        )


class EmergencyForm(Form):
    """What covers every display at once, and the confirmation that this is meant."""

    key = HiddenField(default=new_key)
    kind = RadioField(
        lazy(N_("What it says")),
        [InputRequired(lazy(N_("Choose what the displays say.")))],
        choices=choices({**URGENT, Urgent.OWN: N_("Other words")}),
        invalid_choice_message=lazy(N_("Choose what the displays say.")),
    )
    words_id = StringField(lazy(N_("Other words, in Indonesian")), filters=[one_line])
    words_en = StringField(
        lazy(N_("Other words, in English")),
        filters=[one_line],
        description=lazy(N_("At most 80 characters, so that they can be read from afar. Name nobody.")),
    )
    is_meant = BooleanField(
        lazy(N_("Yes, cover every display of this office with it now")),
        [InputRequired(lazy(N_("Tick this to confirm it. Nothing is shown until then.")))],
    )

    def validate_words_id(self, field: Any) -> None:
        """Demand other words where they were chosen."""
        self._demand(field)

    def validate_words_en(self, field: Any) -> None:
        """Demand other words where they were chosen."""
        self._demand(field)

    def _demand(self, field: Any) -> None:
        if self.kind.data == Urgent.OWN and not 0 < len(field.data or "") <= LONGEST_EMERGENCY:
            raise ValidationError(gettext(OWN_WORDS) % {"max": LONGEST_EMERGENCY})
