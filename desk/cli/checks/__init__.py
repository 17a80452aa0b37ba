"""What an office looks at before its counters open: one small check each, told good, to be looked at, or a fault."""

from desk.cli.checks.base import Level, Result, Subject
from desk.cli.checks.every import CHECKS, run

__all__ = ["CHECKS", "Level", "Result", "Subject", "run"]
