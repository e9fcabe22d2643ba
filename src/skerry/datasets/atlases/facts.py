"""What is known of each atlas: its folder, contents, licence and reference."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """An atlas as its authors publish it.

    Attributes
    ----------
    folder : str
        Name of its folder on disk, the one that nilearn uses; empty where it travels
        with the package.
    title : str
        What it is called.
    about : str
        What it holds.
    licence : str
        What its authors say of its use.
    reference : str
        What to cite.
    """

    folder: str
    title: str
    about: str
    licence: str
    reference: str

    @property
    def terms(self) -> str:
        """What is said once: licence and reference, on one line."""
        return f"{self.title}. Licence: {self.licence}. Please cite {self.reference}."

    @property
    def description(self) -> str:
        """What the item `description` says."""
        return (
            f"{self.title}\n\n{self.about}\n\nLicence: {self.licence}.\n\n"
            f"Reference: {self.reference}.\n"
        )


# Parcellations of function
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
# Maps of components and modes
MSDL = Source(
    "msdl_atlas",
    "MSDL atlas",
    "39 sparse maps of a dictionary learnt from resting-state data, and their networks.",
    "free for non-commercial research",
    "Varoquaux et al. 2011, doi:10.1007/978-3-642-22092-0_46",
)
DIFUMO = Source(
    "difumo_atlases",
    "DiFuMo atlas",
    "64 to 1024 functional modes, weights of 0 and more, with the anatomical name of each.",
    "free for non-commercial research",
    "Dadi et al. 2020, doi:10.1016/j.neuroimage.2020.117126",
)
SMITH = Source(
    "smith_2009",
    "Smith components (2009)",
    "Independent components of resting-state data and of BrainMap's coordinates, as z maps.",
    "not stated by its authors (https://www.fmrib.ox.ac.uk/datasets/brainmap+rsns/)",
    "Smith et al. 2009, doi:10.1073/pnas.0905267106; Laird et al. 2011, doi:10.1162/jocn_a_00077",
)
ALLEN = Source(
    "allen_rsn_2011",
    "Allen components (2011)",
    "75 independent components of the resting-state data of 603 people, as t maps; 28 of them "
    "are networks.",
    "not stated by its authors (https://osf.io/hrcku)",
    "Allen et al. 2011, doi:10.3389/fnsys.2011.00002",
)
# Anatomy
DESTRIEUX = Source(
    "destrieux_2009",
    "Destrieux atlas (2009)",
    "Gyri and sulci of the cortex, drawn into the volume; with or without left and right.",
    "FreeSurfer's (https://surfer.nmr.mgh.harvard.edu/fswiki/FreeSurferSoftwareLicense)",
    "Destrieux et al. 2010, doi:10.1016/j.neuroimage.2010.06.010; Fischl et al. 2004, "
    "doi:10.1093/cercor/bhg087",
)
PAULI = Source(
    "pauli_2017",
    "Pauli atlas of the subcortex (2017)",
    "16 subcortical nuclei: a probability each, or the most probable one of each voxel.",
    "CC BY 4.0",
    "Pauli et al. 2018, doi:10.1038/sdata.2018.63",
)
# With FSL
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
TALAIRACH = Source(
    "talairach_atlas",
    "Talairach atlas",
    "The Talairach daemon's labels: hemisphere, lobe, gyrus, tissue and Brodmann area, in "
    "Talairach space (several mm off MNI space).",
    "not stated by its authors (https://www.talairach.org)",
    "Lancaster et al. 2000, doi:10.1002/1097-0193(200007)10:3<120::AID-HBM30>3.0.CO;2-8; "
    "Lancaster et al. 1997, doi:10.1002/(SICI)1097-0193(1997)5:4<238::AID-HBM6>3.0.CO;2-4",
)
# Coordinates, which travel with the package
_LICENCE = "the paper states none for the numbers; nilearn's table of them is BSD-3"
POWER = Source(
    "",
    "Power regions (2011)",
    "264 regions: peaks of meta-analyses and of resting-state data, MNI mm.",
    _LICENCE,
    "Power et al. 2011, doi:10.1016/j.neuron.2011.09.006",
)
DOSENBACH = Source(
    "",
    "Dosenbach regions (2010)",
    "160 regions of cortex and cerebellum in 6 networks, MNI mm.",
    _LICENCE,
    "Dosenbach et al. 2010, doi:10.1126/science.1194144",
)
SEITZMAN = Source(
    "",
    "Seitzman regions (2018)",
    "300 regions of cortex, subcortex and cerebellum in 13 networks, MNI mm.",
    _LICENCE,
    "Seitzman et al. 2020, doi:10.1016/j.neuroimage.2019.116290",
)


def aal(version: str) -> Source:
    """Give the source of a version of AAL; each has a folder of its own."""
    return Source(
        f"aal_{version}",
        f"AAL atlas ({version})",
        "Automated anatomical labelling of one brain (Colin27). The numbers in the image are "
        "those of `indices` and of the table `lut`, not positions in the list of labels.",
        "not stated by its authors (https://www.gin.cnrs.fr/en/tools/aal/)",
        "Tzourio-Mazoyer et al. 2002, doi:10.1006/nimg.2001.0978"
        + ("; Rolls et al. 2020, doi:10.1016/j.neuroimage.2019.116189" if version == "3v2" else ""),
    )
