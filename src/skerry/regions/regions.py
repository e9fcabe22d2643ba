"""The regions of a map: columns, a label image, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from skerry.regions.peaks import RegionPeaks
    from skerry.space.grid import Grid
    from skerry.space.statmap import StatMap
    from skerry.typing import AnyArray, Connectivity, Sign


__all__ = ["Regions", "check_regions"]


@dataclass(frozen=True, eq=False)
class Regions:
    """Connected sets of voxels above a threshold, each of one sign.

    Made by `skerry.find_regions`. Its arrays are read-only; tables, figures
    and files are verbs elsewhere.

    Attributes
    ----------
    statmap : StatMap
        The map that they were found in.
    labels : (I, J, K) int32
        0 outside; in a region, its number.
    columns : mapping of str to (n,) array
        A value per region under each name: `region` (its number), `sign` (1 or
        -1), `n_voxels`, `volume_mm3`, `peak_ijk` (n, 3), `peak_value`,
        `mean_value`, `mass` (sum of |value|), `centroid_xyz` and `cog_xyz`
        (n, 3; RAS+ mm; plain mean of voxel centres, and weighted by |value|).
    threshold : float
        The height that was used: voxels with |value| at or above it pass.
        Where regions have a `height` of their own, the lowest of these: all
        voxels of the regions reach it, but not all that reach it are in one.
    sign : {"both", "positive", "negative"}
        Which signs were asked for.
    connectivity : {6, 18, 26}
        Who is whose neighbour.
    min_volume_mm3 : float
        Smaller regions were dropped.
    asked : str
        The threshold as the user wrote it.
    n_above_threshold : int
        Voxels that passed the threshold, in regions of any size.
    notes : tuple of str
        What deserves to be said with the result.
    """

    statmap: StatMap = field(repr=False)
    labels: NDArray[np.int32] = field(repr=False)
    columns: Mapping[str, AnyArray] = field(repr=False)
    threshold: float
    sign: Sign
    connectivity: Connectivity
    min_volume_mm3: float
    asked: str
    n_above_threshold: int
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        columns = dict(self.columns)
        for array in (self.labels, *columns.values()):
            array.setflags(write=False)
        object.__setattr__(self, "columns", MappingProxyType(columns))

    def __getstate__(self) -> dict[str, Any]:
        # A proxy cannot be pickled, which workers of a pool do with what they find.
        return self.__dict__ | {"columns": dict(self.columns)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    @property
    def grid(self) -> Grid:
        """Where the voxels are."""
        return self.statmap.grid

    @cached_property
    def peaks(self) -> RegionPeaks:
        """Every local maximum of the regions, with its prominence."""
        from skerry.regions.peaks import find_peaks

        return find_peaks(
            self.statmap,
            self.labels,
            self.positions,
            sign=self.sign,
            connectivity=self.connectivity,
            threshold=self.threshold,
            height=self.columns.get("height"),
        )

    @cached_property
    def positions(self) -> NDArray[np.intp]:
        """Where the columns hold the region of each number; 0 for numbers of no region."""
        numbers = self.columns["region"]
        position = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.intp)
        position[numbers] = np.arange(len(numbers))
        return position

    def __len__(self) -> int:
        return len(self.columns["region"])

    def __iter__(self) -> Iterator[Regions]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, which: int | slice | AnyArray | list[int]) -> Regions:
        """Select regions by position, slice, or an array of positions or of bool.

        The regions selected keep their numbers, so that they can be found
        again in the table and label image of all.
        """
        if isinstance(which, (int, np.integer)):
            if not -len(self) <= which < len(self):
                raise IndexError(f"there are {len(self)} regions, there is none at {which}")
            which = [int(which)]
        index = np.asarray(which) if not isinstance(which, slice) else which
        if isinstance(index, np.ndarray):
            if index.dtype == bool and index.shape != (len(self),):
                raise IndexError(
                    f"a selection by bool needs one value for each of the {len(self)} regions, "
                    f"got {index.shape}"
                )
            if index.size == 0:
                index = index.astype(np.intp)
            elif index.dtype.kind not in "biu" or index.ndim != 1:
                raise ArgumentTypeError(
                    "regions are selected by position, slice, or an array of int or bool"
                )
        columns = {name: column[index].copy() for name, column in self.columns.items()}
        kept = np.zeros(int(self.labels.max(initial=0)) + 1, dtype=np.int32)
        kept[columns["region"]] = columns["region"]
        return replace(self, labels=kept[self.labels], columns=columns)

    def to_labels_img(self) -> Any:
        """Give the label image: int32, 0 outside, in a region its number.

        Returns
        -------
        nibabel.Nifti1Image
            On the map's grid. A Nifti2Image where an axis is longer than 32767.
        """
        from skerry.space.nifti import nifti_image

        return nifti_image(np.asarray(self.labels), self.grid.affine)

    def to_maps_img(self) -> Any:
        """Give a 4-D image with one region a volume, in the map's own values.

        A volume is made when it is read or written, so that hundreds of
        regions do not fill memory: `nibabel.save` writes one after another.

        Returns
        -------
        nibabel.Nifti1Image
            Shape (I, J, K, n), in the dtype of the map's values; 0 outside the
            region. A Nifti2Image where an axis is longer than 32767.
        """
        from skerry.regions.maps import maps_img

        return maps_img(self.statmap, self.labels, self.columns["region"])

    def __repr__(self) -> str:
        return (
            f"Regions({len(self)} of {self.statmap.name!r} at |value| >= {self.threshold:g}, "
            f"sign={self.sign!r}, connectivity={self.connectivity})"
        )

    def _repr_html_(self) -> str:
        from html import escape

        head = ("region", "sign", "volume mm³", "peak x, y, z mm", "peak value")
        columns = self.columns
        peaks = self.grid.xyz(columns["peak_ijk"])
        rows = (
            (
                str(columns["region"][n]),
                "positive" if columns["sign"][n] > 0 else "negative",
                f"{columns['volume_mm3'][n]:.0f}",
                ", ".join(f"{x:.1f}" for x in peaks[n]),
                f"{columns['peak_value'][n]:.2f}",
            )
            for n in range(len(self))
        )
        body = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows
        )
        return (
            f"<p>{escape(repr(self))}</p><table><thead><tr>"
            + "".join(f"<th>{name}</th>" for name in head)
            + f"</tr></thead><tbody>{body}</tbody></table>"
        )


def check_regions(regions: object) -> None:
    """Refuse what is no `Regions`.

    Raises
    ------
    ArgumentTypeError
    """
    if not isinstance(regions, Regions):
        raise ArgumentTypeError(
            f"regions must be Regions, got {type(regions).__name__}; skerry.find_regions gives them"
        )
