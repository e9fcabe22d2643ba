"""Images that could not be fetched: told together at the end, unless there are too many."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from skerry.datasets.web.get import OutOfReachError
from skerry.errors import ImageFileError, NetworkError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Failures"]

# Enough to tell a server that is out of order, or an archive of other things, from bad files.
_MOST_OUT_OF_REACH = 10
_MOST_FAILURES = 100


@dataclass
class Failures:
    """Images that could not be fetched, and why."""

    reasons: dict[int, Exception] = field(default_factory=dict)
    _in_a_row: int = 0
    _out_of_reach: int = 0

    @contextlib.contextmanager
    def noted(self, image_id: int) -> Iterator[None]:
        """Go on after a failure, but not for ever.

        Raises
        ------
        NetworkError
            After 10 failures in a row for want of an answer, or 100 of any kind.
        """
        try:
            yield
        except (NetworkError, ImageFileError) as error:
            self.reasons[image_id] = error
            self._in_a_row += 1
            self._out_of_reach += isinstance(error, OutOfReachError)
            if self._out_of_reach == _MOST_OUT_OF_REACH or self._in_a_row == _MOST_FAILURES:
                raise NetworkError(
                    f"{self._in_a_row} images in a row could not be fetched, so no more were "
                    f"asked for; the last: {error}"
                ) from error
        else:
            self._in_a_row = self._out_of_reach = 0
            self.reasons.pop(image_id, None)  # on disk it was no good; now it is

    def __bool__(self) -> bool:
        return bool(self.reasons)

    def __str__(self) -> str:
        numbers = list(self.reasons)
        first = numbers[0]
        named = ", ".join(map(str, numbers[:10])) + (", ..." if len(numbers) > 10 else "")
        plural = "s" if len(numbers) > 1 else ""
        return (
            f"{len(numbers)} image{plural} of NeuroVault could not be fetched ({named}); "
            f"{first}: {self.reasons[first]}"
        )

    def raise_if_any(self) -> None:
        """Raise one error for all of them."""
        if self:
            raise NetworkError(
                f"{self}; what arrived is kept: ask again, or take it with mode='offline'"
            )
