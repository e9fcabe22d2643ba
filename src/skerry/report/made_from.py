"""How a user named what regions were made from, as far as that is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.report.record import file_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions
    from skerry.space.statmap import StatMap


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What a user gave.

    Attributes
    ----------
    map : str or None
        Path or name of the map; None for an image in memory.
    mask : str or None
        Path of the mask, where known.
    volume : int or None
        Which volume of a file with several, where known.
    background : str or None
        Path of the background, `MNI152` or `none`; None where it was left to skerry.
    atlases : tuple of str
        As they were given.
    has_own_mask : bool
        Whether other voxels count than those that are neither 0 nor NaN.
    n_volumes : int
        How many volumes the file has.
    has_objects : bool
        Whether the background or an atlas was an object in memory.
    """

    map: str | None
    mask: str | None = None
    volume: int | None = None
    background: str | None = None
    atlases: tuple[str, ...] = ()
    has_own_mask: bool = False
    n_volumes: int = 1
    has_objects: bool = False

    @classmethod
    def of(cls, found: Regions, **known: Any) -> MadeFrom:
        """Find out what regions themselves tell; what is known (not None) comes first."""
        statmap = found.statmap
        told: dict[str, Any] = {"map": statmap.source, "has_own_mask": _has_own_mask(statmap)}
        header = statmap.header
        if header is not None and "dim" in header:
            told["n_volumes"] = int(np.prod(np.maximum(header["dim"][4:8], 1)))
        return cls(**told | {name: value for name, value in known.items() if value is not None})

    def with_atlases(self, asked: Sequence[Any], placed: Sequence[AtlasOnMap]) -> MadeFrom:
        """Add how atlases were named: by a name, or by files without their folders."""
        names = [_atlas_name(*one) for one in zip(asked, placed, strict=True)]
        return replace(
            self,
            atlases=tuple(name for name in names if name),
            has_objects=self.has_objects or not all(names),
        )

    @property
    def unknown(self) -> list[str]:
        """What lines that make the page again would have to guess."""
        gaps = []
        if self.map is None:
            gaps.append("the map was an image in memory")
        if self.volume is None and self.n_volumes > 1:
            gaps.append(f"which of the {self.n_volumes} volumes was read is not known here")
        if self.mask is None and self.has_own_mask:
            gaps.append("the mask was an image in memory")
        if self.has_objects:
            gaps.append("the background or an atlas was an object in memory")
        return gaps


def _has_own_mask(statmap: StatMap) -> bool:
    if statmap.kind == "p":  # held as -log10 p: a p of 1 is 0 there, and yet inside
        return False
    return bool(np.any(statmap.mask != ((statmap.values != 0) & ~np.isnan(statmap.values))))


def _atlas_name(asked: Any, placed: AtlasOnMap) -> str:
    """Give an atlas as a user would name it; empty for one in memory."""
    files = [path for path, _ in placed.atlas.files]
    if isinstance(asked, str) and not (files and f"{asked}:".startswith(f"{files[0]}:")):
        return asked
    return ":".join(file_name(path) for path in files)
