"""Who somebody is to the desk whom an identity provider has named."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

LONGEST: Final = 255


class Unknown(StrEnum):
    """Why nobody here is the one whom the provider named."""

    NOBODY = "nobody"
    DISABLED = "disabled"
    SEVERAL = "several"  # people have this address
    UNVERIFIED = "unverified"  # the provider does not vouch for the address
    TAKEN = "taken"  # the person signs in with another account of this provider


@dataclass(frozen=True, slots=True)
class Account:
    """An account at a provider: its issuer and the subject there, which alone are never given to another."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says of somebody, after its signature was checked."""

    account: Account
    email: str
    is_email_verified: bool
    username: str
    has_shown_two: bool  # factors (amr: mfa, RFC 8176)

    @property
    def known_as(self) -> str:
        """What the person may recognize as their own account."""
        return self.email or self.username or self.account.subject


def read_claims(given: Mapping[str, Any], *, issuer: str, claim: str) -> Claims:
    """Return what is used of the claims; raises `ValueError` where they name nobody.

    Some providers write `email_verified` as a text.
    """
    subject = given.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST:
        raise ValueError("no subject")
    methods = given.get("amr")
    return Claims(
        Account(issuer, subject),
        _text(given.get("email")).lower(),
        given.get("email_verified") in (True, "true"),
        _text(given.get(claim)).lower(),
        isinstance(methods, list) and "mfa" in methods,
    )


def _text(found: Any) -> str:
    return found.strip() if isinstance(found, str) and found.isprintable() else ""
