"""Signing in with an account of an identity provider: a real one, over HTTP, that also lies."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import select, update

from desk.models import OpenIdIdentity, Person, SignInRecord, StaffSession
from desk.settings_openid import OpenId, read_openid
from tests.fixtures.office import DeskOffice
from tests.fixtures.openid_provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.fixtures.second_factors import phone_of
from tests.fixtures.web import Answer, Web

BEGIN = "/sign-in/openid"
BUDI = "budi"


@pytest.fixture
def openid(web: Web, provider: Provider) -> Web:
    """A browser at the office, whose desk knows the provider."""
    configure(web.app, issuer=provider.issuer, link="email")
    office = web.office
    with office.streams.setting_up() as connection:
        connection.execute(update(Person).where(Person.id == office.budi.id).values(email="Budi@example.id"))
    web.speak("en")
    return web


def configure(app: Flask, **changed: Any) -> None:
    """Tell the desk of a provider, or of it something else."""
    desk = app.extensions["desk"]
    found = replace(desk.settings.openid, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, name="Kemenkeu ID")
    app.extensions["desk"] = replace(desk, settings=replace(desk.settings, openid=replace(found, **changed)))
    app.extensions.pop("desk_openid", None)


def come_back(web: Web, provider: Provider, *, who: str = BUDI, path: str = BEGIN, status: int = 303) -> Answer:
    """Go to the provider, sign in there, and come back."""
    return web.get(provider.signs_in(web.get(path, status=302).location, who), status=status)


def rows_of(office: DeskOffice, model: Any) -> list[Any]:
    with office.streams.reading() as connection:
        return list(connection.execute(select(model.__table__)).all())


def refused(web: Web, answer: Answer) -> str:
    """Return what the sign-in page says then; nobody is signed in."""
    assert answer.location in ("/sign-in", "/account")
    return web.get(answer.location).text


def test_the_first_way_in_links_the_account_and_from_then_on_only_that_counts(openid: Web, provider: Provider) -> None:
    web, office = openid, openid.office
    assert "Sign in with Kemenkeu ID" in web.get("/sign-in").said
    sent = web.get(f"{BEGIN}?next=/healthz", status=302)
    asked = {name: value[0] for name, value in parse_qs(urlsplit(sent.location).query).items()}
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    assert len(asked["nonce"]) >= 20 and len(asked["state"]) >= 20 and len(asked["code_challenge"]) == 43
    assert asked["redirect_uri"] == "http://desk.example/sign-in/openid/callback"
    back = provider.signs_in(sent.location, BUDI)
    assert web.get(back, status=303).location == "/healthz"
    web.get(f"/offices/{office.id}/today")
    assert [(row.person_id, row.issuer) for row in rows_of(office, OpenIdIdentity)] == [
        (office.budi.id, provider.issuer)
    ]
    assert rows_of(office, SignInRecord)[-1].how == "oidc"
    # The same answer once more, here and in another browser, is worth nothing.
    other = web.another()
    other.speak("en")
    assert "used already" in refused(other, other.get(back, status=303))
    web.post("/sign-out")
    assert "used already" in refused(web, web.get(back, status=303))
    # The address may change: what counts is the account. Nothing leads elsewhere.
    provider.knows(BUDI, email="else@example.id", email_verified=False)
    assert (
        come_back(web, provider, path=f"{BEGIN}?next=https://evil.example/").location == f"/offices/{office.id}/today"
    )


@pytest.mark.parametrize(
    "lie",
    ["nonce", "no nonce", "aud", "other audience", "iss", "expired", "at_hash", "none", "unsigned", "bent", "hs256",
     "hs256 secret", "other key", "no id token", "no subject"],
)  # fmt: skip
def test_what_the_provider_did_not_say_like_this_lets_nobody_in(openid: Web, provider: Provider, lie: str) -> None:
    provider.will(lie)
    assert "cannot be trusted" in refused(openid, come_back(openid, provider))
    assert rows_of(openid.office, StaffSession) == [] and rows_of(openid.office, OpenIdIdentity) == []
    provider.will("")
    come_back(openid, provider)
    assert len(rows_of(openid.office, StaffSession)) == 1


@pytest.mark.parametrize("lie", ["another issuer", "endless", "elsewhere", "far endpoints", "broken"])
def test_a_provider_that_is_another_or_away_is_said_kindly(openid: Web, provider: Provider, lie: str) -> None:
    provider.will(lie)
    assert "cannot be reached" in refused(openid, openid.get(BEGIN, status=303))
    configure(openid.app, issuer="http://127.0.0.1:9/o")
    assert "cannot be reached" in refused(openid, openid.get(BEGIN, status=303))
    openid.as_("Budi")  # with the password, as ever


def test_state_codes_and_answers_of_others(openid: Web, provider: Provider) -> None:
    web, location = openid, openid.get(BEGIN, status=302).location
    back = provider.signs_in(location, BUDI)
    # An answer that began in another browser, one with another state, one that says it is of another provider.
    victim = web.another()
    victim.get(BEGIN, status=302)
    assert victim.get(back, status=303).location == "/sign-in"
    assert web.get(back.replace("state=", "state=x"), status=303).location == "/sign-in"
    assert web.get(back, status=303).location == "/sign-in"  # the attempt is over with that
    back = provider.signs_in(web.get(BEGIN, status=302).location, BUDI)
    assert web.get(f"{back}&iss=https%3A%2F%2Fevil.example", status=303).location == "/sign-in"
    # A code that was exchanged already.
    first = provider.signs_in(web.get(BEGIN, status=302).location, BUDI)
    state = {"old": parse_qs(urlsplit(first).query)}
    web.get(first, status=303)
    web.post("/sign-out")
    second = provider.signs_in(web.get(BEGIN, status=302).location, BUDI)
    replayed = second.replace(parse_qs(urlsplit(second).query)["code"][0], state["old"]["code"][0])
    assert "cannot be trusted" in refused(web, web.get(replayed, status=303))
    # Stopped there; and the cookie keeps one attempt only.
    for _ in range(5):
        web.get(BEGIN, status=302)
    with web.client.session_transaction() as session:
        (key,) = [each for each in session if each.startswith("_state_")]
        name = key.rpartition("_")[2]
    assert "you stopped it" in refused(web, web.get(f"{BEGIN}/callback?error=access_denied&state={name}", status=303))
    provider.will("says iss")
    configure(web.app)
    assert "cannot be trusted" in refused(web, come_back(web, provider))


def test_keys_are_changed_and_the_clock_may_be_a_little_wrong(openid: Web, provider: Provider) -> None:
    for lie in ("", "skewed"):
        provider.will(lie)
        come_back(openid, provider)
        openid.post("/sign-out")
        provider.rotates()
    provider.will("no claims")  # the ID token is bare: the provider is asked
    come_back(openid, provider)


def test_who_is_unknown_disabled_or_unverified_is_told_what_to_do(openid: Web, provider: Provider) -> None:
    web, office = openid, openid.office
    provider.knows(BUDI, email="nobody@example.id", email_verified=True)
    assert "No account here belongs to “nobody@example.id”" in refused(web, come_back(web, provider))
    provider.knows(BUDI, email="budi@example.id", email_verified=False)
    assert "has not verified" in refused(web, come_back(web, provider))
    provider.knows(BUDI, email="budi@example.id", email_verified=True)
    configure(web.app, link="")
    assert "No account here belongs to" in refused(web, come_back(web, provider))
    configure(web.app, link="email")

    def write(**values: Any) -> None:
        with office.streams.setting_up() as connection:
            connection.execute(update(Person).where(Person.id.in_([office.budi.id, office.sari.id])).values(**values))

    write(is_email_vouched=False)  # a supervisor entered it: it decides nothing
    assert "No account here belongs to" in refused(web, come_back(web, provider))
    write(email="budi@example.id", is_email_vouched=True)
    assert "Several accounts" in refused(web, come_back(web, provider))
    configure(web.app, link="username")
    provider.knows(BUDI, email="budi@example.id", preferred_username="budi.kpknl")
    come_back(web, provider)
    web.post("/sign-out")
    write(disabled_at=office.clock.now)
    assert "deactivated" in refused(web, come_back(web, provider))
    assert len(rows_of(office, StaffSession)) == 1


def test_who_came_from_the_provider_can_sign_out_there_too(openid: Web, provider: Provider) -> None:
    web, there = openid, requests.Session()

    web.get(provider.signs_in(web.get(BEGIN, status=302).location, BUDI, there), status=303)
    assert "sign out there too" in web.get(web.post("/sign-out").location).said
    sent = web.get("/sign-out/openid", status=302).location
    asked = {name: value[0] for name, value in parse_qs(urlsplit(sent).query).items()}
    assert sent.startswith(f"{provider.issuer}/logout/") and "id_token_hint" not in asked  # no token is kept for it
    assert asked["client_id"] == CLIENT_ID and len(asked["state"]) >= 20
    assert asked["post_logout_redirect_uri"] == "http://desk.example/sign-out/openid/back"
    # What another browser, or nobody, began says nothing; and offers nothing.
    assert web.another().get("/sign-out/openid", status=302).location == "/sign-in"
    other = web.another()
    other.get("/sign-out/openid/back?state=x", status=302)
    assert "signed out at" not in other.get("/sign-in").said
    assert web.get(provider.signs_out(sent, there), status=302).location == "/sign-in"
    page = web.get("/sign-in")
    assert "You are signed out at Kemenkeu ID too." in page.said and "sign out there too" not in page.said
    assert "/login/" in there.get(web.get(BEGIN, status=302).location, timeout=10).url  # signed out there indeed

    agus = web.as_("Agus")  # who came by the password was never there
    agus.speak("en")
    assert "sign out there too" not in agus.get(agus.post("/sign-out").location).said
    for lie in ("no way out", "unsound way out", "broken"):  # nothing can be offered; nobody is kept in
        with web.client.session_transaction() as session:
            session["openid_left"] = True
        provider.will(lie)
        configure(web.app)
        assert "sign out there too" not in web.get("/sign-in").said
        assert web.get("/sign-out/openid", status=302).location == "/sign-in"


def test_a_second_factor_is_asked_unless_the_provider_is_trusted_with_it(openid: Web, provider: Provider) -> None:
    web, office = openid, openid.office
    phone = phone_of(web, "Budi")
    provider.knows(BUDI, email="budi@example.id", email_verified=True, amr=["pwd", "mfa"])
    assert come_back(web, provider).location == "/sign-in/second-factor"
    office.clock.tick(30)
    shown = web.send(web.get("/sign-in/second-factor"), "/sign-in/second-factor", code=phone.code())
    assert shown.location == f"/offices/{office.id}/today"
    assert "sign out there too" in web.get(web.post("/sign-out").location).said  # it began there all the same
    configure(web.app, trusts_mfa=True)
    assert come_back(web, provider).location == f"/offices/{office.id}/today"
    web.post("/sign-out")
    provider.knows(BUDI, email="budi@example.id", email_verified=True, amr=["pwd"])
    assert come_back(web, provider).location == "/sign-in/second-factor"


def test_linked_confirmed_and_unlinked_on_the_page_of_ones_account(openid: Web, provider: Provider) -> None:
    configure(openid.app, link="")
    agus, office = openid.as_("Agus"), openid.office
    agus.speak("en")
    assert "Link your account of Kemenkeu ID" in agus.get("/account").said
    assert come_back(agus, provider, path="/account/openid/link").location == "/account"
    assert "Linked since" in agus.get("/account").said
    # Somebody else cannot have the same one.
    sari = openid.as_("Sari")
    sari.speak("en")
    come_back(sari, provider, path="/account/openid/link")
    assert "linked to another person" in sari.get("/account").said
    # With it one shows that it is oneself.
    office.clock.tick(11 * 60)
    asked = agus.get("/account/openid/link", status=303)
    assert "Confirm with Kemenkeu ID" in agus.follow(asked).said
    sent = agus.get("/account/openid/confirmation?next=/account/second-factor/app", status=302)
    assert "prompt=login" in sent.location
    assert agus.get(provider.signs_in(sent.location, BUDI), status=303).location == "/account/second-factor/app"
    agus.get("/account/second-factor/app")
    agus.post("/account/openid/removal")
    assert rows_of(office, OpenIdIdentity) == []


def test_without_a_provider_nothing_is_offered(web: Web) -> None:
    web.speak("en")
    assert "Or with the account" not in web.get("/sign-in").said
    assert "not set up here" in refused(web, web.get(BEGIN, status=303))
    web.get(f"{BEGIN}/callback?code=1&state=2", status=303)
    assert OpenId().issuer == ""


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"ISSUER": "http://id.example"}, "DESK_OIDC_ISSUER"),
        ({"ISSUER": "id.example"}, "DESK_OIDC_ISSUER"),
        ({"ISSUER": "https://id.example/?realm=1"}, "DESK_OIDC_ISSUER"),
        ({"ISSUER": "https://id.example"}, "DESK_OIDC_CLIENT_ID"),
        ({"ISSUER": "https://id.example", "CLIENT_ID": "a", "LINK": "anybody"}, "DESK_OIDC_LINK"),
        ({"ISSUER": "https://id.example", "CLIENT_ID": "a", "CLIENT_SECRET": "short"}, "DESK_OIDC_CLIENT_SECRET"),
        ({"ISSUER": "https://id.example", "CLIENT_ID": "a", "TRUSTS_MFA": "maybe"}, "DESK_OIDC_TRUSTS_MFA"),
    ],
)
def test_what_makes_no_sense_is_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        read_openid({f"DESK_OIDC_{name}": value for name, value in given.items()})
