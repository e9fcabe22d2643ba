"""The linear model behind a permutation test: what is tested, and what else is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from skerry.typing import AnyArray

__all__ = ["Model", "make_model"]

# Singular values below this share of the largest are zeros that were rounded.
_ZERO = 1e-10
# Voxels that are worked on together.
_STRETCH = 8192


@dataclass(frozen=True, slots=True)
class Model:
    """A contrast of a linear model, split into tested and nuisance regressors.

    Attributes
    ----------
    tested : (s, n) float64
        Orthonormal, orthogonal to `nuisance`; for one row its sign is the contrast's.
    nuisance : (q, n) float64
        Orthonormal.
    df : int
        n less the rank of the design.
    made_of_others : tuple of str
        Columns of the design that are made of those before them.
    """

    tested: NDArray[np.float64]
    nuisance: NDArray[np.float64]
    df: int
    made_of_others: tuple[str, ...] = ()

    @property
    def n_maps(self) -> int:
        """Number of observations."""
        return int(self.tested.shape[1])

    @property
    def statistic(self) -> Literal["t", "F"]:
        """What the contrast is judged by."""
        return "t" if len(self.tested) == 1 else "F"

    @property
    def weights(self) -> NDArray[np.float64]:
        """(s + q, n) tested regressors, then nuisance."""
        return np.concatenate([self.tested, self.nuisance])

    @property
    def tests_the_mean(self) -> bool:
        """Whether a constant is not among the nuisance: then only signs can be exchanged."""
        return not _spans_a_constant(self.nuisance)

    @property
    def has_constant(self) -> bool:
        """Whether the design fits a mean."""
        return _spans_a_constant(self.weights)

    def arranged(self, order: NDArray[np.int64], sign: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the weights of the data in an arrangement of what the nuisance leaves.

        Parameters
        ----------
        order : (n,) int
            The observation whose residual comes to each place.
        sign : (n,) float64
            What it is multiplied with there.

        Returns
        -------
        (s + q, n) float64
            ``weights @ data`` fits the regressors to the rearranged residuals: the model is
            moved, not the data.
        """
        weights = np.empty((len(self.tested) + len(self.nuisance), self.n_maps))
        weights[:, order] = self.weights * sign
        found = np.einsum("mn,qn->mq", weights, self.nuisance)
        return np.asarray(weights - np.einsum("mq,qn->mn", found, self.nuisance))

    def sums_of_squares(self, data: AnyArray) -> NDArray[np.float64]:
        """(3, V) of the data, of what the nuisance leaves of them, and of what all leaves."""
        squares = np.empty((3, data.shape[1]))
        for begin in range(0, data.shape[1], _STRETCH):
            here = slice(begin, begin + _STRETCH)
            part = data[:, here].astype(np.float64)
            squares[0, here] = np.einsum("nv,nv->v", part, part)
            # einsum, not a matrix product: the same bits on any number of cores
            for row, regressors in ((1, self.nuisance), (2, self.tested)):
                found = np.einsum("qn,nv->qv", regressors, part)
                part -= np.einsum("qn,qv->nv", regressors, found)
                squares[row, here] = np.einsum("nv,nv->v", part, part)
        return squares


def make_model(
    design: ArrayLike, contrast: ArrayLike, *, names: Sequence[str] | None = None
) -> Model:
    """Split a design by a contrast.

    Parameters
    ----------
    design : (n, p) float
        One row an observation, one column a regressor. No column is added.
    contrast : (p,) or (s, p) float
        One row: a t test of ``contrast @ beta``; several: an F test of all of them.
    names : sequence of str, optional
        Names of the columns, for messages.

    Returns
    -------
    Model

    Raises
    ------
    ArgumentError
        If the design leaves no degree of freedom, or the contrast does not fit it or cannot
        be estimated.

    Notes
    -----
    A design may be rank-deficient (a column for each group beside a column of ones) where
    the contrast has one value for all ways to write the fit: then it is estimable.

    References
    ----------
    Winkler, Ridgway, Webster, Smith & Nichols 2014, doi:10.1016/j.neuroimage.2014.01.060
    (the partition of a model by a contrast).
    """
    matrix = np.array(design, dtype=np.float64, ndmin=2)
    rows = np.array(contrast, dtype=np.float64, ndmin=2)
    n, p = matrix.shape
    if not np.isfinite(matrix).all():
        raise ArgumentError("the design holds values that are not finite; every map needs its row")
    if rows.shape[1] != p:
        raise ArgumentError(f"the contrast has {rows.shape[1]} weights, the design {p} columns")
    if not np.isfinite(rows).all() or not rows.any(axis=1).all():
        raise ArgumentError("the contrast must be of finite weights, not all of them 0")
    names = names or [f"column {k + 1}" for k in range(p)]
    length = np.linalg.norm(matrix, axis=0)
    if not length.all():
        raise ArgumentError(
            f"{names[int(np.argmin(length))]} of the design is 0 everywhere; leave it out"
        )
    left, singular, right = np.linalg.svd(matrix / length, full_matrices=False)
    rank = int(np.count_nonzero(singular > _ZERO * singular[0]))
    made = _made_of_others(matrix / length, names) if rank < p else ()
    left, singular, right = left[:, :rank], singular[:rank], right[:rank]
    scaled = rows / length
    found = scaled @ right.T
    if np.abs(scaled - found @ right).max() > 1e-8 * np.abs(scaled).max():
        raise ArgumentError(
            f"the contrast cannot be estimated, as the design is rank-deficient: {made[0]} is made "
            "of the columns before it; leave one of them out, or test a difference"
        )
    if n <= rank:
        raise ArgumentError(
            f"{n} maps and {rank} columns leave no degree of freedom; more maps or fewer columns"
        )
    effects = (left / singular) @ found.T
    tested = _basis(effects, effects)
    if len(tested) < len(rows):
        raise ArgumentError("the rows of the contrast say the same thing twice; leave one out")
    if len(rows) == 1:
        tested *= np.sign(tested[0] @ effects[:, 0])
    nuisance = _basis(matrix - tested.T @ (tested @ matrix), matrix)
    return Model(tested, nuisance, n - rank, made)


def _spans_a_constant(rows: NDArray[np.float64]) -> bool:
    """Tell whether a constant is a sum of orthonormal rows."""
    constant = np.full(rows.shape[1], 1 / np.sqrt(rows.shape[1]))
    return bool(np.abs(constant - rows.T @ (rows @ constant)).max() < 1e-8)


def _made_of_others(scaled: NDArray[np.float64], names: Sequence[str]) -> tuple[str, ...]:
    """Name the columns that are made of those before them."""
    made, rank = [], 0
    for k in range(scaled.shape[1]):
        singular = np.linalg.svd(scaled[:, : k + 1], compute_uv=False)
        now = int(np.count_nonzero(singular > _ZERO * singular[0]))
        if now == rank:
            made.append(names[k])
        rank = now
    return tuple(made)


def _basis(columns: NDArray[np.float64], unrounded: NDArray[np.float64]) -> NDArray[np.float64]:
    """(r, n) orthonormal rows that span the columns; what is rounding beside `unrounded` is not."""
    scale = np.linalg.norm(unrounded, axis=0)
    left, singular, _ = np.linalg.svd(columns / scale, full_matrices=False)
    return np.ascontiguousarray(left[:, singular > 1e-9].T)
