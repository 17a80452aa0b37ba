"""The page of the survey settings: for administrators, in both languages, with what a change would mean."""

import pytest
from sqlalchemy import select

from desk.domain.asking_rules import AskingSettings
from desk.domain.facts import EventName
from desk.models import Office, Service
from desk.reads.survey_settings import Past, estimate, get_settings
from tests.fixtures.office import DeskOffice
from tests.fixtures.web import Web, everything


@pytest.fixture
def path(desk_office: DeskOffice) -> str:
    """The address of the page."""
    return f"/offices/{desk_office.id}/survey-settings"


def serve(office: DeskOffice, count: int, **said: object) -> None:
    for _ in range(count):
        office.arrives("A", **said)
        office.sari.completes(office.sari.serves())


def settings_of(office: DeskOffice) -> AskingSettings:
    with office.streams.reading() as connection:
        return get_settings(connection, office.id)


@pytest.mark.parametrize(("language", "heading"), [("id", "Pengaturan survei"), ("en", "Survey settings")])
def test_in_both_languages(web: Web, path: str, language: str, heading: str) -> None:
    agus = web.as_("Agus")
    agus.speak(language)
    page = agus.get(path)

    assert heading in page.said
    assert page.queries <= 25


def test_saving_writes_what_was_typed_and_says_so(web: Web, desk_office: DeskOffice, path: str) -> None:
    agus = web.as_("Agus")
    before = desk_office.happened()
    service = desk_office.services["B"]
    typed = {
        "percent": "20",
        "rest_days": "30",
        "monthly": "2",
        "delay": "90",
        "phone_delay": "2",
        "phone_first": "y",
        "valid_days": "10",
        "reminder_days": "3",
        "tablet_seconds": "90",
    }
    typed |= {"quiet_from": "21:00", "quiet_until": "07:00", "working_days": "y", "unserved": "y", "link_on": None}
    done = agus.send(agus.get(path), path, go="save", **{f"s{service}": "0"}, **typed)

    assert settings_of(desk_office) == AskingSettings(
        survey_on=True,
        survey_link_on=False,
        survey_unserved=True,
        survey_percent=20,
        survey_rest_days=30,
        survey_monthly=2,
        survey_delay_s=5400,
        survey_valid_days=10,
        survey_quiet_from=1260,
        survey_quiet_until=420,
        survey_working_days=True,
        survey_reminder_days=3,
        survey_phone_delay_s=120,
        survey_phone_first=True,
        survey_tablet_s=90,
    )
    with desk_office.streams.reading() as connection:
        assert connection.execute(select(Service.survey_percent).where(Service.id == service)).scalar_one() == 0
        assert connection.execute(select(Office.survey_percent)).scalar_one() == 20
    told = agus.follow(done)
    assert told.form(path)["quiet_from"] == "21:00"
    assert desk_office.happened()[len(before) :] == [EventName.SETTING_CHANGED.value] * 15
    assert desk_office.findings() == []
    # The same once more changes nothing, and says so.
    assert "Tidak ada yang diubah" in agus.follow(agus.send(told, path, go="save")).said
    assert desk_office.happened()[len(before) :] == [EventName.SETTING_CHANGED.value] * 15


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": "101"},
        {"percent": "-1"},
        {"percent": "ten"},
        {"percent": ""},
        {"rest_days": "367"},
        {"monthly": "32"},
        {"delay": "10081"},
        {"phone_delay": "10081"},
        {"phone_delay": ""},
        {"valid_days": "0"},
        {"valid_days": "91"},
        {"tablet_seconds": "14"},
        {"tablet_seconds": "601"},
        {"reminder_days": "31"},
        {"reminder_days": "14"},
        {"quiet_from": "21:00"},
        {"quiet_from": "21:00", "quiet_until": "21:00"},
        {"quiet_from": "25:00", "quiet_until": "07:00"},
        {"s2": "101"},
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    web: Web, desk_office: DeskOffice, path: str, wrong: dict[str, str]
) -> None:
    agus = web.as_("Agus")
    agus.speak("en")
    page = agus.get(path)
    wrong = {name.replace("s2", f"s{desk_office.services['B']}"): value for name, value in wrong.items()}
    before = settings_of(desk_office)
    refused = agus.send(page, path, status=422, go="save", **wrong)

    assert refused.text.count("field-error") >= 1
    assert settings_of(desk_office) == before


def test_a_preview_says_what_it_would_mean_and_changes_nothing(web: Web, desk_office: DeskOffice, path: str) -> None:
    desk_office.sari.signs_on(1)
    serve(desk_office, 8)
    serve(desk_office, 2, email="siti@example.id", consent=True)
    desk_office.leaves(desk_office.arrives("A").facts["visit"])
    agus = web.as_("Agus")
    agus.speak("en")
    page = agus.get(path)
    assert "about 10 of 11 transactions of the last 30 days" in page.said
    before = everything(desk_office)

    shown = agus.send(page, path, status=200, go="preview", percent="50", link_on=None)
    assert "about 1 of 11 transactions" in shown.said
    assert "it is about 10" in shown.said
    assert shown.form(path)["percent"] == "50"
    after = everything(desk_office)
    assert {name for name in after if after[name] != before[name]} <= {"staff_sessions"}


def test_how_many_want_no_questions_but_not_who(web: Web, desk_office: DeskOffice, path: str) -> None:
    desk_office.sari.signs_on(1)
    serve(desk_office, 1, email="siti@example.id", consent=True)
    with desk_office.streams.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO survey_blocks (office_id, digest, kind, since) SELECT office_id, digest, 'opted_out', asked_at"
            " FROM survey_askings"
        )
    agus = web.as_("Agus")
    agus.speak("en")
    page = agus.get(path)

    assert "1 e-mail address or phone number belongs to somebody who wants no questions" in page.said
    assert "siti" not in page.text


@pytest.mark.parametrize("who", ["Budi", "Ratna", "Sari"])
def test_nobody_else_opens_it(web: Web, path: str, who: str) -> None:
    web.as_(who).get(path, status=403)


def test_the_estimate_is_the_share_of_those_who_would_be_asked() -> None:
    past = [Past(1, True, True, 100), Past(1, True, False, 50), Past(2, True, True, 40), Past(1, False, True, 10)]

    assert estimate(past, AskingSettings(), {}).asked == 190
    assert estimate(past, AskingSettings(survey_unserved=True), {}).asked == 200
    assert estimate(past, AskingSettings(survey_link_on=False), {2: 0}).asked == 100
    assert estimate(past, AskingSettings(survey_percent=10), {2: 50}).asked == 35
    assert estimate(past, AskingSettings(survey_on=False), {}).asked == 0
