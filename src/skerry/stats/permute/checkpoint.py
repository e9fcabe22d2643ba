"""What a permutation test has done so far, kept in a small file until it is finished."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from skerry.io.save import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from skerry.stats.permute.measurer import Measurer
    from skerry.stats.permute.moves import Moves

__all__ = ["Checkpoint", "key_of"]

# A change to what an arrangement's number means, or to what is measured, changes this.
_FORMAT = "skerry permute 1"
# What zipfile and numpy raise of bytes that are cut or altered.
_UNREADABLE = (
    OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(slots=True)
class Checkpoint:
    """A file that holds the maxima of the arrangements that are done.

    Attributes
    ----------
    path : Path
    key : str
        Of the data and of all that decides a number; a file of another key is not used.
    n_found : int
        How many arrangements `read` found done.
    was_of_another : bool
        Whether `read` found a file of another key.
    """

    path: Path
    key: str
    n_found: int = field(default=0)
    was_of_another: bool = field(default=False)

    def read(self, null: NDArray[np.float64]) -> None:
        """Fill in what was done, where the file is there and fits."""
        try:
            with self.path.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
                key, done = str(kept["key"]), np.asarray(kept["null"], dtype=np.float64)
        except _UNREADABLE:
            return  # none, or not one of ours: it is made anew
        if key != self.key or done.ndim != 2 or done.shape[1] != null.shape[1]:
            self.was_of_another = True
            return
        n = min(len(done), len(null))  # more may be asked for than before, or fewer
        null[:n] = done[:n]
        self.n_found = int(np.count_nonzero(~np.isnan(null).any(axis=1)))

    def write(self, null: NDArray[np.float64]) -> None:
        """Write what is done."""
        with whole_file(self.path) as stream:
            np.savez(stream, key=np.array(self.key), null=null)

    def remove(self) -> None:
        """Take the file away: all is done."""
        self.path.unlink(missing_ok=True)


def key_of(measurer: Measurer, moves: Moves) -> str:
    """Give a hash of all that decides the maxima of an arrangement's number.

    Parameters
    ----------
    measurer : Measurer
    moves : Moves
        The number of random arrangements does not count: more can be added later.

    Returns
    -------
    str
    """
    digest = hashlib.sha256(_FORMAT.encode())
    field_ = measurer.field
    said = (
        measurer.names, measurer.sign, measurer.threshold, measurer.tfce, measurer.model.df,
        len(measurer.model.tested), field_.connectivity, field_.mask.shape,
        moves.scheme, moves.enumerated, moves.groups, None if moves.enumerated else moves.seed,
        measurer.data.dtype.str, measurer.data.shape,
    )  # fmt: skip
    digest.update(repr(said).encode())
    arrays = (np.round(measurer.model.weights, 9) + 0.0, field_.grid.affine, field_.inside)
    for array in (*arrays, *moves.units, *measurer.data):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
