"""The lint finds each fault it names, and nothing in a page without faults."""

import pytest

from tests.fixtures.page_lint import FRAGMENT_RULES, PAGE_RULES, Lint, Rule, lint_fragment, lint_page
from tests.fixtures.page_tree import parsed_page

GOOD = """<!doctype html>
<html lang="id">
<head><meta charset="utf-8"><title>Loket 3 – KPKNL Jakarta II – Desk</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/css/desk.css">
<script defer src="/static/js/once.js"></script></head>
<body>
<a class="skip-link" href="#main">Langsung ke isi utama</a>
<header><nav aria-label="Navigasi utama"><ul><li><a href="/today">Hari ini</a></li></ul></nav></header>
<main id="main">
<h1>Loket 3</h1>
<form method="post" action="/counters/3/calls">
<input type="hidden" name="csrf_token" value="x">
<label for="note">Catatan</label><p id="note-hint">Boleh kosong.</p>
<textarea id="note" name="note" aria-describedby="note-hint"></textarea>
<fieldset><legend>Alasan</legend><label><input type="radio" name="reason" value="1"> Keahlian</label></fieldset>
<button><svg aria-hidden="true"><use href="/static/sprite.svg#check"></use></svg> Panggil</button>
</form>
<form method="get" action="/today"><label for="q">Nomor</label><input id="q" name="q">
<button aria-label="Cari"></button></form>
<h2>Menunggu</h2>
<table><caption>Menunggu</caption><tr><th scope="col">Nomor</th></tr><tr><td>A007</td></tr></table>
<img src="/static/img/mark.svg" alt="">
</main>
</body></html>"""

# what to change in the good page, and a word of the complaint that must follow
FAULTS = {
    "no language": ('lang="id"', "", "lang"),
    "foreign language": ('lang="id"', 'lang="xx"', "lang"),
    "no title": ("<title>Loket 3 – KPKNL Jakarta II – Desk</title>", "<title> – </title>", "title"),
    "no h1": ("<h1>Loket 3</h1>", "", "0 h1"),
    "two h1": ("<h2>Menunggu</h2>", "<h1>Menunggu</h1>", "2 h1"),
    "jumping headings": ("<h2>Menunggu</h2>", "<h4>Menunggu</h4>", "jumps from h1 to h4"),
    "empty heading": ("<h2>Menunggu</h2>", "<h2></h2>", "empty <h2>"),
    "no main": ('<main id="main">', '<div id="main">', "0 main"),
    "no page header": ("<header>", "<div>", "0 page headers"),
    "nameless navigation": (' aria-label="Navigasi utama"', "", "nav"),
    "no skip link": ('<a class="skip-link" href="#main">Langsung ke isi utama</a>', "", "skip link"),
    "skip link to nowhere": ('href="#main"', 'href="#content"', "#content"),
    "no enlarging": ("initial-scale=1", "user-scalable=no", "viewport"),
    "same id twice": ('<p id="note-hint">', '<p id="note">', "stands 2 times"),
    "unlabelled input": ('<label for="note">Catatan</label>', "", "no label for <textarea#note"),
    "empty label": ('<label for="note">Catatan</label>', '<label for="note"></label>', "no label"),
    "label to nowhere": ('<label for="q">', '<label for="question">', "#question"),
    "description to nowhere": ('aria-describedby="note-hint"', 'aria-describedby="note-error"', "#note-error"),
    "labelled by nothing": (
        "<h2>Menunggu</h2>",
        '<section aria-labelledby="gone"><h2>Menunggu</h2></section>',
        "#gone",
    ),
    "no legend": ("<legend>Alasan</legend>", "<p>Alasan</p>", "legend"),
    "radio without group": ("<fieldset><legend>Alasan</legend>", "<div><b>Alasan</b>", "outside a fieldset"),
    "image without alt": (' alt=""', "", "no alt"),
    "picture without name": ('<svg aria-hidden="true">', '<svg role="img">', "role img"),
    "form without method": ('method="get" ', "", "without a method"),
    "form without action": (' action="/today"', "", "without an action"),
    "post without token": ('<input type="hidden" name="csrf_token" value="x">', "", "without csrf_token"),
    "post with empty token": ('name="csrf_token" value="x"', 'name="csrf_token" value=""', "without csrf_token"),
    "token in an address": (
        '<label for="q">',
        '<input type="hidden" name="csrf_token" value="x"><label for="q">',
        "into an address",
    ),
    "inline script": ("<h1>", "<script>alert(1)</script><h1>", "inline <script>"),
    "inline style sheet": ("<h1>", "<style>h1 { color: red }</style><h1>", "inline <style>"),
    "inline style": ("<h1>", '<h1 style="color: red">', "inline style"),
    "inline handler": ("<h1>", '<h1 onclick="x()">', "inline onclick"),
    "script address": ('href="/today"', 'href=" JavaScript:x()"', "javascript:"),
    "foreign script": ('src="/static/js/once.js"', 'src="https://elsewhere.example/x.js"', "external address"),
    "foreign picture": ('src="/static/img/mark.svg"', 'src="//elsewhere.example/x.svg"', "external address"),
    "foreign form": ('action="/today"', 'action="https://elsewhere.example/"', "external address"),
    "nameless button": (' aria-label="Cari"', "", "<button> has no name"),
    "nameless link": (">Hari ini</a>", '><svg aria-hidden="true"></svg></a>', "has no name"),
    "table without heads": ('<th scope="col">Nomor</th>', "<td>Nomor</td>", "without th"),
    "head without scope": (' scope="col"', "", "without scope"),
    "table without caption": ("<caption>Menunggu</caption>", "", "without a caption"),
    "list of other things": ("<ul><li>", "<ul><div><li>", "directly inside"),
    "positive tabindex": ("<h1>", '<h1 tabindex="3">', "positive tabindex"),
    "hidden but focusable": ("<h1>", '<div aria-hidden="true"><a href="/x">x</a></div><h1>', "inside aria-hidden"),
    "a placeholder": ("A007", "%(number)s", "left over"),
    "a template tag": ("A007", "{{ number }}", "left over"),
    "a placeholder in an attribute": ('alt=""', 'alt="TODO"', "left over"),
    "attribute given twice": ("<h1>", '<h1 class="a" class="b">', "duplicate attribute"),
    "unclosed tag": ("</main>", "</div></main>", "line "),
    "no doctype": ("<!doctype html>", "", "doctype"),
}


