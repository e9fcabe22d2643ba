"""Maps of components and modes: MSDL, DiFuMo, Smith and Allen."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from skerry.datasets.atlases.arguments import given_url, one_of
from skerry.datasets.atlases.download import Download
from skerry.datasets.atlases.facts import ALLEN, DIFUMO, MSDL, SMITH
from skerry.datasets.atlases.files import AtlasFiles
from skerry.datasets.atlases.returned import probabilistic
from skerry.errors import DamagedFileError, NetworkError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    import pandas as pd

    from skerry.datasets.bunch import Bunch
    from skerry.typing import PathLike

__all__ = [
    "fetch_atlas_allen_2011",
    "fetch_atlas_difumo",
    "fetch_atlas_msdl",
    "fetch_atlas_smith_2009",
]

# dimension: number of its file on osf.io
_DIFUMO_FILES = {64: "pqu9r", 128: "wjvd5", 256: "3vrct", 512: "9b76y", 1024: "34792"}
DIFUMO_DIMENSIONS = tuple(_DIFUMO_FILES)
# file, and number of its copy at nitrc.org
_SMITH_FILES = {
    "rsn20": ("rsn20.nii.gz", 7730),
    "rsn10": ("PNAS_Smith09_rsn10.nii.gz", 7729),
    "rsn70": ("rsn70.nii.gz", 7731),
    "bm20": ("bm20.nii.gz", 7726),
    "bm10": ("PNAS_Smith09_bm10.nii.gz", 7728),
    "bm70": ("bm70.nii.gz", 7727),
}
_ALLEN_NETWORKS = (
    ("Basal Ganglia", [21]),
    ("Auditory", [17]),
    ("Sensorimotor", [7, 23, 24, 38, 56, 29]),
    ("Visual", [46, 64, 67, 48, 39, 59]),
    ("Default-Mode", [50, 53, 25, 68]),
    ("Attentional", [34, 60, 52, 72, 71, 55]),
    ("Frontal", [42, 20, 47, 49]),
)


def fetch_atlas_msdl(
    data_dir: PathLike | None = None,
    url: str | None = None,
    resume: bool = True,
    verbose: int = 1,
) -> Bunch:
    """Fetch the MSDL atlas.

    Parameters
    ----------
    data_dir, url, resume, verbose
        See `skerry.datasets`; `url` names the archive.

    Returns
    -------
    Bunch
        `maps` (path, a volume per region), `labels`, `region_coords` (x, y, z of each,
        MNI mm), `networks`, `template`, `description`, `atlas_type`.

    Raises
    ------
    NetworkError
        If it is not on disk and cannot be fetched.

    References
    ----------
    Varoquaux et al. 2011, doi:10.1007/978-3-642-22092-0_46.
    """
    address = "https://team.inria.fr/parietal/files/2015/01/MSDL_rois.zip"
    names = ("MSDL_rois/msdl_rois_labels.csv", "MSDL_rois/msdl_rois.nii")
    download = Download.archive(names, given_url(url) or address)
    label_file, image = AtlasFiles.at(MSDL, data_dir, verbose).get(download)
    table = _table(label_file, ("x", "y", "z", "name", "net name"))
    return probabilistic(
        str(image),
        MSDL.description,
        labels=[str(name).strip() for name in table["name"]],
        region_coords=table[["x", "y", "z"]].to_numpy(dtype=float).tolist(),
        networks=[str(name).strip() for name in table["net name"]],
    )


def fetch_atlas_difumo(
    dimension: Literal[64, 128, 256, 512, 1024] = 64,
    resolution_mm: Literal[2, 3] = 2,
    data_dir: PathLike | None = None,
    resume: bool = True,
    verbose: int = 1,
) -> Bunch:
    """Fetch a DiFuMo atlas.

    Parameters
    ----------
    dimension : {64, 128, 256, 512, 1024}
        How many modes.
    resolution_mm : {2, 3}
        Size of a voxel, mm.
    data_dir, resume, verbose
        See `skerry.datasets`.

    Returns
    -------
    Bunch
        `maps` (path, a volume per mode), `labels` (a DataFrame: `component`,
        `difumo_names`, `yeo_networks7`, ...), `template`, `description`, `atlas_type`.

    Raises
    ------
    ArgumentError, NetworkError
        If there is no such atlas, or it cannot be fetched.

    References
    ----------
    Dadi et al. 2020, doi:10.1016/j.neuroimage.2020.117126.
    """
    dimension = one_of(dimension, DIFUMO_DIMENSIONS, "dimension")
    one_of(resolution_mm, (2, 3), "resolution_mm")
    table = f"{dimension}/labels_{dimension}_dictionary.csv"
    maps = {mm: f"{dimension}/{mm}mm/maps.nii.gz" for mm in (2, 3)}
    address = f"https://osf.io/{_DIFUMO_FILES[dimension]}/download"
    download = Download.archive((table, *maps.values()), address)
    files = AtlasFiles.at(DIFUMO, data_dir, verbose)
    label_file, image = files.get(download, table, maps[resolution_mm])
    with contextlib.suppress(NetworkError):  # worth having, and not needed
        files.get(Download.file("README.md", "https://osf.io/4k9bf/download"))
    labels = _table(label_file, ())
    labels = labels.rename(columns={name: str(name).lower() for name in labels.columns})
    return probabilistic(str(image), DIFUMO.description, "MNI152NLin6Asym", labels=labels)


def fetch_atlas_smith_2009(
    data_dir: PathLike | None = None,
    url: str | None = None,
    resume: bool = True,
    verbose: int = 1,
    mirror: Literal["origin", "nitrc"] = "origin",
    dimension: Literal[10, 20, 70] = 10,
    resting: bool = True,
) -> Bunch:
    """Fetch Smith's components of resting-state data or of BrainMap.

    Parameters
    ----------
    data_dir, url, resume, verbose
        See `skerry.datasets`; `url` names the folder of the files.
    mirror : {"origin", "nitrc"}
        Whom to ask.
    dimension : {10, 20, 70}
        How many components.
    resting : bool
        Of resting-state data, else of BrainMap.

    Returns
    -------
    Bunch
        `maps` (path, a z map per component), `template`, `description`, `atlas_type`.

    Raises
    ------
    ArgumentError, NetworkError
        If there are no such components, or they cannot be fetched.

    References
    ----------
    Smith et al. 2009, doi:10.1073/pnas.0905267106.
    """
    one_of(mirror, ("origin", "nitrc"), "mirror")
    dimension = one_of(dimension, (10, 20, 70), "dimension")
    name, number = _SMITH_FILES[f"{'rsn' if resting else 'bm'}{dimension}"]
    folder = {
        "origin": "https://www.fmrib.ox.ac.uk/datasets/brainmap+rsns/",
        "nitrc": f"https://www.nitrc.org/frs/download.php/{number}/",
    }[mirror]
    download = Download.file(name, (given_url(url) or folder) + name)
    (image,) = AtlasFiles.at(SMITH, data_dir, verbose).get(download)
    return probabilistic(str(image), SMITH.description)


def fetch_atlas_allen_2011(
    data_dir: PathLike | None = None,
    url: str | None = None,
    resume: bool = True,
    verbose: int = 1,
) -> Bunch:
    """Fetch Allen's components of resting-state data.

    Parameters
    ----------
    data_dir, url, resume, verbose
        See `skerry.datasets`; `url` names the archive.

    Returns
    -------
    Bunch
        `maps` (path, 75 t maps), `rsn28` (path, the 28 networks), `comps` (path),
        `networks`, `rsn_indices` (networks and their numbers among the 75),
        `template`, `description`, `atlas_type`.

    Raises
    ------
    NetworkError
        If it is not on disk and cannot be fetched.

    References
    ----------
    Allen et al. 2011, doi:10.3389/fnsys.2011.00002.
    """
    names = (
        "allen_rsn_2011/ALL_HC_unthresholded_tmaps.nii.gz",
        "allen_rsn_2011/RSN_HC_unthresholded_tmaps.nii.gz",
        "allen_rsn_2011/rest_hcp_agg__component_ica_.nii.gz",
    )
    download = Download.archive(names, given_url(url) or "https://osf.io/hrcku/download")
    maps, rsn28, comps = AtlasFiles.at(ALLEN, data_dir, verbose).get(download)
    return probabilistic(
        str(maps),
        ALLEN.description,
        "MNI152",
        rsn28=str(rsn28),
        comps=str(comps),
        networks=[[name] * len(numbers) for name, numbers in _ALLEN_NETWORKS],
        rsn_indices=[(name, list(numbers)) for name, numbers in _ALLEN_NETWORKS],
    )


def _table(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    try:
        table = pd.read_csv(path)
        if missing := [name for name in columns if name not in table.columns]:
            raise ValueError(f"it has no column {missing[0]!r}")
    except ValueError as error:  # pandas' own errors are ValueErrors
        raise DamagedFileError(f"{path} is not a table of labels: {error}") from error
    return table
