"""What lies beneath the map on a page: the template, the user's own image, or no anatomy."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skerry.errors import ArgumentError
from skerry.report.record import file_name

if TYPE_CHECKING:
    from skerry.atlas.mni import InMni

TEMPLATE_NAME = "MNI152"
_TEMPLATE_RESOLUTION_MM = 2


@dataclass(frozen=True, slots=True)
class Background:
    """An image beneath a map, and why it is there.

    Attributes
    ----------
    img : nibabel image or None
        3-D, finite, in memory. Without one the page shows the map's own values in
        grey.
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


def choose_background(background: Any, space: InMni) -> Background:
    """Read a background, or choose one.

    Parameters
    ----------
    background : path, nibabel image, "MNI152", None or False
        None takes the MNI152 template if the map is in MNI space, else no
        anatomy; False and `"none"` take none.
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
    named = background if isinstance(background, str) else None
    if background is False or named == "none":
        return _own_values("no anatomy was asked for")
    if background is None and space.answer:
        note = f"the MNI152 template lies beneath the map, which is in MNI space: {space.because}"
        return _template(note)
    if background is None:
        where = "is not in MNI space" if space.answer is False else "may not be in MNI space"
        return _own_values(f"the map {where} ({space.because}), so that no template fits it")
    if named == TEMPLATE_NAME:
        where = "" if space.answer else f", though the map may not be in MNI space: {space.because}"
        return _template(f"the MNI152 template lies beneath the map, as asked for{where}")
    return _of_user(background)


def _template(note: str) -> Background:
    from skerry.datasets import load_mni152_template

    template = load_mni152_template(resolution=_TEMPLATE_RESOLUTION_MM)
    return Background(template, "MNI152 template", note, is_template=True)


def _own_values(why: str) -> Background:
    """Leave it to the page, which shows the map's own values in grey."""
    return Background(None, None, f"{why}: beneath it are its own values, in grey")


def _of_user(background: Any) -> Background:
    from skerry.plotting.inputs.drawable import drawable_image

    try:
        image = drawable_image(background, name="background")
    except MemoryError as error:
        raise ArgumentError("the background does not fit memory; give a smaller one") from error
    is_file = isinstance(background, (str, os.PathLike))
    name = file_name(background) if is_file else "an image in memory"
    return Background(image, name, f"the background is {name}, as given")
