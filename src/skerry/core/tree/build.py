"""Build the merge tree of a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from skerry.core._kernels import machine_code_pays
from skerry.core.threshold import passes
from skerry.core.tree.basins import find_basins
from skerry.core.tree.falling import sort_falling
from skerry.core.tree.listing import list_voxels
from skerry.core.tree.merge_tree import MergeTree
from skerry.core.tree.sweep import join_basins
from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from skerry.space.neighbours import Neighbours
    from skerry.typing import AnyArray, BoolArray

__all__ = ["build_tree"]


def build_tree(
    values: AnyArray,
    neighbours: Neighbours,
    *,
    sign: Literal["positive", "negative"] = "positive",
    mask: BoolArray | None = None,
    floor: float = 0.0,
) -> MergeTree:
    """Build the merge tree of the voxels of one sign.

    Sorts the voxels by falling height, sends each up to its peak, and joins the
    basins that meet by union-find: O(n log n).

    Parameters
    ----------
    values : array of any real type, of the shape of `neighbours`
        A statistic; NaN and 0 belong to no sign, infinite values are the highest.
    neighbours : Neighbours
        `GridNeighbours` for a volume, `MeshNeighbours` for a surface.
    sign : {"positive", "negative"}
        Which voxels; heights are ``|value|``.
    mask : bool array of the same shape, optional
        Voxels outside it are left out.
    floor : float
        Leave out voxels whose height is below it: nothing can be asked there.

    Returns
    -------
    MergeTree

    Raises
    ------
    ArgumentError
        If a shape differs from that of `neighbours`, `sign` is another word, or
        `floor` is negative or NaN.

    References
    ----------
    Carr, Snoeyink & Axen 2003, doi:10.1016/S0925-7721(02)00093-7 (sweep and
    union-find). Edelsbrunner, Letscher & Zomorodian 2002,
    doi:10.1007/s00454-002-2885-2 (prominence, there persistence).

    Examples
    --------
    >>> from skerry.space.neighbours import MeshNeighbours
    >>> path = MeshNeighbours([0, 1, 3, 5, 7, 8], [1, 0, 2, 1, 3, 2, 4, 3])
    >>> tree = build_tree(np.array([1.0, 5.0, 2.0, 4.0, 1.0]), path)
    >>> tree.peaks().height, tree.peaks().prominence
    (array([5., 4.]), array([5., 2.]))
    >>> tree.cut(3.0)
    array([0, 1, 0, 2, 0], dtype=int32)
    """
    _check(values, neighbours, sign, mask, floor)
    _keep_freed_memory(min(8 * values.size, 2**25 - 2**16))
    inside = passes(values, floor, sign)
    if mask is not None:
        np.logical_and(inside, mask, out=inside)
    transposed = inside.flags.f_contiguous  # as most files are: read in the order of memory
    listed, layout = list_voxels(inside, neighbours, transposed)
    del inside
    # mode: quicker than plain indexing, which looks for wrong numbers first
    chosen = (values.T if transposed else values).reshape(-1).take(listed, mode="clip")
    heights = _heights(chosen, sign)
    del listed, chosen
    falling = sort_falling(heights, layout, neighbours)
    del heights
    n = len(falling.level)
    volume = np.full(layout.n_places, n, dtype=np.int32)
    machine_code = machine_code_pays(n)
    basins = find_basins(layout, neighbours, falling, volume, machine_code)
    joined = join_basins(layout, falling, basins, volume, machine_code)
    return MergeTree(
        shape=tuple(neighbours.shape),
        sign=sign,
        floor=float(floor),
        order=falling.voxel,
        height=falling.height,
        leaf=basins.leaf,
        **joined._asdict(),
    )


def _check(
    values: AnyArray,
    neighbours: Neighbours,
    sign: str,
    mask: BoolArray | None,
    floor: float,
) -> None:
    if values.shape != tuple(neighbours.shape):
        raise ArgumentError(
            f"values have shape {values.shape}, their neighbours {tuple(neighbours.shape)}"
        )
    if mask is not None and mask.shape != values.shape:
        raise ArgumentError(f"mask has shape {mask.shape}, values have {values.shape}")
    if sign not in ("positive", "negative"):
        raise ArgumentError(f"sign must be 'positive' or 'negative', got {sign!r}")
    if not floor >= 0:
        raise ArgumentError(f"floor must be 0 or more, got {floor}")


def _keep_freed_memory(n_bytes: int) -> None:
    """Let the C library keep what arrays give back, for those that come next.

    glibc keeps no more than twice the largest block that was ever freed, and each page
    that it returns to the system is cleared and mapped again soon after: up to a quarter
    of the time of a tree. This block is freed at once and never touched.
    """
    np.empty(n_bytes, dtype=np.uint8)


def _heights(chosen: AnyArray, sign: str) -> AnyArray:
    """|values| in a type that holds them exactly and whose bits rise with them."""
    exact = np.promote_types(chosen.dtype, np.float32)
    heights = chosen.astype(np.float32 if exact == np.float32 else np.float64, copy=False)
    return np.negative(heights) if sign == "negative" else heights
