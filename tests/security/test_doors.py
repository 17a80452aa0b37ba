"""Every route × every role × own and another office: closed unless its rule opens it; rules reach one office only."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import insert
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from desk.domain.access import PUBLIC, Role
from desk.models import Membership, StaffSession
from desk.web.access import SIGNED_IN, in_office, rule_of
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web, everything
from tests.security.conftest import QUESTIONNAIRE, Things, ask
from tests.security.doors import ANYBODY, PAGES, PEOPLE
from tests.security.doors import SIGNED_IN as EVERYBODY_SIGNED_IN

# What an id in an address may be of; each tells its office.
ENTITIES = (
    "transaction_id", "handoff_id", "visit_id", "delivery_id", "request_id", "batch_id", "absence_id", "duty_id",
    "snippet_id", "message_id", "follow_up_id", "voice_id", "point_id", "improvement_id", "device_id",
    "notice_id",
)  # fmt: skip
HUGE = 10**30
TOKENS = {
    "survey": "survey", "unsubscribe": "no_survey", "complaints": "voice", "posters": "poster", "tablet": "tablet",
    "complaints.about": "token",  # comes from the page of a visit
}  # fmt: skip
# Takes what is signed, and nobody's cookie; is there for nobody without a token that was set.
UNPROVEN = {"gateway_receipts.take": 401, "probes.metrics": 404}
# Of a device that is no printer, documents that nobody has called complete, a text that is the office's: not there.
ABSENT = {"printing.print_trial", "printing.print_receipt", "console_habits.remove_snippet"}
# Nothing was printed.
ABSENT |= {"printing.visit_paper", "printing.receipt_paper", "printing.trial_paper", "counter.slip_paper"}
QUERIES = {"changes.since": "?since=0"}


def routes(app: Flask, *, of: frozenset[str] | None = None) -> Iterator[tuple[Rule, str]]:
    """Yield the rules in the table's order with their methods, those only that open for exactly these roles."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    for endpoint, (method, who) in PAGES.items():
        if of is None or who == of:
            yield rules[endpoint], method


def staff_routes(app: Flask) -> Iterator[tuple[Rule, str, frozenset[str]]]:
    """Yield the routes of an office's staff."""
    for rule, method in routes(app):
        who = PAGES[rule.endpoint][1]
        if who not in (ANYBODY, EVERYBODY_SIGNED_IN):
            yield rule, method, who


def browser_of(web: Web, role: str) -> Web:
    """Return the browser of somebody with this role in the office, or of nobody."""
    return web if role == "nobody" else web.as_(PEOPLE[role])


def address(rule: Rule, things: Things) -> str:
    """Return an address of the route, with the token its face takes."""
    face = rule.endpoint.partition(".")[0]
    token = things[TOKENS.get(rule.endpoint) or TOKENS.get(face, "token")]
    named = {
        "coverage": ("waiting", "funnel"),
        "fairness": ("fairness", "calls"),
        "satisfaction_documents": ("waiting", "report.pdf"),
        "follow_up_report": ("waiting", "services"),
    }
    report, name = named.get(face, ("waiting", "all"))
    code = QUESTIONNAIRE if face == "questionnaires" else things["code"]
    other = {"person_id": things.office.dewi.id} if rule.endpoint == "staff.shut_out" else {}
    path = things.path(rule.rule, token=token, report=report, name=name, code=code, **other)
    return path + QUERIES.get(rule.endpoint, "")


def changed_by(office: DeskOffice) -> dict[str, list[str]]:
    """Return all rows but those of sessions and of looks, which come with being there."""
    return {name: rows for name, rows in everything(office).items() if name != StaffSession.__tablename__}


def is_sent_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?next=")


def test_every_route_stands_in_the_table(web_app: Flask) -> None:
    found = {(rule.endpoint, *sorted(rule.methods - {"HEAD", "OPTIONS"})) for rule in web_app.url_map.iter_rules()}
    assert found == {(endpoint, method) for endpoint, (method, _) in PAGES.items()}


