"""The forms of a service: what is set of it, and the table of who serves what."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

from flask_babel import gettext
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, StopValidation, ValidationError

from desk.domain import services as rule
from desk.domain.refusals import Refused
from desk.domain.services import LANGUAGES, LONGEST_NAME, LONGEST_TEXT, MOST_NUMBERS, TEXTS, TOPICS, Pair
from desk.domain.services import Plan as ServicePlan
from desk.web.administration.planning import PlannedForm
from desk.web.forms.absences import DayField
from desk.web.forms.base import Form
from desk.web.forms.fields import CountField, lazy, new_key, one_line, several_lines
from desk.web.forms.survey_settings import ShareField
from desk.wording import N_
from desk.wording import services as words

AT_ONCE: Final = "at_once"
ON_DATE: Final = "on_date"
LONGEST_STEPS: Final = 1_000
LETTER: Final = lazy(N_("Give one to three letters from A to Z."))
WAIT: Final = lazy(N_("Give a whole number of minutes from 1 to 1,440."))
QUOTA: Final = lazy(N_("Give a whole number from 1 to 9,999, or leave it empty."))
STEPS: Final = N_(
    "Line %(line)s cannot be read. Write two whole numbers: objects up to, then working days. For example: 5 17"
)
RISING: Final = N_(
    "Every line needs more objects and more working days than the line before: at most 10,000 objects, 260 days and "
    "12 lines."
)
_STEP: Final = re.compile(r"(\d{1,6})\D+(\d{1,6})\D*", re.ASCII)


def _upper(value: str | None) -> str | None:
    typed = one_line(value)
    return None if typed is None else typed.upper()


def read_steps(typed: str) -> rule.Steps:
    """Return typed steps, one a line; raises `ValueError` with a sentence that says what to do."""
    found: list[tuple[int, int]] = []
    for number, line in enumerate((each for each in typed.splitlines() if each.strip()), start=1):
        step = _STEP.fullmatch(line.strip())
        if step is None:
            raise ValueError(gettext(STEPS) % {"line": number})
        found.append((int(step[1]), int(step[2])))
    try:
        return rule.checked_steps(found)
    except Refused as refused:
        raise ValueError(gettext(RISING)) from refused


def write_steps(steps: Iterable[Iterable[int]]) -> str:
    """Return steps as they are typed."""
    return "\n".join(" ".join(str(each) for each in step) for step in steps)


class _ServiceFields(Form):
    """All of a service but its texts."""

    key = HiddenField(default=new_key)
    series = StringField(
        lazy(N_("Letter of its numbers")),
        [InputRequired(LETTER), Regexp(rule.LETTER.pattern + r"\Z", message=LETTER)],
        filters=[_upper],
        description=lazy(N_("For example A: numbers are A001, A002 … No other service in use may have it.")),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 3, "size": 4},
    )
    icon = RadioField(lazy(N_("Picture")), [InputRequired(lazy(N_("Choose a picture.")))])
    head = SelectField(
        lazy(N_("Head of the queue")),
        [InputRequired(lazy(N_("Choose who heads the queue.")))],
        coerce=str,
        description=lazy(N_("Responsible for everybody who waits. Who waits already stays with the head of then.")),
    )
    calendar = SelectField(lazy(N_("Calendar")), [InputRequired(lazy(N_("Choose a calendar.")))], coerce=str)
    wait = CountField(
        lazy(N_("Longest wait that is promised (minutes)")),
        [InputRequired(WAIT), NumberRange(1, rule.LONGEST_WAIT_MINUTES, WAIT)],
        invalid_value_message=WAIT,
        render_kw={"min": 1, "max": rule.LONGEST_WAIT_MINUTES, "inputmode": "numeric"},
    )
    steps = TextAreaField(
        lazy(N_("Working days promised from complete documents on")),
        [Optional(), Length(max=LONGEST_STEPS, message=lazy(N_("Use at most %(max)d characters.")))],
        filters=[several_lines],
        description=lazy(
            N_("One line for each step: objects up to, then working days, as in “5 17”. Empty: done at the counter.")
        ),
        render_kw={"rows": 4, "inputmode": "text"},
    )
    quota = ShareField(
        lazy(N_("Numbers a day")),
        [Optional(), NumberRange(1, MOST_NUMBERS, QUOTA)],
        invalid_value_message=QUOTA,
        description=lazy(
            N_("Empty: any. Then kiosk, phone and programs give no more; at the reception it has to be confirmed.")
        ),
        render_kw={"min": 1, "max": MOST_NUMBERS, "inputmode": "numeric"},
    )

    def validate_steps(self, field: Any) -> None:
        """Demand steps that rise."""
        try:
            read_steps(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error


def _text_field(topic: str, language: str) -> Any:
    if topic == "name":
        said = lazy(N_("Give the name in both languages, 200 characters at most."))
        return StringField(validators=[InputRequired(said), Length(max=LONGEST_NAME, message=said)], filters=[one_line])
    too_long = lazy(N_("Use at most %(max)d characters."))
    return TextAreaField(
        validators=[Optional(), Length(max=LONGEST_TEXT, message=too_long)],
        filters=[several_lines],
        render_kw={"rows": 4},
    )


def _demand_day(form: Any, field: Any) -> None:
    """Demand a day where one is to be waited for; before `Optional`, which takes an empty field for good."""
    if form.takes_effect.data == ON_DATE and not "".join(field.raw_data or ()).strip():
        field.errors = []
        raise StopValidation(lazy(N_("Give the day from which on it holds.")))


class ServiceForm(_ServiceFields):
    """A service: all that is set of it, and from when on."""

    takes_effect = RadioField(
        lazy(N_("Takes effect")),
        [InputRequired()],
        choices=[SelectChoice(AT_ONCE, lazy(N_("At once"))), SelectChoice(ON_DATE, lazy(N_("On a later day")))],
        default=AT_ONCE,
    )
    shown = HiddenField()
    sure = BooleanField(lazy(N_("It is meant so: the service is closed until the calendar opens")))
    due = DayField(
        lazy(N_("From this day on")),
        [_demand_day, Optional()],
        description=lazy(N_("As the day begins. Until then nothing changes, and it can be taken back.")),
    )

    def __init__(
        self, people: Iterable[tuple[int, str]], calendars: Iterable[tuple[int, str]], picture: str = "", **more: Any
    ) -> None:
        """Make the form with who can head the queue, the calendars, and the picture it has."""
        super().__init__(**more)
        self.due.flags.needed_by_some = True
        choose = SelectChoice("", lazy(N_("– choose –")))
        self.head.choices = [choose, *(SelectChoice(str(each), name) for each, name in people)]
        self.calendar.choices = [choose, *(SelectChoice(str(each), name) for each, name in calendars)]
        known = [*words.ICONS] if not picture or picture in words.ICONS else [picture, *words.ICONS]
        self.icon.choices = [SelectChoice(each, lazy(words.ICONS.get(each, N_("As it is")))) for each in known]
        for topic in TOPICS:
            for language in LANGUAGES:
                field = self[f"{topic}_{language}"]
                field.label.text = f"{gettext(words.TOPICS[topic])} ({words.LANGUAGES[language]})"
                field.render_kw = {**(field.render_kw or {}), "lang": language}

    @classmethod
    def of(
        cls, values: Mapping[str, Any], people: list[tuple[int, str]], calendars: list[tuple[int, str]], *, shown: str
    ) -> Any:
        """Return the form of a service as it is; `shown` is by what it remembers that."""
        texts = {name: values[name] for name in TEXTS}
        return cls(
            people,
            calendars,
            values["icon"],
            formdata=None,
            shown=shown,
            series=values["series"],
            icon=values["icon"],
            head=str(values["head_id"]),
            calendar=str(values["calendar_id"]),
            wait=values["wait_promise_s"] // 60,
            steps=write_steps(values["completion_steps"]),
            quota=values["daily_quota"],
            **texts,
        )

    @property
    def due_on(self) -> date | None:
        """The later day, None for at once."""
        found: date | None = self.due.data if self.takes_effect.data == ON_DATE else None
        return found

    @property
    def plan(self) -> ServicePlan:
        """What was typed, of a form that was found to be good."""
        return ServicePlan(
            str(self.series.data),
            {name: self[name].data or "" for name in TEXTS},
            int(self.calendar.data),
            int(self.head.data),
            str(self.icon.data),
            int(self.wait.data or 0) * 60,
            read_steps(self.steps.data or ""),
            self.quota.data,
        )


for _topic in TOPICS:
    for _language in LANGUAGES:
        setattr(ServiceForm, f"{_topic}_{_language}", _text_field(_topic, _language))


class SkillsForm(PlannedForm):
    """The table of who serves what: what it showed, what came back ticked, and from when on.

    Where services would be left to nobody, `left` has their ids, and `sure` is asked for once more.
    """

    left = HiddenField()
    sure = BooleanField(lazy(N_("It is meant so: nobody serves them, and no numbers are given out for them")))

    @property
    def sure_of(self) -> frozenset[int]:
        """The services that were confirmed to be left to nobody."""
        return frozenset(map(int, _ID.findall(self.left.data or ""))) if self.sure.data else frozenset()

    def ask_about(self, left: str, said: str) -> None:
        """Ask once more, in words, whether these services (ids between spaces) are to be left to nobody."""
        self.left.data, self.sure.data = left, False
        self.sure.errors = [said]

    def pairs(self, posted: Collection[str]) -> tuple[frozenset[Pair], frozenset[Pair]]:
        """Return what was shown and what came back ticked; what is no pair of ids is left out."""
        return read_pairs((self.shown.data or "").split()), read_pairs(posted)


_ID: Final = re.compile(r"\b\d{1,9}\b", re.ASCII)
_PAIR: Final = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


def read_pairs(typed: Iterable[str]) -> frozenset[Pair]:
    """Return pairs of ids from texts such as "3-7"."""
    found = (_PAIR.fullmatch(each) for each in typed)
    return frozenset((int(each[1]), int(each[2])) for each in found if each is not None)


def write_pairs(pairs: Iterable[Pair]) -> str:
    """Return pairs as they stand in the form."""
    return " ".join(f"{who}-{what}" for who, what in sorted(pairs))
