"""A 4-D image of regions whose volumes are made when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from skerry.space.statmap import StatMap
    from skerry.typing import AnyArray


class RegionVolumes:
    """An array-like of shape (I, J, K, n) that holds one volume at a time.

    nibabel takes it as the data of an image: slicing makes only the volumes
    asked for, and `__array__` makes all of them.
    """

    ndim = 4

    def __init__(self, statmap: StatMap, labels: NDArray[np.int32], numbers: AnyArray) -> None:
        self._labels = labels
        self._values = statmap.values
        self._numbers = numbers
        self.shape: tuple[int, ...] = (*statmap.grid.shape, len(numbers))
        self.dtype = self._values.dtype

    def volume(self, position: int) -> AnyArray:
        """Make the volume of one region, the map's values inside and 0 outside."""
        inside = self._labels == self._numbers[position]
        volume = np.zeros(self.shape[:3], dtype=self.dtype)
        volume[inside] = self._values[inside]
        return volume

    def volumes(self) -> Iterator[AnyArray]:
        """Make the volumes one after another."""
        return (self.volume(position) for position in range(self.shape[3]))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> AnyArray:
        index = index if isinstance(index, tuple) else (index,)
        if Ellipsis in index:
            gap = index.index(Ellipsis)
            filling = (slice(None),) * (5 - len(index))
            index = index[:gap] + filling + index[gap + 1 :]
        index += (slice(None),) * (4 - len(index))
        *within, which = index
        if isinstance(which, (int, np.integer)):
            return np.asarray(self.volume(int(which))[tuple(within)])
        chosen = np.arange(self.shape[3])[which]
        first = np.empty(self.shape[:3], dtype=np.bool_)[tuple(within)]
        # Fortran order: each volume is one piece, as NIfTI stores it.
        made = np.empty((*first.shape, len(chosen)), dtype=self.dtype, order="F")
        for place, position in enumerate(chosen):
            made[..., place] = self.volume(int(position))[tuple(within)]
        return made

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> AnyArray:
        if copy is False:
            raise ValueError("the volumes of regions are made when asked for: a copy is needed")
        return self[...].astype(dtype or self.dtype, copy=False)


def maps_img(statmap: StatMap, labels: NDArray[np.int32], numbers: AnyArray) -> Any:
    """Make the 4-D image of some regions; see `Regions.to_maps_img`.

    Parameters
    ----------
    statmap : StatMap
        Gives the values.
    labels : (I, J, K) int32
    numbers : (n,) int
        The labels, one a volume.

    Returns
    -------
    nibabel.Nifti1Image
        (I, J, K, n).
    """
    import nibabel

    volumes = RegionVolumes(statmap, labels, numbers)
    img = nibabel.Nifti1Image(volumes, statmap.grid.affine, dtype=volumes.dtype)
    img.header.set_xyzt_units("mm")
    return img
