"""Read atlases from files, or take an embedded one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from skerry.atlas.atlas import Atlas
from skerry.atlas.bunched import content_of_bunch
from skerry.atlas.cifti import is_dlabel, read_dlabel
from skerry.atlas.files import image_and_labels, labels_beside, space_of_name
from skerry.atlas.label_file import LabelNames, names_of
from skerry.atlas.label_values import checked_values, numbered
from skerry.atlas.named import EMBEDDED, fetch_named
from skerry.io.hashing import sha256_of
from skerry.io.load import load_image
from skerry.io.notice import notice
from skerry.io.paths import at_home, shown, stem_of
from skerry.space.grid import grid_of

if TYPE_CHECKING:
    import pandas as pd

    from skerry.typing import ImageLike, PathLike

__all__ = ["load_atlas"]


def load_atlas(
    image: ImageLike | Mapping[str, Any] | Atlas,
    labels: PathLike | Mapping[int, str] | Sequence[str] | pd.DataFrame | None = None,
    *,
    name: str | None = None,
    space: str | None = None,
    verbose: int = 1,
) -> Atlas:
    """Read an atlas.

    Parameters
    ----------
    image : str, path, nibabel image, Bunch or Atlas
        ``"schaefer200"`` (200 cortical parcels of 7 networks, embedded) or another
        name of `skerry.atlas.named`, such as ``"harvard_oxford"`` (fetched once); a
        label image (3-D; whole numbers, 0 outside) or probabilities (4-D, a volume
        per label; 0 to 1 or whole percentages); a CIFTI `.dlabel.nii`, whose volume
        part and names are read; ``"IMAGE:LABELS"``; or what a
        `fetch_atlas_...` of skerry or nilearn returns. An `Atlas` is returned as it is.
    labels : path, mapping of int to str, sequence of str or DataFrame, optional
        Names by number, or in their order (from 1; from 0 where the first one is
        `Background` or the like), or a table with `index` and `name`; for the files
        that are read see `read_label_names`.
        Without it the one file beside the image with its stem and one of the
        suffixes .tsv, .csv, .txt, .lut and .xml is taken, if there is just one.
        Names of labels that the image lacks are left out; labels without a
        name are called by their number, with a warning.
    name : str, optional
        What columns are called after; by default the file's stem.
    space : str, optional
        The template space; by default what a Bunch says, or the BIDS `space-`
        (or `tpl-`) entity of the file's name, else unknown.
    verbose : int
        0 says nothing of what is fetched.

    Returns
    -------
    Atlas

    Raises
    ------
    MissingFileError, ImageFileError
        If a file is not there or cannot be read.
    NetworkError
        If an atlas is not on disk and cannot be fetched.
    ArgumentError
        If the image is no atlas (fractions, negative numbers, no label at
        all), or names do not fit it.

    References
    ----------
    Schaefer et al. 2018, doi:10.1093/cercor/bhx179.
    """
    if isinstance(image, Atlas):
        return image
    if isinstance(image, str) and labels is None and image not in EMBEDDED:
        found = fetch_named(image, verbose=verbose)
        if found is not None:
            image, name = found.bunch, name or found.name
    if isinstance(image, Mapping):
        return _of_bunch(image, labels, name, space)
    known = EMBEDDED.get(image) if isinstance(image, str) and labels is None else None
    if known is not None:
        name, space = name or str(image), space or known[2]
        image, labels = known[:2]
    elif isinstance(image, str) and labels is None:
        image, labels = image_and_labels(image)
    if isinstance(image, (str, os.PathLike)):
        image = at_home(image)
    path = image if isinstance(image, str) else None
    said = "atlas" if path is None else shown(path)
    names: LabelNames | None
    if path is not None and is_dlabel(path):
        img, names, notes = read_dlabel(path)
    else:
        img, names, notes = load_image(image, name="atlas"), None, ()
        labels = labels_beside(path) if path is not None and labels is None else labels
    labels = at_home(labels) if isinstance(labels, (str, os.PathLike)) else labels
    names = names if labels is None else names_of(labels)
    read = [os.fspath(p) for p in (path, labels) if isinstance(p, (str, os.PathLike))]
    return _made(
        img,
        names,
        said,
        name or ("atlas" if path is None else stem_of(path).removesuffix(".dlabel")),
        space or (None if path is None else space_of_name(path)),
        # The place of the package on a machine is nobody's business.
        tuple((os.path.basename(f) if known else f, sha256_of(f)) for f in read),  # noqa: PTH119
        notes,
    )


def _of_bunch(bunch: Mapping[str, Any], labels: Any, name: str | None, space: str | None) -> Atlas:
    """Take an atlas from what a fetcher returned."""
    content = content_of_bunch(bunch)
    path = content.path
    said = "atlas" if path is None else shown(path)
    names = content.names if labels is None else names_of(labels)
    return _made(
        content.img,
        names,
        said,
        name or ("atlas" if path is None else stem_of(path)),
        space or content.space or (None if path is None else space_of_name(path)),
        () if path is None else ((path, sha256_of(path)),),
        content.notes,
    )


def _made(
    img: Any,
    names: LabelNames | None,
    said: str,
    name: str,
    space: str | None,
    files: tuple[tuple[str, str], ...],
    notes: tuple[str, ...] = (),
) -> Atlas:
    values, more_notes = checked_values(img, said)
    notes += more_notes
    numbers, used, unnamed = numbered(values, names, said)
    if unnamed:
        message = f"{unnamed} of {len(numbers)} labels of {said} have no name; numbers stand for it"
        notes += (message,)
        if names is not None:
            notice(message)
    networks = () if names is None else names.networks
    return Atlas(
        values,
        grid_of(img),
        numbers,
        tuple(used),
        name,
        space,
        tuple(networks.get(int(n), "") for n in numbers) if networks else (),
        files,
        notes,
    )
