"""Whatever the environment says, or the file beneath it, the desk says what it cannot understand, or it can call.

The names are taken from the source, so that a new setting is tried without anybody remembering it.
"""

import ast
import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desk.app import create_app
from desk.delivery.worker import identity_of
from desk.domain.refusals import Refused
from desk.settings import load_settings
from desk.settings_kept import FIELDS, write_file
from tests.fixtures.web import Answer
from tests.guards.tree import ROOT, tree_of

ADDRESS = "https://desk.example.go.id"
FIXED = {"DESK_DATA", "DATABASE_URL"}  # where the test keeps its own
NAMES = sorted(
    {
        node.value
        for path in sorted((ROOT / "desk").glob("settings*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value == "PORT" or (node.value.startswith("DESK_") and node.value.isupper())
    }
    | {"DATABASE_URL"}
)
NASTY = st.sampled_from(
    [
        "", " ", "0", "1", "-1", "007", "²", "99999999999999999999", "1e3", "yes", "no", "true", "TRUE", "off",
        "nothing", "01:30", "25:00", "http://", "https://[", "https://desk.example.go.id/", "http://user@host", "ftp://x",
        "http://x:99999", "a@b.example", "a\nb@c", "a: b", "a", "a,b", "1,2", "{to}", "{", "%s", "../..", "/", "sqlite://",
        "postgresql://", "postgres://h/d",
        "mysql://h/d", "memory://", "redis://", "\x00", "\ud800", "é" * 300, "INFO", "debug", "age1x",
        "x" * 40, "json", "text",
    ]
)  # fmt: skip
ANYTHING = NASTY | st.text(max_size=40)


def _said(environ):
    """Return the settings, or None after checking that the error names a setting that was given."""
    try:
        return load_settings(environ)
    except ValueError as error:
        said = str(error)
    assert any(name in said for name, value in environ.items() if value), said
    assert "\n" not in said
    return None


def _with_file(tmp_path, raw, environ):
    """Return the settings of a data folder with this in the file of what is set in the browser."""
    write_file(tmp_path, raw)
    return _said({**environ, "DESK_DATA": str(tmp_path)})


@given(
    kept=st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(max_size=9), ANYTHING, max_size=6),
    environ=st.dictionaries(st.sampled_from(sorted(FIELDS)), ANYTHING, max_size=2),
)
@example(kept={"DESK_MAIL_FROM": "Antrean <antrean@kantor.go.id>", "DESK_SMTP_PASSWORD": "a b"}, environ={})
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_kept_of_the_browser_holds_or_is_said(tmp_path, kept, environ):
    found = _with_file(tmp_path, json.dumps(kept).encode(), environ)
    alone = _said({**environ, "DESK_DATA": str(tmp_path / "none")})
    assert (found is None) == (alone is None)
    if found is None:
        return
    for name, (part, field) in FIELDS.items():
        value = getattr(getattr(found, part) if part else found, field)
        if found.kept.fault or name not in kept or name in found.kept.fixed:
            assert value == getattr(getattr(alone, part) if part else alone, field), name
    if not found.kept.fault and "DESK_MAIL_FROM" in found.kept.used:
        identity_of(found)
    assert "\n" not in found.kept.fault
    assert not found.kept.fault or any(name in found.kept.fault for name in kept)


@given(raw=st.binary(max_size=40) | st.sampled_from([b"", b"[]", b"{", b"null", b"[" * 60_000, b" " * 70_000]))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_leaves_the_environment_alone(tmp_path, raw):
    found = _with_file(tmp_path, raw, {"DESK_BASE_URL": ADDRESS})
    assert found.base_url == ADDRESS and found.kept.used == frozenset()
    assert found.kept.fault or json.loads(raw) == {}


def test_the_settings_are_known():
    assert len(NAMES) > 40 and {"PORT", "DESK_TLS", "DESK_METRICS_TOKEN"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@given(value=ANYTHING)
@settings(max_examples=15)
def test_one_setting_of_any_kind(name, value):
    _said({name: value})


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@given(environ=st.dictionaries(st.sampled_from(sorted(set(NAMES) - FIXED)), ANYTHING, max_size=6))
@example(environ={"DESK_LIMITS_URL": "memory://", "DESK_TLS": "1", "DESK_TRUSTED_PROXIES": "16", "DESK_THREADS": "1"})
@example(environ={"DESK_SESSION_HOURS": "1", "DESK_SESSION_IDLE_MINUTES": "1", "DESK_BASE_URL": "nothing"})
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_understood_runs_and_can_call(desk_office, tmp_path, environ):
    found = _said({**environ, "DESK_DATA": str(tmp_path), "DATABASE_URL": desk_office.url})
    if found is None:
        return
    app = create_app(found)
    app.extensions["desk"] = replace(app.extensions["desk"], streams=desk_office.streams)
    with app.test_client() as browser:
        assert browser.get("/healthz").status_code == 200
        page = browser.get(f"/offices/1/kiosk/services/{desk_office.services['A']}", base_url=ADDRESS)
        form = Answer("", page.status_code, page.headers, page.text, 0).form("/offices/1/visits")
        taken = browser.post("/offices/1/visits", data=form, base_url=ADDRESS, headers={"Referer": ADDRESS})
        assert taken.status_code == 303, taken.text
    with suppress(Refused):  # once is enough
        desk_office.sari.signs_on()
    desk_office.sari.completes(desk_office.sari.serves())
