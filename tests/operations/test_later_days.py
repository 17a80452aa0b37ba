"""What else takes effect on a later day: retention, reasons, who serves what, the logo; and whose plans they are."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update

from desk.domain.access import Actor, Role
from desk.domain.call_sounds import CallSounds
from desk.domain.facts import EventName
from desk.domain.refusals import Reason
from desk.domain.slips import NoShowRule
from desk.models import (
    Facility,
    HandoffReasonRow,
    Membership,
    OfficeLogo,
    PauseCauseRow,
    Person,
    PlannedChange,
    PlannedLogo,
    Service,
)
from desk.operations.requests import Request
from desk.operations.settings import identity, keeping_skills, planned
from desk.operations.settings.identity import Logo
from desk.operations.settings.plannable import carry_out_due
from desk.operations.settings.survey_settings import written
from desk.reads.call_sounds import get_call_sounds
from desk.reads.erasures import get_retention_rules
from desk.reads.follow_up_rules import get_follow_up_rules
from desk.reads.planned import count_to_look_at, list_ended, list_waiting, list_waiting_of
from desk.reads.planned_skills import pairs_on
from desk.reads.service_sheets import list_pairs
from desk.reads.survey_settings import get_settings

ON_ONE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
DAY = 86_400
NEW, NEWER = (Logo(each, "image/png", 4, 2) for each in (b"(new picture)", b"(newer picture)"))


def tomorrow(office):
    return office.today + timedelta(days=1)


def next_day(office):
    """Let the day come; return what became of the plans."""
    office.clock.tick(DAY)
    return list(carry_out_due(office.streams, office.id).values())


def waiting(office):
    with office.streams.reading() as reader:
        return list_waiting(reader, office.id)


def why(office):
    with office.streams.reading() as reader:
        return next(each.refused for each in list_ended(reader, office.id) if each.refused).reason


def gives(office, who, *roles):
    """Give somebody these roles and no others, past the desk."""
    with office.engine.begin() as connection:
        mine = Membership.__table__.c.person_id == who.id
        connection.execute(delete(Membership).where(mine))
        rows = [{"person_id": who.id, "office_id": office.id, "role": role.value} for role in roles]
        connection.execute(insert(Membership), rows)


def plans_days(office, who):
    """Let somebody plan in the role of an administrator."""
    asked, values = Request(Actor.staff(who.id, Role.ADMIN), "plan"), {"reopen_days": 7}
    return planned.plan(office.streams, office.id, asked, kind="office", subject=0, values=values, due=tomorrow(office))


def test_how_long_data_are_kept(desk_office):
    office = desk_office
    with office.refuses(Reason.FORBIDDEN):
        office.budi.changes_setting("retention", due=tomorrow(office), keep_notes_days=365)
    with office.refuses(Reason.INVALID, field="keep_notes_days"):
        office.agus.changes_setting("retention", due=tomorrow(office), keep_notes_days=29)
    office.agus.changes_setting("retention", due=tomorrow(office), keep_notes_days=365, keep_voices_days=0)
    with office.streams.reading() as reader:
        before = get_retention_rules(reader, office.id)
    assert next_day(office) == ["applied"]
    with office.streams.reading() as reader:
        after = get_retention_rules(reader, office.id)
    assert (before.keep_notes_days, after.keep_notes_days, after.keep_voices_days) == (1_825, 365, 0)
    assert after.keep_contacts_days == before.keep_contacts_days


def test_reasons_of_every_list_and_how_work_is_handed_on_by_a_supervisor(desk_office):
    office, due = desk_office, tomorrow(desk_office)
    new = {"label_id": "Perlu juru bahasa", "label_en": "Needs an interpreter", "needs_note": True}
    office.budi.changes_setting("handoff_reason", due=due, **new)
    office.budi.changes_setting("decline_reason", due=due, **new)
    office.budi.changes_setting("pause_cause", due=due, code="visitor", retired=True)
    office.budi.changes_setting("handing_on", due=due, handover_expires_s=7_200, handoff_keeps_arrival=False)
    for wrong in ({"handover_expires_s": 100}, {"handover_expires_s": 81 * 3600}, {"handoff_keeps_arrival": 1}, {}):
        with office.refuses(Reason.INVALID):
            office.budi.changes_setting("handing_on", due=due, **wrong)
    for kind, values in (("pause_cause", new), ("handoff_reason", {**new, "retired": True}), ("decline_reason", {})):
        with office.refuses(Reason.INVALID):
            office.budi.changes_setting(kind, due=due, **values)
    with office.refuses(Reason.UNKNOWN):
        office.budi.changes_setting("decline_reason", due=due, code="visitor", retired=True)
    with office.refuses(Reason.FORBIDDEN):
        office.sari.changes_setting("handoff_reason", due=due, **new)
    assert [each.in_danger for each in waiting(office)] == [False] * 4

    assert next_day(office) == ["applied"] * 4
    made = office.rows(HandoffReasonRow, code="needs_an_interpreter")
    assert {(row.kind, row.needs_note, row.retired) for row in made} == {
        ("handoff", True, False), ("decline", True, False)
    }  # fmt: skip
    assert office.row(PauseCauseRow, code="visitor").retired
    with office.streams.reading() as reader:
        kept = office.streams.configuration(reader, office.id).rules
    assert (kept.handover_expires_s, kept.handoff_keeps_arrival) == (7_200, False)


def test_who_serves_what_for_one_day_and_not_after_somebody_left(desk_office):
    office = desk_office
    (a, _, c), sari, joko = office.services.values(), office.sari.id, office.joko.id

    def keeps(who, *, add=(), drop=(), due):
        with office.streams.reading() as reader:
            shown = pairs_on(reader, office.id, list_pairs(reader, office.id), due)
        ticked = (shown | {*add}) - {*drop}
        asked = who.asks("keep_skills", add=sorted(add), drop=sorted(drop), due=str(due))
        return keeping_skills.keep_skills(office.streams, office.id, asked, shown=shown, ticked=ticked, due=due)

    first, second = tomorrow(office), tomorrow(office) + timedelta(days=1)
    done = keeps(office.budi, add=[(sari, c)], drop=[(sari, a)], due=first)
    assert done.facts["added"] == done.facts["removed"] == 1
    keeps(office.agus, add=[(sari, a)], drop=[(sari, c)], due=second)  # from the table as it will be then
    with office.refuses(Reason.ALREADY_DONE):
        keeps(office.budi, add=[(sari, c)], due=first)
    with office.refuses(Reason.FORBIDDEN):
        keeps(office.sari, add=[(joko, a)], due=first)
    with office.refuses(Reason.DATE_OUT_OF_RANGE):
        keeps(office.budi, add=[(joko, a)], due=office.today - timedelta(days=1))
    for wrong in ({"added": [[sari]], "removed": []}, {"added": 1, "removed": []}, {"added": []}):
        with office.refuses(Reason.INVALID):
            office.budi.changes_setting("skills", due=first, **wrong)
    assert office.rows_of_event(EventName.SKILL_CHANGED) == []

    keeps(office.budi, add=[(joko, a)], due=second)
    assert next_day(office) == ["applied"]
    with office.streams.reading() as reader:
        now = list_pairs(reader, office.id)
    assert (sari, c) in now and (sari, a) not in now
    told = [json.loads(row.payload) for row in office.rows_of_event(EventName.SKILL_CHANGED)]
    assert [(each["service"], each["to"]) for each in told] == [(c, True), (a, False)]
    assert {each["planned"] for each in told} == {done.facts["planned"]}

    office.agus.deactivates(office.joko)
    assert next_day(office) == ["applied", "refused"] and why(office) is Reason.UNKNOWN
    with office.streams.reading() as reader:
        assert (sari, a) in list_pairs(reader, office.id) and (joko, a) not in list_pairs(reader, office.id)


def test_the_logo_comes_and_goes_and_a_picture_that_was_exchanged_does_not_come(desk_office):
    office, due = desk_office, tomorrow(desk_office)

    def changes(logo, *, due=None, who=None):
        digest = None if logo is None else logo.digest
        asked = (who or office.agus).asks("change_logo", logo=digest, due=str(due))
        return identity.change_logo(office.streams, office.id, asked, logo, due=due)

    with office.refuses(Reason.FORBIDDEN):
        changes(NEW, due=due, who=office.budi)
    with office.refuses(Reason.ALREADY_DONE):
        changes(None, due=due)
    changes(NEW, due=due)
    with office.refuses(Reason.ALREADY_DONE):
        changes(NEW, due=due + timedelta(days=1))
    changes(None, due=due + timedelta(days=1))
    changes(NEW, due=due + timedelta(days=2))  # the same picture is kept once
    changes(NEWER, due=due + timedelta(days=3))
    assert office.rows(OfficeLogo) == [] and len(office.rows(PlannedLogo)) == 2
    assert next_day(office) == ["applied"] and office.row(OfficeLogo).content == NEW.content
    assert next_day(office) == ["applied"] and office.rows(OfficeLogo) == []
    assert next_day(office) == ["applied"]
    with office.engine.begin() as connection:
        other = update(PlannedLogo).where(PlannedLogo.digest == NEWER.digest)
        connection.execute(other.values(content=b"(another picture)"))
    assert next_day(office) == ["refused"] and why(office) is Reason.PLAN_ALTERED
    assert office.row(OfficeLogo).digest == NEW.digest
    for wrong in ({"logo": "f" * 64}, {"logo": 7}, {}):
        with office.refuses(Reason.INVALID):
            office.agus.changes_setting("office_logo", due=tomorrow(office), **wrong)


@ON_ONE
def test_the_survey_its_follow_ups_and_the_facilities(desk_office):
    office, due = desk_office, tomorrow(desk_office)
    toilet = office.rows(Facility)[0]
    service = office.services["B"]
    office.agus.changes_setting("survey", due=due, survey_percent=50, **written({service: 0}))
    office.agus.changes_setting("survey", due=due, survey_reminder_days=20)  # the link will have expired by then
    office.agus.changes_setting("follow_up_rules", due=due, follow_up_days=5, late_mail=False)
    office.agus.changes_setting("facility", subject=toilet.id, due=due, owner_id=office.joko.id, name_en="Toilets")
    office.agus.changes_setting("facility", due=due, name_id="Parkir", name_en="Parking", owner_id=None)
    for kind, values in (
        ("survey", {"survey_percent": 101}),
        ("follow_up_rules", {"follow_up_days": 0}),
        ("follow_up_rules", {"late_mail": 1}),
        ("facility", {"name_id": "", "name_en": "x", "owner_id": None}),
    ):
        with office.refuses(Reason.INVALID):
            office.agus.changes_setting(kind, due=due, **values)
    assert sorted(next_day(office)) == ["applied"] * 4 + ["refused"] and why(office) is Reason.INVALID
    with office.streams.reading() as reader:
        settings, rules = get_settings(reader, office.id), get_follow_up_rules(reader, office.id)
    assert (settings.survey_percent, settings.survey_reminder_days) == (50, 0)
    assert (rules.follow_up_days, rules.late_mail) == (5, False)
    assert office.row(Service, id=service).survey_percent == 0
    changed = office.row(Facility, id=toilet.id)
    assert (changed.owner_id, changed.name_en, changed.name_id) == (office.joko.id, "Toilets", toilet.name_id)
    assert office.row(Facility, name_en="Parking").owner_id is None


@ON_ONE
class TestTakingOver:
    def test_a_plan_outlives_the_role_of_who_made_it(self, desk_office):
        office, due = desk_office, tomorrow(desk_office)
        gives(office, office.dewi, Role.ADMIN, Role.AGENT)
        plan = plans_days(office, office.dewi).facts["planned"]
        own = office.budi.changes_setting("pause_cause", due=due, code="visitor", retired=True).facts["planned"]
        gives(office, office.dewi, Role.AGENT)
        assert [each.in_danger for each in waiting(office)] == [True, False]
        with office.streams.reading() as reader:
            assert count_to_look_at(reader, office.id, now=office.clock()) == 1
            assert count_to_look_at(reader, office.id, now=office.clock(), kinds={"pause_cause"}) == 0
            assert [each.id for each in list_waiting_of(reader, office.id, office.dewi.id)] == [plan]

        def takes_over(who, change_id, key=None):
            asked = who.asks("take_over_change", key, change=change_id)
            return planned.take_over(office.streams, office.id, change_id, asked)

        with office.refuses(Reason.FORBIDDEN):
            takes_over(office.budi, plan)
        with office.refuses(Reason.ALREADY_DONE):
            takes_over(office.budi, own)
        new = takes_over(office.agus, plan, "k").facts["planned"]
        assert takes_over(office.agus, plan, "k").repeated
        with office.refuses(Reason.NOT_POSSIBLE_NOW):
            takes_over(office.agus, plan)
        with office.refuses(Reason.UNKNOWN):
            takes_over(office.agus, 7)
        mine = {each.id: each for each in waiting(office)}
        assert {*mine} == {own, new}
        assert (mine[new].planned_by, mine[new].due, mine[new].values) == ("Agus", due, {"reopen_days": 7})
        told = json.loads(office.rows_of_event(EventName.CHANGE_PLANNED)[-1].payload)
        assert told["instead_of"] == plan
        takes_over(office.agus, own)
        assert next_day(office) == ["applied", "applied"]

    def test_what_was_altered_is_not_taken_over(self, desk_office):
        office = desk_office
        gives(office, office.dewi, Role.ADMIN)
        plan = plans_days(office, office.dewi).facts["planned"]
        row = office.row(PlannedChange, id=plan)
        with office.engine.begin() as connection:
            connection.execute(update(PlannedChange).values(wanted='{"reopen_days": 366}'))
        with office.refuses(Reason.PLAN_ALTERED):
            planned.take_over(office.streams, office.id, plan, office.agus.asks("take_over"))
        with office.engine.begin() as connection:
            connection.execute(update(PlannedChange).values(wanted=row.wanted))

    def test_a_supervisor_takes_back_what_supervisors_may_plan(self, desk_office):
        office, due = desk_office, tomorrow(desk_office)
        reason = office.agus.changes_setting("pause_cause", due=due, code="visitor", retired=True).facts["planned"]
        days = office.agus.changes_setting("office", due=due, reopen_days=7).facts["planned"]
        planned.cancel(office.streams, office.id, reason, office.budi.asks("cancel"))
        with office.refuses(Reason.FORBIDDEN):
            planned.cancel(office.streams, office.id, days, office.budi.asks("cancel"))
        assert [each.id for each in waiting(office)] == [days]
        with office.engine.begin() as connection:
            connection.execute(update(Person).where(Person.id == office.agus.id).values(disabled_at=office.clock()))
        assert next_day(office) == ["refused"] and why(office) is Reason.FORBIDDEN


@ON_ONE
def test_when_somebody_has_not_come_and_how_calls_are_heard(desk_office):
    office, service = desk_office, desk_office.services["B"]
    for who, kind, subject, values in (
        (office.sari, "console_limits", 0, {"undo_s": 20}),
        (office.sari, "service_limits", service, {"no_show_calls": 2}),
        (office.budi, "call_sounds", 0, {"sound_volume": 40}),
    ):
        with office.refuses(Reason.FORBIDDEN):
            who.changes_setting(kind, subject=subject, due=tomorrow(office), **values)
    for kind, subject, field, values in (
        ("console_limits", 0, "no_show_calls", {"no_show_calls": 0}), ("console_limits", 0, "undo_s", {"undo_s": True}),
        ("console_limits", 0, "no_show_calls", {"reopen_days": 3}), ("console_limits", 0, "undo_s", {"undo_s": None}),
        ("service_limits", service, "no_show_calls", {}), ("service_limits", service, "no_show_calls", {"undo_s": 3}),
        ("call_sounds", 0, "languages", {"voice_languages": ["x"]}), ("call_sounds", 0, "volume", {"sound_volume": ""}),
        ("call_sounds", 0, "languages", {"voice_languages": "id"}), ("call_sounds", 0, "times", {"voice_times": True}),
        ("call_sounds", 0, "languages", {}), ("call_sounds", 0, "quiet_from", {"sound_quiet_from": 1440}),
    ):  # fmt: skip
        for due in (None, tomorrow(office)):
            with office.refuses(Reason.INVALID, field=field):
                office.agus.changes_setting(kind, subject=subject, due=due, **values)
    with office.refuses(Reason.UNKNOWN):
        office.budi.changes_setting("service_limits", subject=999, due=tomorrow(office), no_show_calls=2)

    office.budi.changes_setting("console_limits", due=tomorrow(office), no_show_calls=3, undo_s=20)
    office.budi.changes_setting("service_limits", subject=service, due=tomorrow(office), no_show_calls=2)
    office.agus.changes_setting("call_sounds", due=tomorrow(office), voice_languages=[], sound_quiet_from=1200)
    before = len(office.rows_of_event(EventName.SETTING_CHANGED))
    assert next_day(office) == ["applied"] * 3
    with office.streams.reading() as reader:
        found = office.streams.configuration(reader, office.id)
        assert get_call_sounds(reader, office.id) == CallSounds((), quiet_from=1200)
    assert (found.no_show(service), found.rules.no_show, found.rules.undo_s) == (NoShowRule(2, 0), NoShowRule(3, 0), 20)
    told = [json.loads(row.payload) for row in office.rows_of_event(EventName.SETTING_CHANGED)[before:]]
    assert {each["setting"] for each in told} == {
        "no_show_calls", "undo_s", "service_no_show_calls", "voice_languages", "sound_quiet_from"
    }  # fmt: skip
    assert all(each["planned"] for each in told)
    office.budi.changes_setting("service_limits", subject=service, no_show_calls=None)
    assert office.row(Service, id=service).no_show_calls is None
    assert office.findings() == []
