from . import datasets as datasets
from . import image as image
from . import plotting as plotting
from . import regions as regions
from . import reporting as reporting
from .errors import SkerryError as SkerryError
from .space.grid import Grid as Grid

__version__: str
