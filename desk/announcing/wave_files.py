"""Recordings as WAV files: 16-bit samples, or eight bits each by the µ-law (ITU-T G.711), which halves a file.

What browsers are given is always 16-bit, which every one of them plays.
"""

import struct
from array import array
from typing import Final

RATE: Final = 16_000
PCM: Final = 1
MU_LAW: Final = 7
BIAS: Final = 0x84
CLIP: Final = 32_635


class UnfitRecording(ValueError):
    """A file that is no recording, or none that can be joined with the others."""


def _expanded(code: int) -> int:
    """Return the sample of a µ-law code."""
    code = ~code & 0xFF
    sample = (((code & 0x0F) << 3) + BIAS << ((code & 0x70) >> 4)) - BIAS
    return -sample if code & 0x80 else sample


_TABLE: Final = tuple(_expanded(code) for code in range(256))


def compress(sample: int) -> int:
    """Return the µ-law code of a 16-bit sample."""
    sign = 0x80 if sample < 0 else 0
    level = min(abs(sample), CLIP) + BIAS
    exponent = level.bit_length() - 8
    return ~(sign | exponent << 4 | level >> exponent + 3 & 0x0F) & 0xFF


def read(content: bytes) -> bytes:
    """Return the 16-bit samples of a WAV file of one channel at `RATE`; raise `UnfitRecording` for any other."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise UnfitRecording("no WAV file")
    parts = _parts(content)
    if "fmt " not in parts or "data" not in parts or len(parts["fmt "]) < 16:
        raise UnfitRecording("no WAV file")
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", parts["fmt "][:16])
    if channels != 1 or rate != RATE or (kind, bits) not in {(PCM, 16), (MU_LAW, 8)}:
        raise UnfitRecording(f"not one channel of 16 bits at {RATE} Hz")
    data = parts["data"]
    return data[: len(data) & ~1] if kind == PCM else _bytes(array("h", map(_TABLE.__getitem__, data)))


def write(samples: bytes) -> bytes:
    """Return a WAV file of 16-bit samples at `RATE`."""
    return _file(samples, PCM, 16)


def write_small(samples: bytes) -> bytes:
    """Return a WAV file of half the size: the same by the µ-law."""
    found = array("h")
    found.frombytes(samples)
    return _file(bytes(map(compress, found)), MU_LAW, 8)


def _file(data: bytes, kind: int, bits: int) -> bytes:
    size = bits // 8
    form = struct.pack("<HHIIHH", kind, 1, RATE, RATE * size, size, bits)
    padding = b"\0" * (len(data) & 1)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data + padding
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of the file by their names."""
    found: dict[str, bytes] = {}
    place = 12
    while place + 8 <= len(content):
        name, size = content[place : place + 4].decode("latin-1"), struct.unpack_from("<I", content, place + 4)[0]
        found.setdefault(name, content[place + 8 : place + 8 + size])
        place += 8 + size + (size & 1)
    return found


def _bytes(samples: "array[int]") -> bytes:
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        samples.byteswap()
    return samples.tobytes()
