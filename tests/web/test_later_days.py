"""A later day in the forms of retention, reasons, who serves what and the logo; and plans of somebody who goes."""

from datetime import timedelta

from desk.domain.facts import EventName
from desk.models import Facility, HandoffReasonRow, OfficeLogo, Service, Skill
from desk.operations.settings.plannable import carry_out_due
from tests.fixtures.office import DeskOffice
from tests.fixtures.pictures import multipart, picture
from tests.fixtures.web import Answer, Web

PLANNED = "/offices/1/planned-changes"
LATER = "2026-03-09"
SKILLS = "/offices/1/administration/skills"
IDENTITY = "/offices/1/identity"


def in_english(web: Web, name: str) -> Web:
    browser = web.as_(name)
    browser.speak("en")
    return browser


def actions(page: Answer, end: str) -> list[str]:
    return [str(form.get("action")) for form in page.tree.named("form") if str(form.get("action")).endswith(end)]


def test_how_long_data_are_kept_from_a_later_day_on(web: Web, desk_office: DeskOffice) -> None:
    agus, path = in_english(web, "Agus"), "/offices/1/retention"
    past = agus.send(agus.get(path), path, status=422, since="2026-03-01", keep_notes_days="365")
    assert past.form(path)["keep_notes_days"] == "365"
    agus.send(agus.get(path), path, keep_notes_days="365", since=LATER)
    clash = agus.send(agus.get(path), path, status=409, keep_notes_days="1000", since="2026-03-10")
    assert "By that day it is planned to be “365”" in clash.said
    said = agus.get(PLANNED).said
    assert "How long data are kept" in said and "Days that notes are kept: 365" in said
    assert agus.get(path).form(path)["keep_notes_days"] == "1825"


def test_a_supervisor_plans_reasons_and_sees_no_plans_of_administrators(web: Web, desk_office: DeskOffice) -> None:
    budi, agus, path = in_english(web, "Budi"), in_english(web, "Agus"), "/offices/1/handoff-reasons"
    new = {"label_id": "Perlu juru bahasa", "label_en": "Needs an interpreter"}
    budi.send(budi.get(path), f"{path}/decline", **new, since=LATER)
    budi.send(budi.get(path), f"{path}/pause/visitor", retired="y", since=LATER)
    budi.send(budi.get(path), f"{path}/queue-place", place="anew", since=LATER)
    taken = budi.send(
        budi.get(path), f"{path}/decline", status=409, label_id="Lain", label_en="too BUSY at the moment", since=""
    )
    assert "in use already" in taken.said
    desk_office.agus.changes_setting("office", due=desk_office.today + timedelta(days=1), reopen_days=7)
    page = budi.get(PLANNED)
    for words in ("Reason for declining", "Needs an interpreter", "Waiting for the visitor", "How work is handed on"):
        assert words in page.said
    assert "Days in which" not in page.said and "Days in which" in agus.get(PLANNED).said
    assert "Cancelled" in budi.follow(budi.send(page, actions(page, "/cancellation")[0])).said
    assert desk_office.rows(HandoffReasonRow, code="needs_an_interpreter") == []
    changes = agus.get("/offices/1/changes-of-settings").said
    assert "retired:" not in agus.get(PLANNED).said + changes
    assert "A change was planned: What a paused transaction waits for" in changes


