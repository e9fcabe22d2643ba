"""nilearn's own tests of automatic cuts."""

from borrow import borrow

from skerry.plotting.cuts.atlases import (
    find_parcellation_cut_coords,
    find_probabilistic_atlas_cut_coords,
)
from skerry.plotting.cuts.maps import find_cut_slices, find_xyz_cut_coords

PRIVATE = "tests _transform_cut_coords, a private helper"

globals().update(
    borrow(
        "nilearn.plotting.tests.test_find_cuts",
        replace={
            "find_cut_slices": find_cut_slices,
            "find_xyz_cut_coords": find_xyz_cut_coords,
            "find_parcellation_cut_coords": find_parcellation_cut_coords,
            "find_probabilistic_atlas_cut_coords": find_probabilistic_atlas_cut_coords,
        },
        leave_out={
            "test_transform_cut_coords_return_iterable": PRIVATE,
            "test_transform_cut_coords_n_cuts": PRIVATE,
        },
    )
)
