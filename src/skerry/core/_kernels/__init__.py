"""Loops that numba compiles: flat arrays in and out, no checks.

A kernel is written as plain Python over one-dimensional arrays that its caller
has made, so that it runs in two ways with the same result: compiled by numba
(`compiled`), or as it stands on memoryviews (`interpreted`), which is faster
for a small input, because numba takes a third of a second to import.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "compiled",
    "interpreted",
    "load_numba",
    "machine_code_pays",
    "numba_is_loaded",
    "runner",
]

# Up to here plain Python (2 microseconds a voxel) beats the first use of numba in a
# process (half a second to one).
_SMALL = 150_000
_PATIENCE = 3 * _SMALL
_interpreted_so_far = 0

Kernel = TypeVar("Kernel", bound="Callable[..., Any]")


@cache
def compiled(kernel: Kernel) -> Kernel:
    """Compile a kernel with numba, once; the machine code is kept on disk.

    Parameters
    ----------
    kernel : callable
        A module-level function over flat arrays.

    Returns
    -------
    callable
        The same function as machine code, which lets go of the GIL.
    """
    import numba

    compiler: Any = numba.njit(cache=True, nogil=True, boundscheck=False)
    machine_code: Kernel = compiler(kernel)
    return machine_code


def interpreted(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Run a kernel in the interpreter.

    Memoryviews give and take Python integers, several times faster than the
    items of an array.
    """

    def run(*arguments: Any) -> Any:
        return kernel(*(_view(argument) for argument in arguments))

    return run


def runner(kernel: Kernel, machine_code: bool) -> Kernel:
    """Choose how a kernel runs; what it computes is the same."""
    return compiled(kernel) if machine_code else interpreted(kernel)  # type: ignore[return-value]


def numba_is_loaded() -> bool:
    """Tell whether importing numba would cost nothing any more."""
    return "numba" in sys.modules


def machine_code_pays(n_voxels: int) -> bool:
    """Tell whether to run a job of so many voxels as machine code.

    Not for a single small job, which the interpreter has done before numba is
    imported; but for a large one, once numba is there, and when small jobs have
    come so often (a script over many maps) that numba would have paid for itself.
    """
    global _interpreted_so_far  # the import that it decides on is global too
    if n_voxels > _SMALL or numba_is_loaded():
        return True
    _interpreted_so_far += n_voxels
    return _interpreted_so_far > _PATIENCE


def load_numba() -> None:
    """Import numba, so that every kernel from here on is machine code."""
    import numba  # noqa: F401


def _view(argument: Any) -> Any:
    return argument if isinstance(argument, int | float) else memoryview(argument)
