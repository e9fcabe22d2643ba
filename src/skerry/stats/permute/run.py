"""Permutation tests of a linear model, with family-wise error over the whole mask."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import ArgumentError
from skerry.stats.permute.options import (
    check_options,
    forming_height,
    said_of_design,
    said_of_moves,
    tfce_weights,
)
from skerry.stats.permute.p_values import fwe_p
from skerry.stats.permute.pareto import tail_p
from skerry.stats.permute.result import PermutationTest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike, NDArray

    from skerry.space.grid import Grid
    from skerry.stats.permute.measurer import Measurer
    from skerry.stats.permute.model import Model
    from skerry.stats.permute.moves import Moves, Scheme
    from skerry.stats.permute.p_values import Tail
    from skerry.typing import AnyArray, BoolArray, Connectivity, PathLike, Sign

__all__ = ["permutation_test"]

# A residual of less than this share of a voxel's sum of squares is rounding.
_NO_VARIANCE = 1e-26
# Values from here on, or of which none reaches the inverse, have squares that are no doubles.
_HIGHEST = 1e150


def permutation_test(
    data: AnyArray,
    mask: BoolArray,
    grid: Grid,
    model: Model,
    *,
    n_perm: int = 5000,
    seed: int = 0,
    sign: Sign = "both",
    threshold: float | str | None = None,
    tfce: bool | tuple[float, float] = False,
    connectivity: Connectivity = 26,
    scheme: Scheme = "auto",
    blocks: ArrayLike | None = None,
    whole_blocks: bool = False,
    tail: Tail = "counted",
    threads: int = 1,
    checkpoint: PathLike | None = None,
    keep_checkpoint: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> PermutationTest:
    """Test a contrast at every voxel against rearranged data.

    Parameters
    ----------
    data : (n, V) float32 or float64
        One row a map, one column a voxel of `mask` (C order); finite.
    mask : (I, J, K) bool
    grid : Grid
    model : Model
        From `make_model`.
    n_perm : int
        Random arrangements besides the observed; all are enumerated where no more exist.
    seed : int
        Of the random arrangements.
    sign : {"both", "positive", "negative"}
        Two-sided, or one side. An F test has one side.
    threshold : float or str, optional
        Cluster-forming: a height of the statistic (t or F), inclusive, or ``"p<0.001"``,
        two-sided for both signs. Without, no clusters.
    tfce : bool or (E, H)
        Enhance every arrangement; True for (0.5, 2).
    connectivity : {6, 18, 26}
    scheme, blocks, whole_blocks
        See `plan_moves`.
    tail : {"counted", "gpd"}
        p by counting; or, in the far tail, from a generalised Pareto distribution.
    threads : int
        Same result for any number.
    checkpoint : path, optional
        Keeps what is done; taken away at the end, unless `keep_checkpoint`.
    keep_checkpoint : bool
        For a caller who has yet to save what was found.
    progress : callable, optional
        Told how many arrangements are done, and of how many.

    Returns
    -------
    PermutationTest

    Raises
    ------
    ArgumentError, ArgumentTypeError
        If an argument makes no sense.

    Notes
    -----
    Freedman and Lane: the nuisance is taken out, what is left is rearranged, and the whole
    model fitted again. That moves only what the data are multiplied with, once for each
    regressor: they stay as they are, in one place, and the sum of squares never changes.

    References
    ----------
    Winkler, Ridgway, Webster, Smith & Nichols 2014, doi:10.1016/j.neuroimage.2014.01.060.
    Nichols & Holmes 2002, doi:10.1002/hbm.1058.
    """
    from skerry.stats.permute.checkpoint import Checkpoint, key_of
    from skerry.stats.permute.measurer import Field, Measurer
    from skerry.stats.permute.moves import plan_moves
    from skerry.stats.permute.null import null_maxima

    check_options(sign, tail, threads)
    if len(data) != model.n_maps:
        raise ArgumentError(f"the design has {model.n_maps} rows, but there are {len(data)} maps")
    _check_fit(data, mask, grid)
    if model.statistic == "F":
        sign = "positive"  # it has no other
    height, weights = forming_height(threshold, model, sign), tfce_weights(tfce)
    moves = plan_moves(
        model, n_perm=n_perm, seed=seed, scheme=scheme, blocks=blocks, whole_blocks=whole_blocks
    )
    sides = 2 if sign == "both" or model.statistic == "F" else 1
    separate = not whole_blocks and any(1 < len(group) < len(moves.units) for group in moves.groups)
    notes = said_of_design(model)
    notes += said_of_moves(moves, n_perm, sides=sides, separate_blocks=separate)
    data, mask, squares = _prepared(data, mask, model, notes)
    field = Field(grid, mask, connectivity)
    measurer = Measurer(data, squares, model, field, sign, height, weights)
    kept = None if checkpoint is None else Checkpoint(Path(checkpoint), key_of(measurer, moves))
    null = null_maxima(measurer, moves, threads=threads, checkpoint=kept, progress=progress)
    if kept is not None and kept.n_found:
        notes.append(f"{kept.n_found} of {moves.n_total} arrangements were done before")
    if kept is not None and kept.was_of_another:
        notes.append("what an earlier run had kept was of other maps or options: all was done anew")
    found = _judged(measurer, moves, null, tail, notes)
    if kept is not None and not keep_checkpoint:
        kept.remove()
    return found


def _check_fit(data: AnyArray, mask: BoolArray, grid: Grid) -> None:
    n_inside = int(np.count_nonzero(mask))
    if mask.shape != tuple(grid.shape) or not n_inside:
        raise ArgumentError(
            f"the mask must have voxels, on the grid {tuple(grid.shape)}: "
            f"it has {n_inside}, on {mask.shape}"
        )
    if data.ndim != 2 or data.shape[1] != n_inside:
        raise ArgumentError(
            f"data must have a row a map and a column for each of the {n_inside} voxels of the "
            f"mask, got shape {data.shape}"
        )


def _prepared(
    data: AnyArray, mask: BoolArray, model: Model, notes: list[str]
) -> tuple[AnyArray, BoolArray, NDArray[np.float64]]:
    """Leave out voxels without variance; give the sums of squares that the nuisance leaves."""
    highest = max(float(data.max()), -float(data.min()))
    if np.isnan(highest):
        raise ArgumentError("the maps hold NaN; leave those voxels out of the mask")
    if highest >= _HIGHEST or 0 < highest < 1 / _HIGHEST:
        raise ArgumentError(f"the maps reach {highest:g}, which cannot be squared: rescale them")
    whole, squares, left = model.sums_of_squares(data)
    varies = left > _NO_VARIANCE * whole
    if not varies.any():
        raise ArgumentError("no voxel varies between the maps: are they all the same map?")
    if not varies.all():
        n_flat = int(np.count_nonzero(~varies))
        notes.append(f"{n_flat} voxels do not vary between the maps and were left out")
        data, squares = np.ascontiguousarray(data[:, varies]), squares[varies]
        inside = np.flatnonzero(mask)
        mask = np.zeros(mask.shape, dtype=bool)
        mask.reshape(-1)[inside[varies]] = True
    return data, mask, squares


def _judged(
    measurer: Measurer,
    moves: Moves,
    null: NDArray[np.float64],
    tail: Tail,
    notes: list[str],
) -> PermutationTest:
    """Compare the observed maps with the maxima."""
    from skerry.stats.permute.observed import observed

    found = observed(measurer, *moves.arrangement(0))
    maxima = {name: null[:, k] for k, name in enumerate(measurer.names)}
    judge = tail_p if tail == "gpd" else fwe_p
    sides = _on_side(found.maps, measurer.sign)
    p_fwe = {name: judge(maxima[name], sides[name]) for name in measurer.names}
    clusters = None
    if found.clusters is not None:
        clusters = dict(found.clusters)
        first = found.first_voxel
        clusters["p_extent_fwe"] = p_fwe["extent"][first]
        clusters["p_mass_fwe"] = p_fwe["excess_mass"][first]
        clusters["p_peak_fwe"] = p_fwe[measurer.model.statistic][found.peak_voxel]
        if "tfce" in p_fwe:
            clusters["p_tfce_fwe"] = p_fwe["tfce"][found.peak_voxel]
    return PermutationTest(
        measurer.field.mask, found.maps, p_fwe, clusters, found.labels, maxima,
        measurer.threshold, measurer.model, moves, measurer.sign, tuple(notes),
    )  # fmt: skip


def _on_side(maps: Mapping[str, NDArray[np.float64]], sign: Sign) -> dict[str, NDArray[np.float64]]:
    if sign == "both":
        return {name: np.abs(values) for name, values in maps.items()}
    return {name: values if sign == "positive" else -values for name, values in maps.items()}