def test_a_good_page_has_no_problem():
    assert lint_page(GOOD, path="/counters/3") == []


@pytest.mark.parametrize(("before", "after", "complaint"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_named(before: str, after: str, complaint: str):
    assert before in GOOD
    problems = lint_page(GOOD.replace(before, after, 1), path="/counters/3")
    assert any(complaint.lower() in problem.lower() for problem in problems), problems
    assert all(problem.startswith("/counters/3: ") for problem in problems)


def test_every_rule_is_tested_by_a_fault():
    silent = {rule.__name__ for rule in PAGE_RULES}
    for before, after, _ in FAULTS.values():
        faulty = GOOD.replace(before, after, 1)
        silent -= {rule.__name__ for rule in PAGE_RULES if finds(rule, faulty)}
    assert silent == set()


def finds(rule: Rule, html: str) -> bool:
    return any(True for _ in rule(parsed_page(html)[0]))


def test_a_fragment_needs_no_frame_but_its_forms_are_checked():
    assert lint_fragment("<p>Menunggu: 3</p>", path="/offices/1/queue") == []
    assert lint_fragment('<form method="post" action="/x"><button>Ya</button></form>', path="/q") == [
        "/q: <form> posts without csrf_token"
    ]
    assert len(FRAGMENT_RULES) < len(PAGE_RULES)


def test_the_fixture_tells_pages_from_fragments(lint: Lint):
    lint(GOOD, path="/counters/3")
    lint("<p>3</p>", path="/queue")
    with pytest.raises(AssertionError, match="0 h1"):
        lint(GOOD.replace("<h1>Loket 3</h1>", ""), path="/counters/3")
