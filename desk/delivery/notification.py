"""Reading what a mail server sends back: a delivery status notification (RFC 3464, with RFC 6533 for other scripts).

Nothing of it is believed but that a message of ours, known by an id that nobody else can make, was given up and why.
Mail servers differ: Exim says 5.0.0 and has the code in its diagnostic only, Exchange may return no message and name it
in In-Reply-To, and a forwarded message comes back from an address that we never wrote to.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, message_from_string
from email.message import Message
from itertools import islice
from typing import Final

from desk.domain.sampling import normalized

# Not the beginning, middle or end of an address such as 192.5.1.1.
_STATUS: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
# What `desk.delivery.message.Links.reference` makes.
_REFERENCE: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", re.IGNORECASE)
_XTEXT: Final = re.compile(r"\+([0-9A-F]{2})")
_MOST_REFERENCES: Final = 50
_MOST_RECIPIENTS: Final = 100
_LONGEST_DIAGNOSTIC: Final = 1000
_STATUS_PARTS: Final = ("message/delivery-status", "message/global-delivery-status")
_RETURNED: Final = ("message/rfc822", "message/global", "message/global-headers", "text/rfc822-headers")
# RFC 3463, 3.2: the address is bad, does not exist, has moved or takes no mail (RFC 7505); .7 and .8 are the sender's.
_OF_SENDER: Final = frozenset({(1, 7), (1, 8)})
_DISABLED: Final = (2, 1)
_NOBODY: Final = ("<>", "<MAILER-DAEMON>")  # the latter is what Postfix puts for the former in front of a pipe


class NotANotification(ValueError):
    """The message is no delivery status notification; `by_machine`: nor did a person write it."""

    def __init__(self, why: str, *, by_machine: bool = False) -> None:
        super().__init__(why)
        self.by_machine = by_machine


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that a mail server gave up for one recipient; `said` is in its words and for `scrubbed` only.

    `recipients` are who it was for: where it ended, and whom it was sent to (RFC 3464, 2.3.1 and 2.3.2).
    """

    status: str
    said: str = field(repr=False)
    recipients: frozenset[str] = field(repr=False)
    ended_at: frozenset[str] = field(repr=False)

    @property
    def is_about_address(self) -> bool:
        """Whether whatever else is sent to the address comes back too: 5.1.x but for the sender's, 5.2.1."""
        kind, subject, detail = (int(part) for part in self.status.split("."))
        return kind == 5 and ((subject == 1 and (1, detail) not in _OF_SENDER) or (subject, detail) == _DISABLED)

    def concerns(self, address: str) -> bool:
        """Whether the message was for this address, there or where it is forwarded to."""
        return not _spellings(address).isdisjoint(self.recipients)

    def is_at(self, address: str) -> bool:
        """Whether it failed where this address is kept, and not where it is forwarded to.

        An address that becomes another one within its domain is kept there; of one in another domain nobody can tell
        whether it is all that there is, or a copy beside a mailbox that somebody reads.
        """
        ours = _domain(_ascii(address))
        return self.concerns(address) and any(_is_within(_domain(each), ours) for each in self.ended_at)


@dataclass(frozen=True, slots=True)
class Notification:
    """By what the message that came back may be known, the surest first, and for whom it was given up.

    Nobody where it is only late. `others` are the recipients for whom it was not given up.
    """

    references: tuple[str, ...]
    failures: tuple[Failure, ...]
    others: frozenset[str] = field(default=frozenset(), repr=False)

    def is_given_up(self, address: str) -> bool:
        """Whether it did not reach this address; a copy that it forwards to another may come back by itself."""
        return bool(self.failures) and _spellings(address).isdisjoint(self.others)


