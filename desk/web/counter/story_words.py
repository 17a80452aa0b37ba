"""The story of a transaction in words, for the officer who goes on with it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext

from desk.domain.clock import instant
from desk.reads.story import HANDED_ON, Chapter, Story
from desk.web.reason_words import pause_word, reason_of
from desk.wording.events import SENTENCES
from desk.wording.reasons import WORDS


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story; `due_at` is when the officer who wrote it wanted it done."""

    at: datetime
    words: str
    note: str | None
    due_at: datetime | None
    handoff: bool
    expects: str | None = None
    papers: tuple[str, ...] = ()
    walks_along: bool = False


def tell(story: Story, people: Mapping[int, str], services: Mapping[int, str]) -> list[Told]:
    """Return the story, the newest first, in the language of the request."""
    return [_told(each, people, services) for each in reversed(story.chapters)]


def passed_on(story: Story, people: Mapping[int, str], services: Mapping[int, str]) -> Told | None:
    """Return how the transaction came here if a colleague passed it on."""
    chapter = story.passed_on
    if chapter is None:
        return None
    words = gettext(
        "From %(name)s: %(reason)s", name=chapter.actor, reason=reason_of(chapter.name, chapter.payload.get("reason"))
    )
    return replace(_told(chapter, people, services), words=words)


def _told(chapter: Chapter, people: Mapping[int, str], services: Mapping[int, str]) -> Told:
    payload = chapter.payload
    due = payload.get("due")
    facts = defaultdict(
        str,
        actor=chapter.actor or _who(chapter.actor_kind),
        holder=_name(people, payload.get("holder")),
        receiver=_name(people, payload.get("receiver")),
        asked=_name(people, payload.get("asked")),
        service=services.get(payload.get("service") or 0, ""),
        reason=reason_of(chapter.name, payload.get("reason")),
        cause=pause_word(payload.get("cause")),
        label=str(payload.get("label") or ""),
        **{name: spell(payload.get(name)) for name in ("outcome", "kind")},
    )
    handoff = chapter.name in HANDED_ON
    words = gettext(SENTENCES[chapter.name]) % facts
    walks_along = bool(payload.get("walks_along"))
    due_at = None if due is None else instant(due)
    if payload.get("meant_for"):
        meant = gettext("Meant for %(name)s, who is absent.", name=_name(people, payload["meant_for"]))
        words += f". {meant}"
    return Told(chapter.at, words, chapter.note, due_at, handoff, chapter.expects, chapter.papers, walks_along)


def _name(people: Mapping[int, str], person_id: Any) -> str:
    return people.get(person_id or 0) or gettext("a colleague")


def _who(kind: str) -> str:
    match kind:
        case "visitor":
            return gettext("The visitor")
        case "kiosk":
            return gettext("The kiosk")
        case _:
            return gettext("The system")


def spell(code: Any) -> str:
    """Return the short word of a code in the language of the request."""
    return gettext(WORDS[code]) if code in WORDS else str(code or "")