def test_who_serves_what_is_planned_in_the_table_of_a_day(web: Web, desk_office: DeskOffice) -> None:
    office, budi = desk_office, in_english(web, "Budi")
    sari, joko = (f"{each.id}-{office.services['C']}" for each in (office.sari, office.joko))
    page = budi.get(SKILLS)
    kept = [str(each.get("value")) for each in page.tree.named("input") if each.get("checked") is not None]
    typed = {"shown": page.form(SKILLS)["shown"], "serves": [*kept, sari]}
    wrong = budi.post(SKILLS, status=422, **typed, since="soon")
    assert f'value="{sari}" checked' in wrong.text and "Give the day as a date." in wrong.said
    budi.post(SKILLS, status=422, **typed, since="2026-03-01")
    done = budi.follow(budi.post(SKILLS, **typed, since=LATER))
    assert "1 assignment is planned to change on" in done.said
    assert f'value="{sari}" checked' not in done.text and f"{SKILLS}?day={LATER}" in done.text
    then = budi.get(f"{SKILLS}?day={LATER}")
    assert f'value="{sari}" checked' in then.text and then.form(SKILLS)["since"] == LATER
    budi.get(f"{SKILLS}?day=2026-02-30")
    back = {"shown": then.form(SKILLS)["shown"], "serves": [*kept, joko]}
    budi.post(SKILLS, **back, since="2026-03-10")  # for one day only
    said = budi.get(PLANNED).said
    assert "Are given visitors of: Sari: " in said and "Are no longer given visitors of: Sari: " in said
    changes = budi.get("/offices/1/changes-of-settings").said
    assert "A change was planned: Who serves what" in changes and "Sari: " in changes
    office.clock.tick(7 * 86_400)
    assert list(carry_out_due(office.streams, office.id).values()) == ["applied"]
    assert office.services["C"] in {row.service_id for row in everybody(office) if row.person_id == office.sari.id}


def test_limits_of_the_console_and_the_voice_from_a_later_day_on(web: Web, desk_office: DeskOffice) -> None:
    agus, budi, service = in_english(web, "Agus"), in_english(web, "Budi"), desk_office.services["B"]
    console, sounds = "/offices/1/console-settings", "/offices/1/call-sounds"
    of_service = f"{console}/services/{service}"
    wrong = budi.send(budi.get(console), of_service, status=422, no_show_calls="12", since=LATER)
    assert f'id="service-{service}-no_show_calls-error"' in wrong.text
    assert wrong.form(of_service)["no_show_calls"] == "12" and wrong.form(of_service)["since"] == LATER
    budi.send(budi.get(console), console, status=422, undo_s="20", since="2026-03-01")
    budi.send(budi.get(console), console, no_show_calls="3", since=LATER)
    budi.send(budi.get(console), of_service, no_show_calls="2", since=LATER)
    clash = budi.send(budi.get(console), console, status=409, no_show_calls="2", since=LATER)
    assert "By that day it is planned to be “3”" in clash.said
    budi.send(clash, console)  # looked at, and wanted so
    asked = budi.send(budi.get(console), of_service, status=409, no_show_calls="", since="2026-03-10")
    budi.send(asked, of_service)
    typed = {"languages": "none", "quiet_from": "21:30", "quiet_until": "07:00"}
    agus.send(agus.get(sounds), sounds, **typed, since=LATER)
    page = agus.send(agus.get(sounds), sounds, status=409, languages="en", since=LATER)
    assert "No voice, the chime alone" in page.said
    agus.send(agus.get(sounds), sounds, status=422, volume="50", since="2026-03-01")
    said = agus.get(PLANNED).said
    for words in (
        "Calls before a visitor has not come: 3",
        "Who does not come to a service · B",
        "Calls before a visitor has not come: As the office has it",
        "Languages in which calls are said: No voice, the chime alone",
        "No sound of calls from: 21:30",
    ):
        assert words in said, words
    assert "Languages in which calls" not in budi.get(PLANNED).said and "Who does not come" in budi.get(PLANNED).said
    assert agus.get(console).form(console)["no_show_calls"] == "1"
    desk_office.clock.tick(8 * 86_400)
    assert {*carry_out_due(desk_office.streams, desk_office.id).values()} == {"applied"}
    assert desk_office.row(Service, id=service).no_show_calls is None
    assert in_english(web, "Agus").get(console).form(console)["no_show_calls"] == "2"


def everybody(office: DeskOffice) -> list[Skill]:
    with office.streams.reading() as reader:
        return list(reader.execute(Skill.__table__.select()).all())  # type: ignore[arg-type]


