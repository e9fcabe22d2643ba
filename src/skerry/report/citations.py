"""The works that a methods paragraph names."""

from __future__ import annotations

from typing import NamedTuple


class Work(NamedTuple):
    """A work to cite.

    Attributes
    ----------
    short : str
        How the text names it.
    text : str
        Its entry in a list of references.
    doi : str
    """

    short: str
    text: str
    doi: str

    @property
    def entry(self) -> dict[str, str]:
        """What the page shows of it."""
        return {"text": self.text, "doi": self.doi}


FDR = Work(
    "Benjamini and Hochberg 1995",
    "Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate. J R Stat Soc B 57, "
    "289-300.",
    "10.1111/j.2517-6161.1995.tb02031.x",
)
VOXEL_FIELD = Work(
    "Worsley et al. 1992",
    "Worsley KJ, Evans AC, Marrett S, Neelin P (1992). A three-dimensional statistical analysis "
    "for CBF activation studies in human brain. J Cereb Blood Flow Metab 12, 900-918.",
    "10.1038/jcbfm.1992.127",
)
CLUSTER_FIELD = Work(
    "Friston et al. 1994",
    "Friston KJ, Worsley KJ, Frackowiak RSJ, Mazziotta JC, Evans AC (1994). Assessing the "
    "significance of focal activations using their spatial extent. Hum Brain Mapp 1, 210-220.",
    "10.1002/hbm.460010306",
)
SMOOTHNESS = Work(
    "Forman et al. 1995",
    "Forman SD, Cohen JD, Fitzgerald M, Eddy WF, Mintun MA, Noll DC (1995). Improved assessment "
    "of significant activation in functional magnetic resonance imaging (fMRI). Magn Reson Med "
    "33, 636-647.",
    "10.1002/mrm.1910330508",
)
FORMING = Work(
    "Eklund et al. 2016",
    "Eklund A, Nichols TE, Knutsson H (2016). Cluster failure: why fMRI inferences for spatial "
    "extent have inflated false-positive rates. PNAS 113, 7900-7905.",
    "10.1073/pnas.1602413113",
)
DISCOVERIES = Work(
    "Rosenblatt et al. 2018",
    "Rosenblatt JD, Finos L, Weeda WD, Solari A, Goeman JJ (2018). All-resolutions inference for "
    "brain imaging. NeuroImage 181, 786-796.",
    "10.1016/j.neuroimage.2018.07.060",
)
LARGEST_CLUSTERS = Work(
    "Chen et al. 2022",
    "Chen X, Goeman JJ, Krebs TJP, Meijer RJ, Weeda WD (2022). Adaptive cluster thresholding "
    "with spatial activation guarantees using all-resolutions inference. arXiv 2206.13587.",
    "10.48550/arXiv.2206.13587",
)
WATERSHED = Work(
    "Vincent and Soille 1991",
    "Vincent L, Soille P (1991). Watersheds in digital spaces: an efficient algorithm based on "
    "immersion simulations. IEEE Trans Pattern Anal Mach Intell 13, 583-598.",
    "10.1109/34.87344",
)
PROMINENCE = Work(
    "Edelsbrunner et al. 2002",
    "Edelsbrunner H, Letscher D, Zomorodian A (2002). Topological persistence and "
    "simplification. Discrete Comput Geom 28, 511-533.",
    "10.1007/s00454-002-2885-2",
)
TEMPLATE = Work(
    "Fonov et al. 2011",
    "Fonov V, Evans AC, Botteron K, Almli CR, McKinstry RC, Collins DL (2011). Unbiased average "
    "age-appropriate atlases for pediatric studies. NeuroImage 54, 313-327.",
    "10.1016/j.neuroimage.2010.07.033",
)
SCHAEFER = Work(
    "Schaefer et al. 2018",
    "Schaefer A, Kong R, Gordon EM, Laumann TO, Zuo XN, Holmes AJ, Eickhoff SB, Yeo BTT (2018). "
    "Local-global parcellation of the human cerebral cortex from intrinsic functional "
    "connectivity MRI. Cereb Cortex 28, 3095-3114.",
    "10.1093/cercor/bhx179",
)
