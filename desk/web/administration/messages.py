"""The words of the office's messages: which of them are its own, and an editor that shows what would go out."""

from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext
from werkzeug.routing import BaseConverter

from desk.delivery.addresses import Mailbox, SenderIdentity
from desk.delivery.samples import Office, SampleText, sample_mail, sample_text
from desk.delivery.shipped_words import shipped_words
from desk.delivery.worker import identity_of
from desk.domain.access import Role
from desk.domain.invitation import Channel
from desk.domain.message_words import LANGUAGES, Part, TextKind, Words, channels_of, placeholders_of
from desk.domain.refusals import Reason, Refused
from desk.operations.settings import message_texts as operations
from desk.operations.settings import planned
from desk.reads.message_texts import find_in_force, list_in_force, list_versions
from desk.web.access import access, in_office
from desk.web.administration.mail_shown import ShownMail, show_mail
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with, sentence
from desk.web.forms.message_texts import MessageForm, message_form
from desk.wording.message_texts import CHANNELS, KINDS, PARTS, PLACEHOLDERS

blueprint = Blueprint("administration_messages", __name__)
KEEPING: Final = in_office(Role.ADMIN)
ALL: Final = "/offices/<int:office_id>/message-texts"
ONE: Final = f"{ALL}/<message_text:text>"
DESK: Final = SenderIdentity(Mailbox("desk", "localhost"), "")

Place = tuple[TextKind, Channel]


class MessageTextConverter(BaseConverter):
    """A kind of message and the way it goes out, in an address: `invitation-email`."""

    regex = f"(?:{'|'.join(f'{kind}-{channel}' for kind in TextKind for channel in channels_of(kind))})"
    part_isolating = True

    def to_python(self, value: str) -> Place:
        """Return what is meant."""
        kind, _, channel = value.rpartition("-")
        return TextKind(kind), Channel(channel)

    def to_url(self, value: Place | str) -> str:
        """Return how it stands in an address."""
        return value if isinstance(value, str) else "-".join(value)


@blueprint.get(ALL)
@access(KEEPING)
def listed(office_id: int) -> ResponseReturnValue:
    """List the messages with whose words they have in which language."""
    get_office(office_id)
    in_force = list_in_force(reader(), office_id)
    rows = [
        (kind, channel, {each for each in LANGUAGES if (kind, channel, each) in in_force})
        for kind in TextKind
        for channel in channels_of(kind)
    ]
    return render_template("message_texts/list.html", rows=rows, kinds=KINDS, channels=CHANNELS)


@blueprint.get(ONE)
@access(KEEPING)
def one(office_id: int, text: Place) -> ResponseReturnValue:
    """Show the words of a message, and the message as it goes out."""
    get_office(office_id)
    return _page(office_id, text, _form(office_id, text))


@blueprint.post(ONE)
@access(KEEPING)
def change(office_id: int, text: Place) -> ResponseReturnValue:
    """Set the words, from now on or from a later day; (`go` is preview) only show what would go out."""
    get_office(office_id)
    form = _form(office_id, text)
    if not form.validate_on_submit():
        return _page(office_id, text, form), 422
    if request.form.get("go") == "preview":
        return _page(office_id, text, form, is_preview=True)
    try:
        words = _carry_out(office_id, text, form)
    except Refused as refused:
        if refused.reason is Reason.DATE_OUT_OF_RANGE:
            form.due.errors = [sentence(refused)]
            return _page(office_id, text, form), 422
        if refused.reason is not Reason.ALREADY_DONE:
            raise
        return back_with(gettext("Nothing was changed: the words are as they were."), _address(office_id, text))
    flash(words, "success")
    return redirect(_address(office_id, text), 303)


@blueprint.post(f"{ONE}/preview")
@access(KEEPING)
def preview(office_id: int, text: Place) -> ResponseReturnValue:
    """Show what would go out, while somebody types."""
    get_office(office_id)
    form = _form(office_id, text)
    form.validate()
    return render_template("message_texts/_preview.html", shown=_shown(office_id, text, form))


def _carry_out(office_id: int, text: Place, form: MessageForm) -> str:
    """Set or plan it; returns what to say about it."""
    wanted, (kind, channel) = form.wanted, text
    due: date | None = form.due.data
    asking = asked(acting(office_id), "reword_message", text="-".join(text), wanted=str(wanted), due=str(due))
    if due is None:
        operations.reword(desk().streams, office_id, kind, channel, wanted, asking)
        return gettext("Saved. Messages from now on are sent like this.")
    values = operations.values_of(kind, channel, wanted)
    planned.plan(
        desk().streams, office_id, asking, kind=operations.SETTING, subject=operations.OFFICE, values=values, due=due
    )
    return gettext("Planned. It holds from %(day)s on.", day=format_date(due, "d MMMM y"))


def _address(office_id: int, text: Place) -> str:
    return url_for("administration_messages.one", office_id=office_id, text=text)


def _form(office_id: int, text: Place) -> MessageForm:
    kind, channel = text
    kept = find_in_force(reader(), office_id, kind, channel)
    given: dict[str, Words | None] = {language: each.words for language, each in kept.items()}
    shipped = {language: shipped_words(kind, channel, language) for language in LANGUAGES}

    def measure(language: str, words: Words) -> int:
        return sample_text(kind, language, words, _office(office_id), at=desk().streams.clock()).length.messages

    return message_form(kind, channel, given, shipped, measure)


def _office(office_id: int) -> Office:
    office, settings = get_office(office_id), desk().settings
    try:
        sender = identity_of(settings)
    except ValueError:  # said by `desk check`; what is shown here is not sent
        sender = DESK
    return Office(office.id, office.name, office.zone, settings.public_url, sender)


def _shown(office_id: int, text: Place, form: MessageForm) -> dict[str, ShownMail | SampleText | None]:
    """Return by language the message as it would go out; None while its words cannot be sent."""
    (kind, channel), office, at = text, _office(office_id), desk().streams.clock()
    shown: dict[str, ShownMail | SampleText | None] = dict.fromkeys(LANGUAGES)
    for language, words in form.wanted.items():
        if any(each.errors for each in form.fields_of(language)):
            continue
        if channel is Channel.EMAIL:
            shown[language] = show_mail(sample_mail(kind, language, words, office, at=at))
        else:
            shown[language] = sample_text(kind, language, words, office, at=at)
    return shown


def _page(office_id: int, text: Place, form: MessageForm, *, is_preview: bool = False) -> str:
    kind, channel = text
    body = Part.BODY if channel is Channel.EMAIL else Part.TEXT
    return render_template(
        "message_texts/one.html",
        kind=KINDS[kind],
        channel=CHANNELS[channel],
        form=form,
        shown=_shown(office_id, text, form),
        placeholders=[(name, PLACEHOLDERS[name]) for name in placeholders_of(kind, body)],
        versions=list_versions(reader(), office_id, kind, channel),
        part_names=PARTS,
        is_preview=is_preview,
        place="-".join(text),
        language_path=_address(office_id, text),
    )
