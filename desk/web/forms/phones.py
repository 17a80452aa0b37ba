"""The form of what visitors may do with their phones."""

from typing import Final

from wtforms import RadioField
from wtforms.validators import InputRequired, NumberRange

from desk.domain.door import CheckInMode
from desk.domain.facts import JSON
from desk.operations.settings import office_settings
from desk.web.administration.planning import PlannedForm
from desk.web.forms.fields import CountField, choices, lazy
from desk.wording import N_

MODES: Final = {
    CheckInMode.OPEN: N_("With the poster at the door, or its address"),
    CheckInMode.ROTATING: N_("Only with the code at the door, which keeps changing on a screen there"),
}
_COUNT: Final = lazy(N_("Give a whole number within the bounds that are written here."))
_CHOOSE: Final = lazy(N_("Choose what taking a number by phone needs."))


def _count(words: str, name: str, hint: str) -> CountField:
    checks = [InputRequired(_COUNT), NumberRange(*office_settings.BOUNDS[name], _COUNT)]
    return CountField(lazy(words), checks, invalid_value_message=_COUNT, description=lazy(hint))


class PhonesForm(PlannedForm):
    """What taking a number by phone needs; how often somebody may be let pass."""

    phone_check_in = RadioField(
        lazy(N_("Taking a number by phone")),
        [InputRequired(_CHOOSE)],
        choices=choices(MODES),
        invalid_choice_message=_CHOOSE,
    )
    door_code_s = _count(
        N_("The code at the door changes after (seconds)"),
        "door_code_s",
        N_("15 to 300 seconds. Who scans it can go on for ten minutes, so that there is time to choose and to type."),
    )
    give_way_times = _count(
        N_("How often a waiting visitor may let somebody pass"),
        "give_way_times",
        N_("0 to 5 times; 0: visitors cannot do it themselves."),
    )

    @property
    def values(self) -> dict[str, JSON]:
        """The columns of the office."""
        return {
            "phone_check_in": self.phone_check_in.data,
            "door_code_s": self.door_code_s.data,
            "give_way_times": self.give_way_times.data,
        }
