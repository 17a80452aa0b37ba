"""The form of the first run: the token, the office, and whoever will administer it."""

from typing import Final

from flask_babel import gettext
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from desk.domain.access import Role
from desk.domain.opening import code_of
from desk.domain.password_rules import About, require_fit
from desk.domain.refusals import Refused
from desk.domain.staff import LONGEST_EMAIL, Contact, read_username, tidied
from desk.operations.accounts.common_passwords import is_common
from desk.operations.accounts.passwords import hashed
from desk.operations.opening.first_run import FirstOffice
from desk.operations.opening.setting_up import OfficePlan, PersonPlan
from desk.web.forms.base import Form
from desk.web.forms.fields import lazy, one_line
from desk.web.forms.identity import address_field, language_field, logo_field, name_field
from desk.web.forms.zones import zone_field
from desk.wording.refusals import SENTENCES, filled

LONGEST_USERNAME: Final = 80


class FirstRunForm(Form):
    """Everything an office cannot begin without."""

    token = StringField(
        lazy("Set-up token"),
        [InputRequired(lazy("Enter the set-up token."))],
        filters=[one_line],
        description=lazy("The server printed it when it started. “desk setup-token” on the server prints a new one."),
    )
    name = name_field()
    zone = zone_field(default="Asia/Jakarta")
    language = language_field()
    address = address_field()
    logo = logo_field()
    person = StringField(
        lazy("Your name"), [InputRequired(lazy("Enter your name.")), Length(max=200)], filters=[one_line]
    )
    username = StringField(
        lazy("User name"),
        [InputRequired(lazy("Enter a user name.")), Length(max=LONGEST_USERNAME)],
        filters=[one_line],
        description=lazy("With it you sign in. Capital letters make no difference."),
    )
    email = StringField(
        lazy("Your e-mail address"),
        [Length(max=LONGEST_EMAIL)],
        filters=[one_line],
        description=lazy("For messages to you: what is late, and a way back in if you forget the password."),
    )
    password = PasswordField(
        lazy("Password"),
        [InputRequired(lazy("Choose a password."))],
        description=lazy("At least 12 characters. Several words are good; signs and digits are not demanded."),
    )
    again = PasswordField(lazy("The password once more"), [InputRequired(lazy("Type the password once more."))])

    def validate_username(self, field: StringField) -> None:
        """Refuse what could not be a user name later either."""
        try:
            read_username(field.data or "")
        except Refused as refused:
            raise ValidationError(gettext(SENTENCES[refused.reason].text)) from refused

    def validate_email(self, field: StringField) -> None:
        """Refuse what is no address."""
        try:
            tidied(Contact(field.data))
        except Refused as refused:
            raise ValidationError(gettext("Write the e-mail address like name@example.id.")) from refused

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that others would guess."""
        email, office = self.email.data or None, self.name.data or ""
        about = About(self.username.data or "", self.person.data or "", email, (office,))
        try:
            require_fit(field.data or "", about, is_common=is_common)
        except Refused as refused:
            said = filled(gettext(SENTENCES[refused.reason].text), refused.details)
            raise ValidationError(said) from refused

    def validate_again(self, field: PasswordField) -> None:
        """Refuse two that differ."""
        if field.data != self.password.data:
            raise ValidationError(gettext("This is not the same password. Type both once more."))

    @property
    def plan(self) -> FirstOffice:
        """What was asked for; hashing the password takes its time."""
        name, language = self.name.data or "", self.language.data or "id"
        office = OfficePlan(code_of(name), name, self.zone.data, self.address.data or "", language)
        username, known_as = read_username(self.username.data or ""), self.person.data or ""
        email = tidied(Contact(self.email.data)).email
        kept = hashed(self.password.data or "")
        person = PersonPlan(username, known_as, (Role.ADMIN,), email, password_hash=kept, language=language)
        return FirstOffice(office, person, self.logo.logo)
