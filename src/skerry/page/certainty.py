"""What a page needs to say how sure regions are, at any threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skerry.space.statmap import StatMap


def pack_certainty(
    statmap: StatMap, connectivity: Any, blocks: dict[str, bytes]
) -> dict[str, Any] | None:
    """Pack what certainty needs."""
    return None
