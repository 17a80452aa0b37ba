"""Check an export of a Desk's audit trail with nothing but Python's standard library and the key.

    python3 -I -S verify_trail.py EXPORT --key FOLDER_OR_FILE [--key …] [--checkpoint FILE_OR_FOLDER …]

EXPORT is what `desk audit export` wrote. A key is a file named like its id (`chain-1`), or the folder that holds such
files. Every line must be, byte for byte, an event that was signed together with the one before it; with checkpoints, a
tail that was cut off and a history that was written anew are found too. Exit code 0: the export holds; 1: it does not,
and the first bad line is named; 3: it could not be checked.

This file stands alone: it imports nothing of the desk. Read it before you trust it; it is short.
"""

import argparse
import hashlib
import hmac
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

FORMAT = "desk-trail-1"
FIRST_LINK = "0" * 64
FIELDS = (
    "office_id", "number", "epoch", "at", "name", "actor_kind", "actor_id", "transaction_id", "visit_id", "payload",
    "key_id", "mac",
)  # fmt: skip
TITLE = (
    "format", "office_id", "code", "exported_at", "key_id", "key_ids", "since", "until", "count", "previous", "head",
    "signature",
)  # fmt: skip
CHECKPOINT = ("office_id", "number", "mac", "at", "key_id", "signature")


class Bad(Exception):
    """What is wrong with the line that is being read."""


class Unusable(Exception):
    """A key or a file that the check needs cannot be used."""


def canonical(facts: Mapping[str, Any]) -> str:
    """Return the one text of an object: sorted keys, no blanks, UTF-8 kept."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def line_of(event: Mapping[str, Any]) -> bytes:
    """Return the line of an event in an export; what a changed database may hold instead of text is shown."""
    text = json.dumps(event, separators=(",", ":"), ensure_ascii=False, default=repr)
    return (text + "\n").encode("utf-8", "surrogatepass")


def link(key: bytes, previous: str, event: Mapping[str, Any]) -> str:
    """Return the signature of an event that follows the one signed `previous`."""
    text = "|".join(
        str(part)
        for part in (
            previous, event["office_id"], event["number"], event["epoch"], event["at"], event["name"],
            event["actor_kind"], event["actor_id"], event["transaction_id"], event["visit_id"], event["key_id"],
            event["payload"],
        )
    )  # fmt: skip
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def digest_of(key: bytes, text: str) -> str:
    """Return the keyed digest by which checkpoints, first lines and rotations of the key are signed."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


class Office:
    """The part of one office's trail that is being read."""

    def __init__(self, title: Mapping[str, Any], keys: Mapping[str, bytes], heads: Iterable[tuple[int, str]]) -> None:
        self.code, self.office_id = title["code"], title["office_id"]
        self.until = title["until"]
        self.head = title["head"]
        self.number = title["since"] - 1
        self.mac = title["previous"]
        self.key_id: str | None = None
        self.heads: dict[int, set[str]] = {}
        for number, mac in heads:
            self.heads.setdefault(number, set()).add(mac)
        self.since = title["since"]
        self._keys = keys
        if self.number == 0 and self.mac != FIRST_LINK:
            raise Bad("the first event cannot follow another one")

    def follow(self, event: Mapping[str, Any]) -> None:
        """Check the next event; raise `Bad`."""
        if event["number"] != self.number + 1:
            raise Bad(f"event {self.number + 1} is missing, or out of order")
        if event["office_id"] != self.office_id:
            raise Bad(f"event {event['number']} is another office's")
        key = self._keys.get(event["key_id"])
        if key is None:
            raise Bad(f"event {event['number']} was signed with the key {event['key_id']!r}, which is not at hand")
        if self.key_id is not None and event["key_id"] != self.key_id:
            raise Bad(f"event {event['number']} was signed with a key that was retired before")
        if link(key, self.mac, event) != event["mac"]:
            raise Bad(f"event {event['number']} is not what was signed, or what came before it was changed")
        self.number, self.mac = event["number"], event["mac"]
        if self.heads.get(self.number, {self.mac}) != {self.mac}:
            raise Bad(f"event {self.number} differs from the checkpoint: the trail was written anew")
        if event["name"] == "KeyRotated":
            self._pass_on(json.loads(event["payload"]))

    def _pass_on(self, facts: Mapping[str, Any]) -> None:
        self.key_id = facts["to"]
        key = self._keys.get(facts["to"])
        if key is not None and digest_of(key, f"key|{facts['to']}") != facts["digest"]:
            raise Bad(f"event {self.number} passed on to another key {facts['to']!r} than the one at hand")

    def finish(self) -> None:
        """Check that the part ends where its first line and the checkpoints say; raise `Bad`."""
        if self.number != self.until:
            raise Bad(f"event {self.number + 1} is missing: the export was cut, it went on to event {self.until}")
        if self.number == self.head["number"] and self.mac != self.head["mac"]:
            raise Bad("its first line names another head")
        beyond = [number for number in self.heads if number > self.head["number"]]
        if beyond:
            raise Bad(f"event {self.head['number'] + 1} is missing: the trail was cut, a checkpoint has {max(beyond)}")


