"""Every setting of the desk, typed, from the environment; `docs/operations.md` lists them all.

Some may be set in the browser instead; they lie in a file beneath the environment (`desk.settings_kept`).

Secrets are files in the data folder, made at first start with mode 0600; none has a default in the code.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from desk import settings_values as values
from desk.lan import lan_address
from desk.operations.requests import KeyRing, Keys, newest
from desk.secret_names import CHAIN, LINKS, is_secret
from desk.settings_kept import FILE, Kept, fields_of, given_by, read_used
from desk.settings_messages import Gateway, Mail, read_gateway, read_mail
from desk.settings_openid import OpenId, read_openid

SECRET_BYTES: Final = 32
BEFORE_UPGRADE: Final = "DESK_BACKUP_BEFORE_UPGRADE"


@dataclass(frozen=True, slots=True)
class Backups:
    """Where backups go (unset: `backups` in the data folder), who can decrypt them, how many stay, when one is due.

    `before_upgrade`: whether one is made before an upgrade; unset, on SQLite only, where it takes no other program.
    """

    folder: Path | None = None
    recipients: tuple[str, ...] = ()
    keep: int = 30
    at: time | None = None
    before_upgrade: bool | None = None


@dataclass(frozen=True, slots=True)
class Watching:
    """Who may read the metrics (nobody without a token), and from when on the desk calls itself not ready.

    Seconds since a worker went round, seconds a message has been due, MiB free for the data folder; 0: not looked at.
    """

    token: str = field(default="", repr=False)
    worker_s: int = 120
    delivery_s: int = 3_600
    disk_mib: int = 200


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
    mail: Mail = field(default=Mail())
    gateway: Gateway = field(default=Gateway())
    limits_url: str = ""  # empty: a file of its own beside the SQLite database, an unlogged table on PostgreSQL
    session_hours: int = 12
    session_idle_minutes: int = 120  # 0: a session ends by its age only
    log_level: str = "INFO"
    log_format: str = "text"  # or json
    demo: bool = True  # whether the first start loads the demo offices
    checkpoints_folder: Path | None = None  # unset: `checkpoints` in the data folder
    checkpoint_mail: str = ""  # empty: no checkpoint is mailed
    backups: Backups = Backups()
    watching: Watching = Watching()
    openid: OpenId = field(default=OpenId())
    testing: bool = False
    kept: Kept = field(default=Kept(), repr=False, compare=False)
    own: "Settings | None" = field(default=None, repr=False, compare=False)  # what the environment alone says

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

    @property
    def session_idle(self) -> timedelta | None:
        """After how long without anything done a session is over; None for never."""
        return timedelta(minutes=self.session_idle_minutes) if self.session_idle_minutes else None

    def secret(self, name: str) -> bytes:
        """Return a secret of the data folder, made when it is first asked for; its name must be a known one."""
        if not is_secret(name):  # else no backup would hold it
            raise ValueError(f"{name} is not in desk.secret_names")
        path = self.data / "secrets" / name
        if not path.exists():
            _make_secret(path)
        return bytes.fromhex(path.read_text().strip())

    def find_secret(self, name: str) -> bytes | None:
        """Return a secret of the data folder; None where there is none, or what is there cannot be read as one."""
        try:
            return bytes.fromhex((self.data / "secrets" / name).read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            return None

    def chain_keys(self) -> dict[str, bytes]:
        """Return the keys of the audit trail by their ids (`chain-1` …)."""
        self.secret(f"{CHAIN}1")
        names = (path.name for path in sorted((self.data / "secrets").glob(f"{CHAIN}*")))
        return {name: self.secret(name) for name in names if is_secret(name)}

    def make_chain_key(self) -> str:
        """Make the next key of the audit trail and return its id; it signs where an office is passed on to it."""
        number = max(int(name.removeprefix(CHAIN)) for name in self.chain_keys()) + 1
        self.secret(f"{CHAIN}{number}")
        return f"{CHAIN}{number}"


def load_keys(settings: Settings) -> Keys:
    """Return the keys of the trail and of links; an office without events begins with the newest."""
    known = KeyRing(settings.chain_keys)
    return Keys(newest(known), known, settings.secret(LINKS))


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


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment, and beneath it from the file of what is set in the browser.

    Raises `ValueError` naming the variable that cannot be understood. What is wrong with the file is said by
    `Settings.kept`; nothing of it holds then.
    """
    env = os.environ if environment is None else environment
    return with_kept(replace(_read(env), kept=given_by(env)))


