"""What machines ask: alive, ready, and the figures; nobody is told more than they may know."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select, update

from desk.app import create_app
from desk.backups.folder import name_of
from desk.models import Delivery, Heartbeat
from desk.settings import Mail, Settings, Watching, load_settings
from desk.watching import readiness as looking
from desk.watching.heartbeat import EVERY, FORGOTTEN_AFTER, Heart
from desk.watching.readiness import Outlook, Readiness
from desk.watching.sharing import Sharing
from desk.watching.traffic import Traffic
from tests.fixtures.office import DeskOffice
from tests.fixtures.second_factors import phone_of
from tests.fixtures.web import Web
from tests.security.test_headers import database_away

TOKEN = "sebuah-kunci-yang-panjang"
KNOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Both, since what is asked of the database stands in these modules alone."""
    return str(request.param)


@pytest.fixture
def watched(desk_office: DeskOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """An installation with a token for the metrics, a mail server, a trail key, and a worker that goes round."""
    monkeypatch.setattr(looking, "KEPT_SECONDS", 0.0)
    settings = Settings(
        data=tmp_path / "data", database_url=desk_office.url, limits_url="memory://", testing=True,
        watching=Watching(token=TOKEN, disk_mib=1), mail=Mail(host="127.0.0.1"),
    )  # fmt: skip
    traffic = Traffic()
    app = create_app(settings, traffic=traffic, sharing=Sharing(traffic))
    app.extensions["desk"] = replace(app.extensions["desk"], streams=desk_office.streams)
    Heart(desk_office.engine).beat(desk_office.streams.clock())
    for key_id in {"chain-1", str(desk_office.head.key_id)}:
        (settings.data / "secrets" / key_id).touch()
    yield Web(app, desk_office, lambda html, *, path: None)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def failing(web: Web) -> list[str]:
    """Return what is not ready, and check that strangers are told no more than the names."""
    answer = web.client.get("/readyz")
    said = answer.get_json()
    assert set(said) == {"status", "failing"}
    assert answer.status_code == (503 if said["failing"] else 200)
    assert (said["status"] == "ok") == (not said["failing"])
    return list(said["failing"])


def figures(web: Web) -> dict[str, dict[tuple[str, ...], float]]:
    """Return the figures by name and by the values of their labels, parsed as Prometheus does."""
    answer = web.client.get("/metrics", headers=KNOWN)
    assert answer.status_code == 200
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.get_data(as_text=True)):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_alive_and_ready(watched: Web) -> None:
    alive = watched.get("/healthz")
    assert (alive.text.strip(), alive.queries) == ('{"status":"ok"}', 0)
    assert failing(watched) == []

    told = watched.client.get("/readyz", headers=KNOWN).get_json()
    assert [each["name"] for each in told["parts"]] == [
        "database", "revision", "worker", "deliveries", "trail-key", "second-factors", "disk", "limits",
    ]  # fmt: skip
    assert watched.client.get("/readyz", headers={"Authorization": "Bearer x"}).get_json().keys() == {
        "status", "failing",
    }  # fmt: skip


def test_alive_without_a_database_and_not_ready(watched: Web) -> None:
    with database_away(watched):
        assert watched.get("/healthz").text.strip() == '{"status":"ok"}'
        assert failing(watched) == ["database"]
        told = figures(watched)
        assert told["desk_ready"]["database",] == 0 and "desk_queue_waiting" not in told
    assert failing(watched) == []


