"""What a permutation test found, as images and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from skerry.space.grid import Grid
    from skerry.stats.permute import PermutationTest
    from skerry.typing import AnyArray

__all__ = ["PermutedMaps"]

# What nilearn calls the maps.
_NILEARN = {"extent": "size", "excess_mass": "mass"}


@dataclass(frozen=True, slots=True)
class PermutedMaps:
    """Maps of a permutation test, by nilearn's names: ``result["logp_max_t"]``.

    Attributes
    ----------
    test : PermutationTest
        All that was found, as arrays.
    grid : Grid
    inputs : tuple of dict
        `path` and `sha256` of each map's file.
    notes : tuple of str
        What deserves to be said with the result.
    """

    test: PermutationTest = field(repr=False)
    grid: Grid
    inputs: tuple[dict[str, Any], ...] = field(repr=False)
    notes: tuple[str, ...]

    def keys(self) -> list[str]:
        """Names of the maps: `t` or `F`, `size`, `mass`, `tfce`, and `logp_max_` of each."""
        names = [_NILEARN.get(name, name) for name in self.test.maps]
        return [key for name in names for key in (name, f"logp_max_{name}")]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def __getitem__(self, key: str) -> Any:
        """Give a map as a nibabel image; `logp_max_` maps hold -log10 of family-wise p."""
        ours = {_NILEARN.get(name, name): name for name in self.test.maps}
        name = ours.get(key.removeprefix("logp_max_"))
        if name is None:
            raise KeyError(f"{key!r} is none of {', '.join(self.keys())}")
        return self.p_image(name) if key.startswith("logp_max_") else self.image(name)

    def image(self, name: str) -> Any:
        """Give `t`, `F`, `extent`, `excess_mass` or `tfce`, with its sign, as an image."""
        image = self._image(self.test.maps[name])
        model = self.test.model
        if name == "t":
            image.header.set_intent("t test", (model.df,))
        elif name == "F":
            image.header.set_intent("f test", (len(model.tested), model.df))
        return image

    def p_image(self, name: str) -> Any:
        """Give -log10 of the family-wise p of a map, not negative, as an image."""
        image = self._image(np.abs(np.log10(self.test.p_fwe[name])))
        image.header.set_intent("log10 p value")
        return image

    def labels_image(self) -> Any:
        """Give the clusters' numbers as an image; there must have been a threshold."""
        if self.test.labels is None:
            raise ArgumentError("there are no clusters without a cluster-forming threshold")
        return self._image(self.test.labels)

    @property
    def clusters(self) -> pd.DataFrame:
        """One row a cluster, with its p values; none without a threshold."""
        import pandas as pd

        return pd.DataFrame(dict(self.test.clusters or {}))

    @property
    def summary(self) -> pd.DataFrame:
        """One row a statistic: observed maximum, critical value, lowest p, voxels found."""
        import pandas as pd

        return pd.DataFrame(self.test.summary)

    def _image(self, values: AnyArray) -> Any:
        from skerry.space.nifti import nifti_image

        volume = np.zeros(self.grid.shape, dtype=values.dtype)
        volume[self.test.mask] = values
        return nifti_image(volume, self.grid.affine)
