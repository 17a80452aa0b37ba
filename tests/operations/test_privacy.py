"""Erasing a person, on request and by the rules of retention: no trace of them stays, and all that is counted does."""

import random
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from desk.domain.access import SYSTEM, VISITOR, Actor, Role
from desk.domain.complaints import VoiceKind, VoiceStep
from desk.domain.facts import EventName
from desk.domain.invitation import Privacy
from desk.domain.lifecycle import Outcome
from desk.domain.refusals import Reason, Refused
from desk.domain.retention import ErasureReason, RetentionRules, Track
from desk.domain.shipped_questionnaires import SHIPPED
from desk.models import (
    Base,
    CaseWords,
    Delivery,
    Erasure,
    HandoffWords,
    InvitationRow,
    LooseResponse,
    Note,
    Office,
    ResponseDetail,
    ResponseRow,
    RetentionMark,
    SurveyAsking,
    SurveyBlock,
    SurveyTally,
    Visit,
    VisitContact,
    VoiceContact,
    VoiceRow,
)
from desk.operations.complaints import complaining
from desk.operations.complaints.complaining import Wish as Voice
from desk.operations.keeping import privacy
from desk.operations.keeping.retaining import count_due, expire
from desk.operations.requests import Request
from desk.operations.survey import questionnaires
from desk.operations.terms import Disposition
from desk.reads.kept_of_person import Sought
from desk.reports.keeping import offices_behind, refresh_office
from tests.fixtures.office import BACK_OFFICE

NAME, EMAIL, PHONE = "Wulandari Kusuma", "Wulan.Kusuma@example.id", "+6281234567890"
WORDS = ("suaminya sedang sakit keras", "tetangga saya pegawai sini", "minta map merah punya beliau")
EVERY_WORD = (NAME, EMAIL, PHONE, "081234567890", "0812-3456-7890", *WORDS)

ELEMENTS = {each.key: "3" for each in SHIPPED["skm2017"].questions if each.scored}


@pytest.fixture
def office(desk_office):
    """Sari at counter 1, Joko in the back office; the regulation's questionnaire."""
    desk_office.sari.signs_on(1)
    desk_office.joko.signs_on(BACK_OFFICE)
    desk_office.asks_with("skm2017")
    return desk_office


def answer(comment):
    return ELEMENTS | {"jenis_kelamin": "L", "comment": comment}


def erases(office, who=None, *, sought=None, **more):
    who = who or office.budi
    wish = privacy.Wish(sought or Sought(EMAIL), **more)
    return privacy.erase_person(office.streams, office.id, wish, who.asks("erase_person", wish=str(wish)))


def complains(office, **said):
    wish = Voice(VoiceKind.COMPLAINT, **{"words": WORDS[0], **said})
    return complaining.receive(office.streams, office.id, wish, Request(VISITOR, "voice")).facts["voice"]


def closes(office, voice):
    complaining.take_step(
        office.streams, voice, office.budi.asks("voice_step"), step=VoiceStep.ANSWERED, words="Kami minta maaf"
    )  # fmt: skip


def served(office, *, comment=WORDS[0], note=WORDS[1], **said):
    """Somebody is handed on, worked on, served to the end, and answers."""
    said = {"name": NAME, "email": EMAIL, "phone": PHONE, "consent": True} | said
    office.arrives("A", **said)
    transaction = office.sari.serves()
    office.sari.notes(transaction, note)
    terms = Disposition(expects=note, papers=(note,))
    office.joko.accepts(office.sari.offers(transaction, office.joko, note=note, disposition=terms))
    office.joko.completes(transaction, Outcome.FULFILLED)
    office.says(office.row(InvitationRow, transaction_id=transaction).id, **answer(comment))
    return transaction


def traces(office, words=EVERY_WORD):
    """Return every place of the database in which one of these words stands, whatever its case."""
    found = []
    with office.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(text(f"SELECT * FROM {table.name}")).mappings():
                told = " ".join(str(value) for value in row.values()).casefold()
                found += [(table.name, word) for word in words if word.casefold() in told]
    return found


def statistics(office):
    """Return all that is counted: tallies, answers, and the days that reports are made of."""
    for office_id in offices_behind(office.engine):
        refresh_office(office.engine, office_id, clock=office.streams.clock)
    with office.engine.connect() as connection:
        days = connection.execute(text("SELECT * FROM report_days")).all()
    answers = [(row.id, row.answers, row.satisfaction) for row in office.rows(ResponseRow)]
    return [tuple(row) for row in office.rows(SurveyTally)], answers, sorted(map(str, days))


