"""The forms of devices: the code with what it becomes, how one is set, which faces are locked."""

from collections.abc import Iterable
from typing import Any, Final

from flask_babel import gettext
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from desk.domain.call_sounds import OwnSounds
from desk.domain.devices import LONGEST_NAME, PAIRED, DeviceKind, DeviceWish, typed_code
from desk.domain.displays import OwnTurn
from desk.domain.printing import BrowserPrinting
from desk.domain.refusals import Reason
from desk.web.forms.base import CHOOSE_LISTED, Form
from desk.web.forms.call_sounds import own_sounds_of, times_field, voice_field, volume_field
from desk.web.forms.counter import whole_number
from desk.web.forms.displays import languages_field, own_turn_of, seconds_field
from desk.web.forms.fields import choices, lazy, new_key, one_line
from desk.wording import N_
from desk.wording.devices import KINDS
from desk.wording.printing import BROWSER
from desk.wording.refusals import SENTENCES

NONE: Final = 0
COUNTED: Final = N_("Waiting for these services")
COUNTED_HINT: Final = N_(
    "Without a tick it counts who waits for what its counters serve just now; for a display of all counters, for"
    " everything."
)
Choices = list[tuple[int, str]]
_NAME: Final = lazy(N_("Give the device a name, such as where it stands."))
_TOO_LONG: Final = lazy(N_("Use at most %(max)d characters."))
_KIND: Final = lazy(N_("Choose what the device is for."))


def name_field() -> StringField:
    return StringField(
        lazy(N_("Name")),
        [InputRequired(_NAME), Length(max=LONGEST_NAME, message=_TOO_LONG)],
        filters=[one_line],
        description=lazy(N_("Where it stands, for example “Kiosk by the entrance”.")),
    )


def _counter() -> SelectField:
    return SelectField(
        lazy(N_("Counter")),
        coerce=whole_number,
        description=lazy(N_("A tablet asks at its counter; for other devices only where they stand.")),
    )


def several(label: str, hint: str) -> SelectMultipleField:
    return SelectMultipleField(
        lazy(label),
        coerce=whole_number,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=lazy(hint),
    )


def _printing() -> RadioField:
    hint = N_(
        "For a printer at the kiosk itself. By itself it prints without a window only where the browser was told to"
        " (--kiosk-printing). A receipt printer of the house that prints for this kiosk needs nothing of this."
    )
    chosen = InputRequired(lazy(CHOOSE_LISTED))
    return RadioField(
        lazy(N_("Tickets through the browser")), [chosen], choices=choices(BROWSER), description=lazy(hint)
    )


class PairForm(Form):
    """The code that a device shows, and what the device becomes."""

    key = HiddenField(default=new_key)
    code = StringField(
        lazy(N_("Code on the device")),
        [InputRequired(lazy(N_("Type the code that the device shows.")))],
        filters=[one_line],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
        description=lazy(N_("Eight letters and digits; blanks and the dash do not matter.")),
    )
    kind = RadioField(
        lazy(N_("What is it for?")),
        [InputRequired(_KIND)],
        choices=choices({each: KINDS[each] for each in PAIRED}),
        invalid_choice_message=_KIND,
    )
    name = name_field()
    counter = _counter()

    def __init__(self, counters: Iterable[tuple[int, str]], **more: Any) -> None:
        """Make the form with the counters in use."""
        super().__init__(**more)
        self.counter.choices = [(NONE, gettext("None")), *counters]

    def validate_code(self, field: Any) -> None:
        """Say at once what cannot be a code."""
        if typed_code(field.data or "") is None:
            raise ValidationError(lazy(SENTENCES[Reason.PAIRING_CODE_UNKNOWN].text))

    def validate_counter(self, field: Any) -> None:
        """Demand a counter for a tablet."""
        if self.kind.data == DeviceKind.TABLET and not field.data:
            raise ValidationError(lazy(N_("Choose the counter at which the tablet stands.")))

    @property
    def wish(self) -> DeviceWish:
        """What was typed."""
        return DeviceWish(DeviceKind(self.kind.data), self.name.data or "", self.counter.data or None)


class DeviceForm(Form):
    """How a paired device is set; each kind shows its own fields."""

    key = HiddenField(default=new_key)
    name = name_field()
    counter = _counter()
    counters = several(N_("Calls of these counters"), N_("Without a tick the display shows the calls of all counters."))
    services = several(N_("Services"), N_("Without a tick the kiosk offers all services."))
    printing = _printing()
    sound = BooleanField(lazy(N_("It may sound at a call")))
    voice, times, volume = voice_field(), times_field(), volume_field()
    languages, turn = languages_field(), seconds_field()

    def __init__(self, kind: DeviceKind, of_office: Choices, offered: Choices, **more: Any) -> None:
        """Make the form of this kind, with the counters and services that the office has."""
        super().__init__(**more)
        self.kind = kind
        self.counter.choices = [(NONE, gettext("None")), *of_office]
        self.counters.choices, self.services.choices = of_office, offered
        of_displays = ("counters", "sound", "voice", "times", "volume", "languages", "turn")
        unneeded = {DeviceKind.KIOSK: of_displays, DeviceKind.DISPLAY: ("printing",)}
        if kind is DeviceKind.DISPLAY:
            self.services.label.text = lazy(COUNTED)
            self.services.description = lazy(COUNTED_HINT)
        for name in unneeded.get(kind, ("counter", "services", "printing", *of_displays)):
            del self[name]

    def wish(self, device_counter: int | None) -> DeviceWish:
        """Return what was typed; a tablet stays at its counter."""
        counter = self.counter.data or None if "counter" in self else device_counter
        return DeviceWish(
            self.kind,
            self.name.data or "",
            counter,
            tuple(self.counters.data or ()) if "counters" in self else (),
            tuple(self.services.data or ()) if "services" in self else (),
            bool(self.sound.data) if "sound" in self else True,
            own_sounds_of(self.voice.data, self.times.data, self.volume.data) if "voice" in self else OwnSounds(),
            own_turn=own_turn_of(self.languages.data, self.turn.data) if "turn" in self else OwnTurn(),
            printing=BrowserPrinting(self.printing.data) if "printing" in self else BrowserPrinting.ON_REQUEST,
        )


class LockForm(Form):
    """Which faces only paired devices open."""

    kiosks = BooleanField(
        lazy(N_("Only paired kiosks issue numbers at the kiosk")),
        description=lazy(
            N_(
                "Visitors' phones, the code at the door and reception go on as they do. Where a number by phone needs"
                " that code, this holds anyway."
            )
        ),
    )
    displays = BooleanField(
        lazy(N_("Only paired displays show the calls")),
        description=lazy(N_("Without this anybody in the network can open the page of the display.")),
    )
