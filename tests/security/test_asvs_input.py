"""Nothing that was sent is run, expanded or taken for more than text (ASVS 5.0, V1, V2.2, V13.4)."""

import ast
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from desk.app import create_app
from desk.domain.tables import FileRefused
from desk.reports.table_files import read_table
from desk.settings import Settings
from tests.fixtures.api import Api
from tests.fixtures.web import PUBLIC_URL, Web
from tests.guards.tree import ROOT, imports_of, modules, name_of, tree_of
from tests.security.conftest import Things

RUNS = {"eval", "exec", "compile", "__import__", "render_template_string", "from_string"}
UNPACKS = {"pickle", "marshal", "shelve", "dill", "yaml", "xmlrpc", "ldap", "ldap3", "memcache", "pymemcache"}
# Statements with the names of tables or settings of our own in them, which no parameter can stand for.
WRITTEN_OUT = {
    "desk/models/clearing.py", "desk/models/engine.py", "desk/cli/checks/database.py", "desk/reads/database_check.py",
}  # fmt: skip
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}${7*7}%s%(x)s"


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    found = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    return [(ast.unparse(node.func).rpartition(".")[2], node) for node in found]


def test_no_line_of_the_program_runs_what_was_sent() -> None:
    """ASVS 1.2.4, 1.2.5, 1.3.2, 1.3.7, 1.5.2."""
    odd = []
    for path in modules("desk"):
        odd += [f"{name_of(path)}: imports {each}" for each in imports_of(path) if each.partition(".")[0] in UNPACKS]
        for name, call in calls(path):
            where = f"{name_of(path)}:{call.lineno}"
            is_compiled = name == "compile" and ast.unparse(call.func) != "compile"
            if name in RUNS and not is_compiled:
                odd.append(f"{where} {name}")
            if any(each.arg == "shell" for each in call.keywords) or ast.unparse(call.func) in (
                "os.system",
                "os.popen",
            ):
                odd.append(f"{where} a shell")
            is_sql = call.args and (ast.unparse(call.func) == "text" or name == "exec_driver_sql")
            if is_sql and not isinstance(call.args[0], ast.Constant | ast.Name | ast.Attribute | ast.Call):
                odd.extend([where] if name_of(path) not in WRITTEN_OUT else [])
    assert odd == []


def workbook_with(sheet: bytes) -> bytes:
    """Return a workbook whose sheet is this XML."""
    book, written, changed = Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["letter"])
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part, sheet if part.filename == "xl/worksheets/sheet1.xml" else content)
    return changed.getvalue()


@pytest.mark.parametrize("kind", ["a file", "laughs"])
def test_a_workbook_names_no_file_and_does_not_explode(tmp_path: Path, kind: str) -> None:
    """ASVS 1.5.1."""
    secret = tmp_path / "secret.txt"
    secret.write_text("RAHASIA", encoding="utf-8")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    entity = f'<!ENTITY e SYSTEM "file://{secret}">' if kind == "a file" else f'{laughs}<!ENTITY e "&l11;">'
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE worksheet [{entity}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>letter</t></is></c></row><row r="2">'
        '<c r="A2" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>'
    )
    try:
        read = repr(read_table(workbook_with(sheet.encode()), known=("letter",), needed=("letter",)))
    except FileRefused:
        read = ""
    assert "RAHASIA" not in read and "haha" not in read


def test_what_is_typed_stays_text_on_pages_and_in_json(web: Web, api: Api, own: Things) -> None:
    """ASVS 1.1.2, 1.2.1, 1.2.3, 1.3.7, 1.3.10."""
    budi, here = web.as_("Budi"), f"/offices/{own['office_id']}"
    own.office.budi.tells(SCRIPT)
    shown = budi.client.get(f"{here}/floor").text
    assert "&lt;script&gt;alert(1)" in shown and "{{7*7}}${7*7}%s%(x)s" in shown
    assert "<script>alert" not in shown and "<img src=x" not in shown
    answer: Any = api.client.post(
        f"/api/v1/offices/{own['office_id']}/visits", json={SCRIPT: SCRIPT},
        headers={"Authorization": f"Bearer {api.as_('Sari').token}"},
    )  # fmt: skip
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
    assert json.loads(answer.text)["errors"] and answer.headers["X-Content-Type-Options"] == "nosniff"


def test_neither_folders_nor_settings_nor_the_repository_are_served(web: Web) -> None:
    """ASVS 13.4.1, 13.4.3, 13.4.5."""
    asked = (
        "/.git/HEAD", "/.git/config", "/.svn/entries", "/.env", "/.gitignore", "/pyproject.toml", "/secrets/cookies",
        "/var/desk.db", "/desk.db", "/static/../.git/HEAD", "/static/%2e%2e/.git/HEAD", "/static/..%2f.git/HEAD",
        "/static/", "/static/css/", "/static", "/docs", "/docs/", "/openapi.json", "/swagger", "/redoc", "/console",
        "/server-status", "/debug", "/admin",
    )  # fmt: skip
    assert [path for path in asked if web.client.get(path).status_code != 404] == []
    assert {path.name for path in Path(web.app.static_folder or "").glob(".*")} <= {".gitignore"}


def test_no_variable_of_a_programmer_switches_debugging_on(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 13.4.2."""
    monkeypatch.setenv("FLASK_DEBUG", "1")
    settings = Settings(data=tmp_path, database_url=web.office.url, base_url=PUBLIC_URL, limits_url="memory://")
    app = create_app(settings)
    assert not app.debug and not app.extensions["desk_api"].testing
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_trace_gives_nothing_back(web: Web) -> None:
    """ASVS 13.4.4."""
    for path in ("/", "/sign-in", "/static/css/base.css", "/api/v1/offices", "/healthz"):
        answer = web.client.open(path, method="TRACE", headers={"X-Odd": "echo-me"})
        assert answer.status_code in (401, 405) and "echo-me" not in answer.text


def test_chance_that_is_no_secret_is_named() -> None:
    """ASVS 6.5.3, 7.2.3: secrets are made by `secrets` or the system; `random` plays, spreads and names requests."""
    users = {name_of(path) for path in modules("desk") if "random" in set(imports_of(path))}
    assert {each for each in users if not each.startswith("desk/demo/")} == {
        "desk/delivery/outbox.py", "desk/push/streams.py", "desk/reports/checking.py", "desk/logs.py",
    }  # fmt: skip


def test_the_log_goes_to_one_place() -> None:
    """ASVS 16.2.3: standard error, set up once."""
    handlers = {"basicConfig", "addHandler", "FileHandler", "SysLogHandler", "HTTPHandler", "StreamHandler"}
    users = {name_of(path) for path in modules("desk") for name, _ in calls(path) if name in handlers}
    assert users == {"desk/logs.py"}


def test_passwords_may_be_pasted_and_filled_in_by_programs() -> None:
    """ASVS 6.2.6, 6.2.7."""
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "static" / "js").glob("*.js"))
    assert '"paste"' not in scripts and "onpaste" not in scripts
    macro = (ROOT / "templates" / "macros" / "password.html").read_text("utf-8")
    assert 'autocomplete="new-password"' in macro and "off" not in re.findall(r'autocomplete="(\w+)"', macro)
    for path in (ROOT / "templates").rglob("*.html"):
        for line in path.read_text("utf-8").splitlines():
            if "password_field(form." in line and "autocomplete" in line:
                assert 'autocomplete="current-password"' in line, path
