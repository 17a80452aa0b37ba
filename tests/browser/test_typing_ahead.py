"""Keys pressed at the console while a step is on its way: none is lost, none meets another transaction."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from desk.domain.facts import EventName
from desk.domain.lifecycle import State
from tests.browser.test_console import Desk, desk, said

__all__ = ["desk"]
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def _keep(waiting: list[Route], route: Route) -> None:
    waiting.append(route)


@contextmanager
def held(page: Page, path: str) -> Iterator[None]:
    """Hold back what is sent there until the end of this block, as a slow network does."""
    waiting: list[Route] = []
    page.wait_for_function("() => !document.body.dataset.sending")  # the step before is over, and its page stands
    page.route(re.compile(path), lambda route: _keep(waiting, route), times=1)
    with page.expect_request(re.compile(path)):
        yield
    while not waiting:  # the request has begun: who holds it back hears of it next
        page.wait_for_function("() => document.body.dataset.sending")
    waiting[0].continue_()


def test_an_officer_calls_starts_and_completes_in_one_go(desk: Desk) -> None:
    page, office = desk.page, desk.office
    for _ in range(3):
        office.arrives("A")
    page.wait_for_load_state()
    page.evaluate("window.kept = true")
    with held(page, "/calls$"):
        page.keyboard.type("nnsc")  # twice by impatience
        expect(page.locator("[data-ahead]")).to_have_text(re.compile("S, C$"))
    outcome = page.locator("input[name=outcome]:focus")
    expect(outcome).to_be_visible()  # called, started, and the form to complete stands open
    expect(page.locator("[data-ahead]")).to_be_hidden()
    first = office.transaction_at(1)
    assert (desk.happened(EventName.TRANSACTION_CALLED), desk.happened(EventName.SERVICE_STARTED)) == (1, 1)

    # The words of a form on its way are what was sent: keys in it mean the console again.
    note = page.locator("textarea[id^=complete-]")
    note.fill("Selesai")
    with held(page, "/completion$"):
        page.keyboard.press("Control+Enter")
        page.keyboard.type("n")
        expect(note).to_have_value("Selesai")
    said(page, "A002 is called")
    assert office.state(first) is State.ENDED
    expect(page.locator("[data-flash]")).to_contain_text("A002 is called")

    # Nobody is sent away unseen, and a slip is not undone by a key that meant the step before.
    second = office.transaction_at(1)
    with held(page, "/recalls$"):
        page.keyboard.type("rz")
    said(page, "Look, then press again: Z")
    assert office.state(second) is State.CALLED
    assert desk.happened(EventName.CALL_REPEATED) == 1

    # A refusal forgets what came after it.
    with held(page, "/start$"):
        page.keyboard.type("sc")
        office.sari.sees_leave(second)
    said(page, "Look, then press again: C")
    expect(page.locator("details[data-key=c]")).to_have_count(0)
    assert desk.happened(EventName.SERVICE_STARTED) == 1
    assert page.evaluate("window.kept"), "one page all along: no key is lost between two"


def test_what_is_typed_ahead_waits_for_the_network_and_can_be_forgotten(desk: Desk) -> None:
    page, office = desk.page, desk.office
    office.arrives("A")
    page.wait_for_load_state()
    page.context.set_offline(True)
    page.keyboard.type("ns")
    said(page, "Not sent yet")
    said(page, "As soon as this is done: S")
    page.keyboard.press("Escape")
    expect(page.locator("[data-ahead]")).to_be_hidden()
    page.keyboard.type("s")
    page.context.set_offline(False)
    said(page, "is being served")
    assert office.state(office.transaction_at(1)) is State.SERVING
    assert desk.happened(EventName.TRANSACTION_CALLED) == 1
