"""What every form is made of: the messages that WTForms has ready, in the desk's own words and both languages."""

from typing import Any, Final

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import StringField

from desk.wording import N_

CHOOSE_LISTED: Final = N_("This cannot be chosen (any more). Choose from the list.")
# By what WTForms says; anything else of it would stand in English on an Indonesian page.
WORDS: Final[dict[str, str]] = {
    "Not a valid choice.": CHOOSE_LISTED,
    "Invalid Choice: could not coerce.": CHOOSE_LISTED,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE_LISTED,
    "'%(value)s' is not a valid choice for this field.": CHOOSE_LISTED,
    "'%(value)s' are not valid choices for this field.": CHOOSE_LISTED,
    "Not a valid integer value.": N_("Give a whole number."),
    "Not a valid decimal value.": N_("Give a number."),
    "Not a valid float value.": N_("Give a number."),
    "Not a valid date value.": N_("Give a date."),
    "Not a valid datetime value.": N_("Give a day and a time of day."),
    "Not a valid time value.": N_("Give a time of day like 08:30."),
    "This field is required.": N_("Fill this in."),
    "Field cannot be longer than %(max)d character.": N_("Use at most %(max)d characters."),
    "Field must be at least %(min)d character long.": N_("Use at least %(min)d characters."),
    "Field must be exactly %(max)d character long.": N_("Use exactly %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": N_("Use %(min)d to %(max)d characters."),
    "Number must be at least %(min)s.": N_("Give %(min)s or more."),
    "Number must be at most %(max)s.": N_("Give %(max)s or less."),
    "Number must be between %(min)s and %(max)s.": N_("Give a number from %(min)s to %(max)s."),
    "Invalid input.": N_("This cannot be understood. Look at it once more."),
    "Invalid email address.": N_("Write the e-mail address like name@example.id."),
}


class _Words:
    """What WTForms asks for its own messages."""

    def gettext(self, words: str) -> str:
        """Return a message in the language of the page."""
        return str(gettext(WORDS.get(words, words)))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return a message that counts, in the language of the page; WTForms fills it in, so it stays as it is here."""
        return self.gettext(one if one in WORDS else one if count == 1 else many)


class Form(FlaskForm):  # type: ignore[misc]
    """A form; what its fields say of their own accord is said in both languages."""

    def process(self, *given: Any, **more: Any) -> None:
        """Read what was sent; what is blank once its filters have cleaned it counts as not filled in."""
        super().process(*given, **more)
        for field in self:
            if isinstance(field, StringField) and field.data == "" and field.raw_data:
                field.raw_data = [""]

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How WTForms finds its words."""

        def get_translations(self, form: Any) -> _Words:
            """Return the desk's."""
            return _Words()
