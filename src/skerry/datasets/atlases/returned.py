"""What a fetcher of an atlas returns, with its look-up table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.datasets.bunch import Bunch
from skerry.errors import DamagedFileError
from skerry.io.load import load_image
from skerry.io.notice import notice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from skerry.typing import ImageLike

__all__ = ["deterministic", "freesurfer_table", "look_up_table", "probabilistic"]

BACKGROUND = "Background"
_UNSTATED = "MNI?"  # nilearn's word for a template that nobody named
_MOST_NAMED = 10


def look_up_table(names: Sequence[str], index: Sequence[int] | None = None) -> pd.DataFrame:
    """Give the table of a label image: columns `index` and `name`, as BIDS has them.

    Parameters
    ----------
    names : sequence of str
    index : sequence of int, optional
        The number of each in the image; by default 0, 1, 2, ...
    """
    import pandas as pd

    numbers = list(range(len(names))) if index is None else list(index)
    return pd.DataFrame({"index": numbers, "name": list(names)})


def freesurfer_table(path: Path, *, separator: str, header: int | None) -> pd.DataFrame:
    """Read number, name, red, green, blue, alpha; give `index`, `name`, `color`, background first.

    Raises
    ------
    DamagedFileError
        If the file holds something else.
    """
    import pandas as pd

    heads = ["index", "name", "r", "g", "b", "alpha"]
    try:
        table = pd.read_csv(path, sep=separator, names=heads, header=header)
        rgb = table[["r", "g", "b"]].fillna(0).to_numpy(dtype=np.int64).clip(0, 255)
        index = table["index"].to_numpy(dtype=np.int64)
    except (ValueError, TypeError) as error:  # pandas' own errors are ValueErrors
        raise DamagedFileError(f"{path} is not a table of labels and their colours") from error
    colors = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in rgb.tolist()]
    names = [str(name) for name in table["name"]]
    made = look_up_table([BACKGROUND, *names], [0, *index.tolist()])
    made["color"] = ["#000000", *colors]
    return made


def deterministic(
    maps: ImageLike, lut: pd.DataFrame, description: str, template: str | None, **more: Any
) -> Bunch:
    """Give the Bunch of a label image.

    Warns
    -----
    SkerryWarning
        If image and table do not hold the same numbers.
    """
    _compare(maps, lut)
    return Bunch(
        maps=maps,
        labels=lut["name"].to_list(),
        description=description,
        lut=lut,
        atlas_type="deterministic",
        template=template or _UNSTATED,
        **more,
    )


def probabilistic(
    maps: ImageLike, description: str, template: str | None = None, **more: Any
) -> Bunch:
    """Give the Bunch of an image with a volume for each part; `labels` only where there are any."""
    return Bunch(
        maps=maps,
        description=description,
        atlas_type="probabilistic",
        template=template or _UNSTATED,
        **more,
    )


def _compare(maps: ImageLike, lut: pd.DataFrame) -> None:
    present = set(np.unique(np.asanyarray(load_image(maps).dataobj)).tolist())
    named = set(lut["index"].tolist())
    for numbers, there, lacking in (
        (named - present, "atlas look-up table", "image"),
        (present - named, "atlas image", "look-up table"),
    ):
        if numbers:
            first = ", ".join(f"{number:g}" for number in sorted(numbers)[:_MOST_NAMED])
            dots = ", ..." if len(numbers) > _MOST_NAMED else ""
            notice(
                f"{len(numbers)} regions are present in the {there} but missing from the "
                f"{lacking}: {first}{dots}"
            )
