"""A mail shown within a page: its own tags without addresses, styles and scripts, its words as words."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from markupsafe import Markup, escape

from desk.delivery.samples import SampleMail

# By tag of the mail, what stands for it in a page that has headings and links of its own.
TAGS: Final = {"p": "p", "h1": "p", "br": "br", "a": "span"}
CLASSES: Final = frozenset({"answer", "small", "words"})
HEADING: Final = "mail-heading"
LINK: Final = "mail-link"


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str | Markup] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_inside = self._is_inside or tag == "main"
        if self._is_inside and tag in TAGS:
            known = HEADING if tag == "h1" else dict(attrs).get("class") or (LINK if tag == "a" else "")
            named = known if known in CLASSES | {HEADING, LINK} else ""
            self.pieces.append(Markup('<{} class="{}">').format(Markup(TAGS[tag]), named))  # noqa: S704 - of our table

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "main"
        if self._is_inside and tag in TAGS and tag != "br":
            self.pieces.append(Markup("</{}>").format(Markup(TAGS[tag])))  # noqa: S704 - of our table

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.pieces.append(data)


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail as a page shows it; `text` is what stands in it for programs that show no more."""

    sender: str
    subject: str
    text: str
    body: Markup


def show_mail(mail: SampleMail) -> ShownMail:
    """Return the mail, to be put into a page."""
    reading = _Shown()
    reading.feed(mail.html)
    reading.close()
    body = Markup("").join(escape(each) for each in reading.pieces)
    return ShownMail(mail.sender, mail.subject, mail.text, body)
