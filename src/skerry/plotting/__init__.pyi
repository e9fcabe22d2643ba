from . import displays as displays
from .anat import plot_anat as plot_anat
from .atlas_cuts import find_parcellation_cut_coords as find_parcellation_cut_coords
from .atlas_cuts import (
    find_probabilistic_atlas_cut_coords as find_probabilistic_atlas_cut_coords,
)
from .cuts import find_cut_slices as find_cut_slices
from .cuts import find_xyz_cut_coords as find_xyz_cut_coords
from .glass_brain import plot_glass_brain as plot_glass_brain
from .img import plot_img as plot_img
from .prob_atlas import plot_prob_atlas as plot_prob_atlas
from .regions import plot_regions as plot_regions
from .roi import plot_roi as plot_roi
from .show import show as show
from .stat_map import plot_stat_map as plot_stat_map
from .tree import plot_tree as plot_tree
from .view_img import view_img as view_img
