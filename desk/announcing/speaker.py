"""The child process that speaks: eSpeak NG, by its library, apart from the desk (`python -m desk.announcing.speaker`).

Reads JSON from standard input: [{"language": "id", "words": "…", "phonemes": false}, …]. Writes each as a recording fit
to be joined, in their order, to standard output: four bytes of length, then 16-bit samples. Ends with `MISSING` where
the library is not there (it comes with the package `espeakng-loader`, else with Debian's `libespeak-ng1`), and with
`SILENT` where one of them is not to be heard.
"""

import ctypes
import json
import sys
from array import array
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

from desk.announcing.speaking import MISSING, SILENT

LIBRARIES: Final = ("libespeak-ng.so.1", "libespeak-ng.so", "libespeak-ng.dylib")
SPEED: Final = 140  # words a minute; calm, for a hall that echoes
CUT: Final = 60  # the highest percentage of its own loudness that the voice is given, so that nothing is cut off
VOICES: Final = {"id": b"id", "en": b"en"}  # by name: that of English as in Britain is "en", and "en-gb" is none
SYNCHRONOUS: Final = 2
RATE_PARAMETER: Final = 1
VOLUME_PARAMETER: Final = 2
UTF8: Final = 1
PHONEMES: Final = 0x100
RATE: Final = 22_050


def main() -> int:
    """Speak what standard input asks for."""
    speaker = _Speaker.found()
    if speaker is None:
        return MISSING
    asked = json.load(sys.stdin)
    if not asked:  # only whether there is one
        return 0
    fit = import_module("desk.announcing.sound").fit  # what it counts with takes long to load: only where it is needed
    for each in asked:
        spoken = speaker.say(str(each["words"]), str(each["language"]), is_phonemes=bool(each.get("phonemes")))
        try:
            samples: bytes = fit(spoken, RATE)
        except ValueError:
            return SILENT
        sys.stdout.buffer.write(len(samples).to_bytes(4, "little") + samples)
    return 0


class _Speaker:
    """The library, told to hand its samples over instead of playing them."""

    def __init__(self, library: Any, data: bytes | None) -> None:
        self.library = library
        self.samples = array("h")
        if library.espeak_Initialize(SYNCHRONOUS, 0, data, 0) != RATE:
            raise OSError("eSpeak NG speaks at another rate")
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
        self.taking = kind(self._take)  # kept: the library calls it as long as it speaks
        library.espeak_SetSynthCallback(self.taking)

    @classmethod
    def found(cls) -> "_Speaker | None":
        """Return the speaker, None where this machine has no library of it."""
        try:
            loader = import_module("espeakng_loader")
        except ImportError:
            library = _installed()
            return None if library is None else cls(library, None)
        return cls(ctypes.CDLL(loader.get_library_path()), str(loader.get_data_path()).encode())

    def say(self, words: str, language: str, *, is_phonemes: bool) -> bytes:
        """Return the samples of some words."""
        self.samples = array("h")
        if self.library.espeak_SetVoiceByName(VOICES[language]):
            raise OSError(f"eSpeak NG has no voice for {language}")  # or it went on in the voice of the words before
        self.library.espeak_SetParameter(RATE_PARAMETER, SPEED, 0)
        self.library.espeak_SetParameter(VOLUME_PARAMETER, CUT, 0)
        text = words.encode()
        flags = UTF8 | (PHONEMES if is_phonemes else 0)
        self.library.espeak_Synth(text, ctypes.c_size_t(len(text) + 1), 0, 0, 0, flags, None, None)
        self.library.espeak_Synchronize()
        if sys.byteorder == "big":
            self.samples.byteswap()
        return self.samples.tobytes()

    def _take(self, wave: Any, count: int, _: Any) -> int:
        if wave and count > 0:
            self.samples.extend(wave[:count])
        return 0


def _installed() -> Any:
    """Return the library of the system, None where there is none."""
    for name in LIBRARIES:
        with suppress(OSError):
            return ctypes.CDLL(name)
    return None


if __name__ == "__main__":
    sys.exit(main())
