"""What was refused leaves a line that says who and what, with nobody's data, and no more lines than fit a disk."""

import json
import logging
from typing import Any

import pytest

from desk.logs import FACTS, JsonLines, TextLines
from desk.operations.accounts import security_log
from desk.operations.accounts.security_log import LINES_A_MINUTE, Alarm, Ration, tell
from tests.fixtures.api import Api
from tests.fixtures.web import Web
from tests.security.conftest import Things, ask

TYPED = "Wati Lestari wati.lestari@example.id"


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """What `desk.security` says, of which nothing was said in this minute."""
    monkeypatch.setattr(security_log, "RATION", Ration())
    caplog.set_level(logging.INFO, logger="desk.security")
    return caplog


def lines(told: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Return what was told since the last call."""
    found = [record.__dict__[FACTS] for record in told.records if record.name == "desk.security"]
    told.clear()
    return found


def test_every_refused_request_is_told(web: Web, api: Api, own: Things, foreign: Things, told: Any) -> None:
    """ASVS 16.3.2, 16.3.3: pages and API, rights and rules, forged forms, limits, and what is too long or unfit."""
    sari, here, office = web.as_("Sari"), f"/offices/{own['office_id']}", own["office_id"]
    lines(told)
    ask(web, "GET", f"{here}/counter?q={TYPED}")
    ask(web, "POST", f"{here}/duty/end", note=TYPED)
    assert [(each["alarm"], each["status"]) for each in lines(told)] == [("not_signed_in", 302), ("not_signed_in", 401)]
    ask(sari, "GET", f"{here}/today?q={TYPED}")
    assert lines(told) == [
        {"alarm": "not_allowed", "person": own.office.sari.id, "office": office, "method": "GET", "status": 403,
         "route": "/offices/<int:office_id>/today"}
    ]  # fmt: skip
    ask(sari, "POST", f"{here}/handoffs/{foreign['handoff_id']}/acceptance")
    assert [(each["alarm"], each["status"]) for each in lines(told)] == [("not_theirs", 404)]
    sari.client.post(f"{here}/duty/end", data={"note": TYPED})
    sari.client.post("/sign-in", data={"csrf_token": "x" * 300_000})
    assert [each["alarm"] for each in lines(told)] == ["forged", "too_long"]
    for _ in range(31):
        ask(web, "POST", "/sign-in", username="x", password="x")
    limited = lines(told)
    assert {each["alarm"] for each in limited} == {"limit"} and len(limited) == LINES_A_MINUTE

    stranger, program = Api(api.client, own.office, "desk_nonsense"), api.as_("Sari")
    stranger.get("/offices", status=401)
    program.post(f"/offices/{office}/day_closings", status=404)
    program.post(f"/transactions/{own['transaction_id']}/pauses", {"cause": TYPED}, status=422)
    program.get(f"/offices/{foreign['office_id']}/staff", status=404)
    assert [(each["alarm"], each.get("person")) for each in lines(told)] == [
        ("not_signed_in", None), ("not_theirs", None), ("unfit", own.office.sari.id), ("not_theirs", own.office.sari.id)
    ]  # fmt: skip
    assert TYPED not in told.text and "Wati" not in told.text


def test_a_rule_that_says_not_you_is_told_whichever_way_it_was_asked(web: Web, own: Things, told: Any) -> None:
    """The operation refuses, at the place that no page and no program goes around (ASVS 8.3.1, 16.3.2)."""
    joko = web.as_("Joko")
    lines(told)
    ask(joko, "POST", f"/offices/{own['office_id']}/handoffs/{own['handoff_id']}/acceptance")
    assert [(each["alarm"], each["person"], each["verb"], each["reason"]) for each in lines(told)] == [
        ("not_allowed", own.office.joko.id, "accept", "not_the_receiver")
    ]


def test_nobody_fills_the_log_and_nobodys_noise_hides_another(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(security_log, "RATION", Ration(lambda: now[0]))
    for _ in range(500):
        tell(Alarm.LIMIT, route="/sign-in")
    tell(Alarm.NOT_ALLOWED, person_id=7, route="/offices/<int:office_id>/today")
    found = lines(told)
    assert len(found) == LINES_A_MINUTE + 1 and found[-1]["person"] == 7
    now[0] = 61
    tell(Alarm.LIMIT, route="/sign-in")
    assert lines(told) == [{"left_out": 500 - LINES_A_MINUTE}, {"alarm": "limit", "route": "/sign-in"}]


def test_a_line_says_when_in_utc_what_and_where(told: Any) -> None:
    """ASVS 16.2.1, 16.2.2, 16.2.4, 16.4.1: both forms; no line is broken in two by what it quotes."""
    tell(Alarm.FORGED, person_id=3, route="/x")
    (record,) = told.records
    record.created, record.msecs = 1_772_413_200.5, 500.0
    assert TextLines().format(record) == (
        "2026-03-02T01:00:00.500Z WARNING desk.security: alarm=forged person=3 route=/x"
    )
    line = json.loads(JsonLines().format(record))
    assert line["time"] == "2026-03-02T01:00:00.500+00:00" and (line["alarm"], line["person"]) == ("forged", 3)
    odd = logging.getLogger("desk.x").makeRecord("desk.x", 30, "x", 1, "one\r\n2026 forged %s", ("\x1b[2J",), None)
    assert "\n" not in JsonLines().format(odd) and "\x1b" not in JsonLines().format(odd)
