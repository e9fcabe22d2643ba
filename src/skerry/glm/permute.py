"""Permutation tests of maps, for people who come from nilearn."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError, SkerryWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from skerry.space.grid import Grid
    from skerry.space.statmap import StatMap
    from skerry.stats.permute import PermutationTest
    from skerry.stats.permute_moves import Scheme
    from skerry.stats.permute_tail import Tail
    from skerry.typing import AnyArray, Connectivity, ImageLike, PathLike, Sign

__all__ = ["PermutedMaps", "permute"]

# What nilearn calls the maps.
_NILEARN = {"extent": "size", "excess_mass": "mass"}


@dataclass(frozen=True, slots=True)
class PermutedMaps:
    """Maps of a permutation test, by nilearn's names: ``result["logp_max_t"]``.

    Attributes
    ----------
    test : PermutationTest
        All that was found, as arrays.
    grid : Grid
    inputs : tuple of dict
        `path` and `sha256` of each map's file.
    notes : tuple of str
        What deserves to be said with the result.
    """

    test: PermutationTest = field(repr=False)
    grid: Grid
    inputs: tuple[dict[str, Any], ...] = field(repr=False)
    notes: tuple[str, ...]

    def keys(self) -> list[str]:
        """Names of the maps: `t` or `F`, `size`, `mass`, `tfce`, and `logp_max_` of each."""
        names = [_NILEARN.get(name, name) for name in self.test.maps]
        return [key for name in names for key in (name, f"logp_max_{name}")]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def __getitem__(self, key: str) -> Any:
        """Give a map as a nibabel image; `logp_max_` maps hold -log10 of family-wise p."""
        ours = {_NILEARN.get(name, name): name for name in self.test.maps}
        name = ours.get(key.removeprefix("logp_max_"))
        if name is None:
            raise KeyError(f"{key!r} is none of {', '.join(self.keys())}")
        return self.p_image(name) if key.startswith("logp_max_") else self.image(name)

    def image(self, name: str) -> Any:
        """Give `t`, `F`, `extent`, `excess_mass` or `tfce`, with its sign, as an image."""
        image = self._image(self.test.maps[name])
        model = self.test.model
        if name == "t":
            image.header.set_intent("t test", (model.df,))
        elif name == "F":
            image.header.set_intent("f test", (len(model.tested), model.df))
        return image

    def p_image(self, name: str) -> Any:
        """Give -log10 of the family-wise p of a map, not negative, as an image."""
        image = self._image(np.abs(np.log10(self.test.p_fwe[name])))
        image.header.set_intent("log10 p value")
        return image

    def labels_image(self) -> Any:
        """Give the clusters' numbers as an image; there must have been a threshold."""
        if self.test.labels is None:
            raise ArgumentError("there are no clusters without a cluster-forming threshold")
        return self._image(self.test.labels)

    @property
    def clusters(self) -> pd.DataFrame:
        """One row a cluster, with its p values; none without a threshold."""
        import pandas as pd

        return pd.DataFrame(dict(self.test.clusters or {}))

    @property
    def summary(self) -> pd.DataFrame:
        """One row a statistic: observed maximum, critical value, lowest p, voxels found."""
        import pandas as pd

        return pd.DataFrame(self.test.summary)

    def _image(self, values: AnyArray) -> Any:
        import nibabel

        volume = np.zeros(self.grid.shape, dtype=values.dtype)
        volume[self.test.mask] = values
        image = nibabel.Nifti1Image(volume, self.grid.affine)
        image.header.set_xyzt_units("mm")
        return image


