"""Where files are, whatever folder the one who reads them is in."""

from __future__ import annotations

import os

__all__ = ["absolute", "placed_atlas"]


def absolute(path: str, folder: str) -> str:
    """Give the absolute path of a file that is named relative to a folder.

    A link is left as it is: its name says what the file is. `~` is the home of
    the one who runs this.

    Parameters
    ----------
    path : str
    folder : str
        Absolute.
    """
    full = os.path.join(folder, path)  # noqa: PTH118
    if path.startswith("~") and not os.path.lexists(full):
        full = os.path.expanduser(path)  # noqa: PTH111
    plain = os.path.normpath(full)
    if ".." not in full:
        return plain
    # After a link to a folder, `..` is the folder that holds the link's target.
    inside = os.path.realpath(os.path.dirname(full))  # noqa: PTH120
    if inside == os.path.realpath(os.path.dirname(plain)):  # noqa: PTH120
        return plain
    return os.path.join(inside, os.path.basename(full))  # noqa: PTH118, PTH119


def placed_atlas(spec: str, folder: str) -> str:
    """Give the absolute form of an atlas: a known name, IMAGE or IMAGE:LABELS.

    Where names of the labels lie beside an image, they become part of it: when
    they come, go or change, it is another atlas.

    Raises
    ------
    ArgumentError
        If several files beside an image may name its labels.
    """
    from skerry.atlas.files import labels_beside
    from skerry.atlas.named import EMBEDDED, FETCHED

    if spec in EMBEDDED or spec.partition(":")[0] in FETCHED:
        return spec
    whole = absolute(spec, folder)
    if os.path.isfile(whole):  # noqa: PTH113
        labels = labels_beside(whole)
        return whole if labels is None else f"{whole}:{labels}"
    for colon in reversed([at for at, character in enumerate(spec) if character == ":"]):
        image = absolute(spec[:colon], folder)
        if os.path.isfile(image):  # noqa: PTH113
            return f"{image}:{absolute(spec[colon + 1 :], folder)}"
    return whole
