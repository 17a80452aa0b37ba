"""Whatever an administrator sends to the forms of the office: an answer in words, and an office that can call.

The forms are found by following the links of the administrator's pages, so that a new one is tried without anybody
remembering it. A form that comes back to be confirmed is confirmed too, so that nothing is kept from happening only by
its question.
"""

import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, select

from desk.domain.access import Role
from desk.domain.facts import EventName
from desk.domain.gaps import GapKind
from desk.domain.hours import MINUTES_A_DAY, is_open
from desk.domain.refusals import Reason, Refused
from desk.domain.staff import Newcomer
from desk.models import Counter, Membership, Person, Service, Skill, Visit
from desk.operations import floor
from desk.operations.accounts import enrolling
from desk.operations.settings import keeping_services, retiring_services, scheduling
from desk.reads.gap_finders import list_gaps
from desk.reads.gaps import get_scene
from desk.reads.served import list_queues, list_served
from desk.wording.refusals import SENTENCES
from tests.fixtures.office import Colleague
from tests.fixtures.page_tree import parsed_page

OFFICE = "/offices/1/"
START = (f"{OFFICE}checklist", f"{OFFICE}staff", f"{OFFICE}calendars", f"{OFFICE}retention", f"{OFFICE}survey-settings")
FEWEST_FORMS, MOST_PAGES = 25, 120
POSTS = 80
ARRIVING = 0.2  # of the posts
TABLES = 30
SURE, LEAVING = 0.6, 0.3  # of the tables
NASTY = (
    "", " ", "0", "1", "-1", "2", "2147483648", "99999999999999999999", "1.5", "²", "A", "AA", "AAAA", "ZZ", "é",
    "\x00", "x" * 5_000, "<b>", "{link}", "{", "%s", "'--", "2026-01-01", "2026-02-30", "9999-12-31", "0000-00-00",
    "07:30", "25:61", "08.00-12.00", "12.00-08.00", "08.00-12.00, 11.00-13.00", "Asia/Makassar", "Mars/Olympus",
    "sari@example.org", "a@b", "+6281234567890", "on", "y", "\u202e", "\ufffd",
)  # fmt: skip
ASKED_AGAIN = frozenset({409, 422})
NO_PAGE = 405
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
        if answer.status_code in ASKED_AGAIN and (asked := list(forms_of(answer.text))):
            pages[action] = asked
        arrives_somewhere(desk_office, draw)
        list_stranded(desk_office)
    for path in [each for each in pages if agus.client.get(each).status_code != NO_PAGE]:
        assert agus.client.get(path).status_code in ANSWERED, path
    office_calls(desk_office)


def office_calls(office) -> None:
    """Somebody takes a number and is called, whatever was set; who keeps the office undoes at most what was asked for.

    Hours and quotas may be set so that the kiosk is right to refuse, and everybody may have been sent away: then one
    change by the administrator, such as the refusal asks for, must do. Nothing else may be in the way.
    """
    service = service_in_use(office)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(office.services, LETTER, service)
        number, why = takes_number(office)
        remedies: list[Reason] = []
        while why in REMEDIES and why not in remedies:
            REMEDIES[why](office, service)
            remedies.append(why)
            number, why = takes_number(office)
        assert why is None, (why, remedies)
        officer, counter = somebody_for(office, service), counter_in_use(office)
        patch.setitem(office.counters, counter, counter)
        officer.signs_on(counter)
        called = [officer.serves(counter=counter)]
        while called[-1] not in number["transactions"]:
            officer.completes(called[-1])
            called.append(officer.serves(counter=counter))
    (event,) = (row for row in office.rows_of_event(EventName.TRANSACTION_CALLED) if row.transaction_id == called[-1])
    assert event.visit_id == number["visit"]


LETTER = "the one that is in use"


def takes_number(office) -> tuple[dict[str, Any], Reason | None]:
    """Return what the kiosk answers, or why it refuses."""
    try:
        return dict(office.arrives(LETTER).facts), None
    except Refused as refused:
        return {}, Reason(refused.reason) if refused.reason in SENTENCES else Reason.UNKNOWN


def service_in_use(office) -> int:
    """Return a service in use, best one that somebody serves and that is open; the last one cannot be retired."""
    with office.streams.reading() as connection:
        found = office.streams.configuration(connection, office.id)
    offered = [each for each in found.services.values() if not each.retired]
    assert offered, "no service is left"
    is_good = {each.id: (each.id in found.served, is_open(each.calendar, office.clock())) for each in offered}
    return max(offered, key=lambda each: (*is_good[each.id], -each.id)).id


def arrives_somewhere(office, draw: random.Random) -> None:
    """Now and then a visitor comes, and takes a number where one is given."""
    letter = draw.choice(sorted(office.services))
    if draw.random() < ARRIVING:
        with suppress(Refused):
            office.arrives(letter)


def list_stranded(office) -> set[int]:
    """Return the services for which people wait whom nobody who works here may call; the gap list tells of just these.

    It comes to that where whoever served them was sent away.
    """
    with office.streams.reading() as connection:
        served, waited_for = list_served(connection, office.id), list_queues(connection, office.id).keys()
        gaps = list_gaps(get_scene(connection, office.id, at=office.clock()))
    told = {each.service_id for each in gaps if each.kind is GapKind.NOBODY_SERVES}
    assert waited_for - served == told
    return told


