"""What made a result: inputs, parameters as resolved, versions, counts and notes."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skerry.space.statmap import StatMap

# The packages whose code a number goes through.
_PACKAGES = ("numpy", "nibabel", "connected-components-3d", "numba", "scipy")


def versions() -> dict[str, str]:
    """Give the versions of Python and of the packages that decide a number."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def record(
    statmap: StatMap,
    *,
    command: Sequence[str],
    parameters: Mapping[str, Any],
    threshold: float,
    counts: Mapping[str, int],
    notes: Sequence[str],
    inputs: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Say what made a result, for a JSON file beside it.

    Parameters
    ----------
    statmap : StatMap
        The map; its path and sha256 head the list of inputs.
    command : sequence of str
        The command line, or the call, as it was given.
    parameters : mapping
        Every parameter with the value that was used.
    threshold : float
        The height that was used; infinite when nothing could pass.
    counts : mapping of str to int
        What was counted; the map's own counts are added.
    notes : sequence of str
        What deserves to be said with the result.
    inputs : sequence of mapping
        Further files: `path` and `sha256`.

    Returns
    -------
    dict
        Ready for `skerry.io.save.save_json`.
    """
    import skerry

    return {
        "skerry": skerry.__version__,
        "versions": versions(),
        "command": list(command),
        "inputs": [{"path": statmap.source, "sha256": statmap.sha256}, *map(dict, inputs)],
        "parameters": dict(parameters),
        "threshold": threshold if threshold < sys.float_info.max else None,
        "counts": {
            "in_mask": statmap.n_in_mask,
            "nan": statmap.n_nan,
            "infinite": statmap.n_infinite,
            **counts,
        },
        "notes": list(notes),
    }
