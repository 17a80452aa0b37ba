"""Codes of second factors: sealed secrets, and a code looked at in a short transaction of its own, which takes it once.

The secret of an app is sealed (AES-256-GCM, bound to the person) with a key that lies outside the database.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from datetime import datetime
from logging import getLogger
from os import urandom
from typing import Any, Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, select, update

from desk.domain import second_factors as rule
from desk.domain.second_factors import DIGITS, STEP_S, Verdict, recovery_hash, step_at, tidied, wait_until
from desk.models import Person, RecoveryCode, SecondFactor

LOG: Final = getLogger(__name__)
FACTORS: Any = SecondFactor.__table__
CODES: Any = RecoveryCode.__table__
PEOPLE: Any = Person.__table__
SECRET_LENGTH: Final = 32  # characters of base 32: 160 bits
RECOVERY_CODES: Final = 10
# 123 bits, so that a plain keyed hash is enough (OWASP ASVS 5.0, 6.5.2); no letters or digits read for one another.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 5, 5
_NONCE_BYTES: Final = 12


def new_secret() -> str:
    """Return a new secret of 160 bits in base 32."""
    return pyotp.random_base32(SECRET_LENGTH)


def new_recovery_codes() -> list[str]:
    """Return new codes in five groups of five characters, to be shown once."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    ]


def seal(key: bytes, person_id: int, secret: str) -> str:
    """Return a secret as it is kept: nobody reads it without the key, and it fits no other person."""
    nonce = urandom(_NONCE_BYTES)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, secret.encode(), _bound(person_id))).decode()


def unseal(key: bytes, person_id: int, sealed: str) -> str | None:
    """Return a secret as it was; None where the key is another, or somebody changed what is kept."""
    try:
        kept = b64decode(sealed)
        return AESGCM(key).decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], _bound(person_id)).decode()
    except (InvalidTag, ValueError):
        return None


def _bound(person_id: int) -> bytes:
    return f"second-factor|{person_id}".encode()


def judge(secret: str, code: str, *, at: datetime) -> tuple[Verdict, int]:
    """Return what a code of six digits is at this time, with its step (RIGHT, PAST or AHEAD)."""
    now, app = step_at(at), pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
    steps = range(now - rule.SEEN_STEPS, now + rule.SEEN_STEPS + 1)
    found = [step for step in steps if hmac.compare_digest(app.generate_otp(step), code)]
    near = next((step for step in sorted(found, key=lambda each: abs(each - now))), None)
    if near is None:
        return Verdict.WRONG, 0
    if abs(near - now) <= rule.WINDOW:
        return Verdict.RIGHT, near
    return (Verdict.PAST if near < now else Verdict.AHEAD), near


def try_code(engine: Engine, key: bytes | None, person_id: int, typed: str, *, at: datetime) -> Verdict:
    """Take a code of the app or a recovery code, once; two requests with one code at the same time: one is right.

    Of a code that will be right later nothing is said: whoever guessed it would only have to wait.
    """
    with engine.execution_options(desk_writes=True).begin() as connection:
        return take_code(connection, key, person_id, typed, at=at)


def take_code(connection: Connection, key: bytes | None, person_id: int, typed: str, *, at: datetime) -> Verdict:
    """Take a code within a transaction that is under way; SEALED where the key is not the one it was sealed with."""
    code, mine = tidied(typed), FACTORS.c.person_id == person_id
    if not rule.is_of_app(code) and key is not None:
        verdict = _take_recovery(connection, recovery_hash(key, person_id, code), person_id, at=at)
        if verdict is not Verdict.WRONG:
            return verdict
    row = connection.execute(select(FACTORS).where(mine).with_for_update()).one_or_none()
    secret = None if row is None or key is None else unseal(key, person_id, row.sealed_secret)
    if row is None or secret is None:
        return _unopened(row)
    if not rule.is_of_app(code):
        return Verdict.WRONG
    until = wait_until(row.failures, row.failed_at)
    if until is not None and at < until:
        return Verdict.WAIT
    verdict, step = judge(secret, code, at=at)
    if verdict is Verdict.RIGHT:
        taken = update(FACTORS).where(mine, FACTORS.c.last_step < step)
        fresh = connection.execute(taken.values(last_step=step, failures=0, failed_at=None)).rowcount
        return Verdict.RIGHT if fresh else Verdict.USED
    connection.execute(update(FACTORS).where(mine).values(failures=FACTORS.c.failures + 1, failed_at=at))
    return Verdict.WRONG if verdict is Verdict.AHEAD else verdict


def _unopened(row: Any) -> Verdict:
    if row is None:
        return Verdict.WRONG
    LOG.error("a second factor cannot be unsealed: the file secrets/second-factors is not the one it was made with")
    return Verdict.SEALED


def _take_recovery(connection: Connection, hashed: str, person_id: int, *, at: datetime) -> Verdict:
    mine = (CODES.c.code_hash == hashed) & (CODES.c.person_id == person_id)
    unused = update(CODES).where(mine, CODES.c.used_at.is_(None)).values(used_at=at)
    if connection.execute(unused).rowcount:
        # Whoever shows one is the person: what somebody else guessed before no longer slows them down.
        ours = FACTORS.c.person_id == person_id
        connection.execute(update(FACTORS).where(ours).values(failures=0, failed_at=None))
        return Verdict.RIGHT
    is_known = connection.execute(select(CODES.c.used_at).where(mine)).first() is not None
    return Verdict.USED if is_known else Verdict.WRONG


def list_sealed(connection: Connection, key: bytes | None) -> list[str]:
    """Return the user names of those whose second factor the key does not open: no code of theirs is right."""
    query = select(FACTORS.c.person_id, FACTORS.c.sealed_secret, PEOPLE.c.username)
    rows = connection.execute(query.join(PEOPLE, PEOPLE.c.id == FACTORS.c.person_id).order_by(PEOPLE.c.username))
    return [row.username for row in rows if key is None or unseal(key, row.person_id, row.sealed_secret) is None]


def waits_until(engine: Engine, person_id: int) -> datetime | None:
    """Return until when no code of the app of somebody is looked at."""
    query = select(FACTORS.c.failures, FACTORS.c.failed_at).where(FACTORS.c.person_id == person_id)
    with engine.execution_options(desk_writes=False).connect() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else wait_until(row.failures, row.failed_at)
