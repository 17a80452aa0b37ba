"""What stands in the PDF of a transaction, in the language of the request: plain words for `desk.reports.document`."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import format_date, format_datetime, gettext

from desk.domain.invitation import Privacy
from desk.reads.transaction_views import Contact, TransactionFile
from desk.reports.document import Document, Entry, Section, Stretch
from desk.web.counter_words import called
from desk.web.supervision.timeline import Told, decision_word, told, word
from desk.wording import N_
from desk.wording.answers import NOT_SHOWN
from desk.wording.whys import spell_duration

STATES = {
    "waiting": N_("Waiting"),
    "called": N_("Called"),
    "serving": N_("Being served"),
    "processing": N_("Being processed"),
    "paused": N_("Paused"),
    "ended": N_("Finished"),
    "completed": N_("Completed"),
    "no_show": N_("No-show"),
    "left": N_("Left early"),
    "cancelled": N_("Cancelled"),
    "closed_unserved": N_("Closed unserved"),
    "offered": N_("Offered"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "expired": N_("Expired"),
    "withdrawn": N_("Withdrawn"),
}

UNDONE = {
    "superseded": N_("Taken back when the transaction was opened again."),
    "revoked": N_("The link was revoked by hand."),
}


def sheet_of(
    file: TransactionFile, office: str, foot: str, language: str, *, personal: bool, contact: Contact | None
) -> Document:
    """Return the document of a transaction; with `personal`, notes and what the visitor left are in it."""
    service = file.service_en_name if language == "en" else file.service_id_name
    sections = [
        *_visitor(contact),
        Section(gettext("Times and promise"), facts=_times(file)),
        Section(gettext("Who was responsible"), bar=_bar(file), heads=_heads(), rows=_custody(file)),
        Section(gettext("What happened"), entries=[_entry(each, personal=personal) for each in told(file, language)]),
        _handoffs(file),
        Section(gettext("Survey"), paragraphs=list(_asked(file, language, personal=personal))),
        Section(gettext("How to read this"), paragraphs=_reading(personal=personal)),
    ]
    title = gettext("Transaction %(number)s", number=file.number)
    page = gettext("page %(number)s", number="%d")
    return Document(title, f"{office} · {service}", office, language, foot, page, sections)


def _visitor(contact: Contact | None) -> Iterator[Section]:
    if contact is not None:
        facts = [(gettext("Name"), contact.name or "–"), (gettext("E-mail"), contact.email or "–")]
        facts += [(gettext("Phone number"), contact.phone)] if contact.phone else []
        yield Section(gettext("Visitor"), facts=facts)


def _times(file: TransactionFile) -> list[tuple[str, str]]:
    kept = gettext("kept") if file.first_wait_s <= file.wait_promise_s else gettext("not kept")
    return [
        (gettext("State"), _state(file.ending or file.state)),
        (gettext("Outcome"), word(file.outcome) or "–"),
        (gettext("Number taken"), _moment(file.opened_at)),
        (gettext("First wait"), spell_duration(file.first_wait_s)),
        (gettext("Promised wait"), f"{spell_duration(file.wait_promise_s)} – {kept}"),
        (gettext("Due"), _moment(file.due_at)),
        (gettext("Ended"), _moment(file.ended_at) if file.ended_at else gettext("still open")),
    ]


def _bar(file: TransactionFile) -> list[Stretch]:
    return [
        Stretch(each.holder, each.state, _state(each.state), each.seconds, spell_duration(each.seconds))
        for each in file.segments
    ]


def _heads() -> list[str]:
    return [gettext("From"), gettext("Time"), gettext("Responsible"), gettext("State"), gettext("Counter")]


def _custody(file: TransactionFile) -> list[list[str]]:
    return [
        [
            _moment(each.started_at), _exact_length(each.seconds), each.holder, _state(each.state),
            called(each.counter) or "–",
        ]
        for each in file.segments
    ]  # fmt: skip


def _entry(each: Told, *, personal: bool) -> Entry:
    """Return a line of the timeline; somebody's own words may hold personal data and are left out unless asked for."""
    if each.day_only:
        return Entry(format_date(each.at, "d MMM yyyy"), each.words, each.lines)
    words = f"#{each.number} {each.words}"
    if each.erased_at is not None:
        said = gettext("The words were erased on %(day)s.", day=format_datetime(each.erased_at, "d MMM yyyy"))
        return Entry(_moment(each.at), words, (*each.lines, said))
    if each.note is None or personal:
        return Entry(_moment(each.at), words, each.lines, each.note or "")
    return Entry(_moment(each.at), words, (*each.lines, gettext("A note was written; its words are not shown here.")))


def _handoffs(file: TransactionFile) -> Section:
    title = gettext("Handoffs")
    if not file.handoffs:
        return Section(title, paragraphs=[gettext("Never handed on.")])
    heads = [gettext("Offered"), gettext("From"), gettext("To"), gettext("Reason"), gettext("Answer")]
    rows = [
        [_moment(each.offered_at), each.giver, each.receiver, word(each.reason), _state(each.state)]
        for each in file.handoffs
    ]
    return Section(title, heads=heads, rows=rows)


def _asked(file: TransactionFile, language: str, *, personal: bool) -> Iterator[str]:
    if file.asked is None:
        yield gettext("Decided when the transaction ends.")
        return
    yield f"{decision_word(file.asked.reason).capitalize()}."
    if file.asked.state in UNDONE:
        yield gettext(UNDONE[file.asked.state])
    if file.asked.is_answered and file.asked.privacy is not Privacy.LINKED:
        yield gettext(NOT_SHOWN[file.asked.privacy])
    for each in (each for each in file.asked.answers if personal or not each.is_own):
        yield f"{each.question.in_language(language)} – {each.answer.in_language(language)}"
    if file.asked.comment and personal:
        yield file.asked.comment


def _reading(*, personal: bool) -> list[str]:
    lines = [
        gettext(
            "The upper lane of the bar shows who was responsible, the lower one in which state; it has no gaps, and the"
            " times add up. Each event has its number in the trail of the office, in which it is signed together with"
            " the one before it."
        )
    ]
    if personal:
        lines.append(gettext("This copy holds personal data. Give it only to whom it concerns."))
    return lines


def _state(code: str) -> str:
    return gettext(STATES[code]) if code in STATES else code


def _moment(at: datetime | None) -> str:
    return "–" if at is None else format_datetime(at, "d MMM yyyy HH:mm:ss")


def _exact_length(seconds: float) -> str:
    """Return a length of time to the second, as the page has it."""
    whole = int(seconds)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    parts = [
        gettext("%(days)d d", days=days) if whole >= 86400 else "",
        gettext("%(hours)d h", hours=hours) if whole >= 3600 else "",
        gettext("%(minutes)d min", minutes=minutes) if whole >= 60 else "",
        gettext("%(seconds)d s", seconds=whole % 60),
    ]
    return " ".join(part for part in parts if part)
