from . import displays as displays
from .cuts.atlases import find_parcellation_cut_coords as find_parcellation_cut_coords
from .cuts.atlases import (
    find_probabilistic_atlas_cut_coords as find_probabilistic_atlas_cut_coords,
)
from .cuts.maps import find_cut_slices as find_cut_slices
from .cuts.maps import find_xyz_cut_coords as find_xyz_cut_coords
from .maps.anat import plot_anat as plot_anat
from .maps.glass_brain import plot_glass_brain as plot_glass_brain
from .maps.img import plot_img as plot_img
from .maps.stat_map import plot_stat_map as plot_stat_map
from .regions.prob_atlas import plot_prob_atlas as plot_prob_atlas
from .regions.regions import plot_regions as plot_regions
from .regions.roi import plot_roi as plot_roi
from .show import show as show
from .tree.tree import plot_tree as plot_tree
from .view.view_img import view_img as view_img
