"""A message as it goes over the wire: its headers, a text and the same as HTML.

Written with the headers of Python's older `email` interface: parsing every value that we have just made, as the newer
one does, takes two thirds of the time of a message.
"""

import quopri
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.generator import BytesGenerator
from email.header import Header
from email.message import EmailMessage, Message
from email.policy import Compat32
from email.utils import format_datetime, formataddr
from io import BytesIO
from typing import Final, Self

_LINE: Final = 76  # of a header, RFC 2047, 2
_BREAK: Final = re.compile(r"[\r\n](?![ \t])")


class _AsMade(Compat32):
    """Headers go out as they were made: `encoded` has folded the only one that can be long."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return the header; raise `ValueError` for words that would begin another one."""
        folded = self.linesep.join(value.splitlines())
        if _BREAK.search(folded.replace("\r\n", "\n")):
            raise ValueError(f"a line of {name} begins at its margin")
        # What is not ASCII came as bytes and goes as bytes: what SMTPUTF8 wants (RFC 6532, 3.2).
        return f"{name}: {folded}{self.linesep}".encode("ascii", "surrogateescape")


_POLICY: Final = _AsMade(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one address; `content` is all of it, in lines of ASCII unless the address is not.

    By `reference` it is known when it comes back; without one nobody looks for it.
    """

    to: str = field(repr=False)
    content: bytes = field(repr=False)
    reference: str = ""

    @classmethod
    def of(cls, message: EmailMessage) -> Self:
        """Return a message to one address that was made with the newer interface."""
        return cls(message["To"].addresses[0].addr_spec, message.as_bytes())

    @property
    def is_ascii(self) -> bool:
        """Whether every server can take it."""
        return self.to.isascii()


def write_letter(
    to: str, headers: Mapping[str, str], bodies: Iterable[tuple[str, str]], *, reference: str, at: datetime
) -> Letter:
    """Return a letter; `bodies` are (subtype of text, words), the plainest first; `reference` is hexadecimal.

    Quoted-printable: short lines of ASCII, whatever the servers on the way can do. Words must not be in `headers` with
    line breaks; nothing is encoded there (see `encoded`, `shown_mailbox`).
    """
    message = Message(policy=_POLICY)
    for name, value in headers.items():
        message[name] = value
    message["To"] = to.encode().decode("ascii", "surrogateescape")
    message["Date"] = format_datetime(at)
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = f'multipart/alternative; boundary="=_{reference}"'
    message.set_payload([_part(subtype, words) for subtype, words in bodies])
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False, policy=_POLICY).flatten(message)
    return Letter(to, written.getvalue(), reference)


def _part(subtype: str, words: str) -> Message:
    part = Message(policy=_POLICY)
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    lines = words.replace("\r\n", "\n").encode()
    part.set_payload(quopri.encodestring(lines).decode("ascii"))
    return part


def encoded(name: str, words: str) -> str:
    """Return words for a header, folded; what is not ASCII as RFC 2047 says."""
    return Header(words, None if words.isascii() else "utf-8", maxlinelen=_LINE, header_name=name).encode()


def shown_mailbox(name: str, address: str) -> str:
    """Return an address with the name that stands before it."""
    if name.isascii():
        return formataddr((name, address))
    return f"{Header(name, 'utf-8', maxlinelen=_LINE, header_name='From').encode()} <{address}>"
