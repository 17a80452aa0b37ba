"""What makes a recording fit to be joined: one rate, no silence around it, one loudness, soft ends.

Recordings are 16-bit samples of one channel. Nothing of this runs in the desk itself, which only puts them in a row;
NumPy and SciPy are needed for it.
"""

from typing import Any, Final

import numpy as np
from scipy.signal import resample_poly

RATE: Final = 16_000
SILENT: Final = 0.012  # of the peak: what is softer at the ends is silence
MARGIN_S: Final = 0.008  # of it stays
FADE_S: Final = 0.006
LOUDNESS: Final = 0.13  # root mean square while it speaks, of full scale (−17.7 dB)
PEAK: Final = 0.89  # −1 dB
SPEAKING: Final = 0.05  # of the loudest stretch: softer stretches do not count for the loudness
STRETCH_S: Final = 0.02

Samples = Any  # an array of floats from −1 to 1


def fit(samples: bytes, rate: int) -> bytes:
    """Return a recording fit to be joined: 16-bit samples at `RATE`; raise `ValueError` for one that is silent."""
    wave = np.frombuffer(samples, "<i2").astype(float) / 32_768
    if not wave.size or np.abs(wave).max() < 1e-3:
        raise ValueError("nothing is to be heard")
    wave = resample_poly(wave - wave.mean(), RATE, rate)
    wave = _softened(_levelled(_trimmed(wave)))
    return bytes((wave * 32_767).round().astype("<i2").tobytes())


def _trimmed(wave: Samples) -> Samples:
    heard = np.nonzero(np.abs(wave) > SILENT * np.abs(wave).max())[0]
    margin = int(MARGIN_S * RATE)
    return wave[max(heard[0] - margin, 0) : heard[-1] + margin]


def _levelled(wave: Samples) -> Samples:
    """Return it as loud as all others while it speaks, nothing cut off at the top."""
    size = int(STRETCH_S * RATE)
    stretches = wave[: max(wave.size // size, 1) * size].reshape(-1, min(size, wave.size))
    power = (stretches**2).mean(axis=1)
    speaking = power[power > SPEAKING * power.max()]
    factor = LOUDNESS / np.sqrt(speaking.mean())
    return wave * min(factor, PEAK / np.abs(wave).max())


def _softened(wave: Samples) -> Samples:
    """Return it with ends that rise and fall in equal power, so that nothing clicks where two are joined."""
    size = min(int(FADE_S * RATE), wave.size // 2)
    rise = np.sin(np.linspace(0, np.pi / 2, size))
    softened = wave.copy()
    softened[:size] *= rise
    softened[-size:] *= rise[::-1]
    return softened