def read_notification(raw: bytes) -> Notification:
    """Return what a message says of another; raise `NotANotification` for one that is no notification."""
    try:
        message = message_from_bytes(raw)
    except RecursionError as error:
        raise NotANotification("parts within parts without end") from error
    kind = str(message.get_param("report-type") or "").lower()
    if message.get_content_type() != "multipart/report" or kind != "delivery-status":
        raise NotANotification("not a multipart/report of the type delivery-status", by_machine=_is_by_machine(message))
    groups = [group for part in _parts(message, _STATUS_PARTS) for group in _groups_of(part)]
    recipients = list(islice((group for group in groups if group["Action"]), _MOST_RECIPIENTS))
    if not recipients:
        raise NotANotification("no recipient has an Action", by_machine=True)
    failed = [each for each in recipients if str(each["Action"]).strip().lower() == "failed"]
    others = (name for each in recipients if each not in failed for name in _recipients(each))
    return Notification(
        tuple(_references(message, groups)), tuple(_failure(each) for each in failed), frozenset(others)
    )


def _is_by_machine(message: Message) -> bool:
    """Tell whether a program wrote it, which needs no answer: for somebody away (RFC 3834), or as another report."""
    submitted = str(message["Auto-Submitted"] or "no").strip().lower()
    nobody_to_answer = str(message["Return-Path"] or "").strip().upper() in _NOBODY
    return nobody_to_answer or not submitted.startswith("no") or message.get_content_type() == "multipart/report"


def _parts(message: Message, kinds: Iterable[str]) -> Iterator[Message]:
    payload = message.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, Message) and part.get_content_type() in kinds)


def _groups_of(part: Message) -> list[Message]:
    """Return the groups of fields: first those of the message, then those of each recipient."""
    payload = part.get_payload()
    groups = [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
    # Python reads the older type as groups, the newer one as a message whose text holds all groups but the first.
    rest = groups[0].get_payload() if len(groups) == 1 else ""
    texts = re.split(r"(?:\r?\n){2,}", rest) if isinstance(rest, str) else []
    return [*groups, *(message_from_string(each) for each in texts if each.strip())]


def _references(message: Message, groups: list[Message]) -> Iterator[str]:
    """Yield by what the message may be known: the envelope's id, its own, what the notification answers to."""
    named = [str(group["Original-Envelope-ID"] or "") for group in groups]
    named += [str(returned["Message-ID"] or "") for returned in map(_headers_of, _parts(message, _RETURNED))]
    named += [str(message[name] or "") for name in ("In-Reply-To", "References")]
    found = dict.fromkeys(found.lower() for each in named for found in _REFERENCE.findall(each))
    yield from islice(found, _MOST_REFERENCES)


def _headers_of(part: Message) -> Message:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0]
    decoded = part.get_payload(decode=True)
    return message_from_bytes(decoded if isinstance(decoded, bytes) else b"")


def _failure(group: Message) -> Failure:
    diagnostic = str(group["Diagnostic-Code"] or "").partition(";")[2]
    status = _STATUS.search(str(group["Status"] or ""))
    if status is None or status[0].endswith(".0.0"):
        status = _STATUS.search(diagnostic) or status
    ended_at = frozenset(_addresses(group["Final-Recipient"] or group["Original-Recipient"]))
    return Failure(status[0] if status else "5.0.0", _shortened(diagnostic.strip()), _recipients(group), ended_at)


def _shortened(words: str) -> str:
    """Return words without what is too much, cut between two: half an address would not be known as one."""
    return words if len(words) <= _LONGEST_DIAGNOSTIC else words[:_LONGEST_DIAGNOSTIC].rpartition(" ")[0]


def _recipients(group: Message) -> frozenset[str]:
    return frozenset(each for name in ("Final-Recipient", "Original-Recipient") for each in _addresses(group[name]))


def _addresses(value: object) -> Iterator[str]:
    """Yield the address of a recipient field as it stands and as it was meant (RFC 3461, 4)."""
    address = str(value or "").partition(";")[2].strip().strip("<>")
    if not address:
        return
    yield normalized(address)
    yield normalized(_XTEXT.sub(lambda found: chr(int(found[1], 16)), address))


def _spellings(address: str) -> frozenset[str]:
    return frozenset((normalized(address), _ascii(address)))


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _is_within(domain: str, other: str) -> bool:
    """Tell whether a domain is the other one, or either a part of the other."""
    return f".{domain}".endswith(f".{other}") or f".{other}".endswith(f".{domain}")


def _ascii(address: str) -> str:
    """Return an address as two spellings of it are equal, with the domain as mail servers write it."""
    name, _, domain = normalized(address).rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return normalized(address)
