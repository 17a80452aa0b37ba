"""Coverage and funnel equal what the events and messages say, one by one; what is too little is not shown."""

import csv
import io
import json
import random
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from desk.domain.invitation import Channel, Undone
from desk.models import AccessRecord, Delivery, EventRow, InvitationRow, ResponseRow, TransactionRow
from desk.operations.settings.survey_settings import written
from desk.operations.survey.beginning import mark_begun
from desk.reports.asking import Question
from desk.reports.snapshot import snapshot
from desk.reports.survey_coverage import Coverage, Funnel, Span, coverage, funnel_of, holm_of, spans_of
from desk.reports.survey_ways import Way
from tests.fixtures.databases import FreshDatabase
from tests.fixtures.office import DeskOffice, prepare_office
from tests.fixtures.web import Web

ZONE = ZoneInfo("Asia/Jakarta")
OUT = {"survey_off", "service_excluded", "not_served", "own_staff"}
INVITED = {"by_email", "by_phone", "same_visit", "by_link"}
WAYS = (Channel.LINK, Channel.TICKET, Channel.RECEIPT)
SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 15)


def prepare(url: str) -> None:
    """Ten days of an office that asks six in ten, and in which people leave, come again, answer and do not."""
    prepare_office(url)
    office = DeskOffice(url)
    wanted = {"survey_percent": 60, "survey_rest_days": 2, "survey_link_on": True}
    office.agus.changes_setting("survey", **wanted, **written({office.services["B"]: 90}))
    chance, opening = random.Random(5), office.clock.now
    office.sari.signs_on(1)
    office.dewi.signs_on(2)
    for day in range(10):
        office.clock.now = opening + timedelta(days=day)
        for _ in range(14):
            visits(office, chance)
    office.engine.dispose()


def visits(office: DeskOffice, chance: random.Random) -> None:
    """One visitor comes, and is served or not."""
    said = {"email": f"v{chance.randrange(12)}@example.id", "consent": True} if chance.random() < 0.5 else {}
    visit = office.arrives(chance.choice("AB"), **said).facts["visit"]
    office.clock.tick(60)
    if chance.random() < 0.15:
        office.leaves(visit)
        return
    officer, counter = (office.sari, 1) if chance.random() < 0.6 else (office.dewi, 2)
    transaction = officer.serves(counter=counter)
    office.clock.tick(120)
    officer.completes(transaction)
    follow_up(office, chance, transaction)


def follow_up(office: DeskOffice, chance: random.Random, transaction: int) -> None:
    row = office.row(InvitationRow, transaction_id=transaction)
    if chance.random() < 0.1:
        office.budi.reopens(transaction)
        if chance.random() < 0.5:
            office.budi.completes(transaction)
        return
    if row.decision == "invited" and chance.random() < 0.7:
        delivered(office, row)
    if row.decision == "invited" and chance.random() < 0.5:
        begins, answers = (WAYS[(row.id + each) % len(WAYS)] for each in (0, row.id % 2))
        mark_begun(office.streams, office.id, [row.id], begins)
        if chance.random() < 0.6:
            office.answers(row.id, chance.randint(1, 5), channel=answers)


def delivered(office: DeskOffice, row) -> None:
    with office.streams.engine.begin() as connection:
        mine = (Delivery.invitation_id == row.id) & (Delivery.state == "pending")
        values = {"state": "sent", "sent_at": office.clock.now}
        if connection.execute(update(Delivery).where(mine).values(**values)).rowcount:
            marked = update(InvitationRow).where(InvitationRow.id == row.id).values(delivered_at=office.clock.now)
            connection.execute(marked)


@pytest.fixture
def desk_office(fresh_database: FreshDatabase):
    """The office with those days behind it."""
    office = DeskOffice(fresh_database(prepare))
    office.clock.now = office.head.at + timedelta(seconds=60)
    yield office
    office.engine.dispose()


