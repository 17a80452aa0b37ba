"""The OpenAPI document says what the API does."""

from flask import Flask
from openapi_spec_validator import validate

from desk.api import ROUTES
from tests.fixtures.api import Api


def test_the_document_is_valid_and_open_to_all(api: Api) -> None:
    document = api.get("/openapi.json")
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_every_route_is_in_the_document(api: Api, web_app: Flask) -> None:
    document = api.get("/openapi.json")
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    served = {
        (method, rule.rule.removeprefix("/api/v1").replace("<int:id>", "{id}"))
        for rule in web_app.extensions["desk_api"].url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.openapi"
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    assert described == served
    assert len(described) == len(ROUTES)
