"""Which addresses a message can go to, in the form that mail servers take."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final, Self

from desk.domain.masking import one_line

LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
# Quoted names ("a b"@…) are lawful, never met, and a way to smuggle: not taken.
_NAME: Final = re.compile(r"[^\s\x00-\x1f\x7f\"(),:;<>@\[\]\\]{1,64}")
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.IGNORECASE)
# These have a meaning in a header and are not needed to recognize an office.
_SPECIAL: Final = str.maketrans(dict.fromkeys('"(),:;<>@[]\\', " "))
_LONGEST_NAME: Final = 80


class UnusableAddress(ValueError):
    """No mail server could take a message to this address."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address; the domain is in its ASCII form."""

    name: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the address a visitor gave; raise `UnusableAddress` for anything but one plain address."""
        name, _, domain = text.rpartition("@")
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise UnusableAddress("the part after @ is not the name of a domain") from error
        mailbox = cls(name, domain)
        if len(str(mailbox)) > LONGEST:
            raise UnusableAddress(f"longer than {LONGEST} characters")
        if not _NAME.fullmatch(name) or one_line(name) != name:
            raise UnusableAddress("the part before @ is not a plain name")
        if not _DOMAIN.fullmatch(domain):
            raise UnusableAddress("the part after @ is not the name of a domain")
        return mailbox

    def __str__(self) -> str:
        return f"{self.name}@{self.domain}"


@dataclass(frozen=True, slots=True)
class SenderIdentity:
    """Who messages come from: the set address, and the name beside it (empty: the office's own)."""

    mailbox: Mailbox
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the identity for `desk@example.go.id` or `Some Name <desk@example.go.id>`; raise `UnusableAddress`."""
        name, address = parseaddr(text)
        return cls(Mailbox.parse(address), name)

    def shown_as(self, office: str) -> str:
        """Return the name that stands before the address in a mailbox list."""
        return one_line((self.name or office).translate(_SPECIAL))[:_LONGEST_NAME]
