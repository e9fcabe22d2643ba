"""Read what a job needs: its map, its mask and atlases, and the hashes of all of them."""

from __future__ import annotations

import os
import warnings
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from skerry.batch.asked.job import FileSeen, key_of, stamp_of_file
from skerry.errors import MissingFileError, SkerryWarning
from skerry.io.hashing import sha256_of
from skerry.io.notice import notice
from skerry.io.paths import IMAGE_SUFFIXES, shown, sibling

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from skerry.atlas.on_map import AtlasOnMap
    from skerry.batch.asked.job import Job
    from skerry.space.statmap import StatMap

__all__ = ["Inputs", "read_inputs"]

# Files of one image: each with the others of its line.
_PAIRS = ((".hdr", ".img", ".hdr.gz", ".img.gz"), (".head", ".brik", ".brik.gz"))


class Inputs(NamedTuple):
    """What a job works on.

    Attributes
    ----------
    statmap : StatMap
    atlases : tuple of AtlasOnMap
    files : tuple of FileSeen
        The map's files first; the sha256 of a pair is that of both, on each.
    key : str
        Of all that decides the result.
    notes : tuple of str
        What atlases say of themselves.
    """

    statmap: StatMap
    atlases: tuple[AtlasOnMap, ...]
    files: tuple[FileSeen, ...]
    key: str
    notes: tuple[str, ...]


def read_inputs(job: Job) -> Inputs:
    """Read the map of a job, its mask and its atlases.

    Raises
    ------
    SkerryError
        Of one of its kinds, on whatever is wrong with a file or an option.
    """
    from skerry.io.load import load_map

    choices = job.choices
    path, said = _at_home(job)
    stamps = [(part, stamp_of_file(part)) for part in _parts_of(path)]
    mask, mask_seen = (None, ()) if choices.mask is None else _mask(choices.mask)
    statmap = load_map(path, kind=choices.kind, df=choices.df, mask=mask, volume=choices.volume)
    if statmap.kind is None and said:
        kind, df = said
        statmap = load_map(path, kind=kind, df=choices.df or df, mask=mask, volume=choices.volume)
    sha256 = statmap.sha256 or ""
    if said:
        # As `skerry regions` calls it.
        statmap = replace(statmap, name=job.location.replace("neurovault:", "neurovault-"))
    loaded = [_atlas(spec) for spec in choices.atlas]
    seen = [FileSeen(part, *stamp, sha256) for part, stamp in stamps if stamp is not None]
    seen += mask_seen
    seen += [file for _, files in loaded for file in files if os.path.isabs(file.path)]  # noqa: PTH117
    key = key_of(
        job.location,
        choices,
        said=said or (),
        map_sha256=sha256,
        mask_sha256=mask_seen[0].sha256 if mask_seen else None,
        atlases=[
            (os.path.basename(file.path), file.sha256)  # noqa: PTH119
            for _, files in loaded
            for file in files
        ],
    )
    atlases = _placed(statmap, [atlas for atlas, _ in loaded])
    notes = tuple(note for atlas, _ in loaded for note in atlas.notes)
    return Inputs(statmap, atlases, tuple(seen), key, notes)


def _at_home(job: Job) -> tuple[str, tuple[Any, Any] | None]:
    """Give the file of a map on this machine; of a fetched one, what its record says it is."""
    if not job.location.startswith("neurovault:"):
        return job.location, None
    from skerry.datasets.neurovault import fetch_image
    from skerry.datasets.neurovault.maps import df_of, kind_of

    image = fetch_image(int(job.location.partition(":")[2]), verbose=0)
    return os.fspath(image.path), (kind_of(image.image_meta), df_of(image.image_meta))


def _parts_of(path: str) -> list[str]:
    """Give the files that an image is made of: itself, and where it is a pair the other."""
    lower = path.lower()
    for suffixes in _PAIRS:
        if lower.endswith(suffixes):
            others = {sibling(path, suffix) for suffix in suffixes if suffix in IMAGE_SUFFIXES}
            return [path, *sorted(other for other in others - {path} if os.path.isfile(other))]  # noqa: PTH113
    return [path]


class _Kept:
    """The few things that were read last in this process, and the warnings of their reading."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, tuple[Any, list[str]]] = OrderedDict()

    def get(self, name: Hashable, read: Callable[[], Any]) -> Any:
        """Give what is kept under a name, or read it; it warns each time as the first time."""
        if name not in self._held:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                value = read()
            said = [str(one.message) for one in caught if issubclass(one.category, SkerryWarning)]
            self._held[name] = value, said
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        self._held.move_to_end(name)
        value, said = self._held[name]
        for message in said:
            notice(message)
        return value


_masks, _atlases, _positions = _Kept(4), _Kept(8), _Kept(8)


def _mask(path: str) -> tuple[Any, tuple[FileSeen, ...]]:
    """Read a mask once for all maps in a row that share it."""
    from skerry.io.load import load_image

    stamps = [(part, stamp_of_file(part)) for part in _parts_of(path)]
    if stamps[0][1] is None:
        raise MissingFileError(f"File not found: {shown(path)} (the mask)")

    def read() -> tuple[Any, tuple[FileSeen, ...]]:
        sha256 = sha256_of(*(part for part, _ in stamps))
        seen = [FileSeen(part, *stamp, sha256) for part, stamp in stamps if stamp is not None]
        return load_image(path, name="mask"), tuple(seen)

    return _masks.get((path, *stamps), read)  # type: ignore[no-any-return]


def _atlas(spec: str) -> tuple[Any, tuple[FileSeen, ...]]:
    """Read an atlas once, and again when its files change."""
    from skerry.atlas.load import load_atlas

    def read() -> tuple[Any, tuple[FileSeen, ...]]:
        atlas = load_atlas(spec, verbose=0)
        seen = [
            FileSeen(path, *(stamp_of_file(path) or (0, 0)), sha256) for path, sha256 in atlas.files
        ]
        return atlas, tuple(seen)

    halves = [spec, *spec.split(":")]
    return _atlases.get((spec, tuple(map(stamp_of_file, halves))), read)  # type: ignore[no-any-return]


def _placed(statmap: StatMap, atlases: list[Any]) -> tuple[AtlasOnMap, ...]:
    """Bring atlases to a map; what is read off them for its grid is shared by maps on it."""
    if not atlases:
        return ()
    from skerry.atlas.on_map import atlases_on
    from skerry.tables.columns import TAKEN

    placed = atlases_on(statmap, atlases, taken=(*TAKEN, "id"))  # the column of each map's id
    grid = (statmap.grid.shape, statmap.grid.affine.tobytes())
    for one in placed:
        if one.atlas.is_probabilistic:
            continue
        # The atlas itself is part of what is kept, so that its id is no other's.
        _, positions, sizes = _positions.get(
            (id(one.atlas), grid),
            lambda one=one: (one.atlas, one.positions, one.label_voxels),  # type: ignore[misc]
        )
        vars(one).update(positions=positions, label_voxels=sizes)
    return placed
