"""The form of the end-of-shift handover: a receiver for all, or for each its own, or staying overnight."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, SelectChoice, SelectField, TextAreaField

from desk.domain.refusals import Reason
from desk.domain.shifts import Parcel
from desk.reads.shift import Held
from desk.web.forms.base import Form
from desk.web.forms.counter import whole_number
from desk.web.forms.fields import NoteLength, lazy, new_key, several_lines
from desk.wording import N_
from desk.wording.refusals import SENTENCES

STAYS: Final = "stays"
GONE: Final = N_("This receiver is not there any more. Choose another one.")


class ShiftForm(Form):
    """What all ends of shifts share; `shift_form` adds two fields for each transaction."""

    key = HiddenField(default=new_key)
    all_to = SelectField(lazy(N_("Everything to")), invalid_choice_message=lazy(GONE))
    items: Sequence[Held] = ()

    def rows(self) -> Iterator[tuple[Held, Field, Field]]:
        """Yield each transaction with its two fields."""
        for item in self.items:
            yield item, self._fields[f"to_{item.id}"], self._fields[f"note_{item.id}"]

    def validate(self, extra_validators: Any = None) -> bool:
        """Demand a choice for each, and none that the rule forbids."""
        good = super().validate(extra_validators)
        for item, to, _ in self.rows():
            wrong = None if to.errors else self._wrong(item, to.data or self.all_to.data)
            if wrong is not None:
                to.errors = [wrong]
                good = False
        return bool(good)

    def _wrong(self, item: Held, chosen: str) -> str | None:
        if not chosen:
            return gettext("Choose to whom, or that it stays with you overnight.")
        if chosen == STAYS and not item.may_stay:
            return gettext(SENTENCES[Reason.MUST_BE_HANDED_OVER].text)
        return None


def posted_parcels(fields: MultiDict[str, str]) -> list[Parcel]:
    """Return what was chosen for each transaction named, in the order of their ids, still there or not."""
    named = sorted(whole_number(name.removeprefix("to_")) for name in fields if name.startswith("to_"))
    return [_parcel(fields, each) for each in named]


def _parcel(fields: MultiDict[str, str], transaction_id: int) -> Parcel:
    chosen = fields.get(f"to_{transaction_id}") or fields.get("all_to") or STAYS
    receiver = None if chosen == STAYS else whole_number(chosen.removeprefix("officer-"))
    return Parcel(transaction_id, receiver, several_lines(fields.get(f"note_{transaction_id}")) or None)


def shift_form(items: Sequence[Held], receivers: list[SelectChoice], *, blank: bool = False) -> ShiftForm:
    """Return the form for these transactions and receivers; `blank` ignores what was posted."""
    fields: dict[str, Any] = {"items": items}
    stays = SelectChoice(STAYS, gettext("Stays overnight"))
    for item in items:
        choices = [SelectChoice("", gettext("as chosen for all")), *([stays] if item.may_stay else []), *receivers]
        label = gettext("%(number)s to", number=item.number)
        fields[f"to_{item.id}"] = SelectField(label, choices=choices, invalid_choice_message=lazy(GONE))
        fields[f"note_{item.id}"] = TextAreaField(
            gettext("Note on %(number)s", number=item.number),
            [NoteLength()],
            filters=[several_lines],
            render_kw={"rows": 2},
        )
    made: type[ShiftForm] = type("ShiftForm", (ShiftForm,), fields)
    form = made(**({"formdata": None} if blank else {}))
    for each in (form.all_to, *(to for _, to, _ in form.rows())):
        each.flags.required = True  # one of the two must say it, so neither is called optional
    form.all_to.choices = [SelectChoice("", gettext("– each its own –")), stays, *receivers]
    return form
