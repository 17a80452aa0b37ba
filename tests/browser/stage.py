"""A small server for the scripts in `static/js`: real frames around a fragment that a test changes meanwhile."""

import json
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, redirect, render_template_string, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader

from desk.web.headers import add_headers
from docs.gallery.app import ROOT
from tests.fixtures.served import served

FRAGMENT = (
    '<section data-live="/offices/1/stream" data-topics="queue" data-src="/fragment" data-number="5">'
    "{fragment}</section>"
)
PAGE = (
    '{{% extends "base_{frame}.html" %}}{{% block title %}}T{{% endblock %}}'
    "{{% block content %}}<h1>T</h1>{body}{{% endblock %}}"
)
DONE = '<!doctype html><title>done</title><link rel="icon" href="/static/img/mark.svg"><p>selesai</p>'


@dataclass
class Stage:
    """What the server answers, and what it was asked."""

    fragment: str = "<p>satu</p>"
    body: str = FRAGMENT
    frame: str = "staff"
    number: int = 5
    stream_status: int = 200
    changes_status: int = 200
    fragment_moved: bool = False
    post_status: int = 303
    now: datetime | None = None
    topics: list[str] = field(default_factory=lambda: ["queue"])
    idle: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    posted: list[dict[str, str]] = field(default_factory=list)
    streams: list["queue.SimpleQueue[str | None]"] = field(default_factory=list)
    address: str = ""

    def change(self, fragment: str, *, tell: bool = True) -> None:
        """Give the fragment another content, and say so on every stream."""
        self.fragment = fragment
        self.number += 1
        if tell:
            self.say("changed", number=self.number, topics=self.topics)

    def say(self, event: str, **data: object) -> None:
        """Send an event to every open stream."""
        for stream in self.streams:
            stream.put(f"id: {self.number}\nevent: {event}\ndata: {json.dumps(data)}\n\n")

    def cut(self) -> None:
        """End every open stream, as a restarting server does."""
        for stream in self.streams:
            stream.put(None)
        self.streams.clear()

    def count(self, path: str) -> int:
        """Return how often a path was asked for."""
        return self.asked.count(path)

    def page(self) -> str:
        template = PAGE.format(frame=self.frame, body=self.body.replace("{fragment}", self.fragment))
        return render_template_string(
            template,
            office=SimpleNamespace(id=1, name="KPKNL Jakarta II", logo=None),
            device=lambda: None,
            easy_view=lambda: False,
            person=SimpleNamespace(name="Budi") if self.frame == "staff" else None,
            language="id",
            now=self.now,
            **self.idle,
        )

    def stream(self) -> Response:
        if self.stream_status != 200:
            return Response(status=self.stream_status)
        messages: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        messages.put(f"event: hello\ndata: {json.dumps({'number': self.number})}\n\n")
        self.streams.append(messages)
        return Response(iter(messages.get, None), mimetype="text/event-stream")

    def changes(self) -> Any:
        return ({"number": self.number, "topics": self.topics}, self.changes_status)

    def part(self) -> Any:
        if self.fragment_moved:
            return redirect("/elsewhere")
        response = Response(self.fragment, mimetype="text/html")
        response.add_etag()
        return response.make_conditional(request)

    def post(self) -> Any:
        self.posted.append(dict(request.form))
        if self.post_status == 303:
            return redirect("/done", 303)
        return "<!doctype html><title>x</title><p>x</p>", self.post_status


def create_app(stage: Stage) -> Flask:
    """Return the server of a stage."""
    app = Flask("stage", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(SECRET_KEY="stage", BABEL_DEFAULT_LOCALE="id", WTF_CSRF_CHECK_DEFAULT=False)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    app.jinja_loader = FileSystemLoader(ROOT / "templates")
    Babel(app, default_locale="id")
    CSRFProtect(app)
    app.before_request(lambda: stage.asked.append(request.path))
    app.after_request(add_headers)
    app.add_url_rule("/", view_func=stage.page, endpoint="page")
    app.add_url_rule("/done", view_func=lambda: DONE, endpoint="done")
    app.add_url_rule("/account", view_func=lambda: DONE, endpoint="account.page")  # where the frame leads
    app.add_url_rule("/elsewhere", view_func=lambda: "<p>masuk</p>", endpoint="elsewhere")
    app.add_url_rule("/offices/1/stream", view_func=stage.stream, endpoint="stream")
    app.add_url_rule("/offices/1/changes", view_func=stage.changes, endpoint="changes")
    app.add_url_rule("/fragment", view_func=stage.part, endpoint="part")
    app.add_url_rule("/post", view_func=stage.post, endpoint="post", methods=["POST"])
    return app


@contextmanager
def on_stage(stage: Stage) -> Iterator[Stage]:
    """Serve the stage on a free port of the loopback."""
    with served(create_app(stage)) as address:
        stage.address = f"{address}/"
        try:
            yield stage
        finally:
            stage.cut()
