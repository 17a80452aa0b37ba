"""Write docs/lifecycle.md from the table of the life cycle: `python docs/lifecycle_page.py`. A test compares."""

from pathlib import Path

from desk.domain.lifecycle import TRANSITIONS, Action, Rest, State

TARGET = Path(__file__).with_name("lifecycle.md")
HEAD = """# The life cycle of a transaction

Made from the table in `desk/domain/lifecycle.py` by `docs/lifecycle_page.py`; a test compares the two. Buttons, the
API's `actions` and the exhaustive test of every state with every action read the same table.

A step marked *rests* ends only the wait: a transaction that was ever processing or paused goes back to where it
rested, its custodian unchanged; one that never was has ended.
"""


def page() -> str:
    """Return the page."""
    return "\n".join([HEAD, _diagram(), "", _table(), ""])


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> waiting: check in"]
    steps: dict[tuple[str, str], list[str]] = {}
    for (state, action), after in TRANSITIONS.items():
        target = "ended" if isinstance(after, Rest) else after.value
        words = action.value.replace("_", " ") + (" (rests)" if isinstance(after, Rest) else "")
        steps.setdefault((state.value, target), []).append(words)
    lines += [f"    {before} --> {after}: {', '.join(words)}" for (before, after), words in steps.items()]
    return "\n".join([*lines, "```"])


def _table() -> str:
    head = "| action | " + " | ".join(state.value for state in State) + " |"
    rows = [
        f"| {action.value.replace('_', ' ')} | " + " | ".join(_cell(state, action) for state in State) + " |"
        for action in Action
    ]
    return "\n".join([head, "|---" * (len(State) + 1) + "|", *rows])


def _cell(state: State, action: Action) -> str:
    after = TRANSITIONS.get((state, action))
    if after is None:
        return ""
    return "*rests*" if isinstance(after, Rest) else after.value


if __name__ == "__main__":
    TARGET.write_text(page())
