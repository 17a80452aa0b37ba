"""An administrator in a browser: a questionnaire is taken over, edited, tried as on a phone, published and chosen.

In both languages, against the real server, without JavaScript; axe looks at every page on the way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from desk.models import Person, QuestionnaireDraft, QuestionnaireRow
from desk.operations.accounts.passwords import hashed
from tests.browser.test_every_page import SMALL, WIDE
from tests.browser.test_gallery import RULES
from tests.fixtures.office import Clock, DeskOffice, furnish
from tests.fixtures.real_server import RealServer

PASSWORD = "rahasia di loket"
PHONES, DESK = (320, 390), 1280


@dataclass
class Study:
    """The office of this walk, and Agus's browser in it."""

    server: RealServer
    office: DeskOffice
    page: Page

    @property
    def shelf(self) -> str:
        """The address of the questionnaires."""
        return f"{self.server.url}/offices/{self.office.id}/questionnaires"

    def is_clean(self) -> None:
        """Let axe look at the page on a desk, and at nothing being too wide or too small there and on phones."""
        for width in (*PHONES, DESK):
            self.page.set_viewport_size({"width": width, "height": 844})
            assert [*self.page.evaluate(WIDE), *self.page.evaluate(SMALL)] == [], width
        violations = Axe().run(self.page, options=RULES).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []

    def posts(self, path: str) -> None:
        """Press the button of a form on the page."""
        self.page.locator(f'form[action="{path}"] button').first.click()


@pytest.fixture
def study(walk_language: str, real_server: RealServer, open_page: Callable[..., Page]) -> Iterator[Study]:
    streams = real_server.streams()
    office_id = furnish(streams)
    with streams.setting_up() as connection:
        connection.execute(update(Person).values(password_hash=hashed(PASSWORD), language=walk_language))
    office = DeskOffice(real_server.database_url, office_id, clock=Clock(datetime.now(UTC) - timedelta(hours=1)))
    office.streams = streams
    real_server.start()
    # axe tries a style of its own, which the policy refuses, and looks for imported sheets in the wrong place
    page = open_page(expected_errors=("Applying inline style", "bootstrap", "409", "422"))
    page.goto(f"{real_server.url}/sign-in?language={walk_language}")
    page.locator("#username").fill("agus.kpknl")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form .btn-primary").click()
    expect(page.locator("main h1")).to_be_visible()
    yield Study(real_server, office, page)
    office.engine.dispose()
    streams.engine.dispose()


def test_from_what_comes_with_the_desk_to_a_version_of_ones_own(study: Study) -> None:
    page, here = study.page, f"/offices/{study.office.id}/questionnaires"
    page.goto(study.shelf)
    study.is_clean()
    study.posts(f"{here}/skm2017/adoption")
    page.goto(f"{study.shelf}/skm2017")
    study.is_clean()
    study.posts(f"{here}/skm2017/draft")
    expect(page).to_have_url(f"{study.shelf}/skm2017/draft")
    study.is_clean()

    page.goto(f"{study.shelf}/skm2017/draft/questions/3")
    study.is_clean()
    page.locator("#question-new_variant").select_option("B")
    page.locator('button[value="variant"]').click()
    page.locator("#variants-0-text_en").fill("Was the service really free of charge?")
    page.locator("#variants-0-text_id").fill("Apakah pelayanan ini benar-benar gratis?")
    study.is_clean()
    page.locator("#question-text_en").press("Control+End")
    page.locator('button[value="save"]').first.click()
    expect(page.locator("#question-3 .variant")).to_contain_text("really free of charge")

    try_on_a_phone(study, f"{study.shelf}/skm2017/draft/preview?shown=en&series=B")
    page.goto(f"{study.shelf}/skm2017/draft/publication")
    study.is_clean()
    page.locator("main form button").click()
    expect(page).to_have_url(f"{study.shelf}/skm2017")
    page.goto(f"{study.shelf}/skm2017/versions/2")
    study.is_clean()
    assert [row.number for row in study.office.rows(QuestionnaireRow)] == [1, 2]

    page.goto(study.shelf)
    page.locator(f"#choices-s{study.office.services['B']}").select_option("skm2017")
    study.posts(f"/offices/{study.office.id}/questionnaire-choices")
    expect(page.locator("[data-flash] .message-success")).to_be_visible()


def try_on_a_phone(study: Study, address: str) -> None:
    """Answer as a visitor would until the end; the fourth question is asked in the words for the service."""
    page = study.page
    page.goto(address)
    study.is_clean()
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator('button[value="next"]').click()
    expect(page.locator(".field-error")).to_be_visible()
    for place in range(9):
        if place == 3:
            expect(page.locator("main h1")).to_contain_text("really free of charge")
        page.locator("input[type=radio]").nth(2).check()
        page.locator('button[value="next"]').click()
    for _ in "12":  # the suggestion, and the page about the person
        page.locator('button[value="next"]').click()
    expect(page.locator("main .message")).to_be_visible()
    expect(page.locator("dl.facts > div")).to_have_count(14)
    study.is_clean()


def test_two_administrators_lose_nothing(study: Study) -> None:
    page, address = study.page, f"{study.shelf}/nps"
    page.goto(study.shelf)
    study.posts(f"/offices/{study.office.id}/questionnaires/nps/adoption")
    page.goto(address)
    study.posts(f"/offices/{study.office.id}/questionnaires/nps/draft")
    page.goto(f"{address}/draft/questions/0")
    other = page.context.new_page()
    other.goto(f"{address}/draft/questions/0")
    other.locator("#question-text_en").fill("Theirs")
    other.locator('button[value="save"]').first.click()
    expect(other.locator("#question-0")).to_contain_text("Theirs")

    page.locator("#question-text_en").fill("Mine")
    page.locator('button[value="save"]').first.click()
    expect(page.locator("[aria-labelledby=theirs-title]")).to_contain_text("Theirs")
    expect(page.locator("#question-text_en")).to_have_value("Mine")
    study.is_clean()
    page.locator('button[value="save"]').first.click()
    expect(page.locator("#question-0")).to_contain_text("Mine")
    assert study.office.row(QuestionnaireDraft).revision == 3
