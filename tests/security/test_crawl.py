"""Looking writes nothing: every address that a survey, a voice, a poster or a ticket can lead to, with every token.

Mail scanners, messengers and search engines follow links by GET and HEAD; so does this, and then whatever those pages
link to. Afterwards SQLite's file has the same bytes, and PostgreSQL every row as it was last written.
"""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote, urljoin, urlsplit

import pytest
from sqlalchemy import update

from desk.domain.access import VISITOR, Actor, Role
from desk.domain.complaints import VoiceKind, VoiceStep
from desk.domain.points import PointKind
from desk.domain.tokens import TokenKind, derive, hash_of
from desk.models import InvitationRow, Office
from desk.operations.complaints import complaining
from desk.operations.complaints.complaining import Wish
from desk.operations.requests import Request
from desk.operations.survey import opting
from tests.fixtures.office import DeskOffice
from tests.fixtures.page_tree import parsed_fragment
from tests.fixtures.web import Web, unwritten
from tests.security.conftest import Things

PLACES = {
    "status": ("/v/{}", "/v/{}/now", "/v/{}/ticket", "/v/{}/departure", "/v/{}/open-matters", "/v/{}/return/1"),
    "survey": ("/s/{}", "/s/{}?score=5", "/s/{}?go=send&large=1&language=en", "/s/{}/thanks"),
    "no_survey": ("/u/{}", "/u/{}?List-Unsubscribe=One-Click", "/u/{}/return"),
    "voice": ("/voice/{}", "/voice/{}/receipt", "/voice/{}/receipt?kiosk=1", "/voice?code={}"),
    "poster": ("/p/{}", "/p/{}?go=send", "/p/{}/thanks"),
    "tablet": ("/tablet/{}", "/tablet/{}/now", "/tablet/{}/thanks"),
}
STRAY = ("a" * 26, "a" * 5_000, "%00", "%F0%9F%98%80" * 26, "..%2f..%2fetc", "'--", "nonsense")
NAMES = ("href", "src", "data-src", "data-idle-home", "cite", "poster")
MOST = 2_000  # addresses; more would be a page that links to ever new ones


def tokens_of(own: Things, foreign: Things) -> dict[str, list[str]]:
    """Return tokens by kind: good, used, taken back, of an earlier generation, and of another office."""
    office, sari = own.office, own.office.sari
    used, anew = ended(office), ended(office)
    office.answers(used.id, 5, comment="Ramah")
    sari.reopens(anew.transaction_id)
    out = ended(office, name="Joni", email="joni@example.id", consent=True)
    opting.opt_out(office.streams, out.id, Request(VISITOR, "opt_out"))
    gone = office.arrives("A").facts["visit"]
    office.leaves(gone)
    closed = [office.budi.sets_up(PointKind.POSTER), office.budi.sets_up(PointKind.TABLET, counter=2)]
    ready = office.budi.sets_up(PointKind.TABLET, counter=1)
    points = [office.point_token(each) for each in (*closed, ready)]
    for each in closed:
        office.budi.closes_point(each)
    asked, links = own["invitation_id"], office.streams.keys.links
    surveys = [
        derive(links, TokenKind.SURVEY, each, channel=channel, generation=generation)
        for each in (asked, used.id, anew.id, out.id)
        for channel in ("link", "email")
        for generation in (1, 2)
    ]
    optings = [derive(links, TokenKind.NO_SURVEY, each, channel="email") for each in (asked, used.id, out.id)]
    visits = [derive(links, TokenKind.STATUS, each) for each in (used.visit_id, out.visit_id, gone)]
    return {
        "status": [own["token"], *visits, foreign["token"]],
        "survey": [*surveys, foreign["survey"]],
        "no_survey": [own["no_survey"], *optings, foreign["no_survey"]],
        "voice": [own["voice"], *voices(office), foreign["voice"]],
        "poster": [own["poster"], points[0], foreign["poster"]],
        "tablet": [own["tablet"], *points[1:], foreign["tablet"]],
    }


def ended(office: DeskOffice, **said: object) -> InvitationRow:
    """Serve somebody to the end; return the invitation."""
    transaction = office.arrives("A", **said).facts["transaction"]
    office.sari.picks(transaction)
    office.sari.starts(transaction)
    office.sari.completes(transaction)
    found: InvitationRow = office.row(InvitationRow, transaction_id=transaction)
    return found


