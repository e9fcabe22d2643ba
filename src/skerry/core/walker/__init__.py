"""Local regions: connected sets of voxels, split between their peaks by a random walk."""

from __future__ import annotations

from skerry.core.walker.local_regions import local_regions

__all__ = ["local_regions"]
