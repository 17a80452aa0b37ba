"""Forms for answers on paper: one respondent typed in, or a file taken over."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask_babel import gettext
from wtforms import BooleanField, FileField, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from desk.domain.questionnaires import LONGEST_TEXT, AnswerFault, Kind, Question, Questionnaire, fill
from desk.operations.survey.placing_rows import Same
from desk.web.forms.absences import DayField
from desk.web.forms.counter import StepForm
from desk.web.forms.fields import lazy, several_lines
from desk.web.numbers import with_separators
from desk.wording import N_

CHOOSE_DAY = N_("Give the day, for example 2026-03-31.")
PAPER_FAULTS: Final = {
    AnswerFault.MISSING: N_("With a queue number, this question must be answered."),
    AnswerFault.OFF_SCALE: N_("This is off the scale of %(least)s to %(highest)s. Compare with the sheet."),
    AnswerFault.TOO_LONG: N_("Use at most %(most)s characters; these are %(length)s."),
}


class PaperForm(StepForm):
    """One respondent; `paper_form` adds a field for each question, named `q_` and its key."""

    day = DayField(lazy(N_("Day")), [InputRequired(lazy(CHOOSE_DAY))])
    number = StringField(
        lazy(N_("Queue number, if it is on the sheet")),
        [Optional(), Length(max=12)],
        description=lazy(N_("Then the answer belongs to the transaction, like one through the link.")),
    )
    service = SelectField(lazy(N_("Service")), coerce=int, validate_choice=True)
    matter = HiddenField()  # the invitation that was shown before saving; empty until then

    @property
    def typed_number(self) -> str:
        """The queue number; empty for a sheet without one."""
        return (self.number.data or "").strip()

    @property
    def on_day(self) -> date:
        """The day; ask only for what was validated."""
        found: Any = self.day.data
        return date.fromisoformat(str(found))

    @property
    def given(self) -> Mapping[str, str]:
        """What was typed, by question key."""
        return {each.short_name[2:]: each.data or "" for each in self if each.short_name.startswith("q_")}

    @property
    def questions(self) -> list[Any]:
        """The fields of the questions, in order."""
        return [each for each in self if each.short_name.startswith("q_")]


def paper_form(
    questionnaire: Questionnaire, language: str, services: list[tuple[int, str]], *, blank_on: date | None = None
) -> PaperForm:
    """Return the form for this questionnaire: as posted, or blank for a day."""
    fields = {f"q_{each.key}": _field(each, language) for each in questionnaire.questions}
    form: PaperForm = type("PaperForm", (PaperForm,), fields)("paper", blank=blank_on is not None)
    form.service.choices = [SelectChoice(*each) for each in services]
    if blank_on is not None:
        form.day.data = blank_on  # type: ignore[assignment]
        form.service.data = 0
    return form


def file_form(services: list[tuple[int, str]], *, blank_on: date | None = None) -> "AnswersFileForm":
    """Return the form for a file: as posted, or blank for a day."""
    form = AnswersFileForm("file", blank=blank_on is not None)
    form.service.choices = [SelectChoice(*each) for each in services]
    if blank_on is not None:
        form.day.data = blank_on  # type: ignore[assignment]
        form.service.data = 0
    return form


def _field(question: Question, language: str) -> Any:
    label = question.text.in_language(language)
    match question.kind:
        case Kind.TEXT:
            return TextAreaField(label, [Optional()], filters=[several_lines], render_kw={"rows": 2})
        case Kind.SCALE:
            low, high = question.bounds
            words = ", ".join(f"{each.value} {each.text.in_language(language)}" for each in question.options)
            more = {"inputmode": "numeric", "size": len(str(high)), "maxlength": len(str(high)), "min": low}
            return StringField(label, [Optional()], description=words, render_kw=more)
        case _:
            named = ((str(each.value), each.text.in_language(language)) for each in question.options)
            choices = [SelectChoice("", "–"), *(SelectChoice(*each) for each in named)]
            return SelectField(label, [Optional()], choices=choices, validate_choice=False)


class AnswersFileForm(StepForm):
    """A file (or its lines) of answers to the nine or fourteen elements, one respondent a line."""

    file = FileField(lazy(N_("File")), description=lazy(N_("CSV, one respondent a line, columns named by element.")))
    rows = TextAreaField(lazy(N_("Or the lines themselves")), render_kw={"rows": 6})
    day = DayField(
        lazy(N_("Day of those without a date")),
        [InputRequired(lazy(CHOOSE_DAY))],
        description=lazy(
            N_("The column “tanggal” of the file goes before. If the file comes again, choose the same day.")
        ),
    )
    service = SelectField(
        lazy(N_("Service of those without one")),
        coerce=int,
        description=lazy(N_("The column “layanan” goes before: the letter or the name of a service.")),
    )
    keep = BooleanField(lazy(N_("Take over the good lines and leave out the refused ones")))
    further = BooleanField(
        lazy(N_("Count them as further people")),
        description=lazy(
            N_(
                "Only if you know that these are other people who gave the same answers. If this is a file that was"
                " taken over before, or a mended one, leave it empty: everybody in it would count twice. That you chose"
                " so is kept in the trail."
            )
        ),
    )

    @property
    def on_day(self) -> date:
        """The day; ask only for what was validated."""
        found: Any = self.day.data
        return date.fromisoformat(str(found))

    @property
    def same(self) -> Same:
        """What lines are that say exactly the same as rows already taken over."""
        return Same.FURTHER if self.further.data else Same.AGAIN

    def data_given(self) -> bytes:
        """Return what was uploaded, else what was typed."""
        given: bytes = b"" if not self.file.data else self.file.data.read()
        return given or (self.rows.data or "").encode()


def say_beside(form: PaperForm, questionnaire: Questionnaire) -> None:
    """Say beside each question what is wrong with its answer; without a number, elements may be left out."""
    given = form.given
    faults = fill(questionnaire, given, require=bool(form.typed_number)).faults
    for question in questionnaire.questions:
        fault = faults.get(question.key)
        if fault is not None:
            words = gettext(PAPER_FAULTS[fault])
            form[f"q_{question.key}"].errors = [words % _bounds(question, given.get(question.key, ""))]
    if not faults:
        form.form_errors.append(gettext("There is no answer on the sheet. Type in at least one."))


def _bounds(question: Question, said: str) -> dict[str, str]:
    least, most = question.bounds if question.kind is Kind.SCALE else (0, 0)
    return with_separators({"least": least, "highest": most, "most": LONGEST_TEXT, "length": len(said)})
