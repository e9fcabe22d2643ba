from .connected import connected_label_regions as connected_label_regions
from .connected import connected_regions as connected_regions
