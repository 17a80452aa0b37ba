"""Make the recordings under desk/announcing/clips anew: `python docs/announcing_clips.py`, where eSpeak NG is there.

The synthesiser comes with `pip install espeakng-loader` (GPL 3, like eSpeak NG; what it says is not a work of it). Each
recording is a WAV file of its own, so that any player lets it be heard.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from desk.announcing.recipes import recipes
from desk.announcing.speaking import speak
from desk.announcing.wave_files import write_small


def main() -> None:
    """Write every recording, and say how much they are together."""
    shelf = Path(__file__).parents[1] / "desk" / "announcing" / "clips"
    wanted = recipes()
    total = 0
    for (language, name), samples in zip(wanted, speak([*wanted.values()]), strict=True):
        path = shelf / language / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        total += path.write_bytes(write_small(samples))
    print(f"{len(wanted)} recordings, {total:,} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
