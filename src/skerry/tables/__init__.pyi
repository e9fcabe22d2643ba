from .overlap_table import overlap_table as overlap_table
from .peak_table import peak_table as peak_table
from .region_table import region_table as region_table
