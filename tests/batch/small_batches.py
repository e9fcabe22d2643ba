"""Small batches of known maps, done in this process."""

from __future__ import annotations

import nibabel
import numpy as np

from skerry.batch.run import run
from skerry.io.save import save_image

AFFINE = np.diag([3.0, 3.0, 3.0, 1.0])
SHAPE = (9, 8, 7)
HOSTILE = "<img src=x onerror=alert(1)>&{{7*7}}\"'</style><script>alert(2)</script>"


def known_values(number):
    """A map: a positive box that wanders with the number, a negative one that does not."""
    values = np.full(SHAPE, 0.5)
    if number == 5:  # without a region
        return values
    start = number % 3
    values[start : start + 3, 2:5, 2:5] = 4 + number / 10
    values[6:8, 5:7, 1:3] = -5
    return values


def write_map(path, values, affine=AFFINE):
    save_image(nibabel.Nifti1Image(np.asarray(values, dtype=np.float32), affine), path)
    return path


def small_batch(folder, *, n_maps=6, others=0, alone=False, bad=(), **options):
    """A batch of `n_maps` maps on one grid, `others` on a second, one alone on a third.

    Gives its folder and the values of the maps on the first grid.
    """
    maps = folder / "maps"
    maps.mkdir()
    values = [known_values(number) for number in range(n_maps)]
    rows = [
        (f"map{number}", write_map(maps / f"map{number}.nii.gz", one))
        for number, one in enumerate(values)
    ]
    moved = AFFINE.copy()
    moved[0, 3] = 30
    rows += [
        (f"other{number}", write_map(maps / f"other{number}.nii.gz", values[0], moved))
        for number in range(others)
    ]
    if alone:
        rows.append(("alone", write_map(maps / "alone.nii.gz", np.eye(4)[None] * 5)))
    for number, (id_, content) in enumerate(bad):
        path = maps / f"{id_.replace('/', '_')}.nii.gz"
        path.write_bytes(content)
        rows.insert(2 * number + 1, (id_, path))
    manifest = folder / "manifest.tsv"
    lines = ["id\tpath", *(f"{id_}\t{path.relative_to(folder)}" for id_, path in rows)]
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")
    out = folder / "out"
    run(manifest, out, workers=0, quiet=True, threshold=3.0, kind="other", **options)
    return out, values
