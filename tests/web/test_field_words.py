"""What fields say of their own accord, in both languages; and hints that stand with the box they belong to."""

import re
from inspect import getsource

import pytest
import wtforms.fields
from wtforms import IntegerField, RadioField, SelectChoice, SelectField, SelectMultipleField

from desk.web.forms.base import WORDS, Form
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web

# Never shown: a mistake in the program, and kinds of fields that no form of the desk has.
UNSAID = {"Choices cannot be None.", "Not a valid week value."}


def test_every_message_of_a_field_has_words() -> None:
    modules = (wtforms.fields.choices, wtforms.fields.datetime, wtforms.fields.numeric)
    source = "".join(getsource(each) for each in modules)
    said = set(re.findall(r'gettext\(\s*"([^"]+)"', source))
    assert {"Not a valid choice.", "Invalid Choice: could not coerce."} <= said
    assert said - UNSAID <= WORDS.keys()


class Everything(Form):
    """A field of each kind that has words of its own."""

    class Meta(Form.Meta):
        csrf = False

    which = SelectField(choices=[SelectChoice("a", "A")])
    number = SelectField(choices=[SelectChoice(1, "One")], coerce=int)
    radio = RadioField(choices=[SelectChoice("a", "A")])
    several = SelectMultipleField(choices=[SelectChoice("a", "A")])
    count = IntegerField()


@pytest.mark.parametrize("language", ["id", "en"])
def test_wrong_input_is_answered_in_the_language_of_the_page(web: Web, language: str) -> None:
    given = {"which": "x", "number": "x", "radio": "x", "several": "x", "count": "x"}
    with web.app.test_request_context(f"/?language={language}", method="POST", data=given) as context:
        context.session["language"] = language
        form = Everything()
        assert not form.validate()
        said = {str(words) for errors in form.errors.values() for words in errors}
    expected = {"id": ("tidak (lagi) dapat dipilih", "bilangan bulat"), "en": ("cannot be chosen", "whole number")}
    assert all(any(part in words for part in expected[language]) for words in said)
    assert len(said) == 2


def test_a_hint_follows_its_box(web: Web, desk_office: DeskOffice) -> None:
    page = web.as_("Agus").get(f"/offices/{desk_office.id}/survey-settings")
    boxes = [each for each in page.tree.named("input") if each.get("type") == "checkbox"]
    hinted = [each.get("id") for each in boxes if "-hint" in (each.get("aria-describedby") or "")]
    assert hinted
    for box in hinted:
        assert page.text.index(f'id="{box}"') < page.text.index(f'id="{box}-hint"')
