"""All-resolutions inference (ARI): how many voxels of any set are truly active, at least.

The bounds hold for all sets at once, however and whenever they were chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import ArgumentError
from skerry.stats.ari_family import Family, Method, calibrate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Family", "Method", "calibrate", "discoveries", "discoveries_of"]


def discoveries(
    p_values: ArrayLike, labels: ArrayLike, *, alpha: float = 0.05, method: Method = "simes"
) -> NDArray[np.int64]:
    """Give a lower bound of the true discoveries of each label.

    Parameters
    ----------
    p_values : (...) float
        Of every test of the family, thus of the whole mask, above any
        threshold or not: from 0 to 1, NaN where there is no test. Two-sided
        where either sign may have been picked.
    labels : (...) int
        Of the same shape; 0 is background.
    alpha : float
        With probability 1 - alpha, all bounds hold at once: for these labels
        and for any others.
    method : {"simes", "hommel"}
        Simes' inequality holds under positive dependence, as for smooth maps;
        Hommel's always, and finds less.

    Returns
    -------
    (n,) int64
        Of labels 1 to n, the highest: at least so many of its voxels are
        active. Divided by their number, the true discovery proportion (TDP).

    Raises
    ------
    ArgumentError
        If the shapes differ, or a p value, a label or an option is out of range.

    References
    ----------
    Rosenblatt, Finos, Weeda, Solari & Goeman 2018,
    doi:10.1016/j.neuroimage.2018.07.060. Goeman, Meijer, Krebs & Solari 2019,
    doi:10.1093/biomet/asz041.

    Examples
    --------
    >>> p_values = np.array([0.001, 0.002, 0.2, 0.9, 0.003, 0.6])
    >>> discoveries(p_values, np.array([1, 1, 1, 2, 2, 2]))
    array([2, 1])
    """
    family = calibrate(p_values, alpha=alpha, method=method)
    p_values, labels = np.asarray(p_values, dtype=np.float64), np.asarray(labels)
    if labels.shape != p_values.shape:
        raise ArgumentError(f"labels have shape {labels.shape}, p values {p_values.shape}")
    if labels.dtype.kind not in "iub":
        raise ArgumentError(f"labels must be whole numbers, got {labels.dtype}")
    if labels.min(initial=0) < 0:
        raise ArgumentError(f"labels must not be negative, got {labels.min()}")
    inside = np.flatnonzero(labels)
    return discoveries_of(
        family.deadlines(p_values.reshape(-1)[inside]),
        labels.reshape(-1)[inside].astype(np.int64) - 1,
        int(labels.max(initial=0)),
    )


def discoveries_of(
    deadlines: NDArray[np.int32], groups: NDArray[np.int64], n_groups: int
) -> NDArray[np.int64]:
    """Give the bound of each group of tests.

    Parameters
    ----------
    deadlines : (n,) int32
        From `Family.deadlines`.
    groups : (n,) int64
        From 0 to ``n_groups - 1``.
    n_groups : int

    Returns
    -------
    (n_groups,) int64
        The largest, over u, of 1 - u + the number of tests of deadline below u.
    """
    counts = deadlines >= 0
    deadlines, groups = deadlines[counts], groups[counts]
    order = np.lexsort((deadlines, groups))
    deadlines, groups = deadlines[order], groups[order]
    number = np.arange(len(groups)) - np.searchsorted(groups, groups)
    found = np.zeros(n_groups, dtype=np.int64)
    np.maximum.at(found, groups, number + 1 - deadlines)
    return found
