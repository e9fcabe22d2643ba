"""What an atlas adds to the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.atlas.atlas import OUTSIDE
from skerry.atlas.overlap import Overlaps, overlaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray

MIN_OVERLAP = 0.05


def peak_labels(placed: AtlasOnMap, ijk: AnyArray) -> dict[str, AnyArray]:
    """Give the label at each voxel, and its network where the atlas has networks.

    Parameters
    ----------
    placed : AtlasOnMap
    ijk : (m, 3) int
        Voxels of the map.

    Returns
    -------
    dict of str to (m,) array of str
        Under the atlas's name ``Left Heschl``; or, of probabilities (those of
        at least 5 %), ``Left Heschl 62%; Left Insula 20%``; or ``outside the
        atlas (nearest: Left Heschl, 4.2 mm)``. Under `NAME_network` the
        network, if any.
    """
    atlas = placed.atlas
    if atlas.is_probabilistic:
        chances = placed.probabilities(ijk)
        at = np.where(chances.max(axis=1) > 0, chances.argmax(axis=1) + 1, 0)
        texts = [_chances(row, atlas.names) for row in chances]
    else:
        at = placed.positions[tuple(np.asarray(ijk, dtype=np.intp).T)]
        texts = [atlas.names[label - 1] for label in at]
    outside = np.flatnonzero(at == 0)
    if len(outside):
        nearest, distance = placed.nearest(ijk[outside])
        for row, label, mm in zip(outside, nearest, distance, strict=True):
            texts[row] = f"{OUTSIDE} (nearest: {atlas.names[label - 1]}, {mm:.1f} mm)"
    name = placed.column
    columns = {name: _texts(texts)}
    if atlas.networks:
        networks = [atlas.networks[label - 1] if label else OUTSIDE for label in at]
        columns[f"{name}_network"] = _texts(networks)
    return columns


def region_labels(
    regions: Regions, placed: AtlasOnMap, *, min_overlap: float = MIN_OVERLAP
) -> dict[str, AnyArray]:
    """Give the label at the peak of each region, and the labels that it overlaps.

    Parameters
    ----------
    regions : Regions
    placed : AtlasOnMap
    min_overlap : float
        Labels that hold less than this share of the region are left out; of
        a region that has none but these, the largest stays.

    Returns
    -------
    dict of str to (n,) array of str
        `NAME_peak`, `NAME_overlap` (``Left Heschl 53.5%; Left Insula 20.1%``,
        largest first, then what lies outside the atlas), and `NAME_network` (the
        same of networks), if any.
    """
    name = placed.column
    peak = peak_labels(placed, regions.columns["peak_ijk"])
    found = overlaps(regions, placed)
    columns = {f"{name}_peak": peak[name]}
    columns[f"{name}_overlap"] = _overlap_texts(
        found, placed.atlas.names, len(regions), min_overlap
    )
    if placed.atlas.networks:
        networks = sorted(set(placed.atlas.networks) - {""})
        merged = _merged(found, placed.atlas.networks, networks)
        columns[f"{name}_network"] = _overlap_texts(merged, networks, len(regions), min_overlap)
    return columns


def overlap_columns(
    regions: Regions,
    atlases: Sequence[AtlasOnMap],
    *,
    min_overlap: float = 0.0,
    min_label_overlap: float = 0.0,
) -> dict[str, AnyArray]:
    """Give one row per region and label that share voxels; see `skerry.tables.overlap_table`.

    Returns
    -------
    dict of str to array
        `region` (its number), `atlas`, `number` (of the label; 0 outside),
        `label`, `network` (where an atlas has them), `shared_voxels` (of a
        probabilistic atlas, the sum of the probabilities), `shared_mm3`,
        `of_region` and `of_label` (shares, 0 to 1; the second NaN outside).
    """
    parts = [_long_form(regions, placed) for placed in atlases]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    low = columns["of_region"] < min_overlap
    low |= (columns["of_label"] < min_label_overlap) & (columns["number"] > 0)
    columns = {name: column[~low] for name, column in columns.items()}
    if not any(placed.atlas.networks for placed in atlases):
        del columns["network"]
    return columns


def _long_form(regions: Regions, placed: AtlasOnMap) -> dict[str, AnyArray]:
    atlas, found = placed.atlas, overlaps(regions, placed)
    names = (OUTSIDE, *atlas.names)
    networks = ("", *(atlas.networks or ("",) * len(atlas)))
    numbers = np.concatenate([[0], atlas.numbers])
    n_voxels = found.n_voxels if atlas.is_probabilistic else found.n_voxels.astype(np.int64)
    return {
        "region": np.asarray(regions.columns["region"])[found.region],
        "atlas": _texts([placed.column] * len(found.region)),
        "number": numbers[found.label],
        "label": _texts([names[label] for label in found.label]),
        "network": np.array([networks[label] or None for label in found.label], dtype=object),
        "shared_voxels": n_voxels,
        "shared_mm3": found.n_voxels * regions.grid.voxel_volume_mm3,
        "of_region": found.of_region,
        "of_label": found.of_label,
    }


def _chances(row: NDArray[np.float32], names: Sequence[str]) -> str:
    order = np.argsort(-row, kind="stable")
    listed = [label for label in order if row[label] >= MIN_OVERLAP] or [int(order[0])]
    return "; ".join(f"{names[label]} {100 * float(row[label]):.3g}%" for label in listed)


def _overlap_texts(
    found: Overlaps, names: Sequence[str], n_regions: int, min_overlap: float
) -> AnyArray:
    listed: list[list[str]] = [[] for _ in range(n_regions)]
    largest = [""] * n_regions
    for region, label, of_region in zip(
        found.region.tolist(),
        found.label.tolist(),
        found.of_region.tolist(),
        strict=True,
    ):
        text = f"{names[label - 1] if label else OUTSIDE} {100 * of_region:.1f}%"
        largest[region] = largest[region] or text
        if of_region >= min_overlap:
            listed[region].append(text)
    return _texts(["; ".join(parts) or one for parts, one in zip(listed, largest, strict=True)])


def _merged(found: Overlaps, network_of: Sequence[str], networks: Sequence[str]) -> Overlaps:
    """Add up the labels of each network; what has none is left out."""
    place = {network: at for at, network in enumerate(networks, start=1)}
    to_network = np.array([0, *(place.get(network, -1) for network in network_of)])
    label = to_network[found.label]
    kept = label >= 0
    width = len(networks) + 1
    pair, at = np.unique(found.region[kept] * width + label[kept], return_inverse=True)
    n_voxels, of_region = (
        np.bincount(at, shares[kept], minlength=len(pair)).astype(np.float64)
        for shares in (found.n_voxels, found.of_region)
    )
    region, label = (pair // width).astype(np.intp), (pair % width).astype(np.intp)
    order = np.lexsort((label, -of_region, label == 0, region))
    nothing = np.full(len(pair), np.nan)  # how large a network is, is not asked
    return Overlaps(region[order], label[order], n_voxels[order], of_region[order], nothing)


def _texts(texts: Sequence[str]) -> AnyArray:
    out = np.empty(len(texts), dtype=object)
    out[:] = texts
    return out