def test_each_part_fails_by_itself(watched: Web, desk_office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    office, data = desk_office, watched.app.extensions["desk"].settings.data
    office.streams.clock.tick(121)
    assert failing(watched) == ["worker"]
    Heart(office.engine).beat(office.streams.clock())

    office.sari.signs_on()
    office.arrives("A", name="Wati", email="wati@example.org", consent=True)
    office.sari.completes(office.sari.serves())
    with office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(due_at=office.streams.clock() - timedelta(hours=2)))
    assert failing(watched) == ["deliveries"]
    # A try in vain moves the next one ahead, and mends nothing.
    tried = {"unreached": 9, "due_at": office.streams.clock() + timedelta(minutes=30)}
    with office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(queued_at=office.streams.clock() - timedelta(hours=2), **tried))
    assert failing(watched) == ["deliveries"]
    assert figures(watched)["desk_delivery_overdue_seconds"]["email",] == pytest.approx(7200, abs=5)
    # One that was tried in vain while a younger one went out has an address that takes nothing.
    office.arrives("A", name="Tono", email="tono@example.org", consent=True)
    office.sari.completes(office.sari.serves())
    younger = update(Delivery).where(Delivery.id == office.rows(Delivery)[-1].id)
    with office.streams.setting_up() as connection:
        connection.execute(younger.values(state="sent"))
    assert failing(watched) == []
    with office.streams.setting_up() as connection:
        connection.execute(younger.values(state="pending"))
    assert failing(watched) == ["deliveries"]
    with office.streams.setting_up() as connection:
        connection.execute(update(Delivery).values(state="dead"))
    assert failing(watched) == []

    key = data / "secrets" / str(office.head.key_id)
    key.rename(key.with_name("elsewhere"))
    assert failing(watched) == ["trail-key"]
    key.with_name("elsewhere").rename(key)

    phone_of(watched, "Sari")
    assert failing(watched) == []
    factors = data / "secrets" / "second-factors"
    factors.rename(factors.with_name("elsewhere"))
    assert failing(watched) == ["second-factors"]
    factors.with_name("elsewhere").rename(factors)

    monkeypatch.setattr(looking.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 0, "total": 1})())
    assert failing(watched) == ["disk"]


def test_a_database_of_another_revision(desk_office: DeskOffice, tmp_path: Path) -> None:
    """An older one has to be upgraded first; a newer one is what old processes meet beside new ones."""
    settings = Settings(data=tmp_path, database_url=desk_office.url)

    def names(revision: str, *known: str) -> list[str]:
        outlook = Outlook(desk_office.engine, lambda: revision, known.__contains__, lambda: True)
        return [each.name for each in Readiness(settings, outlook).parts() if not each.well]

    with desk_office.engine.connect() as connection:
        found = looking.find_revision(connection)
    assert found is not None
    assert names("9999", found) == ["revision"]
    assert "revision" not in names("0001")