def told(office: DeskOffice) -> dict[int, dict]:
    """What the events say of each transaction that is decided about, by its id; nothing of the rows of decisions."""
    found: dict[int, dict] = {}
    served: dict[int, int] = {}
    by_invitation: dict[int, int] = {}
    for event in office.rows(EventRow):
        payload = json.loads(event.payload)
        if payload.get("after") in ("serving", "processing"):
            served[event.transaction_id] = payload["holder"]
        if event.name == "InvitationDecided":
            number = payload["invitation"] or (event.office_id << 40 | event.number)
            by_invitation[number] = event.transaction_id
            at = event.at.astimezone(ZONE).date()
            found[event.transaction_id] = {"reason": payload["reason"], "day": at, "answered": False, "id": number}
            found[event.transaction_id]["service"] = payload["service"]
            found[event.transaction_id]["officer"] = served.get(event.transaction_id, 0)
        if event.name == "InvitationSuperseded" and found[event.transaction_id]["reason"] in INVITED:
            found[event.transaction_id]["reason"] = "reopened"
        elif event.name == "InvitationSuperseded":
            del found[event.transaction_id]
        if event.name == "ResponseReceived":
            found[by_invitation[payload["invitation"]]] |= {"answered": True, "way": payload["channel"]}
    began = {row.id: row.begun_through for row in office.rows(InvitationRow) if row.begun_at}
    sent = {row.invitation_id for row in office.rows(Delivery) if row.state == "sent"}
    for each in found.values():
        each["begun"] = each["answered"] or each["id"] in began
        each.setdefault("way", began.get(each["id"]))
        each["delivered"] = each["begun"] or each["id"] in sent or each["reason"] == "by_link"
    return found


def counted(rows) -> Funnel:
    rows = list(rows)
    invited = [each for each in rows if each["reason"] in INVITED]
    return Funnel(
        len(rows),
        sum(each["reason"] not in OUT for each in rows),
        len(invited),
        *(sum(each[name] for each in invited) for name in ("delivered", "begun", "answered")),
    )


def work_out(office: DeskOffice, **narrowed: int) -> Coverage:
    with snapshot(office.engine) as connection:
        return coverage(connection, office.id, Question(SINCE, UNTIL, **narrowed))


def test_it_is_what_the_events_say(desk_office: DeskOffice) -> None:
    rows, found = list(told(desk_office).values()), work_out(desk_office)

    assert found.total == counted(rows)
    reasons = Counter(r["reason"] for r in rows)
    assert {each.value: count for each, count in found.reasons.items()} == dict(reasons)
    assert reasons["reopened"] == len(found.taken_back) > 0
    assert not any(each.at_limit for each in found.reopened_officers)
    for name, lines in (("service", found.reopened_services), ("officer", found.reopened_officers)):
        taken = Counter(r[name] for r in rows if r["reason"] == "reopened")
        invited = Counter(r[name] for r in rows if r["reason"] in INVITED)
        assert {each.key: (each.taken_back, each.invited) for each in lines} == {
            key: (count, count + invited[key]) for key, count in taken.items()
        }
    assert {"not_sampled", "not_served", "asked_lately", "by_email", "by_link"} <= {r["reason"] for r in rows}
    for name, lines, fewest in (("service", found.services, 5), ("officer", found.officers, 10)):
        expected = {key: counted(r for r in rows if r[name] == key) for key in {r[name] for r in rows} - {0}}
        shown = {key: funnel for key, funnel in expected.items() if funnel.eligible >= fewest}
        assert {line.key: line.funnel for line in lines} == shown
        assert (found.hidden_officers if name == "officer" else found.hidden_services) == len(expected) - len(shown)
    assert {span.first: funnel for span, funnel in found.spans} == {
        day: counted(r for r in rows if r["day"] == day) for day in {r["day"] for r in rows}
    }
    routes = {"email": {"by_email", "same_visit"}, "phone": {"by_phone"}, "link": {"by_link"}}
    for line in found.routes:
        assert line.funnel == counted(r for r in rows if r["reason"] in routes[line.key])
    assert desk_office.findings() == []


