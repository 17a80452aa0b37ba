"""The slip of a handoff (*lembar disposisi*) on a receipt printer: what goes along from counter to counter.

It lies on desks and is carried through the lobby: nobody's name, no note and no instruction stands on it. The code of
the visit, by which the next officer takes over, stands on it only where the visitor carries it.
"""

from collections.abc import Iterator
from typing import Final

from desk.delivery.printed_page import Page
from desk.delivery.wording import gettext_of
from desk.domain.counter_names import CounterName
from desk.domain.invitation import Channel
from desk.reads.handoff_paper import HandoffPaper, HandoffPlace, find_handoff_paper
from desk.reads.reader import Reader
from desk.reads.visits import find_visit, is_over
from desk.wording import N_
from desk.wording.counters import called
from desk.wording.printing import ADVICE

_TITLE: Final = N_("Handoff slip")
_COLLEAGUE: Final = N_("a colleague")
_SHOW: Final = N_("Go there with this slip and show it.")
_INTERNAL: Final = N_("Belongs to the file. Note and instruction stand in the desk.")
_RECEIVED: Final = N_("Received (initials, time)")
_LINE_TO_SIGN: Final = "_" * 24


def print_handoff(page: Page, reader: Reader, handoff_id: int) -> bool:
    """Print the slip of a handoff; nothing where it holds no more."""
    found = find_handoff_paper(reader, page.office.id, handoff_id)
    if found is None:
        return False
    slip = page.slip
    page.say(_TITLE)
    slip.number(found.number)
    for words in dict.fromkeys(found.service[each] for each in page.languages):
        slip.line(words, bold=True)
    for language in page.languages:
        _print_way(page, found, language)
    for paper in found.papers:
        slip.line(f"- {paper}")
    slip.space()
    _print_use(page, reader, found)
    if found.papers:
        slip.space(2)
        slip.line(_LINE_TO_SIGN)
        page.say(_RECEIVED)
    return True


def _print_way(page: Page, found: HandoffPaper, language: str) -> None:
    said = gettext_of(language)
    page.slip.line(f"{said('To')}: {_named(found.target, language)}", bold=True)
    for line in _facts(page, found, language):
        page.slip.line(line)


def _facts(page: Page, found: HandoffPaper, language: str) -> Iterator[str]:
    said = gettext_of(language)
    if found.origin is not None:
        yield f"{said('From')}: {_named(found.origin, language)}"
    if found.reason is not None:
        yield f"{said('Reason')}: {found.reason[language]}"
    yield f"{said('Given')}: {page.moment(found.offered_at, language)}"
    if found.due_at is not None:
        yield f"{said('Due')}: {page.moment(found.due_at, language)}"
    if found.papers:
        yield f"{said('Papers passed on')}: {len(found.papers)}"


def _named(place: HandoffPlace | None, language: str) -> str:
    """Return a place with where it is; nobody's name where an officer sits at none."""
    if place is None:
        return gettext_of(language)(_COLLEAGUE)
    found = place.name
    name = called(found, language, gettext_of(language)) if isinstance(found, CounterName) else found[language]
    location = place.location.get(language, "")
    return f"{name} ({location})" if location else name


def _print_use(page: Page, reader: Reader, found: HandoffPaper) -> None:
    visit = find_visit(reader, page.office.id, found.visit_id)
    if not found.visitor_carries or visit is None or is_over(reader, page.office.id, found.visit_id):
        page.say(_INTERNAL)
        return
    page.say(ADVICE if found.to_queue else _SHOW)
    page.code(visit, Channel.TICKET)
