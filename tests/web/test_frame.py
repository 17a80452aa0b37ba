"""Frames, macros and error pages: every page of the gallery is sound in both languages, filled or failing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from babel.messages.pofile import read_po
from flask import Flask, flash, render_template_string
from flask.testing import FlaskClient

from docs.gallery.app import ERRORS, PAGES, ROOT, create_gallery
from tests.fixtures.page_lint import Lint

STATES = {"forms?empty", "survey?empty", "visitor?called"}


@pytest.fixture(scope="module")
def gallery() -> Flask:
    app = create_gallery()
    app.testing = True
    return app


@pytest.fixture
def client(gallery: Flask) -> FlaskClient:
    return gallery.test_client()


def rendered(gallery: Flask, source: str, **values: object) -> str:
    """Return what a template of one line gives on an Indonesian page."""
    with gallery.test_request_context("/today"):
        return " ".join(render_template_string(source, **values).split())


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("page", [*PAGES, *sorted(STATES)])
def test_every_page_of_the_gallery_is_sound(client: FlaskClient, lint: Lint, page: str, language: str):
    separator = "&" if "?" in page else "?"
    answer = client.get(f"/{page}{separator}language={language}")
    assert answer.status_code == 200
    lint(answer.text, path=page)
    assert f'<html lang="{language}"' in answer.text


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("code", ERRORS)
def test_every_error_page_is_sound_and_says_what_to_do(client: FlaskClient, lint: Lint, code: int, language: str):
    answer = client.get(f"/errors/{code}?language={language}")
    assert answer.status_code == code
    lint(answer.text, path=f"errors/{code}")
    assert len(re.findall(r"<p[ >]", answer.text.partition("<main")[2])) >= 2


def test_error_pages_stand_without_office_person_or_language():
    bare = Flask("bare", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    bare.jinja_env.add_extension("jinja2.ext.i18n")
    bare.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    bare.jinja_env.filters |= dict.fromkeys(["timeformat", "dateformat", "datetimeformat"], str)
    with bare.test_request_context("/"):
        for code in ERRORS:
            html = bare.jinja_env.get_template(f"errors/{code}.html").render()
            assert "<h1>" in html
            assert '<html lang="id"' in html


def test_a_refusal_says_it_better_than_the_general_words(gallery: Flask):
    imported = '{% from "macros/errors.html" import error_page with context %}'
    refusal = {"message": "Budi sudah memanggil A007.", "next_step": "Panggil berikutnya.", "request_id": "r-1"}
    html = rendered(gallery, imported + '{{ error_page("T", happened="H", next="N") }}', **refusal)
    assert "Budi sudah memanggil A007." in html
    assert "Panggil berikutnya." in html
    assert ">H<" not in html
    assert "<code>r-1</code>" in html


@pytest.mark.parametrize("page", ["forms?empty", "survey?empty"])
def test_a_page_with_errors_says_so_in_its_title_and_on_top(client: FlaskClient, page: str):
    html = client.get(f"/{page}").text
    assert "<title>Galat: " in html
    assert 'role="alert" tabindex="-1" data-error-summary' in html
    assert "<title>Error: " in client.get(f"/{page}&language=en").text


def test_the_title_names_page_office_and_product(client: FlaskClient):
    assert "<title>Hari ini – KPKNL Jakarta II – Desk</title>" in client.get("/today").text


def test_a_field_joins_label_hint_and_error(client: FlaskClient):
    html = client.get("/forms?empty").text
    assert 'aria-describedby="name-hint name-error"' in html
    assert '<p class="hint" id="name-hint">' in html
    assert '<p class="field-error" id="name-error">' in html
    assert '<a href="#priority-0">' in html
    assert " required" not in re.sub(r'aria-required="true"', "", html)


def test_nothing_is_chosen_in_a_score(client: FlaskClient):
    html = client.get("/survey").text
    assert html.count('type="radio"') == 5
    assert "checked" not in html


def test_the_language_switch_marks_where_one_is(client: FlaskClient):
    html = client.get("/survey?language=en").text
    assert re.search(r'href="/survey\?language=en"[^>]*aria-current="true"', html)
    assert re.search(r'href="/survey\?language=id" lang="id" hreflang="id">', html)


def test_only_the_signed_in_get_token_and_navigation(client: FlaskClient):
    assert '<meta name="csrf-token"' in client.get("/today").text
    assert "Budi Santoso" in client.get("/today").text
    assert '<meta name="csrf-token"' not in client.get("/visitor").text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 detik"),
        (59.9, "59 detik"),
        (60, "1 menit"),
        (3599, "59 menit"),
        (3600, "1 jam 0 menit"),
        (4500, "1 jam 15 menit"),
        (95000, "1 hari 2 jam"),
    ],
)
def test_durations_in_words(gallery: Flask, seconds: float, words: str):
    source = '{% from "macros/ui.html" import duration %}{{ duration(seconds) }}'
    assert (
        rendered(gallery, source, seconds=seconds)
        == f'<time class="nowrap" datetime="PT{int(seconds)}S">{words}</time>'
    )


def test_hours_are_the_office_s_and_written_as_in_indonesia(gallery: Flask):
    source = '{% from "macros/ui.html" import clock_time, moment %}{{ clock_time(at) }} {{ moment(at) }}'
    html = rendered(gallery, source, at=datetime(2026, 11, 24, 1, 5, tzinfo=UTC))
    assert html.count('datetime="2026-11-24T01:05:00+00:00"') == 2
    assert ">08.05<" in html
    assert ">24 Nov 2026, 08.05<" in html


@pytest.mark.parametrize(("ago", "shown"), [(-5, "0:00"), (9, "0:09"), (252, "4:12"), (3725, "1:02:05")])
def test_a_running_clock_starts_with_the_server_s_figure(gallery: Flask, ago: int, shown: str):
    now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    source = '{% from "macros/ui.html" import elapsed %}{{ elapsed(since, now) }}'
    assert f">{shown}</time>" in rendered(gallery, source, since=now - timedelta(seconds=ago), now=now)


def test_an_unknown_state_is_shown_as_it_is(gallery: Flask):
    html = rendered(
        gallery, '{% from "macros/ui.html" import tag %}{{ tag("frozen") }} {{ tag("paused", word="Istirahat") }}'
    )
    assert html == '<span class="tag tag-frozen">frozen</span> <span class="tag tag-paused">Istirahat</span>'


def test_text_of_people_is_escaped(gallery: Flask):
    source = '{% from "macros/ui.html" import message, ticket %}{{ message(text) }}{{ ticket(text, below=text) }}'
    assert "<b>" not in rendered(gallery, source, text="<b>Budi</b>")


def test_the_custody_bar_is_as_wide_as_its_times(client: FlaskClient):
    html = client.get("/transaction").text
    bar = html[html.index('<svg class="bar"') : html.index("</figure>")]
    widths = [float(width) for width in re.findall(r'<rect class="[a-z]+" x="[^"]+" y="28" width="([\d.]+)%"', bar)]
    holders = [float(width) for width in re.findall(r'<svg x="[^"]+" y="0" width="([\d.]+)%"', bar)]
    assert sum(widths) == pytest.approx(100, abs=0.01)
    assert sum(holders) == pytest.approx(100, abs=0.01)
    assert (len(widths), len(holders)) == (8, 5)
    assert "Sari: Dipanggil, " in bar


def test_a_custody_bar_of_no_length_draws_nothing(gallery: Flask):
    source = '{% from "macros/custody.html" import custody_bar %}{{ custody_bar([], at) }}'
    html = rendered(gallery, source, at=datetime(2026, 11, 24, tzinfo=UTC))
    assert "<svg" not in html
    assert "sekarang" in html


def test_every_word_of_the_frame_is_translated():
    with (ROOT / "translations/id/LC_MESSAGES/messages.po").open("rb") as file:
        catalog = read_po(file, locale="id")
    missing = [message.id for message in catalog if message.id and not message.string]
    assert missing == []


def test_a_message_is_not_told_to_what_shows_no_page(gallery: Flask):
    source = '{% extends "base_public.html" %}{% block title %}T{% endblock %}'
    for asked, is_told in {
        "text/html,*/*": True,
        "*/*": True,
        "text/event-stream": False,
        "image/png,*/*": False,
    }.items():
        with gallery.test_request_context("/today", headers={"Accept": asked}):
            flash("A001 dipanggil", "success")
            assert ("A001 dipanggil" in render_template_string(source)) is is_told, asked
