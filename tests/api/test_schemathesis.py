"""Schemathesis looks for requests that the API answers otherwise than its document says."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings

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


@schema.parametrize()
@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
def test_answers_as_the_document_says(case: Any, budi: Api) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {budi.token}"})
