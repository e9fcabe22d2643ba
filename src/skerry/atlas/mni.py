"""Whether a map is in MNI space, so that the template may be drawn beneath it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.atlas.load import space_of_name

if TYPE_CHECKING:
    from skerry.space.grid import Grid
    from skerry.space.statmap import StatMap
    from skerry.typing import BoolArray, FloatArray

# The codes of NIfTI headers that name a space; 2 ("aligned to something") names none.
_SCANNER, _TALAIRACH, _MNI = 1, 3, 4
_NAMED = {
    0: "its header places it nowhere",
    _SCANNER: "its header says the scanner's space",
    _TALAIRACH: "its header says Talairach space",
}

# Maps in MNI space have 94 % or more of their mask in the brain, maps of single
# subjects in their own space up to 81 %.
_SHARE_INSIDE = 0.9
_AT_MOST_VOXELS = 20_000


class InMni(NamedTuple):
    """Whether a map is in MNI space.

    Attributes
    ----------
    answer : bool or None
        None where neither its file nor its mask lets one tell.
    because : str
        What the answer rests on.
    """

    answer: bool | None
    because: str


def in_mni(statmap: StatMap) -> InMni:
    """Tell whether a map is in MNI space.

    The BIDS `space-` entity of its file's name says so, else the code of its
    header (`sform_code`, else `qform_code`). A code of 2, "aligned", which SPM
    and nibabel write for every space, leaves it to the mask: it must lie inside
    the MNI152 brain.

    Parameters
    ----------
    statmap : StatMap

    Returns
    -------
    InMni

    Examples
    --------
    >>> from skerry import load_map
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> in_mni(load_map(load_sample_motor_activation_image()))
    InMni(answer=True, because='98 % of its mask lies inside the MNI152 brain')
    """
    named = None if statmap.source is None else space_of_name(statmap.source)
    if named is not None:
        return InMni(named.startswith("MNI"), f"its file's name says space-{named}")
    code = _code(statmap)
    if code == _MNI:
        return InMni(True, "its header says so")
    if code in _NAMED:
        return InMni(False, _NAMED[code])
    return _by_mask(statmap)


def _code(statmap: StatMap) -> int | None:
    """Give the header's code of the space; None where it has none or is not known."""
    header = statmap.header
    if header is None or "sform_code" not in header:
        return None
    return int(header["sform_code"]) or int(header["qform_code"])


def _by_mask(statmap: StatMap) -> InMni:
    from skerry.datasets import load_mni152_template
    from skerry.space.grid import grid_of

    inside_map = np.flatnonzero(statmap.mask)
    if not inside_map.size:
        return InMni(None, "its mask is empty")
    some = inside_map[:: -(-inside_map.size // _AT_MOST_VOXELS)]
    points = statmap.grid.xyz(np.stack(np.unravel_index(some, statmap.grid.shape), axis=-1))
    template = load_mni152_template(resolution=2)
    brain = np.asarray(template.dataobj) > 0
    share = _inside(brain, grid_of(template), points).mean()
    return InMni(
        bool(share >= _SHARE_INSIDE),
        f"{100 * share:.0f} % of its mask lies inside the MNI152 brain",
    )


def _inside(brain: BoolArray, grid: Grid, points: FloatArray) -> BoolArray:
    """(n,) bool, which points (n, 3), RAS+ mm, lie in a voxel of a mask."""
    ijk = np.rint(grid.ijk(points)).astype(np.intp)
    found: BoolArray = np.all((ijk >= 0) & (ijk < grid.shape), axis=1)
    found[found] = brain[tuple(ijk[found].T)]
    return found