def expires(office, *tracks, now=False, limit=200):
    """The worker takes bites until nothing is left; returns how much was erased."""
    erased = 0
    for track in tracks or Track:
        left = True
        while left:
            request = Request(SYSTEM, "expire_data")
            facts = expire(office.streams, office.id, request, track=track, now=now, limit=limit).facts
            erased, left = erased + facts["erased"], facts["left"]
    return erased


def keeps(office, **days):
    rules = RetentionRules(**days)
    with office.streams.setting_up() as connection:
        values = {name: getattr(rules, name) for name in rules.__slots__}
        connection.execute(update(Office).where(Office.id == office.id).values(**values))


class TestErasingOnRequest:
    @pytest.mark.parametrize("seed", range(3))
    def test_no_trace_stays_after_any_history(self, office, seed):
        """What happened and what was counted stays as it was."""
        draw = random.Random(seed)
        for _ in range(6):
            match draw.choice(("served", "waits", "left", "voice", "other", "paused")):
                case "served":
                    served(office, comment=draw.choice(WORDS))
                case "waits":
                    office.arrives("C", name=NAME, email=EMAIL.upper(), consent=draw.random() < 0.5)
                case "left":
                    office.leaves(office.arrives("C", name=NAME, phone="0812-3456-7890", consent=True).facts["visit"])
                case "voice":
                    closes(office, complains(office, words=draw.choice(WORDS), name=NAME, phone="0812-3456-7890"))
                case "paused":
                    office.arrives("A", name=NAME, phone=PHONE, email=EMAIL)
                    transaction = office.sari.serves()
                    office.sari.notes(transaction, WORDS[2])
                    office.sari.processes(transaction)
                case _:
                    served(office, comment="Baik", note="Baik", name="Anton", email="anton@example.id", phone=None)
            office.clock.tick(draw.choice((1, 30, 60)))
        served(office)
        before = statistics(office)
        assert traces(office)

        for address in (f" {EMAIL.lower()} ", "0812 3456 7890"):
            office.clock.tick()
            try_erasing(office, address)

        assert traces(office) == []
        assert statistics(office) == before
        assert office.findings() == []

    def test_what_goes_and_what_the_trail_says(self, office):
        transaction = served(office)
        voice = complains(office, name=NAME, email=EMAIL)
        visit = office.row(Visit).id
        done = erases(office)

        event = office.rows_of_event(EventName.PERSONAL_DATA_ERASED)[0]
        assert f'"transactions":[{transaction}]' in event.payload
        assert f'"visits":[{visit}]' in event.payload
        assert f'"voices":[{voice}]' in event.payload
        assert done.facts["counts"]["contacts"] == 1
        register = office.row(Erasure)
        assert (register.kind, register.why, register.person_id) == ("erased", "asked", office.budi.id)
        assert office.rows(VisitContact) == office.rows(VoiceContact) == office.rows(SurveyAsking) == []
        assert {row.words for row in office.rows(Note)} == {""}
        assert {(row.expects, row.papers) for row in office.rows(HandoffWords)} == {(None, None)}
        assert office.row(VoiceRow).erased_at is not None
        assert {row.kind for row in office.rows(SurveyBlock)} == {"erased"}

    def test_a_message_that_waits_is_not_sent(self, office):
        office.arrives("A", email=EMAIL, consent=True)
        office.sari.completes(office.sari.serves())
        assert office.row(Delivery).state == "pending"
        erases(office)
        assert (office.row(Delivery).state, office.row(Delivery).address) == ("cancelled", None)

    def test_whoever_wants_no_questions_is_not_asked_again(self, office):
        served(office)
        erases(office)
        office.clock.tick(86_400)
        office.arrives("A", email=EMAIL, consent=True)
        transaction = office.sari.serves()
        office.sari.completes(transaction)
        assert office.row(InvitationRow, transaction_id=transaction).reason == "opted_out"

    def test_notes_of_open_work_stay_until_its_end_unless_ordered(self, office):
        office.arrives("A", name=NAME, email=EMAIL)
        transaction = office.sari.serves()
        office.sari.notes(transaction, WORDS[1])

        assert erases(office).facts["open"] == 1
        assert office.row(Note).words == WORDS[1]
        number = office.row(Visit)
        sought = Sought(number=number.label, day=number.day)
        assert erases(office, sought=sought, at_once=True).facts["open"] == 0
        assert office.row(Note).words == ""
        assert office.findings() == []

    def test_officers_notes_stay_where_that_is_chosen(self, office):
        served(office)
        erases(office, with_notes=False)
        kept = {row.words for row in office.rows(Note)}
        assert kept == {"", WORDS[1]}

    def test_a_confidential_answer_goes_too(self, office):
        admin = Actor.staff(office.agus.id, Role.ADMIN)
        questionnaires.keep_answers(
            office.streams, office.id, Request(admin, "keep"), privacy=Privacy.CONFIDENTIAL,
            correction=timedelta(minutes=30),
        )  # fmt: skip
        served(office)
        erases(office)
        assert traces(office) == []

    def test_nothing_known(self, office):
        with office.refuses(Reason.UNKNOWN):
            erases(office)
        with office.refuses(Reason.INVALID):
            erases(office, sought=Sought(number="???"))

    def test_a_repeat_gets_the_first_answer(self, office):
        served(office)
        wish = privacy.Wish(Sought(EMAIL), ErasureReason.ORDERED)
        request = office.budi.asks("erase_person", key="once", wish=str(wish))
        first = privacy.erase_person(office.streams, office.id, wish, request)
        again = privacy.erase_person(office.streams, office.id, wish, request)
        assert (again.repeated, again.facts) == (True, first.facts)

    def test_only_supervisors_and_administrators(self, office):
        served(office)
        for who in (office.sari, office.ratna):
            with office.refuses(Reason.FORBIDDEN):
                erases(office, who)
        erases(office, office.agus)

    def test_nobody_else_is_touched(self, office):
        other = served(office, name="Anton", email="anton@example.id", phone=None, comment="Baik sekali")
        served(office)
        erases(office)
        assert office.row(VisitContact).email == "anton@example.id"
        assert "Baik sekali" in {row.words for row in office.rows(Note, transaction_id=other)}

    def test_a_transaction_of_several_visits(self, office):
        office.arrives("A", name=NAME, email=EMAIL)
        transaction = office.sari.serves()
        office.sari.processes(transaction)
        office.comes_back(transaction, name=NAME, phone=PHONE)
        office.sari.serves()
        office.sari.notes(transaction, WORDS[1])
        office.sari.completes(transaction)
        erases(office)
        erases(office, sought=Sought(PHONE))
        assert traces(office) == []

    def test_the_file_of_sqlite_holds_nothing_of_it(self, office):
        if office.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL cleans up behind itself")
        served(office)
        closes(office, complains(office, name=NAME, email=EMAIL))
        erases(office)
        with office.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        stored = Path(office.engine.url.database).read_bytes()
        assert [word for word in (NAME, EMAIL, *WORDS) if word.encode() in stored] == []


