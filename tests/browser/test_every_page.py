"""Every page there is, in Chromium, for everybody who may open it: axe finds nothing, nothing is too wide or too small.

The pages are taken from the routes of the application, so that a new one is looked at without anybody remembering it:
the tests fail where the office of two days has nothing to fill an address with (`arguments_of`) or nothing to show.
Half of the pages are asked for in Indonesian on a phone, half in English on a desk; whose they are turns it around.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import select, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from desk.app import create_app
from desk.cli.database import upgrade
from desk.domain.devices import DeviceKind, DeviceWish, code_of
from desk.domain.points import PointKind
from desk.domain.printing import PrinterUse
from desk.domain.tokens import TokenKind, derive
from desk.models import (
    Calendar,
    Delivery,
    Device,
    EventRow,
    FollowUpRow,
    HandoffRow,
    ImprovementRow,
    InvitationRow,
    Person,
    PlannedChange,
    SurveyPoint,
    SurveyPublication,
    TransactionRow,
    Visit,
    VoiceRow,
)
from desk.models.engine import open_engine
from desk.operations.accounts.passwords import hashed
from desk.operations.printing import ask_for, ticket_of
from desk.operations.settings.devices import begin_pairing, pair, register_printer
from desk.operations.settings.identity import write_logo
from desk.operations.stream import Streams
from desk.reads.printing import list_printers
from desk.settings import load_keys, load_settings
from desk.web.access import rule_of
from desk.web.counter.answers import PARTS
from desk.web.kiosk.aloud import sealed_words
from desk.web.pictures import read_logo
from desk.wording.reports import TABLES
from tests.browser import two_days
from tests.browser.test_gallery import RULES
from tests.fixtures.office import Clock, DeskOffice, furnish
from tests.fixtures.pictures import picture
from tests.fixtures.real_server import RealServer, free_port
from tests.fixtures.web import PASSWORD, Web

VISITOR = "a visitor"
STAFF = ("Budi", "Sari", "Ratna", "Agus")  # supervisor, officer on duty, auditor, administrator
FEWEST = 40  # pages there were when this was written, and a few less
DESK, PHONES = 1280, (320, 390, 640)  # 640: the desk at a zoom of 200 %
ARGUMENT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
ONLY_VIOLATIONS = {**RULES, "resultTypes": ["violations"]}
GONE = {
    "probes.metrics",  # for programs, with a token
    "server_backups.download",  # an encrypted one, which nobody made here; tests/web/test_server_backups.py has one
    "door.enter",  # leads on
    "more_time.ask_back",  # after a wish; tests/browser/test_visitor_phone.py looks at it
    # Nothing was printed; tests/web/test_printing.py looks at them.
    "printing.receipt_paper", "printing.trial_paper", "counter.slip_paper",
    "door.screen", "door.code",  # of paired screens; tests/browser/test_visitor_phone.py looks at it
    "first_run.page",  # once there is an office; tests/browser/test_first_run.py looks at it
    # Half way in, and on the way to an identity provider; tests/browser/test_second_factor.py looks at them.
    "kiosk.start",  # leads on to the first page of the kiosk
    "second_factor.ask", "second_factor.set_up", "openid.begin", "openid.link", "openid.confirm", "openid.callback",
    "openid_leaving.leave", "openid_leaving.back",
}  # fmt: skip
QUERIES = {"changes.since": "since=0"}
# Pages that are another one for each of these
EACH = {"devices.one": "device_id"}
# Pages that show more when they are asked for something
MORE = {
    "administration_skills.table": "day=2099-01-01",
    "counter.console": "transaction={transaction_id}",
    "reception.form": "q=A001",
    "shift.handover": "officer={officer_id}",
    "supervisor.today": "state=cancelled",
}
WIDE = """() => { const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    return [`${document.documentElement.scrollWidth} pixels`, ...[...document.querySelectorAll("body *")]
        .filter((e) => e.getBoundingClientRect().right > width + 1).slice(0, 3).map((e) => e.outerHTML.slice(0, 99))]
}"""
# What one hits is the label of a box; a link within a sentence is as high as its line.
SMALL = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => e.checkVisibility({visibilityProperty: true}))
    .map((e) => e.matches("[type=checkbox], [type=radio]") ? e.closest("label") ?? e : e)
    .filter((e) => !(getComputedStyle(e).display === "inline" && e.closest("p, li, td, dd, blockquote")
        ?.textContent.trim().length > e.textContent.trim().length))
    .filter((e) => { const box = e.getBoundingClientRect(); return box.width < 24 || box.height < 24 })
    .map((e) => { const box = e.getBoundingClientRect()
        return `${e.outerHTML.slice(0, 160)} is ${box.width} × ${box.height}` })"""


