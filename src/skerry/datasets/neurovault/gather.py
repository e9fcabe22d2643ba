"""Get images into a folder: what is there and whole stays, the rest is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skerry.checks import is_whole_number
from skerry.datasets import cache
from skerry.datasets.neurovault.resampled import keep_resampled
from skerry.datasets.neurovault.shelf import (
    FetchedImage,
    keep_list,
    keep_records,
    kept,
    kept_list,
    located,
)
from skerry.datasets.web.fetch import get_file
from skerry.datasets.web.get import TransientError
from skerry.datasets.web.progress import say
from skerry.errors import ImageFileError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from skerry.datasets.folders import DataFolders
    from skerry.datasets.neurovault.archive import Archive
    from skerry.datasets.neurovault.failures import Failures
    from skerry.typing import Interpolation

    Record = dict[str, Any]

__all__ = ["Gatherer"]


@dataclass(frozen=True)
class Gatherer:
    """Gets images into a folder.

    Parameters
    ----------
    folders : DataFolders
        Those that are looked into, and the one that is written to.
    archive : Archive
        Who is asked for what is missing.
    overwrite : bool
        Fetch also what is there.
    resampled : {"continuous", "linear", "nearest"}, optional
        Keep maps on NeuroVault's 3 mm grid, made with this interpolation.
    verbose : int
        0 writes nothing.
    """

    folders: DataFolders
    archive: Archive
    overwrite: bool = False
    resampled: Interpolation | None = None
    verbose: int = 1

    @property
    def root(self) -> Path:
        """Folder of the collections that is written to."""
        return self.folders.own / "neurovault"

    def candidates(self, image_id: int | None = None) -> Iterator[FetchedImage]:
        """Find images on disk, not verified yet."""
        for folder in (self.folders.own, *self.folders.others):
            yield from kept(folder / "neurovault", image_id)

    def ready(self, found: FetchedImage) -> FetchedImage | None:
        """Give an image on disk in the form wanted, verified; None if it is damaged."""
        if self.resampled is not None:
            if self._is_whole(found.resampled_path):
                return found._replace(path=found.resampled_path)
            if not self._is_whole(found.path):
                return None
            return self._resampled_from(found)
        return found if self._is_whole(found.path) else None

    def on_disk(self, image_id: int) -> FetchedImage | None:
        """Give an image on disk, if one is whole."""
        return next(filter(None, map(self.ready, self.candidates(image_id))), None)

    def image(
        self,
        image_id: int,
        record: Record | None = None,
        collection: Record | None = None,
        *,
        place: str = "",
    ) -> FetchedImage:
        """Give an image, fetched if need be.

        Parameters
        ----------
        image_id : int
            Its number.
        record, collection : dict, optional
            What the server said of it and of its collection, if it was asked.
        place : str
            Where it stands among the images asked for, for messages.
        """
        if not self.overwrite and (found := self.on_disk(image_id)) is not None:
            return found
        return self._download(image_id, record, collection, place)

    def listed(self, collection_id: int) -> list[FetchedImage] | None:
        """Give a collection that is on disk whole, as the server last listed it."""
        if self.overwrite:
            return None
        image_ids = kept_list(self.root, collection_id)
        if image_ids is None:
            return None
        found = []
        for image_id in image_ids:
            image = self.on_disk(image_id)
            if image is None:
                return None
            found.append(image)
        return found

    def collection(
        self,
        collection_id: int,
        failures: Failures,
        *,
        wanted: Callable[[Record], Any] | None = None,
    ) -> list[FetchedImage]:
        """Give the images of a collection, those that are missing fetched.

        Parameters
        ----------
        collection_id : int
            Its number.
        failures : Failures
            Takes the images that cannot be fetched.
        wanted : callable, optional
            Tells from its record whether an image is wanted.
        """
        cache.sweep(self.root / f"collection_{collection_id}")
        if wanted is None and (whole := self.listed(collection_id)) is not None:
            return whole
        collection = self.archive.collection(collection_id)
        records = list(self.archive.images_of(collection_id))
        if wanted is None:
            keep_list(self.root, collection_id, [record["id"] for record in records])
        else:
            records = [record for record in records if wanted(record)]
        found = []
        for number, record in enumerate(records, start=1):
            place = f"[{number}/{len(records)}] "
            with failures.noted(record["id"]):
                found.append(self.image(record["id"], record, collection, place=place))
        cache.sweep(self.root / f"collection_{collection_id}")
        return found

    def all_of(
        self,
        collection_ids: Iterable[int],
        image_ids: Iterable[int],
        failures: Failures,
        *,
        wanted: Callable[[Record], Any] | None = None,
    ) -> list[FetchedImage]:
        """Give the images of collections, then further images, each once.

        Parameters
        ----------
        collection_ids, image_ids : iterable of int
            Their numbers.
        failures, wanted
            As for `collection`.
        """
        found: dict[int, FetchedImage] = {}
        for collection_id in collection_ids:
            for image in self.collection(collection_id, failures, wanted=wanted):
                found.setdefault(image.image_meta["id"], image)
        missing = [image_id for image_id in image_ids if image_id not in found]
        for number, image_id in enumerate(missing, start=1):
            place = f"[{number}/{len(missing)}] " if len(missing) > 1 else ""
            with failures.noted(image_id):
                found[image_id] = self.image(image_id, place=place)
        return list(found.values())

    def _download(
        self, image_id: int, image: Record | None, collection: Record | None, place: str
    ) -> FetchedImage:
        archive, server = self.archive, self.archive.server
        image = archive.image(image_id) if image is None else archive.checked_image(image, image_id)
        collection_id = image["collection_id"]
        collection = archive.collection(collection_id) if collection is None else collection
        found = located(self.root, image_id, collection_id, image, collection)
        folder = found.path.parent
        say(
            f"{place}Fetching NeuroVault image {image_id} from {server.host} to {folder}",
            verbose=self.verbose,
        )
        cache.make_folder(folder)
        cache.sweep(folder)
        with cache.incoming(folder) as (temporary, stream):
            sha256 = get_file(
                server,
                image["file"],
                stream,
                archive.patience,
                n_bytes=_size(image),
                check=lambda: self._check_image(temporary, image_id),
                verbose=self.verbose,
            )
            if self.resampled is None:
                cache.keep(temporary, stream, found.path, sha256)
            else:
                keep_resampled(temporary, found.resampled_path, self.resampled)
        if self.overwrite:  # what was made from the old one goes with it
            cache.discard(found.path if self.resampled else found.resampled_path)
        keep_records(found)
        return found if self.resampled is None else found._replace(path=found.resampled_path)

    def _check_image(self, path: Path, image_id: int) -> None:
        try:
            cache.check_image(path)
        except TooLargeError:
            raise
        except ImageFileError as error:
            why = str(error).replace(str(path), "the file")
            raise TransientError(
                f"what {self.archive.host} sends for image {image_id} cannot be used: {why}"
            ) from error

    def _resampled_from(self, found: FetchedImage) -> FetchedImage:
        """Resample an image on disk, into the folder that is written to."""
        image, collection = found.image_meta, found.collection_meta
        collection_id = int(found.path.parent.name.removeprefix("collection_"))
        made = located(self.root, image["id"], collection_id, image, collection)
        cache.make_folder(made.path.parent)
        keep_resampled(found.path, made.resampled_path, self.resampled or "continuous")
        if made.path != found.path:
            keep_records(made)
        return made._replace(path=made.resampled_path)

    def _is_whole(self, path: Path) -> bool:
        if not path.is_file():
            return False
        if cache.is_whole(path):
            return True
        say(f"{path} is damaged: it is not used", verbose=self.verbose)
        return False


def _size(image: Record) -> int | None:
    size = image.get("file_size")
    return size if is_whole_number(size) and size > 0 else None
