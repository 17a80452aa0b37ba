"""The forms of an office's administration: the office, its counters, pools, reasons for priority."""

import re
from collections.abc import Iterable
from typing import Any, Final

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from desk.domain.facts import JSON
from desk.operations.settings import counters, office_settings, pools, priority_reasons
from desk.web.administration.planning import PlannedForm
from desk.web.forms.base import Form
from desk.web.forms.fields import CountField, choices, lazy, new_key, one_line
from desk.web.forms.zones import zone_field
from desk.wording import N_

LANGUAGES: Final = {"id": N_("Indonesian"), "en": N_("English")}
_FIT: Final = lazy(N_("Use at most %(max)d characters."))
_NAME: Final = lazy(N_("Give a name."))
_CODE: Final = lazy(N_("Use 2 to 40 small letters, digits and hyphens, like kpknl-bandung."))
_NUMBER: Final = lazy(N_("Give a number from 1 to 999."))
_HEAD: Final = lazy(N_("Choose who is accountable: an officer or a supervisor of this office."))
_MEMBERS: Final = lazy(N_("Choose officers and supervisors of this office."))
_LABEL: Final = lazy(N_("Give the reason in both languages, 120 characters at most."))


def _text(words: str, most: int, **more: Any) -> StringField:
    return StringField(lazy(words), [InputRequired(_NAME), Length(max=most, message=_FIT)], filters=[one_line], **more)


def _count(words: str, least: int, most: int, **more: Any) -> CountField:
    said = lazy(N_("Give a whole number within the bounds that are written here."))
    checks = [InputRequired(said), NumberRange(least, most, said)]
    return CountField(lazy(words), checks, invalid_value_message=said, **more)


def _free(words: str, most: int, hint: Any) -> StringField:
    checks = [Optional(), Length(max=most, message=_FIT)]
    return StringField(lazy(words), checks, filters=[one_line], description=hint)


class OfficeForm(PlannedForm):
    """In which zone the office is, when its day begins, how long some things take."""

    zone = zone_field(
        description=lazy(N_("It changes at the start of a later day only, while nobody waits or is on duty."))
    )
    day_starts_at = TimeField(
        lazy(N_("The business day begins at")),
        [InputRequired(lazy(N_("Give a time of day like 00:00.")))],
        description=lazy(
            N_("From 00:00 to 12:00: numbers begin anew then. It changes at the start of a later day only.")
        ),
    )
    offer_minutes = _count(
        N_("An offered visitor goes back unanswered after (minutes)"), 1, 240, description=lazy(N_("1 to 240 minutes."))
    )
    reopen_days = _count(
        N_("Days in which a completed transaction can be opened again"),
        *office_settings.BOUNDS["reopen_days"],
        description=lazy(N_("0 to 366 days.")),
    )

    @property
    def values(self) -> dict[str, JSON]:
        """The columns of the office."""
        at = self.day_starts_at.data
        return {
            "zone": self.zone.data,
            "day_starts_at": at.hour * 60 + at.minute,
            "offer_expires_s": self.offer_minutes.data * 60,
            "reopen_days": self.reopen_days.data,
        }


class NewOfficeForm(Form):
    """Another office; whoever opens it administers it."""

    key = HiddenField(default=new_key)
    code = StringField(
        lazy(N_("Code")),
        [InputRequired(_CODE), Regexp(re.compile(r"[a-z0-9][a-z0-9-]{1,39}\Z"), message=_CODE)],
        filters=[one_line],
        description=lazy(N_("Small letters, digits and hyphens, like kpknl-bandung. It is never changed.")),
    )
    name = _text(N_("Name of the office"), office_settings.LONGEST_NAME)
    zone = zone_field()
    language = SelectField(lazy(N_("Language")), choices=choices(LANGUAGES))

    def __init__(self, **more: Any) -> None:
        """Make the form; it stands beside that of the office itself."""
        super().__init__(**more)
        for field in self:
            field.id = f"new-{field.name}"
            field.label.field_id = field.id


