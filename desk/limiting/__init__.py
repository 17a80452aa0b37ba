"""Counting requests for the rate limits, over all processes of a desk, in SQL: Flask-Limiter brings no such storage.

Importing this package makes the schemes `desk-sqlite` and `desk-postgresql` known to `limits`. Used by `desk.app`.
"""

from desk.limiting.places import limits_uri
from desk.limiting.storage import SqlStorage

__all__ = ["SqlStorage", "limits_uri"]
