"""`desk token`: tokens with which programs act for a member of staff."""

import json
from datetime import UTC, datetime
from typing import Final

import click

from desk.cli.opening import get_office, opened
from desk.cli.refusing import Trouble, say
from desk.domain.access import Role
from desk.domain.texts import one_line
from desk.operations.accounts.granting import LONGEST_NAME, grant, revoke
from desk.reads.api_tokens import TokenEntry, list_tokens

SHORTEST_ID: Final = 6


@click.group()
def token() -> None:
    """Create, list and revoke the tokens of the API."""


@token.command("create")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What it may do.")
@click.option("--name", required=True, help="For whom: user name or name of a member of staff, or a new name.")
@click.option("--office", "code", metavar="CODE", help="In which office; the first one unless given.")
@click.option("--days", type=click.IntRange(1, 3650), help="For how long; without end unless given.")
def create_command(role: str, name: str, code: str | None, days: int | None) -> None:
    """Create a token and print it, and nothing else, on standard output. It cannot be shown again.

    The token acts as one member of staff in one office: whoever is called NAME and holds the role there. Where there
    is nobody, somebody is enrolled under that name without a password; agents and supervisors then serve every
    service. Send it as "Authorization: Bearer TOKEN".
    """
    if not 0 < len(one_line(name)) <= LONGEST_NAME:
        raise click.BadParameter(f"it must have 1 to {LONGEST_NAME} characters", param_hint="--name")
    with opened() as desk:
        with desk.streams.reading() as connection:
            office = get_office(connection, code)
        created = grant(desk.streams, office.id, name, Role(role), days=days)
    say(created)


@token.command("list")
@click.option("--office", "code", metavar="CODE", help="Of which office; of all unless given.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON array.")
def list_command(code: str | None, *, as_json: bool) -> None:
    """List the tokens, newest first, with the ids by which they are revoked. Never the tokens themselves."""
    with opened() as desk, desk.streams.reading() as connection:
        office = None if code is None else get_office(connection, code)
        entries = list_tokens(connection, office_id=office.id if office else None, at=datetime.now(UTC))
    if as_json:
        say(json.dumps([entry.as_object() for entry in entries]))
    else:
        say(*(_in_words(entry) for entry in entries) if entries else ["There is no token."])


@token.command("revoke")
@click.argument("token_id", metavar="ID")
def revoke_command(token_id: str) -> None:
    """End the token with this ID (see `desk token list`) at once."""
    with opened() as desk:
        with desk.streams.reading() as connection:
            entries = list_tokens(connection, office_id=None, at=datetime.now(UTC))
        found = [each for each in entries if len(token_id) >= SHORTEST_ID and each.token_hash.startswith(token_id)]
        if len(found) != 1:
            raise Trouble(f"There is no token with the id {token_id!r}. List them with `desk token list`.")
        revoke(desk.streams, found[0].token_hash)
    say(f"Revoked: {_in_words(found[0])}")


def _in_words(entry: TokenEntry) -> str:
    return (
        f"{entry.id}  {entry.office:<12} {entry.role:<10} {entry.state:<8} {entry.created:%Y-%m-%d %H:%M}  {entry.name}"
    )
