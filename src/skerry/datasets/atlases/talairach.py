"""The Talairach atlas: five levels of names, each an image of its own."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import numpy as np

from skerry.datasets import cache
from skerry.datasets.atlases.arguments import one_of
from skerry.datasets.atlases.download import Download
from skerry.datasets.atlases.facts import TALAIRACH
from skerry.datasets.atlases.files import AtlasFiles
from skerry.datasets.atlases.returned import BACKGROUND, deterministic, look_up_table
from skerry.errors import DamagedFileError, NetworkError
from skerry.io.load import load_image
from skerry.io.text import read_text

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from skerry.datasets.bunch import Bunch
    from skerry.typing import PathLike

__all__ = ["fetch_atlas_talairach"]

TALAIRACH_LEVELS = ("hemisphere", "lobe", "gyrus", "tissue", "ba")
_RAW = Download.file(
    "talairach.nii",
    "https://www.talairach.org/talairach.nii",
    "https://osf.io/x4b2w/download",
)


def fetch_atlas_talairach(
    level_name: Literal["hemisphere", "lobe", "gyrus", "tissue", "ba"],
    data_dir: PathLike | None = None,
    verbose: int = 1,
) -> Bunch:
    """Fetch the Talairach atlas at one of its levels.

    Parameters
    ----------
    level_name : {"hemisphere", "lobe", "gyrus", "tissue", "ba"}
        `ba` are Brodmann's areas.
    data_dir, verbose
        See `skerry.datasets`.

    Returns
    -------
    Bunch
        `maps` (nibabel image), `labels`, `lut`, `template`, `description`, `atlas_type`.

    Raises
    ------
    ArgumentError, NetworkError
        If there is no such level, or it cannot be fetched.

    References
    ----------
    Lancaster et al. 2000,
    doi:10.1002/1097-0193(200007)10:3<120::AID-HBM30>3.0.CO;2-8.
    """
    one_of(level_name, TALAIRACH_LEVELS, "level_name")
    files = AtlasFiles.at(TALAIRACH, data_dir, verbose)
    image, label_file = _names(level_name)
    if files.on_disk(image, label_file) is None:
        _fetch(files)
    # What was just made is there; this also says the terms.
    paths = files.get(_RAW, image, label_file)
    try:
        labels = [str(name) for name in json.loads(read_text(paths[1]))]
    except (ValueError, RecursionError, TypeError) as error:
        raise DamagedFileError(f"{paths[1]} does not hold a list of names") from error
    about = f"{TALAIRACH.description}\nLevel: {level_name}.\n"
    return deterministic(load_image(paths[0]), look_up_table(labels), about, "Talairach")


def _names(level: str) -> tuple[str, str]:
    return f"{level}.nii.gz", f"{level}-labels.json"


def _fetch(files: AtlasFiles) -> None:
    """Fetch the one image of all levels, and keep an image for each."""
    with files.fetched(_RAW) as arrived:
        (temporary, _), *_ = arrived.values()
        _separate(temporary, files)


def _separate(raw: Path, files: AtlasFiles) -> None:
    import nibabel

    img = load_image(raw)
    values = np.asanyarray(img.dataobj)
    said = f"what was sent for the {TALAIRACH.title}"
    extensions = list(img.header.extensions)
    if not extensions or values.ndim != 3:
        raise NetworkError(f"{said} is not the atlas: it holds no names")
    content = extensions[0].get_content()
    text = content if isinstance(content, str) else bytes(content).decode("utf-8", "replace")
    lines = text.strip("\0 \r\n\t").split("\n")
    rows = [line.strip().split(".") for line in lines]
    lowest, highest = int(values.min()), int(values.max())
    if any(len(row) != len(TALAIRACH_LEVELS) for row in rows) or not (
        0 <= lowest <= highest < len(rows)
    ):
        raise NetworkError(f"{said} is not the atlas: its names do not fit its numbers")
    for at, level in enumerate(TALAIRACH_LEVELS):
        number = {"*": 0}
        table = [number.setdefault(row[at], len(number)) for row in rows]
        numbers = np.array(table, dtype=np.uint8 if len(number) <= 256 else np.int32)
        made = nibabel.Nifti1Image(numbers[values.astype(np.intp)], img.affine)
        names = [BACKGROUND, *list(number)[1:]]
        image, label_file = _names(level)
        _keep(files, label_file, json.dumps(names).encode())
        _keep(files, image, gzip.compress(made.to_bytes(), mtime=0))


def _keep(files: AtlasFiles, name: str, data: bytes) -> None:
    with cache.incoming(files.own, ending=".text") as (temporary, stream):
        stream.write(data)
        files.keep(temporary, stream, name)
