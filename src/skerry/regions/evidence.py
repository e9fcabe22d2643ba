"""What a map of known kind says about chance: z, smoothness, p and q of its voxels."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from skerry.errors import ArgumentError
from skerry.io.kind import checked_df
from skerry.space.neighbours import GridNeighbours
from skerry.stats.correct import RankedTests

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from skerry.space.statmap import StatMap
    from skerry.stats.smoothness import Smoothness
    from skerry.typing import AnyArray, BoolArray, FloatArray, Kind, Sign

# Most voxels of a mask are likelier than that by chance, and decide nothing.
UNLIKELY_P = 0.1
_STEPS_OF_P = (0.13, 0.17, 0.22, 0.3, 0.38, 0.47)
_HAVE_P = ("z", "t", "F", "p")
_DF_OF = {"t": "df=20 (--df 20)", "F": "df=(3, 60) (--df 3,60)"}


class Evidence:
    """p values of a map, and what they need; computed when asked for, once a map.

    Parameters
    ----------
    statmap : StatMap
        Of kind z, t, F or p, with its df.
    sign : {"both", "positive", "negative"}
        Which signs are of interest: p is two-sided for both, one-sided for one.
    """

    def __init__(self, statmap: StatMap, sign: Sign) -> None:
        self.statmap = statmap
        self.kind: Kind = statmap.kind or "other"
        self.df = checked_df(statmap.df, statmap.kind)
        # F and p have one side, the upper; their values are not negative.
        self.sides = 2 if sign == "both" and self.kind in ("z", "t") else 1
        self._turn = -1.0 if sign == "negative" else 1.0

    def heights(self, values: AnyArray) -> NDArray[np.float64]:
        """Give values as heights on the side that counts: |value|, or value, or -value."""
        values = np.asarray(values, dtype=np.float64)
        return np.abs(values) if self.sides == 2 else self._turn * values

    def z(self, values: AnyArray) -> NDArray[np.float64]:
        """Give values as z, each of its own sign."""
        from skerry.stats.of_kind import z_of

        return z_of(values, self.kind, self.df)

    @cached_property
    def z_values(self) -> FloatArray:
        """The map as z, on its grid; 0 outside the mask."""
        if self.kind == "z":
            return self.statmap.values
        z = np.zeros(self.statmap.grid.shape)
        z[self.statmap.mask] = self.z(self.statmap.values[self.statmap.mask])
        return z

    @cached_property
    def smoothness(self) -> Smoothness | None:
        """The smoothness of the z map in its mask; None where the mask allows no estimate."""
        from skerry.stats.smoothness import smoothness_of_map

        crop, finite = self._box
        if self.statmap.n_infinite:
            finite = finite & np.isfinite(self.statmap.values[crop])
        # Along x, y and z, so that it matters not how the file stores its axes.
        affine = self.statmap.grid.affine
        up = tuple(
            slice(None, None, 1 if affine[x, a] > 0 else -1) for x, a in enumerate(self.axes)
        )
        z = self.z_values[crop].transpose(self.axes)[up]
        finite = finite.transpose(self.axes)[up]
        try:
            return smoothness_of_map(z, finite)
        except ArgumentError:
            return None

    @cached_property
    def fwhm_mm(self) -> tuple[float, ...]:
        """The smoothness as full width at half maximum along x, y and z, mm; empty if unknown."""
        if self.smoothness is None:
            return ()
        sizes = [self.statmap.grid.voxel_sizes_mm[axis] for axis in self.axes]
        if self.smoothness.n_dimensions == 2:  # a mask of one slice has no width across it
            voxels = np.nonzero(self.statmap.mask.transpose(self.axes))
            del sizes[next(axis for axis in range(3) if np.ptp(voxels[axis]) == 0)]
        widths = self.smoothness.fwhm_voxels
        return tuple(float(width * size) for width, size in zip(widths, sizes, strict=True))

    @cached_property
    def axes(self) -> tuple[int, int, int]:
        """Stored axis that runs most along x, along y and along z."""
        return GridNeighbours(self.statmap.grid, 6).axes

    @cached_property
    def log_p(self) -> NDArray[np.float64]:
        """The ln p of the voxels of the mask, in the order of the array."""
        from skerry.stats.of_kind import log_p_of

        if self.kind == "p":
            return log_p_of(self.statmap.values[self.statmap.mask], "p")
        return self._log_p_of_z(self._z_that_counts)

    def log_p_at(self, ijk: AnyArray) -> NDArray[np.float64]:
        """Give the ln p of some voxels of the mask, (n, 3)."""
        from skerry.stats.of_kind import log_p_of

        where = tuple(np.asarray(ijk, dtype=np.intp).reshape(-1, 3).T)
        if self.kind == "p":
            return log_p_of(self.statmap.values[where], "p")
        return self._log_p_of_z(self._that_count(self.z_values[where]))

    @cached_property
    def _z_that_counts(self) -> NDArray[np.float64]:
        crop, inside = self._box
        z = np.ascontiguousarray(self.z_values[crop])[np.ascontiguousarray(inside)]
        return self._that_count(z)

    def _that_count(self, z: AnyArray) -> NDArray[np.float64]:
        z = z.astype(np.float64)
        return np.abs(z, out=z) if self.sides == 2 else np.multiply(z, self._turn, out=z)

    def _log_p_of_z(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        from skerry.stats.convert import z_to_log_p

        return z_to_log_p(z) if self.sides == 1 else np.minimum(z_to_log_p(z) + math.log(2), 0.0)

    @cached_property
    def unlikely_log_p(self) -> NDArray[np.float64]:
        """(m,) the ln p of the voxels whose p is at most `UNLIKELY_P`: all that most answers need.

        In no order.
        """
        if self.kind == "p":
            return self.log_p[self.log_p <= math.log(UNLIKELY_P)]
        z = self._z_inside
        return self._log_p_of_z(self._that_count(z[self._reach(UNLIKELY_P)]))

    @cached_property
    def _z_inside(self) -> FloatArray:
        """(n,) z of the voxels of the mask, in the order of memory."""
        z, mask = self.z_values, self.statmap.mask
        return z.T[mask.T] if z.flags.f_contiguous else z[mask]

    def _reach(self, p: float) -> BoolArray:
        """(n,) which of them have a p of at most that, below 0.5."""
        from skerry.core.threshold import passes

        sign: Sign = "both" if self.sides == 2 else "negative" if self._turn < 0 else "positive"
        return passes(self._z_inside, self._z_of_p(p), sign)

    def _z_of_p(self, p: float) -> float:
        from skerry.stats.convert import log_p_to_z

        return float(log_p_to_z(math.log(p / self.sides)))

    def log_q_at(self, ijk: AnyArray) -> NDArray[np.float64]:
        """Give the ln q (false discovery rate) of some voxels of the mask, (n, 3)."""
        log_p, few = self.log_p_at(ijk), self.unlikely_log_p
        # What is as unlikely as that has its q from the few, where no other gives a lower one.
        if log_p.max(initial=-np.inf) <= few.max(initial=-np.inf):
            found = self._ranked_few.log_q(log_p)
            highest = found.max(initial=-np.inf)
            if highest < math.log(UNLIKELY_P) - 1e-9 or highest < self._least_log_q_of_others:
                return found
        return self._ranked.log_q(log_p)

    @cached_property
    def _ranked_few(self) -> RankedTests:
        return RankedTests(self.unlikely_log_p, self.statmap.n_in_mask)

    @cached_property
    def _ranked(self) -> RankedTests:
        return RankedTests(self.log_p)

    @cached_property
    def _least_log_q_of_others(self) -> float:
        """What p * n / rank of a voxel that is not unlikely cannot be below, as ln.

        Between two p its rank is at most the number of voxels up to the upper one: counting
        takes a tenth of the time of all the p.
        """
        if self.kind == "p":
            return -math.inf
        n, least, lower = self.statmap.n_in_mask, math.inf, UNLIKELY_P
        for upper in _STEPS_OF_P:
            rank = max(int(np.count_nonzero(self._reach(upper))), 1)
            least, lower = min(least, lower * n / rank), upper
        least = min(least, lower)  # the last of all has rank n
        return math.log(least) - 1e-9

    @cached_property
    def _box(self) -> tuple[tuple[slice, ...], BoolArray]:
        """The box around the mask, and the mask in it: half of most fields of view is air."""
        from skerry.stats.smoothness import cropped

        return cropped(self.statmap.mask)

    def height_of_log_p(self, log_p: float) -> float:
        """Give the height in the map's unit that has a p value, on the sides that count."""
        from skerry.stats.of_kind import value_of_log_p

        height = value_of_log_p(min(log_p - math.log(self.sides), 0.0), self.kind, self.df)
        return max(height, 0.0)  # a voxel of the other sign never passes

    def __str__(self) -> str:
        if self.kind == "p":
            return "p as the map gives it"
        numbers = self.df if isinstance(self.df, tuple) else (self.df,)
        df = "" if self.df is None else f" with {' and '.join(f'{n:g}' for n in numbers)} df"
        return f"{'two' if self.sides == 2 else 'one'}-sided p of {self.kind}{df}"


