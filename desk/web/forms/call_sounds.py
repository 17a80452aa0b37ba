"""The forms of how calls are heard: of the office, and the fields in which one display has it otherwise."""

from typing import Any, Final

from flask_babel import gettext
from wtforms import RadioField, SelectChoice, SelectField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from desk.domain.call_sounds import VOLUMES, CallSounds, OwnSounds
from desk.domain.facts import JSON
from desk.operations.settings.call_sounds import kept_sounds
from desk.reads.call_sounds import COLUMNS
from desk.web.administration.planning import PlannedForm
from desk.web.forms.fields import CountField, choices, lazy
from desk.web.forms.survey_settings import ClockField
from desk.wording import N_
from desk.wording.call_sounds import SILENT, TIMES, VOICES, voice_of

AS_OFFICE: Final = "-"
VOLUME: Final = lazy(N_("Give a whole number from 0 to 100."))
BOTH: Final = N_("Give both times, or leave both empty.")
DIFFERENT: Final = N_("Give two different times; for a display that never sounds, set that for the display.")
LOUD: Final = (100, 90, 80, 70, 60, 50, 40, 30, 20, 10)


class CallSoundsForm(PlannedForm):
    """How the displays of an office sound, now or from a later day on."""

    names_of_values: Final = {column: name for name, column in COLUMNS.items()}

    languages = RadioField(lazy(N_("Voice")), [InputRequired()], choices=choices(VOICES))
    times = RadioField(
        lazy(N_("How often each call is said")),
        [InputRequired()],
        choices=choices(TIMES),
        description=lazy(
            N_(
                "In all languages, one after the other. While another call waits to be said, a call is said once and in"
                " short: “A, 0, 1, 2, counter 3”; while more than five wait, in the first language only. What is left"
                " of these times is said in full once nobody waits."
            )
        ),
    )
    volume = CountField(
        lazy(N_("Volume (per cent)")),
        [InputRequired(VOLUME), NumberRange(VOLUMES.start, VOLUMES.stop - 1, VOLUME)],
        invalid_value_message=VOLUME,
        description=lazy(N_("Of voice and chime, beside what is set at the screen itself. 0: no sound.")),
        render_kw={"min": VOLUMES.start, "max": VOLUMES.stop - 1, "inputmode": "numeric"},
    )
    quiet_from = ClockField(
        lazy(N_("No sound from")),
        description=lazy(N_("Calls are then shown only. Empty: there is always sound. Over midnight works too.")),
    )
    quiet_until = ClockField(lazy(N_("No sound until")))

    def validate_quiet_until(self, field: Any) -> None:
        """Demand both times or none, and two that differ."""
        if self.quiet_from.errors or self.quiet_from.process_errors:
            return
        if (self.quiet_from.data is None) != (field.data is None):
            raise ValidationError(gettext(BOTH))
        if field.data is not None and field.data == self.quiet_from.data:
            raise ValidationError(gettext(DIFFERENT))

    @property
    def values(self) -> dict[str, JSON]:
        """What was typed, as an office keeps it."""
        quiet_from, quiet_until = (
            0 if each.data is None else each.data.hour * 60 + each.data.minute
            for each in (self.quiet_from, self.quiet_until)
        )
        languages = languages_of(self.languages.data)
        return kept_sounds(CallSounds(languages, int(self.times.data), self.volume.data, quiet_from, quiet_until))


def languages_of(voice: str) -> tuple[str, ...]:
    """Return the languages of a chosen voice, in their order."""
    return () if voice == SILENT else tuple(voice.split())


def voice_field() -> SelectField:
    """Return the field for the voice of one display."""
    return SelectField(lazy(N_("Voice")), default=AS_OFFICE, choices=[_as_office(), *choices(VOICES)])


def times_field() -> SelectField:
    """Return the field for how often one display says each call."""
    found = [_as_office(), *choices(TIMES)]
    return SelectField(lazy(N_("How often each call is said")), default=AS_OFFICE, choices=found)


def volume_field() -> SelectField:
    """Return the field for how loud one display is."""
    found = [_as_office(), *(SelectChoice(str(each), f"{each}%") for each in LOUD)]
    return SelectField(lazy(N_("Volume")), default=AS_OFFICE, choices=found)


def own_sounds_of(voice: str, times: str, volume: str) -> OwnSounds:
    """Return what was chosen for one display."""
    return OwnSounds(
        None if voice == AS_OFFICE else languages_of(voice),
        None if times == AS_OFFICE else int(times),
        None if volume == AS_OFFICE else int(volume),
    )


def chosen_of(own: OwnSounds) -> dict[str, str]:
    """Return what the fields of a display show."""
    return {
        "voice": AS_OFFICE if own.languages is None else voice_of(own.languages),
        "times": AS_OFFICE if own.times is None else str(own.times),
        "volume": AS_OFFICE if own.volume is None else str(own.volume),
    }


def _as_office() -> SelectChoice:
    return SelectChoice(AS_OFFICE, lazy(N_("As the office has it")))
