"""The identity provider behind its address: discovery, the exchange of the code, and the checked ID token.

Authlib's client for Flask, made stricter: the issuer must be the configured one, only asymmetric signatures count, the
audience is checked, nothing is followed elsewhere, and nothing is read without an end. Imported only where a provider
is configured, since Authlib and Requests take a fifth of a second.
"""

import time
from typing import Any, Final
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, Response, request, session
from joserfc.errors import BadSignatureError, JoseError

from desk.domain.openid import Claims, read_claims
from desk.settings_openid import OpenId
from desk.settings_values import address

NAME: Final = "desk"
STATE: Final = f"_state_{NAME}_"  # under which Authlib keeps in the cookie what belongs to one attempt
SECONDS_WAITED: Final = 5
SECONDS_KNOWN: Final = 3600
SECONDS_OF_SKEW: Final = 60
MOST_BYTES: Final = 1 << 20
ASYMMETRIC: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
WAY_OUT: Final = "end_session_endpoint"
FAILURES: Final = (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, TypeError)


class Bounded(OAuth2Session):  # type: ignore[misc]
    """Requests to the provider: never followed elsewhere, and no answer without an end."""

    def request(self, method: str, url: str, *arguments: Any, **named: Any) -> Any:
        """Send a request; raises `ValueError` for an answer that is too long or leads elsewhere."""
        named["allow_redirects"], named["stream"] = False, True
        named.setdefault("timeout", SECONDS_WAITED)
        with super().request(method, url, *arguments, **named) as response:
            content = response.raw.read(MOST_BYTES + 1, decode_content=True)
        if len(content) > MOST_BYTES or response.is_redirect:
            raise ValueError("the identity provider answered what cannot be used")
        response._content = content  # as Requests itself does after reading
        return response


class Strict(FlaskOAuth2App):  # type: ignore[misc]
    """Authlib's client of one provider, with what it leaves open decided."""

    client_cls = Bounded
    issuer = ""
    server_metadata: dict[str, Any]

    def load_server_metadata(self) -> Any:
        """Return what the provider says of itself, read anew each hour; raises `ValueError` where it is another."""
        known = self.server_metadata
        if time.time() - known.get("_loaded_at", 0) < SECONDS_KNOWN:
            return known
        with self._get_session() as asking:
            answer = asking.request("GET", self._server_metadata_url, withhold_token=True)
            answer.raise_for_status()
            found = answer.json()
        self.server_metadata = {**self._checked(found), "_loaded_at": time.time()}
        return self.server_metadata

    def _checked(self, found: Any) -> dict[str, Any]:
        if not isinstance(found, dict) or found.get("issuer") != self.issuer:
            raise ValueError("the identity provider calls itself otherwise than DESK_OIDC_ISSUER")
        for name in ENDPOINTS + (("userinfo_endpoint",) if "userinfo_endpoint" in found else ()):
            if not address({name: str(found.get(name, ""))}, name):
                raise ValueError(f"the identity provider names no {name}")
            if self.issuer.startswith("https:") and not found[name].startswith("https:"):
                raise ValueError(f"the identity provider names a {name} without encryption")
        self._drop_unsound_way_out(found)
        offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
        found["id_token_signing_alg_values_supported"] = [each for each in offered if each in ASYMMETRIC]
        found.pop("jwks", None)
        return found

    def _drop_unsound_way_out(self, found: dict[str, Any]) -> None:
        """Offer no way out where the provider names none that can be used; it keeps nobody from signing in."""
        named = found.get(WAY_OUT)
        is_sound = isinstance(named, str) and bool(address({WAY_OUT: named}, WAY_OUT))
        if not is_sound or (self.issuer.startswith("https:") and not str(named).startswith("https:")):
            found.pop(WAY_OUT, None)

    def parse_id_token(self, token: Any, nonce: str, **options: Any) -> Any:
        """Return the claims of a checked ID token; keys exchanged under the same name are fetched once more."""
        try:
            return super().parse_id_token(token, nonce, **options)
        except BadSignatureError:
            self.fetch_jwk_set(force=True)
            return super().parse_id_token(token, nonce, **options)


class Provider:
    """What the pages do with the provider."""

    def __init__(self, app: Flask, settings: OpenId) -> None:
        self.settings = settings
        client = type("Client", (Strict,), {"issuer": settings.issuer})
        registry = type("Registry", (OAuth,), {"oauth2_client_cls": client})(app)
        self._client = registry.register(
            NAME,
            client_id=settings.client_id,
            client_secret=settings.client_secret or None,
            server_metadata_url=settings.issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile email",
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": "client_secret_basic" if settings.client_secret else "none",
            },
        )

    def lead_there(self, callback: str, *, language: str, again: bool = False) -> Response:
        """Return the redirect to the provider; `again` demands that it asks for the password there now.

        The cookie keeps one attempt. Raises one of `FAILURES`.
        """
        forget_attempts()
        more = {"prompt": "login", "max_age": "0"} if again else {}
        answer: Response = self._client.authorize_redirect(callback, ui_locales=language, **more)
        return answer

    def has_way_out(self) -> bool:
        """Tell whether people can be signed out there too; raises one of `FAILURES`."""
        return WAY_OUT in self._client.load_server_metadata()

    def way_out(self, back: str, *, state: str, language: str) -> str:
        """Return where people sign out there (RP-initiated logout) and are led `back` from; raises one of `FAILURES`.

        Without the ID token, of which nothing is kept here, the provider asks them whether they want that.
        """
        endpoint: str = self._client.load_server_metadata()[WAY_OUT]
        said = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        asked = urlencode({**said, "state": state, "ui_locales": language})
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{asked}"

    def come_back(self) -> tuple[Claims, float]:
        """Return what the provider says of who came back, and when they signed in there (0: not said).

        Raises one of `FAILURES`. The state in the cookie is gone afterwards, so nobody comes back twice.
        """
        self._require_issuer()
        options = {name: {"essential": True, "value": value} for name, value in self._expected.items()}
        token = self._client.authorize_access_token(claims_options=options, leeway=SECONDS_OF_SKEW)
        claims = token.get("userinfo")
        if not claims:
            raise ValueError("the identity provider gave no ID token")
        since = claims.get("auth_time")
        return self._read(dict(claims), token), float(since) if isinstance(since, int | float) else 0.0

    @property
    def _expected(self) -> dict[str, str]:
        return {"iss": self.settings.issuer, "aud": self.settings.client_id}

    def _require_issuer(self) -> None:
        """Refuse an answer of another provider (RFC 9207)."""
        given = request.args.get("iss")
        says_so = self._client.load_server_metadata().get("authorization_response_iss_parameter_supported") is True
        if (given is None and says_so) or given not in (None, self.settings.issuer):
            forget_attempts()
            raise ValueError("an answer of another identity provider")

    def _read(self, claims: dict[str, Any], token: Any) -> Claims:
        """Return the claims; those that the ID token leaves out are asked for, of the same subject."""
        wanted = {"email": "email", "username": self.settings.claim}.get(self.settings.link)
        if wanted and wanted not in claims and "userinfo_endpoint" in self._client.load_server_metadata():
            more = self._client.userinfo(token=token)
            if more.get("sub") != claims["sub"]:
                raise ValueError("the identity provider told of somebody else")
            claims = {**more, **claims}
        return read_claims(claims, issuer=self.settings.issuer, claim=self.settings.claim)


def forget_attempts() -> None:
    """Forget earlier attempts, of which each would lengthen the cookie."""
    for key in [each for each in session if each.startswith(STATE)]:
        session.pop(key)
