"""The forms with which an office says how it hands on: reasons, the place in another queue, how long offers wait."""

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from desk.domain.facts import JSON
from desk.operations.settings.pools_and_reasons import LEAST_HANDOVER_HOURS, LONGEST_LABEL, MOST_HANDOVER_HOURS
from desk.web.administration.planning import PlannedForm
from desk.web.forms.fields import CountField, choices, lazy, one_line
from desk.wording import N_

KEEPS, ANEW = "keeps", "anew"
_SAY = lazy(N_("Give the reason in both languages, 120 characters at most."))

_HOURS = lazy(N_("Give a whole number of hours, from 1 to 80."))


def _label(words: str) -> StringField:
    return StringField(lazy(words), [InputRequired(_SAY), Length(max=LONGEST_LABEL, message=_SAY)], filters=[one_line])


class ReasonForm(PlannedForm):
    """One reason in both languages; `retired` only where it is on the list already."""

    label_id = _label(N_("In Indonesian"))
    label_en = _label(N_("In English"))
    needs_note = BooleanField(lazy(N_("Needs a note")))
    retired = BooleanField(lazy(N_("No longer chosen")))

    @property
    def new_values(self) -> dict[str, JSON]:
        """What one more begins with."""
        return {
            "label_id": self.label_id.data,
            "label_en": self.label_en.data,
            "needs_note": bool(self.needs_note.data),
        }

    @property
    def values(self) -> dict[str, JSON]:
        """What can be changed of one that is there."""
        return {**self.new_values, "retired": bool(self.retired.data)}


class QueuePlaceForm(PlannedForm):
    """Where a visitor who is handed to another queue stands in it."""

    place = RadioField(
        lazy(N_("A visitor who is handed to another queue")),
        [InputRequired(lazy(N_("Choose one of the two.")))],
        choices=choices(
            {
                KEEPS: N_("keeps the time of arrival, and with it the place"),
                ANEW: N_("queues there from the moment of the handoff"),
            }
        ),
    )

    @property
    def values(self) -> dict[str, JSON]:
        """What was chosen."""
        return {"handoff_keeps_arrival": self.place.data == KEEPS}


class HandoverHoursForm(PlannedForm):
    """After how many open hours an offer of an end of shift or of an absence goes back."""

    hours = CountField(
        lazy(N_("Goes back unanswered after (open hours)")),
        [InputRequired(_HOURS), NumberRange(LEAST_HANDOVER_HOURS, MOST_HANDOVER_HOURS, _HOURS)],
        invalid_value_message=_HOURS,
        description=lazy(
            N_("Counted in the opening hours of the service, from when it is offered; custody stays with the giver.")
        ),
    )

    @property
    def values(self) -> dict[str, JSON]:
        """What was typed, in seconds."""
        return {"handover_expires_s": self.hours.data * 3600}
