"""How visitors and staff reach the desk, and how its messages reach them."""

import socket
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from desk.cli.checks.base import Result, Subject, fault, good, unknown, warning
from desk.cli.refusing import reason_of
from desk.delivery.sending import SendingFailed
from desk.delivery.smtp import SmtpSender
from desk.delivery.worker import identity_of
from desk.domain.opening import AddressFault, find_address_fault, is_refused_sender
from desk.limiting.counters import Counters
from desk.limiting.places import database_url, limits_uri
from desk.settings_values import LOOPBACK

SECONDS: Final = 10.0
PROBE: Final = "desk:check"
EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  that is what is looked for


def check_base_address(subject: Subject) -> Iterator[Result]:
    """Whether QR codes and messages point at an address that visitors reach."""
    given = subject.settings.base_url
    match find_address_fault(given):
        case AddressFault.UNSET:
            yield fault(
                "DESK_BASE_URL is not set; QR codes and messages point at the address that this machine has today.",
                "Set it to the address under which visitors reach the desk, https://antrean.example.go.id for example.",
            )
        case AddressFault.NO_ADDRESS:
            yield fault(f"DESK_BASE_URL is no web address: {given}", "It begins with https:// or http://.")
        case AddressFault.THIS_MACHINE:
            yield fault("DESK_BASE_URL points at the machine itself; no phone reaches it.", "Set the outer address.")
        case AddressFault.MORE_THAN_HOST:
            said = f"DESK_BASE_URL has more than a host in it: {given}"
            yield fault(said, "The desk is served at the root of a host.")
        case AddressFault.OPEN:
            yield warning("DESK_BASE_URL begins with http://: what visitors write is sent openly.", "Serve it by TLS.")
        case None:
            yield good(f"QR codes and messages point at {given}")


def check_tls(subject: Subject) -> Iterator[Result]:
    """Whether cookies are bound to TLS where pages come by it."""
    is_secure = urlsplit(subject.settings.base_url).scheme == "https"
    if is_secure and not subject.settings.tls:
        yield fault("Pages come by TLS, and cookies are not bound to it.", "Set DESK_TLS=1.")
    elif subject.settings.tls and not is_secure:
        yield fault(
            "DESK_TLS is 1, and DESK_BASE_URL does not begin with https://: nobody can sign in.",
            "Set DESK_BASE_URL to the https address, or DESK_TLS=0.",
        )
    elif not is_secure:
        yield warning(
            "Pages come without TLS; passwords can be read on the network.",
            "Put a proxy with TLS in front: docs/operations.md, Behind a reverse proxy.",
        )
    else:
        yield good("Cookies are bound to TLS.")


def check_proxies(subject: Subject) -> Iterator[Result]:
    """Whether the number of reverse proxies fits: too many, and anybody can say where they come from."""
    settings = subject.settings
    if settings.trusted_proxies and settings.host in EVERYWHERE:
        yield warning(
            f"{settings.trusted_proxies} proxies are trusted, and the desk can be reached beside them.",
            "Set DESK_HOST to 127.0.0.1, or to the address that only the proxy reaches.",
        )
    elif settings.tls and not settings.trusted_proxies:
        yield fault(
            "Something in front of the desk does TLS, and is not counted: all visitors have one address, and share"
            " its limits.",
            "Set DESK_TRUSTED_PROXIES to the number of proxies, usually 1.",
        )
    else:
        yield good(f"{settings.trusted_proxies} proxies are trusted.")


def check_listening(subject: Subject) -> Iterator[Result]:
    """Whether the desk listens where it is to be reached."""
    settings = subject.settings
    if settings.host in LOOPBACK and not settings.trusted_proxies:
        yield warning(
            "The desk listens on this machine only, and no proxy is counted: no screen or phone reaches it.",
            "Set DESK_HOST=0.0.0.0, or put a proxy in front and set DESK_TRUSTED_PROXIES=1.",
        )
    else:
        yield good(f"The desk listens on {settings.host}, port {settings.port}.")


def check_limits(subject: Subject) -> Iterator[Result]:
    """Whether the store of the rate limits can be written."""
    uri, settings = limits_uri(subject.settings), subject.settings
    if uri.startswith("memory:"):
        yield warning(
            "Rate limits are counted in the memory of each process, and forgotten at every start.",
            "Leave DESK_LIMITS_URL out: the desk has a store of its own.",
        )
        return
    if not settings.limits_url and settings.on_sqlite and not (settings.data / "limits.db").exists():
        yield good("The store of the rate limits is made at the first start.")
        return
    try:
        store = Counters(database_url(uri))
    except ValueError:
        yield unknown(f"Rate limits are counted in another store ({uri.partition(':')[0]}); it was not asked.")
        return
    try:
        store.probe(PROBE, now=subject.now.timestamp())
    except SQLAlchemyError as error:
        yield fault(
            f"The store of the rate limits cannot be written, and each process counts by itself: {reason_of(error)}",
            "Look at DESK_LIMITS_URL, and whether the data folder can be written.",
        )
    else:
        yield good("The store of the rate limits answers, and can be written.")
    finally:
        store.close()


def check_mail(subject: Subject) -> Iterator[Result]:
    """Whether the mail server answers, and takes the name that the desk gives."""
    mail = subject.settings.mail
    if mail.host is None:
        yield warning("No mail server is set; surveys and notices wait in the outbox.", "Set DESK_SMTP_HOST.")
        return
    if mail.username and not mail.starttls and mail.host not in LOOPBACK:
        yield fault("The password of the mail server would be sent openly.", "Set DESK_SMTP_STARTTLS=1.")
        return
    try:
        SmtpSender(mail, identity_of(subject.settings), timeout=SECONDS).greet()
    except ValueError as error:
        yield fault(str(error), "Set DESK_MAIL_FROM.")
    except SendingFailed as error:
        yield fault(f"The mail server {mail.host}:{mail.port} does not take us: {error}", "Look at DESK_SMTP_HOST.")
    else:
        yield good(f"The mail server {mail.host} answers.")


def check_sender(subject: Subject) -> Iterator[Result]:
    """Whether messages come from an address that mail servers take."""
    mail = subject.settings.mail
    if mail.host is None:
        yield good("No mail is sent.")
    elif is_refused_sender(mail.sender):
        yield fault(f"Messages come from {mail.sender}, which most mail servers refuse.", "Set DESK_MAIL_FROM.")
    else:
        yield good(f"Messages come from {mail.sender}.")


def check_gateway(subject: Subject) -> Iterator[Result]:
    """Whether the gateway for phones can be reached, and its receipts be believed."""
    gateway = subject.settings.gateway
    if not gateway.url:
        yield good("No gateway for phones is set; nobody is asked for a number.")
        return
    found = urlsplit(gateway.url)
    port = found.port or (443 if found.scheme == "https" else 80)
    try:
        socket.create_connection((found.hostname or "", port), timeout=SECONDS).close()
    except OSError as error:
        yield fault(f"The gateway {found.hostname} cannot be reached: {error}", "Look at DESK_GATEWAY_URL.")
    else:
        yield good(f"The gateway {found.hostname} can be reached.")
    if not gateway.receipt_secret:
        yield warning(
            "Receipts of the gateway are not taken: what was delivered is not known.",
            "Set DESK_GATEWAY_RECEIPT_SECRET.",
        )
