"""`desk check`: whether an office can open its counters with this installation."""

import json

import click

from desk.cli.checks import CHECKS, Level, Result, run
from desk.cli.opening import read_settings
from desk.cli.refusing import DOES_NOT_HOLD, say

SIGNS = {Level.GOOD: "ok", Level.WARNING: "warning", Level.FAULT: "FAULT", Level.UNKNOWN: "unknown"}


@click.command()
@click.option("--only", "names", multiple=True, type=click.Choice(list(CHECKS)), help="Only this check; repeatable.")
@click.option("--strict", is_flag=True, help="Warnings and what could not be looked at count as faults.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing of what is good.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
@click.pass_context
def check(ctx: click.Context, *, names: tuple[str, ...], strict: bool, quiet: bool, as_json: bool) -> None:
    """Look whether an office can open with this installation.

    Looks at the machine, the data folder, the database, the ways in and out, and what the offices have. Run it as the
    user and with the settings that the desk runs with, before going live and after every change. It changes nothing,
    connects to the mail server and the gateway without sending anything, and says of each fault what to do. Whether the
    records hold together is asked of `desk doctor`.

    Exit code 0 when there is no fault, 1 when there is one.
    """
    settings = read_settings(makes=False)
    found = list(run(settings, iter(names) if names else None))
    bad = {Level.FAULT, Level.WARNING, Level.UNKNOWN} if strict else {Level.FAULT}
    faults = sum(1 for _, result in found if result.level in bad)
    if as_json:
        say(json.dumps({"well": not faults, "checks": [_as_json(*each) for each in found]}))
    else:
        shown = [each for each in found if not (quiet and each[1].level is Level.GOOD)]
        say(*(_in_words(*each) for each in shown), _total(found, faults))
    ctx.exit(DOES_NOT_HOLD if faults else 0)


def _as_json(name: str, result: Result) -> dict[str, str]:
    return {"check": name, "level": result.level, "said": result.said, "remedy": result.remedy}


def _in_words(name: str, result: Result) -> str:
    remedy = f"\n{'':25}{result.remedy}" if result.remedy else ""
    return f"{SIGNS[result.level]:<8} {name:<15} {result.said}{remedy}"


def _total(found: list[tuple[str, Result]], faults: int) -> str:
    warnings = sum(1 for _, result in found if result.level is Level.WARNING)
    if not faults:
        return f"Ready; {warnings} warnings." if warnings else "Ready."
    return f"Not ready: {faults} to mend."