def voices(office: DeskOffice) -> list[str]:
    """Return the tokens of a complaint that was answered, one that was erased, a suggestion and a compliment."""
    found = []
    for kind in (VoiceKind.COMPLAINT, VoiceKind.COMPLAINT, VoiceKind.SUGGESTION, VoiceKind.COMPLIMENT):
        said = Wish(kind, "Kursinya kurang", number="A001", day=office.today.isoformat(), email="wati@example.id")
        found.append(complaining.receive(office.streams, office.id, said, Request(VISITOR, "say")).facts["voice"])
    answered, erased = found[:2]
    other = Request(Actor.staff(office.agus.id, Role.SUPERVISOR), "step")
    for each in (answered, erased):
        complaining.take_step(office.streams, each, other, step=VoiceStep.ANSWERED, words="Kami menambah kursi.")
    complaining.erase(office.streams, erased, office.agus.asks("erase"))
    return [derive(office.streams.keys.links, TokenKind.VOICE, each) for each in found]


def addresses(tokens: dict[str, list[str]], *offices: DeskOffice) -> Iterator[str]:
    """Yield where a crawl begins: every place with every token, mutilated ones and those of other kinds too."""
    good_ones = [each[0] for each in tokens.values()]
    for kind, places in PLACES.items():
        good, every = tokens[kind][0], {*good_ones, *tokens[kind]}
        mutilated = [good[:-1], good[1:], good + "a", good + ".", good.upper(), good[::-1], hash_of(good), *STRAY]
        yield from (place.format(token) for place in places for token in every)
        yield from (places[0].format(each if "%" in each else quote(each)) for each in mutilated)
    for office in offices:
        here = f"/offices/{office.id}"
        for rest in ("", "?language=en", "/2026-Q1", "/2026-Q1?version=1", "/2026-Q1?version=9", "/1999-Q9", "/%00"):
            yield f"{here}/satisfaction{rest}"
        for via in ("", "?via=survey", "?via=visit", "?via=poster", "?via=kiosk", "?via=%00"):
            yield f"{here}/voice{via}"
    yield "/voice"


def crawl(web: Web, start: Iterator[str]) -> dict[str, int]:
    """HEAD and GET every address and whatever its page links to; return the statuses."""
    due, seen = list(start), dict[str, int]()
    while due:
        address = due.pop()
        if address in seen:
            continue
        head, page = web.client.head(address), web.client.get(address)
        assert head.status_code == page.status_code < 500, (address, head.status_code, page.status_code)
        assert head.data == b""
        seen[address] = page.status_code
        assert len(seen) < MOST, address
        if location := page.headers.get("Location"):
            due += inside(address, [location])
        elif page.mimetype == "text/html":
            due += inside(address, links_in(page.get_data(as_text=True)))
    return seen


def links_in(page: str) -> list[str]:
    """Return what a page links to, loads, or would fetch; and where its forms would go, were they followed as links."""
    tree = parsed_fragment(page)[0]
    found = [value for each in tree.root.iter() for name in NAMES if (value := each.get(name))]
    return found + [action for form in tree.named("form") if (action := form.get("action"))]


def inside(address: str, found: list[str]) -> list[str]:
    """Return the addresses among them that this desk answers, without the files of its look."""
    whole = [urlsplit(urljoin(f"http://localhost{address}", each)) for each in found]
    here = [each._replace(scheme="", netloc="", fragment="") for each in whole if each.netloc.startswith("localhost")]
    return [each.geturl() for each in here if not each.path.startswith("/static/")]


def test_whatever_is_written_is_noticed(desk_office: DeskOffice) -> None:
    """Else the other test would say nothing: a change, and one that leaves every row as it was."""
    for write in (desk_office.arrives, lambda: touch(desk_office)):
        with pytest.raises(AssertionError), unwritten(desk_office):
            write()


def touch(office: DeskOffice) -> None:
    with office.streams.engine.begin() as connection:
        connection.execute(update(Office).values(code=Office.code))


@pytest.mark.parametrize(("database_kind", "days"), [("sqlite", 0), ("postgres", 15)], indirect=["database_kind"])
def test_no_link_of_a_visitor_writes_anything(web: Web, own: Things, foreign: Things, days: int) -> None:
    tokens = tokens_of(own, foreign)
    own.office.clock.now += timedelta(days=days)

    with unwritten(own.office):
        seen = crawl(web.another(), addresses(tokens, own.office, foreign.office))

    if days == 0:
        assert {kind: seen[PLACES[kind][0].format(each[0])] for kind, each in tokens.items()} == dict.fromkeys(
            PLACES, 200
        )
    assert set(seen.values()) >= {200, 404, 405, 410}
    begun = sum(1 for each in seen if each.startswith(f"/offices/{own.office.id}/"))
    assert begun > 20, "links were followed"
