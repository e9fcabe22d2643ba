"""What a page needs of a map: facts for JSON, and arrays as bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skerry.page.numbers import in_mask, shuffled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.atlas.mni import InMni
    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions
    from skerry.space.grid import Grid
    from skerry.space.statmap import StatMap
    from skerry.typing import AnyArray

__all__ = ["SCHEMA", "Packed", "pack"]

SCHEMA = 1


class Packed(NamedTuple):
    """A map ready for `skerry.page.page.Page`."""

    facts: dict[str, Any]  # as JSON knows it, but for NumPy numbers
    blocks: dict[str, bytes]  # not yet compressed


def pack(
    source: StatMap | Regions,
    *,
    space: InMni | None = None,
    background: Any = None,
    background_name: str | None = None,
    atlases: Sequence[AtlasOnMap] = (),
    min_prominence: float = 0.0,
    peak_distance_mm: float = 8.0,
    max_peaks: int | None = 3,
    quote_formulas: bool = False,
) -> Packed:
    """Pack a map so that a page can find its regions at any threshold.

    Parameters
    ----------
    source : StatMap or Regions
        Regions say at which threshold the page opens; a map alone opens at 97 %.
    space : InMni, optional
        Whether the map is in MNI space, where that is to be said.
    background : nibabel image, optional
        Anatomy beneath the map: 3-D and finite. Without it there is none.
    background_name : str, optional
        What the page calls it.
    atlases : sequence of AtlasOnMap
        From `skerry.atlas.on_map.atlases_on`; for the names in the tables.
    min_prominence, peak_distance_mm, max_peaks
        Which peaks tables list; see `skerry.peak_table`.
    quote_formulas : bool
        How tables write names, see `skerry.tables.columns.to_tsv`.

    Returns
    -------
    Packed
        `facts` of `SCHEMA` and the blocks that they speak of. Values travel
        exactly, those of the mask only, the first axis fastest: float32 where
        every value is a float32, else float64; bytes by their place in a number
        (all first bytes, all second ones, ...), which compresses better.
    """
    from skerry.page.atlas import pack_atlases
    from skerry.page.background import pack_background
    from skerry.page.certainty import pack_certainty
    from skerry.regions.regions import Regions

    if isinstance(source, Regions):
        statmap, asked = source.statmap, _asked_of(source)
    else:
        statmap, asked = source, _asked(source)
    values, dtype = _values(statmap)
    blocks = {
        "values": shuffled(values),
        "mask": np.packbits(statmap.mask.ravel(order="F"), bitorder="little").tobytes(),
        "labels_header": _labels_header(statmap.grid),
    }
    facts: dict[str, Any] = {
        "schema": SCHEMA,
        "skerry": _version(),
        "title": None,
        "name": statmap.name,
        "grid": _grid_facts(statmap.grid, asked["connectivity"]),
        "map": {
            **_map_facts(statmap),
            "is_mni": None if space is None else space.answer,
            "is_mni_because": None if space is None else space.because,
        },
        "asked": {
            **asked,
            "min_prominence": float(min_prominence),
            "peak_distance_mm": float(peak_distance_mm),
            "max_peaks": max_peaks,
            "quote_formulas": quote_formulas,
        },
        "blocks": {"values": {"dtype": dtype, "n": int(values.size), "shuffled": True}},
    }
    facts["background"] = None
    if background is not None:
        facts["background"] = pack_background(background, background_name, blocks)
    facts["atlases"] = pack_atlases(atlases, statmap, asked["connectivity"], blocks)
    facts["certainty"] = pack_certainty(statmap, blocks)
    return Packed(facts, blocks)


def _values(statmap: StatMap) -> tuple[AnyArray, str]:
    values = in_mask(statmap.values, statmap.mask)
    if values.dtype == np.float64:
        with np.errstate(over="ignore"):
            narrow = values.astype(np.float32)
        if np.array_equal(narrow, values):
            values = narrow
    return values, str(values.dtype)


def _version() -> str:
    import skerry

    return skerry.__version__


def _grid_facts(grid: Grid, connectivity: Any) -> dict[str, Any]:
    """Give the grid, and what decides between equal heights on it."""
    from skerry.space.neighbours import GridNeighbours

    neighbours = GridNeighbours(grid, connectivity)
    return {
        "shape": list(grid.shape),
        "affine": grid.affine.tolist(),
        "inverse": grid.inverse.tolist(),
        "voxel_volume_mm3": grid.voxel_volume_mm3,
        "voxel_sizes_mm": grid.voxel_sizes_mm.tolist(),
        # The stored axis along x, y and z, and whether it runs backwards.
        "axes": list(neighbours.axes),
        "flipped": list(neighbours.flipped),
        "steps_mm": neighbours.steps_mm.tolist(),
        "basis": neighbours.basis.tolist(),
        "origin_mm": neighbours.xyz(np.zeros(3)).tolist(),
        "sorted_in_space": neighbours.sorted_in_space,
    }


def _map_facts(statmap: StatMap) -> dict[str, Any]:
    values = statmap.values[statmap.mask]
    finite = values[np.isfinite(values)]
    df = statmap.df
    return {
        "kind": statmap.kind,
        "df": list(df) if isinstance(df, tuple) else df,
        # The file's name: its folder is nobody else's business.
        "source": None if statmap.source is None else os.path.basename(statmap.source),  # noqa: PTH119
        "sha256": statmap.sha256,
        "n_in_mask": statmap.n_in_mask,
        "n_nan": statmap.n_nan,
        "n_infinite": statmap.n_infinite,
        "lowest": float(finite.min()) if finite.size else None,
        "highest": float(finite.max()) if finite.size else None,
    }


def _asked(statmap: StatMap) -> dict[str, Any]:
    from skerry.regions.height import height_of
    from skerry.regions.threshold import parse_threshold

    threshold = parse_threshold("97%")
    return {
        "threshold": _finite(height_of(threshold, statmap).height),
        "text": str(threshold),
        "sign": "both",
        "connectivity": 26,
        "min_volume_mm3": 0.0,
    }


def _asked_of(regions: Regions) -> dict[str, Any]:
    return {
        "threshold": _finite(regions.threshold),
        "text": regions.asked,
        "sign": regions.sign,
        "connectivity": regions.connectivity,
        "min_volume_mm3": regions.min_volume_mm3,
    }


def _finite(height: float) -> float | None:
    """Give a height; None for one that nothing reaches, which JSON does not know."""
    return float(height) if np.isfinite(height) else None


def _labels_header(grid: Grid) -> bytes:
    """Give the bytes before the voxels of a label image as `STEM_regions.nii.gz`."""
    import nibabel

    from skerry.io.save import nifti_head

    wide = max(grid.shape) > np.iinfo(np.int16).max
    image_class: Any = nibabel.Nifti2Image if wide else nibabel.Nifti1Image
    img = image_class(np.broadcast_to(np.int32(0), grid.shape), grid.affine)
    img.header.set_xyzt_units("mm")
    return nifti_head(img)
