"""The tests that `skerry permute` is asked for, and what each reads and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from skerry.glm.permute_study import Study

__all__ = ["CHECKPOINT", "Test", "files_read", "files_written", "tests_of"]

CHECKPOINT = "permute_checkpoint.npz"


class Test(NamedTuple):
    """One contrast, and the folder of its results."""

    name: str | None
    weights: Any
    folder: Path


def tests_of(study: Study, out: Path, said: list[str] | None, *, together: bool) -> list[Test]:
    """Give each contrast its folder: several get one each within `out`."""
    from skerry.cli.permute_results import folder_names
    from skerry.stats.permute.contrast import read_contrasts

    if not said:
        return [Test(None, None, out)]
    found = read_contrasts(said, study.design.names, together=together)
    if len(found) == 1:
        return [Test(found[0].name, found[0].rows, out)]
    names = folder_names([contrast.name for contrast in found])
    return [Test(c.name, c.rows, out / name) for c, name in zip(found, names, strict=True)]


def files_read(
    mask: str | None, design: str | None, blocks: str | None, contrasts: list[str]
) -> list[str]:
    """Give the files that were read besides the maps."""
    from skerry.stats.permute.fsl import is_number_file

    read = [path for path in (mask, design) if path is not None]
    return read + [name for name in (blocks, *contrasts) if name and is_number_file(name)]


def files_written(tests: list[Test]) -> list[Path]:
    """Give the files that tests may write."""
    from skerry.cli.permute_results import FILES, RECORD

    return [one.folder / name for one in tests for name in (*FILES, RECORD, CHECKPOINT)]
