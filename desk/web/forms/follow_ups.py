"""Forms about follow-ups: a step with a note, another supervisor, when somebody follows up and until when."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from desk.domain.facts import JSON
from desk.domain.following_up import BOUNDS, NEED_NOTE, SETTINGS, FollowUpRules, FollowUpStep
from desk.web.administration.planning import PlannedForm
from desk.web.forms.base import Form
from desk.web.forms.fields import CountField, NoteLength, choices, lazy, new_key, several_lines, tell_needed
from desk.web.meanwhile import marks_of
from desk.wording import N_
from desk.wording.follow_ups import STEPS

RULES: Final = "rules"  # its place on the page


class StepForm(Form):
    """What was done, in a word of the list and in one's own."""

    key = HiddenField(default=new_key)
    step = RadioField(lazy(N_("What was done")), [InputRequired(lazy(N_("Choose what was done.")))])
    note = TextAreaField(
        lazy(N_("Note")),
        [NoteLength()],
        filters=[several_lines],
        render_kw={"rows": 4},
        description=lazy(N_("Needed to resolve, to call it not justified, or to open it again. It cannot be changed.")),
    )

    def __init__(self, offered: Iterable[FollowUpStep], **more: Any) -> None:
        """Make the form with the steps that are possible now."""
        super().__init__(**more)
        self.offer(choices({each: STEPS[each] for each in offered}))

    def offer(self, steps: list[SelectChoice]) -> None:
        """Offer these steps, and say whether they need a note."""
        self.step.choices = steps
        tell_needed(self.note, NEED_NOTE, [each.value for each in steps])

    def validate_note(self, field: Any) -> None:
        """Demand a note where the step needs one."""
        if self.step.data in {each.value for each in NEED_NOTE} and not field.data:
            raise ValidationError(lazy(N_("Write down what was found and done.")))


class AssignForm(Form):
    """To whom a follow-up goes."""

    key = HiddenField(default=new_key)
    to = SelectField(
        lazy(N_("Supervisor")),
        [InputRequired(lazy(N_("Choose a supervisor.")))],
        coerce=str,
        description=lazy(N_("Only supervisors who had no hand in the matter can be chosen.")),
        invalid_choice_message=lazy(N_("Choose a supervisor from the list.")),
    )
    reason = TextAreaField(
        lazy(N_("Why")), [NoteLength()], filters=[several_lines], render_kw={"rows": 2}
    )  # fmt: skip

    def __init__(self, supervisors: Iterable[tuple[int, str]], **more: Any) -> None:
        """Make the form with the supervisors to choose from."""
        super().__init__(**more)
        self.to.choices = [SelectChoice(str(each), name) for each, name in supervisors]


def _days(label: str, name: str, hint: str | None = None) -> CountField:
    least, most = BOUNDS[name]
    words = lazy(N_("Give a whole number within the bounds."))
    return CountField(
        lazy(label),
        [InputRequired(words), NumberRange(least, most, words)],
        invalid_value_message=words,
        description=f"{least}–{most}" if hint is None else lazy(hint),
    )


class RulesForm(PlannedForm):
    """When somebody follows up, and until when."""

    follow_up_percent = _days(
        N_("Follow up at or under this satisfaction (per cent)"),
        "follow_up_percent",
        N_("From 0 to 99. 34 takes the two lowest of five, and the two lowest of four."),
    )
    follow_up_lowest = BooleanField(lazy(N_("Also where any element of the regulation has the lowest mark")))
    follow_up_days = _days(N_("Follow-up due after (working days)"), "follow_up_days")
    complaint_ack_days = _days(N_("Acknowledge a complaint within (working days)"), "complaint_ack_days")
    complaint_answer_days = _days(N_("Answer a complaint within (working days)"), "complaint_answer_days")
    complaint_answer_words = BooleanField(
        lazy(N_("Send the answer itself with the mail to who complained")),
        description=lazy(N_("Without this tick the mail says that there is one, and where to read it.")),
    )
    late_mail = BooleanField(lazy(N_("Tell staff by mail of what is late")))
    late_raise_days = _days(
        N_("Tell administrators when it has been late for so many working days more"),
        "late_raise_days",
        N_("From 0 to 60. 0 never passes it up; the supervisors are told as soon as it is late."),
    )

    @classmethod
    def of(cls, rules: FollowUpRules) -> "RulesForm":
        """Return the form as the office has it."""
        current = asdict(rules)
        return cls(RULES, formdata=None, shown=marks_of(current), **current)

    @property
    def values(self) -> dict[str, JSON]:
        """What was typed, by setting."""
        return {name: getattr(self, name).data for name in SETTINGS}
