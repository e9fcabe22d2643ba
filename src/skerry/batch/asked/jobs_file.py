"""What was asked of each map of a batch, kept in its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from skerry.batch.asked.choices import Choices
from skerry.batch.extra import need
from skerry.batch.parts.part import PARTS
from skerry.errors import ArgumentError, DamagedFileError, MissingFileError
from skerry.io.paths import shown
from skerry.io.save import whole_file

if TYPE_CHECKING:
    from skerry.batch.asked.manifest import Manifest
    from skerry.typing import PathLike

__all__ = ["AskedMap", "job_of", "save_jobs"]

_NAME = "asked.parquet"


class AskedMap(NamedTuple):
    """A map of a batch, and what was asked of it.

    Attributes
    ----------
    id : str
    location : str
        Absolute path, or neurovault:NUMBER.
    choices : Choices
        Every option as it was used.
    """

    id: str
    location: str
    choices: Choices


def save_jobs(out: Path, manifest: Manifest) -> None:
    """Keep what is asked of each map."""
    pa, parquet = need("pyarrow"), need("pyarrow.parquet")
    texts = {choices: json.dumps(choices.plain(files=True)) for choices in set(manifest.choices)}
    table = pa.table(
        {
            "id": manifest.ids,
            "location": [_text(location) for location in manifest.locations],
            "options": [texts[choices] for choices in manifest.choices],
        }
    )
    with whole_file(out / PARTS / _NAME) as stream:
        parquet.write_table(table, stream, compression="zstd")


def job_of(out: PathLike, id_: str) -> AskedMap:
    """Give what was asked of a map of a batch.

    Parameters
    ----------
    out : path
        Folder of the batch.
    id_ : str
        The map.

    Returns
    -------
    AskedMap

    Raises
    ------
    MissingFileError, DamagedFileError
        If the folder holds no batch.
    ArgumentError
        If the batch has no such map.
    """
    parquet = need("pyarrow.parquet")
    path = Path(out) / PARTS / _NAME
    try:
        with path.open("rb") as stream:
            rows = parquet.read_table(stream, filters=[("id", "=", id_)]).to_pylist()
    except FileNotFoundError as error:
        raise MissingFileError(
            f"File not found: {shown(path)}; {shown(out)} is no batch, or lost its {PARTS}"
        ) from error
    except (OSError, ValueError) as error:
        raise DamagedFileError(f"{shown(path)} cannot be read; run skerry batch again") from error
    if not rows:
        raise ArgumentError(f"{shown(out)} has no map '{shown(id_)}'; its maps.parquet lists them")
    return AskedMap(id_, _path(rows[0]["location"]), _choices(json.loads(rows[0]["options"])))


def _choices(options: dict[str, Any]) -> Choices:
    """Read options that were written as JSON, which knows no tuples."""
    tuples = {name: tuple(value) for name, value in options.items() if isinstance(value, list)}
    return Choices(**(options | tuples))


def _text(path: str) -> str:
    """Give a path as text; bytes of a name that are no UTF-8 are kept as escapes."""
    return json.dumps(path)


def _path(text: str) -> str:
    return str(json.loads(text))
