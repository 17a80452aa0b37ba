"""The form of a message's words in both languages, each either the office's own or those that come with the desk."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask_babel import gettext
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from desk.domain.invitation import Channel
from desk.domain.message_words import LANGUAGES, LONGEST, ONE_LINE, Found, Part, TextKind, Words, find_faults, parts_of
from desk.web.forms.absences import DayField
from desk.web.forms.counter import StepForm
from desk.web.forms.fields import choices, lazy, one_line, several_lines
from desk.wording import N_
from desk.wording.message_texts import FAULTS, PARTS, TOO_MANY

SHIPPED: Final = "shipped"
OWN: Final = "own"
CHOICES: Final = {SHIPPED: N_("The words that come with the desk"), OWN: N_("Own words")}
# A phone network makes several messages of a long text, and each is paid for.
MOST_MESSAGES: Final = 4
# Not called optional, though they need not be filled in where the language has no words of its own.
NEEDED: Final = frozenset(part.value for part in Part if part is not Part.CLOSING)
ROWS: Final = {Part.BODY: 10, Part.CLOSING: 3, Part.TEXT: 5}

Measure = Callable[[str, Words], int]
"""How many messages to a phone become of words in a language."""


class MessageForm(StepForm):
    """The words of one kind of message; `message_form` adds the fields of both languages."""

    kind: TextKind
    channel: Channel
    measure: Measure
    due = DayField(
        lazy(N_("From which day on")),
        [Optional()],
        description=lazy(N_("Leave it empty and it holds from now on. Messages that went out stay as they were.")),
    )

    @property
    def wanted(self) -> dict[str, Words | None]:
        """By language the office's own words, None for those that come with the desk."""
        return {each: self._words(each) if self[f"{each}_source"].data == OWN else None for each in LANGUAGES}

    def fields_of(self, language: str) -> list[Any]:
        """Return the fields of a language, the choice between the two first."""
        return [each for each in self if each.short_name.startswith(f"{language}_")]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the words of each language that has its own; the other's are not looked at."""
        fine: bool = super().validate(extra_validators)
        for language, words in self.wanted.items():
            for part, found in self._faults(language, words).items():
                fine = False
                field = self[f"{language}_{part}"]
                field.errors = [*field.errors, _said(part, found) if isinstance(found, Found) else found]
        return fine

    def _faults(self, language: str, words: Words | None) -> Mapping[Part, Found | str]:
        if words is None:
            return {}
        found = find_faults(self.kind, self.channel, words)
        if found or self.channel is not Channel.PHONE:
            return found
        count = self.measure(language, words)
        return {Part.TEXT: gettext(TOO_MANY, count=count, most=MOST_MESSAGES)} if count > MOST_MESSAGES else {}

    def _words(self, language: str) -> Words:
        return {part: self[f"{language}_{part}"].data or "" for part in parts_of(self.kind, self.channel)}


def message_form(
    kind: TextKind, channel: Channel, given: Mapping[str, Words | None], shipped: Mapping[str, Words], measure: Measure
) -> MessageForm:
    """Return the form over what is in force; where that is what comes with the desk, one begins from its words."""
    fields: dict[str, Any] = {"kind": kind, "channel": channel, "measure": staticmethod(measure)}
    stored: dict[str, Any] = {}
    for language in LANGUAGES:
        own = given.get(language)
        fields[f"{language}_source"] = RadioField(
            lazy(N_("Words")), [InputRequired(lazy(N_("Choose one of the two.")))], choices=choices(CHOICES)
        )
        stored[f"{language}_source"] = SHIPPED if own is None else OWN
        for part in parts_of(kind, channel):
            fields[f"{language}_{part}"] = _field(part, language)
            stored[f"{language}_{part}"] = (own or shipped[language]).get(part, "")
    form: MessageForm = type("MessageForm", (MessageForm,), fields)("message", **stored)
    for field in form:
        field.flags.needed_by_some = field.short_name.partition("_")[2] in NEEDED
    return form


def _field(part: Part, language: str) -> Any:
    is_long = part in ROWS
    render: dict[str, Any] = {"lang": language, "autocomplete": "off", **({"rows": ROWS[part]} if is_long else {})}
    kind = TextAreaField if is_long else StringField
    cleaning = one_line if part in ONE_LINE else several_lines
    return kind(lazy(PARTS[part]), filters=[cleaning], render_kw=render)


def _said(part: Part, found: Found) -> str:
    return gettext(FAULTS[found.fault]) % {"name": found.name, "count": found.count, "most": LONGEST[part]}
