"""A 4-D image of regions whose volumes are made when they are asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.io.save import nifti_head
from skerry.space.nifti import nifti_image

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
        places = _four_places(index)
        if places is None:  # what numpy combines in its own ways
            return np.asarray(np.asarray(self)[index])
        within, which = places[:3], places[3]
        if isinstance(which, (int, np.integer)):
            return np.asarray(self.volume(int(which))[within])
        chosen = np.arange(self.shape[3])[which]
        first = np.broadcast_to(np.False_, self.shape[:3])[within]
        # Fortran order: each volume is one piece, as NIfTI stores it.
        made = np.empty((*first.shape, len(chosen)), dtype=self.dtype, order="F")
        for place, position in enumerate(chosen):
            made[..., place] = self.volume(int(position))[within]
        return made

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> AnyArray:
        if copy is False:
            raise ValueError("the volumes of regions are made when asked for: a copy is needed")
        return self[...].astype(dtype or self.dtype, copy=False)


def _four_places(asked: Any) -> tuple[Any, ...] | None:
    """Give an index as one of each axis, of which only the last may be a list; else None."""
    index: tuple[Any, ...] = asked if isinstance(asked, tuple) else (asked,)
    at = [number for number, place in enumerate(index) if place is Ellipsis]
    if len(at) == 1:
        filling = (slice(None),) * (5 - len(index))
        index = index[: at[0]] + filling + index[at[0] + 1 :]
    index += (slice(None),) * (4 - len(index))
    if len(index) != 4:
        return None
    if all(_is_plain(place) for place in index):
        return index
    which = index[3]
    listed = isinstance(which, (list, np.ndarray)) and np.ndim(which) == 1
    return index if listed and all(isinstance(place, slice) for place in index[:3]) else None


def _is_plain(place: Any) -> bool:
    return isinstance(place, (slice, int, np.integer)) and not isinstance(place, bool)


def _write(img: Any, file_map: Any = None, dtype: Any = None) -> None:
    """Do what nibabel's `to_file_map` does, with one volume at a time where it can."""
    volumes = img.dataobj
    if dtype is not None or img.get_data_dtype() != volumes.dtype:
        type(img).to_file_map(img, file_map, dtype)
        return
    file_map = img.file_map if file_map is None else file_map
    stream = file_map["image"].get_prepare_fileobj(mode="wb")
    stream.write(nifti_head(img))
    for volume in volumes.volumes():
        stream.write(volume.tobytes(order="F"))
    stream.close_if_mine()
    img.file_map = file_map


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
    nibabel.Nifti1Image, or nibabel.Nifti2Image where an axis is longer than 32767
        (I, J, K, n).
    """
    img = nifti_image(RegionVolumes(statmap, labels, numbers), statmap.grid.affine)
    # Not a class of its own: nibabel slices only images whose class it knows.
    img.to_file_map = partial(_write, img)
    return img
