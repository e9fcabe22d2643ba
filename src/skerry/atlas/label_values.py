"""The values of an atlas's image, checked, and the number and name of each label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from skerry.atlas.label_file import LabelNames
    from skerry.typing import AnyArray

__all__ = ["checked_values", "numbered"]


def checked_values(img: Any, said: str) -> tuple[AnyArray, tuple[str, ...]]:
    """Give labels as integers or probabilities as float32, or say why the image is no atlas."""
    shape = tuple(img.shape)
    if len(shape) < 3 or any(n > 1 for n in shape[4:]):
        raise ArgumentError(f"{said} has shape {shape}; an atlas is 3-D, or 4-D with probabilities")
    if 0 in shape:
        raise ArgumentError(f"{said} has no voxels (shape {shape})")
    values = np.asanyarray(img.dataobj).reshape((*shape, 1)[:4])
    if values.dtype.kind not in "biuf":
        raise ArgumentError(f"{said} holds {values.dtype}; an atlas holds numbers")
    if values.shape[3] > 1:
        return _probabilities(values, said)
    values = values[..., 0]
    if values.dtype.kind == "f":
        if not (np.isfinite(values) & (values == np.rint(values))).all():
            raise ArgumentError(
                f"{said} holds NaN or fractions; labels are whole numbers (a probabilistic atlas "
                "has four axes)"
            )
        if np.abs(values).max() > 2**31 - 1:
            raise ArgumentError(f"{said} holds labels above 2147483647")
    lowest, highest = int(values.min()), int(values.max())
    if lowest < 0:
        raise ArgumentError(f"{said} holds negative labels (down to {lowest}); 0 is outside")
    if highest == 0:
        raise ArgumentError(f"{said} is empty: all its voxels are 0")
    if highest > 2**31 - 1:
        raise ArgumentError(f"{said} holds labels above 2147483647")
    return values.astype(np.int32, copy=False), ()


def _probabilities(values: AnyArray, said: str) -> tuple[AnyArray, tuple[str, ...]]:
    probabilities = values.astype(np.float32)
    if not np.isfinite(probabilities).all() or probabilities.min() < 0:
        raise ArgumentError(f"{said} holds NaN or negative numbers; probabilities are 0 to 1")
    highest = float(probabilities.max())
    if highest == 0:
        raise ArgumentError(f"{said} is empty: all its voxels are 0")
    if highest <= 1 + 1e-6:
        return probabilities.clip(max=1), ()
    if highest > 100 or not (probabilities == np.rint(probabilities)).all():
        raise ArgumentError(
            f"{said} holds values up to {highest:g}; probabilities are 0 to 1, or whole percentages"
        )
    return probabilities / np.float32(100), (f"{said}: its values are read as percentages",)


def numbered(
    values: AnyArray, names: LabelNames | None, said: str
) -> tuple[AnyArray, list[str], int]:
    """Give number and name of each label, and how many have no name."""
    given = {} if names is None else names.names
    if values.ndim == 3:
        numbers = _present(values)
    else:
        n_volumes = values.shape[3]
        numbers = np.arange(1, n_volumes + 1)
        if names is not None and names.from_zero and max(given) == n_volumes - 1:
            raise ArgumentError(
                f"the labels of {said} are numbered from 0, its {n_volumes} volumes from 1; "
                "number them from 1"
            )
        if given and max(given) > n_volumes:
            raise ArgumentError(
                f"{said} has {n_volumes} volumes, but label {max(given)} has a name, "
                f"{given[max(given)]!r}; the labels are those of another atlas"
            )
    unnamed = sum(int(n) not in given for n in numbers)
    if given and unnamed == len(numbers):
        raise ArgumentError(
            f"none of the {len(numbers)} labels of {said} is named in its file of labels; "
            "it is that of another atlas"
        )
    return numbers, [given.get(int(n), f"label {n}") for n in numbers], unnamed


def _present(values: AnyArray) -> AnyArray:
    """Give the numbers above 0 that an image holds, rising."""
    if int(values.max()) < 2**22:
        return np.flatnonzero(np.bincount(values.ravel(order="K"))[1:]) + 1
    found = np.unique(values)
    return found[found > 0].astype(np.int64)
