"""The columns of the three tables, as Arrow knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.batch.extra import need
from skerry.tables.columns import (
    PEAK_CERTAINTY,
    PEAK_COLUMNS,
    REGION_CERTAINTY,
    REGION_COLUMNS,
    one_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from skerry.typing import AnyArray

# A change to what a part holds, or to what a column means, changes this: all is done anew.
SCHEMA_VERSION = 2

REGIONS_ORDER = (*(column.name for column in (*REGION_COLUMNS, *REGION_CERTAINTY)), "part_of")
PEAKS_ORDER = tuple(column.name for column in (*PEAK_COLUMNS, *PEAK_CERTAINTY))

# maps.parquet: what is said of each map; columns of the manifest stand before TIMES.
MAPS_COLUMNS = {
    "id": "string",
    "path": "string",
    "status": "string",
    "reason": "string",
    "n_regions": "int64",
    "n_positive": "int64",
    "n_negative": "int64",
    "n_above_threshold": "int64",
    "n_in_mask": "int64",
    "n_nan": "int64",
    "n_infinite": "int64",
    "asked": "string",
    "threshold": "float64",
    "volume_mm3": "float64",
    "kind": "string",
    "sha256": "string",
    "key": "string",
    "grid": "string",
    "notes": "string",
}
# They alone differ from run to run.
TIMES = {
    "tries": "int64",
    "seconds_read": "float64",
    "seconds_find": "float64",
    "seconds_tables": "float64",
    "seconds_write": "float64",
    "seconds": "float64",
}


def typed(values: AnyArray) -> Any:
    """Give a column of a table as an Arrow array: NaN is null, text is on one line.

    Parameters
    ----------
    values : (n,) array
        Of integers, floats or text.
    """
    pa = need("pyarrow")
    values = np.asarray(values)
    if values.dtype.kind in "iub":
        return pa.array(values.astype(np.int64), type=pa.int64())
    if values.dtype.kind == "f":
        numbers = values.astype(np.float64) + 0.0  # no -0.0
        return pa.array(numbers, type=pa.float64(), mask=np.isnan(numbers))
    texts = [None if value is None else one_line(str(value)) for value in values.tolist()]
    return pa.array(texts, type=pa.string())


_FORM = {
    column.name: column.form
    for column in (*REGION_COLUMNS, *REGION_CERTAINTY, *PEAK_COLUMNS, *PEAK_CERTAINTY)
} | {"part_of": "count"}


def type_of(name: str) -> Any:
    """Give the Arrow type of a column of regions or peaks; what atlases add is text."""
    pa = need("pyarrow")
    form = _FORM.get(name, "text")
    return {"count": pa.int64(), "text": pa.string()}.get(form, pa.float64())


def stacked(tables: Sequence[Mapping[str, AnyArray]], order: Sequence[str]) -> Any:
    """Put tables of several maps one below the other.

    Parameters
    ----------
    tables : sequence of mappings of str to (n,) array
    order : sequence of str
        How columns that are known are ordered.

    Returns
    -------
    pyarrow.Table
        A column that one of the tables lacks is null there.
    """
    pa = need("pyarrow")
    parts = [{name: typed(values) for name, values in table.items()} for table in tables]
    names = in_order((name for part in parts for name in part), order)
    types = {name: array.type for part in parts for name, array in part.items()}
    lengths = [len(next(iter(part.values()))) for part in parts]
    return pa.table(
        {
            name: pa.concat_arrays(
                [
                    part[name] if name in part else pa.nulls(n_rows, types[name])
                    for part, n_rows in zip(parts, lengths, strict=True)
                ]
            )
            for name in names
        }
    )


def in_order(names: Iterable[str], order: Sequence[str]) -> list[str]:
    """Give names once each: known ones in their order, then the others as they come."""
    found = dict.fromkeys(names)
    known = [name for name in order if name in found]
    return known + [name for name in found if name not in set(order)]


def aligned(table: Any, schema: Any) -> Any:
    """Give a table the columns of a schema: what it lacks is null, what is not asked for goes."""
    pa = need("pyarrow")
    columns = [
        table[field.name].cast(field.type)
        if field.name in table.column_names
        else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)
