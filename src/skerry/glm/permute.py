"""Permutation tests of maps, for people who come from nilearn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skerry.glm.permuted_maps import PermutedMaps
from skerry.io.notice import notice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike

    from skerry.space.statmap import StatMap
    from skerry.stats.permute.moves import Scheme
    from skerry.stats.permute.p_values import Tail
    from skerry.typing import Connectivity, ImageLike, PathLike, Sign

__all__ = ["PermutedMaps", "permute"]


def permute(
    maps: Sequence[ImageLike | StatMap] | ImageLike,
    design: Any = None,
    contrast: str | Sequence[str] | ArrayLike | None = None,
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
        Also FSL's ``design.mat``. By default a column of ones: is the mean 0?
    contrast : str, sequence of str, or array_like, optional
        A column's name, a sum (``"patient - control"``) or weights (``"1 -1 0"``); several,
        as a sequence, rows or between semicolons, are one F test.
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
        Exchangeability blocks, or the design's column that holds them, or FSL's ``design.grp``.
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
    ArgumentError, ArgumentTypeError
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
    >>> import numpy as np
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
    from skerry.glm.permute_study import read_study

    study = read_study(maps, design, mask=mask, blocks=blocks)
    found = study.test(
        contrast,
        n_perm=n_perm, seed=seed, sign=sign, threshold=threshold, tfce=tfce,
        connectivity=connectivity, scheme=scheme, whole_blocks=whole_blocks,
        tail=tail, threads=threads, checkpoint=checkpoint, progress=progress,
    )  # fmt: skip
    for note in found.notes:
        notice(note)
    return found
