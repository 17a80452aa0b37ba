"""What the access log records has words, and the Indonesian texts have one word for one thing."""

import ast
import re

from babel.messages.pofile import read_po

from desk.operations.table_imports.kinds import KINDS
from desk.web.administration.access_log import REPORT_SUBJECTS
from desk.wording.looks import SUBJECTS, VERBS
from tests.guards.tree import ROOT, modules, tree_of

RECORDING = {"record_look", "csv_export", "record_report_look"}
# Subjects that are put together: `f"report {…}"`, `f"report ikm {…}"`, `f"table {…}"`; each is tried whole below.
BEGINNINGS = {"report ", "report ikm ", "table "}
# Words that mean the same as another one the texts use.
OTHER_WORDS = r"(?i)\b(pengunjung|peladen|email|e-mail|pegawai|staf|penerima tamu|meja penerimaan|faktor kedua|celah)\b"


def _calls():
    for path in modules("desk"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in RECORDING:
                    yield name, node


def test_every_subject_that_is_recorded_has_words():
    known = SUBJECTS | REPORT_SUBJECTS
    codes, beginnings, verbs = set(), set(), set()
    for name, call in _calls():
        for word in call.keywords:
            for value in ast.walk(word.value) if word.arg in ("subject", "verb") else ():
                if isinstance(value, ast.JoinedStr):
                    beginnings.add(value.values[0].value)
                elif isinstance(value, ast.Constant) and isinstance(value.value, str):
                    (verbs if word.arg == "verb" else codes).add(value.value)
        if name == "record_report_look" and isinstance(call.args[1], ast.Constant):
            codes.add(f"report {call.args[1].value}")

    assert {"trail", "report coverage"} <= codes
    assert codes - BEGINNINGS - set(known) == set()
    assert beginnings <= BEGINNINGS
    assert verbs <= set(VERBS)


def test_every_report_that_an_address_names_has_words():
    """Of the addresses of reports and their documents, as they are written in the routes."""
    routes = "\n".join(path.read_text(encoding="utf-8") for path in modules("desk/web"))
    reports = {name for found in re.findall(r"<any\(([^)]*)\):report>", routes) for name in re.split(r",\s*", found)}
    documents = re.findall(r"reports/ikm/<any\(([^)]*)\):name>", routes)
    wanted = {f"report {name}" for name in reports}
    wanted |= {f"report ikm {name.strip().strip(chr(34))}" for found in documents for name in found.split(",")}

    assert {"report ikm", "report scores", "report ikm sheet.pdf"} <= wanted
    assert wanted - set(SUBJECTS | REPORT_SUBJECTS) == set()
    assert {f"table {code}" for code in KINDS} <= set(SUBJECTS)


def test_indonesian_has_one_word_for_one_thing():
    with (ROOT / "translations/id/LC_MESSAGES/messages.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id and message.string]
    texts = [text for each in messages for text in ([each.string] if isinstance(each.string, str) else each.string)]
    assert [text for text in texts if re.search(OTHER_WORDS, text)] == []
    assert [
        text for text in texts if re.search(r"\bsupervisor\b", text.replace("--role supervisor", ""), re.IGNORECASE)
    ] == []
    assert [text for text in texts if re.search(r"\d %(?![(])|\b\d\d:\d\d\b", text)] == []
