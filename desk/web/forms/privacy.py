"""Forms about personal data: whose is meant, in which form they get it, whether to erase, how long all is kept."""

from dataclasses import asdict
from datetime import date
from typing import Any, Final

from wtforms import BooleanField, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from desk.domain.complaints import read_number
from desk.domain.facts import JSON
from desk.domain.retention import BOUNDS, FOR_EVER, SETTINGS, ErasureReason, RetentionRules
from desk.reads.kept_of_person import Sought
from desk.web.administration.planning import PlannedForm
from desk.web.forms.absences import DayField
from desk.web.forms.base import Form
from desk.web.forms.counter import CHOOSE
from desk.web.forms.fields import CountField, choices, lazy, new_key, one_line
from desk.web.meanwhile import marks_of
from desk.wording import N_
from desk.wording.privacy import REASONS

_FIT: Final = lazy(N_("Use at most %(max)d characters."))
LONGEST: Final = 254
RETENTION: Final = "retention"  # its place on the page


# Both stand before `Optional`, which takes an empty field for good.
def _demand_number(form: Any, field: Any) -> None:
    """Demand one of the two ways."""
    if not form.address.data and not field.data:
        raise StopValidation(lazy(N_("Give an address, or a queue number with its day.")))


def _demand_day(form: Any, field: Any) -> None:
    """Demand the day of a number."""
    if not form.address.data and form.number.data and not "".join(field.raw_data or ()).strip():
        field.errors = []
        raise StopValidation(lazy(N_("Give the day of the visit.")))


class PersonForm(Form):
    """Who is meant; an address wins over a number."""

    address = StringField(
        lazy(N_("E-mail address or phone number")),
        [Optional(), Length(max=LONGEST, message=_FIT)],
        filters=[one_line],
        description=lazy(N_("As the person gave it. Search again for each address they may have used.")),
        render_kw={"autocomplete": "off"},
    )
    number = StringField(
        lazy(N_("Or: queue number")),
        [_demand_number, Optional(), Length(max=12, message=_FIT)],
        filters=[one_line],
        description=lazy(N_("For example A007, together with the day.")),
        render_kw={"autocomplete": "off"},
    )
    day = DayField(lazy(N_("Day of the visit")), [_demand_day, Optional()], render_kw={"autocomplete": "off"})

    def validate_number(self, field: Any) -> None:
        """Demand a number that can be one."""
        if not self.address.data and read_number(field.data) is None:
            raise ValidationError(lazy(N_("This is no queue number. Type it as on the ticket, for example A007.")))

    @property
    def sought(self) -> Sought:
        """Who is meant."""
        return Sought(self.address.data or "", self.number.data or "", self.day.data)


class _OfPerson(Form):
    """What goes on with whom was found: they travel in the form, never in an address or a log."""

    key = HiddenField(default=new_key)
    address = HiddenField()
    number = HiddenField()
    day = HiddenField()

    @property
    def sought(self) -> Sought:
        """Who was found; what is no day stands for none."""
        try:
            day = date.fromisoformat(self.day.data or "")
        except ValueError:
            day = None
        return Sought((self.address.data or "")[:LONGEST], (self.number.data or "")[:12], day)


class ExportForm(_OfPerson):
    """In which form the person gets it."""

    form = SelectField(
        lazy(N_("Form")),
        [InputRequired()],
        choices=choices(
            {
                "page_id": N_("a page to print, in Indonesian"),
                "page_en": N_("a page to print, in English"),
                "json": N_("a file for programs (JSON)"),
            }
        ),
        invalid_choice_message=lazy(N_("Choose one of the three.")),
    )


class ErasureForm(_OfPerson):
    """Whether and why to erase, and what of it."""

    reason = SelectField(
        lazy(N_("Why")),
        [InputRequired(lazy(N_("Choose a reason.")))],
        choices=[CHOOSE, *choices(REASONS)],
        invalid_choice_message=lazy(N_("Choose a reason.")),
    )
    notes = BooleanField(
        lazy(N_("Also erase what officers wrote about these transactions")),
        description=lazy(N_("Notes, requests and follow-ups may hold personal data too.")),
        default=True,
    )
    at_once = BooleanField(
        lazy(N_("Also erase the notes of what is still open")),
        description=lazy(N_("Without this tick they are kept until the work is done: whoever goes on needs them.")),
    )
    sure = BooleanField(
        lazy(N_("I have checked that this person may ask for it, and that it cannot be undone")),
        [InputRequired(lazy(N_("Tick this to erase.")))],
    )

    @property
    def why(self) -> ErasureReason:
        """The reason that was chosen."""
        return ErasureReason(self.reason.data)


def _days(name: str, label: str, hint: str) -> CountField:
    least, most = BOUNDS[name]
    wrong = lazy(N_("Give a whole number within the bounds, or 0 to keep it."))

    def within(form: Any, field: Any) -> None:
        if field.data is not None and field.data != FOR_EVER and not least <= field.data <= most:
            raise ValidationError(wrong)

    return CountField(
        lazy(label),
        [InputRequired(wrong), within],
        invalid_value_message=wrong,
        description=lazy(hint),
        render_kw={"inputmode": "numeric"},
    )


class RetentionForm(PlannedForm):
    """How long personal data are kept, in days."""

    keep_contacts_days = _days(
        "keep_contacts_days",
        N_("Names, e-mail addresses and phone numbers of visits (days)"),
        N_("From the end of the last transaction of the visit. 7 to 3650, or 0 to keep them."),
    )
    keep_addresses_days = _days(
        "keep_addresses_days",
        N_("Addresses of messages (days)"),
        N_("From when a message was sent or given up. 1 to 3650, or 0 to keep them."),
    )
    keep_answers_days = _days(
        "keep_answers_days",
        N_("Comments, own words and profiles of answers (days)"),
        N_("From when the answer came in. 30 to 3650, or 0 to keep them. Scores and tables stay."),
    )
    keep_voices_days = _days(
        "keep_voices_days",
        N_("Complaints, suggestions and compliments: words and contacts (days)"),
        N_("From when they were closed. 30 to 3650, or 0 to keep them."),
    )
    keep_notes_days = _days(
        "keep_notes_days",
        N_("Officers' notes (days)"),
        N_("From the end of the transaction or the follow-up. 30 to 7300, or 0 to keep them."),
    )

    @classmethod
    def of(cls, rules: RetentionRules) -> "RetentionForm":
        """Return the form as the office has it."""
        days = asdict(rules)
        return cls(RETENTION, formdata=None, shown=marks_of(days), **days)

    @property
    def values(self) -> dict[str, JSON]:
        """What was typed, by setting."""
        return {name: self[name].data for name in SETTINGS}