class CounterForm(PlannedForm):
    """A counter or a desk in the back office; what it is, is said once."""

    number = CountField(
        lazy(N_("Number")),
        [InputRequired(_NUMBER), NumberRange(1, counters.MOST_NUMBER, _NUMBER)],
        invalid_value_message=_NUMBER,
        description=lazy(N_("Unique among those in use.")),
    )
    name = _text(
        N_("Name"), counters.LONGEST_NAME, description=lazy(N_("As the display shows it and the voice calls it."))
    )
    name_en = _free(
        N_("Name in English"),
        counters.LONGEST_NAME,
        lazy(N_("For example “Information desk”. Empty: as it stands above; Loket 3 is Counter 3 by itself.")),
    )
    place = RadioField(
        lazy(N_("What it is")),
        choices=choices({"counter": N_("A counter to which visitors are called"), "desk": N_("A back-office desk")}),
        default="counter",
        description=lazy(N_("This cannot be changed later.")),
    )
    location_id = _free(
        N_("Where it is, in Indonesian"),
        counters.LONGEST_LOCATION,
        lazy(N_("For example “Lantai 2, sebelah kiri”. It stands beside the counter on displays and phones.")),
    )
    location_en = _free(
        N_("Where it is, in English"),
        counters.LONGEST_LOCATION,
        lazy(N_("For example “2nd floor, left”. Empty: as in Indonesian.")),
    )
    retired = BooleanField(lazy(N_("No longer used")))

    @property
    def _optional(self) -> dict[str, JSON]:
        fields = (self.name_en, self.location_id, self.location_en)
        return {field.short_name: field.data or "" for field in fields}

    @property
    def values(self) -> dict[str, JSON]:
        """What can be changed of one that is there."""
        own = {"number": self.number.data, "name": self.name.data, "retired": bool(self.retired.data)}
        return {**own, **self._optional}

    @property
    def new_values(self) -> dict[str, JSON]:
        """What one more begins with."""
        own = {"number": self.number.data, "name": self.name.data, "back_office": self.place.data == "desk"}
        return {**own, **{name: said for name, said in self._optional.items() if said}}


class PoolForm(PlannedForm):
    """A pool, who is accountable for it, and who else takes work from it."""

    name = _text(N_("Name"), pools.LONGEST_NAME)
    head = SelectField(lazy(N_("Accountable head")), [InputRequired(_HEAD)], invalid_choice_message=_HEAD)
    members = SelectMultipleField(
        lazy(N_("Members")),
        coerce=str,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        invalid_choice_message=_MEMBERS,
        description=lazy(N_("They take work from it. The head may, too.")),
    )
    retired = BooleanField(lazy(N_("No longer used")))

    def __init__(self, place: str, people: Iterable[tuple[int, str]], **more: Any) -> None:
        """Make the form of a place with those who can be in a pool."""
        super().__init__(place, **more)
        offered = [SelectChoice(str(each), name) for each, name in people]
        self.head.choices = [SelectChoice("", lazy(N_("Choose"))), *offered]
        self.members.choices = offered

    @property
    def values(self) -> dict[str, JSON]:
        """What was chosen; the head is one of the members."""
        head = int(self.head.data)
        members: list[JSON] = [*sorted({head, *(int(each) for each in self.members.data or ())})]
        return {"name": self.name.data, "head": head, "members": members, "retired": bool(self.retired.data)}

    @property
    def new_values(self) -> dict[str, JSON]:
        """What a new one has."""
        return {name: value for name, value in self.values.items() if name != "retired"}


class PriorityReasonForm(PlannedForm):
    """Why a visitor may go before others, in both languages."""

    label_id = StringField(
        lazy(N_("In Indonesian")),
        [InputRequired(_LABEL), Length(max=priority_reasons.LONGEST_LABEL, message=_LABEL)],
        filters=[one_line],
    )
    label_en = StringField(
        lazy(N_("In English")),
        [InputRequired(_LABEL), Length(max=priority_reasons.LONGEST_LABEL, message=_LABEL)],
        filters=[one_line],
    )
    position = _count(N_("Place in the list"), 1, priority_reasons.MOST_REASONS)
    retired = BooleanField(lazy(N_("No longer chosen")))

    @property
    def new_values(self) -> dict[str, JSON]:
        """What a new one has."""
        return {"label_id": self.label_id.data, "label_en": self.label_en.data}

    @property
    def values(self) -> dict[str, JSON]:
        """What was typed; places are counted from 0."""
        return {
            "label_id": self.label_id.data,
            "label_en": self.label_en.data,
            "position": self.position.data - 1,
            "retired": bool(self.retired.data),
        }


class HeadStartForm(PlannedForm):
    """By how much priority goes before others."""

    minutes = _count(
        N_("Head start (minutes)"),
        0,
        240,
        description=lazy(
            N_("Priority counts as having come so much earlier, 0 to 240 minutes. Whoever waits keeps their place.")
        ),
    )

    @property
    def values(self) -> dict[str, JSON]:
        """The column of the office."""
        return {"head_start_s": self.minutes.data * 60}
