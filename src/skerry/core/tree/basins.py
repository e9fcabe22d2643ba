"""Which peak each voxel climbs to: the leaves of the merge tree."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.core._kernels import ascend, compiled, runner
from skerry.core._kernels import basins as kernels
from skerry.core.plateaus import EQUALLY_NEAR
from skerry.space.connectivity import REACH, in_block

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.core.tree.falling import Falling
    from skerry.space.neighbours import Layout, Neighbours

# Places that are looked at together: their work space stays in the first cache.
STRETCH = 192
# A set of each voxel of a block alone, as bits.
_ONE = 1 << np.arange(27, dtype=np.int32)


class Basins(NamedTuple):
    """The leaf of every voxel and the peak of every leaf."""

    leaf: NDArray[np.int32]  # (n,) by rank
    peak: NDArray[np.int32]  # (n_leaves,) rank
    gates: NDArray[np.int32]  # (n,) by rank; not 0: may join two islands


def find_basins(
    layout: Layout,
    neighbours: Neighbours,
    falling: Falling,
    volume: NDArray[np.int32],
    machine_code: bool,
) -> Basins:
    """Send every voxel up its steepest path to a peak.

    Parameters
    ----------
    layout : Layout
    neighbours : Neighbours
        What made `layout`.
    falling : Falling
        The voxels by rank.
    volume : (n_places,) int32
        n everywhere; afterwards the rank of each voxel at its place.
    machine_code : bool
        Use numba.

    Returns
    -------
    Basins
        Leaves by falling height of their peaks; equal heights by the lower x,
        then y, then z of the voxel that stands for the peak.
    """
    basins = _climb(layout, falling.place, volume, machine_code)
    basin, peaks, _ = basins
    tied, level = falling.tied, falling.level
    flat = tied[level[tied] == level[peaks[basin[tied]]]].astype(np.int32)
    if not len(flat):
        return basins
    target = np.arange(len(peaks), dtype=np.int32)
    above = np.full(len(peaks), -1, dtype=np.int32)
    unite = runner(kernels.unite_plateaus, machine_code)
    beside = np.empty(layout.most + 1, dtype=np.int32)
    unite(
        volume, layout.starts, layout.table, falling.place, flat, basin, level, peaks,
        target, above, beside,
    )  # fmt: skip
    stands = _stand_for_plateaus(basins, target, falling, flat, neighbours, machine_code)
    return _renamed(basins, target, stands, machine_code)


def _climb(
    layout: Layout, places: NDArray[np.int32], volume: NDArray[np.int32], machine_code: bool
) -> Basins:
    if layout.on_grid and not machine_code:
        return _climb_with_numpy(layout, places, volume)
    basin, peaks = np.empty_like(places), np.empty_like(places)
    gates = np.zeros_like(places)
    if layout.on_grid:
        best, higher, flood = np.empty((3, STRETCH), dtype=np.int32)
        compiled(ascend.ascend_grid)(
            volume, places, layout.place, layout.block, _ONE, layout.table,
            _bits(layout.connectivity), REACH[layout.connectivity],
            best, higher, flood, basin, gates,
        )  # fmt: skip
    else:
        ascend_mesh = runner(ascend.ascend_mesh, machine_code)
        ascend_mesh(volume, places, layout.starts, layout.table, basin)
    n_peaks = runner(ascend.number_summits, machine_code)(basin, peaks)
    if not layout.on_grid:
        find_gates = runner(ascend.find_mesh_gates, machine_code)
        find_gates(volume, layout.starts, layout.table, basin, gates)
    return Basins(basin, peaks[:n_peaks].copy(), gates)


def _climb_with_numpy(
    layout: Layout, places: NDArray[np.int32], volume: NDArray[np.int32]
) -> Basins:
    """Do what the kernel `ascend_grid` does, for few voxels."""
    ranks = np.arange(len(places), dtype=np.int32)
    volume[places] = ranks
    above = ranks.copy()
    higher = np.zeros(len(places), dtype=np.int32)
    neighbour = in_block(layout.connectivity)
    for k, step in enumerate(layout.block):
        beside = volume[places + step]
        higher |= (beside < ranks).astype(np.int32) << k
        if neighbour[k]:
            np.minimum(above, beside, out=above)
    peaks = np.flatnonzero(above == ranks).astype(np.int32)
    further = above[above]
    while not np.array_equal(further, above):  # each round goes twice as far
        above, further = further, further[further]
    wanted = higher & _bits(layout.connectivity)
    flood, before = wanted & -wanted, np.zeros_like(wanted)
    while not np.array_equal(flood, before):
        before = flood
        flood = _dilate(before, REACH[layout.connectivity]) & higher
    number = np.zeros_like(ranks)
    number[peaks] = np.arange(len(peaks), dtype=np.int32)
    rest, whole = wanted & ~flood, wanted & flood
    gates = np.where(rest, rest | (whole & -whole), 0)
    return Basins(number[above], peaks, gates.astype(np.int32))


def _dilate(bits: NDArray[np.int32], reach: int) -> NDArray[np.int32]:
    """Grow sets of voxels of a 3 x 3 x 3 block by their neighbours.

    Bit ``9 x + 3 y + z`` is a voxel; a shift moves the set along an axis, and the
    mask drops what would come out on the other side.
    """

    def along(bits: NDArray[np.int32], shift: int, mask: int) -> NDArray[np.int32]:
        return bits | ((bits << shift) & mask) | ((bits >> shift) & (mask >> shift))

    def z(bits: NDArray[np.int32]) -> NDArray[np.int32]:
        return along(bits, 1, 0b110110110110110110110110110)

    def y(bits: NDArray[np.int32]) -> NDArray[np.int32]:
        return along(bits, 3, 0b111111000111111000111111000)

    def x(bits: NDArray[np.int32]) -> NDArray[np.int32]:
        return along(bits, 9, 0b111111111111111111000000000)

    if reach == 3:
        return x(y(z(bits)))
    if reach == 2:
        return y(z(bits)) | x(z(bits)) | x(y(bits))
    return x(bits) | y(bits) | z(bits)


@cache
def _bits(connectivity: int) -> int:
    """Neighbours of the centre of a block, as bits."""
    return int((1 << np.flatnonzero(in_block(connectivity))).sum())


def _stand_for_plateaus(
    basins: Basins,
    target: NDArray[np.int32],
    falling: Falling,
    flat: NDArray[np.int32],
    neighbours: Neighbours,
    machine_code: bool,
) -> NDArray[np.int32]:
    """Give the peak of each basin; a plateau's is its middle voxel."""
    n_peaks = len(basins.peak)
    stands = basins.peak.copy()
    runner(kernels.stand_on_plateaus, machine_code)(
        flat, basins.leaf, target, falling.level, basins.peak,
        neighbours.position(falling.voxel[flat]).astype(np.float64).reshape(-1),
        neighbours.basis.reshape(-1), 1 + EQUALLY_NEAR,
        np.zeros(n_peaks), np.zeros(3 * n_peaks),
        np.empty(len(flat)), np.full(n_peaks, np.inf), stands,
    )  # fmt: skip
    return stands


def _renamed(
    basins: Basins, target: NDArray[np.int32], stands: NDArray[np.int32], machine_code: bool
) -> Basins:
    """Make one basin of those that have one target, and number them by their peaks."""
    basin, peaks, gates = basins
    kept = np.flatnonzero(target == np.arange(len(peaks)))
    # Equal heights are ranked by x, y, z, so that ranks order the leaves.
    kept = kept[np.argsort(stands[kept])]
    if len(kept) == len(peaks) and (kept[1:] > kept[:-1]).all():
        return Basins(basin, stands, gates)  # every basin keeps its number
    number = np.empty(len(peaks), dtype=np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    number = number[target]
    if machine_code:
        compiled(kernels.rename)(basin, number)
    else:
        basin = number[basin]
    return Basins(basin, stands[kept], gates)
