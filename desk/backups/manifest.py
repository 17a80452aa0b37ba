"""What a backup says of itself: its first member, against which everything else in it is checked."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Connection, text

from desk.secret_names import is_secret

FORMAT: Final = 1
DATABASE: Final = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
SECRETS: Final = "secrets/"
_FIXED: Final = ConfigDict(frozen=True)
_MARKS: Final = text(
    "SELECT o.id, o.code, o.name, s.number, s.mac FROM offices o"
    " LEFT JOIN streams s ON s.office_id = o.id ORDER BY o.id"
)


class BadBackup(Exception):
    """The file is no backup that can be restored; the message says why in a sentence."""


class Mark(BaseModel):
    """How far the trail of an office reaches in the backup: number and signature of its last event."""

    model_config = _FIXED
    office_id: int
    code: str
    name: str
    number: int
    mac: str


class Contents(BaseModel):
    """What a database holds: its revision, and where each office's trail ends."""

    model_config = _FIXED
    revision: str
    offices: tuple[Mark, ...]


class Member(BaseModel):
    """A file in the backup."""

    model_config = _FIXED
    size: int
    sha256: str


class Manifest(BaseModel):
    """What a backup holds; `secrets` are fingerprints of those the installation had, whether they are in it or not."""

    model_config = _FIXED
    format: int
    desk: str
    database: Literal["sqlite", "postgresql"]
    made_at: datetime
    contents: Contents
    secrets: dict[str, str]
    members: dict[str, Member]

    @property
    def holds_secrets(self) -> bool:
        """Whether the secrets of the installation are in it."""
        return any(name.startswith(SECRETS) for name in self.members)


def parse(content: bytes) -> Manifest:
    """Return the manifest that these bytes say; raise `BadBackup` where they say none of this program's format."""
    try:
        found = Manifest.model_validate_json(content)
    except ValidationError as error:
        raise BadBackup("It is not a backup of the desk, or of a format that this program does not know.") from error
    if found.format != FORMAT:
        raise BadBackup(f"Its format is {found.format}; this program knows {FORMAT}. Take a newer desk.")
    return found


def read_contents(connection: Connection) -> Contents | None:
    """Return what a database of any revision holds; None where no desk has made anything in it."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is None:
        return None
    rows = connection.execute(_MARKS).tuples()
    marks = (
        Mark(office_id=each[0], code=each[1], name=each[2], number=each[3] or 0, mac=each[4] or "") for each in rows
    )
    return Contents(revision=revision, offices=tuple(marks))


def list_secrets(data: Path) -> dict[str, Path]:
    """Return the files of an installation's secrets by their names; what else lies in the folder is not the desk's."""
    folder = data / "secrets"
    if not folder.is_dir():
        return {}
    return {path.name: path for path in sorted(folder.iterdir()) if path.is_file() and is_secret(path.name)}


def fingerprint(name: str, secret: Path) -> str:
    """Return what tells a secret from another and does not help to guess it: it is made of 32 random bytes."""
    return sha256(f"desk|{name}|{secret.read_text().strip()}".encode()).hexdigest()[:16]


def member_of(file: Path) -> Member:
    """Return the size and the digest of a file."""
    digest = sha256()
    with file.open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
    return Member(size=file.stat().st_size, sha256=digest.hexdigest())