def test_a_logo_comes_on_its_day_and_is_seen_before(web: Web, desk_office: DeskOffice) -> None:
    agus, action = in_english(web, "Agus"), f"{IDENTITY}/logo"
    fields = {**agus.get(IDENTITY).form(action), "csrf_token": agus.csrf_token()}
    for since, status in (("2026-03-01", 422), (LATER, 303)):
        body, kind = multipart({**fields, "since": since}, "logo", "logo.png", picture())
        assert agus.client.post(action, data=body, content_type=kind).status_code == status
    assert desk_office.rows(OfficeLogo) == []
    page = agus.get(PLANNED)
    (shown,) = (str(each.get("src")) for each in page.tree.named("img") if str(each.get("src")).endswith("/logo"))
    assert agus.client.get(shown).mimetype.startswith("image/") and "Picture: another picture" in page.said
    assert shown in agus.get(IDENTITY).text
    agus.send(agus.get(IDENTITY), f"{action}/removal", since="2026-03-10")
    assert "no logo" in agus.get(IDENTITY).said
    days = desk_office.agus.changes_setting("office", due=desk_office.today + timedelta(days=1), reopen_days=7)
    agus.get(f"{PLANNED}/{days.facts['planned']}/logo", status=404)
    in_english(web, "Budi").get(shown, status=403)


def test_the_survey_and_the_facilities_from_a_later_day_on(web: Web, desk_office: DeskOffice) -> None:
    office, agus = desk_office, in_english(web, "Agus")
    survey, facilities = "/offices/1/survey-settings", "/offices/1/facilities"
    share = f"s{office.services['B']}"
    agus.send(agus.get(survey), survey, go="save", percent="50", **{share: "0"}, since=LATER)
    clash = agus.send(agus.get(survey), survey, status=409, go="save", **{share: "30"}, since=LATER)
    assert "By that day it is planned to be" in clash.said and f'id="settings-{share}-error"' in clash.text
    agus.send(agus.get(survey), survey, status=422, go="save", percent="20", since="2026-03-01")
    place = f"{facilities}/{office.rows(Facility)[0].id}"
    agus.send(agus.get(facilities), place, owner=str(office.joko.id), since=LATER)
    agus.send(agus.get(facilities), "/offices/1/follow-up-rules", follow_up_days="5", since=LATER)
    new = {"name_id": "Parkir", "name_en": "Parking"}
    agus.send(agus.get(facilities), facilities, status=422, **new, since="2026-03-01")
    agus.send(agus.get(facilities), facilities, **new, since=LATER)
    said = agus.get(PLANNED).said
    for words in (
        f"(per cent), {office.row(Service, id=office.services['B']).name_en}",
        "Person in charge of a facility: Joko",
        "Working days to follow up: 5",
        "Parking",
    ):
        assert words in said, words
    assert "Joko" in agus.get("/offices/1/changes-of-settings").said
    assert len(office.rows_of_event(EventName.CHANGE_PLANNED)) == 4


def test_plans_of_somebody_who_goes_are_told_before_and_taken_over(web: Web, desk_office: DeskOffice) -> None:
    office, agus = desk_office, in_english(web, "Agus")
    office.budi.changes_setting("pause_cause", due=office.today + timedelta(days=1), code="visitor", retired=True)
    people, roles = "/offices/1/staff", f"/offices/1/staff/{office.budi.id}/roles"
    assert "1 change that Budi planned is still to come" in agus.get(people).said
    page = agus.get(roles)
    assert "Budi planned changes that are still to come" in page.said and "Waiting for the visitor" in page.said
    assert "planned changes" not in agus.get(f"/offices/1/staff/{office.dewi.id}/roles").said
    with office.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE memberships SET role = 'agent' WHERE role = 'supervisor' AND person_id = {office.budi.id}"
        )
    assert "1 planned change will be refused" in agus.get(people).said
    listed = agus.get(PLANNED)
    assert "Will be refused" in listed.said
    (action,) = actions(listed, "/takeover")
    done = agus.follow(agus.send(listed, action))
    assert "It is your plan now" in done.said and "Will be refused" not in done.said
    assert actions(done, "/takeover") == []
    assert "Taken over" in done.said and "Cancelled" not in done.said
    agus.follow(agus.send(listed, action))  # pressed twice
    assert "will be refused" not in agus.get(people).said
    office.clock.tick(86_400)
    assert list(carry_out_due(office.streams, office.id).values()) == ["applied"]
    assert office.findings() == []
