"""Connectome Workbench: value > 3 above a least size, 6 neighbours or the edges of a mesh."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
from peer_results import read_csv, strictly_above

import skerry
from skerry.core.tree import build_tree
from skerry.space.neighbours import MeshNeighbours


def test_clusters_are_workbench_s(pairs, shared_data):
    regions = skerry.find_regions(
        shared_data / "maps" / "image_10426.nii.gz",
        strictly_above(3.0),
        sign="positive",
        connectivity=6,
        min_volume_mm3=strictly_above(135.0),
    )
    theirs = np.asarray(
        nibabel.load(pairs / "wb_volume_10426" / "clusters_gt3_min135mm3.nii.gz").dataobj
    )
    assert regions.columns["n_voxels"].tolist() == [2237, 380, 13]
    both = np.unique(np.stack((regions.labels, theirs)).reshape(2, -1), axis=1)
    assert both.shape[1] == 4  # three clusters and the background


def mesh(surface):
    """Neighbours of the vertices of a surface, and the area of each, mm2."""
    xyz, faces = (np.asarray(array.data) for array in surface.darrays)
    xyz, faces = xyz.astype(np.float64), faces.astype(np.int64)
    edges = np.concatenate([faces[:, pair] for pair in ([0, 1], [1, 2], [2, 0])])
    edges = np.unique(np.concatenate([edges, edges[:, ::-1]]), axis=0)
    starts = np.searchsorted(edges[:, 0], np.arange(len(xyz) + 1))
    a, b, c = (xyz[faces[:, corner]] for corner in range(3))
    third = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 6
    areas = np.bincount(faces.ravel(), weights=np.repeat(third, 3), minlength=len(xyz))
    return MeshNeighbours(starts, edges[:, 1], xyz), areas


@pytest.mark.parametrize(
    ("sign", "name", "n_clusters"),
    [("positive", "clusters_gt3_area100", 7), ("negative", "clusters_lt-3_area100", 8)],
)
def test_clusters_of_a_surface_are_workbench_s(pairs, sign, name, n_clusters):
    folder = pairs / "wb_surface_fsaverage5"
    neighbours, areas = mesh(nibabel.load(folder / "lh.pial.fsaverage5.surf.gii"))
    values = np.asarray(nibabel.load(folder / "lh.sig.fsaverage5.func.gii").darrays[0].data)
    tree = build_tree(values, neighbours, sign=sign)
    labels = tree.cut(strictly_above(3.0))
    area = np.bincount(labels, weights=areas)
    labels[area[labels] <= 100.0] = 0
    theirs = np.asarray(nibabel.load(folder / f"{name}.func.gii").darrays[0].data).astype(int)
    np.testing.assert_array_equal(labels > 0, theirs > 0)
    assert np.unique(np.stack((labels, theirs)), axis=1).shape[1] == n_clusters + 1

    peaks = tree.peaks(strictly_above(3.0))
    for row in read_csv(folder / f"{name}.csv"):
        (mine,) = np.unique(labels[theirs == int(row["label"])])
        assert np.count_nonzero(labels == mine) == int(row["n_vertices"])
        assert area[mine] == pytest.approx(float(row["area_mm2"]), abs=1e-3)
        highest = peaks.voxel[labels[peaks.voxel] == mine][0]
        assert highest == int(row["peak_vertex"])
        assert values[highest] == float(row["peak_value"])
