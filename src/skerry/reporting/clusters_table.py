"""The table of clusters and their peaks, under nilearn's contract."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.core.label import component_sizes, label_components, signs
from skerry.errors import ArgumentError
from skerry.image.arguments import check_integer, check_number
from skerry.image.niimg import check_niimg, image_data, image_like
from skerry.image.threshold import threshold_img
from skerry.io.notice import notice
from skerry.reporting.subpeaks import Peaks, far_apart, find_peaks
from skerry.space.grid import Grid, grid_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.typing import AnyArray, ImageLike

COLUMNS = ("Cluster ID", "X", "Y", "Z", "Peak Stat", "Cluster Size (mm3)")


def get_clusters_table(
    stat_img: ImageLike,
    stat_threshold: float | str,
    cluster_threshold: int = 0,
    two_sided: bool = False,
    min_distance: float = 8.0,
    return_label_maps: bool = False,
    *,
    max_subpeaks: int | None = 3,
) -> Any:
    """List the clusters of a map with their peaks and sizes.

    Same arguments, columns, warnings and errors as nilearn 0.14.1. Different
    on purpose: negative peaks are negative, strongest first; the numbers in
    the table are those in the label maps; sizes are not cut to whole mm3; a
    cluster holds the voxels that `threshold_img` leaves (at or beyond the
    threshold); and sub-peaks are farther than `min_distance` from every peak
    listed before them.

    Parameters
    ----------
    stat_img : path or nibabel image
        3-D, or 4-D with one volume; stronger effects have larger values.
    stat_threshold : float or str
        Height, in the map's unit, or a percentile such as ``"97%"``.
    cluster_threshold : int
        A cluster is listed if it has at least this many voxels.
    two_sided : bool
        Whether clusters beyond ``-stat_threshold`` are listed too. If not, a
        negative threshold lists those below it.
    min_distance : float
        mm. Peaks of a cluster are farther apart than this.
    return_label_maps : bool
        Whether to give the clusters as images too.
    max_subpeaks : int or None
        Most sub-peaks in a cluster; None lists all.

    Returns
    -------
    table : pandas.DataFrame
        One row a cluster, by falling peak (positive ones first), followed by
        its sub-peaks. `Cluster ID` is 1, 2, ... for clusters and ``"1a"``,
        ``"1b"``, ... for sub-peaks; `X`, `Y`, `Z` are RAS+ mm; `Peak Stat` is
        the value there; `Cluster Size (mm3)` is empty for sub-peaks. Voxels
        of a cluster share faces and have one sign.
    label_maps : list of nibabel image
        int32, 0 outside clusters: one image, or two (positive, negative) if
        two-sided. Only if `return_label_maps`.

    Raises
    ------
    ArgumentError
        If `min_distance` is not positive, `max_subpeaks` is negative, or the
        threshold is negative and two-sided.
    DimensionError
        If the map has several volumes.

    Warns
    -----
    UserWarning
        If a side of the map has no cluster.

    Examples
    --------
    >>> from nibabel import Nifti1Image
    >>> values = np.zeros((9, 1, 1))
    >>> values[[0, 1, 5], 0, 0] = [4.0, 5.0, -6.0]
    >>> img = Nifti1Image(values, np.diag([2.0, 2.0, 2.0, 1.0]))
    >>> get_clusters_table(img, 3, two_sided=True)
      Cluster ID     X    Y    Z  Peak Stat Cluster Size (mm3)
    0          1   2.0  0.0  0.0        5.0               16.0
    1          2  10.0  0.0  0.0       -6.0                8.0
    """
    if check_number(min_distance, "min_distance") <= 0:
        raise ArgumentError(f"'min_distance' must be positive (mm), got {min_distance}")
    if max_subpeaks is not None and check_integer(max_subpeaks, "max_subpeaks") < 0:
        raise ArgumentError(f"'max_subpeaks' must not be negative, got {max_subpeaks}")

    source = check_niimg(stat_img, ensure_ndim=3, name="stat_img")
    thresholded = threshold_img(
        source,
        stat_threshold,
        cluster_threshold,
        two_sided=two_sided,
        copy=not isinstance(stat_img, (str, os.PathLike)),
    )
    clusters = _find_clusters(image_data(thresholded))
    downwards = not two_sided and not isinstance(stat_threshold, str) and stat_threshold < 0
    tails = (1, -1) if two_sided else ((-1,) if downwards else (1,))
    for tail in tails:
        if not (clusters.sign == tail).any():
            notice(
                f"No clusters found with stat {'higher' if tail > 0 else 'lower'} than "
                f"{'-' if two_sided and tail < 0 else ''}{stat_threshold}"
                + (f" of at least {cluster_threshold} voxels" if cluster_threshold > 1 else ""),
                UserWarning,
            )
    table = _table(clusters, grid_of(source), float(min_distance), max_subpeaks)
    if not return_label_maps:
        return table
    return table, [image_like(source, clusters.label_map(tail)) for tail in tails]


@dataclass(frozen=True)
class _Clusters:
    """The clusters of a thresholded map, numbered as the table numbers them."""

    labels: NDArray[np.int32]  # (I, J, K), from 1
    sign: NDArray[np.int8]  # (n,)
    n_voxels: NDArray[np.int64]  # (n,)
    peaks: Peaks | None

    def label_map(self, tail: int) -> NDArray[np.int32]:
        """(I, J, K) int32, the clusters of one sign."""
        number = np.arange(self.sign.size + 1, dtype=np.int32)
        number[1:][self.sign != tail] = 0
        return number[self.labels]


def _find_clusters(values: AnyArray) -> _Clusters:
    """Label the one-signed clusters: positive first, by falling peak, then by first voxel."""
    sides = signs(values)
    labels, n_clusters = label_components(sides, connectivity=6)
    if n_clusters == 0:
        return _Clusters(labels, np.zeros(0, np.int8), np.zeros(0, np.int64), None)
    peaks = find_peaks(values, labels, n_clusters)
    first = np.searchsorted(peaks.cluster, np.arange(1, n_clusters + 1))
    sign = sides[tuple(peaks.ijk[first].T)]
    order = np.lexsort((-peaks.strength[first], -sign))
    number = np.zeros(n_clusters + 1, dtype=np.int32)
    number[order + 1] = np.arange(1, n_clusters + 1)
    n_voxels = component_sizes(labels, n_clusters)[order]
    renumbered = number[peaks.cluster]
    by_number = np.argsort(renumbered, kind="stable")
    return _Clusters(
        number[labels],
        sign[order],
        n_voxels,
        Peaks(renumbered[by_number], peaks.ijk[by_number], peaks.strength[by_number]),
    )


def _table(
    clusters: _Clusters, grid: Grid, min_distance_mm: float, max_subpeaks: int | None
) -> Any:
    import pandas as pd

    peaks = clusters.peaks
    if peaks is None:
        return pd.DataFrame(columns=list(COLUMNS))
    xyz = grid.xyz(peaks.ijk)
    n_clusters = clusters.sign.size
    bounds = np.searchsorted(peaks.cluster, np.arange(1, n_clusters + 2))
    most = None if max_subpeaks is None else max_subpeaks + 1
    rows: list[int] = []
    ids: list[int | str] = []
    sizes: list[float | str] = []
    for number in range(1, n_clusters + 1):
        start, stop = bounds[number - 1 : number + 1]
        chosen = far_apart(xyz[start:stop], min_distance_mm, most) + start
        rows.extend(chosen.tolist())
        ids.append(number)
        ids.extend(f"{number}{_letters(rank)}" for rank in range(1, chosen.size))
        sizes.append(float(clusters.n_voxels[number - 1] * grid.voxel_volume_mm3))
        sizes.extend([""] * (chosen.size - 1))
    side = clusters.sign[peaks.cluster[rows] - 1]
    stat = peaks.strength[rows].astype(np.float64) * side
    columns = (pd.Series(ids, dtype=object), *xyz[rows].T, stat, pd.Series(sizes, dtype=object))
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def _letters(rank: int) -> str:
    """Give a, b, ... z, aa, ab, ... for 1, 2, ..."""
    letters = ""
    while rank > 0:
        rank, letter = divmod(rank - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters
