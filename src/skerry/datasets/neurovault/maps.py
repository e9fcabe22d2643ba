"""Maps of NeuroVault in a folder of their own, with a list of them: `maps.tsv`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from skerry.checks import is_number
from skerry.datasets.neurovault.archive import as_ids
from skerry.datasets.neurovault.arguments import gatherer
from skerry.datasets.neurovault.failures import Failures
from skerry.errors import NetworkError, OutputError
from skerry.io.formula import quoted
from skerry.io.paths import shown
from skerry.io.save import made_folder, save_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from skerry.datasets.neurovault.shelf import FetchedImage

__all__ = ["df_of", "fetch_maps", "kind_of"]

MANIFEST = "maps.tsv"
COLUMNS = ("path", "id", "name", "map_type", "df", "n_subjects", "collection", "doi")
_MISSING = "n/a"
_KINDS = {"T map": "t", "Z map": "z", "F map": "F"}


def fetch_maps(
    folder: Path,
    *,
    image_ids: Iterable[int] = (),
    collection_ids: Iterable[int] = (),
    wanted: Callable[[dict[str, Any]], bool] | None = None,
    server: str | None = None,
    timeout: float = 10.0,
    verbose: int = 1,
    quote_formulas: bool = False,
) -> list[FetchedImage]:
    """Fetch maps into a folder and list them in its `maps.tsv`.

    What is in the folder already, whole, is not fetched again.

    Parameters
    ----------
    folder : Path
        Made if absent. Maps lie under `neurovault/collection_<number>/`.
    image_ids, collection_ids : iterable of int
        Single images, and whole collections.
    wanted : callable, optional
        Takes the record of an image of a collection and tells whether it is wanted.
    server : str, optional
        By default the one that `SKERRY_NEUROVAULT_URL` names, else
        https://neurovault.org.
    timeout : float
        Longest wait for the server to connect and to send each further byte, in
        seconds.
    verbose : int
        0 writes nothing; above, standard error says what is fetched.
    quote_formulas : bool
        In the list, put an apostrophe before names that a spreadsheet would take
        for a formula (= + - @). Otherwise names stay what contributors wrote.

    Returns
    -------
    list of FetchedImage
        In the order asked for, each once.

    Raises
    ------
    NetworkError
        If not all maps arrive; those that did are listed.
    OutputError
        If the folder cannot be written.
    ArgumentTypeError, ArgumentError
        If an argument makes no sense.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"the folder {shown(folder)} cannot be made: it is a file")
    numbers = as_ids(image_ids, "image numbers")
    collections = as_ids(collection_ids, "collection numbers")
    gather = gatherer(folder, timeout, verbose=verbose, server=server)
    failures = Failures()
    images = gather.all_of(collections, numbers, failures, wanted=wanted)
    if images or not failures:
        save_text(_manifest(images, quote_formulas), made_folder(folder) / MANIFEST)
    if failures:
        raise NetworkError(f"{failures}; what arrived is kept and listed: ask again for the rest")
    return images


def kind_of(image: dict[str, Any]) -> str | None:
    """Give the kind of statistic that a record names: "t", "z", "F", or None."""
    map_type = image.get("map_type")
    return _KINDS.get(map_type) if isinstance(map_type, str) else None


def df_of(image: dict[str, Any]) -> float | None:
    """Give the degrees of freedom of a t map that a record names, where it does."""
    value: Any = image.get("statistic_parameters")
    if kind_of(image) != "t" or not is_number(value):
        return None
    return float(value) if math.isfinite(value) and value > 0 else None


def _manifest(images: list[FetchedImage], quote_formulas: bool) -> str:
    lines = ["\t".join(COLUMNS)]
    for found in images:
        image, collection = found.image_meta, found.collection_meta
        df = df_of(image)
        cells = (
            f"neurovault/{image['relative_path']}",
            image["id"],
            image.get("name"),
            image.get("map_type"),
            None if df is None else f"{df:g}",
            image.get("number_of_subjects"),
            collection.get("id"),
            collection.get("DOI"),
        )
        texts = map(_cell, cells)
        lines.append("\t".join(map(quoted, texts) if quote_formulas else texts))
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    """Write one cell: on one line, without control characters."""
    return _MISSING if value is None else shown(str(value)) or _MISSING
