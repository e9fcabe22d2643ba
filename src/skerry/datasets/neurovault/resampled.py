"""Maps on one grid of 3 mm, that of nilearn's NeuroVault fetchers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.datasets import cache
from skerry.errors import ImageFileError
from skerry.io.hashing import sha256_of
from skerry.io.load import load_image
from skerry.io.pack import GzipWriter
from skerry.space.grid import Grid, grid_of
from skerry.space.resample import resample

if TYPE_CHECKING:
    from pathlib import Path

    from skerry.typing import Interpolation

__all__ = ["STD_AFFINE", "keep_resampled"]

STD_AFFINE = np.array(
    [[3.0, 0.0, 0.0, -90.0], [0.0, 3.0, 0.0, -126.0], [0.0, 0.0, 3.0, -72.0], [0.0, 0.0, 0.0, 1.0]]
)
_LONGEST_AXIS = 256  # 77 cm


def keep_resampled(source: Path, target: Path, interpolation: Interpolation) -> None:
    """Keep a map on the grid of 3 mm, from its fixed corner to the map's farthest one.

    Raises
    ------
    ImageFileError
        If the map lies outside that grid, or is no map.
    OutputError
        If the file cannot be written.
    """
    import nibabel

    img = load_image(source)
    grid = grid_of(img)
    values = np.asarray(img.dataobj)
    wanted = _grid(grid, source)
    volumes = values.reshape(*grid.shape, -1)
    made = np.stack(
        [
            resample(volumes[..., k], grid, wanted, interpolation=interpolation)
            for k in range(volumes.shape[3])
        ],
        axis=-1,
    ).reshape(*wanted.shape, *values.shape[3:])
    resampled = nibabel.Nifti1Image(made, STD_AFFINE)
    resampled.header.set_xyzt_units("mm")
    with cache.incoming(target.parent) as (temporary, stream):
        with GzipWriter(stream) as packed:
            packed.write(resampled.to_bytes())
        stream.flush()
        cache.keep(temporary, stream, target, sha256_of(temporary))


def _grid(source: Grid, path: Path) -> Grid:
    edges = [(0, length - 1) for length in source.shape]
    corners = np.array(np.meshgrid(*edges)).reshape(3, -1).T
    voxels = (source.xyz(corners) - STD_AFFINE[:3, 3]) / 3.0
    # a length of 48.00000001 voxels is 48 voxels
    i, j, k = (int(n) + 1 for n in np.ceil(voxels.max(axis=0) - 1e-6))
    if not (min(i, j, k) > 0 and max(i, j, k) <= _LONGEST_AXIS):
        raise ImageFileError(
            f"{path} cannot be resampled: it does not lie on the brain's grid of 3 mm; "
            "fetch it with resample=False"
        )
    return Grid((i, j, k), STD_AFFINE)
