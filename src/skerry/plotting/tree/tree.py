"""The merge tree as a picture: peaks that rise out of the sea."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from skerry.errors import ArgumentError, ArgumentTypeError, GridMismatchError
from skerry.plotting.inputs.arguments import check_figure_file
from skerry.plotting.tree.canvas import draw_forests, new_axes, write_title
from skerry.plotting.tree.forest import Forest, forests_of, region_numbers

if TYPE_CHECKING:
    from skerry.core.tree import MergeTree
    from skerry.regions.regions import Regions
    from skerry.typing import PathLike


def plot_tree(
    tree: MergeTree | Sequence[MergeTree],
    *,
    regions: Regions | None = None,
    threshold: float | None = None,
    min_prominence: float | None = None,
    widths: bool = True,
    axes: Any = None,
    title: str | None = None,
    output_file: PathLike | None = None,
) -> Any:
    """Draw a merge tree: every island at every sea level.

    Up is height, the |value|. Each peak is a branch that rises from the saddle
    where its island meets that of a higher peak; a line at the saddle's height
    leads there. So the length of a branch is the prominence of its peak. A
    branch is as wide as a cube of as many voxels as its island has at that
    height. The sea stands at the threshold; what rises out of it is drawn in the
    colours and with the numbers of the regions, what it covers is grey.

    Parameters
    ----------
    tree : MergeTree or sequence of MergeTree
        What `skerry.grow_tree` gives: one sign, or both side by side.
    regions : Regions, optional
        Found in the same map: gives the threshold, and the colours and numbers
        that `plot_regions` gives them. What is in none of them is dark grey.
    threshold : float, optional
        Height of the sea, inclusive; by default that of `regions`, else no sea.
        Without `regions`, what is above it is numbered as `find_regions` numbers
        regions of any size. Numbers that would cover one another are left out,
        those of lower peaks first.
    min_prominence : float, optional
        Hide peaks of a lower prominence. By default the 60 most prominent peaks
        of all trees are shown. The highest peak of a region (of at most 60) is
        always shown, with every peak that it joins.
    widths : bool
        Draw branches as wide as their islands; otherwise as lines.
    axes : matplotlib axes, optional
        What to draw on; a new figure by default.
    title : str, optional
        Plain text. By default the number of peaks shown, of all.
    output_file : path, optional
        Save the figure there (PNG, SVG or PDF by suffix) and close it.

    Returns
    -------
    matplotlib.axes.Axes, or None with `output_file`

    Raises
    ------
    ArgumentTypeError
        If `tree` is no merge tree and no sequence of them, or `regions` are no
        `Regions`.
    ArgumentError
        If the threshold or the prominence is negative or not finite, the
        threshold lies below the floor of a tree or is not that of `regions`, or
        the file's suffix is that of no figure.
    GridMismatchError
        If tree and regions do not have one shape.

    References
    ----------
    Carr, Snoeyink & Axen 2003, doi:10.1016/S0925-7721(02)00093-7 (merge trees).
    Edelsbrunner, Letscher & Zomorodian 2002, doi:10.1007/s00454-002-2885-2 (the
    elder rule: where two islands meet, the one with the lower peak ends).

    Examples
    --------
    >>> from skerry import find_regions, grow_tree
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> img = load_sample_motor_activation_image()
    >>> trees = [grow_tree(img, sign=sign) for sign in ("positive", "negative")]
    >>> axes = plot_tree(trees, regions=find_regions(img, 3.0))
    >>> axes.get_title(loc="left")
    '63 of 682 peaks; others of a prominence below 0.984 are hidden'
    >>> axes.figure.savefig("tree.png")  # doctest: +SKIP
    """
    trees = _trees(tree)
    threshold = _threshold(trees, regions, threshold)
    _check_prominence(min_prominence)
    check_figure_file(output_file)
    numbers = region_numbers(trees, regions, threshold)
    forests, hidden_below = forests_of(trees, numbers, min_prominence)
    own_figure = axes is None
    axes = new_axes(forests) if own_figure else axes
    draw_forests(axes, forests, threshold, widths=widths)
    write_title(axes, _title(forests, hidden_below) if title is None else title)
    if output_file is None:
        return axes
    from skerry.plotting.displays import frame

    frame.save(axes.figure, output_file, black=False, dpi=None)
    if own_figure:
        frame.close(axes.figure)
    return None


def _trees(tree: Any) -> list[MergeTree]:
    from skerry.core.tree import MergeTree

    trees = list(tree) if isinstance(tree, Sequence) else [tree]
    for one in trees:
        if not isinstance(one, MergeTree):
            raise ArgumentTypeError(
                "tree must be a MergeTree or a sequence of them, "
                f"got {type(tree).__name__}; skerry.grow_tree gives one"
            )
    if not trees:
        raise ArgumentError("tree holds no merge tree: give at least one")
    return trees


def _threshold(
    trees: list[MergeTree], regions: Regions | None, threshold: float | None
) -> float | None:
    if regions is not None:
        _check_regions(regions, trees)
        if threshold is not None and threshold != regions.threshold:
            raise ArgumentError(
                f"threshold {threshold:g} is not that of the regions, {regions.threshold:g}: "
                "leave it out, or leave the regions out"
            )
        threshold = regions.threshold
    if threshold is None:
        return None
    threshold = float(threshold)
    if not 0 <= threshold < math.inf and not (regions is not None and threshold == math.inf):
        raise ArgumentError(f"threshold must be finite and not negative, got {threshold:g}")
    highest_floor = max(tree.floor for tree in trees)
    if threshold < highest_floor:
        raise ArgumentError(
            f"threshold {threshold:g} is below the floor of the tree, {highest_floor:g}: "
            "nothing is known there; grow the tree from that height"
        )
    return threshold


def _check_regions(regions: Any, trees: list[MergeTree]) -> None:
    from skerry.regions.regions import check_regions

    check_regions(regions)
    for tree in trees:
        if tree.shape != regions.labels.shape:
            raise GridMismatchError(
                f"the tree has shape {tree.shape}, the regions have {regions.labels.shape}: "
                "give both of the same map"
            )


def _check_prominence(min_prominence: float | None) -> None:
    if min_prominence is not None and not 0 <= min_prominence < math.inf:
        raise ArgumentError(
            f"min_prominence must be finite and not negative, got {min_prominence:g}"
        )


def _title(forests: list[Forest], hidden_below: float) -> str:
    n_shown = sum(len(forest.branches) for forest in forests)
    n_peaks = sum(forest.n_peaks for forest in forests)
    if n_shown == n_peaks:
        return {1: "1 peak"}.get(n_peaks, f"{n_peaks} peaks")
    return (
        f"{n_shown} of {n_peaks} peaks; others of a prominence below {hidden_below:.3g} are hidden"
    )
