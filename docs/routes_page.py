"""Write docs/security/routes.md from the rules that routes declare: `python docs/routes_page.py`. A test compares."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from desk import api
from desk.app import create_app
from desk.domain.access import Role, Rule
from desk.operations.accounts.granting import SCOPES
from desk.settings import Settings
from desk.web.access import rule_of

TARGET = Path(__file__).with_name("security") / "routes.md"
ORDER = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR)
HEAD = """# Who may open what

Made from the rules that routes declare by `docs/routes_page.py`; a test compares the two, and
`tests/security/doors.py` says the same apart from the code. Roles count in the office of the address only. Beyond its
route each operation asks for more: who has custody, who is asked, who had a hand in it
([rules](rules.md#who-may-do-what)).
"""


def page() -> str:
    """Return the page."""
    with TemporaryDirectory() as folder:
        data = Path(folder)
        app = create_app(Settings(data=data, database_url=f"sqlite:///{data / 'none.db'}", limits_url="memory://"))
        pages = "\n\n".join(_groups(app))
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()
    return f"{HEAD}\n{pages}\n\n{_programs()}\n"


def _groups(app: Flask) -> Iterator[str]:
    """Yield the routes of the pages by who may open them."""
    found: dict[str, set[str]] = {}
    for each in app.url_map.iter_rules():
        rule = rule_of(app, each.endpoint)
        method = "POST" if "POST" in (each.methods or ()) else "GET"
        found.setdefault(_who(rule), set()).add(f"`{method} {_plain(each.rule)}`")
    for who in sorted(found, key=lambda each: (not each.startswith("Any"), len(each), each)):
        yield f"## {who}\n\n" + "  \n".join(sorted(found[who], key=lambda each: each.partition(" ")[::-1]))


def _who(rule: Rule | None) -> str:
    if rule is None:
        return "Nobody"
    if rule.public:
        return "Anybody"
    if rule.signed_in:
        return "Anybody who is signed in"
    return _named(rule.roles).capitalize()


def _named(roles: Iterable[Role]) -> str:
    return ", ".join(role.value for role in ORDER if role in roles)


def _plain(rule: str) -> str:
    return re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule)


def _programs() -> str:
    """Return the routes of the API by scope, with the roles whose tokens may have it."""
    lines = ["## The API", "", "With a token of somebody in the role; it acts in one office.", ""]
    lines += ["| scope | role of the token | routes |", "|---|---|---|"]
    scopes = dict.fromkeys(str(route.scope) for route in api.ROUTES)
    for scope in scopes:
        roles = [role for role, held in SCOPES.items() if scope in held]
        routes = [f"`{each.method} {_plain(each.path)}`" for each in api.ROUTES if str(each.scope) == scope]
        lines.append(f"| `{scope}` | {_named(roles)} | {', '.join(sorted(routes))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
