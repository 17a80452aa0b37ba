"""A module is named for what is in it."""

import re

from tests.guards.tree import kept_files, name_of

_SAYS_NOTHING = re.compile(r"^(utils?|helpers?|common|managers?|misc|stuff|base_utils|tools?)$")


def test_no_module_has_a_name_that_says_nothing():
    sources = [path for path in kept_files() if path.suffix in {".py", ".js", ".css", ".html"}]
    named = [name_of(path) for path in sources if not name_of(path).startswith("static/vendor/")]

    assert [name for name in named if any(map(_SAYS_NOTHING.match, re.split(r"[/.]", name)))] == []
