from .connected import connected_regions as connected_regions
from .connected_labels import connected_label_regions as connected_label_regions
from .extractor import RegionExtractor as RegionExtractor
from .find import find_regions as find_regions
from .grow import grow_tree as grow_tree
from .regions import Regions as Regions
from .split import split_regions as split_regions
