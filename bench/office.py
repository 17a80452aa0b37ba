"""An office for the benchmark: services, 32 counters with officers on duty, and their tokens."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert

from desk.domain.access import Actor, Role
from desk.domain.hours import ALWAYS
from desk.domain.tokens import hash_of
from desk.models import ApiToken
from desk.models.engine import open_engine
from desk.operations import staffing
from desk.operations.opening import setting_up
from desk.operations.opening.setting_up import OfficePlan, PersonPlan, ServicePlan
from desk.operations.requests import Request
from desk.operations.stream import Streams
from desk.settings import Settings, load_keys, load_settings

OFFICERS = 41  # for 1, 8 and 32 clients, so that none finds a counter that another left with a visitor
SCOPES = "read visits:write work:write"


@dataclass(frozen=True)
class BenchOffice:
    """What the clients need to know."""

    id: int
    head_id: int
    services: list[int]
    counters: list[int]
    officers: list[int]
    tokens: list[str]


def environment(data: Path, database_url: str, port: int) -> dict[str, str]:
    """Return the environment in which the server of this benchmark runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
    given = {"DESK_DATA": str(data), "PORT": str(port), "DESK_BASE_URL": "http://127.0.0.1", "DESK_DEMO": "0"}
    return {**kept, **given, "DATABASE_URL": database_url}


def streams_of(environ: dict[str, str], *, at: datetime | None = None) -> tuple[Settings, Streams]:
    """Return the settings of an environment and the streams of its database; their clock stands at `at` if given."""
    settings = load_settings(environ)
    clock = (lambda: at) if at is not None else lambda: datetime.now(UTC)
    return settings, Streams(open_engine(settings.database), load_keys(settings), clock=clock)


def furnish(streams: Streams) -> BenchOffice:
    """Open the office and sign everybody on."""
    plan = OfficePlan("bench", "Bench", "Asia/Jakarta", no_show_calls=1, no_show_after_s=0)  # each call ends at once
    office_id = setting_up.open_office(streams, plan)
    calendar = setting_up.add_calendar(streams, office_id, "always", ALWAYS, since=date(2000, 1, 1))
    head = setting_up.enroll(streams, office_id, PersonPlan("head", "Head", (Role.SUPERVISOR,)))
    services = [
        setting_up.add_service(
            streams, office_id, ServicePlan(series, head, calendar, {"name_id": series, "name_en": series})
        )
        for series in "ABCDE"
    ]
    counters, officers, tokens = [], [], []
    for number in range(1, OFFICERS + 1):
        officer = setting_up.enroll(streams, office_id, PersonPlan(f"officer{number}", f"O{number}", (Role.AGENT,)))
        setting_up.add_skills(streams, officer, services)
        counter = setting_up.add_counter(streams, office_id, number, f"Loket {number}")
        staffing.sign_on(streams, counter, office_id, Request(Actor.staff(officer, Role.AGENT), "sign_on"))
        tokens.append(_token(streams, office_id, officer))
        counters.append(counter)
        officers.append(officer)
    return BenchOffice(office_id, head, services, counters, officers, tokens)


def _token(streams: Streams, office_id: int, person_id: int) -> str:
    token = f"desk_{secrets.token_urlsafe(32)}"
    row = {"token_hash": hash_of(token), "name": "bench", "person_id": person_id, "office_id": office_id}
    with streams.setting_up() as connection:
        connection.execute(insert(ApiToken), {**row, "role": "agent", "scopes": SCOPES, "created_at": streams.clock()})
    return token


def size_on_disk(data: Path) -> int:
    """Return the bytes of a data folder."""
    total = 0
    for path in data.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total