@dataclass
class House:
    """The installation: its office, the server that answers, and the application that tells its routes."""

    server: RealServer
    office: DeskOffice
    app: Flask

    def signed_in(self, who: str) -> FlaskClient:
        """Return somebody's client; a visitor has not signed in."""
        web = Web(self.app, self.office, lambda html, *, path: None)
        return web.client if who == VISITOR else web.as_(who).client

    def may(self, who: str, endpoint: str) -> bool:
        """Tell whether an endpoint is for them; what is for everybody is a visitor's."""
        rule = rule_of(self.app, endpoint)
        assert rule is not None
        if rule.public or who == VISITOR:
            return rule.public and who == VISITOR
        return rule.signed_in or self.office.people[who].role in rule.roles


@dataclass
class Found:
    """What each of them may open: pages as (endpoint, path); and routes that answer parts of pages, data or files."""

    pages: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)

    @property
    def endpoints(self) -> set[str]:
        """Every page that somebody opened."""
        return {endpoint for pages in self.pages.values() for endpoint, _ in pages}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("every_page")
    server = RealServer(data, f"sqlite:///{data / 'desk.db'}", free_port())
    server.extra = {"DESK_BASE_URL": server.url}
    upgrade(server.database_url)
    settings = load_settings(server.environ)
    clock, engine = Clock(datetime(2026, 1, 5, 1, tzinfo=UTC)), open_engine(settings.database)
    streams = Streams(engine, load_keys(settings), clock=clock)
    office = DeskOffice(server.database_url, furnish(streams), clock=clock, engine=engine)
    office.streams = streams
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD)))
    two_days.play(office)
    office.budi.sets_up(PointKind.POSTER, service="A")
    office.budi.sets_up(PointKind.TABLET, counter=1)
    code = code_of(streams.keys.links, begin_pairing(streams))
    wish = DeviceWish(DeviceKind.DISPLAY, "Layar lobi")
    pair(streams, office.id, code, wish, office.agus.asks("pair"))
    add_printer(office)
    with streams.setting_up() as connection:
        write_logo(connection, office.id, read_logo(picture()), at=clock())
        addressed = select(Delivery.id).where(Delivery.address.is_not(None)).limit(1).scalar_subquery()
        connection.execute(update(Delivery).where(Delivery.id == addressed).values(state="dead", attempts=16))
    app = create_app(settings)
    server.start()
    yield House(server, office, app)
    server.stop()
    engine.dispose()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="module")
def found(house: House) -> Found:
    """Ask for every route as each of them, with what the office has, until one answers."""
    found, arguments, known = Found(), arguments_of(house.office), dict[str, str]()
    rules = sorted(routes(house.app), key=lambda rule: rule.rule)
    for who in (VISITOR, *STAFF):
        client, found.pages[who] = house.signed_in(who), []
        for rule in rules:
            answer = first_open(client, rule, arguments, known) if house.may(who, rule.endpoint) else None
            if answer is not None and is_page(answer):
                path = known[rule.endpoint]
                found.pages[who] += [(rule.endpoint, each) for each in states_of(rule.endpoint, path, arguments)]
            elif answer is not None:
                found.others.add(rule.endpoint)
    return found


