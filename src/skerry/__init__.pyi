from . import atlas as atlas
from . import datasets as datasets
from . import glm as glm
from . import image as image
from . import plotting as plotting
from . import regions as regions
from . import report as report
from . import reporting as reporting
from . import stats as stats
from . import tables as tables
from .atlas.atlas import Atlas as Atlas
from .core.tree import MergeTree as MergeTree
from .errors import SkerryError as SkerryError
from .io.load import load_map as load_map
from .regions.find import find_regions as find_regions
from .regions.grow import grow_tree as grow_tree
from .regions.regions import Regions as Regions
from .regions.split import split_regions as split_regions
from .report.report import Report as Report
from .report.report import make_report as make_report
from .space.grid import Grid as Grid
from .space.statmap import StatMap as StatMap
from .tables.peak_table import peak_table as peak_table
from .tables.region_table import region_table as region_table

__version__: str
