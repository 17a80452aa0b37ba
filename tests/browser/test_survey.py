"""The survey as visitors meet it on a phone: with and without JavaScript, by finger, by keyboard, in large print."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from desk.domain.shipped_questionnaires import SHIPPED
from desk.models import InvitationRow, Note, ResponseDetail, ResponseRow
from tests.browser.test_every_page import ONLY_VIOLATIONS, SMALL, WIDE
from tests.fixtures.office import DeskOffice
from tests.fixtures.served import served
from tests.fixtures.web import Web

PHONE = {"viewport": (390, 844), "has_touch": True, "is_mobile": True}
AXE_TRIES = ("Applying inline style", "bootstrap", "Refused to apply")
SKM = SHIPPED["skm2017"]
SCALES = [each.key for each in SKM.questions if each.required]
OpenPage = Callable[..., Page]


@pytest.fixture
def address(web_app: Flask) -> Iterator[str]:
    """Where the application answers."""
    with served(web_app) as found:
        yield found


@pytest.fixture
def survey(web: Web, address: str, desk_office: DeskOffice, walk_language: str) -> str:
    """The address of a survey by the questionnaire of 2017, in the language of the walk."""
    desk_office.asks_with("skm2017")
    desk_office.sari.signs_on()
    desk_office.arrives("A", language=walk_language)
    desk_office.sari.completes(desk_office.sari.serves())
    return address + web.survey_path(desk_office.row(InvitationRow).id)


def heading(key: str, language: str) -> str:
    """Return the words of a question."""
    return SKM.question(key).text.in_language(language)


def at_question(page: Page, key: str, language: str) -> None:
    expect(page.locator("h1")).to_contain_text(heading(key, language))


def go_on(page: Page) -> None:
    page.locator("form#survey .survey-actions button[value=next]").click()


def answer(page: Page, key: str, language: str, value: int = 3) -> None:
    """Choose an answer of the question on the page and go on."""
    at_question(page, key, language)
    page.locator(f"form#survey label:has(input[type=radio][value='{value}'])").click()
    go_on(page)


@pytest.mark.parametrize("script", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_the_whole_questionnaire_on_a_phone(
    open_page: OpenPage, desk_office: DeskOffice, survey: str, walk_language: str, script: bool
) -> None:
    page = open_page(**PHONE, java_script_enabled=script)
    page.goto(survey)
    for position, key in enumerate(SCALES):
        answer(page, key, walk_language, 1 + position % 4)
    page.locator("textarea").fill("Loket lebih banyak")
    go_on(page)
    page.locator("label:has(input[name=p-pendidikan][value=S1])").click()
    go_on(page)
    main = page.locator("main")
    expect(main).to_contain_text("Loket lebih banyak")
    page.locator(f"button[value$='-{SCALES[0]}']").click()
    at_question(page, SCALES[0], walk_language)
    expect(page.locator("input[type=radio][value='1']")).to_be_checked()
    page.locator("form#survey label:has(input[type=radio][value='4'])").click()
    go_on(page)
    page.locator("button[value=send]").click()
    expect(main).to_contain_text({"id": "Terima kasih", "en": "Thank you"}[walk_language])

    given = desk_office.row(ResponseRow).answers
    assert given == {key: 4 if key == SCALES[0] else 1 + place % 4 for place, key in enumerate(SCALES)}
    assert desk_office.row(Note).words == "Loket lebih banyak"
    assert desk_office.row(ResponseDetail).profile == {"pendidikan": "S1"}
    page.close()


def test_the_phone_s_own_back_works_without_javascript_until_the_answer_is_sent(
    open_page: OpenPage, survey: str, walk_language: str
) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(survey)
    for place in range(3):
        answer(page, SCALES[place], walk_language, 2)
    at_question(page, SCALES[3], walk_language)
    page.go_back()
    at_question(page, SCALES[2], walk_language)
    page.go_back()
    at_question(page, SCALES[1], walk_language)
    answer(page, SCALES[1], walk_language, 4)  # and on from there, with what was said before
    at_question(page, SCALES[2], walk_language)
    page.locator("button[value=back]").click()
    expect(page.locator("input[type=radio][value='4']")).to_be_checked()


@pytest.mark.parametrize("script", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_back_and_another_language_lose_nothing(
    open_page: OpenPage, survey: str, walk_language: str, script: bool
) -> None:
    other = {"id": "en", "en": "id"}[walk_language]
    page = open_page(**PHONE, java_script_enabled=script)
    page.goto(survey)
    answer(page, SCALES[0], walk_language, 2)
    at_question(page, SCALES[1], walk_language)
    page.locator("form#survey label:has(input[type=radio][value='4'])").click()
    page.locator(f"button[value='language:{other}']").click()
    at_question(page, SCALES[1], other)
    expect(page.locator("html")).to_have_attribute("lang", other)
    expect(page.locator("input[type=radio][value='4']")).to_be_checked()
    page.locator("button[value=back]").click()
    at_question(page, SCALES[0], other)
    expect(page.locator("input[type=radio][value='2']")).to_be_checked()
    go_on(page)
    expect(page.locator("input[type=radio][value='4']")).to_be_checked()
    page.close()


def test_the_back_button_of_the_phone_goes_one_question_back(
    open_page: OpenPage, survey: str, walk_language: str
) -> None:
    page = open_page(**PHONE)
    page.goto(survey)
    answer(page, SCALES[0], walk_language, 2)
    answer(page, SCALES[1], walk_language, 3)
    at_question(page, SCALES[2], walk_language)
    page.go_back()
    at_question(page, SCALES[1], walk_language)
    expect(page.locator("input[type=radio][value='3']")).to_be_checked()
    page.go_back()
    at_question(page, SCALES[0], walk_language)
    expect(page.locator("input[type=radio][value='2']")).to_be_checked()
    page.go_forward()
    at_question(page, SCALES[1], walk_language)
    page.close()


def test_answers_are_kept_on_the_device_and_forgotten_after_sending(
    open_page: OpenPage, survey: str, walk_language: str
) -> None:
    token = survey.rpartition("/")[2]
    page = open_page(**PHONE)
    page.goto(survey)
    expect(page.locator("[data-kept]")).to_be_hidden()
    answer(page, SCALES[0], walk_language, 2)
    at_question(page, SCALES[1], walk_language)
    page.locator("form#survey label:has(input[type=radio][value='4'])").click()
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert SCALES[0] in kept
    assert token not in kept
    assert "csrf_token" not in kept

    page.goto("about:blank")
    page.goto(survey)
    expect(page.locator("[data-kept]")).to_be_visible()
    page.locator("[data-resume]").click()
    at_question(page, SCALES[1], walk_language)
    expect(page.locator("input[type=radio][value='4']")).to_be_checked()
    page.goto(survey)
    page.locator("[data-restart]").click()
    expect(page.locator("[data-kept]")).to_have_count(0)
    at_question(page, SCALES[0], walk_language)
    expect(page.locator("input:checked")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).length") == 0

    for key in SCALES:
        answer(page, key, walk_language)
    expect(page.locator("textarea")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).length") == 1
    go_on(page)
    expect(page.locator("#person-heading")).to_be_visible()
    go_on(page)
    page.locator("button[value=send]").click()
    expect(page.locator(".survey-thanks")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.close()


def test_what_was_kept_for_a_day_is_dropped(open_page: OpenPage, survey: str, walk_language: str) -> None:
    page = open_page(**PHONE)
    page.goto(survey)
    answer(page, SCALES[0], walk_language, 2)
    at_question(page, SCALES[1], walk_language)
    page.evaluate(
        """() => { for (const name of Object.keys(localStorage)) {
            const kept = JSON.parse(localStorage[name]); kept.at -= 24 * 3600 * 1000
            localStorage[name] = JSON.stringify(kept) } }"""
    )
    page.goto(survey)
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.close()


def test_without_a_connection_nothing_is_lost(open_page: OpenPage, survey: str, walk_language: str) -> None:
    page = open_page(**PHONE, expected_errors=("ERR_INTERNET_DISCONNECTED",))
    page.goto(survey)
    answer(page, SCALES[0], walk_language, 2)
    at_question(page, SCALES[1], walk_language)
    page.locator("form#survey label:has(input[type=radio][value='4'])").click()
    page.context.set_offline(True)
    go_on(page)
    expect(page.locator("[data-offline] p")).to_be_visible()
    page.context.set_offline(False)  # by itself
    at_question(page, SCALES[2], walk_language)
    page.locator("button[value=back]").click()
    expect(page.locator("input[type=radio][value='4']")).to_be_checked()
    page.close()


def test_by_keyboard_alone(open_page: OpenPage, desk_office: DeskOffice, survey: str, walk_language: str) -> None:
    page = open_page(expected_errors=("422",))
    page.goto(survey)
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Enter")  # without an answer
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # to the first answer
    expect(page.locator("input[type=radio]").first).to_be_focused()
    for key in SCALES:
        at_question(page, key, walk_language)
        tab_to(page, "input[type=radio]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        expect(page.locator("input[type=radio][value='2']")).to_be_checked()
        page.keyboard.press("Enter")
        expect(page.locator(f"input[type=hidden][name$='-{key}']")).to_have_value("2")
        expect(page.locator("[data-heading]")).to_be_focused()
    tab_to(page, "textarea")
    page.keyboard.type("Baik")
    tab_to(page, ".survey-actions button[value=next]")
    page.keyboard.press("Enter")
    expect(page.locator("#person-heading")).to_be_focused()
    tab_to(page, ".survey-actions button[value=next]")
    page.keyboard.press("Enter")
    expect(page.locator("#review-heading")).to_be_focused()
    tab_to(page, "button[value=send]")
    page.keyboard.press("Enter")
    expect(page.locator(".survey-thanks")).to_be_visible()
    assert desk_office.row(ResponseRow).answers == dict.fromkeys(SCALES, 2)
    page.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something like this has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("each => document.activeElement.matches(each)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


# Each two of width, print and colors meet once; what all three would do together, two of them do.
@pytest.mark.parametrize(
    ("width", "large", "scheme"),
    [(320, False, "light"), (320, True, "dark"), (390, True, "light"), (390, False, "dark")],
    ids=["320-usual print-light", "320-large print-dark", "390-large print-light", "390-usual print-dark"],
)
def test_every_page_is_clean_on_a_phone(
    open_page: OpenPage, desk_office: DeskOffice, survey: str, width: int, large: bool, scheme: str
) -> None:
    page = open_page(viewport=(width, 844), color_scheme=scheme, expected_errors=("422", "410", *AXE_TRIES))
    page.goto(survey)
    found: list[str] = []

    def look(name: str) -> None:
        found.extend(f"{name}: {each}" for each in faults_of(page))

    if large:
        before = page.locator("h1").evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
        page.locator("button[value=large]").click()
        expect(page.locator("html.large-print")).to_be_attached()
        assert page.locator("h1").evaluate("each => parseFloat(getComputedStyle(each).fontSize)") >= 1.4 * before
    look("first")
    go_on(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    look("fault")
    for _ in SCALES:
        before = page.locator("#progress").inner_text()
        page.locator("form#survey label:has(input[type=radio][value='3'])").click()
        go_on(page)
        expect(page.locator("#progress")).not_to_have_text(before)
    look("words")
    page.locator("textarea").fill("kata " * 60 + "x" * 200)
    go_on(page)
    expect(page.locator("#person-heading")).to_be_visible()
    look("person")
    go_on(page)
    expect(page.locator("#review-heading")).to_be_visible()
    look("review")
    page.locator("button[value=send]").click()
    expect(page.locator(".survey-thanks")).to_be_visible()
    look("thanks")
    page.locator("button[value=correct]").click()
    expect(page.locator("form#survey")).to_be_visible()
    look("correcting")
    desk_office.clock.now += timedelta(hours=1)
    page.goto(survey)
    look("closed")
    page.close()
    assert not found, "\n".join(found)


def faults_of(page: Page) -> Iterator[str]:
    """Yield what is wrong with a page: too wide, too small for a finger, or what axe finds."""
    yield from (*page.evaluate(WIDE), *page.evaluate(SMALL))
    low = page.evaluate(
        """() => [...document.querySelectorAll(".page button, .page label.choice, .language button")]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44)
            .map((e) => e.outerHTML.slice(0, 99))"""
    )
    yield from (f"lower than 44 pixels: {each}" for each in low)
    for violation in Axe().run(page, options=ONLY_VIOLATIONS).response["violations"]:
        yield f"{violation['id']}: {[node['html'] for node in violation['nodes']]}"
