"""What `skerry permute` writes and prints."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from skerry.glm.permuted_maps import PermutedMaps

__all__ = ["FILES", "RECORD", "folder_names", "readable", "save"]

RECORD = "permute.json"
# All that a test may give, besides its record.
FILES = frozenset(
    f"{name}{end}"
    for names, ends in (
        (("t", "F", "extent", "excess_mass", "tfce"), (".nii.gz", "_neglog10p_fwe.nii.gz")),
        (("clusters",), (".nii.gz", ".tsv")),
        (("summary", "null_maxima"), (".tsv",)),
    )
    for name in names
    for end in ends
)

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9.+-]+")
_HOW = {"flip": "sign flips", "permute": "permutations", "both": "permutations and sign flips"}


def folder_names(contrasts: Sequence[str]) -> list[str]:
    """Give each of several contrasts a folder's name: its number, and what is plain of its name."""
    plain = [_NOT_PLAIN.sub("_", name).strip("_.")[:60] for name in contrasts]
    return [f"{k:02d}_{name}".rstrip("_") for k, name in enumerate(plain, start=1)]


def save(
    found: PermutedMaps, folder: Path, parameters: dict[str, Any], files: Sequence[str]
) -> None:
    """Write maps, tables and the record of one contrast.

    Of an earlier test there, the record goes first, which would say that all is whole; and
    at last the files that this test does not give, which would be taken for its own. Without
    a record nothing goes: files of such names may be of another command.

    Parameters
    ----------
    found : PermutedMaps
    folder : Path
        It is there.
    parameters : dict
        As they were given.
    files : sequence of str
        What was read besides the maps.
    """
    from skerry.io.save import save_image, save_json, save_text
    from skerry.tables.columns import to_tsv

    test = found.test
    tables = {"clusters": test.clusters, "summary": test.summary, "null_maxima": test.null}
    given = {f"{name}.tsv": columns for name, columns in tables.items() if columns is not None}
    others = set(FILES - given.keys())
    had_record = (folder / RECORD).is_file()
    _remove(folder, [RECORD])
    for name, image in _images(found):
        save_image(image, folder / name)
        others.remove(name)
    for name, columns in given.items():
        save_text(to_tsv(columns), folder / name)
    if had_record:
        _remove(folder, others)
    save_json(_record(found, parameters, files), folder / RECORD)


def _images(found: PermutedMaps) -> Iterator[tuple[str, Any]]:
    """Make the images of a test one at a time, each with its file's name."""
    for name in found.test.maps:
        yield f"{name}.nii.gz", found.image(name)
        yield f"{name}_neglog10p_fwe.nii.gz", found.p_image(name)
    if found.test.clusters is not None:
        yield "clusters.nii.gz", found.labels_image()


def _remove(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        with suppress(OSError):  # a folder that takes no change says so when it is written to
            (folder / name).unlink()


def _record(
    found: PermutedMaps, parameters: dict[str, Any], files: Sequence[str]
) -> dict[str, Any]:
    import skerry
    from skerry.io.hashing import sha256_of
    from skerry.io.provenance import versions

    test = found.test
    statistic = test.model.statistic
    return {
        "skerry": skerry.__version__,
        "versions": versions(),
        "command": ["skerry", *sys.argv[1:]],
        "inputs": [*found.inputs, *({"path": p, "sha256": sha256_of(p)} for p in files)],
        "parameters": {**parameters, "scheme": test.moves.scheme, "sign": test.sign},
        "threshold": test.threshold,
        "counts": {
            "maps": test.model.n_maps,
            "in_mask": int(test.mask.sum()),
            "arrangements": test.moves.n_total,
            "arrangements_possible": test.moves.n_possible,
        },
        "statistics": {
            "statistic": statistic,
            "df": test.model.df,
            "df_numerator": len(test.model.tested) if statistic == "F" else None,
            "p": "family-wise over the mask; share of arrangements whose maximum is at least the "
            "value, the observed among them",
            "p_maps": "-log10 p",
            "cluster_forming": f"{_above(statistic, test.sign)}threshold, in double precision",
            "excess_mass": f"sum of |{statistic}| - threshold",
            "two_sided": test.sign == "both",
            "enumerated": test.moves.enumerated,
        },
        "notes": list(found.notes),
    }


def readable(found: PermutedMaps) -> str:
    """Give a summary to read: what was done, and one line a statistic."""
    test = found.test
    counted = "all " if test.moves.enumerated else ""
    sides = "two-sided" if test.sign == "both" else f"{test.sign} side"
    df = f"{test.model.df}"
    if test.model.statistic == "F":
        sides, df = "no side", f"{len(test.model.tested)} and {df}"
    head = f"{test.model.n_maps} maps, {int(test.mask.sum())} voxels, "
    head += f"{test.model.statistic} with {df} df, {sides}; "
    lines = [head + f"{counted}{test.moves.n_total} {_HOW[test.moves.scheme]}"]
    if test.threshold is not None:
        n_clusters = len((test.clusters or {})["region"])
        clusters = "1 cluster" if n_clusters == 1 else f"{n_clusters} clusters"
        lines.append(f"{clusters} at {_above(test.model.statistic, test.sign)}{test.threshold:.6g}")
    lines.append(
        f"{'':14}{'highest':>12}{'needed at p 0.05':>18}{'lowest p':>12}{'voxels p<=0.05':>16}"
    )
    summary = test.summary
    for k, name in enumerate(summary["statistic"]):
        highest, needed = summary["observed_max"][k], summary["critical_at_0.05"][k]
        lowest, n_found = summary["lowest_p_fwe"][k], summary["voxels_at_0.05"][k]
        goal = f"> {needed:.5g}" if needed < float("inf") else "out of reach"
        lines.append(f"{name:14}{highest:>12.5g}{goal:>18}"
                     f"{lowest:>12.4g}{n_found:>16}")  # fmt: skip
    return "\n".join(lines) + "\n"


def _above(statistic: str, sign: str) -> str:
    """Say on which side of a threshold clusters were sought; an F map has one."""
    if statistic == "F" or sign == "positive":
        return f"{statistic} >= "
    return f"|{statistic}| >= " if sign == "both" else f"{statistic} <= -"