def test_the_ways_are_those_of_answers_and_else_of_the_first_page(desk_office: DeskOffice) -> None:
    rows, found = [each for each in told(desk_office).values() if each["begun"]], work_out(desk_office)

    assert found.ways == [
        Way(way, len(mine), sum(each["answered"] for each in mine))
        for way in WAYS
        if (mine := [each for each in rows if each["way"] == way])
    ]
    assert len(found.ways) == len(WAYS)
    assert sum(each.begun for each in found.ways) == found.total.begun
    assert sum(each.answered for each in found.ways) == found.total.answered


def test_a_way_that_was_not_kept_is_told_apart_and_few_are_hidden(web: Web, desk_office: DeskOffice) -> None:
    with desk_office.streams.engine.begin() as connection:
        connection.execute(update(InvitationRow).values(begun_through=None))
        paper = select(ResponseRow.id).order_by(ResponseRow.id).limit(4)
        connection.execute(update(ResponseRow).where(ResponseRow.id.in_(paper)).values(channel="paper"))
    ways = {each.channel: each for each in work_out(desk_office).ways}
    assert (ways[None].answered, ways[None].begun > 0, ways[Channel.PAPER].answered) == (0, True, 4)
    budi = web.as_("Budi")
    budi.speak("en")
    text = budi.get(path(desk_office, part="/tables/ways")).text

    assert "Through the code on the receipt" in text
    assert "Not kept: anonymous answers" in text
    assert "On paper" not in text
    hidden = sum(each.begun < 5 for each in ways.values())
    assert hidden and f"{hidden} with too few are not shown." in budi.get(path(desk_office)).said


def test_what_is_open_again_stays_where_it_was_asked_and_is_told_beside_what_ended(desk_office: DeskOffice) -> None:
    """Brute force: ended now + open again = counted, whatever the filter; nothing is taken out by reopening."""
    before = work_out(desk_office)
    answered = [each.transaction_id for each in desk_office.rows(InvitationRow, state="answered")][:4]
    sent = {each.invitation_id for each in desk_office.rows(Delivery, state="sent")}
    silent = [each.transaction_id for each in desk_office.rows(InvitationRow, state="open") if each.id in sent][:3]
    for transaction in (*answered, *silent):
        desk_office.budi.reopens(transaction)
    desk_office.budi.completes(answered[0])
    rows, open_now = told(desk_office), {each.id for each in desk_office.rows(TransactionRow) if each.ended_at is None}

    found = work_out(desk_office)

    assert silent and len(answered) == 4
    assert found.total == before.total == counted(rows.values())
    assert found.open_again == before.open_again + len(answered) + len(silent) - 1 == len(rows.keys() & open_now)
    assert found.total.ended == found.open_again + len(rows.keys() - open_now)
    for name in ("service", "officer"):
        for key in {each[name] for each in rows.values()} - {0}:
            mine = {number for number, each in rows.items() if each[name] == key}
            assert work_out(desk_office, **{f"{name}_id": key}).open_again == len(mine & open_now)
    assert desk_office.findings() == []


def test_the_page_says_how_many_of_those_that_ended_are_open_again(web: Web, desk_office: DeskOffice) -> None:
    budi, count = web.as_("Budi"), work_out(desk_office).open_again
    budi.speak("en")

    assert count > 1
    assert f"transactions ended, {count} of which are open again" in budi.get(path(desk_office)).said


@pytest.mark.parametrize("name", ["service", "officer"])
def test_narrowed_it_is_that_part(desk_office: DeskOffice, name: str) -> None:
    rows = list(told(desk_office).values())
    for key in {each[name] for each in rows} - {0}:
        found = work_out(desk_office, **{f"{name}_id": key})
        assert found.total == counted(each for each in rows if each[name] == key)
        assert sum(each.begun for each in found.ways) == found.total.begun


def test_every_stage_is_part_of_the_one_before(desk_office: DeskOffice) -> None:
    found = work_out(desk_office)
    for funnel in (found.total, *(line.funnel for line in (*found.services, *found.officers, *found.routes))):
        stages = [count for _, count in funnel.stages]
        assert stages == sorted(stages, reverse=True)
        assert funnel.eligible <= funnel.ended


