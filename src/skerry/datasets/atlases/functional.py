"""Functional parcellations: Schaefer, Yeo, BASC and Craddock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skerry.datasets.atlases.arguments import given_url, one_of
from skerry.datasets.atlases.download import Download
from skerry.datasets.atlases.facts import BASC, CRADDOCK, SCHAEFER, YEO
from skerry.datasets.atlases.files import AtlasFiles
from skerry.datasets.atlases.returned import (
    BACKGROUND,
    deterministic,
    freesurfer_table,
    look_up_table,
    probabilistic,
)

if TYPE_CHECKING:
    from typing import Literal

    from skerry.datasets.bunch import Bunch
    from skerry.typing import PathLike

__all__ = [
    "fetch_atlas_basc_multiscale_2015",
    "fetch_atlas_craddock_2012",
    "fetch_atlas_schaefer_2018",
    "fetch_atlas_yeo_2011",
]

SCHAEFER_N_ROIS = tuple(range(100, 1001, 100))
BASC_RESOLUTIONS = (7, 12, 20, 36, 64, 122, 197, 325, 444)
_SCHAEFER_URL = (
    "https://raw.githubusercontent.com/ThomasYeoLab/CBIG/"
    "v0.14.3-Update_Yeo2011_Schaefer2018_labelname/stable_projects/brain_parcellation/"
    "Schaefer2018_LocalGlobal/Parcellations/MNI/"
)


def fetch_atlas_schaefer_2018(
    n_rois: Literal[100, 200, 300, 400, 500, 600, 700, 800, 900, 1000] = 400,
    yeo_networks: Literal[7, 17] = 7,
    resolution_mm: Literal[1, 2] = 1,
    data_dir: PathLike | None = None,
    base_url: str | None = None,
    resume: bool = True,
    verbose: int = 1,
) -> Bunch:
    """Fetch a Schaefer parcellation of the cortex.

    200 parcels at 2 mm need no network: `skerry.atlas.load_atlas("schaefer200")`.

    Parameters
    ----------
    n_rois : {100, 200, ..., 1000}
        How many parcels.
    yeo_networks : {7, 17}
        Whose networks the names begin with.
    resolution_mm : {1, 2}
        Size of a voxel, mm.
    data_dir, base_url, resume, verbose
        See `skerry.datasets`; `base_url` names the folder of the files.

    Returns
    -------
    Bunch
        `maps` (path), `labels`, `lut` (with `color`), `template`, `description`,
        `atlas_type`.

    Raises
    ------
    ArgumentError, NetworkError
        If there is no such parcellation, or it cannot be fetched.

    References
    ----------
    Schaefer et al. 2018, doi:10.1093/cercor/bhx179.
    """
    n_rois = one_of(n_rois, SCHAEFER_N_ROIS, "n_rois")
    yeo_networks = one_of(yeo_networks, (7, 17), "yeo_networks")
    resolution_mm = one_of(resolution_mm, (1, 2), "resolution_mm")
    stem = f"Schaefer2018_{n_rois}Parcels_{yeo_networks}Networks_order"
    base = given_url(base_url, "base_url") or _SCHAEFER_URL
    files = AtlasFiles.at(SCHAEFER, data_dir, verbose)
    label_file, image = (
        files.get(Download.file(name, f"{base}{name}"))[0]
        for name in (f"{stem}.txt", f"{stem}_FSLMNI152_{resolution_mm}mm.nii.gz")
    )
    lut = freesurfer_table(label_file, separator="\t", header=None)
    return deterministic(str(image), lut, SCHAEFER.description, "MNI152NLin6Asym")


def fetch_atlas_yeo_2011(
    data_dir: PathLike | None = None,
    url: str | None = None,
    resume: bool = True,
    verbose: int = 1,
    n_networks: Literal[7, 17] = 7,
    thickness: Literal["thin", "thick"] = "thick",
) -> Bunch:
    """Fetch Yeo's networks of the cortex.

    Parameters
    ----------
    data_dir, url, resume, verbose
        See `skerry.datasets`; `url` names the archive.
    n_networks : {7, 17}
        How many networks.
    thickness : {"thin", "thick"}
        Which estimate of the cortex.

    Returns
    -------
    Bunch
        `maps` (path), `anat` (path of the anatomy), `labels`, `lut` (with `color`),
        `template`, `description`, `atlas_type`.

    Raises
    ------
    ArgumentError, NetworkError
        If there is no such version, or it cannot be fetched.

    References
    ----------
    Yeo et al. 2011, doi:10.1152/jn.00338.2011.
    """
    one_of(n_networks, (7, 17), "n_networks")
    one_of(thickness, ("thin", "thick"), "thickness")
    # nilearn asks this server over FTP, which proves neither who answers nor what.
    address = "https://surfer.nmr.mgh.harvard.edu/pub/data/Yeo_JNeurophysiol11_MNI152.zip"
    folder = "Yeo_JNeurophysiol11_MNI152/"
    maps = {
        (n, thick): f"{folder}Yeo2011_{n}Networks_MNI152_FreeSurferConformed1mm{mask}.nii.gz"
        for n in (7, 17)
        for thick, mask in (("thin", ""), ("thick", "_LiberalMask"))
    }
    colors = {n: f"{folder}Yeo2011_{n}Networks_ColorLUT.txt" for n in (7, 17)}
    anatomy = f"{folder}FSL_MNI152_FreeSurferConformed_1mm.nii.gz"
    names = (*maps.values(), *colors.values(), anatomy)
    download = Download.archive(names, given_url(url) or address)
    image, label_file, anat = AtlasFiles.at(YEO, data_dir, verbose).get(
        download, maps[n_networks, thickness], colors[n_networks], anatomy
    )
    # The first line of the file is the background's.
    lut = freesurfer_table(label_file, separator=r"\s+", header=0)
    return deterministic(str(image), lut, YEO.description, "MNI152NLin6Asym", anat=str(anat))


def fetch_atlas_basc_multiscale_2015(
    data_dir: PathLike | None = None,
    url: str | None = None,
    resume: bool = True,
    verbose: int = 1,
    resolution: Literal[7, 12, 20, 36, 64, 122, 197, 325, 444] = 7,
    version: Literal["sym", "asym"] = "sym",
) -> Bunch:
    """Fetch a BASC parcellation.

    Parameters
    ----------
    data_dir, url, resume, verbose
        See `skerry.datasets`; `url` names the archive.
    resolution : {7, 12, 20, 36, 64, 122, 197, 325, 444}
        How many clusters.
    version : {"sym", "asym"}
        In the symmetric or the asymmetric MNI152 2009 template.

    Returns
    -------
    Bunch
        `maps` (path), `labels` (numbers, as text), `lut`, `template`, `description`,
        `atlas_type`.

    Raises
    ------
    ArgumentError, NetworkError
        If there is no such parcellation, or it cannot be fetched.

    References
    ----------
    Bellec et al. 2010, doi:10.1016/j.neuroimage.2010.02.082.
    """
    one_of(version, ("sym", "asym"), "version")
    resolution = one_of(resolution, BASC_RESOLUTIONS, "resolution")
    number = {"sym": 1861819, "asym": 1861820}[version]
    address = f"https://ndownloader.figshare.com/files/{number}"
    stem = "template_cambridge_basc_multiscale"
    names = {
        n: f"{stem}_nii_{version}/{stem}_{version}_scale{n:03}.nii.gz" for n in BASC_RESOLUTIONS
    }
    download = Download.archive(names.values(), given_url(url) or address)
    (image,) = AtlasFiles.at(BASC, data_dir, verbose).get(download, names[resolution])
    lut = look_up_table([BACKGROUND, *map(str, range(1, resolution + 1))])
    return deterministic(str(image), lut, BASC.description, f"MNI152{version}")


def fetch_atlas_craddock_2012(
    data_dir: PathLike | None = None,
    url: str | None = None,
    resume: bool = True,
    verbose: int = 1,
    homogeneity: Literal["spatial", "temporal", "random"] = "spatial",
    grp_mean: bool = True,
) -> Bunch:
    """Fetch Craddock's parcellations.

    Parameters
    ----------
    data_dir, url, resume, verbose
        See `skerry.datasets`; `url` names the archive.
    homogeneity : {"spatial", "temporal", "random"}
        What the clusters are homogeneous in.
    grp_mean : bool
        Of the group's mean, else of two levels; not for `random`.

    Returns
    -------
    Bunch
        `maps` (path; 43 label images, a volume each, of more and more clusters),
        `template`, `description`, `atlas_type`. An `Atlas` takes one volume of it.

    Raises
    ------
    ArgumentError, NetworkError
        If there is no such parcellation, or it cannot be fetched.

    References
    ----------
    Craddock et al. 2012, doi:10.1002/hbm.21333.
    """
    one_of(homogeneity, ("spatial", "temporal", "random"), "homogeneity")
    address = (
        "https://cluster_roi.projects.nitrc.org/Parcellations/craddock_2011_parcellations.tar.gz"
    )
    names = {
        (kind, is_mean): f"{kind[0]}corr05_{'mean' if is_mean else '2level'}_all.nii.gz"
        for kind in ("spatial", "temporal")
        for is_mean in (True, False)
    }
    of_random = "random_all.nii.gz"
    download = Download.archive((*names.values(), of_random), given_url(url) or address)
    wanted = of_random if homogeneity == "random" else names[homogeneity, bool(grp_mean)]
    (image,) = AtlasFiles.at(CRADDOCK, data_dir, verbose).get(download, wanted)
    return probabilistic(str(image), CRADDOCK.description)