def test_every_route_declares_the_rule_of_the_table(web_app: Flask) -> None:
    for endpoint, (_, who) in PAGES.items():
        expected = {ANYBODY: PUBLIC, EVERYBODY_SIGNED_IN: SIGNED_IN}.get(who) or in_office(*map(Role, who))
        assert rule_of(web_app, endpoint) == expected, endpoint


def test_what_declares_nothing_is_closed(web_app: Flask, web: Web) -> None:
    web_app.add_url_rule("/offices/<int:office_id>/new", "new", lambda office_id: "secret")
    assert web.get(f"/offices/{web.office.id}/new", status=403)
    assert "secret" not in web.as_("Budi").get(f"/offices/{web.office.id}/new", status=403).text


@pytest.mark.parametrize("role", ["nobody", *PEOPLE])
def test_who_may_open_what_in_the_own_office(web_app: Flask, web: Web, own: Things, role: str) -> None:
    browser = browser_of(web, role)
    before = changed_by(own.office)
    refused = [each for each in staff_routes(web_app) if role not in each[2]]
    for rule, method, _ in refused:
        answer = ask(browser, method, address(rule, own))
        if role != "nobody":
            assert answer.status_code == 403, rule
        elif method == "GET":
            assert is_sent_to_sign_in(answer), rule
        else:
            assert answer.status_code == 401, rule
    assert changed_by(own.office) == before

    for rule, method in routes(web_app):
        if role in PAGES[rule.endpoint][1] and rule.endpoint != "signin.leave":
            answer = ask(browser, method, address(rule, own), service=own["service_id"])
            allowed = (200, 302, 303, 409, 422, 404 if rule.endpoint in ABSENT else UNPROVEN.get(rule.endpoint))
            assert answer.status_code in allowed, (rule, answer.status_code)
            assert not is_sent_to_sign_in(answer), rule


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_here_is_none_elsewhere(web_app: Flask, web: Web, foreign: Things, role: str) -> None:
    browser = browser_of(web, role)
    before = changed_by(foreign.office)
    for rule, method, _ in staff_routes(web_app):
        assert ask(browser, method, address(rule, foreign)).status_code == 403, rule
    assert changed_by(foreign.office) == before


@pytest.mark.parametrize("role", ["agent", "supervisor", "auditor"])
def test_what_belongs_to_another_office_does_not_exist_here(
    web_app: Flask, web: Web, own: Things, foreign: Things, role: str
) -> None:
    browser = browser_of(web, role)
    before = changed_by(own.office)
    for rule, method, who in staff_routes(web_app):
        for name in rule.arguments & {*ENTITIES, "counter_id", "officer_id"}:
            expected = (404,) if role in who else (403,)
            answer = ask(browser, method, own.path(rule.rule, **{name: foreign[name]}))
            assert answer.status_code in expected, (rule, answer.status_code)
    assert changed_by(own.office) == before


def test_ids_in_a_query_or_a_form_reach_no_further(web: Web, own: Things, foreign: Things) -> None:
    sari, here, stranger = web.as_("Sari"), f"/offices/{own['office_id']}", foreign["transaction_id"]
    before = changed_by(own.office)
    assert f"/transactions/{stranger}/" not in sari.get(f"{here}/counter?transaction={stranger}").text
    calls = f"{here}/counters/{own.office.counters[1]}/calls"
    for prefix in ("", "pick-", f"call-{stranger}-"):
        words = {f"{prefix}reason": "vulnerable", f"{prefix}transaction": stranger, "opened": prefix[5:-1]}
        answer = ask(sari, "POST", calls, **{"transaction": stranger, "reason": "vulnerable", **words})
        assert answer.status_code in (303, 404, 422)
    assert ask(sari, "POST", f"{here}/reception/visits", transaction=stranger).status_code == 303
    assert changed_by(own.office) == before


