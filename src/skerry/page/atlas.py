"""What a page needs of atlases: the label of every voxel of the mask, and the names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.space.statmap import StatMap


def pack_atlases(
    atlases: Sequence[AtlasOnMap], statmap: StatMap, connectivity: Any, blocks: dict[str, bytes]
) -> list[dict[str, Any]]:
    """Pack atlases."""
    return []
