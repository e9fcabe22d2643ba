"""What lies beneath the map on a page: the template, the user's own image, the map, or nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError
from skerry.report.record import file_name

if TYPE_CHECKING:
    from skerry.atlas.mni import InMni
    from skerry.space.statmap import StatMap

TEMPLATE_NAME = "MNI152"
_TEMPLATE_RESOLUTION_MM = 2


@dataclass(frozen=True, slots=True)
class Background:
    """An image beneath a map, and why it is there.

    Attributes
    ----------
    img : nibabel image or None
        3-D, finite, in memory.
    name : str or None
        What it is called on the page.
    note : str
        Why it was taken.
    is_template : bool
        Whether it is the MNI152 template.
    """

    img: Any
    name: str | None
    note: str
    is_template: bool = False


def choose_background(background: Any, statmap: StatMap, space: InMni) -> Background:
    """Read a background, or choose one.

    Parameters
    ----------
    background : path, nibabel image, "MNI152", None or False
        None takes the MNI152 template if the map is in MNI space, else the
        map's own values; False and `"none"` take nothing.
    statmap : StatMap
    space : InMni
        Whether the map is in MNI space.

    Returns
    -------
    Background

    Raises
    ------
    ArgumentTypeError, ImageFileError
        If it is no image with three axes, or cannot be read.
    """
    if background is False or background == "none":
        return Background(None, None, "no background was asked for")
    if background is None and space.answer:
        note = f"the MNI152 template lies beneath the map, which is in MNI space: {space.because}"
        return _template(note)
    if background is None:
        return _own_values(statmap, space)
    if isinstance(background, str) and background == TEMPLATE_NAME:
        where = "" if space.answer else f", though the map may not be in MNI space: {space.because}"
        return _template(f"the MNI152 template lies beneath the map, as asked for{where}")
    return _of_user(background)


def _template(note: str) -> Background:
    from skerry.datasets import load_mni152_template

    template = load_mni152_template(resolution=_TEMPLATE_RESOLUTION_MM)
    return Background(template, "MNI152 template", note, is_template=True)


def _own_values(statmap: StatMap, space: InMni) -> Background:
    """Take the map itself: a template beneath a map of another space would mislead."""
    import nibabel

    why = space.because
    known = "is not in MNI space" if space.answer is False else "may not be in MNI space"
    note = f"the map's own values are its background: it {known} ({why})"
    finite = np.where(np.isfinite(statmap.values), statmap.values, 0).astype(np.float32)
    return Background(nibabel.Nifti1Image(finite, statmap.grid.affine), "the map itself", note)


def _of_user(background: Any) -> Background:
    from skerry.plotting.draw import drawable_image

    try:
        image = drawable_image(background, name="background")
    except MemoryError as error:
        raise ArgumentError("the background does not fit memory; give a smaller one") from error
    is_file = isinstance(background, (str, os.PathLike))
    name = file_name(background) if is_file else "an image in memory"
    return Background(image, name, f"the background is {name}, as given")