def routes(app: Flask) -> list[Rule]:
    """Return the routes that answer GET, but for files of the browser."""
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"]


def arguments_of(office: DeskOffice) -> dict[str, list[Any]]:
    """Return what the office has for each argument of an address, what tells most first."""
    events = [row.transaction_id for row in office.rows(EventRow)]
    transactions = sorted((row.id for row in office.rows(TransactionRow)), key=events.count, reverse=True)
    handoffs = office.rows(HandoffRow)
    return {
        "office_id": [office.id],
        "person_id": [office.joko.id],
        "transaction_id": transactions,
        "visit_id": [row.id for row in office.rows(Visit)],
        "handoff_id": [row.id for row in reversed(handoffs)],
        "batch_id": [row.batch_id for row in handoffs if row.batch_id],
        "officer_id": [person.id for person in office.people.values()],
        "counter_id": list(office.counters.values()),
        "service_id": list(office.services.values()),
        "calendar_id": [row.id for row in office.rows(Calendar)],
        "token": tokens_of(office),
        "report": ["waiting", "fairness", "ikm"],
        "name": [*TABLES, "officers", "elements", "report.pdf", "services"],
        "follow_up_id": [row.id for row in reversed(office.rows(FollowUpRow))],
        "voice_id": [row.id for row in office.rows(VoiceRow)],
        "point_id": [row.id for row in office.rows(SurveyPoint)],
        "device_id": [row.id for row in office.rows(Device)],
        "table_kind": ["services"],
        "suffix": ["csv"],
        "delivery_id": [row.id for row in office.rows(Delivery, state="dead")],
        "improvement_id": [row.id for row in office.rows(ImprovementRow)],
        "period": [row.period for row in office.rows(SurveyPublication)],
        "part": list(PARTS),
        "code": ["skm2017"],
        "number": [1],
        "place": [3],
        "logo_id": [row.id for row in office.rows(PlannedChange, kind="office_logo")],
        "language": ["id", "en"],
        "label": ["A001"],
        "spoken": ["id"],
        "sealed": [sealed_words(office.streams.keys.links, "id", "A001")],
        "text": ["invitation-email", "reminder-phone"],
    }


def add_printer(office: DeskOffice) -> None:
    """A printer stands at the reception, at an address where nobody is ever looked for; a ticket is asked of it."""
    wish = DeviceWish(DeviceKind.PRINTER, "Cetak", host="192.168.1.50", use=PrinterUse(reception=True))
    register_printer(office.streams, office.id, wish, office.agus.asks("register"))
    with office.streams.setting_up() as connection:
        (printer,) = list_printers(connection)
        nowhere = {"host": "127.0.0.1", "port": printer.port, **printer.use.settings}
        connection.execute(update(Device).where(Device.id == printer.id).values(settings=nowhere))
        (printer,) = list_printers(connection)
    ask_for(office.streams, printer, ticket_of(office.rows(Visit)[-1].id, language="id"))


def tokens_of(office: DeskOffice) -> list[str]:
    """Return what stands in visitors' links."""
    key = office.streams.keys.links
    visits = [derive(key, TokenKind.STATUS, row.id) for row in reversed(office.rows(Visit))]
    asked = office.rows(InvitationRow)
    visits += [office.point_token(row.id) for row in office.rows(SurveyPoint)]
    visits += [derive(key, TokenKind.VOICE, row.id) for row in office.rows(VoiceRow)]
    visits += [derive(key, TokenKind.NO_SURVEY, row.id, channel="email", generation=row.generation) for row in asked]
    return visits + [derive(key, TokenKind.SURVEY, row.id, channel="link", generation=row.generation) for row in asked]


