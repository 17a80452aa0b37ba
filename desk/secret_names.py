"""The names of all secrets of the data folder: one list for whoever makes, keeps, looks over or restores them."""

import re
from typing import Final

LINKS: Final = "links"  # derives the tokens of visitors' links
COOKIES: Final = "cookies"  # signs cookies
FACTORS: Final = "second-factors"  # seals what is kept of second factors
CHAIN: Final = "chain-"  # and a number: signs the trail
AT_THE_START: Final = (LINKS, COOKIES, f"{CHAIN}1")
_CHAIN: Final = re.compile(rf"{CHAIN}[0-9]+")


def is_secret(name: str) -> bool:
    """Tell whether a file of this name is a secret of the desk."""
    return name in (LINKS, COOKIES, FACTORS) or _CHAIN.fullmatch(name) is not None
