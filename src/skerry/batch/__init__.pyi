from .across import Overlap as Overlap
from .across import overlap as overlap
from .parts import Results as Results
from .parts import Voxels as Voxels
from .parts import open_results as open_results
from .parts import read_voxels as read_voxels
