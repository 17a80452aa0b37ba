"""Attempts to prove who one is: who must wait, and what is written down of each."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from flask import current_app, request, session

from desk.domain.signing_in import How, Outcome, network_of
from desk.domain.texts import one_line
from desk.limiting.patience import OF_ADDRESS, OF_DEVICE, OF_NETWORK, Counted, Patience
from desk.operations.accounts.signing_in import record
from desk.web.accounts.known_devices import find_mark
from desk.web.accounts.sessions import find_account
from desk.web.addresses import address
from desk.web.context import cookie_key, desk

PATIENCE: Final = "desk_patience"
WAIT: Final = "seconds_to_wait"  # under which a request keeps what its answer says (desk.web.limits.tell_wait)
BROWSER: Final = "browser"  # by what a browser is known that was told to wait; forgotten with the sign-in


def patience() -> Patience:
    """Return what counts the attempts of this application."""
    found: Patience = current_app.extensions[PATIENCE]
    return found


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: for which account, from where, and under what it counts. `account` is a digest of the name typed."""

    account: str
    person_id: int | None
    is_known_device: bool
    counted: tuple[Counted, ...]
    how: How

    def wait(self) -> int:
        """Return how many seconds the attempt must wait; it may be made at 0, and then counts until it succeeds."""
        stranger = not self.is_known_device
        wait = 0
        if stranger and patience().is_attacked(self.account):
            wait = patience().wait_once(self.counted[0].key)
        wait = wait or patience().take_turn(self.counted)
        if wait and patience().is_first_of_minute(self.counted[0].key):
            self._record(Outcome.DELAYED)
        return wait

    def failed(self) -> None:
        """Write down that it was in vain."""
        if not self.is_known_device:
            patience().count_attack(self.account)
        self._record(Outcome.REFUSED)

    def succeeded(self) -> None:
        """Forget the attempts in vain before it; that somebody is signed in is written down with their session."""
        patience().succeeded(self.counted)

    def _record(self, outcome: Outcome) -> None:
        streams = desk().streams
        typed = None if self.person_id is not None else self.account[:16]
        record(
            streams.engine,
            outcome=outcome,
            how=self.how,
            person_id=self.person_id,
            at=streams.clock(),
            source=network_of(request.remote_addr or ""),
            typed=typed,
        )


def attempt_of(username: str, how: How = How.PASSWORD) -> Attempt:
    """Return the attempt of this request for a user name, which may be nobody's: then all goes the same way."""
    name = one_line(username).lower()
    return _attempt(name, find_account(desk().streams.engine, name), how)


def attempt_again(person_id: int, username: str, how: How = How.PASSWORD) -> Attempt:
    """Return the attempt of somebody who is signed in to prove it once more: counted for them alone."""
    return Attempt(_digest(username), person_id, True, (Counted(f"again:{person_id}", OF_ADDRESS),), how)


def known_mark(username: str) -> str | None:
    """Return by what this device is known for a user name."""
    return find_mark(find_account(desk().streams.engine, one_line(username).lower()))


def _attempt(name: str, person_id: int | None, how: How) -> Attempt:
    account, mark = _digest(name), find_mark(person_id)
    if mark is not None:
        return Attempt(account, person_id, True, (Counted(f"device:{account}:{mark}", OF_DEVICE),), how)
    network, here = network_of(request.remote_addr or "") or "nowhere", address() or "nowhere"
    counted = (
        Counted(f"address:{account}:{here}", OF_ADDRESS, _browser()),
        Counted(f"network:{account}:{network}", OF_NETWORK, here),
    )
    return Attempt(account, person_id, False, counted, how)


def _browser() -> str:
    """Return by what this browser is known, in its signed cookie, to whom a turn may be promised."""
    if BROWSER not in session:
        session[BROWSER] = secrets.token_hex(8)
    return str(session[BROWSER])


def _digest(name: str) -> str:
    """Return under what a user name is counted; the name itself is not written down."""
    return hmac.new(cookie_key(), f"sign-in|{name}".encode(), hashlib.sha256).hexdigest()[:32]