def try_erasing(office, address):
    """Erase by an address; it may be that the other one was enough."""
    wish = privacy.Wish(Sought(address), at_once=True)
    with suppress(Refused):
        privacy.erase_person(office.streams, office.id, wish, office.budi.asks("erase_person", wish=str(wish)))


class TestRetention:
    def test_contacts_at_the_boundary_day(self, office):
        """Served on Monday 2 March; kept for 90 days, gone on 31 May at midnight of the office."""
        served(office)
        expires(office)  # sets the marks
        office.clock.now += timedelta(days=89)
        assert expires(office, Track.CONTACTS) == 0
        office.clock.now += timedelta(days=1)
        assert expires(office, Track.CONTACTS) == 1
        assert office.rows(VisitContact) == []
        assert expires(office, Track.CONTACTS) == 0
        assert office.row(Erasure, why="contacts").counts == {"contacts": 1}

    @pytest.mark.parametrize(
        ("track", "rule", "days"),
        [
            (Track.ANSWERS, "keep_answers_days", 1095),
            (Track.NOTES, "keep_notes_days", 1825),
            (Track.ADDRESSES, "keep_addresses_days", 30),
            (Track.VOICES, "keep_voices_days", 365),
            (Track.FLOOR, "keep_notes_days", 1825),
        ],
    )
    def test_each_rule_at_its_boundary(self, office, track, rule, days):
        served(office)
        closes(office, complains(office, name=NAME, email=EMAIL))
        office.budi.tells("Ibu Wulandari di loket 2")
        with office.streams.engine.begin() as connection:
            connection.execute(update(Delivery).values(state="sent", sent_at=office.clock.now))
        expires(office)
        before = statistics(office)
        office.clock.now += timedelta(days=days - 1)
        assert expires(office, track) == 0
        office.clock.now += timedelta(days=1)
        keeps(office, **{rule: 0})
        assert expires(office, track, now=True) == count_due(office.streams, office.id, track) == 0
        keeps(office)
        assert count_due(office.streams, office.id, track) > 0
        assert expires(office, track, now=True) > 0
        assert expires(office, track, now=True) == 0
        assert statistics(office) == before

    def test_loose_answers(self, office):
        admin = Actor.staff(office.agus.id, Role.ADMIN)
        questionnaires.keep_answers(
            office.streams, office.id, Request(admin, "keep"), privacy=Privacy.ANONYMOUS,
            correction=timedelta(minutes=30),
        )  # fmt: skip
        served(office)
        assert office.row(LooseResponse).texts
        office.clock.now += timedelta(days=1095)
        assert expires(office, Track.LOOSE, now=True) == 1
        row = office.row(LooseResponse)
        assert (row.texts, row.profile) == ({}, {})
        assert row.answers

    def test_everything_in_the_end(self, office):
        served(office)
        closes(office, complains(office, name=NAME, email=EMAIL))
        with office.streams.engine.begin() as connection:
            connection.execute(update(Delivery).values(state="sent", sent_at=office.clock.now))
        office.clock.now += timedelta(days=2000)
        expires(office, now=True, limit=1)
        assert traces(office) == []
        assert office.rows(CaseWords) == []
        assert office.row(ResponseDetail).profile == {}

    def test_open_work_keeps_its_contact(self, office):
        office.arrives("A", "B", name=NAME, email=EMAIL)
        first = office.sari.serves()
        office.sari.completes(first)
        second = office.sari.serves()
        office.sari.processes(second)
        office.clock.now += timedelta(days=200)
        assert expires(office, Track.CONTACTS, now=True) == 0
        office.sari.completes(second)
        office.clock.now += timedelta(days=89)
        assert expires(office, Track.CONTACTS, now=True) == 0
        office.clock.now += timedelta(days=1)
        assert expires(office, Track.CONTACTS, now=True) == 1

    def test_small_bites_one_event_each(self, office):
        for each in range(5):
            served(office, email=f"{each}@example.id", phone=None)
        office.clock.now += timedelta(days=90)
        assert expires(office, Track.CONTACTS, now=True, limit=2) == 5
        events = office.rows_of_event(EventName.PERSONAL_DATA_EXPIRED)
        assert [row.payload for row in events] == [
            '{"counts":{"contacts":2},"track":"contacts"}',
            '{"counts":{"contacts":2},"track":"contacts"}',
            '{"counts":{"contacts":1},"track":"contacts"}',
        ]
        mark = office.row(RetentionMark, track="contacts")
        assert (mark.erased, mark.ran_at) == (5, office.clock.now)

    def test_an_upgrade_erases_nothing_on_its_day(self, office):
        served(office)
        office.clock.now += timedelta(days=400)
        assert expires(office) == 0
        office.clock.now += timedelta(days=1)
        assert expires(office, Track.CONTACTS) == 1

    def test_a_rule_made_longer_and_shorter_leaves_nothing_out(self, office):
        served(office)
        office.clock.now += timedelta(days=60)
        keeps(office, keep_contacts_days=7)
        assert expires(office, Track.CONTACTS, now=True) == 1
        served(office)
        office.clock.now += timedelta(days=20)
        keeps(office, keep_contacts_days=90)
        assert expires(office, Track.CONTACTS, now=True) == 0
        office.clock.now += timedelta(days=70)
        assert expires(office, Track.CONTACTS, now=True) == 1


