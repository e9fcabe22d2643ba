"""The anatomy that a page draws beneath a map: small, and as grey levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.space.grid import Grid, grid_of

if TYPE_CHECKING:
    from skerry.typing import AnyArray

# Finer or larger anatomy is brought to a grid of about so many voxels: more than
# a page can show, and a file that anybody can send.
_MOST_VOXELS = 1_500_000
_GREYS = 255


def pack_background(img: Any, name: str | None, blocks: dict[str, bytes]) -> dict[str, Any]:
    """Pack the anatomy beneath a map.

    Parameters
    ----------
    img : nibabel image
        3-D and finite.
    name : str or None
        What the page calls it.
    blocks : dict
        Gets the block ``"background"``: uint8, the first axis fastest.

    Returns
    -------
    dict
        `name`; `shape`, `affine` and `inverse` (mm to voxels) of the block; and
        the values `lowest` and `highest` that 0 and 255 stand for.
    """
    values, grid = _coarsened(*_cropped(np.asarray(img.dataobj), grid_of(img)))
    lowest, highest = float(values.min()), float(values.max())
    scale = _GREYS / (highest - lowest) if highest > lowest else 0.0
    greys = np.rint((values.astype(np.float64) - lowest) * scale).astype(np.uint8)
    blocks["background"] = greys.tobytes(order="F")
    return {
        "name": name,
        "shape": list(grid.shape),
        "affine": grid.affine.tolist(),
        "inverse": grid.inverse.tolist(),
        "lowest": lowest,
        "highest": highest,
    }


def _cropped(values: AnyArray, grid: Grid) -> tuple[AnyArray, Grid]:
    """Leave out the planes on the outside that hold one value, that of the first corner."""
    shown = values != values[0, 0, 0]
    box = []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        used = np.flatnonzero(shown.any(axis=others))
        if not used.size:
            return values, grid
        box.append((max(used[0] - 1, 0), min(used[-1] + 2, values.shape[axis])))
    first = [start for start, _ in box]
    affine = grid.affine.copy()
    affine[:3, 3] = grid.xyz(first)
    cropped = values[tuple(slice(*ends) for ends in box)]
    i, j, k = cropped.shape
    return cropped, Grid((i, j, k), affine)


def _coarsened(values: AnyArray, grid: Grid) -> tuple[AnyArray, Grid]:
    """Average blocks of voxels until few enough are left."""
    step = int(np.ceil((grid.n_voxels / _MOST_VOXELS) ** (1 / 3)))
    if step <= 1:
        return values, grid
    padding = [(0, -n % step) for n in grid.shape]
    padded = np.pad(values.astype(np.float32), padding, mode="edge")
    i, j, k = (n // step for n in padded.shape)
    means = padded.reshape(i, step, j, step, k, step).mean(axis=(1, 3, 5))
    affine = grid.affine.copy()
    affine[:3, :3] *= step
    affine[:3, 3] = grid.xyz([(step - 1) / 2] * 3)
    return means, Grid((i, j, k), affine)
