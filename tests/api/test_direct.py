"""The two ways through the API, straight and through Flask, are one: the same answers, whichever is taken."""

from typing import Any

import pytest

from desk.api.direct import ID_DIGITS
from tests.fixtures.api import Api

Answer = tuple[int, dict[str, str], Any]
JSON = {"content_type": "application/json"}


def straight(api: Api, method: str, path: str, number: int, **options: Any) -> Answer:
    """Send a request whose id is short enough for the straight way."""
    return _answer(api, method, path.format(number), **options)


def through_flask(api: Api, method: str, path: str, number: int, **options: Any) -> Answer:
    """Send the same request with so many zeros before its id that Flask has to read it."""
    return _answer(api, method, path.format(f"{number:0{ID_DIGITS + 1}}"), **options)


def _answer(api: Api, method: str, path: str, *, key: str | None = None, **options: Any) -> Answer:
    headers = {"Authorization": f"Bearer {api.token}"} if api.token else {}
    headers |= {} if key is None else {"Idempotency-Key": key}
    answer = api.client.open(f"/api/v1{path}", method=method, headers=headers, **options)
    return answer.status_code, dict(answer.headers), answer.get_json(force=True)


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/offices/{}/services", {}, 200),
        ("GET", "/offices/{}/services", {"base_url": "https://desk.example"}, 200),
        ("GET", "/offices/{}/visits", {}, 405),
        ("GET", "/offices/{}/nothing", {}, 404),
        ("POST", "/offices/{}/visits", {"json": {"service": 999_999}}, 404),
        ("POST", "/offices/{}/visits", {"json": {"service": "one"}}, 422),
        ("POST", "/offices/{}/visits", {"data": b"{", **JSON}, 400),
        ("POST", "/offices/{}/visits", {"data": b"{}", "content_type": "text/plain"}, 415),
        ("POST", "/offices/{}/visits", {"data": b" " * 300_000, **JSON}, 413),
        ("POST", "/offices/{}/visits", {"json": {"service": 999_999}, "key": "k" * 81}, 400),
        ("POST", "/offices/{}/day-closings", {}, 403),
        ("POST", "/counters/{}/calls", {"json": {}}, 409),
    ],
)
def test_both_ways_say_the_same(api: Api, method: str, path: str, options: dict[str, Any], status: int) -> None:
    sari = api.as_("Sari")
    number = api.office.counters[1] if "counters" in path else api.office.id
    found = straight(sari, method, path, number, **options)
    assert found[0] == status
    assert found == through_flask(sari, method, path, number, **options)


def test_both_ways_want_a_token(api: Api) -> None:
    found = straight(api, "POST", "/offices/{}/visits", api.office.id, json={})
    assert found[0] == 401
    assert found == through_flask(api, "POST", "/offices/{}/visits", api.office.id, json={})


def test_a_repeat_gets_the_first_answer_whichever_way_it_comes(api: Api) -> None:
    sari, office = api.as_("Sari"), api.office
    body = {"service": office.services["A"]}
    first = straight(sari, "POST", "/offices/{}/visits", office.id, json=body, key="once")
    again = straight(sari, "POST", "/offices/{}/visits", office.id, json=body, key="once")
    assert again == through_flask(sari, "POST", "/offices/{}/visits", office.id, json=body, key="once")
    assert first[2] == again[2]
    assert first[1] | {"Idempotent-Replayed": "true"} == again[1]


def test_what_is_unexpected_is_answered_and_logged(
    api: Api, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    sari = api.as_("Sari")
    monkeypatch.setattr(api.office.streams, "_take", None)
    options = {"json": {"service": api.office.services["A"]}}
    found = straight(sari, "POST", "/offices/{}/visits", api.office.id, **options)
    assert found[0] == 500
    assert "Sari" not in caplog.text
    assert caplog.text.count("unexpected: builtins.TypeError") == 1
    assert found == through_flask(sari, "POST", "/offices/{}/visits", api.office.id, **options)
    assert caplog.text.count("unexpected: builtins.TypeError") == 2
