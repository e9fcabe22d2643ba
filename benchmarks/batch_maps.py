"""Maps by the thousand, from a few and from phantoms: what `batch.py` runs on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import nibabel
import numpy as np
from scipy.ndimage import gaussian_filter

from skerry import load_map
from skerry.datasets import load_mni152_brain_mask, load_sample_motor_activation_image
from skerry.io.save import save_image
from skerry.space.grid import Grid, grid_of
from skerry.space.resample import resample

if TYPE_CHECKING:
    from pathlib import Path

NOISE_FWHM_MM = 6.0
_SIGMA_OF_FWHM = 1 / np.sqrt(8 * np.log(2))


def distinct_maps(folder: Path, sources: list[str], n_maps: int) -> list[Path]:
    """Write maps that differ: from each source in turn, and every third a phantom.

    Parameters
    ----------
    folder : Path
        Made here.
    sources : list of str
        Maps; the sample map at 2 mm when there is none.
    n_maps : int

    Returns
    -------
    list of Path
    """
    folder.mkdir(parents=True)
    bases = [_loaded(path) for path in sources] or [_sample_at_2mm()]
    mask_img = load_mni152_brain_mask(resolution=2)
    brain = np.asarray(mask_img.dataobj) > 0
    paths = []
    for number in range(n_maps):
        generator = np.random.default_rng(number)
        if number % 3 == 2:
            values, affine = _phantom(brain, generator), mask_img.affine
        else:
            base, affine = bases[number % len(bases)]
            values = _varied(base, affine, generator)
        paths.append(folder / f"{number:04d}.nii.gz")
        save_image(nibabel.Nifti1Image(values.astype(np.float32), affine), paths[-1])
    return paths


def named_maps(folder: Path, distinct: list[Path], n_maps: int) -> Path:
    """Give the files so many names, as hard links, and list them in a manifest."""
    folder.mkdir(parents=True)
    lines = ["id\tpath"]
    for number in range(n_maps):
        inside = folder / f"{number // 1000:03d}"
        inside.mkdir(exist_ok=True)
        name = inside / f"map_{number:06d}.nii.gz"
        os.link(distinct[number % len(distinct)], name)
        lines.append(f"map_{number:06d}\t{name.relative_to(folder)}")
    manifest = folder / "manifest.tsv"
    manifest.write_text("\n".join(lines) + "\n")
    return manifest


def _loaded(path: str) -> tuple[np.ndarray, np.ndarray]:
    statmap = load_map(path)
    return np.nan_to_num(statmap.values.astype(np.float32)), statmap.grid.affine


def _sample_at_2mm() -> tuple[np.ndarray, np.ndarray]:
    statmap = load_map(load_sample_motor_activation_image())
    target: Grid = grid_of(load_mni152_brain_mask(resolution=2))
    return resample(statmap.values, statmap.grid, target), target.affine


def _varied(base: np.ndarray, affine: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Shift a map by up to 6 mm, scale it, and add noise where it has values."""
    shifted = np.roll(base, generator.integers(-3, 4, 3), axis=(0, 1, 2))
    noise = _noise(base.shape, np.abs(np.linalg.det(affine[:3, :3])) ** (1 / 3), generator)
    return np.where(shifted != 0, shifted * generator.uniform(0.6, 1.1) + 0.7 * noise, 0)


def _phantom(brain: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Noise of a z map in the brain, with a dozen places that are active, up or down."""
    values = _noise(brain.shape, 2.0, generator)
    centres = np.argwhere(brain)[generator.integers(0, brain.sum(), 12)]
    for centre in centres:
        spot = np.zeros(brain.shape, dtype=np.float32)
        spot[tuple(centre)] = 1
        spot = gaussian_filter(spot, generator.uniform(2, 4))
        values += generator.choice([-1, 1]) * generator.uniform(3, 7) * spot / spot.max()
    return np.where(brain, values, 0)


def _noise(shape: tuple[int, ...], voxel_mm: float, generator: np.random.Generator) -> np.ndarray:
    noise = generator.standard_normal(shape, dtype=np.float32)
    smooth = gaussian_filter(noise, NOISE_FWHM_MM * _SIGMA_OF_FWHM / voxel_mm)
    return smooth / smooth.std()
