"""What a fetcher of an atlas returns, read as an atlas."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from skerry.atlas.label_file import LabelNames, checked_names, names_of
from skerry.atlas.label_text import first_number, rows_of_frame
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.io.load import load_image
from skerry.io.volume import is_image

# What the item `template` says, by TemplateFlow's names; the rest is too vague to compare.
_SPACES = {
    "MNI152NLin6Asym": "MNI152NLin6Asym",
    "MNI152sym": "MNI152NLin2009aSym",
    "MNI152asym": "MNI152NLin2009aAsym",
    "MNIColin27": "MNIColin27",
    "Talairach": "Talairach",
}


_PARCEL = re.compile(r"(?:7|17)Networks_[LR]H_([A-Za-z]+)(?:_.*)?")
_YEO_NETWORKS = {
    "Vis": "Visual",
    "SomMot": "Somatomotor",
    "DorsAttn": "Dorsal attention",
    "SalVentAttn": "Salience and ventral attention",
    "Cont": "Control",
}


class BunchContent(NamedTuple):
    """An atlas as a fetcher gives it.

    Attributes
    ----------
    img : nibabel image
        Numbers or probabilities.
    names : LabelNames or None
    path : str or None
        The file of the image.
    space : str or None
    notes : tuple of str
    """

    img: Any
    names: LabelNames | None
    path: str | None
    space: str | None
    notes: tuple[str, ...]


def content_of_bunch(bunch: Mapping[str, Any]) -> BunchContent:
    """Read what a `fetch_atlas_...` of skerry or nilearn returned.

    Of maps of weights (MSDL, DiFuMo), which are no probabilities, each voxel
    gets the label of the highest.

    Raises
    ------
    ArgumentTypeError
        If it holds no image.
    ArgumentError
        If its maps have no names.
    """
    maps: Any = bunch.get("maps")
    labels = bunch.get("labels")
    if not (is_image(maps) or isinstance(maps, (str, os.PathLike))):
        raise ArgumentTypeError(
            "an atlas as a dictionary needs an image or a path under 'maps', "
            f"got {type(maps).__name__}"
        )
    file = bunch.get("filename") if is_image(maps) else maps
    path = os.fspath(file) if isinstance(file, (str, os.PathLike)) else None
    img = load_image(maps, name="atlas")
    notes: tuple[str, ...] = ()
    is_deterministic = bunch.get("atlas_type", "deterministic") == "deterministic"
    if not is_deterministic and labels is None:
        raise ArgumentError(
            f"the volumes of {path or 'this atlas'} are components or parcellations without names; "
            "give one volume as a label image, or names as labels="
        )
    if not is_deterministic and ("region_coords" in bunch or hasattr(labels, "itertuples")):
        img = _strongest(img)
        notes = ("its maps are weights, no probabilities: each voxel has the label of the highest",)
    said = path or "the atlas's table of labels"
    names: LabelNames | None
    if is_deterministic and bunch.get("lut") is not None:
        names = _with_networks(checked_names(rows_of_frame(bunch["lut"], said), said))
    else:
        names = _named(labels, bunch.get("networks"), said)
    space = _SPACES.get(str(bunch.get("template")))
    return BunchContent(img, names, path, space, notes)


def _with_networks(names: LabelNames) -> LabelNames:
    """Read the networks out of the names of Schaefer's parcels."""
    found = {number: _PARCEL.fullmatch(name) for number, name in names.names.items()}
    networks = {number: part[1] for number, part in found.items() if part}
    if names.networks or len(networks) < len(found):
        return names
    told = {number: _YEO_NETWORKS.get(part, part) for number, part in networks.items()}
    return replace(names, networks=told)


def _named(labels: Any, networks: Any, said: str) -> LabelNames | None:
    if labels is None:
        return None
    if hasattr(labels, "itertuples"):
        return checked_names(rows_of_frame(labels, said), said)
    if isinstance(labels, (str, os.PathLike, Mapping)):
        return names_of(labels)
    names = [str(label) for label in labels]
    known = isinstance(networks, list) and len(networks) == len(names)
    systems = [str(network) for network in networks] if known else [""] * len(names)
    first = first_number(names[0]) if names else 1
    rows = zip(range(first, first + len(names)), names, systems, strict=True)
    return checked_names(rows, said)


def _strongest(img: Any) -> Any:
    """Give the number of the volume with the highest weight; 0 where none is above 0."""
    import nibabel

    best = np.zeros(img.shape[:3], dtype=np.float32)
    number = np.zeros(img.shape[:3], dtype=np.int32)
    weights = np.asanyarray(img.dataobj)
    for volume in range(weights.shape[3] if weights.ndim == 4 else 0):
        higher = weights[..., volume] > best
        best[higher] = weights[..., volume][higher]
        number[higher] = volume + 1
    return nibabel.Nifti1Image(number, img.affine)
