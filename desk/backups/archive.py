"""The file of a backup: a plain tar whose first member says what the others must be."""

import tarfile
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from desk.backups.manifest import DATABASE, SECRETS, BadBackup, Manifest, parse
from desk.secret_names import is_secret

MANIFEST: Final = "manifest.json"
DIGEST: Final = "manifest.sha256"
LARGEST_MANIFEST: Final = 16 << 20
_BLOCK: Final = 1 << 20
_DAMAGED: Final = "It is damaged, or not a backup of the desk"
# Where a member is put: None reads it only.
Into = Callable[[str], Path | None]


def write(out: IO[bytes], manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write a backup of these files, whose sizes and digests stand in the manifest."""
    said = manifest.model_dump_json().encode()
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.GNU_FORMAT) as tar:
        for name, content in ((MANIFEST, said), (DIGEST, sha256(said).hexdigest().encode())):
            tar.addfile(_entry(name, len(content), manifest), BytesIO(content))
        for name, file in files.items():
            with file.open("rb") as source:
                tar.addfile(_entry(name, manifest.members[name].size, manifest), source)


def _entry(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(manifest.made_at.timestamp())
    return entry


def read(stream: IO[bytes], into: Into = lambda name: None) -> Manifest:
    """Read all of a backup and check every byte that it says something about; return its manifest.

    `into(name)` says where a member is written to. Raises `BadBackup` where anything is not as the manifest says.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            entries = iter(tar)
            manifest = _manifest(tar, entries)
            found = {entry.name for entry in entries if _take(tar, entry, manifest, into)}
        while stream.read(_BLOCK):  # to the end: only there an encrypted one shows that nothing was cut off
            pass
    except (tarfile.TarError, EOFError, UnicodeError) as error:
        raise BadBackup(f"{_DAMAGED}: {error}.") from error
    missing = manifest.members.keys() - found
    if missing:
        raise BadBackup(f"{_DAMAGED}: {', '.join(sorted(missing))} is missing in it.")
    return manifest


def read_manifest(stream: IO[bytes]) -> Manifest:
    """Return what a backup in clear says of itself; the rest is not looked at. Raises `BadBackup`."""
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            return _manifest(tar, iter(tar))
    except (tarfile.TarError, EOFError, UnicodeError) as error:
        raise BadBackup(f"{_DAMAGED}: {error}.") from error


def _manifest(tar: tarfile.TarFile, entries: Iterator[tarfile.TarInfo]) -> Manifest:
    said, digest = (_first(tar, entries, name) for name in (MANIFEST, DIGEST))
    if sha256(said).hexdigest().encode() != digest:
        raise BadBackup(f"{_DAMAGED}: {MANIFEST} is not what was written.")
    manifest = parse(said)
    database = DATABASE[manifest.database]
    foreign = sorted(name for name in manifest.members if name != database and not _is_secret(name))
    if foreign:
        raise BadBackup(f"It holds files that no backup of the desk holds: {', '.join(foreign)}.")
    if database not in manifest.members:
        raise BadBackup("There is no database in it.")
    return manifest


def _is_secret(name: str) -> bool:
    return name.startswith(SECRETS) and is_secret(name.removeprefix(SECRETS))


def _first(tar: tarfile.TarFile, entries: Iterator[tarfile.TarInfo], name: str) -> bytes:
    entry = next(entries, None)
    content = None
    if entry is not None and entry.name == name and entry.size <= LARGEST_MANIFEST:
        content = tar.extractfile(entry)
    if content is None:
        raise BadBackup(f"{_DAMAGED}: it does not begin with {name}.")
    return content.read()


def _take(tar: tarfile.TarFile, entry: tarfile.TarInfo, manifest: Manifest, into: Into) -> bool:
    """Check one member, and write it where it is wanted."""
    expected, content = manifest.members.get(entry.name), tar.extractfile(entry)
    if expected is None or content is None:
        raise BadBackup(f"{_DAMAGED}: {entry.name!r} does not belong into it.")
    digest, size = _copied(content, into(entry.name))
    if (size, digest) != (expected.size, expected.sha256):
        raise BadBackup(f"{_DAMAGED}: {entry.name} is not what was written.")
    return True


def _copied(content: IO[bytes], target: Path | None) -> tuple[str, int]:
    digest, size = sha256(), 0
    if target is not None:
        target.touch(mode=0o600)
    with BytesIO() if target is None else target.open("wb") as out:
        while block := content.read(_BLOCK):
            digest.update(block)
            size += len(block)
            if target is not None:
                out.write(block)
    return digest.hexdigest(), size
