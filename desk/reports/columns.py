"""Tables as columns of whole numbers."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.int32]
Words: TypeAlias = NDArray[np.int16]
