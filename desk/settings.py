"""Every setting of the desk, typed, from the environment; `docs/operations.md` lists them all.

Secrets are files in the data folder, made at first start with mode 0600; none has a default in the code.
"""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from desk.operations.requests import KeyRing, Keys, newest

SECRET_BYTES: Final = 32
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


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


@dataclass(frozen=True, slots=True)
class Backups:
    """Where backups go (unset: `backups` in the data folder), who can decrypt them, how many stay, when one is due."""

    folder: Path | None = None
    recipients: tuple[str, ...] = ()
    keep: int = 30
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What one installation runs with."""

    data: Path = Path("var")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    processes: int = 0  # 0: one on SQLite, two on PostgreSQL
    threads: int = 8
    trusted_proxies: int = 0
    tls: bool = False
    mail: Mail = Mail()
    gateway: Gateway = Gateway()
    limits_url: str = ""  # empty: a file of its own beside the SQLite database, an unlogged table on PostgreSQL
    session_hours: int = 12
    log_level: str = "INFO"
    demo: bool = True  # whether the first start loads the demo offices
    checkpoints_folder: Path | None = None  # unset: `checkpoints` in the data folder
    checkpoint_mail: str = ""  # empty: no checkpoint is mailed
    backups: Backups = Backups()
    testing: bool = False

    @property
    def database(self) -> str:
        """The database's address; without one, a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data / 'desk.db').absolute()}"

    @property
    def on_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database.startswith("sqlite")

    @property
    def checkpoints(self) -> Path:
        """Where the daily checkpoints of the trail are written."""
        return self.checkpoints_folder or self.data / "checkpoints"

    @property
    def public_url(self) -> str:
        """What QR codes and messages point at: the set address, else this machine's on the local network."""
        return self.base_url.rstrip("/") or f"http://{lan_address()}:{self.port}"

    def secret(self, name: str) -> bytes:
        """Return a secret of the data folder, made when it is first asked for."""
        path = self.data / "secrets" / name
        if not path.exists():
            _make_secret(path)
        return bytes.fromhex(path.read_text().strip())

    def chain_keys(self) -> dict[str, bytes]:
        """Return the keys of the audit trail by their ids (`chain-1` …)."""
        self.secret("chain-1")
        names = (path.name for path in sorted((self.data / "secrets").glob("chain-*")))
        return {name: self.secret(name) for name in names if name.removeprefix("chain-").isdigit()}

    def make_chain_key(self) -> str:
        """Make the next key of the audit trail and return its id; it signs where an office is passed on to it."""
        number = max(int(name.removeprefix("chain-")) for name in self.chain_keys()) + 1
        self.secret(f"chain-{number}")
        return f"chain-{number}"


def load_keys(settings: Settings) -> Keys:
    """Return the keys of the trail and of links; an office without events begins with the newest."""
    known = KeyRing(settings.chain_keys)
    return Keys(newest(known), known, settings.secret("links"))


