"""The lobby display on a stage: the real page and the real scripts around a board that a test makes up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from flask import Response, render_template, request

from desk.reads.board import Board
from desk.reads.displays import Notices
from desk.web.lobby.display import Shown, words_in
from docs.gallery.board import EMPTY, SILENT
from tests.browser.stage import Stage, create_app
from tests.fixtures.served import served

FRAGMENT = "/offices/1/display/board"


@dataclass
class Wall(Stage):
    """A display with its board, and what is beside it."""

    frame: str = "display"
    board: Board = EMPTY
    notices: Notices = field(default_factory=Notices)
    closed: dict[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ("id", "en")
    turn_s: int = 10
    program: str = "one"
    numbered: frozenset[int] = frozenset()
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def shows(self, **changed: Any) -> None:
        """Show something else from now on, and say so."""
        for name, value in changed.items():
            setattr(self, name, value)
        self.number += 1
        self.say("changed", number=self.number, topics=["board"])

    @property
    def _known(self) -> dict[str, Any]:
        words = self.words = self.words or {each: words_in(each) for each in self.languages}
        board = replace(self.board, number=self.number)
        own = (self.notices, self.languages, self.turn_s, words, self.closed, self.program, self.numbered)
        shown = Shown(board, *own)
        return {"shown": shown, "board": board, "sounds": SILENT, "languages": self.languages, "words": words}

    def page(self) -> str:
        office = SimpleNamespace(id=1, name="KPKNL Jakarta II", logo=None)
        spoken = {"language": self.languages[0], "device": lambda: None, "now": self.now, "time_zone": "Asia/Jakarta"}
        return render_template("display/page.html", office=office, **spoken, **self._known)

    def part(self) -> Any:
        if self.fragment_moved:
            return Response(status=503)
        response = Response(render_template("display/_board.html", **self._known), mimetype="text/html")
        response.add_etag()
        return response.make_conditional(request)


@contextmanager
def on_wall(wall: Wall) -> Iterator[Wall]:
    """Serve the display on a free port of the loopback."""
    app = create_app(wall)
    app.add_url_rule(
        "/offices/<int:office_id>/display/board", endpoint="display.fragment", view_func=lambda office_id: wall.part()
    )
    with served(app) as address:
        wall.address = f"{address}/"
        try:
            yield wall
        finally:
            wall.cut()
