"""Names for the arrays, paths and options that signatures share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nibabel.spatialimages import SpatialImage

AnyArray: TypeAlias = NDArray[Any]
BoolArray: TypeAlias = NDArray[np.bool_]
FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.integer[Any]]
PathLike: TypeAlias = str | os.PathLike[str]
ImageLike: TypeAlias = "PathLike | SpatialImage"

Connectivity: TypeAlias = Literal[6, 18, 26]
Sign: TypeAlias = Literal["both", "positive", "negative"]
Kind: TypeAlias = Literal["z", "t", "F", "p", "other"]
Interpolation: TypeAlias = Literal["nearest", "linear", "continuous"]
