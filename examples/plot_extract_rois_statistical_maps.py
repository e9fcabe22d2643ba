"""
Region extraction using a t-statistical map (3D)
================================================

From a t map to its active regions, in five steps: fetch the map, threshold it
by percentile and by value, look at both, extract the connected regions of at
least 1500 mm³, and draw their outlines over the map.

Coming from nilearn? This is its gallery example of the same name with the name
of the package changed. Positive and negative regions are found alike, and never
merged with each other.
"""

# %%
# Fetch a statistical map
# -----------------------
# Image 32980 of NeuroVault: an auditory computation task of the localizer
# study. It is downloaded once and verified. Without a network the example goes
# on with the map that skerry carries, a finger-movement contrast of the same
# study (NeuroVault 10426).

from skerry import datasets
from skerry.errors import NetworkError

try:
    localizer = datasets.fetch_neurovault_auditory_computation_task(timeout=30.0)
    tmap_filename = localizer.images[0]
except NetworkError as error:
    print(f"No map from NeuroVault ({error}); going on with the embedded map.")
    tmap_filename = datasets.load_sample_motor_activation_image()

# %%
# Threshold the map
# -----------------
# Twice: once by percentile, once by value. `"97%"` keeps the voxels whose
# absolute value lies above the 97th percentile of the volume; `3.0` keeps
# those of at least 3 in absolute value.

from skerry.image import threshold_img

threshold_percentile_img = threshold_img(tmap_filename, threshold="97%", copy=False)
threshold_value_img = threshold_img(tmap_filename, threshold=3.0, copy=False)

# %%
# Look at both
# ------------
# Five axial slices each, at heights chosen where the signal is.

from skerry import plotting

plotting.plot_stat_map(
    threshold_percentile_img,
    display_mode="z",
    cut_coords=5,
    title="Above the 97th percentile of |t|",
    colorbar=False,
)
plotting.plot_stat_map(
    threshold_value_img,
    display_mode="z",
    cut_coords=5,
    title="|t| of at least 3",
    colorbar=False,
)

# %%
# Extract the regions
# -------------------
# Connected regions larger than 1500 mm³, one volume each. A component with
# several peaks is split between them by a random walker.

from skerry.regions import connected_regions

regions_percentile_img, _ = connected_regions(threshold_percentile_img, min_region_size=1500)
regions_value_img, _ = connected_regions(threshold_value_img, min_region_size=1500)

# %%
# Draw the regions
# ----------------
# As outlines, one colour each, over the map that they came from.

n_percentile, n_value = regions_percentile_img.shape[-1], regions_value_img.shape[-1]
plotting.plot_prob_atlas(
    regions_percentile_img,
    bg_img=tmap_filename,
    view_type="contours",
    display_mode="z",
    cut_coords=5,
    title=f"{n_percentile} regions above the 97th percentile",
)
plotting.plot_prob_atlas(
    regions_value_img,
    bg_img=tmap_filename,
    view_type="contours",
    display_mode="z",
    cut_coords=5,
    title=f"{n_value} regions with |t| of at least 3",
)
plotting.show()

# %%
# The same from a shell, on any map
# ---------------------------------
# ``skerry demo`` does all of this on the embedded map and saves the figures,
# the regions and a table.
