"""The Harvard-Oxford and Juelich atlases, as FSL distributes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.datasets.atlases.arguments import one_of
from skerry.datasets.atlases.download import Download
from skerry.datasets.atlases.facts import HARVARD_OXFORD, JUELICH
from skerry.datasets.atlases.files import AtlasFiles
from skerry.datasets.atlases.fsl_sides import (
    like,
    merged_sides,
    names_of_xml,
    split_at_midline,
    towards_ras,
)
from skerry.datasets.atlases.returned import deterministic, look_up_table, probabilistic
from skerry.errors import ArgumentError, DamagedFileError
from skerry.io.load import load_image

if TYPE_CHECKING:
    from pathlib import Path

    from skerry.datasets.atlases.facts import Source
    from skerry.datasets.bunch import Bunch
    from skerry.typing import AnyArray, PathLike

__all__ = ["fetch_atlas_harvard_oxford", "fetch_atlas_juelich"]

_ROOT = "data/atlases/"  # as in an FSL installation
_MAXIMUM = tuple(f"maxprob-thr{level}-{mm}mm" for level in (0, 25, 50) for mm in (1, 2))
_PROBABILITY = ("prob-1mm", "prob-2mm")
JUELICH_NAMES = (*_MAXIMUM, *_PROBABILITY)
HARVARD_OXFORD_NAMES = tuple(
    f"{part}-{name}" for part in ("cort", "cortl", "sub") for name in (*_MAXIMUM, *_PROBABILITY)
)
_LABELS = {"cort": "Cortical", "cortl": "Cortical-Lateralized", "sub": "Subcortical"}


def fetch_atlas_harvard_oxford(
    atlas_name: str,
    data_dir: PathLike | None = None,
    symmetric_split: bool = False,
    resume: bool = True,
    verbose: int = 1,
) -> Bunch:
    """Fetch one of the Harvard-Oxford atlases of FSL.

    Parameters
    ----------
    atlas_name : str
        `cort-`, `cortl-` (left and right told apart) or `sub-`; then
        `maxprob-thr0-`, `maxprob-thr25-`, `maxprob-thr50-` or `prob-`; then `1mm` or
        `2mm`: for example ``"cort-maxprob-thr25-2mm"``.
    symmetric_split : bool
        Cut structures that lie on both sides into left and right; not for `prob`.
    data_dir, resume, verbose
        See `skerry.datasets`; `data_dir` may also be the folder above an FSL
        installation's `fsl`.

    Returns
    -------
    Bunch
        `maps` (nibabel image, axes towards RAS+; 3-D numbers or 4-D percentages),
        `labels` (the background first), `lut` (of numbers only), `filename`,
        `template`, `description`, `atlas_type`.

    Raises
    ------
    ArgumentError, NetworkError
        If there is no such atlas, or it cannot be fetched.

    References
    ----------
    Makris et al. 2006, doi:10.1016/j.schres.2005.11.020. Desikan et al. 2006,
    doi:10.1016/j.neuroimage.2006.01.021.
    """
    one_of(atlas_name, HARVARD_OXFORD_NAMES, "atlas_name")
    is_probability = _checked_split(atlas_name, symmetric_split)
    if symmetric_split:
        atlas_name = atlas_name.replace("cort-max", "cortl-max")
    part = atlas_name.partition("-")[0]
    images = {name: f"HarvardOxford/HarvardOxford-{name}.nii.gz" for name in HARVARD_OXFORD_NAMES}
    labels = {name: f"HarvardOxford-{kind}.xml" for name, kind in _LABELS.items()}
    download = _archive("9902/HarvardOxford.tgz", *images.values(), *labels.values())
    files = AtlasFiles.at(HARVARD_OXFORD, data_dir, verbose)
    image, label_file = files.get(download, _ROOT + images[atlas_name], _ROOT + labels[part])
    names = [_mended(name) for name in names_of_xml(label_file)]
    img = towards_ras(load_image(image))
    if symmetric_split and part != "cortl":
        values, names = split_at_midline(_numbers(img, names, image), names)
        img = like(img, values)
    return _answer(img, names, image, HARVARD_OXFORD, "MNI152NLin6Asym", is_probability)


def fetch_atlas_juelich(
    atlas_name: str,
    data_dir: PathLike | None = None,
    symmetric_split: bool = False,
    resume: bool = True,
    verbose: int = 1,
) -> Bunch:
    """Fetch one of the Juelich atlases of FSL.

    Parameters
    ----------
    atlas_name : str
        `maxprob-thr0-`, `maxprob-thr25-`, `maxprob-thr50-` or `prob-`, then `1mm` or
        `2mm`: for example ``"maxprob-thr25-2mm"``.
    symmetric_split : bool
        Keep left and right apart, and cut areas that lie on both sides; not for
        `prob`. Otherwise left and right of an area are one.
    data_dir, resume, verbose
        As for `fetch_atlas_harvard_oxford`.

    Returns
    -------
    Bunch
        As `fetch_atlas_harvard_oxford` gives it; the template is not stated.

    Raises
    ------
    ArgumentError, NetworkError
        If there is no such atlas, or it cannot be fetched.

    References
    ----------
    Eickhoff et al. 2005, doi:10.1016/j.neuroimage.2004.12.034. Amunts et al.
    2020, doi:10.1126/science.abb4588.
    """
    one_of(atlas_name, JUELICH_NAMES, "atlas_name")
    is_probability = _checked_split(atlas_name, symmetric_split)
    images = {name: f"Juelich/Juelich-{name}.nii.gz" for name in JUELICH_NAMES}
    download = _archive("12096/Juelich.tgz", *images.values(), "Juelich.xml")
    files = AtlasFiles.at(JUELICH, data_dir, verbose)
    image, label_file = files.get(download, _ROOT + images[atlas_name], _ROOT + "Juelich.xml")
    names = names_of_xml(label_file)
    img = towards_ras(load_image(image))
    values = (_volumes if is_probability else _numbers)(img, names, image)
    if symmetric_split:
        values, names = split_at_midline(values, names)
    else:
        values, names = merged_sides(values, names, probabilities=is_probability)
    return _answer(like(img, values), names, image, JUELICH, None, is_probability)


def _archive(at_nitrc: str, *names: str) -> Download:
    url = f"https://www.nitrc.org/frs/download.php/{at_nitrc}"
    return Download.archive((_ROOT + name for name in names), url)


def _checked_split(atlas_name: str, symmetric_split: bool) -> bool:
    """Tell whether an atlas holds probabilities, which cannot be split."""
    is_probability = "maxprob" not in atlas_name
    if is_probability and symmetric_split:
        raise ArgumentError("Region splitting is for maxprob atlases; take symmetric_split=False")
    return is_probability


def _mended(name: str) -> str:
    """Spell as the anatomists do; the names then are the ones that nilearn gives."""
    return name.replace("Ventrical", "Ventricle").replace("Operculum", "Opercular")


def _numbers(img: Any, names: list[str], path: Path) -> AnyArray:
    values: AnyArray = np.asanyarray(img.dataobj)
    is_good = values.ndim == 3 and values.min() >= 0 and values.max() < len(names)
    if not (is_good and (values.dtype.kind in "iu" or (values == np.rint(values)).all())):
        raise DamagedFileError(f"{path} does not hold the numbers 0 to {len(names) - 1}")
    return values


def _volumes(img: Any, names: list[str], path: Path) -> AnyArray:
    values: AnyArray = np.asanyarray(img.dataobj)
    if values.ndim != 4 or values.shape[3] < len(names) - 1:
        raise DamagedFileError(f"{path} does not hold {len(names) - 1} volumes, one for each name")
    return values


def _answer(
    img: Any, names: list[str], image: Path, source: Source, template: str | None, is_prob: bool
) -> Bunch:
    more = {"filename": str(image)}
    if is_prob:
        return probabilistic(img, source.description, template, labels=names, **more)
    return deterministic(img, look_up_table(names), source.description, template, **more)
