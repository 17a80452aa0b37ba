"""The way out to phones: any gateway for SMS or WhatsApp that takes one HTTP request for one message.

Which answer means what: 401, 402, 403, 404, 405 and 429 concern our settings or our account, and 5xx the gateway
itself, so messages wait; every other 4xx concerns this message. Where nobody can tell whether the message was taken
(the request was on its way; 5xx but for 502 and 503) the attempt counts: a message that is repeated costs money. A
redirection is not followed: a secret goes with the request.
The connection is opened for each message: gateways close idle ones, and a repeat on a dead one could send twice.
"""

import http.client
import json
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from desk.delivery.sending import Interrupted, NoSuchMailbox, Postponed, Rejected, SendingFailed, Unreachable
from desk.settings_messages import Gateway

LONGEST_ANSWER: Final = 64 * 1024
LONGEST_ID: Final = 120
_OURS: Final = frozenset({401, 402, 403, 404, 405, 429})
_AWAY: Final = frozenset({502, 503})
_REDIRECTED, _REFUSED, _FAILED = 300, 400, 500
_PLACE: Final = re.compile(r"\{(to|text|id)\}")
_WORD: Final = re.compile(r"[a-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class PhoneMessage:
    """One message to one number (E.164); `id` is always the same one, so that a gateway can know a repeat."""

    to: str = field(repr=False)
    text: str = field(repr=False)
    id: str

    @property
    def values(self) -> Mapping[str, str]:
        """What is filled in."""
        return {"to": self.to, "text": self.text, "id": self.id}


class GatewaySender:
    """Sends through a gateway; raises `ValueError` at once for a body that is neither JSON nor fields."""

    def __init__(self, settings: Gateway) -> None:
        self._settings = settings
        self._address = urlsplit(settings.url)
        self._body, self._kind = _body_of(settings.body)

    def send(self, message: PhoneMessage) -> str | None:
        """Send a message; returns the gateway's id for it, None where it gives none. Raises `SendingFailed`."""
        try:
            status, answer = self._post(self._body(message.values))
        except (OSError, http.client.HTTPException) as error:
            raise Interrupted(_words(error)) from None
        failure = _failure(self._settings, status, answer)
        if failure is not None:
            raise failure
        return provider_id(answer, self._settings.id_path)

    def close(self) -> None:
        """There is no connection to end."""

    def _post(self, body: bytes) -> tuple[int, str]:
        connection = self._connection()
        try:
            path = self._address._replace(scheme="", netloc="", fragment="").geturl() or "/"
            headers = {"Content-Type": self._kind, "Accept": "application/json", **dict(self._settings.headers)}
            _connect(connection)
            connection.request(self._settings.method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port, timeout = self._address.hostname or "", self._address.port, self._settings.timeout_s
        if self._address.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=timeout)


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(_words(error)) from None


def provider_id(answer: str, path: str) -> str | None:
    """Return what stands in a JSON answer at a path (`messages.0.id`); None where nothing of use does."""
    try:
        found = at_path(json.loads(answer), path)
    except ValueError:
        return None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    text = str(found).strip()
    return text if 0 < len(text) <= LONGEST_ID and text.isprintable() else None


def at_path(document: Any, path: str) -> Any:
    """Return what stands at a path of keys and places joined by dots; None where nothing does."""
    for step in path.split("."):
        match document:
            case dict():
                document = document.get(step)
            case list() if step.isdecimal() and int(step) < len(document):
                document = document[int(step)]
            case _:
                return None
    return document


def says(answer: str, words: frozenset[str]) -> bool:
    """Tell whether one of the words stands in an answer, as a whole word."""
    return not words.isdisjoint(_WORD.findall(answer.lower()))


def _failure(settings: Gateway, status: int, answer: str) -> SendingFailed | None:
    said = f"{status} {answer}".strip()
    # Some say with a 200 that they will not send.
    if status not in _OURS and says(answer, settings.unknown_number):
        return NoSuchMailbox(said)
    if status in settings.success or (not settings.success and status < _REDIRECTED):
        return None
    if status in _OURS or status in _AWAY or status < _REFUSED:
        return Unreachable(said)
    if status >= _FAILED:
        return Interrupted(said)
    return Postponed(said) if status in (408, 409, 425) else Rejected(said)


def _words(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error)
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _body_of(template: str) -> tuple[Callable[[Mapping[str, str]], bytes], str]:
    """Return what fills a body in, and its media type; values are filled into texts, never into the syntax."""
    if template.startswith(("{", "[")):
        document = json.loads(template)
        return (lambda values: json.dumps(_filled(document, values)).encode()), "application/json"
    fields = parse_qsl(template, strict_parsing=True, keep_blank_values=True)
    return (
        lambda values: urlencode([(name, _filled(value, values)) for name, value in fields]).encode(),
        "application/x-www-form-urlencoded",
    )


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    match part:
        case str():
            return _PLACE.sub(lambda found: values[found[1]], part)
        case dict():
            return {key: _filled(value, values) for key, value in part.items()}
        case list():
            return [_filled(each, values) for each in part]
        case _:
            return part
