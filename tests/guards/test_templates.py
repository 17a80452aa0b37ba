"""Every template parses, names only templates that exist, and leaves nothing inline that the CSP would block."""

import re

import pytest
from jinja2 import Environment, meta

from tests.guards.tree import ROOT, name_of

FOLDER = ROOT / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*") if path.is_file())
# No mail program loads a stylesheet, and no policy of ours reaches one.
PAGES = [path for path in TEMPLATES if path.suffix == ".html" and "mail" not in path.relative_to(FOLDER).parts]

_ENVIRONMENT = Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
_INLINE = {
    "a script": re.compile(r"<script(?![^>]*(\bsrc=|type=\"application/json\"))[^>]*>", re.IGNORECASE),
    "a style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle=", re.IGNORECASE),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "an address on another machine": re.compile(r"(src|href|action)=\"(https?:)?//", re.IGNORECASE),
}
_TRUSTED = re.compile(r"\|\s*safe\b|autoescape\s+false")


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_parses_and_names_templates_that_exist(path):
    names = meta.find_referenced_templates(_ENVIRONMENT.parse(path.read_text(encoding="utf-8"), filename=str(path)))

    assert [name for name in names if name is not None and not (FOLDER / name).is_file()] == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_has_nothing_inline(path):
    text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert [what for what, pattern in _INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_trusts_a_value(path):
    assert _TRUSTED.findall(path.read_text(encoding="utf-8")) == []
