"""Whether a map is in MNI space, so that the template may be drawn beneath it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skerry.atlas.files import space_of_name

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
# The field of view of a whole brain holds at least so much of the template's.
_SHARE_IN_VIEW = 0.5
# First and last voxel centres of FSL's template at 2 mm, x, y, z; at 1 mm they are 1 mm off.
_FSL_VIEW_MM = ((-90.0, -126.0, -72.0), (90.0, 90.0, 108.0))
_VOXEL_MM = 1.01
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
    and nibabel write for every space, leaves it to the field of view, which may be
    that of FSL's template; or to the mask, which must lie inside the MNI152
    brain, half of which the field of view must hold.

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
    if _has_fsl_view(statmap.grid):
        return InMni(True, "its field of view is that of FSL's MNI152 template")
    return _by_mask(statmap)


def _code(statmap: StatMap) -> int | None:
    """Give the header's code of the space; None where it has none or is not known."""
    header = statmap.header
    if header is None or "sform_code" not in header:
        return None
    return int(header["sform_code"]) or int(header["qform_code"])


def _has_fsl_view(grid: Grid) -> bool:
    corners = grid.xyz(np.array(np.meshgrid(*[(0, n - 1) for n in grid.shape])).reshape(3, -1).T)
    ends = np.stack([corners.min(axis=0), corners.max(axis=0)])
    return bool(np.allclose(ends, _FSL_VIEW_MM, rtol=0, atol=_VOXEL_MM))


def _by_mask(statmap: StatMap) -> InMni:
    from skerry.datasets import load_mni152_template
    from skerry.space.grid import grid_of

    if not statmap.n_in_mask:
        return InMni(None, "its mask is empty")
    template = load_mni152_template(resolution=2)
    brain, grid = np.asarray(template.dataobj) > 0, grid_of(template)
    share = _met(brain, grid, _some_points(statmap.mask, statmap.grid)).mean()
    said = f"{100 * share:.0f} % of its mask lies inside the MNI152 brain"
    if share < _SHARE_INSIDE:
        return InMni(None, f"only {said}")
    view = np.ones(statmap.grid.shape, dtype=bool)
    if _met(view, statmap.grid, _some_points(brain, grid)).mean() < _SHARE_IN_VIEW:
        # Any brain has a place for a few voxels.
        return InMni(None, f"{said}, but it shows too small a part of a brain to tell")
    return InMni(True, said)


def _some_points(mask: BoolArray, grid: Grid) -> FloatArray:
    """(n, 3) RAS+ mm of voxels of a mask, evenly taken."""
    inside = np.flatnonzero(mask)
    some = inside[:: -(-inside.size // _AT_MOST_VOXELS)]
    return grid.xyz(np.stack(np.unravel_index(some, grid.shape), axis=-1))


def _met(mask: BoolArray, grid: Grid, points: FloatArray) -> BoolArray:
    """(n,) bool, which points (n, 3), RAS+ mm, lie in a voxel of a mask."""
    ijk = np.rint(grid.ijk(points)).astype(np.intp)
    found: BoolArray = np.all((ijk >= 0) & (ijk < grid.shape), axis=1)
    found[found] = mask[tuple(ijk[found].T)]
    return found
