"""What a page needs of atlases: the labels of every voxel of the mask, and the names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.page.numbers import in_mask, shuffled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.space.statmap import StatMap
    from skerry.typing import Connectivity

# Probabilities of so many voxels are read at a time.
_STRETCH = 2**16


def pack_atlases(
    atlases: Sequence[AtlasOnMap],
    statmap: StatMap,
    connectivity: Connectivity,
    blocks: dict[str, bytes],
) -> list[dict[str, Any]]:
    """Pack atlases, so that a page can name the places of any regions.

    Parameters
    ----------
    atlases : sequence of AtlasOnMap
    statmap : StatMap
        Whose grid they are on.
    connectivity : {6, 18, 26}
        What its peaks depend on.
    blocks : dict
        Gets, for the first atlas: ``"atlas0"``, 1 + the position of the label of
        each voxel of the mask (0 outside); of probabilities, those of all labels
        there, with ``"atlas0_counts"`` (labels a voxel) and ``"atlas0_shares"``.
        ``"atlas0_peaks"`` numbers the text of every peak that any threshold has,
        the positive ones first, each sign in the order of its merge tree;
        ``"atlas0_texts"`` holds these texts.

    Returns
    -------
    list of dict
        `name` of the columns, names of the `labels`, `networks` (sorted) and
        the one of each label (`network_of`, 1 + its position, 0 none),
        `is_probabilistic`, `block`, the name that its blocks begin with, and
        `n_positive_peaks`.
    """
    if not atlases:
        return []
    peaks, n_positive = _peaks(statmap, connectivity)
    return [
        {
            **_pack(placed, f"atlas{number}", statmap, peaks, blocks),
            "n_positive_peaks": n_positive,
        }
        for number, placed in enumerate(atlases)
    ]


def _pack(
    placed: AtlasOnMap,
    block: str,
    statmap: StatMap,
    peaks: NDArray[np.intp],
    blocks: dict[str, bytes],
) -> dict[str, Any]:
    from skerry.atlas.columns import peak_labels

    atlas = placed.atlas
    if atlas.is_probabilistic:
        _pack_probabilities(placed, block, statmap, blocks)
    else:
        blocks[block] = shuffled(in_mask(placed.positions, statmap.mask).astype(np.int32))
    columns = peak_labels(placed, peaks)
    named = [np.unique(texts.astype(str), return_inverse=True) for texts in columns.values()]
    blocks[f"{block}_texts"] = json.dumps([texts.tolist() for texts, _ in named]).encode()
    blocks[f"{block}_peaks"] = shuffled(
        np.concatenate([number for _, number in named]).astype(np.int32)
    )
    networks = sorted(set(atlas.networks) - {""})
    place = {network: at for at, network in enumerate(networks, start=1)}
    return {
        "name": placed.column,
        "labels": list(atlas.names),
        "networks": networks,
        "network_of": [place.get(network, 0) for network in atlas.networks],
        "is_probabilistic": atlas.is_probabilistic,
        "block": block,
    }


def _peaks(statmap: StatMap, connectivity: Connectivity) -> tuple[NDArray[np.intp], int]:
    """(m, 3) voxels of all peaks of the map, of any height; how many are positive."""
    from skerry.core.tree import build_tree
    from skerry.space.neighbours import GridNeighbours

    neighbours = GridNeighbours(statmap.grid, connectivity)
    voxels = []
    for sign in ("positive", "negative"):
        tree = build_tree(statmap.values, neighbours, sign=sign, mask=statmap.mask)
        voxels.append(tree.order[tree.node_rank[: tree.n_peaks]])
    flat = np.concatenate(voxels)
    return np.stack(np.unravel_index(flat, statmap.grid.shape), axis=-1), len(voxels[0])


def _pack_probabilities(
    placed: AtlasOnMap, block: str, statmap: StatMap, blocks: dict[str, bytes]
) -> None:
    k, j, i = np.nonzero(statmap.mask.T)
    counts, labels, shares = [], [], []
    for start in range(0, len(i), _STRETCH):
        part = slice(start, start + _STRETCH)
        chances = placed.probabilities(np.stack([i[part], j[part], k[part]], axis=1))
        voxel, label = np.nonzero(chances)
        counts.append(np.bincount(voxel, minlength=len(chances)))
        labels.append(label + 1)
        shares.append(chances[voxel, label])
    for name, parts, dtype in (
        (f"{block}_counts", counts, np.int32),
        (block, labels, np.int32),
        (f"{block}_shares", shares, np.float32),
    ):
        joined = np.concatenate(parts) if parts else np.empty(0)
        blocks[name] = shuffled(joined.astype(dtype))