def test_nothing_is_handed_to_another_office(web: Web, own: Things, foreign: Things) -> None:
    sari, there = web.as_("Sari"), foreign.office
    transaction = own.office.sari.serves()
    page = sari.get(f"/offices/{own['office_id']}/counter")
    action = f"/offices/{own['office_id']}/transactions/{transaction}/handoffs"
    names = {name.rpartition("-")[2]: name for name in page.form(action)}
    words = {names["reason"]: "specialist", names["note"]: "Mohon dibantu"}
    before = changed_by(there)
    for to in (f"officer-{there.dewi.id}", f"counter-{there.counters[2]}", f"service-{there.services['B']}"):
        sari.send(page, action, status=422, **words, **{names["to"]: to})
    assert changed_by(there) == before
    sari.send(page, action, **words, **{names["to"]: f"officer-{own.office.dewi.id}"})


def test_roles_in_two_offices_are_not_added_up(web: Web, own: Things, foreign: Things) -> None:
    both = {"person_id": own.office.sari.id, "office_id": foreign["office_id"], "role": Role.SUPERVISOR.value}
    with own.office.streams.setting_up() as connection:
        connection.execute(insert(Membership), both)
    sari, here, there = web.as_("Sari"), f"/offices/{own['office_id']}", f"/offices/{foreign['office_id']}"
    sari.get(f"{there}/today")
    sari.get(f"{here}/today", status=403)
    sari.get(f"{there}/transactions/{own['transaction_id']}", status=404)
    sari.get(f"{here}/transactions/{own['transaction_id']}", status=403)


def test_a_visitor_reaches_nothing_beyond_the_own_visit(web: Web, own: Things, foreign: Things) -> None:
    other = own.office.arrives("A").facts["visit"] + 1
    for method, noun in (("GET", "return"), ("POST", "return"), ("POST", "open-matters")):
        for transaction in (other, own["visit_id"], foreign["transaction_id"], HUGE):
            assert ask(web, method, f"/v/{own['token']}/{noun}/{transaction}").status_code == 404
    for token in (own["token"][:-1], own["token"] + "a", "a" * 26, "%00", "é" * 26, "a" * 5000):
        assert ask(web, "GET", f"/v/{token}").status_code == 404


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_numbers_that_are_no_ids_are_refused_without_a_fault(web_app: Flask, web: Web, own: Things, role: str) -> None:
    browser = browser_of(web, role)
    for rule, method in routes(web_app):
        for name in rule.arguments - {"token", "part", "filename"}:
            for number in (0, 2**31, 2**53, 2**63, HUGE, own["office_id"] << 40 | (1 << 40) - 1):
                answer = ask(browser, method, own.path(rule.rule, **{name: number}))
                assert answer.status_code in (302, 303, 403, 404, 409, 422), (rule, name, number, answer.status_code)


def test_no_route_takes_another_method(web_app: Flask, web: Web, own: Things) -> None:
    budi = web.as_("Budi")
    allowed: dict[str, set[str]] = {}
    for rule, method in routes(web_app):
        allowed.setdefault(address(rule, own), {"OPTIONS"}).update({method, "HEAD"} if method == "GET" else {method})
    before = changed_by(own.office)
    for path, methods in allowed.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - methods:
            answer = budi.client.open(path, method=method, headers={"X-CSRFToken": budi.csrf_token()})
            if method == "GET" and answer.status_code == 303:  # a form's address, opened: the page it stands on
                assert path.startswith(answer.headers["Location"]) and answer.headers["Location"].count("/") > 2, path
                continue
            assert answer.status_code == 405, (method, path)
            assert set(answer.headers["Allow"].split(", ")) == methods
    assert changed_by(own.office) == before


def test_head_changes_as_little_as_get(web_app: Flask, web: Web, own: Things) -> None:
    before = changed_by(own.office)
    for rule, method in routes(web_app, of=ANYBODY):
        if method == "GET":
            for given in ("HEAD", "GET", "OPTIONS"):
                status = ask(web, given, address(rule, own)).status_code
                assert status < 400 or status == UNPROVEN.get(rule.endpoint), rule
    assert changed_by(own.office) == before
