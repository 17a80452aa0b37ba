"""What a visitor sees with an old phone: sheets as a browser of 2018 takes them, and no JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from desk.domain.points import PointKind
from desk.domain.tokens import TokenKind, derive
from desk.models import InvitationRow
from tests.browser.test_every_page import WIDE
from tests.browser.test_survey import PHONE, address
from tests.fixtures.office import KEYS, DeskOffice
from tests.fixtures.old_browser import aged
from tests.fixtures.web import Web

__all__ = ["address"]
CSS = Path(__file__).parents[2] / "static" / "css"
OpenPage = Callable[..., Page]
# What is drawn beside a word must be told from its ground: WCAG 2.2, 1.4.11.
FAINT = """() => {
    const numbers = (color) => color.match(/[\\d.]+/g).map(Number)
    const light = (color) => { const [r, g, b] = numbers(color).map((each) => each / 255)
        .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b }
    const ground = (e) => { for (; e; e = e.parentElement) { const color = getComputedStyle(e).backgroundColor
        if ((numbers(color)[3] ?? 1) > 0.5) return color } return "rgb(255, 255, 255)" }
    return [...document.querySelectorAll("svg.face, svg.icon")].filter((e) => e.getBoundingClientRect().width)
        .map((e) => { const style = getComputedStyle(e), ink = style.fill === "none" ? style.stroke : style.fill
            const [high, low] = [light(ink), light(ground(e))].sort((a, b) => b - a)
            const where = e.parentElement.outerHTML.slice(0, 120)
            return [(high + 0.05) / (low + 0.05), `${ink} on ${ground(e)}: ${where}`] })
        .filter(([ratio]) => ratio < 3).map(([ratio, where]) => `${ratio.toFixed(2)} ${where}`) }"""
# Faces are all of one size and drawn in lines, pictures small, and the button that Enter presses is not seen.
BROKEN = """() => { const boxes = (what) => [...document.querySelectorAll(what)].filter((e) => e.checkVisibility(
        {visibilityProperty: true})).map((e) => e.getBoundingClientRect())
    const faces = [...document.querySelectorAll("svg.face")], sizes = new Set(boxes("svg.face").map((b) => b.width))
    return [...(sizes.size > 1 ? [`faces of ${[...sizes]}`] : []),
        ...faces.filter((e) => getComputedStyle(e).fill !== "none").map(() => "a face is filled"),
        ...boxes("svg.icon").filter((b) => b.width > 70 || b.height > 70).map((b) => `a picture ${b.width} wide`),
        ...boxes("button[name=go][value=next]").slice(1).map(() => "a second button to go on"),
        ...boxes(".visually-hidden, .skip-link").filter((b) => b.width > 4 && b.bottom > 4).map(() => "a hidden word"),
        ...[...document.querySelectorAll("main .btn:not(.btn-quiet, .btn-secondary)")].filter((e) =>
            getComputedStyle(e).backgroundColor === "rgba(0, 0, 0, 0)").map(() => "a button without a color")] }"""
# Two that stand in one row keep apart.
CLOSE = """() => [...document.querySelectorAll(".choice, .actions, .message, .btn")].flatMap((row) =>
    [...row.children].filter((e) => e.getBoundingClientRect().width).flatMap((e, place, all) => {
        const other = all[place + 1]
        if (!other) return []
        const one = e.getBoundingClientRect(), two = other.getBoundingClientRect()
        const apart = Math.max(two.left - one.right, two.top - one.bottom)
        return apart < 3 ? [`${apart} apart: ${row.outerHTML.slice(0, 120)}`] : [] }))"""


def paths(web: Web, office: DeskOffice, language: str) -> list[str]:
    """Return every kind of page that visitors open on their own phone, and the tablet's."""
    office.sari.signs_on(1)
    tablet = f"/tablet/{office.point_token(office.budi.sets_up(PointKind.TABLET, counter=1))}"
    visit = office.arrives("A", language=language, email="siti@example.id", consent=True).facts["visit"]
    office.sari.completes(office.sari.serves(counter=1))
    waiting = office.arrives("B", language=language).facts["visit"]
    invitation = int(office.row(InvitationRow, visit_id=visit).id)
    status = [f"/v/{derive(KEYS.links, TokenKind.STATUS, each)}" for each in (visit, waiting)]
    stop = f"/u/{derive(KEYS.links, TokenKind.NO_SURVEY, invitation, channel='email')}"
    poster = f"/p/{office.point_token(office.budi.sets_up(PointKind.POSTER))}"
    phone = f"/offices/{office.id}/check-in"
    return [web.survey_path(invitation), tablet, *status, stop, poster, phone, f"/offices/{office.id}/voice"]


def serve_aged(page: Page) -> None:
    """Let a page load our sheets as an old browser takes them."""

    def answer(route: Route) -> None:
        name = route.request.url.partition("?")[0].rpartition("/")[2]
        route.fulfill(body=aged((CSS / name).read_text()), content_type="text/css")

    page.route("**/static/css/*.css*", answer)


def test_pages_are_whole_on_an_old_phone(
    open_page: OpenPage, web: Web, address: str, desk_office: DeskOffice, walk_language: str
) -> None:
    page = open_page(**PHONE, java_script_enabled=False, expected_errors=("404",))
    serve_aged(page)
    faults = []
    for path in paths(web, desk_office, walk_language):
        page.goto(address + path)
        faults += [(path[:20], each) for check in (BROKEN, CLOSE, WIDE) for each in page.evaluate(check)]
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_drawn_stands_out(
    open_page: OpenPage, web: Web, address: str, desk_office: DeskOffice, walk_language: str, scheme: str
) -> None:
    page = open_page(**PHONE, color_scheme=scheme, reduced_motion="reduce", expected_errors=("404", "stream"))
    faults = []
    for path in paths(web, desk_office, walk_language):
        page.goto(address + path)
        faults += [(path[:20], each) for each in page.evaluate(FAINT)]
    page.close()
    assert faults == []
