"""No kept file names a package registry, a content network, or a folder of somebody's machine."""

import re
from pathlib import Path

from tests.guards.tree import kept_files, name_of, text_of

_REGISTRIES = re.compile(
    r"pypi\.(org|python)|pythonhosted\.org|npmjs\.(org|com)|registry\.yarnpkg|deb\.debian\.org|archive\.ubuntu\.com"
    r"|cdn\.jsdelivr|unpkg\.com|cdnjs\.cloudflare|fonts\.g(oogleapis|static)\.com"
)
_MACHINES = re.compile(
    r"(?<![\w.\-])(/work/(main|shared)\b|/root/|/home/\w|/Users/|/opt/(pypi|wheels)|/tmp/k/|C:\\Users)"
)


def _found(pattern: re.Pattern[str]) -> list[str]:
    texts = ((path, text_of(path)) for path in kept_files() if path != Path(__file__))
    return [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path, text in texts
        for number, line in enumerate((text or "").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_registry_or_content_network_is_named():
    assert _found(_REGISTRIES) == []


def test_no_folder_of_a_machine_is_named():
    assert _found(_MACHINES) == []