def opens(office, service: int) -> None:
    """Let the calendar of the service be open today, whatever the week says and whoever closed the date."""
    with office.streams.reading() as connection:
        kept = office.streams.configuration(connection, office.id).services[service]
    today = office.clock().astimezone(kept.calendar.zone).date()
    keeping = (office.streams, office.id, kept.calendar_on(today).calendar_id)
    if today in kept.calendar.special:
        scheduling.clear_day(*keeping, office.agus.asks("clear"), day=today)
    asked = office.agus.asks("open")
    scheduling.open_specially(*keeping, asked, day=today, name="Buka", hours=((0, MINUTES_A_DAY),))


def lifts_quota(office, service: int) -> None:
    asked = office.agus.asks("lift")
    keeping_services.change(office.streams, office.id, service, {"daily_quota": None}, asked)


def says_who_serves(office, service: int) -> None:
    somebody_for(office, service)


REMEDIES = {
    Reason.CLOSED_NOW: opens,
    Reason.QUOTA_REACHED: lifts_quota,
    Reason.NOBODY_SERVES: says_who_serves,
}


def somebody_for(office, service: int) -> Colleague:
    """Return an officer who serves it; where nobody is left, somebody new."""
    with office.streams.reading() as connection:
        query = (
            select(Person.id).join(Membership).where(Membership.office_id == office.id, Person.disabled_at.is_(None))
        )
        rows = connection.execute(query.where(Membership.role == Role.AGENT).order_by(Person.id)).scalars().all()
        skills = office.streams.configuration(connection, office.id).skills
    able = [each for each in rows if service in skills.get(each, ())]
    if able:
        return Colleague(office, "somebody", able[0], Role.AGENT)
    new = Newcomer("pengganti", "Pengganti", frozenset({Role.AGENT}))
    done = enrolling.add_newcomer(office.streams, office.id, new, office.agus.asks("enroll"))
    person = done.facts["person"]
    floor.add_skill(office.streams, office.id, person, service, office.budi.asks("add_skill"))
    return Colleague(office, "Pengganti", person, Role.AGENT)


def counter_in_use(office) -> int:
    """Return a counter that visitors can be called to; the last one cannot be retired."""
    return next(row.id for row in office.rows(Counter) if not row.retired and not row.back_office)


@pytest.mark.parametrize("seed", range(3))
def test_no_table_of_who_serves_what_strands_anybody(desk_office, agus, seed):
    """Ticked at random, confirmed or not, services retired and offered again, while visitors come and are called."""
    draw, office = random.Random(seed), desk_office
    for _ in range(TABLES):
        draw.choice([retires, keeps_table, keeps_table, takes_skill])(agus, office, draw)
        for _ in range(draw.randint(0, 2)):
            arrives_somewhere(office, draw)
        assert not list_stranded(office)
        assert any(not row.retired for row in office.rows(Service))
        if draw.random() < LEAVING:
            for visit in office.rows(Visit):
                with suppress(Refused):
                    office.leaves(visit.id)
    office_calls(office)


def keeps_table(agus, office, draw: random.Random) -> None:
    """Keep a table with few ticks, and all that it may leave to nobody confirmed, or nothing of it."""
    path = f"{OFFICE}administration/skills"
    ((_, fields),) = [each for each in forms_of(agus.client.get(path).text) if each[0] == path]
    boxes = [value for name, value in fields if name == "serves"]
    sure = {"sure": "y", "left": " ".join(map(str, office.services.values()))} if draw.random() < SURE else {}
    sent = {"csrf_token": agus.csrf_token(), "shown": dict(fields)["shown"], **sure}
    answer = agus.client.post(path, data={**sent, "serves": draw.sample(boxes, draw.choice([0, 1, len(boxes) // 2]))})
    assert answer.status_code in ANSWERED


def retires(agus, office, draw: random.Random) -> None:
    """Retire a service, or offer it again."""
    one = f"{OFFICE}administration/services/{draw.choice(sorted(office.services.values()))}"
    noun = draw.choice(["retirement", "return"])
    assert agus.client.post(f"{one}/{noun}", data={"csrf_token": agus.csrf_token()}).status_code in ANSWERED


def takes_skill(agus, office, draw: random.Random) -> None:
    """Take a service from an officer, as on the page of the officer, and be sure of it."""
    series = draw.choice(sorted(office.services))
    with suppress(Refused):
        office.budi.removes_skill(draw.choice([office.sari, office.dewi, office.budi]), series, sure_of=series)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_an_office_that_strands_whoever_waits_is_found(desk_office):
    """The proof above proves something: where the last skill is taken past the rules, somebody is stranded."""
    assert not list_stranded(desk_office)
    desk_office.arrives("A")
    with desk_office.streams.setting_up() as connection:
        connection.execute(delete(Skill).where(Skill.service_id == desk_office.services["A"]))
    assert list_stranded(desk_office) == {desk_office.services["A"]}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_an_office_that_refuses_everybody_is_found(desk_office, monkeypatch):
    """The proof above proves something: without its remedy it fails."""
    for service in [*desk_office.services.values()][1:]:
        retiring_services.retire(desk_office.streams, 1, service, desk_office.agus.asks("retire"))
    keeping_services.change(desk_office.streams, 1, 1, {"daily_quota": 1}, desk_office.agus.asks("limit"))
    desk_office.arrives("A")
    monkeypatch.setitem(REMEDIES, Reason.QUOTA_REACHED, lambda office, service: None)
    with pytest.raises(AssertionError, match="quota_reached"):
        office_calls(desk_office)
    monkeypatch.undo()
    office_calls(desk_office)
