"""An atlas brought to a map: what is where, and what has to be said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.atlas.files import space_of_name
from skerry.atlas.load import load_atlas
from skerry.atlas.lookup import on_grid, values_at, voxels_held
from skerry.core.box import bounding_box
from skerry.errors import ArgumentTypeError
from skerry.io.notice import notice
from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from skerry.atlas.atlas import Atlas
    from skerry.space.grid import Grid
    from skerry.space.statmap import StatMap
    from skerry.typing import AnyArray

__all__ = ["AtlasOnMap", "atlases_on"]


@dataclass(frozen=True, eq=False)
class AtlasOnMap:
    """An atlas read at the voxels of a map.

    Attributes
    ----------
    atlas : Atlas
    grid : Grid
        That of the map.
    column : str
        What its columns are called after; no two atlases of a table share it.
    map_space : str or None
        The template space of the map, where its file's name says it.
    notes : tuple of str
        What deserves to be said with a result.
    """

    atlas: Atlas
    grid: Grid = field(repr=False)
    column: str
    map_space: str | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def positions(self) -> NDArray[np.int32]:
        """(I, J, K) int32 on the map's grid: 1 + the label's position in the names, 0 outside."""
        return np.asarray(on_grid(self.atlas.positions, self.atlas.grid, self.grid), dtype=np.int32)

    @cached_property
    def label_voxels(self) -> NDArray[np.float64]:
        """(n,) float, size of each label in voxels of the map's grid, as if that had no end.

        So it is the whole label that counts, however much of it the map shows. Of a
        probabilistic atlas, the sum of its probabilities at those voxels.
        """
        atlas = self.atlas
        box = bounding_box(atlas.positions > 0)
        held = voxels_held(atlas.grid, self.grid, box)
        if atlas.is_probabilistic:
            # Sums in double precision and in one order, whatever the number of threads.
            sums = np.einsum("ijk,ijkn->n", held.astype(np.float64), atlas.values[box])
            return np.asarray(sums, dtype=np.float64)
        labels = atlas.positions[box].ravel()
        counts = np.bincount(labels, weights=held.ravel(), minlength=len(atlas) + 1)
        return counts[1:].astype(np.float64)

    def probabilities(self, ijk: AnyArray) -> NDArray[np.float32]:
        """(m, n) float32, the probability of each label at voxels (m, 3) of the map."""
        found = values_at(self.atlas.values, self.atlas.grid, self.grid.xyz(ijk))
        return np.asarray(found, dtype=np.float32)

    def nearest(self, ijk: AnyArray) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Give the nearest label and how far its nearest voxel centre is.

        Parameters
        ----------
        ijk : (m, 3) int
            Voxels of the map.

        Returns
        -------
        position : (m,) int32
            1 + the position in the names; of several labels as near, the lowest.
        distance_mm : (m,) float
        """
        tree, positions = self.atlas.surface
        xyz = self.grid.xyz(ijk)
        distance = np.asarray(tree.query(xyz)[0], dtype=np.float64)
        # 1e-3 mm: what is as near but for rounding
        near = tree.query_ball_point(xyz, distance + 1e-3)
        return np.array([positions[which].min() for which in near], dtype=np.int32), distance

    @property
    def record(self) -> dict[str, Any]:
        """What was read and done, for the JSON file beside a result."""
        atlas = self.atlas
        same = atlas.grid.same_as(self.grid)
        return {
            "name": self.column,
            "files": [{"path": path, "sha256": sha256} for path, sha256 in atlas.files],
            "kind": "probabilities" if atlas.is_probabilistic else "labels",
            "labels": len(atlas),
            "space": atlas.space,
            "map_space": self.map_space,
            "resampled": None
            if same
            else {
                "interpolation": "nearest",
                "from": {"shape": list(atlas.grid.shape), "affine": atlas.grid.affine.tolist()},
                "to": {"shape": list(self.grid.shape), "affine": self.grid.affine.tolist()},
            },
            "notes": [*atlas.notes, *self.notes],
        }


def atlases_on(
    statmap: StatMap, atlas: Any, *, taken: Sequence[str] = ()
) -> tuple[AtlasOnMap, ...]:
    """Bring one or several atlases to a map.

    Parameters
    ----------
    statmap : StatMap
    atlas : atlas, or sequence of atlases
        Each an `Atlas` or what `load_atlas` takes first.
    taken : sequence of str
        Names that a column must not have.

    Returns
    -------
    tuple of AtlasOnMap
        Atlases of one name are told apart by _2, _3.

    Warns
    -----
    SkerryWarning
        If an atlas is known to be in another template space than the map.
    """
    if atlas is None:
        return ()
    many = atlas if isinstance(atlas, (list, tuple)) else (atlas,)
    used = set(taken)
    placed = []
    for one in many:
        if isinstance(one, AtlasOnMap):
            raise ArgumentTypeError("atlas= takes atlases, their names or their files")
        loaded = load_atlas(one)
        column = _free(loaded.name, used)
        used |= {column, f"{column}_network"}
        map_space = None if statmap.source is None else space_of_name(statmap.source)
        notes = _compare_spaces(loaded, statmap, map_space)
        placed.append(AtlasOnMap(loaded, statmap.grid, column, map_space, notes))
    return tuple(placed)


def _free(name: str, used: set[str]) -> str:
    column, number = name, 1
    while column in used or f"{column}_network" in used:
        number += 1
        column = f"{name}_{number}"
    return column


def _compare_spaces(atlas: Atlas, statmap: StatMap, map_space: str | None) -> tuple[str, ...]:
    if atlas.space and map_space:
        if atlas.space == map_space:
            return ()
        message = (
            f"the atlas {atlas.name} is in {atlas.space}, but the map {shown(statmap.name)} in "
            f"{map_space}: its names may be off by several mm"
        )
        notice(message)
        return (message,)
    which = [
        what
        for what, space in (
            (f"the map {shown(statmap.name)}", map_space),
            (f"the atlas {atlas.name}", atlas.space),
        )
        if not space
    ]
    other = f"; the atlas {atlas.name} is in {atlas.space}" if atlas.space else ""
    other = f"; the map is in {map_space}" if map_space else other
    return (f"the template space of {' and of '.join(which)} is unknown{other}",)
