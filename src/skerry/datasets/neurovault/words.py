"""The words that Neurosynth finds for a map.

The server is https://neurosynth.org, or the one that the environment variable
`SKERRY_NEUROSYNTH_URL` names (https; http only on loopback). Words are an
extra: where they cannot be had, that is a warning, and the maps are given.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.checks import is_number
from skerry.datasets import cache
from skerry.datasets.neurovault.shelf import FetchedImage, read_record
from skerry.datasets.web.fetch import Patience, get_record
from skerry.datasets.web.server import Server
from skerry.errors import NetworkError
from skerry.io.notice import notice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from skerry.typing import PathLike

__all__ = ["fetch_words", "neurosynth_words_vectorized"]

_SERVER_VARIABLE = "SKERRY_NEUROSYNTH_URL"
_DEFAULT_SERVER = "https://neurosynth.org"


def fetch_words(
    images: list[FetchedImage], root: Path, patience: Patience, *, offline: bool
) -> list[FetchedImage]:
    """Fetch the words of maps, or find them on disk.

    Parameters
    ----------
    images : list of FetchedImage
        The maps.
    root : Path
        Folder of the collections that is written to.
    patience : Patience
        Time limits.
    offline : bool
        Take only what is on disk.

    Returns
    -------
    list of FetchedImage
        The same; the records of those with words say where these are, under
        `ns_words_relative_path` and `ns_words_absolute_path`.
    """
    address = os.environ.get(_SERVER_VARIABLE) or _DEFAULT_SERVER
    server = None if offline else Server.parse(address, name=_SERVER_VARIABLE)
    answered = []
    for image in images:
        number = image.image_meta["id"]
        relative = f"{image.path.parent.name}/neurosynth_words_for_image_{number}.json"
        own = root / relative
        places = (image.path.parent / own.name, own)
        path = next((place for place in places if _words_of(place) is not None), None)
        if path is None and server is not None:
            try:
                _fetch(server, number, own, patience)
                path = own
            except NetworkError as error:
                notice(f"the words of images from {number} on could not be fetched: {error}")
                server = None
        if path is not None:
            where = {"ns_words_relative_path": relative, "ns_words_absolute_path": str(path)}
            image = image._replace(image_meta={**image.image_meta, **where})
        answered.append(image)
    return answered


def neurosynth_words_vectorized(
    word_files: Iterable[PathLike | None], verbose: int = 1
) -> tuple[NDArray[np.float64] | None, NDArray[np.str_] | None]:
    """Give the weights of words as a table.

    Parameters
    ----------
    word_files : iterable of path
        A file of Neurosynth's for each map; None, and what cannot be read,
        counts as one without words.
    verbose : int
        Not used; there for those who pass it.

    Returns
    -------
    frequencies : (n_files, n_words) array, or None
        Weight of each word; 0 where a file does not have it.
    vocabulary : (n_words,) array of str, or None
        The words, sorted. Both are None, with a warning, if there are no words.
    """
    found = [_words_of(path) or {} for path in word_files]
    vocabulary = sorted(set().union(*found))
    if not vocabulary:
        notice("none of the maps has words from Neurosynth: no table of words was made")
        return None, None
    column = {word: number for number, word in enumerate(vocabulary)}
    frequencies = np.zeros((len(found), len(vocabulary)))
    for row, words in enumerate(found):
        for word, weight in words.items():
            frequencies[row, column[word]] = weight
    return frequencies, np.array(vocabulary)


def _fetch(server: Server, image_id: int, path: Path, patience: Patience) -> None:
    record = get_record(server, f"api/decode/?neurovault={image_id}", patience)
    if _values(record) is None:
        raise NetworkError(f"{server.host} has no usable words for image {image_id}")
    cache.make_folder(path.parent)
    cache.keep_text(json.dumps(record) + "\n", path)


def _words_of(path: Any) -> dict[str, float] | None:
    try:
        record = read_record(Path(path))
    except TypeError:
        return None
    return None if record is None else _values(record)


def _values(record: dict[str, Any]) -> dict[str, float] | None:
    data = record.get("data")
    values = data.get("values") if isinstance(data, dict) else None
    if not isinstance(values, dict):
        return None
    # A whole number of JSON may be larger than any float.
    good = all(
        is_number(weight) and abs(weight) <= sys.float_info.max for weight in values.values()
    )
    return values if good else None
