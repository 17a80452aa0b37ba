"""Ready-made texts on a page: a form for each and one for a new one; adding, rewording, removing."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.refusals import Refused
from desk.operations.requests import Done
from desk.operations.settings import console_settings
from desk.reads.console_settings import SnippetView
from desk.web.administration.planning import PASSED_ON, say_in_field
from desk.web.context import acting, asked, desk
from desk.web.counter.steps import sealed
from desk.web.errors import refusal_status
from desk.web.forms.console import SnippetForm

Page = Callable[[SnippetForm], str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts of the office, or (`own`) of one officer; the page they are kept on, and its address."""

    office_id: int
    own: bool
    page: Page
    url: str = field(default="")

    def add(self) -> ResponseReturnValue:
        """Add what was typed."""
        form = SnippetForm("new")
        code, words = form.code.data or "", form.words.data or ""
        request_ = asked(acting(self.office_id), "add_snippet", code=code, words=sealed(words), own=self.own)
        given = {"code": code, "words": words}
        return self._kept(
            form,
            lambda: console_settings.add_snippet(desk().streams, self.office_id, request_, own=self.own, **given),
            gettext("The text is added. Type / and its short word in a note."),
        )

    def change(self, snippet_id: int) -> ResponseReturnValue:
        """Reword a text."""
        form = SnippetForm(f"snippet-{snippet_id}")
        code, words = form.code.data or "", form.words.data or ""
        said = {"snippet": snippet_id, "code": code, "words": sealed(words), "own": self.own}
        request_ = asked(acting(self.office_id), "change_snippet", **said)
        return self._kept(
            form,
            lambda: console_settings.change_snippet(
                desk().streams, self.office_id, snippet_id, request_, code=code, words=words, own=self.own
            ),
            gettext("The text is changed. Notes that were written with it keep theirs."),
        )

    def remove(self, snippet_id: int) -> ResponseReturnValue:
        """Remove a text."""
        request_ = asked(acting(self.office_id), "remove_snippet", snippet=snippet_id, own=self.own)
        console_settings.remove_snippet(desk().streams, self.office_id, snippet_id, request_, own=self.own)
        flash(gettext("The text is removed. Notes that were written with it keep theirs."), "success")
        return redirect(self.url, 303)

    def _kept(self, form: SnippetForm, keep: Callable[[], Done], said: str) -> ResponseReturnValue:
        if not form.validate_on_submit():
            return self.page(form), 422
        try:
            keep()
        except Refused as refused:
            if refused.reason in PASSED_ON:
                raise
            say_in_field(form, refused)
            return self.page(form), refusal_status(refused)
        flash(said, "success")
        return redirect(self.url, 303)


def snippet_forms(found: list[SnippetView], problem: object) -> list[tuple[SnippetView, SnippetForm]]:
    """Return each text with its form; one that came back with errors takes the place of its own."""
    return [(each, _form(f"snippet-{each.id}", problem, each)) for each in found]


def new_form(problem: object) -> SnippetForm:
    """Return the form of a new text."""
    return _form("new", problem, None)


def _form(place: str, problem: object, known: SnippetView | None) -> SnippetForm:
    if isinstance(problem, SnippetForm) and problem.place == place:
        return problem
    given = {} if known is None else {"code": known.code, "words": known.words}
    return SnippetForm(place, blank=True, **given)