def first_open(
    client: FlaskClient, rule: Rule, arguments: dict[str, list[Any]], known: dict[str, str]
) -> TestResponse | None:
    """Return what the first address of a route that answers says, None where none does; `known` keeps the address.

    What answered somebody else is asked first: it mostly answers the next one, too.
    """
    before = known.pop(rule.endpoint, None)
    for path in chain([before] if before else [], addresses_of(rule, arguments)):
        answer = client.get(path)
        if answer.status_code == 200:
            known[rule.endpoint] = path
            return answer
    return None


def addresses_of(rule: Rule, arguments: dict[str, list[Any]]) -> Iterator[str]:
    """Yield every address that a route has with these arguments, what tells most first."""
    names = ARGUMENT.findall(rule.rule)
    for chosen in product(*(arguments[name] for name in names)):
        given = dict(zip(names, map(str, chosen), strict=True))
        path = ARGUMENT.sub(lambda match, given=given: given[match[1]], rule.rule)
        yield f"{path}?{QUERIES.get(rule.endpoint, '')}".rstrip("?")


def states_of(endpoint: str, path: str, arguments: dict[str, list[Any]]) -> list[str]:
    """Return the addresses at which a page is looked at."""
    firsts = {name: values[0] for name, values in arguments.items()}
    each = arguments.get(EACH.get(endpoint, ""), [])
    others = [path.replace(str(each[0]), str(value)) for value in each[1:]]
    return [path, *others, *(f"{path}?{query.format(**firsts)}" for query in [MORE.get(endpoint)] if query)]


def is_page(answer: TestResponse) -> bool:
    """Tell a page from a part of one, from data and from files."""
    return answer.mimetype == "text/html" and answer.text.lstrip().lower().startswith("<!doctype")


@pytest.mark.xdist_group("chromium")  # where those are that use the same house
def test_no_page_is_missed(house: House, found: Found) -> None:
    seen = found.endpoints | found.others
    assert {rule.endpoint for rule in routes(house.app)} - seen - GONE == set()
    assert len(found.endpoints) >= FEWEST, sorted(found.endpoints)
    assert min(len(pages) for pages in found.pages.values()) > 1


@pytest.mark.parametrize("who", [VISITOR, *STAFF])
def test_pages_are_clean(open_page, house: House, found: Found, who: str) -> None:
    # axe tries a style of its own, which the policy refuses, and looks for imported sheets in the wrong place
    page: Page = open_page(expected_errors=("Applying inline style", "bootstrap"))
    cookie = house.signed_in(who).get_cookie(house.app.config["SESSION_COOKIE_NAME"])
    if cookie is not None:
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": house.server.url}])
    turn = STAFF.index(who) if who in STAFF else 0
    faults = []
    for place, (endpoint, path) in enumerate(found.pages[who]):
        language = ("id", "en")[(place + turn) % 2]
        address = f"{house.server.url}{path}{'&' if '?' in path else '?'}language={language}"
        faults += [f"{endpoint} ({language}): {fault}" for fault in faults_of(page, address, language)]
    page.close()  # it would look for the server
    assert not faults, "\n".join(faults)


def faults_of(page: Page, address: str, language: str) -> Iterator[str]:
    """Open a page and yield what is wrong with it, in words."""
    answer = page.goto(address)
    if answer is None or answer.status != 200 or page.url != address:
        yield f"answers {answer and answer.status} at {page.url}"
    spoken = page.locator("html").get_attribute("lang")
    if spoken != language:
        yield f"speaks {spoken}"
    for width in (*PHONES, DESK) if language == "en" else (DESK, *PHONES):
        page.set_viewport_size({"width": width, "height": 844})
        yield from (f"{width} wide: {each}" for each in [*page.evaluate(WIDE), *page.evaluate(SMALL)])
    for violation in Axe().run(page, options=ONLY_VIOLATIONS).response["violations"]:
        yield f"{violation['id']}: {[node['html'] for node in violation['nodes']]}"
