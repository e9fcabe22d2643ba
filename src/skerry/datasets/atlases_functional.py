"""Functional parcellations: Schaefer, Yeo, BASC and Craddock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skerry.datasets._atlas_arguments import given_url, one_of
from skerry.datasets._atlas_bunch import (
    BACKGROUND,
    deterministic,
    freesurfer_table,
    look_up_table,
    probabilistic,
)
from skerry.datasets._atlas_files import AtlasFiles
from skerry.datasets._atlas_source import Download, Source

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

SCHAEFER = Source(
    "schaefer_2018",
    "Schaefer atlas (2018)",
    "100 to 1000 parcels of the cortex, each in one of the 7 or 17 networks of Yeo 2011, in "
    "FSL's MNI152 space. Release 0.14.3, the first whose names are right.",
    "MIT (https://github.com/ThomasYeoLab/CBIG/blob/master/LICENSE.md)",
    "Schaefer et al. 2018, doi:10.1093/cercor/bhx179",
)
YEO = Source(
    "yeo_2011",
    "Yeo networks (2011)",
    "7 or 17 networks of the cortex, in a thin and in a thick estimate of it, FSL's MNI152 space.",
    "MIT (https://github.com/ThomasYeoLab/CBIG/blob/master/LICENSE.md)",
    "Yeo et al. 2011, doi:10.1152/jn.00338.2011",
)
BASC = Source(
    "basc_multiscale_2015",
    "BASC parcellations (2015)",
    "7 to 444 clusters of resting-state activity of about 200 people, 3 mm.",
    "not stated; made from data under CC BY-NC (https://doi.org/10.6084/m9.figshare.1285615)",
    "Bellec et al. 2010, doi:10.1016/j.neuroimage.2010.02.082",
)
CRADDOCK = Source(
    "craddock_2012",
    "Craddock parcellations (2012)",
    "Label images of 10 to 1000 clusters of resting-state activity: one volume each.",
    "CC BY-NC-SA",
    "Craddock et al. 2012, doi:10.1002/hbm.21333",
)
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
    data_dir : path, optional
        Folder of data sets; by default `SKERRY_DATA`, else skerry's and
        nilearn's folders.
    base_url : str, optional
        Folder of the files on another server.
    resume : bool
        Not used; a download that was cut starts again.
    verbose : int
        0 writes nothing; above, standard error says what is fetched, and once
        on what terms.

    Returns
    -------
    Bunch
        `maps` (path), `labels`, `lut` (with `color`), `template`, `description`,
        `atlas_type`.

    Raises
    ------
    ArgumentError
        If there is no such parcellation.
    NetworkError
        If it is not on disk and cannot be fetched.

    References
    ----------
    Schaefer et al. 2018, doi:10.1093/cercor/bhx179.
    """
    one_of(n_rois, SCHAEFER_N_ROIS, "n_rois")
    one_of(yeo_networks, (7, 17), "yeo_networks")
    one_of(resolution_mm, (1, 2), "resolution_mm")
    stem = f"Schaefer2018_{n_rois}Parcels_{yeo_networks}Networks_order"
    base = given_url(base_url, "base_url") or _SCHAEFER_URL
    files = AtlasFiles.at(SCHAEFER, data_dir, verbose)
    label_file, image = (
        files.get(Download((f"{base}{name}",), (name,), is_archive=False))[0]
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
    data_dir : path, optional
        Folder of data sets; by default `SKERRY_DATA`, else skerry's and
        nilearn's folders.
    url : str, optional
        The archive on another server.
    resume : bool
        Not used; a download that was cut starts again.
    verbose : int
        0 writes nothing; above, standard error says what is fetched, and once
        on what terms.
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
    ArgumentError
        If there is no such version.
    NetworkError
        If it is not on disk and cannot be fetched.

    References
    ----------
    Yeo et al. 2011, doi:10.1152/jn.00338.2011.
    """
    one_of(n_networks, (7, 17), "n_networks")
    one_of(thickness, ("thin", "thick"), "thickness")
    # nilearn asks this server over FTP, which proves neither who answers nor what.
    address = given_url(url) or (
        "https://surfer.nmr.mgh.harvard.edu/pub/data/Yeo_JNeurophysiol11_MNI152.zip"
    )
    folder = "Yeo_JNeurophysiol11_MNI152/"
    maps = {
        (n, thick): f"{folder}Yeo2011_{n}Networks_MNI152_FreeSurferConformed1mm{mask}.nii.gz"
        for n in (7, 17)
        for thick, mask in (("thin", ""), ("thick", "_LiberalMask"))
    }
    colors = {n: f"{folder}Yeo2011_{n}Networks_ColorLUT.txt" for n in (7, 17)}
    anatomy = f"{folder}FSL_MNI152_FreeSurferConformed_1mm.nii.gz"
    download = Download((address,), (*maps.values(), *colors.values(), anatomy))
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
    data_dir : path, optional
        Folder of data sets; by default `SKERRY_DATA`, else skerry's and
        nilearn's folders.
    url : str, optional
        The archive on another server.
    resume : bool
        Not used; a download that was cut starts again.
    verbose : int
        0 writes nothing; above, standard error says what is fetched, and once
        on what terms.
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
    ArgumentError
        If there is no such parcellation.
    NetworkError
        If it is not on disk and cannot be fetched.

    References
    ----------
    Bellec et al. 2010, doi:10.1016/j.neuroimage.2010.02.082.
    """
    one_of(version, ("sym", "asym"), "version")
    one_of(resolution, BASC_RESOLUTIONS, "resolution")
    number = {"sym": "1861819", "asym": "1861820"}[version]
    address = given_url(url) or f"https://ndownloader.figshare.com/files/{number}"
    stem = "template_cambridge_basc_multiscale"
    names = {
        n: f"{stem}_nii_{version}/{stem}_{version}_scale{n:03}.nii.gz" for n in BASC_RESOLUTIONS
    }
    download = Download((address,), tuple(names.values()))
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
    data_dir : path, optional
        Folder of data sets; by default `SKERRY_DATA`, else skerry's and
        nilearn's folders.
    url : str, optional
        The archive on another server.
    resume : bool
        Not used; a download that was cut starts again.
    verbose : int
        0 writes nothing; above, standard error says what is fetched, and once
        on what terms.
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
    ArgumentError
        If there is no such parcellation.
    NetworkError
        If it is not on disk and cannot be fetched.

    References
    ----------
    Craddock et al. 2012, doi:10.1002/hbm.21333.
    """
    one_of(homogeneity, ("spatial", "temporal", "random"), "homogeneity")
    address = given_url(url) or (
        "https://cluster_roi.projects.nitrc.org/Parcellations/craddock_2011_parcellations.tar.gz"
    )
    names = [f"{k}corr05_{how}_all.nii.gz" for k in "st" for how in ("mean", "2level")]
    wanted = f"{homogeneity[0]}corr05_{'mean' if grp_mean else '2level'}_all.nii.gz"
    if homogeneity == "random":
        wanted = "random_all.nii.gz"
    download = Download((address,), (*names, "random_all.nii.gz"))
    (image,) = AtlasFiles.at(CRADDOCK, data_dir, verbose).get(download, wanted)
    return probabilistic(str(image), CRADDOCK.description)
