"""The Harvard-Oxford and Juelich atlases, as FSL distributes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.datasets._atlas_arguments import one_of
from skerry.datasets._atlas_bunch import deterministic, look_up_table, probabilistic
from skerry.datasets._atlas_files import AtlasFiles
from skerry.datasets._atlas_fsl import (
    like,
    merged_sides,
    names_of_xml,
    split_at_midline,
    towards_ras,
)
from skerry.datasets._atlas_source import Download, Source
from skerry.errors import ArgumentError, DamagedFileError
from skerry.io.load import load_image

if TYPE_CHECKING:
    from pathlib import Path

    from skerry.datasets.bunch import Bunch
    from skerry.typing import PathLike

__all__ = ["fetch_atlas_harvard_oxford", "fetch_atlas_juelich"]

_FSL = "FSL's, for non-commercial use only (https://fsl.fmrib.ox.ac.uk/fsl/docs/#/license)"
HARVARD_OXFORD = Source(
    "fsl",
    "Harvard-Oxford atlas",
    "48 cortical and 21 subcortical structures: probabilities over 37 brains, and the most "
    "probable structure of each voxel, in FSL's MNI152 space at 1 and 2 mm.",
    _FSL,
    "Makris et al. 2006, doi:10.1016/j.schres.2005.11.020; Frazier et al. 2005, "
    "doi:10.1176/appi.ajp.162.7.1256; Desikan et al. 2006, doi:10.1016/j.neuroimage.2006.01.021; "
    "Goldstein et al. 2007, doi:10.1016/j.biopsych.2006.06.027",
)
JUELICH = Source(
    "fsl",
    "Juelich atlas",
    "62 cytoarchitectonic areas: probabilities over ten brains, and the most probable area of "
    "each voxel, in FSL's MNI152 space at 1 and 2 mm.",
    _FSL,
    "Eickhoff et al. 2005, doi:10.1016/j.neuroimage.2004.12.034; Amunts et al. 2020, "
    "doi:10.1126/science.abb4588",
)
_ROOT = "data/atlases"
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
    data_dir : path, optional
        Folder of data sets, or the folder above an FSL installation's `fsl`; by
        default `SKERRY_DATA`, else skerry's and nilearn's folders.
    symmetric_split : bool
        Cut structures that lie on both sides into left and right; not for `prob`.
    resume : bool
        Not used; a download that was cut starts again.
    verbose : int
        0 writes nothing; above, standard error says what is fetched, and once
        on what terms.

    Returns
    -------
    Bunch
        `maps` (nibabel image, axes towards RAS+; 3-D numbers or 4-D percentages),
        `labels` (the background first), `lut` (of numbers only), `filename`,
        `template`, `description`, `atlas_type`.

    Raises
    ------
    ArgumentError
        If there is no such atlas.
    NetworkError
        If it is not on disk and cannot be fetched.

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
    images = {
        name: f"{_ROOT}/HarvardOxford/HarvardOxford-{name}.nii.gz" for name in HARVARD_OXFORD_NAMES
    }
    labels = {name: f"{_ROOT}/HarvardOxford-{kind}.xml" for name, kind in _LABELS.items()}
    download = Download(
        ("https://www.nitrc.org/frs/download.php/9902/HarvardOxford.tgz",),
        (*images.values(), *labels.values()),
    )
    files = AtlasFiles.at(HARVARD_OXFORD, data_dir, verbose)
    image, label_file = files.get(download, images[atlas_name], labels[part])
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
    data_dir : path, optional
        Folder of data sets, or the folder above an FSL installation's `fsl`; by
        default `SKERRY_DATA`, else skerry's and nilearn's folders.
    symmetric_split : bool
        Keep left and right apart, and cut areas that lie on both sides; not for
        `prob`. Otherwise left and right of an area are one.
    resume : bool
        Not used; a download that was cut starts again.
    verbose : int
        0 writes nothing; above, standard error says what is fetched, and once
        on what terms.

    Returns
    -------
    Bunch
        As `fetch_atlas_harvard_oxford` gives it; the template is not stated.

    Raises
    ------
    ArgumentError
        If there is no such atlas.
    NetworkError
        If it is not on disk and cannot be fetched.

    References
    ----------
    Eickhoff et al. 2005, doi:10.1016/j.neuroimage.2004.12.034. Amunts et al.
    2020, doi:10.1126/science.abb4588.
    """
    one_of(atlas_name, JUELICH_NAMES, "atlas_name")
    is_probability = _checked_split(atlas_name, symmetric_split)
    images = {name: f"{_ROOT}/Juelich/Juelich-{name}.nii.gz" for name in JUELICH_NAMES}
    download = Download(
        ("https://www.nitrc.org/frs/download.php/12096/Juelich.tgz",),
        (*images.values(), f"{_ROOT}/Juelich.xml"),
    )
    files = AtlasFiles.at(JUELICH, data_dir, verbose)
    image, label_file = files.get(download, images[atlas_name], f"{_ROOT}/Juelich.xml")
    names = names_of_xml(label_file)
    img = towards_ras(load_image(image))
    if symmetric_split:
        values, names = split_at_midline(_numbers(img, names, image), names)
    else:
        numbers = np.asanyarray(img.dataobj) if is_probability else _numbers(img, names, image)
        values, names = merged_sides(numbers, names, probabilities=is_probability)
    return _answer(like(img, values), names, image, JUELICH, None, is_probability)


def _checked_split(atlas_name: str, symmetric_split: bool) -> bool:
    """Tell whether an atlas holds probabilities, which cannot be split."""
    is_probability = "maxprob" not in atlas_name
    if is_probability and symmetric_split:
        raise ArgumentError("Region splitting is for maxprob atlases; take symmetric_split=False")
    return is_probability


def _mended(name: str) -> str:
    """Spell as the anatomists do; the names then are the ones that nilearn gives."""
    return name.replace("Ventrical", "Ventricle").replace("Operculum", "Opercular")


def _numbers(img: Any, names: list[str], path: Path) -> Any:
    values = np.asanyarray(img.dataobj)
    if values.ndim != 3 or values.min() < 0 or values.max() >= len(names):
        raise DamagedFileError(f"{path} does not hold the numbers 0 to {len(names) - 1}")
    return values


def _answer(
    img: Any, names: list[str], image: Path, source: Source, template: str | None, is_prob: bool
) -> Bunch:
    more = {"filename": str(image)}
    if is_prob:
        return probabilistic(img, source.description, template, labels=names, **more)
    return deterministic(img, look_up_table(names), source.description, template, **more)
