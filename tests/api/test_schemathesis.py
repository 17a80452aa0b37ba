"""Schemathesis looks for requests that the API answers otherwise than its document says."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, assume, settings

from tests.fixtures.api import Api

schema = schemathesis.pytest.from_fixture("described")


@pytest.fixture
def database_kind() -> str:
    """One database is enough: what differs between the two is tested elsewhere."""
    return "sqlite"


@pytest.fixture
def described(web_app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", web_app)


@pytest.fixture
def budi(api: Api) -> Api:
    return api.as_("Budi")


def has_whole_fraction(found: Any) -> bool:
    """Tell whether a body has a number like 7.0: an integer to a JSON schema, and refused by us as an id."""
    match found:
        case dict():
            return any(map(has_whole_fraction, found.values()))
        case list():
            return any(map(has_whole_fraction, found))
        case _:
            return isinstance(found, float) and found.is_integer()


@schema.parametrize()
@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
def test_answers_as_the_document_says(case: Any, budi: Api) -> None:
    assume(not has_whole_fraction(case.body))
    case.call_and_validate(headers={"Authorization": f"Bearer {budi.token}"})
