"""Vendored files are the published ones, and nothing is fetched from elsewhere."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "static" / "vendor"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def listed() -> dict[str, str]:
    lines = (VENDOR / "CHECKSUMS").read_text().splitlines()
    return {path: digest for digest, path in (line.split("  ") for line in lines)}


def test_every_vendored_file_has_its_checksum():
    files = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert files - {"CHECKSUMS", "README.md"} == set(listed())
    for path, digest in listed().items():
        assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == digest, path


def test_every_package_has_a_license_and_a_line_in_the_readme():
    for folder in (path for path in VENDOR.iterdir() if path.is_dir()):
        assert (folder / "LICENSE").is_file()
        assert f"| `{folder.name}` |" in (VENDOR / "README.md").read_text()


def test_no_vendored_file_asks_for_a_source_map():
    for path in VENDOR.rglob("*.[cj]s*"):
        assert "sourceMappingURL" not in path.read_text(), path


def test_every_icon_named_in_a_template_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "bootstrap-icons" / "sprite.svg").read_text()))
    assert sprite == set((VENDOR / "bootstrap-icons" / "ICONS").read_text().split())
    named = r'(?:\bicon\(|picture=)"([^"]+)"'
    used = {name for path in TEMPLATES for name in re.findall(named, path.read_text())}
    assert used - sprite == set()


@pytest.mark.parametrize("path", [path.relative_to(ROOT) for path in TEMPLATES], ids=str)
def test_templates_stay_short_and_fetch_nothing_from_elsewhere(path: Path):
    text = (ROOT / path).read_text()
    assert text.count("\n") < 120
    assert "://" not in text
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "js").glob("*.js")), ids=lambda path: path.name)
def test_scripts_need_nothing_a_strict_policy_forbids(path: Path):
    text = path.read_text()
    assert not re.search(r"\beval\(|new Function|\.innerHTML|\.style\b|document\.write|://|on\w+=[\"']", text)
    assert text.count("\n") < 250
