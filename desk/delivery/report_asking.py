"""What is asked of a mail server about a letter that it cannot deliver after all (RFC 3461).

A report of the failure, and none of delays or success; with the headers of the letter only, so that what it says goes
no second time over the wire. The envelope carries the reference by which the report is known again: not a link's token,
and nothing that says whom the letter was for. The address goes with it as it was written to, through all forwarding.
"""

import re
from typing import Final, NamedTuple

from desk.delivery.letter import Letter

_ENCODED: Final = re.compile(r"[^!-~]|[+=]")  # all but the xchar of RFC 3461, 4


class AskedReport(NamedTuple):
    """What follows the sender (MAIL FROM) and what follows the recipient (RCPT TO)."""

    mail: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()


PLAINLY: Final = AskedReport()


def report_asked(letter: Letter) -> AskedReport:
    """Return what to ask for a letter; nothing of one that nobody looks for."""
    if not letter.reference:
        return PLAINLY
    mail = ("RET=HDRS", f"ENVID={letter.reference}")
    if not letter.is_ascii:  # an address of another type (RFC 6533), which few servers return as it was
        return AskedReport(mail, ("NOTIFY=FAILURE",))
    address = _ENCODED.sub(lambda found: f"+{ord(found[0]):02X}", letter.to)
    return AskedReport(mail, ("NOTIFY=FAILURE", f"ORCPT=rfc822;{address}"))
