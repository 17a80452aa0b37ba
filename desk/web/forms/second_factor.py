"""Codes as they are typed, and the roles of which a second factor is demanded."""

from datetime import datetime
from math import ceil
from typing import Any, Final

from flask_babel import gettext, ngettext
from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from desk.domain.access import Role
from desk.domain.refusals import Refused
from desk.domain.second_factors import Verdict
from desk.web.counter.story_words import spell
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, one_line
from desk.wording import N_

MAX_CODE: Final = 80
_SEALED: Final = N_(
    "No code can be checked now: the server lacks the key that your second factor was sealed with. Tell whoever runs "
    "the server: they put the key back, or take the second factor away."
)
WORDS: Final = {
    Verdict.WRONG: N_("This code is not right. Type the code that the app shows now."),
    Verdict.USED: N_("This code was used already. Wait for the next one: a new one comes every half minute."),
    Verdict.PAST: N_(
        "This code is some minutes old. If the app shows it now, the clock of the phone is slow: let the phone set its "
        "clock by itself, then type the new code."
    ),
    Verdict.SEALED: _SEALED,
}
WORDS_OF_RECOVERY: Final = {
    Verdict.WRONG: N_("This recovery code is not right. Look at your list once more."),
    Verdict.USED: N_("This recovery code was used already; each works once. Take another one."),
    Verdict.SEALED: _SEALED,
}


def _code(label: str) -> StringField:
    checks = [InputRequired(lazy(N_("Type the code."))), Length(max=MAX_CODE)]
    return StringField(lazy(label), checks, filters=[one_line])


class CodeForm(Form):
    """One code of the app."""

    code = _code(N_("Code of the app"))


class RecoveryForm(Form):
    """One recovery code."""

    code = _code(N_("Recovery code"))


class SetUpForm(Form):
    """The code that a new app shows, with the sealed secret it was given."""

    setup = HiddenField()
    code = _code(N_("Code of the app"))


class ReplaceForm(SetUpForm):
    """The same, with a code of the app that is replaced."""

    present = _code(N_("Code of the old app, or a recovery code"))


class DemandForm(Form):
    """The roles of which an office demands a second factor."""

    roles = SelectMultipleField(
        lazy(N_("Demanded of")), choices=[], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Offer every role."""
        super().__init__(*arguments, **named)
        self.roles.choices = [(role.value, spell(role)) for role in Role]

    @property
    def wanted(self) -> frozenset[Role]:
        """What was chosen."""
        return frozenset(map(Role, self.roles.data or ()))


def words_of(verdict: Verdict, *, is_recovery: bool, until: datetime | None, at: datetime) -> str:
    """Return what a code was and what to do next."""
    if verdict is Verdict.WAIT:
        minutes = 1 if until is None else max(1, ceil((until - at).total_seconds() / 60))
        return ngettext(
            "Too many codes were wrong. Try again in %(num)d minute, or use a recovery code.",
            "Too many codes were wrong. Try again in %(num)d minutes, or use a recovery code.",
            minutes,
        )
    known = WORDS_OF_RECOVERY if is_recovery else WORDS
    return gettext(known.get(verdict, known[Verdict.WRONG]))


def words_of_clock(refused: Refused) -> str:
    """Return why the code of a new app was not taken; whoever sets one up may be told how wrong the clock is."""
    minutes = refused.details["minutes"]
    match refused.details["verdict"]:
        case Verdict.PAST:
            return gettext(
                "The clock of the phone is slow by %(minutes)s min. Let the phone set its clock by itself, then type "
                "the new code.", minutes=minutes,
            )  # fmt: skip
        case Verdict.AHEAD:
            return gettext(
                "The clock of the phone is fast by %(minutes)s min. Let the phone set its clock by itself, then type "
                "the new code.", minutes=minutes,
            )  # fmt: skip
        case _:
            return gettext(WORDS[Verdict.WRONG])