def permute(
    maps: Sequence[ImageLike | StatMap] | ImageLike,
    design: Any = None,
    contrast: str | ArrayLike | None = None,
    *,
    n_perm: int = 5000,
    seed: int = 0,
    sign: Sign = "both",
    threshold: float | str | None = None,
    tfce: bool | tuple[float, float] = False,
    mask: ImageLike | None = None,
    connectivity: Connectivity = 26,
    scheme: Scheme = "auto",
    blocks: str | ArrayLike | None = None,
    whole_blocks: bool = False,
    tail: Tail = "counted",
    threads: int = 1,
    checkpoint: PathLike | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PermutedMaps:
    """Test maps of many subjects by permutation: voxels, clusters and TFCE in one run.

    Parameters
    ----------
    maps : sequence of paths or images, or one 4-D path or image
        One map a subject, on one grid.
    design : path, pandas.DataFrame, mapping or (n, p) array_like, optional
        One row a map; words in a column give one regressor a word. No constant is added.
        By default a column of ones: is the mean 0?
    contrast : str or array_like, optional
        A column's name, a sum (``"patient - control"``) or weights; several rows give an F test.
    n_perm : int
        Random arrangements besides the observed; all are enumerated where no more exist.
    seed : int
        Of the random arrangements.
    sign : {"both", "positive", "negative"}
        Two-sided, or one side.
    threshold : float or str, optional
        Cluster-forming: a height of t (or F), inclusive, or ``"p<0.001"`` (two-sided for both
        signs).
    tfce : bool or (E, H)
        Enhance; True for (0.5, 2).
    mask : path or image, optional
        Non-zero voxels count. By default those that are neither NaN nor 0 in any map.
    connectivity : {6, 18, 26}
        Neighbours share a face; or an edge; or a corner.
    scheme : {"auto", "permute", "flip", "both"}
        "auto" flips signs where a mean is tested, else changes the order.
    blocks : str or (n,) array_like, optional
        Exchangeability blocks, or the design's column that holds them.
    whole_blocks : bool
        Blocks keep together, instead of subjects within blocks changing places.
    tail : {"counted", "gpd"}
        p by counting; or a generalised Pareto distribution in the far tail.
    threads : int
        Same result for any number.
    checkpoint : path, optional
        Keeps what is done, so that the same call goes on after an interruption; taken away at
        the end.
    progress : callable, optional
        Told how many arrangements are done, and of how many.

    Returns
    -------
    PermutedMaps

    Raises
    ------
    ArgumentError
        If maps, design or an option cannot be used.
    GridMismatchError, ImageFileError
        If a map cannot be used.

    Warns
    -----
    SkerryWarning
        If voxels were left out, or fewer arrangements are possible than asked for.

    References
    ----------
    Winkler, Ridgway, Webster, Smith & Nichols 2014, doi:10.1016/j.neuroimage.2014.01.060.

    Examples
    --------
    Ten subjects, half of whose voxels are active:

    >>> import nibabel
    >>> values = np.random.default_rng(0).standard_normal((10, 4, 4, 4))
    >>> values[:, :2] += 2
    >>> images = [nibabel.Nifti1Image(value, np.eye(4)) for value in values]
    >>> result = permute(images, n_perm=200, tfce=True)
    >>> result.keys()
    ['t', 'logp_max_t', 'tfce', 'logp_max_tfce']
    >>> active = result["logp_max_tfce"].get_fdata() > -np.log10(0.05)
    >>> int(active[:2].sum()), int(active[2:].sum())
    (31, 0)
    """
    from skerry.stats.permute import permutation_test
    from skerry.stats.permute_design import model_of, read_design
    from skerry.stats.permute_maps import stack_maps

    stack = stack_maps(maps, mask=mask)
    column = blocks if isinstance(blocks, str) else None
    table = read_design(design, stack.names, blocks=column)
    test = permutation_test(
        stack.data, stack.mask, stack.grid, model_of(table, contrast),
        n_perm=n_perm, seed=seed, sign=sign, threshold=threshold, tfce=tfce,
        connectivity=connectivity, scheme=scheme,
        blocks=table.blocks if column is not None else blocks, whole_blocks=whole_blocks,
        tail=tail, threads=threads, checkpoint=checkpoint, progress=progress,
    )  # fmt: skip
    notes = (*stack.notes, *test.notes)
    for note in notes:
        warnings.warn(note, SkerryWarning, stacklevel=2)
    return PermutedMaps(test, stack.grid, stack.inputs, notes)
