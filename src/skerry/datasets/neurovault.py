"""Statistical maps from NeuroVault, by number.

The server is https://neurovault.org, or the one that the environment variable
`SKERRY_NEUROVAULT_URL` names (https; http only on loopback). What it says is
not trusted: file names come from numbers, never from its answers.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from skerry.datasets import _cache
from skerry.datasets._fetch import MAX_RECORD_BYTES, Patience, get_file, get_record, parse_record
from skerry.datasets._folders import data_folders
from skerry.datasets._http import TransientError
from skerry.datasets._progress import say
from skerry.datasets._server import Server
from skerry.datasets.bunch import Bunch
from skerry.errors import ArgumentError, ImageFileError, NetworkError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from skerry.typing import PathLike

__all__ = ["FetchedImage", "fetch_image", "fetch_neurovault_auditory_computation_task"]

_AUDITORY_COMPUTATION = 32980
_SERVER_VARIABLE = "SKERRY_NEUROVAULT_URL"
_DEFAULT_SERVER = "https://neurovault.org"
_LARGEST_ID = 10**12
# What contributors write where there is nothing to say.
_NOTHING = re.compile(r"$|n/?a$|none|null", re.IGNORECASE)
_DESCRIPTION = """\
NeuroVault (https://neurovault.org) is a public archive of statistical maps,
parcellations and atlases of the brain. The maps are released under CC0.

images: paths of the maps, one NIfTI file each
images_meta: what NeuroVault knows of each map
collections_meta: what it knows of the collection that each map belongs to

Gorgolewski et al. 2015, doi:10.3389/fninf.2015.00008
"""


class FetchedImage(NamedTuple):
    """A map on disk, and what NeuroVault knows of it and of its collection."""

    path: Path
    image_meta: dict[str, Any]
    collection_meta: dict[str, Any]


def fetch_neurovault_auditory_computation_task(
    data_dir: PathLike | None = None, verbose: int = 1, timeout: float = 10.0
) -> Bunch:
    """Fetch a map of mental subtraction upon auditory instruction.

    It is NeuroVault image 32980 (auditory calculation against baseline, one
    subject). It is asked for once and kept; what is kept is verified on each use.

    Parameters
    ----------
    data_dir : path, optional
        Folder to keep it in. By default the one that the environment variable
        `SKERRY_DATA` names, else the user's cache folder for skerry; nilearn's
        data folders are read too where they hold the map.
    verbose : int
        0 writes nothing; 1 says on standard error what is fetched.
    timeout : float
        Longest wait for the server to connect and to send each further byte, in
        seconds. The map may take 60 times as long in all.

    Returns
    -------
    Bunch
        `images` (list of one path, str), `images_meta` and `collections_meta`
        (lists of one dict), `description` (str).

    Raises
    ------
    NetworkError
        If the map is not on disk and does not arrive whole.
    OutputError
        If the folder cannot be written.
    ArgumentTypeError, ArgumentError
        If an argument makes no sense.

    References
    ----------
    https://neurovault.org/images/32980/ (CC0).
    """
    found = fetch_image(_AUDITORY_COMPUTATION, data_dir=data_dir, verbose=verbose, timeout=timeout)
    return _as_bunch([found])


def fetch_image(
    image_id: int,
    *,
    data_dir: PathLike | None = None,
    verbose: int = 1,
    timeout: float = 10.0,
) -> FetchedImage:
    """Fetch a NeuroVault image by its number, or find it on disk.

    Parameters
    ----------
    image_id : int
        Its number: 32980 for https://neurovault.org/images/32980/.
    data_dir, verbose, timeout
        As for `fetch_neurovault_auditory_computation_task`.

    Returns
    -------
    FetchedImage
        Under `neurovault/collection_<number>/` in the data folder.

    Raises
    ------
    NetworkError, OutputError, ArgumentTypeError, ArgumentError
        As for `fetch_neurovault_auditory_computation_task`.
    """
    if not _is_id(image_id):
        raise ArgumentError(f"image_id must be a positive whole number, got {image_id!r}")
    patience = Patience.checked(timeout)
    folders = data_folders(data_dir)
    for folder in (folders.own, *folders.others):
        for found in _kept(folder / "neurovault", image_id):
            if _cache.is_whole(found.path):
                return found
            say(f"{found.path} is damaged: fetching it again", verbose=verbose)
    return _download(image_id, folders.own / "neurovault", patience, verbose)


def _as_bunch(found: list[FetchedImage]) -> Bunch:
    return Bunch(
        images=[str(image.path) for image in found],
        images_meta=[image.image_meta for image in found],
        collections_meta=[image.collection_meta for image in found],
        description=_DESCRIPTION,
    )


def _kept(root: Path, image_id: int) -> Iterator[FetchedImage]:
    """Find an image in nilearn's layout, its two records included."""
    for path in sorted(root.glob(f"collection_*/image_{image_id}_metadata.json")):
        image = _read_record(path)
        collection = _read_record(path.with_name("collection_metadata.json"))
        number = re.fullmatch("collection_([1-9][0-9]*)", path.parent.name)
        if image is None or collection is None or number is None:
            continue
        if image.get("id") == image_id and path.with_name(_image_name(image_id)).is_file():
            yield _located(root, image_id, int(number[1]), image, collection)


def _read_record(path: Path) -> dict[str, Any] | None:
    try:
        with path.open("rb") as stream:
            return parse_record(stream.read(MAX_RECORD_BYTES))
    except OSError:
        return None


def _download(image_id: int, root: Path, patience: Patience, verbose: int) -> FetchedImage:
    server = _server()
    image = _image_record(server, image_id, patience)
    collection_id = image["collection_id"]
    collection = _collection_record(server, collection_id, patience)
    found = _located(root, image_id, collection_id, image, collection)
    folder = found.path.parent
    say(f"Fetching NeuroVault image {image_id} from {server.host} to {folder}", verbose=verbose)
    _cache.make_folder(folder)
    _cache.sweep(folder)
    with _cache.incoming(folder) as (temporary, stream):
        sha256 = get_file(
            server,
            image["file"],
            stream,
            patience,
            n_bytes=_size(image),
            check=lambda: _check_image(temporary, server, image_id),
            verbose=verbose,
        )
        _cache.keep(temporary, stream, found.path, sha256)
    # The image's own record comes last: where it is, all is there.
    _keep_record(found.collection_meta, folder / "collection_metadata.json")
    _keep_record(found.image_meta, folder / f"image_{image_id}_metadata.json")
    return found


def _check_image(path: Path, server: Server, image_id: int) -> None:
    try:
        _cache.check_image(path)
    except TooLargeError:
        raise
    except ImageFileError as error:
        why = str(error).replace(str(path), "the file")
        raise TransientError(
            f"what {server.host} sends for image {image_id} cannot be used: {why}"
        ) from error


def _server() -> Server:
    address = os.environ.get(_SERVER_VARIABLE) or _DEFAULT_SERVER
    server = Server.parse(address, name=_SERVER_VARIABLE)
    return server if server.base.endswith("/api/") else Server(server.base + "api/")


def _image_record(server: Server, image_id: int, patience: Patience) -> dict[str, Any]:
    # With the slash at the end, without which NeuroVault redirects.
    record = get_record(server, f"images/{image_id}/", patience)
    good = record.get("id") == image_id and _is_id(record.get("collection_id"))
    if not (good and isinstance(record.get("file"), str)):
        raise NetworkError(
            f"{server.host} has no usable record of image {image_id}: its id, collection_id or "
            "file is missing or wrong"
        )
    server.admit(record["file"])
    return _cleaned(record)


def _collection_record(server: Server, collection_id: int, patience: Patience) -> dict[str, Any]:
    record = get_record(server, f"collections/{collection_id}/", patience)
    if record.get("id") != collection_id:
        raise NetworkError(f"{server.host} has no usable record of collection {collection_id}")
    return _cleaned(record)


def _cleaned(record: dict[str, Any]) -> dict[str, Any]:
    """Say None where a record says nothing; keep no paths that a server made up."""
    return {
        name: None if isinstance(value, str) and _NOTHING.match(value) else value
        for name, value in record.items()
        if "relative_path" not in name and "absolute_path" not in name
    }


def _located(
    root: Path, image_id: int, collection_id: int, image: dict[str, Any], collection: dict[str, Any]
) -> FetchedImage:
    """Add where things are, under nilearn's names, to what NeuroVault says."""
    folder = f"collection_{collection_id}"
    paths = {
        "": f"{folder}/{_image_name(image_id)}",
        "resampled_": f"{folder}/image_{image_id}_resampled.nii.gz",
    }
    located = dict(image)
    for prefix, relative in paths.items():
        located[f"{prefix}relative_path"] = relative
        located[f"{prefix}absolute_path"] = str(root / relative)
    held = {**collection, "relative_path": folder, "absolute_path": str(root / folder)}
    return FetchedImage(root / paths[""], located, held)


def _keep_record(record: dict[str, Any], path: Path) -> None:
    movable = {name: value for name, value in record.items() if "absolute_path" not in name}
    _cache.keep_text(json.dumps(movable) + "\n", path)


def _image_name(image_id: int) -> str:
    return f"image_{image_id}.nii.gz"


def _size(image: dict[str, Any]) -> int | None:
    size = image.get("file_size")
    return size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else None


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LARGEST_ID
