"""docs/security/asvs.md has every requirement once and names tests that exist; what it leads to says what is done."""

import ast
import re
import runpy
from pathlib import Path

from desk.domain.password_rules import FEWEST, HOUSE_WORDS, MOST
from desk.domain.signing_in import HANDED_FOR, INVITED_FOR, MAILED_FOR, PROVEN_FOR
from desk.domain.tables import MOST_ROWS
from desk.domain.texts import LONGEST_NOTE
from desk.operations.accounts.security_log import LINES_A_MINUTE, Alarm
from desk.settings import Settings
from desk.web.limits import LIMITS
from tests.guards.tree import ROOT, kept_files, tree_of

DOCS = ROOT / "docs"
TABLE = DOCS / "security" / "asvs.md"
# By chapter and section of ASVS 5.0.0: the requirements of levels 1 and 2.
REQUIREMENTS = {
    "1.1": "1 2", "1.2": "1 2 3 4 5 6 7 8 9", "1.3": "1 2 3 4 5 6 7 8 9 10 11", "1.4": "1 2 3", "1.5": "1 2",
    "2.1": "1 2 3", "2.2": "1 2 3", "2.3": "1 2 3 4", "2.4": "1",
    "6.1": "1 2 3", "6.2": "1 2 3 4 5 6 7 8 9 10 11 12", "6.3": "1 2 3 4", "6.4": "1 2 3 4", "6.5": "1 2 3 4 5",
    "6.6": "1 2 3", "6.8": "1 2 3 4",
    "7.1": "1 2 3", "7.2": "1 2 3 4", "7.3": "1 2", "7.4": "1 2 3 4 5", "7.5": "1 2", "7.6": "1 2",
    "8.1": "1 2", "8.2": "1 2 3", "8.3": "1", "8.4": "1",
    "9.1": "1 2 3", "9.2": "1 2 3 4",
    "10.1": "1 2", "10.2": "1 2", "10.3": "1 2 3 4", "10.4": "1 2 3 4 5 6 7 8 9 10 11", "10.5": "1 2 3 4 5",
    "10.6": "1 2", "10.7": "1 2 3",
    "13.1": "1", "13.2": "1 2 3 4 5", "13.3": "1 2", "13.4": "1 2 3 4 5",
    "14.1": "1 2", "14.2": "1 2 3 4", "14.3": "1 2 3",
    "16.1": "1", "16.2": "1 2 3 4 5", "16.3": "1 2 3 4", "16.4": "1 2 3", "16.5": "1 2 3",
}  # fmt: skip
ANSWERS = {"met", "**partly**", "**not met**", "not applicable"}


def rows() -> list[list[str]]:
    """Return the cells of every requirement in the table."""
    found = re.findall(r"^\| (\d+\.\d+\.\d+ \|.*) \|$", TABLE.read_text("utf-8"), re.MULTILINE)
    return [[cell.strip() for cell in re.split(r" \| ?", line)] for line in found]


def functions_in(path: Path) -> set[str]:
    return {node.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef)}


def test_every_requirement_stands_in_the_table_once() -> None:
    wanted = [f"{section}.{number}" for section, numbers in REQUIREMENTS.items() for number in numbers.split()]
    assert [cells[0] for cells in rows()] == wanted


def test_each_has_an_answer_and_what_is_claimed_a_test_that_exists() -> None:
    for number, _, answer, how, *proofs in rows():
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", " ".join(proofs))
        assert answer in ANSWERS and how, number
        assert named or answer == "not applicable", number
        assert answer in ("met", "not applicable") or "**" in how, f"{number} says what is missing"
        assert [each for each in named if each[1] not in functions_in(ROOT / each[0])] == [], number


def test_what_is_missing_is_named_on_top() -> None:
    top = TABLE.read_text("utf-8").partition("\n## ")[0]
    missing = {cells[0]: "partly" if cells[2] == "**partly**" else "not" for cells in rows() if "**" in cells[2]}
    assert dict(re.findall(r"(\d+\.\d+\.\d+) \((\w+)\)", top)) == missing


def test_the_rules_say_what_the_program_does() -> None:
    rules = (DOCS / "security" / "rules.md").read_text("utf-8")
    defaults = Settings(data=Path("none"))
    hours = {each: f"{int(each.total_seconds()) // 3600} hours" for each in (INVITED_FOR, HANDED_FOR)}
    said = [
        f"{FEWEST} to {MOST} characters", *HOUSE_WORDS, *hours.values(), f"{MAILED_FOR.seconds // 60} minutes",
        f"**{defaults.session_hours} hours**", f"**{defaults.session_idle_minutes} minutes**",
        f"**{PROVEN_FOR.seconds // 60} minutes**", f"{LONGEST_NOTE:,} characters", f"{MOST_ROWS:,} rows",
        "NIST SP 800-63B", "any number at the same time", "Identity provider", "**Together**", "printer's",
        "PostgreSQL", "mail server", "gateway", "identity provider",
    ]  # fmt: skip
    assert [words for words in said if words not in rules] == []
    assert dict(re.findall(r"^\| `(\w+\.\w+)` \| (.+) \|$", rules, re.MULTILINE)) == LIMITS
    log = (DOCS / "operations.md").read_text("utf-8").partition("\n## The log\n")[2].partition("\n## ")[0]
    assert [each.value for each in Alarm if f"`{each.value}`" not in log] == [] and f"{LINES_A_MINUTE} lines" in log
    kept = ("standard error", "sign_in_records", "access_records", "deliveries", "signed events", "/metrics")
    assert [each for each in kept if each not in log] == []
    privacy = (DOCS / "privacy.md").read_text("utf-8")
    levels = re.findall(r"^\| (secret|confidential|personal|of the office) \|", privacy, re.MULTILINE)
    assert len(levels) == 4


def test_the_page_of_routes_is_made_from_the_program() -> None:
    made = runpy.run_path(str(DOCS / "routes_page.py"))["page"]()
    assert (DOCS / "security" / "routes.md").read_text("utf-8") == made, "run: python docs/routes_page.py"


def test_nothing_is_delivered_with_a_password() -> None:
    compose = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    assert set(re.findall(r"PASSWORD: (.+)", compose)) == {"${DESK_DATABASE_PASSWORD:?}"}
    given = (ROOT / "deploy" / "systemd" / "desk.env").read_text("utf-8")
    assert re.findall(r"^\w*(?:PASSWORD|SECRET|TOKEN)\w*=(?!/)\S", given, re.MULTILINE) == []
    kept = {path.relative_to(ROOT).as_posix() for path in kept_files()}
    assert [each for each in kept if re.search(r"(^|/)(secrets/|\.env$|.*\.pem$|.*\.key$)", each)] == []
