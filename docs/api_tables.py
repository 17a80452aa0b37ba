"""Write the tables of docs/api.md from the routes and their schemas: `python docs/api_tables.py`. A test compares."""

from pathlib import Path
from typing import Any

from desk.api import ROUTES
from desk.api.document import document

TARGET = Path(__file__).with_name("api.md")
BEGINS, ENDS = "## Field by field\n", "## Repeats\n"
HEAD = """Made from the OpenAPI document by `docs/api_tables.py`; a test compares the two. **Bold** fields are required.
Of several ways to name something (`service` or `services`, to whom) exactly one is given. Bounds and codes are in the
document.
"""


def page(text: str) -> str:
    """Return the page with its tables as the routes are now."""
    before, _, rest = text.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return f"{before}{BEGINS}{tables()}\n{ENDS}{after}"


def tables() -> str:
    """Return the tables of what is sent and what is read."""
    found = document(ROUTES)
    schemas = found["components"]["schemas"]
    sent, read = ["| request | scope | fields |", "|---|---|---|"], ["| request | fields of the answer |", "|---|---|"]
    for path, item in found["paths"].items():
        for method, operation in item.items():
            if method == "post":
                sent.append(f"| `POST {path}` | {_scope(operation)} | {_sent(operation, schemas)} |")
            else:
                read.append(f"| `GET {path}` | {_read(operation, schemas)} |")
    return "\n".join([HEAD, *sent, "", *read, ""])


def _scope(operation: dict[str, Any]) -> str:
    return str(operation["description"]).rpartition("Scope: ")[2].rstrip(".")


def _sent(operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    schema = _named(operation["requestBody"]["content"]["application/json"]["schema"], schemas)
    if not schema.get("properties"):
        return "none"
    fields = []
    for name, about in schema["properties"].items():
        each = _of_items(about, schemas)
        fields.append(f"{_field(name, schema)} (each {_fields(each)})" if each else _field(name, schema))
    return " ".join(fields)


def _read(operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    schema = _named(operation["responses"]["200"]["content"]["application/json"]["schema"], schemas)
    each = _of_items(schema["properties"].get("items", {}), schemas)
    if each:
        return "`items`, each " + " ".join(f"`{name}`" for name in each["properties"])
    return " ".join(f"`{name}`" for name in schema["properties"])


def _fields(schema: dict[str, Any]) -> str:
    return " ".join(_field(name, schema) for name in schema["properties"])


def _field(name: str, schema: dict[str, Any]) -> str:
    return f"**`{name}`**" if name in schema.get("required", ()) else f"`{name}`"


def _of_items(about: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any] | None:
    """Return the schema of what a list holds; None for what is no list of things with fields."""
    return _named(about["items"], schemas) if "$ref" in about.get("items", {}) else None


def _named(reference: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[reference["$ref"].rpartition("/")[2]]
    return found


if __name__ == "__main__":
    TARGET.write_text(page(TARGET.read_text()))
