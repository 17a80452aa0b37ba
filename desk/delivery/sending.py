"""What every way out promises, and the three ways it can fail."""

from email.message import EmailMessage
from typing import Protocol


class SendingFailed(Exception):
    """The message did not go out; the words may quote the address and are for `scrubbed` only."""


class Rejected(SendingFailed):
    """This message will never be taken: unknown mailbox, content refused."""


class Postponed(SendingFailed):
    """This message was not taken now."""


class Unreachable(Postponed):
    """No message can be sent now: the server is away, or does not accept us. It says nothing about this message."""


class Sender(Protocol):
    """A way out."""

    def send(self, message: EmailMessage) -> None:
        """Send to the one address in its To; returning means that the other side has taken the message over.

        Raises `SendingFailed`.
        """

    def close(self) -> None:
        """End the connection, if there is one."""
