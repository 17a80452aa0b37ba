"""The forms of complaints: what a visitor says, the code, a step by staff, what an owner did, a facility."""

from collections.abc import Iterable
from typing import Any, Final

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from desk.domain.complaints import PUBLIC_WORDS, VoiceStep
from desk.domain.facts import JSON
from desk.domain.phones import read_phone
from desk.domain.refusals import Refused
from desk.operations.settings.facilities import LONGEST_NAME
from desk.web.administration.planning import PlannedForm
from desk.web.forms.absences import DayField
from desk.web.forms.base import Form
from desk.web.forms.fields import NoteLength, choices, lazy, new_key, one_line, several_lines, tell_needed
from desk.wording import N_
from desk.wording.follow_ups import KIND_CHOICES, VOICE_STEPS

NONE: Final = ""
MAX_CODE: Final = 400
_FIT: Final = lazy(N_("Use at most %(max)d characters."))
_TOO_LONG: Final = N_(
    "What you wrote is too long: it has %(length)s characters, and %(most)s fit. Shorten it by %(over)s."
)
_WORDS: Final = lazy(N_("Write in a few words what you want to say."))


class UnlessAnonymous:
    """Let anything pass that is not kept: of somebody who stays anonymous neither name nor address is."""

    def __call__(self, form: Any, field: Any) -> None:
        """Look at a field of the person no further."""
        if form.anonymous.data:
            field.errors = []
            raise StopValidation


