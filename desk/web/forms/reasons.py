"""The forms with which an office says how it hands on: reasons, the place in another queue, how long offers wait."""

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from desk.operations.pools_and_reasons import LEAST_HANDOVER_HOURS, LONGEST_LABEL, MOST_HANDOVER_HOURS, ReasonPlan
from desk.web.forms.base import Form
from desk.web.forms.fields import CountField, choices, lazy, one_line
from desk.wording import N_

KEEPS, ANEW = "keeps", "anew"
_SAY = lazy(N_("Give the reason in both languages, 120 characters at most."))

_HOURS = lazy(N_("Give a whole number of hours, from 1 to 80."))


def _label(words: str) -> StringField:
    return StringField(lazy(words), [InputRequired(_SAY), Length(max=LONGEST_LABEL, message=_SAY)], filters=[one_line])


class ReasonForm(Form):
    """One reason in both languages; `retired` only where it is on the list already."""

    label_id = _label(N_("In Indonesian"))
    label_en = _label(N_("In English"))
    needs_note = BooleanField(lazy(N_("Needs a note")))
    retired = BooleanField(lazy(N_("No longer chosen")))

    def __init__(self, place: str, **more: object) -> None:
        """Make the form of a place: many stand on one page."""
        super().__init__(**more)
        self.place = place
        for field in self:
            field.id = f"{place}-{field.name}"
            field.label.field_id = field.id

    @property
    def plan(self) -> ReasonPlan:
        """What was typed."""
        return ReasonPlan(
            self.label_id.data or "", self.label_en.data or "", bool(self.needs_note.data), bool(self.retired.data)
        )


class QueuePlaceForm(Form):
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
    def keeps_arrival(self) -> bool:
        """What was chosen."""
        return bool(self.place.data == KEEPS)


class HandoverHoursForm(Form):
    """After how many open hours an offer of an end of shift or of an absence goes back."""

    hours = CountField(
        lazy(N_("Goes back unanswered after (open hours)")),
        [InputRequired(_HOURS), NumberRange(LEAST_HANDOVER_HOURS, MOST_HANDOVER_HOURS, _HOURS)],
        invalid_value_message=_HOURS,
        description=lazy(
            N_("Counted in the opening hours of the service, from when it is offered; custody stays with the giver.")
        ),
    )
