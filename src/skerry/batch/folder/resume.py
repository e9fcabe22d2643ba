"""What earlier runs in a folder have done: by content, so that only what changed is done anew."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections import defaultdict
from typing import TYPE_CHECKING

from skerry.batch.asked.job import FileSeen, Job, kin_of, question_of, stamp_of_file
from skerry.batch.extra import need
from skerry.batch.parts.block import Block, packed
from skerry.batch.parts.part import SUFFIX, Part, PartShelf
from skerry.errors import DamagedFileError
from skerry.io.save import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from skerry.batch.asked.choices import Choices
    from skerry.batch.one_map.task import Seen

__all__ = ["Kept"]

_SEEN = ".seen"


class Kept:
    """The parts in a folder, and what they say of the files that they came from.

    Parameters
    ----------
    folder : Path
        Where the parts lie.

    Attributes
    ----------
    n_damaged : int
        Parts whose bytes were not those written; they were removed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shelf = PartShelf(folder)
        self.where: dict[str, tuple[str, int]] = {}
        self.labels_sha256: dict[str, str] = {}
        self._files: dict[str, list[tuple[str, tuple[FileSeen, ...]]]] = defaultdict(list)
        self._kin: dict[str, dict[str, None]] = defaultdict(dict)
        self._known: dict[str, tuple[str, ...]] = {}
        self._checked: dict[str, tuple[int, int] | None] = {}
        self.n_damaged = 0
        for name in self.shelf.names():
            self._take_in(name)
        for path in sorted(folder.glob(f"*{_SEEN}")):
            self._take_in_seen(path)

    def _take_in(self, name: str) -> None:
        part = Part(self.folder / name)
        if not part.is_whole():
            self.n_damaged += 1
            with contextlib.suppress(OSError):
                part.path.unlink()
            return
        columns = ("key", "question", "kin", "files", "labels_sha256")
        for row, (key, question, kin, files, labels) in enumerate(
            zip(*(part.maps[column].to_pylist() for column in columns), strict=True)
        ):
            self.where.setdefault(key, (name, row))
            self._files[question].append((key, _files_of(files)))
            self._kin[kin][key] = None
            if labels:
                self.labels_sha256[key] = labels

    def _take_in_seen(self, path: Path) -> None:
        try:
            block = Block(path.read_bytes(), path.name)
            rows = block.table("seen").to_pylist() if block.is_whole() else []
        except (OSError, DamagedFileError):
            return
        for row in rows:
            self._files[row["question"]].append((row["key"], _files_of(row["files"])))

    def ready(self, location: str, choices: Choices) -> str | None:
        """Give the key of a map's result if it is there and none of its files was touched."""
        for key, files in reversed(self._files.get(question_of(location, choices), [])):
            if key in self.where and all(map(self._untouched, files)):
                return key
        return None

    def _untouched(self, file: FileSeen) -> bool:
        if file.path not in self._checked:
            self._checked[file.path] = stamp_of_file(file.path)
        return self._checked[file.path] == (file.size, file.mtime_ns)

    def job(self, location: str, choices: Choices) -> Job:
        """Give the job of a map, with the keys that would make doing it needless."""
        kin = kin_of(location, choices)
        # One tuple for all: thousands of maps may have one name, in folders of their own.
        if kin not in self._known:
            self._known[kin] = tuple(self._kin.get(kin, ()))
        return Job(location, choices, self._known[kin])

    def add_part(self, data: bytes) -> None:
        """Keep a part that came from a worker."""
        name = f"{Block(data, 'a part').digest[:32]}{SUFFIX}"
        with whole_file(self.folder / name) as stream:
            stream.write(data)
        keys = Part(self.folder / name).maps["key"].to_pylist()
        for row, key in enumerate(keys):
            self.where.setdefault(key, (name, row))

    def add_seen(self, seen: Sequence[tuple[Seen, str]]) -> None:
        """Keep that files are the same as before, as they are now."""
        pa = need("pyarrow")
        rows = [
            {"key": one.key, "question": question, "files": json.dumps(one.files)}
            for one, question in seen
        ]
        with whole_file(self.folder / f"{secrets.token_hex(16)}{_SEEN}") as stream:
            stream.write(packed({"seen": pa.Table.from_pylist(rows)}))

    def forget_others(self, keys: Iterable[str]) -> None:
        """Remove the parts that hold no map of these keys: what they hold is no longer asked."""
        wanted = {self.where[key][0] for key in keys}
        for name in self.shelf.names():
            if name not in wanted:
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()


def _files_of(text: str) -> tuple[FileSeen, ...]:
    return tuple(FileSeen(*file) for file in json.loads(text))
