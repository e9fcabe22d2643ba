"""Anatomical label images: Destrieux, AAL, and the subcortex of Pauli."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.datasets.atlases.arguments import given_url, one_of
from skerry.datasets.atlases.download import Download
from skerry.datasets.atlases.facts import DESTRIEUX, PAULI, aal
from skerry.datasets.atlases.files import AtlasFiles
from skerry.datasets.atlases.returned import (
    BACKGROUND,
    deterministic,
    look_up_table,
    probabilistic,
)
from skerry.errors import DamagedFileError
from skerry.io.label_elements import label_elements
from skerry.io.text import read_text

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from skerry.datasets.bunch import Bunch
    from skerry.typing import PathLike

__all__ = ["fetch_atlas_aal", "fetch_atlas_destrieux_2009", "fetch_atlas_pauli_2017"]

_GIN = "https://www.gin.cnrs.fr/"
# version: address, its copy, image and labels
_AAL = {
    "3v2": (f"{_GIN}wp-content/uploads/AAL3v2_for_SPM12.tar.gz", "6jngh",
            "AAL3/AAL3v1.nii", "AAL3/AAL3v1.xml"),
    "SPM12": (f"{_GIN}AAL_files/aal_for_SPM12.tar.gz", "s94qg",
              "aal/atlas/AAL.nii", "aal/atlas/AAL.xml"),
    "SPM8": (f"{_GIN}wp-content/uploads/aal_for_SPM8.zip", "rkpeh",
             "aal_for_SPM8/ROI_MNI_V4.nii", "aal_for_SPM8/ROI_MNI_V4.txt"),
    "SPM5": (f"{_GIN}wp-content/uploads/aal_for_SPM5.zip", "948y2",
             "aal_for_SPM5/ROI_MNI_V4.nii", "aal_for_SPM5/ROI_MNI_V4.txt"),
}  # fmt: skip
AAL_VERSIONS = tuple(_AAL)


def fetch_atlas_destrieux_2009(
    lateralized: bool = True,
    data_dir: PathLike | None = None,
    url: str | None = None,
    resume: bool = True,
    verbose: int = 1,
) -> Bunch:
    """Fetch the Destrieux atlas of the cortex (2009).

    Parameters
    ----------
    lateralized : bool
        Tell left and right apart.
    data_dir, url, resume, verbose
        See `skerry.datasets`; `url` names the folder of `destrieux2009.tgz`.

    Returns
    -------
    Bunch
        `maps` (path), `labels`, `lut`, `template`, `description`, `atlas_type`.

    Raises
    ------
    NetworkError
        If it is not on disk and cannot be fetched.

    References
    ----------
    Destrieux et al. 2010, doi:10.1016/j.neuroimage.2010.06.010.
    """
    import pandas as pd

    folder = given_url(url) or "https://www.nitrc.org/frs/download.php/11942/"
    about = "destrieux2009.rst"
    parts = {
        with_sides: (f"destrieux2009_rois_labels{end}.csv", f"destrieux2009_rois{end}.nii.gz")
        for with_sides, end in ((True, "_lateralized"), (False, ""))
    }
    download = Download.archive((*parts[True], *parts[False], about), f"{folder}destrieux2009.tgz")
    label_file, image, text = AtlasFiles.at(DESTRIEUX, data_dir, verbose).get(
        download, *parts[bool(lateralized)], about
    )
    try:
        lut = pd.read_csv(label_file)
        lut = lut.assign(index=lut["index"].astype(int), name=lut["name"].astype(str))
    except (KeyError, ValueError) as error:
        raise DamagedFileError(f"{label_file} is not a table of index and name") from error
    return deterministic(str(image), lut, read_text(text), "fsaverage")


def fetch_atlas_aal(
    version: Literal["3v2", "SPM12", "SPM5", "SPM8"] = "3v2",
    data_dir: PathLike | None = None,
    url: str | None = None,
    resume: bool = True,
    verbose: int = 1,
) -> Bunch:
    """Fetch the AAL atlas.

    Parameters
    ----------
    version : {"3v2", "SPM12", "SPM8", "SPM5"}
        AAL3, or the AAL made for one of these SPMs.
    data_dir, url, resume, verbose
        See `skerry.datasets`; `url` names the archive.

    Returns
    -------
    Bunch
        `maps` (path), `labels`, `indices` (the number of each label, as text), `lut`,
        `template`, `description`, `atlas_type`.

    Raises
    ------
    ArgumentError, NetworkError
        If there is no such version, or it cannot be fetched.

    References
    ----------
    Tzourio-Mazoyer et al. 2002, doi:10.1006/nimg.2001.0978. Rolls et al. 2020,
    doi:10.1016/j.neuroimage.2019.116189.
    """
    one_of(version, AAL_VERSIONS, "version")
    address, copy, *names = _AAL[version]
    given = given_url(url)
    urls = (given,) if given else (address, f"https://osf.io/{copy}/download")
    source = aal(version)
    files = AtlasFiles.at(source, data_dir, verbose)
    image, label_file = files.get(Download.archive(names, *urls))
    numbered = [("0", BACKGROUND), *_aal_labels(label_file)]
    lut = look_up_table([name for _, name in numbered], [int(number) for number, _ in numbered])
    return deterministic(
        str(image),
        lut,
        source.description,
        "MNIColin27",
        indices=[number for number, _ in numbered],
    )


def _aal_labels(path: Path) -> list[tuple[str, str]]:
    """Read number and name of each label."""
    text = read_text(path)
    if path.suffix == ".xml":
        _, found = label_elements(text, str(path))
        rows = [(label.get("index", ""), label.get("name", "")) for label in found]
        rows = [row for row in rows if all(row)]
    else:
        cells = [line.strip().split("\t") for line in text.splitlines() if line.strip()]
        rows = [(row[2], row[1]) for row in cells if len(row) == 3]
        rows = rows if len(rows) == len(cells) else []
    rows = [(number.strip(), name.strip()) for number, name in rows]
    if not rows or not all(number.isdecimal() and len(number) < 10 for number, _ in rows):
        raise DamagedFileError(f"{path} does not hold names and numbers of labels")
    return rows


def fetch_atlas_pauli_2017(
    atlas_type: Literal["probabilistic", "deterministic"] = "probabilistic",
    data_dir: PathLike | None = None,
    verbose: int = 1,
) -> Bunch:
    """Fetch Pauli's atlas of 16 subcortical nuclei.

    Parameters
    ----------
    atlas_type : {"probabilistic", "deterministic"}
        A probability for each nucleus, or the most probable one.
    data_dir, verbose
        See `skerry.datasets`.

    Returns
    -------
    Bunch
        `maps` (path), `labels`, `lut` (of numbers only), `template`, `description`,
        `atlas_type`.

    Raises
    ------
    ArgumentError, NetworkError
        If there is no such type, or it cannot be fetched.

    References
    ----------
    Pauli et al. 2018, doi:10.1038/sdata.2018.63.
    """
    one_of(atlas_type, ("probabilistic", "deterministic"), "atlas_type")
    is_probability = atlas_type == "probabilistic"
    name, number = ("prob", "w8zq2") if is_probability else ("det", "5mqfx")
    files = AtlasFiles.at(PAULI, data_dir, verbose)
    image, label_file = (
        files.get(Download.file(what, f"https://osf.io/{where}/download"))[0]
        for where, what in ((number, f"pauli_2017_{name}.nii.gz"), ("6qrcb", "labels.txt"))
    )
    try:
        labels = np.loadtxt(read_text(label_file).splitlines(), dtype=str, ndmin=2)[:, 1].tolist()
    except (IndexError, ValueError) as error:
        raise DamagedFileError(f"{label_file} does not hold numbers and names") from error
    if is_probability:
        return probabilistic(str(image), PAULI.description, labels=labels)
    return deterministic(str(image), look_up_table([BACKGROUND, *labels]), PAULI.description, None)