def _make_secret(path: Path) -> None:
    """Create a secret file so that of several processes starting at once exactly one decides what it holds."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_hex(SECRET_BYTES) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def lan_address() -> str:
    """Return this machine's address on the local network, 127.0.0.1 when it has none; sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address: str = probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"
    return address


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment; raises `ValueError` naming the variable that cannot be understood."""
    env = os.environ if environment is None else environment
    return Settings(
        data=Path(env.get("DESK_DATA", "var")),
        database_url=_database_url(env.get("DATABASE_URL", "")),
        host=env.get("DESK_HOST", "127.0.0.1"),
        port=_number(env, "PORT", 8000),
        base_url=env.get("DESK_BASE_URL", ""),
        processes=_number(env, "DESK_PROCESSES", 0),
        threads=_number(env, "DESK_THREADS", 8),
        trusted_proxies=_number(env, "DESK_TRUSTED_PROXIES", 0),
        tls=_switch(env, "DESK_TLS"),
        mail=_mail(env),
        gateway=_gateway(env),
        limits_url=env.get("DESK_LIMITS_URL", ""),
        session_hours=_number(env, "DESK_SESSION_HOURS", 12),
        log_level=env.get("DESK_LOG_LEVEL", "INFO"),
        demo=_switch(env, "DESK_DEMO", default=True),
        checkpoints_folder=Path(env["DESK_CHECKPOINTS"]) if env.get("DESK_CHECKPOINTS") else None,
        checkpoint_mail=env.get("DESK_CHECKPOINT_MAIL", "").strip(),
        backups=_backups(env),
    )


def _backups(env: Mapping[str, str]) -> Backups:
    folder, at = (env.get(name, "").strip() for name in ("DESK_BACKUP_FOLDER", "DESK_BACKUP_AT"))
    try:
        due = datetime.strptime(at, "%H:%M").time() if at else None  # noqa: DTZ007  on the clock of the machine
    except ValueError as error:
        raise ValueError(f"DESK_BACKUP_AT must be a time like 01:30, not {at!r}") from error
    return Backups(
        folder=Path(folder) if folder else None,
        recipients=tuple(env.get("DESK_BACKUP_RECIPIENTS", "").replace(",", " ").split()),
        keep=_number(env, "DESK_BACKUP_KEEP", 30, 0, 10_000),
        at=due,
    )


def _mail(env: Mapping[str, str]) -> Mail:
    return Mail(
        host=env.get("DESK_SMTP_HOST") or None,
        port=_number(env, "DESK_SMTP_PORT", 25),
        username=env.get("DESK_SMTP_USERNAME") or None,
        password=env.get("DESK_SMTP_PASSWORD") or None,
        starttls=_switch(env, "DESK_SMTP_STARTTLS"),
        sender=env.get("DESK_MAIL_FROM", "desk@localhost"),
    )


def _gateway(env: Mapping[str, str]) -> Gateway:
    usual = Gateway()
    return Gateway(
        url=_address(env, "DESK_GATEWAY_URL"),
        method=env.get("DESK_GATEWAY_METHOD", "").strip().upper() or usual.method,
        headers=_headers(env, "DESK_GATEWAY_HEADERS"),
        body=env.get("DESK_GATEWAY_BODY", "").strip() or usual.body,
        success=frozenset(_numbers(env, "DESK_GATEWAY_SUCCESS")),
        id_path=env.get("DESK_GATEWAY_ID", "").strip() or usual.id_path,
        unknown_number=_words(env, "DESK_GATEWAY_UNKNOWN_NUMBER") or usual.unknown_number,
        timeout_s=_number(env, "DESK_GATEWAY_TIMEOUT", usual.timeout_s, 1, 60),
        receipt_secret=env.get("DESK_GATEWAY_RECEIPT_SECRET", "").strip(),
        receipt_window_s=_number(env, "DESK_GATEWAY_RECEIPT_WINDOW", usual.receipt_window_s, 1, 86_400),
        receipt_id_path=env.get("DESK_GATEWAY_RECEIPT_ID", "").strip() or usual.receipt_id_path,
        receipt_status_path=env.get("DESK_GATEWAY_RECEIPT_STATUS", "").strip() or usual.receipt_status_path,
        receipt_error_path=env.get("DESK_GATEWAY_RECEIPT_ERROR", "").strip() or usual.receipt_error_path,
        delivered=_words(env, "DESK_GATEWAY_DELIVERED") or usual.delivered,
        failed=_words(env, "DESK_GATEWAY_FAILED") or usual.failed,
    )


def _address(env: Mapping[str, str], name: str) -> str:
    """Return a web address; a secret goes with it, so over HTTP only to this machine or the network it stands in."""
    given = env.get(name, "").strip()
    found = urlsplit(given)
    if given and (found.scheme not in ("http", "https") or not found.hostname):
        raise ValueError(f"{name} must be an address that begins with https://")
    if found.scheme == "http" and not _is_near(found.hostname or ""):
        raise ValueError(f"{name} must begin with https:// outside of the local network")
    return given


def _is_near(host: str) -> bool:
    try:
        return host in LOOPBACK or ip_address(host).is_private
    except ValueError:
        return False


def _headers(env: Mapping[str, str], name: str) -> tuple[tuple[str, str], ...]:
    """Return headers, one `Name: value` a line; the words of the error quote none, since they hold a secret."""
    lines = [line.strip() for line in env.get(name, "").splitlines() if line.strip()]
    pairs = [line.partition(":") for line in lines]
    if any(not key.strip() or not colon or not value.strip() for key, colon, value in pairs):
        raise ValueError(f"{name} must be lines like 'Authorization: Bearer …'")
    return tuple((key.strip(), value.strip()) for key, _, value in pairs)


def _words(env: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in env.get(name, "").split(",") if word.strip())


def _numbers(env: Mapping[str, str], name: str) -> list[int]:
    given = _words(env, name)
    if not all(each.isdigit() for each in given):
        raise ValueError(f"{name} must be numbers with commas between them")
    return [int(each) for each in given]


def _database_url(given: str) -> str:
    """Name the driver we use: plain postgres addresses are what people paste."""
    for prefix in ("postgres://", "postgresql://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given.removeprefix(prefix)
    return given


def _number(env: Mapping[str, str], name: str, default: int, least: int = 0, most: int = 2**31) -> int:
    given = env.get(name, "").strip()
    if not given:
        return default
    if not given.isdigit():
        raise ValueError(f"{name} must be a whole number, not {given!r}")
    if not least <= int(given) <= most:
        raise ValueError(f"{name} must be from {least} to {most}, not {given}")
    return int(given)


def _switch(env: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    given = env.get(name, "").strip().lower() or str(int(default))
    if given not in ("0", "1", "false", "true", "no", "yes"):
        raise ValueError(f"{name} must be 1 or 0, not {given!r}")
    return given in ("1", "true", "yes")
