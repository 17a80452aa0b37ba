"""Who answered: the profile columns of a survey, the values the regulation lists, and how often each was given.

All of it is optional for the respondent. A value that the regulation does not list is kept as it was written and
counted under its own word: refusing an answer for it would lose the answer.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Profile = Mapping[str, str]  # column key to value; what was not given is not in it

DATE: Final = "tanggal"
LONGEST_VALUE: Final = 60
# A spreadsheet takes what begins with one of these for a formula.
FORMULA: Final = ("=", "+", "-", "@")

# Column to the values of Permenpan RB 14/2017 in its order; none where people write freely.
VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "jenis_kelamin": ("L", "P"),
    "usia": (),
    "pendidikan": ("SD", "SMP", "SMA", "DIII", "S1", "S2", "S3"),
    "pekerjaan": ("PNS", "TNI", "POLRI", "Swasta", "Wirausaha", "Lainnya"),
    "layanan": (),
    DATE: (),
    "jam": (),
}
_OTHER_HEADS: Final = {
    "kelamin": "jenis_kelamin", "sex": "jenis_kelamin", "gender": "jenis_kelamin",
    "umur": "usia", "age": "usia", "kelompok_usia": "usia",
    "education": "pendidikan", "pendidikan_terakhir": "pendidikan",
    "occupation": "pekerjaan", "pekerjaan_utama": "pekerjaan",
    "service": "layanan", "jenis_layanan": "layanan",
    "date": DATE, "tanggal_survei": DATE,
    "time": "jam", "waktu_survei": "jam",
}  # fmt: skip
HEADS: Final[Mapping[str, str]] = {**_OTHER_HEADS, **{key: key for key in VALUES}}
_ALSO: Final[Mapping[str, Mapping[str, str]]] = {
    "jenis_kelamin": dict.fromkeys(("lakilaki", "laki", "pria", "male", "m"), "L")
    | dict.fromkeys(("perempuan", "wanita", "female", "f", "w"), "P"),
    "pendidikan": {"sltp": "SMP", "slta": "SMA", "smu": "SMA", "smk": "SMA", "d3": "DIII"},
    "pekerjaan": {"lainlain": "Lainnya", "other": "Lainnya", "wiraswasta": "Wirausaha", "pegawaiswasta": "Swasta"},
}


@dataclass(frozen=True, slots=True)
class ProfileCount:
    """How many respondents gave each value of a column, and how many none; `unlisted` are not in the regulation."""

    column: str
    counts: Mapping[str, int]
    missing: int
    unlisted: tuple[str, ...] = ()


def value_of(column: str, text: str) -> str:
    """Return a value as the regulation writes it (Laki-laki is L, SLTA is SMA), else as it stands."""
    letters = re.sub(r"[^a-z0-9]", "", text.casefold())
    listed = {value.casefold(): value for value in VALUES[column]}
    return listed.get(letters) or _ALSO.get(column, {}).get(letters) or text


def fits(value: str) -> bool:
    """Tell whether a value can be kept: 60 characters at most, and no spreadsheet takes it for a formula."""
    return len(value) <= LONGEST_VALUE and not value.startswith(FORMULA)


def count_profiles(profiles: Sequence[Profile]) -> tuple[ProfileCount, ...]:
    """Return the counts of every column that somebody filled in, in the order of the regulation; dates are left out."""
    columns = [column for column in VALUES if column != DATE and any(column in each for each in profiles)]
    return tuple(_count(column, profiles) for column in columns)


def _count(column: str, profiles: Sequence[Profile]) -> ProfileCount:
    found = Counter(each[column] for each in profiles if column in each)
    listed = VALUES[column]
    others = sorted(found.keys() - set(listed))
    counts = {value: found[value] for value in (*listed, *others) if found[value]}
    return ProfileCount(column, counts, len(profiles) - found.total(), tuple(others) if listed else ())