def evidence_of(statmap: StatMap, sign: Sign, *, wanted_by: str) -> Evidence:
    """Give the evidence of a map.

    Parameters
    ----------
    statmap : StatMap
    sign : {"both", "positive", "negative"}
    wanted_by : str
        What needs p values, for messages.

    Returns
    -------
    Evidence
        The same object when asked again.

    Raises
    ------
    ArgumentError
        If the map's kind or df is unknown, or it has no p values on that side.
    """
    kind, name = statmap.kind, statmap.name
    if kind is None:
        raise ArgumentError(
            f"{wanted_by} needs to know what the values of {name} are, which its header does not "
            'say: give kind="z" (--kind z), or "t" with df= (--df), "F" with two df, or "p"'
        )
    if kind not in _HAVE_P:
        raise ArgumentError(f"{wanted_by} needs a map of z, t, F or p, but {name} is of {kind!r}")
    if kind in _DF_OF and statmap.df is None:
        raise ArgumentError(
            f"{wanted_by} needs the degrees of freedom of the {kind} map {name}, which its header "
            f"does not say: give {_DF_OF[kind]}"
        )
    if kind in ("F", "p") and sign == "negative":
        raise ArgumentError(
            f'{wanted_by}: a map of {kind} has one side, the positive; leave sign="negative" out'
        )
    if kind == "F" and (statmap.values[statmap.mask] < 0).any():
        raise ArgumentError(
            f"{wanted_by}: {name} is said to be an F map, but it holds negative values; "
            "give what it is (kind=, --kind)"
        )
    # Kept with the map, as its cached properties are: smoothness and q take a while.
    by_sign: dict[str, Evidence] = vars(statmap).setdefault("_evidence", {})
    if sign not in by_sign:
        by_sign[sign] = Evidence(statmap, sign)
    return by_sign[sign]


def evidence_if_known(statmap: StatMap, sign: Sign) -> Evidence | None:
    """Give the evidence of a map, or None where it has none."""
    try:
        return evidence_of(statmap, sign, wanted_by="")
    except ArgumentError:
        return None
