"""Every sentence has its Indonesian, and the compiled catalog is the one that was translated."""

import ast
import re
import subprocess
import sys

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.guards.tree import ROOT, modules, name_of, tree_of

CATALOGS = sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))


def _read(path):
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def _messages(catalog):
    return {(message.context, _key(message.id)): message for message in catalog if message.id}


def _key(identifier):
    return identifier if isinstance(identifier, str) else identifier[0]


def _texts(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.fixture(scope="session")
def extracted(tmp_path_factory):
    """Every message in the source, found as `make translations` finds them."""
    keywords = re.findall(r"--keyword=\S+", (ROOT / "Makefile").read_text())
    template = tmp_path_factory.mktemp("translations") / "messages.pot"
    command = ["-m", "babel.messages.frontend", "-q", "extract", "--mapping", "pyproject.toml", *keywords]
    subprocess.run([sys.executable, *command, "--output", str(template), "."], cwd=ROOT, check=True)
    return _messages(_read(template))


def test_no_sentence_is_hidden_in_a_template_string():
    """What stands within an f-string is not extracted, so it would stay English on an Indonesian page."""
    hidden = [
        (name_of(path), call.args[0].value)
        for path in modules()
        for text in ast.walk(tree_of(path))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
        if isinstance(call.func, ast.Name) and call.func.id in ("gettext", "ngettext", "pgettext", "N_", "lazy")
    ]
    assert hidden == []


def test_indonesian_is_there():
    assert [path.parts[-3] for path in CATALOGS] == ["id"]


@pytest.mark.parametrize("path", CATALOGS, ids=name_of)
def test_every_sentence_of_the_source_is_in_the_catalog(path, extracted):
    known = _messages(_read(path))

    assert [key for key in extracted if key not in known] == [], "run: make translations"


@pytest.mark.parametrize("path", CATALOGS, ids=name_of)
def test_every_message_is_translated_and_none_is_a_guess(path):
    messages = _messages(_read(path)).values()

    assert [message.id for message in messages if not all(_texts(message))] == []
    assert [message.id for message in messages if message.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGS, ids=name_of)
def test_every_translation_fills_in_the_same_values(path):
    catalog = _read(path)

    assert [(message.id, str(error)) for message, errors in catalog.check() for error in errors] == []


@pytest.mark.parametrize("path", CATALOGS, ids=name_of)
def test_the_compiled_catalog_is_up_to_date(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = _messages(read_mo(file))
    written = _messages(_read(path))

    assert {key: _texts(message) for key, message in compiled.items()} == {
        key: _texts(message) for key, message in written.items()
    }, "run: make translations"
