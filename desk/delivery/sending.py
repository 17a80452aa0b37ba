"""What every way out promises, and the ways it can fail."""

from typing import Protocol, TypeVar

Message_contra = TypeVar("Message_contra", contravariant=True)


class SendingFailed(Exception):
    """The message did not go out; the words may quote the address and are for `scrubbed` only."""


class Rejected(SendingFailed):
    """This message will never be taken: unknown mailbox, content refused."""


class NoSuchMailbox(Rejected):
    """The other side does not know the address or number: whatever else is sent to it comes back too."""


class Postponed(SendingFailed):
    """This message was not taken now."""


class Unreachable(Postponed):
    """No message can be sent now: the server is away, or does not accept us. It says nothing about this message."""


class Interrupted(Unreachable):
    """The other side went away in the middle of this message: it may have been taken, and may be the cause."""


class Sender(Protocol[Message_contra]):
    """A way out."""

    def send(self, message: Message_contra) -> str | None:
        """Send to the one address of the message; returning means that the other side has taken it over.

        Returns by what the other side knows it, None where it says nothing. Raises `SendingFailed`.
        """

    def close(self) -> None:
        """End the connection, if there is one."""
