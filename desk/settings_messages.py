"""Where messages go, from the environment; part of `desk.settings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk import settings_values as values


@dataclass(frozen=True, slots=True)
class Mail:
    """Where e-mail goes; without a host, messages wait in the outbox and the outbox says so."""

    host: str | None = None
    port: int = 25
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    starttls: bool = False
    sender: str = "desk@localhost"


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where messages to phones go; without an address nobody is asked for a number.

    `body` is JSON, or the fields of a form (`a=b&c=d`), in which {to}, {text} and {id} are filled in. `success` are the
    statuses of an accepted message (empty: any 2xx), `id_path` and the paths of a receipt are keys joined by dots, and
    `unknown_number` are the words by which the gateway says that there is no such number.
    """

    url: str = ""
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: str = '{"to": "{to}", "text": "{text}", "id": "{id}"}'
    success: frozenset[int] = frozenset()
    id_path: str = "id"
    unknown_number: frozenset[str] = frozenset({"invalid_number"})
    timeout_s: int = 15
    receipt_secret: str = field(default="", repr=False)
    receipt_window_s: int = 300
    receipt_id_path: str = "id"
    receipt_status_path: str = "status"
    receipt_error_path: str = "error"
    delivered: frozenset[str] = frozenset({"delivered"})
    failed: frozenset[str] = frozenset({"failed", "undelivered", "rejected"})


def read_mail(env: Mapping[str, str]) -> Mail:
    """Return where e-mail goes; raises `ValueError` naming the variable that cannot be understood."""
    return Mail(
        host=values.word(env, "DESK_SMTP_HOST") or None,
        port=values.number(env, "DESK_SMTP_PORT", 25, 1, 65_535),
        username=env.get("DESK_SMTP_USERNAME") or None,
        password=env.get("DESK_SMTP_PASSWORD") or None,
        starttls=values.switch(env, "DESK_SMTP_STARTTLS"),
        sender=env.get("DESK_MAIL_FROM", "desk@localhost"),
    )


def read_gateway(env: Mapping[str, str]) -> Gateway:
    """Return the gateway; raises `ValueError` naming the variable that cannot be understood."""
    usual = Gateway()
    return Gateway(
        url=values.address(env, "DESK_GATEWAY_URL"),
        method=env.get("DESK_GATEWAY_METHOD", "").strip().upper() or usual.method,
        headers=values.headers(env, "DESK_GATEWAY_HEADERS"),
        body=env.get("DESK_GATEWAY_BODY", "").strip() or usual.body,
        success=frozenset(values.numbers(env, "DESK_GATEWAY_SUCCESS")),
        id_path=env.get("DESK_GATEWAY_ID", "").strip() or usual.id_path,
        unknown_number=values.words(env, "DESK_GATEWAY_UNKNOWN_NUMBER") or usual.unknown_number,
        timeout_s=values.number(env, "DESK_GATEWAY_TIMEOUT", usual.timeout_s, 1, 60),
        receipt_secret=env.get("DESK_GATEWAY_RECEIPT_SECRET", "").strip(),
        receipt_window_s=values.number(env, "DESK_GATEWAY_RECEIPT_WINDOW", usual.receipt_window_s, 1, 86_400),
        receipt_id_path=env.get("DESK_GATEWAY_RECEIPT_ID", "").strip() or usual.receipt_id_path,
        receipt_status_path=env.get("DESK_GATEWAY_RECEIPT_STATUS", "").strip() or usual.receipt_status_path,
        receipt_error_path=env.get("DESK_GATEWAY_RECEIPT_ERROR", "").strip() or usual.receipt_error_path,
        delivered=values.words(env, "DESK_GATEWAY_DELIVERED") or usual.delivered,
        failed=values.words(env, "DESK_GATEWAY_FAILED") or usual.failed,
    )
