"""`run.json`: what made the tables in a folder."""

from __future__ import annotations

import contextlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skerry.batch.extra import need

if TYPE_CHECKING:
    from skerry.batch.asked.choices import Choices
    from skerry.batch.asked.manifest import Manifest
    from skerry.batch.folder.tables import Counts

__all__ = ["RECORD", "now", "record_of", "remove_record", "save_record"]

RECORD = "run.json"


def record_of(
    manifest: Manifest, common: Choices, counts: Counts, started: str, *, labels: bool
) -> dict[str, Any]:
    """Say what was run, on what, with which options, and what it came to."""
    import skerry
    from skerry.io.provenance import versions

    return {
        "skerry": skerry.__version__,
        "versions": versions() | {"pyarrow": need("pyarrow").__version__},
        "command": _command(),
        "manifest": {"path": manifest.source, "sha256": manifest.sha256, "maps": len(manifest)},
        "parameters": common.plain(files=True) | {"labels": labels},
        "counts": counts._asdict(),
        "started": started,
        "ended": now(),
    }


def _command() -> list[str]:
    """Give the command line, where this is the command."""
    name = Path(sys.argv[0]).name if sys.argv else ""
    return ["skerry", *sys.argv[1:]] if name.startswith("skerry") else ["skerry.batch.run"]


def remove_record(folder: Path) -> None:
    """Remove the record of an earlier run."""
    with contextlib.suppress(OSError):
        (folder / RECORD).unlink(missing_ok=True)


def save_record(folder: Path, record: dict[str, Any]) -> None:
    """Write the record of a run: last, so that where it stands, all is there."""
    from skerry.batch.folder.tables import TABLES
    from skerry.io.hashing import sha256_of
    from skerry.io.save import save_json

    outputs = {name: sha256_of(folder / name) for name in TABLES}
    save_json(record | {"outputs": outputs}, folder / RECORD)


def now() -> str:
    """Give the time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