def test_a_long_time_is_told_by_months_and_tiled_by_them() -> None:
    spans = spans_of(date(2025, 1, 15), date(2026, 2, 3))

    assert (spans[0], spans[-1]) == (
        Span(date(2025, 1, 15), date(2025, 1, 31)),
        Span(date(2026, 2, 1), date(2026, 2, 3)),
    )
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(spans))
    assert len(spans_of(date(2026, 1, 1), date(2026, 1, 31))) == 31


def test_an_officer_who_is_passed_by_stands_out(desk_office: DeskOffice) -> None:
    """Only after a correction for all comparisons, and with enough on both sides."""
    assert not any(line.stands_out for line in work_out(desk_office).officers)
    with desk_office.streams.engine.begin() as connection:
        mine = (InvitationRow.officer_id == desk_office.sari.id) & (InvitationRow.decision == "invited")
        connection.execute(update(InvitationRow).where(mine).values(reason="not_sampled", state="none"))
    lines = {line.key: line for line in work_out(desk_office).officers}

    assert lines[desk_office.sari.id].stands_out
    assert lines[desk_office.sari.id].chance < 0.001
    assert holm_of([None, 0.01, None, 0.04]) == [None, 0.02, None, 0.04]


def test_nothing_of_few() -> None:
    assert funnel_of([]) == Funnel()
    assert Funnel(4, 4, 2).coverage is None
    assert Funnel(5, 5, 2).coverage is not None


def path(office: DeskOffice, more: str = "", part: str = "") -> str:
    days = f"period=own&since={SINCE}&until={UNTIL}"
    return f"/offices/{office.id}/reports/coverage{part}?{days}{more}"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("who", ["Budi", "Ratna", "Agus"])
def test_the_page(web: Web, desk_office: DeskOffice, language: str, who: str) -> None:
    browser = web.as_(who)
    browser.speak(language)
    page = browser.get(path(desk_office))

    total = work_out(desk_office).total
    assert {"id": "Cara menghitung", "en": "How this is counted"}[language] in page.said
    assert str(total.eligible) in page.said
    assert "data-chart" in page.text
    assert page.queries <= 52
    look = desk_office.rows(AccessRecord)[-1]
    assert (look.verb, look.subject) == ("looked", "report coverage")


def test_files_say_the_same(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    found = work_out(desk_office)
    text = budi.get(path(desk_office, part="/tables/funnel")).text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["Transactions"]) for row in rows] == [count for _, count in found.total.stages]
    reasons = list(
        csv.DictReader(io.StringIO(budi.get(path(desk_office, part="/tables/reasons")).text.removeprefix("\ufeff")))
    )
    assert len(reasons) == 10
    assert sum(int(row["Transactions"]) for row in reasons) == found.total.ended - found.total.invited
    book = load_workbook(io.BytesIO(budi.client.get(path(desk_office, part="/workbook")).get_data()))
    assert len(book.sheetnames) == 12
    budi.get(path(desk_office, part="/tables/nothing"), status=404)
    assert desk_office.rows(AccessRecord)[-1].verb == "exported"


