"""The atlases that come with FSL: names out of XML, and left and right told apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.datasets.atlases.returned import BACKGROUND
from skerry.errors import DamagedFileError
from skerry.io.label_elements import label_elements
from skerry.io.text import read_text

if TYPE_CHECKING:
    from pathlib import Path

    import nibabel
    from numpy.typing import NDArray

    from skerry.typing import AnyArray

# A part that lies to this share on one side of the midline is not cut.
_ONE_SIDED = 0.95
_SIDE = re.compile(r" (L|R)$")


def names_of_xml(path: Path) -> list[str]:
    """Read the names of an FSL atlas; the background comes first.

    Raises
    ------
    DamagedFileError
        If the file does not number its labels 0, 1, 2, ...
    """
    _, labels = label_elements(read_text(path), str(path))
    named: dict[int, str] = {}
    for label in labels:
        index = label.get("@index", "")
        if not index.isdecimal() or int(index) in named:
            raise DamagedFileError(f"{path}: a label without a number of its own")
        named[int(index)] = label.get("label", "").strip()
    if sorted(named) != list(range(len(named))):
        raise DamagedFileError(f"{path}: its labels are not numbered 0, 1, 2, ...")
    return [BACKGROUND, *(named[index] for index in sorted(named))]


def towards_ras(img: nibabel.Nifti1Image) -> Any:
    """Turn an image's axes so that they run to the right, to the front and up."""
    import nibabel

    return nibabel.as_closest_canonical(img)


def like(img: Any, values: AnyArray) -> nibabel.Nifti1Image:
    """Give values the place of an image."""
    import nibabel

    made = nibabel.Nifti1Image(values, img.affine, img.header)
    made.set_data_dtype(values.dtype)
    return made


def split_at_midline(values: AnyArray, names: list[str]) -> tuple[AnyArray, list[str]]:
    """Cut the parts of a label image that lie on both sides into left and right.

    Parameters
    ----------
    values : (I, J, K) array of whole numbers
        The first axis runs to the right, the midline in its middle.
    names : list of str
        By number, background first. Names that end in " L" or " R" begin
        with "Left" or "Right" afterwards.

    Returns
    -------
    values : (I, J, K) array
        Numbered anew, in the old order, left before right.
    names : list of str
    """
    middle = values.shape[0] // 2
    sides = {"L": "Left", "R": "Right"}
    table: list[tuple[int, int]] = [(0, 0)]  # of each old number: the new ones, left and right
    made = [names[0]]
    counts = [_counts(half, len(names)) for half in (values[:middle], values[middle:])]
    for number, name in enumerate(names[1:], start=1):
        if found := _SIDE.search(name):
            name = f"{sides[found[1]]} {name[: found.start()]}"
        left, right = (int(count[number]) for count in counts)
        first = len(made)
        if max(left, right) > _ONE_SIDED * (left + right) or left + right == 0:
            made.append(name)
            table.append((first, first))
        else:
            made += [f"Left {name}", f"Right {name}"]
            table.append((first, first + 1))
    numbers = np.array(table).T.astype(values.dtype)
    whole = values.astype(np.intp)
    halves = [numbers[0][whole[:middle]], numbers[1][whole[middle:]]]
    return np.concatenate(halves), made


def merged_sides(
    values: AnyArray, names: list[str], *, probabilities: bool
) -> tuple[AnyArray, list[str]]:
    """Join the left and the right part of each area, sorted by name.

    Parameters
    ----------
    values : (I, J, K) or (I, J, K, n) array
        Numbers, or a volume for each of them from 1.
    names : list of str
        By number, background first; " L" and " R" at the end tell the side.
    probabilities : bool
        Whether `values` are volumes.
    """
    plain = [_SIDE.sub("", name) for name in names]
    made = [names[0], *sorted(set(plain[1:]) - {names[0]})]
    place = np.array([made.index(name) for name in plain])
    if not probabilities:
        return place.astype(values.dtype)[values.astype(np.intp)], made
    # Whole percentages: float32 holds their sums, in half the memory.
    joined = np.zeros((*values.shape[:3], len(made) - 1), dtype=np.float32)
    for volume, at in enumerate(place[1:]):
        joined[..., at - 1] += values[..., volume]
    return joined, made


def _counts(values: AnyArray, n_names: int) -> NDArray[np.intp]:
    return np.bincount(values.ravel().astype(np.intp), minlength=n_names)
