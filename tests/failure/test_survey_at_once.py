"""The survey at the real server: two who send at the same moment, and what no form of ours would send."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier
from urllib.parse import urlencode

import pytest

from desk.domain.tokens import TokenKind, derive
from desk.models import InvitationRow, LooseResponse, ResponseRow
from tests.fixtures.office import DeskOffice, furnish
from tests.fixtures.real_server import RealServer
from tests.security.test_logs import Caller

pytestmark = pytest.mark.slow
AT_ONCE = 2
ROUNDS = 5


@pytest.fixture
def office(real_server: RealServer) -> DeskOffice:
    """An office at its server (on PostgreSQL in two processes); Sari serves at counter 1."""
    streams = real_server.streams()
    office = DeskOffice(real_server.database_url, furnish(streams), engine=streams.engine)
    office.streams = streams
    office.sari.signs_on()
    real_server.start("--no-worker")
    return office


def asked(office: DeskOffice) -> tuple[int, str]:
    """Serve somebody to the end; return the invitation and the address of its survey."""
    office.arrives("A")
    office.sari.completes(office.sari.serves())
    row = office.rows(InvitationRow)[-1]
    token = derive(office.streams.keys.links, TokenKind.SURVEY, row.id, generation=row.generation)
    return int(row.id), f"/s/{token}"


def sender(port: int, path: str, **said: str) -> Callable[[], tuple[int, str, str]]:
    """Open the survey in a browser of one's own; return what presses Send."""
    browser = Caller(port)
    (token, *_) = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', browser("GET", f"{path}?language=en")[2])
    body = urlencode({"csrf_token": token, "go": "send", **said})
    return lambda: browser("POST", path, body)


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_of_two_at_the_same_moment_one_is_told_so(real_server: RealServer, office: DeskOffice) -> None:
    for _ in range(ROUNDS):
        invitation, path = asked(office)
        score = f"q{invitation}-score"
        senders = [sender(real_server.port, path, **{score: str(place + 2)}) for place in range(AT_ONCE)]
        start = Barrier(AT_ONCE)

        def press(send: Callable[[], tuple[int, str, str]], start: Barrier = start) -> tuple[int, str, str]:
            start.wait()
            return send()

        with ThreadPoolExecutor(AT_ONCE) as threads:
            got = list(threads.map(press, senders))

        (won,) = [place for place, answer in enumerate(got) if answer[0] == 303]
        status, _, page = got[1 - won]
        assert status == 410
        assert "This was not recorded" in words_of(page)
        row = office.row(ResponseRow, invitation_id=invitation)
        assert row.answers == {"score": won + 2}
    assert len(office.rows(ResponseRow)) == ROUNDS
    office.engine.dispose()


def test_what_no_form_sends_is_refused_in_words(real_server: RealServer, office: DeskOffice) -> None:
    invitation, path = asked(office)
    score, comment = f"q{invitation}-score", f"q{invitation}-comment"
    off = "Choose one of the answers that stand here."
    refused = {
        "a long comment": ({score: "1", comment: "panjang " * 12_500}, "Use at most 4,000 characters"),
        "over the scale": ({score: "6"}, off),
        "under the scale": ({score: "0"}, off),
        "negative": ({score: "-5"}, off),
        "huge": ({score: "9" * 400}, off),
        "a fraction": ({score: "4.5"}, off),
        "no number": ({score: "très bien"}, off),
        "another alphabet": ({score: "٥"}, off),
    }
    for name, (said, words) in refused.items():
        status, _, page = sender(real_server.port, path, **said)()
        assert status == 422, name
        assert words.replace(",", "") in words_of(page).replace(",", ""), (name, words_of(page))
    for mutilated in (path[:-1], path + "a", "/s/" + "a" * 26, "/s/nonsense", "/s/%00"):
        visitor = Caller(real_server.port)
        visitor("GET", f"{path}?language=en")
        status, _, page = visitor("GET", mutilated)
        assert status == 404
        assert "the link may be incomplete" in words_of(page), mutilated
        assert visitor.send(path, mutilated, **{score: "5"})[0] == 404

    assert office.rows(ResponseRow) == office.rows(LooseResponse) == []
    assert sender(real_server.port, path, **{score: "5", comment: "x" * 4_000})()[0] == 303
    assert office.row(ResponseRow).answers == {"score": 5}
    office.engine.dispose()