def test_an_officer_with_few_has_no_figures(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.speak("en")
    with desk_office.streams.engine.begin() as connection:
        connection.execute(update(InvitationRow).values(officer_id=desk_office.dewi.id))
        few = [row.id for row in desk_office.rows(InvitationRow) if row.reason == "by_link"][:9]
        connection.execute(
            update(InvitationRow).where(InvitationRow.id.in_(few)).values(officer_id=desk_office.sari.id)
        )
    page = budi.get(path(desk_office))
    assert "1 officer with fewer than 10 eligible transactions is not shown." in page.said
    alone = budi.get(path(desk_office, f"&officer={desk_office.sari.id}"))
    assert "Too few transactions to tell" in alone.said
    assert "too few to tell: fewer than 10 eligible" in alone.said


def test_wrong_questions_are_refused_in_words(web: Web, desk_office: DeskOffice) -> None:
    budi = web.as_("Budi")
    budi.get(path(desk_office, "&service=999"), status=422)
    budi.get(path(desk_office, "&service=999", "/workbook"), status=422)
    budi.get(f"/offices/{desk_office.id}/reports/coverage?period=own&since=2030-01-01&until=2030-01-02")


def test_only_for_those_who_oversee(web: Web, desk_office: DeskOffice) -> None:
    web.as_("Sari").get(path(desk_office), status=403)


def leave_in_work(office: DeskOffice, count: int) -> list[int]:
    """Sari serves so many visitors to the end and opens their transactions again; Dewi serves as many."""
    reopened = []
    for _ in range(count):
        for officer, counter in ((office.sari, 1), (office.dewi, 2)):
            office.arrives("B")
            transaction = officer.serves(counter=counter)
            officer.completes(transaction)
            if officer is office.sari and office.row(InvitationRow, transaction_id=transaction).decision == "invited":
                officer.reopens(transaction)
                reopened.append(transaction)
    return reopened


def test_who_leaves_reopened_transactions_in_work_stands_out(web: Web, desk_office: DeskOffice) -> None:
    assert not any(each.stands_out for each in work_out(desk_office).reopened_officers)
    reopened = leave_in_work(desk_office, 40)
    found = work_out(desk_office)
    lines = {each.key: each for each in found.reopened_officers}

    assert lines[desk_office.sari.id].stands_out
    assert lines[desk_office.sari.id].share.value > 0.3
    assert {line.key: line for line in found.officers}[desk_office.sari.id].stands_out  # of whom fewer are asked now
    assert set(reopened) <= {each.transaction_id for each in found.taken_back}
    assert {each.reopened_by for each in found.taken_back if each.transaction_id in reopened} == {desk_office.sari.id}
    budi, ratna, agus = (web.as_(name) for name in ("Budi", "Ratna", "Agus"))
    page = budi.get(path(desk_office))
    file = f'href="/offices/{desk_office.id}/transactions/{reopened[0]}"'
    assert file in page.text and file in ratna.get(path(desk_office)).text
    assert file not in agus.get(path(desk_office)).text
    assert f"officer={desk_office.sari.id}#part-in-work" in page.text
    narrowed = work_out(desk_office, officer_id=desk_office.dewi.id)
    assert not set(reopened) & {each.transaction_id for each in narrowed.taken_back}


def test_what_the_limit_decided_is_invited_again_and_counted_apart(desk_office: DeskOffice) -> None:
    leave_in_work(desk_office, 3)
    before = work_out(desk_office)
    desk_office.clock.now += timedelta(days=20)
    made_up = len(desk_office.makes_up())
    with snapshot(desk_office.engine) as connection:
        today = desk_office.today
        found = coverage(connection, desk_office.id, Question(SINCE, today))

    assert made_up == len(before.taken_back) > 0
    assert found.taken_back == []
    assert sum(each.at_limit for each in found.reopened_officers) == made_up
    assert sum(each.at_limit for each in found.reopened_services) == made_up


def test_links_revoked_by_hand_have_their_own_reason_and_their_persons(web: Web, desk_office: DeskOffice) -> None:
    before = work_out(desk_office).total
    open_ones = [row for row in desk_office.rows(InvitationRow, state="open") if row.expires_at > desk_office.clock.now]
    by_sari = [row.transaction_id for row in open_ones if row.officer_id == desk_office.sari.id][:3]
    for transaction in by_sari[:2]:
        desk_office.agus.revokes(transaction)
    desk_office.budi.revokes(by_sari[2])
    found = work_out(desk_office)

    assert found.reasons[Undone.REVOKED] == 3
    assert found.total.invited == before.invited - 3
    assert (found.total.eligible, found.total.ended) == (before.eligible, before.ended)
    assert [(each.person_id, each.count) for each in found.revokers] == [
        (desk_office.agus.id, 2), (desk_office.budi.id, 1),
    ]  # fmt: skip
    assert sum(each.begun for each in found.ways) == found.total.begun
    assert work_out(desk_office, officer_id=desk_office.dewi.id).revokers == []
    budi = web.as_("Budi")
    budi.speak("en")
    rows = budi.get(path(desk_office, part="/tables/revokers")).text
    assert "Agus,2" in rows and "Budi,1" in rows
    assert desk_office.findings() == []
