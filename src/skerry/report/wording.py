"""How a map and its threshold are spoken of, in words of the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skerry.regions.threshold import Threshold, parse_threshold

if TYPE_CHECKING:
    from skerry.regions.regions import Regions
    from skerry.space.statmap import StatMap

_SIDES = {6: "a face", 18: "a face or an edge", 26: "a face, an edge or a corner"}


def map_words(statmap: StatMap) -> str:
    """Say what a map is: `z map`, `t map with 20 degrees of freedom`.

    Examples
    --------
    >>> from skerry import load_map
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> map_words(load_map(load_sample_motor_activation_image(), kind="t", df=20))
    't map with 20 degrees of freedom'
    """
    numbers = statmap.df if isinstance(statmap.df, tuple) else (statmap.df,)
    freedom = " and ".join(f"{n:g}" for n in numbers if n is not None)
    with_freedom = f" with {freedom} degrees of freedom" if freedom else ""
    words = {
        "z": "z map",
        "t": "t map",
        "F": "F map",
        "p": "map of p values, read as -log10 p",
    }
    return words.get(statmap.kind or "", "map") + with_freedom


def symbol(statmap: StatMap) -> str:
    """Give what stands for the height of a voxel: `|z|`, `F`, `-log10 p`."""
    symbols = {"z": "|z|", "t": "|t|", "F": "F", "p": "-log10 p"}
    return symbols.get(statmap.kind or "", "|value|")


def has_signs(statmap: StatMap) -> bool:
    """Tell whether values below zero mean something else than those above."""
    return statmap.kind not in ("F", "p")


def neighbours_words(connectivity: int) -> str:
    """Say what neighbours share.

    Examples
    --------
    >>> neighbours_words(6)
    'a face (6 neighbours)'
    """
    return f"{_SIDES[connectivity]} ({connectivity} neighbours)"


def threshold_words(found: Regions) -> str:
    """Say how a threshold was asked for, in brackets behind its height; empty for a plain height.

    Examples
    --------
    >>> from skerry import find_regions
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> threshold_words(find_regions(load_sample_motor_activation_image(), "97%"))
    ' (the 97th percentile of |value| over the mask)'
    """
    asked = parse_threshold(found.asked)
    if asked.form == "value":
        return ""
    if asked.form == "percentile":
        return f" (the {_ordinal(asked.number)} percentile of |value| over the mask)"
    return f" ({_CLAIMS[asked.form].format(_level(asked), over=found.statmap.n_in_mask)})"


_CLAIMS = {
    "p": "p < {}, each voxel by itself",
    "fdr": "false discovery rate {} over {over} voxels, Benjamini and Hochberg",
    "bonferroni": "family-wise error {} over {over} voxels, Bonferroni",
    "fwe": "family-wise error {}, voxels, random field theory",
    "tdp": "true discovery proportion of at least {}",
}


def _level(asked: Threshold) -> str:
    return f"{asked.number:.6g}"


def _ordinal(number: float) -> str:
    """Write a number as an ordinal.

    Examples
    --------
    >>> _ordinal(97.0), _ordinal(92), _ordinal(99.5), _ordinal(11)
    ('97th', '92nd', '99.5th', '11th')
    """
    text = f"{number:.6g}"
    if text[-2:] in ("11", "12", "13") or "." in text:
        return f"{text}th"
    return text + {"1": "st", "2": "nd", "3": "rd"}.get(text[-1], "th")
