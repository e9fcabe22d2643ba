"""The methods paragraph of a page: what was done, in words to paste, and whom to cite.

Its text holds placeholders, which the page fills with its state at every move
of the slider: `{threshold}` the height, `{how}` how it was asked for, `{signs}`
and `{sides}` what the choice of signs means, `{extent}` the least volume,
`{n_regions}` how many regions there are. A brace that is none of these is
written twice.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from skerry.regions.certainty import SAFE_FORMING_Z
from skerry.regions.threshold import parse_threshold
from skerry.report import citations
from skerry.report.record import file_name
from skerry.report.wording import has_signs, map_words, neighbours_words, symbol, threshold_words

if TYPE_CHECKING:
    from skerry.regions.evidence import Evidence
    from skerry.regions.regions import Regions
    from skerry.report.citations import Work
    from skerry.report.contents import Contents
    from skerry.report.listing import Listing
    from skerry.space.statmap import StatMap

_SIGNS = {
    "both": "positive and negative regions, each sign by itself",
    "positive": "positive regions",
    "negative": "negative regions",
}
_SIDES = {"both": "two-sided", "positive": "one-sided", "negative": "one-sided"}
_EXTENT = {"none": "", "some": "; regions of less than {min_volume} mm³ were left out"}


def methods_paragraph(contents: Contents) -> tuple[list[str], list[Work]]:
    """Write the methods paragraph of a page.

    Parameters
    ----------
    contents : Contents
        What the page is made of.

    Returns
    -------
    sentences : list of str
        With placeholders.
    works : list of Work
        In the order in which the text names them.
    """
    from skerry.regions.evidence import evidence_if_known

    found = contents.regions
    works: list[Work] = []

    def cite(*named: Work) -> str:
        works.extend(work for work in named if work not in works)
        return "; ".join(work.short for work in named)

    sentences = [*_finding(contents), *_peaks(contents, cite)]
    evidence = evidence_if_known(found.statmap, found.sign)
    if evidence is not None and found.statmap.n_in_mask:
        sentences += _certainty(evidence, cite)
    sentences += _given(found, cite) + _names(contents, cite) + _background(contents, cite)
    return sentences, works


def literal(text: str) -> str:
    """Write text of users so that its braces are no placeholders, and on one line.

    Examples
    --------
    >>> literal("a{threshold}.nii")
    'a{{threshold}}.nii'
    """
    shown = "".join(c if c.isprintable() else " " for c in text)
    return shown.replace("{", "{{").replace("}", "}}")


def _finding(contents: Contents) -> list[str]:
    import skerry

    found = contents.regions
    statmap = found.statmap
    kind = map_words(statmap)
    article = "an" if kind.startswith("F") else "a"
    which = (
        f"the {kind} {literal(file_name(statmap.source))}"
        if statmap.source
        else f"{article} {kind}"
    )
    mask = "of the mask"
    if contents.made_from.mask is not None:
        mask = f"of the mask {literal(file_name(contents.made_from.mask))}"
    elif not contents.made_from.has_own_mask:
        mask = "that are neither 0 nor NaN"
    return [
        f"Regions of {which} were found with skerry {skerry.__version__}.",
        (
            f"Of the {statmap.n_in_mask} voxels {mask}, those with {symbol(statmap)} of at least "
            "{threshold}{how} were joined into {signs}, where they share "
            f"{neighbours_words(found.connectivity)}{{extent}}."
        ),
        "This gave {n_regions}.",
    ]


def _peaks(contents: Contents, cite: Any) -> list[str]:
    space = ", MNI space" if contents.in_mni.answer else ""
    return [f"{_listed(contents.listing, cite)}; coordinates are RAS+ mm{space}."]


def _listed(listing: Listing, cite: Any) -> str:
    if listing.max_peaks == 1:
        return "Of a region the highest peak is listed"
    some = "all peaks are listed"
    if listing.max_peaks is not None:
        some = f"at most {listing.max_peaks} peaks are listed, those"
    rise = ""
    if listing.min_prominence:
        rise = (
            f" and rise at least {listing.min_prominence:g} above the saddle to a higher one "
            f"({cite(citations.PROMINENCE)})"
        )
    apart = f"that lie more than {listing.peak_distance_mm:g} mm from higher ones"
    return f"Of a region {some} {apart}{rise}"


def _certainty(evidence: Evidence, cite: Any) -> list[str]:
    if evidence.kind == "p":
        p = "p values are those of the map"
    else:
        sides = "{sides}" if has_signs(evidence.statmap) else "one-sided"
        p = f"p values are {sides} p of {evidence.kind}"
    n_voxels = evidence.statmap.n_in_mask
    sentences = [
        f"{p}; q is the false discovery rate over {n_voxels} voxels ({cite(citations.FDR)})."
    ]
    if evidence.smoothness is not None:
        widths = " x ".join(f"{mm:.1f}" for mm in evidence.fwhm_mm)
        sentences.append(
            f"Family-wise p values of peaks ({cite(citations.VOXEL_FIELD)}) and of the extent of "
            f"regions ({cite(citations.CLUSTER_FIELD)}) follow from random field theory with the "
            f"smoothness of the map itself, FWHM {widths} mm ({cite(citations.SMOOTHNESS)}); those "
            f"of extent hold their level only where regions are formed at z = {SAFE_FORMING_Z} or "
            f"above ({cite(citations.FORMING)})."
        )
    sentences.append(
        "The true discovery proportion (TDP) of a region is the share of its voxels that is "
        "active at the least, with 95 % confidence for all regions together, by all-resolutions "
        f"inference ({cite(citations.DISCOVERIES)})."
    )
    return sentences


def _given(found: Regions, cite: Any) -> list[str]:
    if "part_of" in found.columns:
        works = cite(citations.WATERSHED, citations.PROMINENCE)
        return [f"These regions were then split along the valleys between their peaks ({works})."]
    if "height" in found.columns:
        share = f"{100 * parse_threshold(found.asked).number:.4g} %"
        works = cite(citations.LARGEST_CLUSTERS)
        return [f"The largest clusters with a TDP of at least {share} are listed apart ({works})."]
    return []


def _names(contents: Contents, cite: Any) -> list[str]:
    if not contents.atlases:
        return []
    named = []
    for placed in contents.atlases:
        known = placed.atlas.name == "schaefer200"
        named.append(literal(placed.column) + (f" ({cite(citations.SCHAEFER)})" if known else ""))
    atlas = "atlas" if len(named) == 1 else "atlases"
    return [f"Peaks and regions are named by the {atlas} {', '.join(named)}."]


def _background(contents: Contents, cite: Any) -> list[str]:
    if not contents.background.is_template:
        return []
    return [f"The background is the MNI152 template ({cite(citations.TEMPLATE)})."]


def words_by_state(statmap: StatMap) -> dict[str, dict[str, str]]:
    """Give the words that follow the page's state: signs, sides of p values, and extent."""
    signs = _SIGNS if has_signs(statmap) else _SIGNS | {"both": "regions", "positive": "regions"}
    return {"signs": signs, "sides": _SIDES, "extent": _EXTENT}


def words_now(found: Regions) -> dict[str, Any]:
    """Give what the placeholders stand for when the page opens.

    Returns
    -------
    dict
        `threshold` is None where no height can be what was asked for; `words`
        then stand for it.
    """
    passable = found.threshold < math.inf
    return {
        "threshold": found.threshold if passable else None,
        "words": f"{found.threshold:.5g}" if passable else "a height that none reaches",
        "how": threshold_words(found),
        "sign": found.sign,
        "min_volume": found.min_volume_mm3,
    }