class VoiceForm(Form):
    """What somebody says of their own accord; only the kind and the words are needed."""

    key = HiddenField(default=new_key)
    channel = HiddenField()
    kind = RadioField(
        lazy(N_("What do you want to tell us?")),
        [InputRequired(lazy(N_("Choose what you want to tell us.")))],
        choices=choices(KIND_CHOICES),
        invalid_choice_message=lazy(N_("Choose one of the three.")),
    )
    words = TextAreaField(
        lazy(N_("In your own words")),
        [InputRequired(_WORDS), NoteLength(_TOO_LONG)],
        filters=[several_lines],
        render_kw={"rows": 6},
        description=lazy(N_("What happened, and what would help? Leave out what nobody needs to know.")),
    )
    service = SelectField(lazy(N_("About which service")), [Optional()], coerce=str)
    facility = SelectField(lazy(N_("About which facility")), [Optional()], coerce=str)
    number = StringField(
        lazy(N_("Your queue number")),
        [Optional(), Length(max=12, message=_FIT)],
        filters=[one_line],
        description=lazy(N_("For example A007. With number and day we can look at what happened.")),
    )
    day = DayField(
        lazy(N_("Day of your visit")),
        [Optional()],
        render_kw={"autocomplete": "off"},
    )
    anonymous = BooleanField(
        lazy(N_("I want to stay anonymous")),
        description=lazy(
            N_(
                "Then no name, e-mail address, phone number or visit is kept, even if you fill them in, and no message"
                " is sent: the answer stands under your code only."
            )
        ),
    )  # fmt: skip
    name = StringField(
        lazy(N_("Name")), [UnlessAnonymous(), Optional(), Length(max=120, message=_FIT)], filters=[one_line],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    email = EmailField(
        lazy(N_("E-mail address")),
        [
            UnlessAnonymous(),
            Optional(),
            Length(max=254, message=_FIT),
            Email(message=lazy(N_("Write the e-mail address like name@example.id."))),
        ],
        filters=[one_line],
        render_kw={"autocomplete": "off"},
    )
    phone = TelField(
        lazy(N_("Phone number")), [UnlessAnonymous(), Optional(), Length(max=40, message=_FIT)], filters=[one_line],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip

    notify = BooleanField(
        lazy(N_("Tell me by a message that it came in, and when there is an answer")),
        description=lazy(N_("To this e-mail address, else to this phone. The message says nothing of what you wrote.")),
    )

    def validate_notify(self, field: Any) -> None:
        """Demand a way to tell them, unless they stay anonymous."""
        if field.data and not self.anonymous.data and not self.email.data and not self.is_reachable_by_phone:
            raise ValidationError(lazy(N_("Give an e-mail address or a mobile phone number, or take the tick away.")))

    @property
    def is_reachable_by_phone(self) -> bool:
        """Whether what was typed is the number of a phone that takes messages."""
        try:
            return bool(self.phone.data and read_phone(self.phone.data))
        except Refused:
            return False

    def __init__(
        self, services: Iterable[tuple[int, str]], facilities: Iterable[tuple[int, str]], **more: Any
    ) -> None:  # fmt: skip
        """Make the form with what the office has to choose from."""
        super().__init__(**more)
        for field, found in ((self.service, services), (self.facility, facilities)):
            listed = [SelectChoice(str(each), name) for each, name in found]
            field.choices = [SelectChoice(NONE, lazy(N_("None in particular"))), *listed]


class CodeForm(Form):
    """The tracking code, typed or scanned as the whole address."""

    code = StringField(
        lazy(N_("Tracking code")),
        [InputRequired(lazy(N_("Type the code that stands on your receipt."))), Length(max=MAX_CODE, message=_FIT)],
        filters=[one_line],
        description=lazy(N_("The code on your receipt, with or without blanks.")),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    @property
    def token(self) -> str:
        """The token in what was typed."""
        typed = (self.code.data or "").split("?")[0].split("#")[0].rstrip("/")
        return "".join(typed.rpartition("/voice/")[2].replace("-", "").split()).lower()


class VoiceStepForm(Form):
    """A step about a voice; some of the words are for the visitor to read."""

    key = HiddenField(default=new_key)
    step = RadioField(lazy(N_("Step")), [InputRequired(lazy(N_("Choose a step.")))])
    words = TextAreaField(
        lazy(N_("Words for the visitor")),
        [NoteLength(_TOO_LONG)],
        filters=[several_lines],
        render_kw={"rows": 5},
        description=lazy(N_("Whoever has the tracking code reads this once it is answered, adopted or not adopted.")),
    )

    def __init__(self, offered: Iterable[VoiceStep], **more: Any) -> None:
        """Make the form with the steps that are possible now."""
        super().__init__(**more)
        self.offer(choices({each: VOICE_STEPS[each] for each in offered}))

    def offer(self, steps: list[SelectChoice]) -> None:
        """Offer these steps, and say whether they need words."""
        self.step.choices = steps
        tell_needed(self.words, PUBLIC_WORDS, [each.value for each in steps])

    def validate_words(self, field: Any) -> None:
        """Demand words where the visitor is to read them."""
        if self.step.data in {each.value for each in PUBLIC_WORDS} and not field.data:
            raise ValidationError(lazy(N_("Write what the visitor is to read.")))


class PassOnForm(Form):
    """Which officers a compliment reaches too."""

    key = HiddenField(default=new_key)
    officers = SelectMultipleField(
        lazy(N_("Officers")),
        [DataRequired(lazy(N_("Choose at least one officer.")))],
        coerce=str,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=lazy(N_("They read it under My compliments. It cannot be taken back.")),
        invalid_choice_message=lazy(N_("Choose officers from the list.")),
    )

    def __init__(self, people: Iterable[tuple[int, str]], **more: Any) -> None:
        """Make the form with the officers whom it has not reached."""
        super().__init__(**more)
        self.officers.choices = [SelectChoice(str(each), name) for each, name in people]

    @property
    def officer_ids(self) -> list[int]:
        """Who was chosen."""
        return sorted(int(each) for each in self.officers.data or ())


class ActionForm(Form):
    """What the owner of a facility did."""

    key = HiddenField(default=new_key)
    words = TextAreaField(
        lazy(N_("What was done")),
        [InputRequired(lazy(N_("Write what was done."))), NoteLength()],
        filters=[several_lines],
        render_kw={"rows": 3},
    )

    def __init__(self, place: str, **more: Any) -> None:
        """Make the form of a place: many stand on one page."""
        super().__init__(**more)
        self.words.id = f"{place}-words"
        self.words.label.field_id = self.words.id


def _name(words: str) -> StringField:
    said = lazy(N_("Give the name in both languages, 120 characters at most."))
    return StringField(
        lazy(words), [InputRequired(said), Length(max=LONGEST_NAME, message=said)], filters=[one_line]
    )  # fmt: skip


class FacilityForm(PlannedForm):
    """One facility: names, who looks after it, whether it is still offered."""

    name_id = _name(N_("In Indonesian"))
    name_en = _name(N_("In English"))
    owner = SelectField(lazy(N_("Person in charge")), [Optional()], coerce=str)
    retired = BooleanField(lazy(N_("No longer offered")))

    def __init__(self, place: str, people: Iterable[tuple[int, str]], **more: Any) -> None:
        """Make the form of a place: many stand on one page."""
        super().__init__(place, **more)
        self.owner.choices = [
            SelectChoice(NONE, lazy(N_("Nobody yet"))),
            *(SelectChoice(str(each), name) for each, name in people),
        ]

    @property
    def new_values(self) -> dict[str, JSON]:
        """What one more begins with."""
        owner = int(self.owner.data) if (self.owner.data or "").strip() else None
        return {"name_id": self.name_id.data, "name_en": self.name_en.data, "owner_id": owner}

    @property
    def values(self) -> dict[str, JSON]:
        """What can be changed of one that is there."""
        return {**self.new_values, "retired": bool(self.retired.data)}
