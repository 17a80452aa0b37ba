"""What a request says beside its method and path, read from its WSGI environment."""

from typing import Any, Final

from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.http import parse_options_header
from werkzeug.wsgi import get_input_stream

from desk.operations.accounts.security_log import PERSON, TOKEN

JSON_TYPE: Final = "application/json"


class Incoming:
    """One request; its body is read when it is asked for, and once."""

    __slots__ = ("_body", "_environ", "_most")

    def __init__(self, environ: dict[str, Any], *, body_bytes: int) -> None:
        self._environ = environ
        self._most = body_bytes
        self._body: bytes | None = None

    def belongs_to(self, person_id: int | None, *, office_id: int, token_hash: str) -> None:
        """Leave word whose token of which office it brought, for who tells and counts what is refused."""
        self._environ[PERSON] = person_id
        self._environ[TOKEN] = (office_id, token_hash)

    @property
    def authorization(self) -> str:
        """What the caller shows to be let in."""
        found: str = self._environ.get("HTTP_AUTHORIZATION", "")
        return found

    @property
    def key(self) -> str | None:
        """The idempotency key, None without one."""
        return self._environ.get("HTTP_IDEMPOTENCY_KEY")

    def json(self) -> bytes:
        """Return the body, as it came; raise `HTTPException` for one too long, or one that is something else."""
        if self._body is None:
            self._body = self._read()
        if self._body and not self._is_json():
            raise UnsupportedMediaType("Send application/json.")
        return self._body

    def _read(self) -> bytes:
        told: str = self._environ.get("CONTENT_LENGTH", "")
        if told.isascii() and told.isdigit() and int(told) <= self._most:
            read: bytes = self._environ["wsgi.input"].read(int(told))
            return read
        return get_input_stream(self._environ, max_content_length=self._most).read()

    def _is_json(self) -> bool:
        told: str = self._environ.get("CONTENT_TYPE", "")
        return told == JSON_TYPE or parse_options_header(told)[0].lower() == JSON_TYPE
