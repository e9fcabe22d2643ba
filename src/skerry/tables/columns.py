"""Every column of the tables: its name, unit and meaning, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from skerry.io.formula import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skerry.typing import AnyArray

Form: TypeAlias = Literal["count", "mm", "value", "text"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
    form : {"count", "mm", "value", "text"}
        How it is written: whole numbers; millimetres to 3 decimals; values to
        8 significant digits; text.
    meaning : str
        What a reader needs to know.
    """

    name: str
    form: Form
    meaning: str


def _xyz(name: str, meaning: str) -> tuple[Column, ...]:
    return tuple(Column(f"{name}{axis}", "mm", f"{axis} of {meaning}, RAS+ mm") for axis in "xyz")


def _ijk(name: str, meaning: str) -> tuple[Column, ...]:
    return tuple(Column(f"{name}{axis}", "count", f"voxel index of {meaning}") for axis in "ijk")


REGION_COLUMNS = (
    Column("region", "count", "number of the region, the same in the label image"),
    Column("sign", "text", "positive or negative"),
    Column("n_voxels", "count", "extent, voxels"),
    Column("volume_mm3", "mm", "extent, mm3"),
    *_xyz("peak_", "the peak"),
    Column("peak_value", "value", "value at the peak"),
    *_ijk("peak_", "the peak"),
    Column("mean_value", "value", "mean of the values"),
    Column("mass", "value", "sum of |value|"),
    *_xyz("centroid_", "the mean of the voxel centres"),
    *_xyz("cog_", "the centre of gravity, weighted by |value|"),
    Column("n_peaks", "count", "local maxima"),
)
# Where the kind of the map is known; 2.2e-308 stands for anything smaller.
REGION_CERTAINTY = (
    Column("p_peak_fwe", "value", "family-wise p of the peak, random field theory"),
    Column("p_cluster_fwe", "value", "family-wise p of the extent, random field theory"),
    Column("q_fdr", "value", "false discovery rate at which the peak is found"),
    Column("tdp", "value", "least share of its voxels that is active, 95 % confidence for all"),
    Column("height", "value", "threshold at which the region, chosen by its tdp, is one cluster"),
)
PEAK_COLUMNS = (
    Column("region", "count", "number of the region"),
    Column("peak", "count", "number of the peak in its region, 1 the highest"),
    *_xyz("", "the peak"),
    *_ijk("", "the peak"),
    Column("value", "value", "value at the peak"),
    Column(
        "prominence", "value", "|value| above the highest saddle to a higher peak, or the threshold"
    ),
)
PEAK_CERTAINTY = (
    Column("p", "value", "p of the peak by itself"),
    Column("q", "value", "false discovery rate at which the peak is found"),
)
# A row for each pair of a region and a label of an atlas that share voxels.
OVERLAP_COLUMNS = (
    Column("region", "count", "number of the region"),
    Column("atlas", "text", "name of the atlas"),
    Column("number", "count", "number of the label in the atlas, 0 outside"),
    Column("label", "text", "name of the label"),
    Column("network", "text", "larger system of the label, where the atlas has such"),
    Column("shared_voxels", "value", "voxels shared, or the sum of probabilities"),
    Column("shared_mm3", "mm", "the same in mm3"),
    Column("of_region", "value", "the same as a share of the region"),
    Column("of_label", "value", "the same as a share of the whole label"),
)
_FORM = {
    column.name: column.form
    for column in (
        *REGION_COLUMNS,
        *REGION_CERTAINTY,
        *PEAK_COLUMNS,
        *PEAK_CERTAINTY,
        *OVERLAP_COLUMNS,
    )
}
# What no column of an atlas may be called: it would be overwritten, or written as a number.
TAKEN = ("sign", "part_of", *(name for name, form in _FORM.items() if form != "text"))
MISSING = "n/a"


def spread(name: str, points: AnyArray, axes: str) -> dict[str, AnyArray]:
    """Give an (n, 3) array as three columns."""
    return {f"{name}{axis}": points[:, number] for number, axis in enumerate(axes)}


def in_order(
    columns: Mapping[str, AnyArray], names: tuple[Column, ...], when_known: tuple[Column, ...] = ()
) -> dict[str, AnyArray]:
    """Put columns in the order of their definition, those that may be missing last."""
    known = tuple(column for column in when_known if column.name in columns)
    return {column.name: columns[column.name] for column in (*names, *known)}


def written(name: str, values: AnyArray) -> list[str]:
    """Write a column as text, the same on every machine.

    Parameters
    ----------
    name : str
        Of the column; unknown names are written by their dtype.
    values : (n,) array

    Returns
    -------
    list of str
        Millimetres to 3 decimals, values to 8 significant digits, `n/a` for NaN.
    """
    form = _FORM.get(name, _form_of(values))
    if form == "count":
        return [str(int(value)) for value in values]
    if form == "text":
        return [one_line(str(value)) if value is not None else MISSING for value in values]
    pattern = "{:.3f}" if form == "mm" else "{:.8g}"
    # Adding 0.0 turns -0.0 into 0.0; rounding first catches -0.0001.
    return [
        MISSING
        if np.isnan(value)
        else pattern.format(round(float(value), 3) + 0.0)
        if form == "mm"
        else pattern.format(float(value) + 0.0)
        for value in values
    ]


def _form_of(values: AnyArray) -> Form:
    if values.dtype.kind in "iub":
        return "count"
    return "value" if values.dtype.kind == "f" else "text"


def one_line(text: str) -> str:
    """Keep what would break a table (tabs, line ends, NUL) out of a cell."""
    return "".join(c if c.isprintable() else " " for c in text).strip()


def to_tsv(columns: Mapping[str, AnyArray], *, quote_formulas: bool = False) -> str:
    """Write columns as TSV: one header line, one line a row.

    Parameters
    ----------
    columns : mapping of str to (n,) array
    quote_formulas : bool
        Put an apostrophe before text, headers too, that a spreadsheet would take
        for a formula (= + - @). Otherwise names stay what they are.

    Returns
    -------
    str
    """
    cells = [written(name, values) for name, values in columns.items()]
    heads = list(columns)
    if quote_formulas:
        heads = [quoted(name) for name in heads]
        for at, (name, values) in enumerate(columns.items()):
            if _FORM.get(name, _form_of(values)) == "text":
                cells[at] = [quoted(text) for text in cells[at]]
    lines = ["\t".join(heads), *("\t".join(row) for row in zip(*cells, strict=True))]
    return "\n".join(lines) + "\n"


def to_rows(columns: Mapping[str, AnyArray]) -> list[dict[str, Any]]:
    """Give columns as one dict a row, of plain Python numbers; None for what is missing."""
    lists = {name: [_plain(value) for value in values.tolist()] for name, values in columns.items()}
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value
