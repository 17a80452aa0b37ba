"""Scripts use nothing that the lowest browsers in docs/operations.md, or pages on plain http, may lack without looking.

What is named here came after Chromium 90, Firefox 90 or Safari 14, or is there in secure contexts only. The files
beside it look whether it is there, or belong to faces whose lowest browser has it. The same of sheets is asked in
tests/web/test_old_phones.py.
"""

import re

import pytest

from tests.guards.tree import ROOT

SCRIPTS = [*sorted((ROOT / "static" / "js").glob("*.js")), ROOT / "templates" / "visitor" / "worker.js"]
LATER = {
    # a later way to do what is done otherwise where it is missing
    r"AbortSignal\.(timeout|any)\b": {"within"},
    r"\brequestSubmit\b": {"once", "reach"},
    r"\bevent\.submitter\b": {"once", "reach", "survey"},
    r"new FormData\([^()]*,": set(),
    r"\bcheckVisibility\(": set(),  # `checkVisibility?.(` looks
    # consoles, kiosks and tablets only: their lowest browsers have it
    r"\bshowModal\b": {"keys", "kiosk", "kiosk_reach"},
    r":focus-visible": {"calm", "kiosk_read"},
    # secure contexts only
    r"\bcrypto\.subtle\b": {"offline"},
    r"\brandomUUID\b": set(),
    r"\bnavigator\.wakeLock\b": {"visitor"},
    r"\bnavigator\.serviceWorker\b": {"visitor"},
    r"\bnavigator\.(clipboard|locks|mediaDevices|share|storage)\b": set(),
    r"\bcaches\b": {"visitor", "worker"},  # a worker runs in a secure context
    r"\bNotification\b": {"allow_notices", "counter"},
    # not at all
    r":(has|modal|popover-open|user-invalid|open)\b": set(),
    r"\.at\(|\.with\(|\bto(Sorted|Reversed|Spliced)\b|\bfindLast": set(),
    r"\b(structuredClone|groupBy|hasOwn|fromAsync|withResolvers|requestIdleCallback|BroadcastChannel)\b": set(),
    r"\b(inert|popover|showPopover|scrollend|moveBefore|startViewTransition)\b": set(),
    r"\(\?<[=!]": set(),  # looking behind in a pattern: Safari before 16.4 does not read the script
    r"(?m)^(await|(const|let) [^=]+= await)\b": set(),  # at the top of a script
    r"\bstatic \{": set(),
}


def code_of(script: str) -> str:
    """Return a script without its comments."""
    return re.sub(r"(?m)(?<!:)//.*$", "", re.sub(r"/\*.*?\*/", "", script, flags=re.DOTALL))


@pytest.mark.parametrize("feature", LATER)
def test_what_is_younger_than_the_browsers_is_looked_for_first(feature: str) -> None:
    using = {path.stem for path in SCRIPTS if re.search(feature, code_of(path.read_text(encoding="utf-8")))}

    assert using == LATER[feature]


def test_a_comment_is_no_use() -> None:
    assert code_of("a; // b.at(1)\n/* c.at(2)\n */ d") == "a; \n d"
