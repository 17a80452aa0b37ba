"""The identity provider with which staff may sign in, from the environment; part of `desk.settings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from desk import settings_values as values

LINKS: Final = ("", "email", "username")


@dataclass(frozen=True, slots=True)
class OpenId:
    """A provider of OpenID Connect; without an issuer there is none.

    `link` says who is taken for whom at the first sign-in: nobody (empty: only who linked their account), whoever has
    the verified e-mail address, or the user name that stands in `claim`.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    name: str = "OpenID"
    link: str = ""
    claim: str = "preferred_username"
    trusts_mfa: bool = False


def read_openid(env: Mapping[str, str]) -> OpenId:
    """Return the provider; raises `ValueError` naming the variable that cannot be understood."""
    issuer, usual = values.address(env, "DESK_OIDC_ISSUER"), OpenId()
    found = OpenId(
        issuer=issuer,
        client_id=env.get("DESK_OIDC_CLIENT_ID", "").strip(),
        client_secret=values.secret(env, "DESK_OIDC_CLIENT_SECRET", "DESK_OIDC_CLIENT_SECRET_FILE"),
        name=env.get("DESK_OIDC_NAME", "").strip() or usual.name,
        link=env.get("DESK_OIDC_LINK", "").strip().lower(),
        claim=env.get("DESK_OIDC_CLAIM", "").strip() or usual.claim,
        trusts_mfa=values.switch(env, "DESK_OIDC_TRUSTS_MFA"),
    )
    if urlsplit(issuer).query or urlsplit(issuer).fragment:
        raise ValueError("DESK_OIDC_ISSUER must be an address without ? and #, exactly as the provider gives it")
    if issuer and not found.client_id:
        raise ValueError("DESK_OIDC_CLIENT_ID must be set with DESK_OIDC_ISSUER")
    if found.link not in LINKS:
        raise ValueError(f"DESK_OIDC_LINK must be email, username or empty, not {found.link!r}")
    return found
