"""Who begins to work in an office, and in which roles, as an administrator writes them down."""

from enum import StrEnum
from typing import Any, Final

from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from desk.domain.access import Role
from desk.domain.staff import LANGUAGES, LONGEST_NAME, Newcomer
from desk.web.forms.base import Form
from desk.web.forms.fields import choices, lazy, one_line
from desk.web.forms.staff import ContactForm
from desk.wording import N_

ROLES: Final[dict[Role, str]] = {
    Role.AGENT: N_("Agent: calls and serves visitors"),
    Role.SUPERVISOR: N_("Supervisor: looks after the floor and its staff"),
    Role.AUDITOR: N_("Auditor: reads reports and the trail"),
    Role.ADMIN: N_("Administrator: sets the office up"),
}
SPOKEN: Final[dict[str, str]] = {"id": N_("Indonesian"), "en": N_("English")}


class Way(StrEnum):
    """How somebody new is let in."""

    MAIL = "mail"
    CODE = "code"
    LATER = "later"


WAYS: Final[dict[Way, str]] = {
    Way.MAIL: N_("By mail: a link to choose a password, for 72 hours"),
    Way.CODE: N_("By a one-time code that you hand over, for 72 hours"),
    Way.LATER: N_("Later"),
}


class RolesField(SelectMultipleField):  # type: ignore[misc]
    """Several roles, each a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, **more: Any) -> None:
        """Make the field; it must not be left empty."""
        super().__init__(label, choices=choices(ROLES), **more)
        self.flags.required = True

    @property
    def roles(self) -> frozenset[Role]:
        """What was chosen."""
        return frozenset(map(Role, self.data or ()))


class NewcomerForm(ContactForm):
    """Somebody who works in no office yet."""

    name = StringField(
        lazy(N_("Name")),
        [InputRequired(lazy(N_("Enter the name."))), Length(max=LONGEST_NAME)],
        filters=[one_line],
    )
    username = StringField(
        lazy(N_("User name")),
        [InputRequired(lazy(N_("Enter a user name."))), Length(max=80)],
        filters=[one_line],
        description=lazy(N_("For signing in: small letters, digits, dots and hyphens, at least 3.")),
    )
    roles = RolesField(lazy(N_("Roles")))
    language = RadioField(lazy(N_("Language")), [InputRequired()], choices=choices(SPOKEN), default=LANGUAGES[0])
    way = RadioField(
        lazy(N_("How they choose their password")), [InputRequired()], choices=choices(WAYS), default=Way.MAIL.value
    )

    @property
    def newcomer(self) -> Newcomer:
        """What was typed."""
        return Newcomer(
            self.username.data or "", self.name.data or "", self.roles.roles, self.wanted, self.language.data or ""
        )


class ColleagueForm(Form):
    """Somebody who works in another office already."""

    username = StringField(
        lazy(N_("User name")), [InputRequired(lazy(N_("Enter the user name."))), Length(max=80)], filters=[one_line]
    )
    roles = RolesField(lazy(N_("Roles")))


class RolesForm(Form):
    """The roles of somebody here."""

    roles = RolesField(lazy(N_("Roles")))
