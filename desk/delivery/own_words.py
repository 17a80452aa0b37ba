"""Messages in an office's own words, where it has some; the rest of each message is as it comes with the desk.

What the office does not word: the opt-out and the line that says why somebody gets this message, the answer to a
complaint and the days of its deadlines, the office's name. Own words that cannot be sent (written past the desk into
the database) are passed over.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from desk.delivery.about import About
from desk.delivery.about_accounts import AccountNews
from desk.delivery.about_cases import LateNews, VoiceNews
from desk.delivery.about_plans import PlanNews
from desk.delivery.occasion import Occasion
from desk.delivery.wording import gettext_of, known_language, render
from desk.domain.invitation import Channel
from desk.domain.masking import one_line
from desk.domain.message_words import ASKING, LINK, Part, Piece, TextKind, Words, filled, find_faults, pieces_of
from desk.models import MessageText
from desk.reads.message_texts import words_of

TEXTS: Final[Any] = MessageText.__table__
IN_FORCE: Final = select(TEXTS.c.office_id, TEXTS.c.kind, TEXTS.c.channel, TEXTS.c.language, TEXTS.c.words).where(
    TEXTS.c.office_id.in_(bindparam("offices", expanding=True)), TEXTS.c.until.is_(None)
)
LONGEST_SUBJECT: Final = 200
LONGEST_NAME_IN_SUBJECT: Final = 80
LONGEST_ON_A_PHONE: Final = 40
# By placeholder, under which names the value of it is known for the wording that comes with the desk.
VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    LINK: ("link",),
    "number": ("number",),
    "office": ("office",),
    "service": ("services",),
    "date": ("day", "received_on", "due_on"),
    "until": ("until_day",),
    "reference": ("reference",),
}
Stored = Mapping[tuple[int, str, str, str], Words]
"""Words in force, by office, kind, channel and language."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The words an office has for one message."""

    kind: TextKind
    words: Words

    def subject(self, values: Mapping[str, Any]) -> str:
        """Return the subject, on one line."""
        known = {name: value[:LONGEST_NAME_IN_SUBJECT] for name, value in _named(values).items()}
        return one_line(filled(self.words[Part.SUBJECT], known))[:LONGEST_SUBJECT]

    def bodies(self, values: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
        """Return the message as text and as HTML, the plainer first."""
        known = _named(values)
        given = {
            **_NOTHING,
            **values,
            "kind": self.kind.value,
            "greeting": filled(self.words[Part.GREETING], known),
            "button": self.words.get(Part.BUTTON, ""),
        }
        text = {part.value: filled(self.words.get(part, ""), known) for part in (Part.BODY, Part.CLOSING)}
        lines = {part.value: _paragraphs(self.words.get(part, ""), known) for part in (Part.BODY, Part.CLOSING)}
        return [
            ("plain", render("own.txt", language, {**given, **text})),
            ("html", render("own.html", language, {**given, **lines})),
        ]

    def for_phone(self, values: Mapping[str, Any], language: str) -> str:
        """Return the message for a phone; whoever is asked can read in it how not to be asked any more."""
        known = {name: each if name == LINK else each[:LONGEST_ON_A_PHONE] for name, each in _named(values).items()}
        text = filled(self.words[Part.TEXT], known)
        if self.kind in ASKING:
            text = f"{text} {gettext_of(language)('No more questions: %(link)s') % {'link': values['stop']}}"
        return one_line(text)


# What only some messages say.
_NOTHING: Final[Mapping[str, Any]] = {
    "words": None,
    "stop": None,
    "acknowledge_on": None,
    "answer_on": None,
    "is_answer": False,
}


def find_stored(connection: Connection, offices: Collection[int]) -> Stored:
    """Return the words in force in these offices."""
    rows = connection.execute(IN_FORCE, {"offices": sorted(offices)}).tuples()
    return {(office, kind, channel, language): words_of(words) for office, kind, channel, language, words in rows}


def own_words(stored: Stored, row: Any, about: About) -> OwnWords | None:
    """Return the office's own words for a message, None where it goes out with those that come with the desk."""
    # What keeps accounts safe, and what administrators tell one another, is said the same everywhere.
    if not stored or isinstance(about, AccountNews | PlanNews):
        return None
    kind = kind_of(about, is_reminder=row.kind == "reminder")
    words = stored.get((row.office_id, kind.value, row.channel, known_language(row.language)))
    usable = words is not None and not find_faults(kind, Channel(row.channel), words)
    return OwnWords(kind, words) if words is not None and usable else None


def kind_of(about: Occasion | VoiceNews | LateNews, *, is_reminder: bool) -> TextKind:
    """Return which words a message takes."""
    match about:
        case Occasion():
            return TextKind.REMINDER if is_reminder else TextKind.INVITATION
        case VoiceNews(is_answer=is_answer):
            return TextKind.VOICE_ANSWERED if is_answer else TextKind.VOICE_RECEIVED
        case LateNews(is_voice=True, is_raised=is_raised):
            return TextKind.COMPLAINT_STILL_LATE if is_raised else TextKind.COMPLAINT_LATE
        case LateNews(is_raised=is_raised):
            return TextKind.FOLLOW_UP_STILL_LATE if is_raised else TextKind.FOLLOW_UP_LATE


def _named(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what can be filled in, each on one line."""
    found = {name: next((values[each] for each in known if values.get(each)), "") for name, known in VALUES.items()}
    return {name: one_line(value) for name, value in found.items()}


def _paragraphs(words: str, known: Mapping[str, str]) -> list[list[Sequence[Piece]]]:
    """Return paragraphs of lines of pieces; a piece with a name is the link, all others are words."""
    paragraphs = [each.split("\n") for each in words.split("\n\n") if each.strip()]
    return [[_line(line, known) for line in paragraph if line] for paragraph in paragraphs]


def _line(line: str, known: Mapping[str, str]) -> Sequence[Piece]:
    return [each if each.name in ("", LINK) else Piece(known.get(each.name, "")) for each in pieces_of(line)]