class TestSettingTheRules:
    def test_each_change_is_an_event(self, office):
        office.agus.changes_setting("retention", keep_contacts_days=30, keep_notes_days=1_825)
        event = office.rows_of_event(EventName.SETTING_CHANGED)[-1]
        assert event.payload == '{"from":90,"setting":"keep_contacts_days","to":30}'

    @pytest.mark.parametrize("days", [-1, 1, 6, 3_651])
    def test_bounds(self, office, days):
        with office.refuses(Reason.INVALID, field="keep_contacts_days"):
            office.agus.changes_setting("retention", keep_contacts_days=days)

    def test_only_administrators_and_only_what_differs(self, office):
        with office.refuses(Reason.FORBIDDEN):
            office.budi.changes_setting("retention", keep_contacts_days=0)
        told = office.rows_of_event(EventName.SETTING_CHANGED)
        office.agus.changes_setting("retention", keep_contacts_days=90)
        assert office.rows_of_event(EventName.SETTING_CHANGED) == told


def test_a_correction_after_an_erasure_counts_the_profile_once(office):
    transaction = served(office)
    before = office.row(SurveyTally, holder_id=0).profile
    erases(office)
    office.corrects(office.row(InvitationRow, transaction_id=transaction).id, **answer("Baik"))
    assert office.row(SurveyTally, holder_id=0).profile == before