def test_an_answer_comes_though_something_hangs(
    desk_office: DeskOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE_SECONDS", 0.2)
    over = threading.Event()
    outlook = Outlook(desk_office.engine, lambda: "0001", lambda name: False, lambda: over.wait(30))
    ready = Readiness(Settings(data=tmp_path, database_url=desk_office.url), outlook)
    try:
        assert [each.name for each in ready.parts()] == ["database"]
        assert [each.name for each in ready.parts()] == ["database"]  # at once: nobody begins a second time
    finally:
        over.set()


def test_the_figures_are_for_who_has_the_token(watched: Web, web: Web) -> None:
    assert web.client.get("/metrics", headers=KNOWN).status_code == 404
    # Proxies shut one address: no other spelling may lead there.
    assert {watched.client.get(f"/metrics{more}", headers=KNOWN).status_code for more in ("/", "//", "/x")} == {404}
    refused = watched.client.get("/metrics", headers={"Authorization": "Bearer something-else"})
    assert refused.status_code == 401 and refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert "desk_" not in refused.get_data(as_text=True)
    small = {"Authorization": KNOWN["Authorization"].replace("Bearer", "bearer")}
    assert watched.client.get("/metrics", headers=small).status_code == 200


def test_the_figures_tell_of_queues_messages_workers_and_disks(watched: Web, desk_office: DeskOffice) -> None:
    office, settings = desk_office, watched.app.extensions["desk"].settings
    office.arrives("A", name="Wati Lestari", email="wati@example.org", consent=True)
    office.streams.clock.tick(90)
    office.arrives("A")
    (settings.data / "backups").mkdir()
    (settings.data / "backups" / name_of(office.streams.clock() - timedelta(hours=3), encrypted=False)).touch()

    told = figures(watched)

    (queue,) = [each for each, waiting in told["desk_queue_waiting"].items() if waiting]
    assert set(queue) == {"kpknl", str(office.services["A"]), "A"} and told["desk_queue_waiting"][queue] == 2
    assert told["desk_queue_longest_wait_seconds"][queue] == pytest.approx(90, abs=5)
    assert len(told["desk_queue_waiting"]) == len(office.services)
    assert told["desk_deliveries_pending"] == {("email",): 0, ("phone",): 0}
    assert told["desk_backup_age_seconds"][()] == pytest.approx(3 * 3600, abs=5)
    assert told["desk_worker_age_seconds"][()] == pytest.approx(90, abs=5)
    assert told["desk_data_free_bytes"][()] > 0 and told["desk_ready"]["trail-key",] == 1
    (build,) = told["desk_build_info"]
    assert {"sqlite", "postgresql"} & set(build)
    text = watched.client.get("/metrics", headers=KNOWN).get_data(as_text=True)
    assert "Wati" not in text and "example.org" not in text and "Sari" not in text


def test_what_processes_counted_is_added_up(tmp_path: Path) -> None:
    mine, other, gone = Traffic(), Traffic(), Traffic()
    for traffic in (mine, other, gone):
        traffic.answered("GET", "/", 200, 0.02)
        traffic.streaming(1)
        traffic.locked(0.002)
        traffic.committed(0.003)
    other.answered("BREW", "", 404, 20.0)
    Sharing(other, tmp_path).write()
    dead = Sharing(gone, tmp_path)
    dead._file = tmp_path / "4194305-x.json"  # beyond the largest number of a process
    dead.write()
    (tmp_path / "1-half.json").write_text('{"requests":')

    together = Sharing(mine, tmp_path).totals()

    assert together.requests == {("GET", "/", 200): 3, ("other", "none", 404): 1}
    assert together.times["/"].seconds == pytest.approx(0.06) and together.times["none"].counts[-1] == 1
    assert sum(together.locks.counts) == sum(together.commits.counts) == 3
    assert together.streams == 2


def test_a_heart_beats_every_ten_seconds_and_forgets_who_is_gone(desk_office: DeskOffice) -> None:
    first, second, at = (
        Heart(desk_office.engine),
        Heart(desk_office.engine),
        datetime.fromisoformat("2026-03-02T01:00Z"),
    )
    assert first.beat(at) and not first.beat(at + EVERY / 2) and first.beat(at + EVERY)
    assert first.beat(at), "a clock that was set back"
    assert [each.started_at for each in beats(desk_office)] == [at]

    assert second.beat(at + FORGOTTEN_AFTER + EVERY)
    assert [each.at for each in beats(desk_office)] == [at + FORGOTTEN_AFTER + EVERY]


def beats(office: DeskOffice) -> list[Any]:
    """Return the workers that are known."""
    with office.streams.reading() as connection:
        return list(connection.execute(select(Heartbeat.__table__)).all())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DESK_METRICS_TOKEN": "pendek"}, "at least 20"),
        ({"DESK_METRICS_TOKEN": "dengan spasi yang panjang sekali"}, "without blanks"),
        ({"DESK_METRICS_TOKEN_FILE": "nowhere"}, "cannot be read"),
        ({"DESK_READY_WORKER": "soon"}, "DESK_READY_WORKER"),
    ],
)
def test_settings_that_cannot_be_meant(given: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        load_settings(given)
    assert "pendek" not in str(refused.value) and "spasi" not in str(refused.value)


def test_the_token_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    settings: Any = load_settings({"DESK_METRICS_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.watching.token == TOKEN and TOKEN not in repr(settings) and TOKEN not in json.dumps(repr(settings))
