"""What of a page is read aloud: each part of its text gets an attribute with what the caller makes of its words.

Read are headings, sentences, tiles, buttons and labels, each outermost one as a whole; not what was typed into a form,
nor what is marked `data-unread` (codes that are nobody's to hear) or hidden within a part.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

ATTRIBUTE: Final = "data-aloud"
PLACES: Final = frozenset({"main", "dialog", "footer"})
TAGS: Final = frozenset({"h1", "h2", "h3", "p", "li", "dt", "dd", "summary", "legend", "label"})
CLASSES: Final = frozenset({"btn", "service", "choice", "ticket-number", "ticket-note", "ticket-stub"})
UNREAD: Final = frozenset({"script", "style", "template", "svg", "textarea", "select", "option"})
VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
TOGETHER: Final = frozenset({"b", "strong", "em", "i", "time", "a", "small", "abbr"})  # no pause at their ends
MOST_SIGNS: Final = 1000
Marking = Callable[[str, str], str]  # language and words → the attribute


@dataclass(slots=True)
class _Part:
    """A part whose end has not come: where its attribute goes, and its words so far."""

    depth: int
    place: int
    language: str
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.words).split("\n"))
        return "\n".join(line for line in lines if line)


def marked(page: str, language: str, marking: Marking) -> str:
    """Return the page with the attribute at each part that is read aloud."""
    found = _Finder(page, language, marking)
    found.feed(page)
    found.close()
    parts, last = [], 0
    for place, value in found.marks:
        parts += [page[last:place], f' {ATTRIBUTE}="{value}"']
        last = place
    return "".join([*parts, page[last:]])


class _Finder(HTMLParser):
    """Walks through a page; `marks` are the attributes and the places in its text where they go."""

    def __init__(self, page: str, language: str, marking: Marking) -> None:
        super().__init__(convert_charrefs=True)
        self.marks: list[tuple[int, str]] = []
        self._marking = marking
        self._lines = _line_starts(page)
        self._open: list[str] = []
        self._languages = [(0, language)]
        self._place_depth = 0 if "<main" in page else -1  # a fragment is a place of its own
        self._unread_depth = 0
        self._part: _Part | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a part, or what is not read."""
        if tag in VOID:
            self._pause(tag)
            return
        self._open.append(tag)
        if not self._place_depth and tag in PLACES:
            self._place_depth = len(self._open)
        if not self._unread_depth:
            self._begin(tag, dict(attrs))

    def _begin(self, tag: str, said: Mapping[str, str | None]) -> None:
        depth, classes = len(self._open), (said.get("class") or "").split()
        if said.get("lang"):
            self._languages.append((depth, str(said["lang"])))
        if self._is_unread(tag, said):
            self._unread_depth = depth
        elif self._part is not None:
            self._pause("" if "visually-hidden" in classes else tag)
        elif self._place_depth and (tag in TAGS or CLASSES.intersection(classes)):
            self._part = _Part(depth, self._end_of_tag(), self._languages[-1][1])

    def _pause(self, tag: str) -> None:
        if self._part is not None and tag and tag not in TOGETHER and tag != "input":
            self._part.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End what was begun with this tag."""
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        left = len(self._open)
        if self._part is not None and self._part.depth > left:
            self._end_part(self._part)
        elif not self._unread_depth:
            self._pause(tag)
        if self._unread_depth > left:
            self._unread_depth = 0
        if self._place_depth > left:
            self._place_depth = 0
        while self._languages[-1][0] > left:
            self._languages.pop()

    def handle_data(self, data: str) -> None:
        """Take words of a part; lines of the source are none of the page."""
        if self._part is not None and not self._unread_depth:
            self._part.words.append(data.replace("\n", " "))

    def _is_unread(self, tag: str, said: Mapping[str, str | None]) -> bool:
        if tag in UNREAD or "data-unread" in said or said.get("aria-hidden") == "true":
            return True
        return self._part is not None and "hidden" in said

    def _end_part(self, part: _Part) -> None:
        self._part = None
        if 0 < len(part.text) <= MOST_SIGNS:
            self.marks.append((part.place, self._marking(part.language, part.text)))

    def _end_of_tag(self) -> int:
        """Return where in the page the start tag that is looked at ends."""
        line, column = self.getpos()
        return self._lines[line - 1] + column + len(self.get_starttag_text() or "") - 1


def _line_starts(page: str) -> list[int]:
    starts, at = [0], page.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = page.find("\n", at + 1)
    return starts
