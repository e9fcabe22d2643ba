"""What must be the same of two runs of a batch."""

from __future__ import annotations

import pyarrow.parquet as parquet

_TIMES = ("tries", "seconds")


def tables_of(out):
    """The bytes of regions and peaks, and maps without what differs between runs."""
    maps = parquet.read_table(out / "maps.parquet")
    same = [name for name in maps.column_names if not name.startswith(_TIMES)]
    names = ("regions.parquet", "peaks.parquet")
    return [(out / name).read_bytes() for name in names], maps.select(same).to_pylist()