def with_kept(own: Settings) -> Settings:
    """Return settings with what the file of their data folder says of what they do not fix."""
    try:
        used = read_used(own.data, own.kept)
        if used is None:
            return own
        said = _read(used)
    except ValueError as error:
        return replace(own, own=own, kept=replace(own.kept, fault=f"{FILE}: {error}"))
    beside, mail, backups = (fields_of(said, used, part) for part in ("", "mail", "backups"))
    return replace(
        own,
        **beside,
        mail=replace(own.mail, **mail),
        backups=replace(own.backups, **backups),
        own=own,
        kept=replace(own.kept, used=frozenset(used)),
    )


def _read(env: Mapping[str, str]) -> Settings:
    return Settings(
        data=values.folder(env, "DESK_DATA") or Path("var"),
        database_url=values.database_url(env, "DATABASE_URL"),
        host=values.word(env, "DESK_HOST") or "127.0.0.1",
        port=values.number(env, "PORT", 8000, 0, 65_535),
        base_url=values.word(env, "DESK_BASE_URL"),
        processes=values.number(env, "DESK_PROCESSES", 0, 0, 256),
        threads=values.number(env, "DESK_THREADS", 8, 1, 1_024),
        trusted_proxies=values.number(env, "DESK_TRUSTED_PROXIES", 0, 0, 16),
        tls=values.switch(env, "DESK_TLS"),
        mail=read_mail(env),
        gateway=read_gateway(env),
        limits_url=values.limits_url(env, "DESK_LIMITS_URL"),
        session_hours=values.number(env, "DESK_SESSION_HOURS", 12, 1, 720),
        session_idle_minutes=values.number(env, "DESK_SESSION_IDLE_MINUTES", 120, 0, 10_080),
        log_level=env.get("DESK_LOG_LEVEL", "INFO"),
        log_format=values.choice(env, "DESK_LOG_FORMAT", ("text", "json")),
        demo=values.switch(env, "DESK_DEMO", default=True),
        checkpoints_folder=values.folder(env, "DESK_CHECKPOINTS"),
        checkpoint_mail=env.get("DESK_CHECKPOINT_MAIL", "").strip(),
        backups=_backups(env),
        watching=_watching(env),
        openid=read_openid(env),
    )


def _backups(env: Mapping[str, str]) -> Backups:
    at = env.get("DESK_BACKUP_AT", "").strip()
    try:
        due = datetime.strptime(at, "%H:%M").time() if at else None  # noqa: DTZ007  on the clock of the machine
    except ValueError as error:
        raise ValueError(f"DESK_BACKUP_AT must be a time like 01:30, not {at!r}") from error
    return Backups(
        folder=values.folder(env, "DESK_BACKUP_FOLDER"),
        recipients=tuple(env.get("DESK_BACKUP_RECIPIENTS", "").replace(",", " ").split()),
        keep=values.number(env, "DESK_BACKUP_KEEP", 30, 0, 10_000),
        at=due,
        before_upgrade=values.switch(env, BEFORE_UPGRADE) if env.get(BEFORE_UPGRADE, "").strip() else None,
    )


def _watching(env: Mapping[str, str]) -> Watching:
    usual = Watching()
    return Watching(
        token=values.secret(env, "DESK_METRICS_TOKEN", "DESK_METRICS_TOKEN_FILE"),
        worker_s=values.number(env, "DESK_READY_WORKER", usual.worker_s),
        delivery_s=values.number(env, "DESK_READY_DELIVERY", usual.delivery_s),
        disk_mib=values.number(env, "DESK_READY_DISK", usual.disk_mib),
    )
