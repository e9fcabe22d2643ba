"""Regions as lines that a person reads on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skerry.io.paths import shown

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from skerry.regions.regions import Regions
    from skerry.typing import AnyArray


def readable(found: Regions, rows: dict[str, AnyArray] | None = None) -> str:
    """Lay the regions out for a person: what was done, then a line a region.

    Parameters
    ----------
    found : Regions
    rows : dict of arrays, optional
        The columns of their table, when they are at hand.

    Returns
    -------
    str
    """
    from skerry.tables.region_table import region_columns

    rows = region_columns(found) if rows is None else rows
    statmap = found.statmap
    signs = {"both": "both signs"}.get(found.sign, f"{found.sign} only")
    own = "heights of their own, all " if "height" in found.columns else ""
    height = f"{found.threshold:.6g}"
    asked = "" if height == found.asked else f" ({found.asked})"
    how = f"{own}|value| >= {height}{asked}, {signs}"
    number = "1 region" if len(found) == 1 else f"{len(found)} regions"
    head = f"{shown(statmap.name)}: {number} at {how}"
    lines = [f"{head}, connectivity {found.connectivity}"]
    if len(found):
        lines += _lay_out(rows)
    return "\n".join(lines) + "\n"


_CERTAINTY = {"p_peak_fwe": "p peak", "p_cluster_fwe": "p cluster", "q_fdr": "q", "tdp": "tdp"}


def _short(p: float) -> str:
    return "n/a" if np.isnan(p) else f"{p:.3f}" if p >= 0.001 else f"{p:.1e}"


def _lay_out(rows: dict[str, AnyArray]) -> list[str]:
    head: tuple[str, ...] = (
        "region", "sign", "voxels", "mm3", "peak x, y, z (mm)", "peak", "mean", "peaks"
    )  # fmt: skip
    known = [name for name in _CERTAINTY if name in rows]
    head += tuple(_CERTAINTY[name] for name in known)
    named = [name for name in rows if name.endswith("_peak") and rows[name].dtype == object]
    head += tuple(shown(name.removesuffix("_peak")) for name in named)
    cells = [
        (
            f"{rows['region'][n]}",
            str(rows["sign"][n]),
            f"{rows['n_voxels'][n]}",
            f"{rows['volume_mm3'][n]:.0f}",
            ", ".join(f"{rows[f'peak_{axis}'][n] + 0.0:.1f}" for axis in "xyz"),
            f"{rows['peak_value'][n]:.4g}",
            f"{rows['mean_value'][n]:.4g}",
            f"{rows['n_peaks'][n]}",
            *(_short(rows[name][n]) if name != "tdp" else f"{rows[name][n]:.3f}" for name in known),
            *(str(rows[name][n]) for name in named),
        )
        for n in range(len(rows["region"]))
    ]
    return laid_out(head, cells, {1, *range(len(head) - len(named), len(head))})


def laid_out(
    head: Sequence[str], cells: Sequence[Sequence[str]], left: Container[int]
) -> list[str]:
    """Set a table in columns: a line a row, the columns named in `left` flush left."""
    widths = [max(len(row[column]) for row in (head, *cells)) for column in range(len(head))]
    return [
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *cells)
    ]
