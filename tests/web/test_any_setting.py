"""Whatever an administrator sends to the forms of the office: an answer in words, and an office that can call.

The forms are found by following the links of the administrator's pages, so that a new one is tried without anybody
remembering it.
"""

import random
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from desk.domain.refusals import Refused
from desk.wording.refusals import SENTENCES
from tests.fixtures.page_tree import parsed_page

OFFICE = "/offices/1/"
START = (f"{OFFICE}checklist", f"{OFFICE}staff", f"{OFFICE}calendars", f"{OFFICE}retention", f"{OFFICE}survey-settings")
FEWEST_FORMS, MOST_PAGES = 25, 120
POSTS = 80
NASTY = (
    "", " ", "0", "1", "-1", "2", "2147483648", "99999999999999999999", "1.5", "²", "A", "AA", "AAAA", "ZZ", "é",
    "\x00", "x" * 5_000, "<b>", "{link}", "{", "%s", "'--", "2026-01-01", "2026-02-30", "9999-12-31", "0000-00-00",
    "07:30", "25:61", "08.00-12.00", "12.00-08.00", "08.00-12.00, 11.00-13.00", "Asia/Makassar", "Mars/Olympus",
    "sari@example.org", "a@b", "+6281234567890", "on", "y", "\u202e", "\ufffd",
)  # fmt: skip
ANSWERED = frozenset({200, 302, 303, 400, 403, 404, 409, 410, 413, 422, 429})


@pytest.fixture
def agus(web):
    return web.as_("Agus")


def forms_of(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the forms of a page that send something: where to, and the fields as a browser would send them."""
    tree, _ = parsed_page(text)
    for form in tree.named("form"):
        action = form.get("action") or ""
        if (form.get("method") or "").lower() == "post" and action.startswith(OFFICE):
            controls = [each for each in form.iter() if isinstance(each.tag, str) and each.get("name")]
            yield action, [(each.get("name") or "", each.get("value") or "") for each in controls]


def pages_from(agus) -> dict[str, list[tuple[str, list[tuple[str, str]]]]]:
    """Return the pages an administrator comes to, with their forms."""
    found: dict[str, list[tuple[str, list[tuple[str, str]]]]] = {}
    waiting = list(START)
    while waiting and len(found) < MOST_PAGES:
        path = waiting.pop(0)
        if path in found:
            continue
        answer = agus.client.get(path)
        assert answer.status_code in ANSWERED, path
        is_page = answer.status_code == 200 and answer.mimetype == "text/html"
        found[path] = list(forms_of(answer.text)) if is_page else []
        if is_page:
            links = (each.get("href") or "" for each in parsed_page(answer.text)[0].named("a"))
            waiting += [each for each in dict.fromkeys(links) if each.startswith(OFFICE) and not urlsplit(each).query]
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_no_form_fails_and_the_office_still_calls(web, desk_office, agus, seed):
    draw = random.Random(seed)
    pages = {path: forms for path, forms in pages_from(agus).items() if forms}
    assert sum(map(len, pages.values())) >= FEWEST_FORMS, sorted(pages)
    for _ in range(POSTS):
        action, fields = draw.choice(pages[draw.choice(sorted(pages))])
        names = [name for name, _ in fields if name != "csrf_token"]
        changed = {name: draw.choice(NASTY) for name in draw.sample(names, min(len(names), draw.randint(1, 4)))}
        sent = {name: changed.get(name, value) for name, value in fields} | {"csrf_token": agus.csrf_token()}
        answer = agus.client.post(action, data=sent)
        if answer.status_code == 401:  # one of the forms ended this very session
            agus = web.as_("Agus")
            continue
        assert answer.status_code in ANSWERED, (action, sent, answer.text[:500])
    for path in pages:
        assert agus.client.get(path).status_code in ANSWERED, path
    office_calls(desk_office)


def office_calls(office) -> None:
    """Let somebody take a number and be served; what is refused is refused for a reason that has words."""
    for letter in sorted(office.services):
        reason = None
        try:
            office.arrives(letter)
            office.sari.completes(office.sari.serves())
        except Refused as refused:
            reason = refused.reason
        assert reason is None or reason in SENTENCES
