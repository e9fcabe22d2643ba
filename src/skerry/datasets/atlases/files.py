"""The files of an atlas on disk: found and verified, or fetched."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from skerry.datasets import cache
from skerry.datasets.atlases.archive import ARCHIVE_BEGINS, ArchiveError, members_of
from skerry.datasets.atlases.download import server_of
from skerry.datasets.folders import DataFolders, data_folders
from skerry.datasets.web.fetch import Patience, get_file
from skerry.datasets.web.get import TransientError, is_offline
from skerry.datasets.web.progress import say
from skerry.errors import ImageFileError, NetworkError, OutputError, TooLargeError
from skerry.io.hashing import sha256_of
from skerry.io.notice import notice
from skerry.io.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from skerry.datasets.atlases.download import Download
    from skerry.datasets.atlases.facts import Source
    from skerry.typing import PathLike

__all__ = ["AtlasFiles"]

_PATIENCE = Patience(30.0)
# NIfTI-1 and NIfTI-2, either byte order, not gzipped.
_NIFTI_BEGINS = (b"\x5c\x01\0\0", b"\0\0\x01\x5c", b"\x1c\x02\0\0", b"\0\0\x02\x1c")


@dataclass(frozen=True)
class AtlasFiles:
    """The folder of an atlas.

    Parameters
    ----------
    source : Source
    folders : DataFolders
        Those that are looked into, and the one that is written to.
    verbose : int
        0 writes nothing.
    """

    source: Source
    folders: DataFolders
    verbose: int = 1

    @classmethod
    def at(cls, source: Source, data_dir: PathLike | None, verbose: int) -> AtlasFiles:
        """Take the arguments of a fetcher."""
        return cls(source, data_folders(data_dir), int(verbose))

    @property
    def own(self) -> Path:
        """Folder that is written to."""
        return self.folders.own / self.source.folder

    def get(self, download: Download, *names: str) -> list[Path]:
        """Give files, all from one folder, fetched if need be.

        Parameters
        ----------
        download : Download
            What brings them.
        *names : str
            Which of its files; all by default.

        Raises
        ------
        NetworkError
            If they are not on disk and do not arrive.
        OutputError
            If they cannot be kept.
        """
        names = names or download.names
        found = self.on_disk(*names)
        if found is None:
            with self.fetched(download) as arrived:
                lacking = [name for name in names if name not in arrived]
                if lacking:
                    raise self._failed(f"what was sent does not hold {lacking[0]}")
                for name, (temporary, stream) in arrived.items():
                    self.keep(temporary, stream, name)
            found = [self.own / name for name in names]
        self._say_terms()
        return found

    def on_disk(self, *names: str) -> list[Path] | None:
        """Give files that are on disk whole, all in one folder; None if they are in none."""
        for root in (self.folders.own, *self.folders.others):
            paths = [root / self.source.folder / name for name in names]
            if all(path.is_file() for path in paths) and all(map(self._is_whole, paths)):
                return paths
        return None

    @contextlib.contextmanager
    def fetched(self, download: Download) -> Iterator[dict[str, tuple[Path, IO[bytes]]]]:
        """Fetch files under temporary names, checked; what is not kept inside the block is gone.

        Yields
        ------
        dict of str to (Path, binary file)
            By name: those of `download.names` that arrived.

        Raises
        ------
        NetworkError
            If none of the addresses gives them whole.
        """
        cache.make_folder(self.own)
        cache.sweep(self.own)
        with contextlib.ExitStack() as stack:
            arrived: dict[str, tuple[Path, IO[bytes]]] | None = None
            faults: list[NetworkError] = []
            for url in download.urls:
                try:
                    arrived = self._try(url, download, stack)
                    break
                except NetworkError as error:
                    faults.append(error)
            if arrived is None:
                raise self._failed("; ".join(map(str, faults))) from faults[-1]
            yield arrived

    def keep(self, temporary: Path, stream: IO[bytes], name: str) -> None:
        """Give a temporary file its name, and record its sha256."""
        target = self.own / name
        stream.flush()
        sha256, before = sha256_of(temporary), cache.recorded_sha256(target)
        if before not in (None, sha256):
            notice(
                f"{target.name} of the {self.source.title} is another file than the one fetched "
                f"first: its sha256 was {before} and is {sha256}"
            )
        if target.parent != temporary.parent:
            cache.make_folder(target.parent)
        cache.keep(temporary, stream, target, sha256)

    def _try(
        self, url: str, download: Download, stack: contextlib.ExitStack
    ) -> dict[str, tuple[Path, IO[bytes]]]:
        server, address = server_of(url)
        name = download.names[0]
        begins, what = _expected(download)
        ending = ".archive" if download.is_archive else _ending(name)
        if not is_offline():
            say(
                f"Fetching the {self.source.title} from {server.host} to {self.own}",
                verbose=self.verbose,
            )
        temporary, stream = stack.enter_context(cache.incoming(self.own, ending=ending))
        arrived: dict[str, tuple[Path, IO[bytes]]] = {}

        def check() -> None:
            arrived.clear()
            try:
                if download.is_archive:
                    arrived.update(self._unpacked(temporary, download, stack))
                else:
                    _check(temporary, name)
                    arrived[name] = temporary, stream
            except (ArchiveError, ImageFileError) as error:
                why = str(error).replace(str(temporary), "the file")
                raise TransientError(
                    f"what {server.host} sends for the {self.source.title} cannot be used: {why}"
                ) from error

        get_file(
            server, address, stream, _PATIENCE,
            check=check, verbose=self.verbose, begins=begins, what=what,
        )  # fmt: skip
        return arrived

    def _unpacked(
        self, archive: Path, download: Download, stack: contextlib.ExitStack
    ) -> dict[str, tuple[Path, IO[bytes]]]:
        unpacked: dict[str, tuple[Path, IO[bytes]]] = {}
        with archive.open("rb") as packed:
            for name, pieces in members_of(packed, frozenset(download.names)):
                # Beside the archive, where `sweep` finds what a killed process leaves.
                temporary, stream = stack.enter_context(
                    cache.incoming(self.own, ending=_ending(name))
                )
                for piece in pieces:
                    stream.write(piece)
                stream.flush()
                try:
                    _check(temporary, name)
                except ImageFileError as error:
                    raise ArchiveError(str(error).replace(str(temporary), name)) from error
                unpacked[name] = temporary, stream
        return unpacked

    def _is_whole(self, path: Path) -> bool:
        recorded = cache.recorded_sha256(path)
        try:
            if recorded is None:  # nilearn's, or put there by hand
                _check(path, path.name)
                return True
            if sha256_of(path) == recorded:
                return True
        except ImageFileError:
            pass
        say(f"{path} is damaged: it is not used", verbose=self.verbose)
        return False

    def _failed(self, why: str) -> NetworkError:
        return NetworkError(
            f"the {self.source.title} is not on disk and could not be fetched: {why}. "
            "Fetch it once where there is a network (skerry fetch atlas) and copy the folder to "
            f"{self.own}, "
            "or give an image and its labels of your own"
        )

    def _say_terms(self) -> None:
        """Say licence and reference the first time that an atlas is used."""
        # Two atlases may share a folder.
        said = self.own / f"terms_{re.sub('[^a-z0-9]+', '_', self.source.title.lower())}.txt"
        if self.verbose > 0 and not said.is_file():
            say(self.source.terms, verbose=self.verbose)
            with contextlib.suppress(OutputError):  # then it is said again
                cache.make_folder(self.own)
                cache.keep_text(self.source.terms + "\n", said)


def _check(path: Path, name: str) -> None:
    if not name.endswith((".nii", ".nii.gz")):
        read_text(path)
        return
    with contextlib.suppress(TooLargeError):  # for whoever reads it to judge
        cache.check_image(path)


def _expected(download: Download) -> tuple[tuple[bytes, ...], str]:
    """Give how what is sent may begin (if that is known), and what to call it."""
    name = download.names[0]
    if download.is_archive:
        return ARCHIVE_BEGINS, "a zip or tar.gz archive"
    if name.endswith(".nii"):
        return _NIFTI_BEGINS, "a NIfTI file"
    if name.endswith(".gz"):
        return ARCHIVE_BEGINS[1:], "a gzipped file"
    return (), f"the file {PurePosixPath(name).name}"


def _ending(name: str) -> str:
    return next((ending for ending in (".nii.gz", ".nii") if name.endswith(ending)), ".text")
