"""Everything that can be set has a label, and every event of a change is told in words."""

import ast

import pytest

from desk.domain import asking_rules, following_up, gaps, retention
from desk.operations.settings import counters, keeping_services, office_settings, plannable, priority_reasons
from desk.reads.changes import KINDS
from desk.wording import settings
from tests.guards.tree import modules, tree_of


def _named_in_the_source():
    """Yield the settings that the code names: `{"setting": "x"}`, `setting="x"`, `tell(unit, "x", …)`."""
    for path in modules("desk"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                found = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "setting"]
            elif isinstance(node, ast.Call):
                found = [each.value for each in node.keywords if each.arg == "setting"]
                if isinstance(node.func, ast.Name) and node.func.id == "tell":
                    found += node.args[1:2]
            else:
                continue
            yield from (each.value for each in found if isinstance(each, ast.Constant))


def test_the_source_names_settings():
    assert {"pool", "clocks", "password"} <= set(_named_in_the_source())


def test_every_setting_has_a_label():
    listed = {*asking_rules.SETTINGS, *gaps.SETTINGS, *retention.SETTINGS, *following_up.SETTINGS}
    listed |= {*office_settings.BOUNDS, *office_settings.DAY_SETTINGS, *plannable.known_kinds()}
    listed |= {f"service_{each}" for each in keeping_services.KEPT}
    listed |= {f"counter_{each}" for each in counters.COLUMNS}
    listed |= {f"priority_reason_{each}" for each in priority_reasons.COLUMNS - {"code"}}

    assert (listed | set(_named_in_the_source())) - set(settings.LABELS) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_change_has_words(kind):
    assert kind in settings.KINDS
    assert {name for name in KINDS[kind] if name.value != "SettingChanged"} <= set(settings.EVENTS)