class Reading:
    """An export that is being read: line by line, office after office."""

    def __init__(self, keys: Mapping[str, bytes], heads: Mapping[int, list[tuple[int, str]]]) -> None:
        self.place = 0
        self.unread = set(heads)
        self._keys = keys
        self._heads = heads
        self._office: Office | None = None

    def take(self, line: bytes) -> Iterator[str]:
        """Check a line; yield a sentence where it ends an office that holds; raise `Bad`."""
        self.place += 1
        facts = parse(line)
        if "format" in facts:
            yield from self.end()
            self._begin(facts, line)
        elif self._office is None:
            raise Bad("an export begins with a line about itself")
        else:
            self._office.follow(as_event(facts, line))

    def _begin(self, facts: dict[str, Any], line: bytes) -> None:
        if (canonical(facts) + "\n").encode() != line:
            raise Bad("it is not written as it was exported")
        title = trusted(facts, TITLE, "export|", self._keys)
        self._office = Office(title, self._keys, self._heads.get(title["office_id"], ()))
        self.unread.discard(title["office_id"])

    def end(self) -> Iterator[str]:
        """End the office that was read, if any: yield that it holds; raise `Bad`."""
        if self._office is not None:
            self._office.finish()
            yield told(self._office)


def check(
    lines: Iterable[bytes], keys: Mapping[str, bytes], heads: Mapping[int, list[tuple[int, str]]]
) -> Iterator[str]:
    """Yield a sentence for each office that holds; raise `Bad`, naming the line, at the first that does not."""
    reading = Reading(keys, heads)
    try:
        for line in lines:
            yield from reading.take(line)
        reading.place += 1
        if reading.place == 1:
            raise Bad("there is nothing in it")
        yield from reading.end()
    except Bad as error:
        raise Bad(f"line {reading.place}: {error}") from error
    for office_id in sorted(reading.unread):
        yield f"note: a checkpoint speaks of office {office_id}, which is not in this export"


def told(office: Office) -> str:
    """Return in words that an office's part holds."""
    compared = len([number for number in office.heads if office.since <= number <= office.number])
    return (
        f"{office.code}: events {office.since} to {office.number} hold, head {office.head['number']}, "
        f"{compared} of {len(office.heads)} checkpoints compared"
    )


def parse(line: bytes) -> dict[str, Any]:
    """Return the object of a line; raise `Bad` for what is none."""
    try:
        facts = json.loads(line.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise Bad("it cannot be read") from error
    if not isinstance(facts, dict):
        raise Bad("it cannot be read")
    return facts


def as_event(facts: Mapping[str, Any], line: bytes) -> Mapping[str, Any]:
    """Return the event of a line; raise `Bad` unless the line is, byte for byte, how it is exported."""
    if tuple(facts) != FIELDS or line_of(facts) != line:
        raise Bad("it is not written as it was exported")
    numbers = [facts[name] for name in ("office_id", "number", "epoch", "at")]
    ids = [facts[name] for name in ("actor_id", "transaction_id", "visit_id")]
    if {*map(type, numbers)} != {int} or not {*map(type, ids)} <= {int, type(None)}:
        raise Bad("it is not an event")
    return facts


def trusted(facts: dict[str, Any], names: tuple[str, ...], purpose: str, keys: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what a signed line says; raise `Bad` where it was changed, or signed by somebody else."""
    unsigned = {name: value for name, value in facts.items() if name != "signature"}
    if set(facts) != set(names):
        raise Bad("it is not what this program knows")
    key = keys.get(str(facts["key_id"]))
    if key is None:
        raise Bad(f"it was signed with the key {facts['key_id']!r}, which is not at hand")
    if digest_of(key, purpose + canonical(unsigned)) != facts["signature"]:
        raise Bad("it was changed, or not signed by this desk")
    if purpose == "export|" and facts["format"] != FORMAT:
        raise Bad(f"the format {facts['format']!r} is unknown to this program")
    return facts


def read_keys(paths: Iterable[Path]) -> dict[str, bytes]:
    """Return the keys of files, or of folders of such files, by their names."""
    files = [file for path in paths for file in (sorted(path.glob("chain-*")) if path.is_dir() else [path])]
    try:
        keys = {file.name: bytes.fromhex(file.read_text().strip()) for file in files}
    except (OSError, ValueError) as error:
        raise Unusable(f"a key cannot be read: {error}") from error
    if not keys:
        raise Unusable("there is no key")
    return keys


def read_heads(paths: Iterable[Path], keys: Mapping[str, bytes]) -> dict[int, list[tuple[int, str]]]:
    """Return the heads of checkpoints, or of folders of them, by office."""
    heads: dict[int, list[tuple[int, str]]] = {}
    for path in paths:
        for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
            try:
                lines = [parse(line) for line in file.read_bytes().splitlines() if line.strip()]
                for facts in lines:
                    if "format" not in facts:
                        line = trusted(facts, CHECKPOINT, "checkpoint|", keys)
                        heads.setdefault(line["office_id"], []).append((line["number"], line["mac"]))
            except (OSError, Bad) as error:
                raise Unusable(f"the checkpoint {file} cannot be trusted: {error}") from error
    return heads


def main(arguments: list[str] | None = None) -> int:
    """Check an export and say what was found."""
    parser = argparse.ArgumentParser(description="Check an export of a Desk's audit trail.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--key", type=Path, action="append", required=True, help="chain-1, or the folder it lies in")
    parser.add_argument(
        "--checkpoint", type=Path, action="append", default=[], help="a checkpoint, or a folder of them"
    )
    given = parser.parse_args(arguments)
    try:
        keys = read_keys(given.key)
        heads = read_heads(given.checkpoint, keys)
        with given.export.open("rb") as lines:
            for words in check(lines, keys, heads):
                sys.stdout.write(words + "\n")
    except (Unusable, OSError) as error:
        sys.stderr.write(f"It could not be checked: {error}\n")
        return 3
    except (Bad, KeyError, TypeError, ValueError, RecursionError) as error:
        sys.stdout.write(f"The export does NOT hold. {error}\n")
        return 1
    sys.stdout.write("The export holds.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
