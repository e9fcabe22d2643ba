"""`skerry permute`: maps of many subjects, tested by permutation."""

from __future__ import annotations

import sys
import time
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from skerry.cli import console
from skerry.errors import SkerryWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from skerry.glm.permute import PermutedMaps

_WHAT, _HOW, _SPEAKING = "What is tested", "How it is tested", "What is said"
CHECKPOINT = "permute_checkpoint.npz"


def permute(
    maps: Annotated[
        list[str],
        typer.Argument(
            metavar="MAPS...",
            help="One map a subject, on one grid; or one file with a volume a subject.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "-o",
            "--out",
            metavar="DIR",
            help="Folder to write; made if absent.",
            show_default=False,
        ),
    ],
    design: Annotated[
        str | None,
        typer.Option(
            metavar="TSV",
            help="One row a map, one column a regressor. Default: a column of ones.",
            rich_help_panel=_WHAT,
            show_default=False,
        ),
    ] = None,
    contrast: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A column of the design, or a sum of columns: 'patient - control'.",
            rich_help_panel=_WHAT,
            show_default=False,
        ),
    ] = None,
    threshold: Annotated[
        str | None,
        typer.Option(
            "-t",
            "--threshold",
            metavar="T",
            help="Form clusters: at a height of t (or F), 3.1, or at p=0.001. "
            "Default: no clusters.",
            rich_help_panel=_WHAT,
            show_default=False,
        ),
    ] = None,
    tfce: Annotated[
        bool, typer.Option("--tfce", help="Enhance too (TFCE).", rich_help_panel=_WHAT)
    ] = False,
    sign: Annotated[
        Literal["both", "positive", "negative"],
        typer.Option(help="Two-sided, or one side.", rich_help_panel=_WHAT),
    ] = "both",
    mask: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Non-zero voxels count. Default: those neither NaN nor 0 in any map.",
            rich_help_panel=_WHAT,
            show_default=False,
        ),
    ] = None,
    connectivity: Annotated[
        Literal["6", "18", "26"],
        typer.Option(
            help="Neighbours share a face (6), or an edge (18), or a corner (26).",
            rich_help_panel=_WHAT,
        ),
    ] = "26",
    n_perm: Annotated[
        int,
        typer.Option(
            "-n",
            "--n-perm",
            metavar="N",
            min=1,
            help="Random arrangements; all, where no more are possible.",
            rich_help_panel=_HOW,
        ),
    ] = 5000,
    seed: Annotated[
        int, typer.Option(metavar="N", min=0, help="Of the random draw.", rich_help_panel=_HOW)
    ] = 0,
    scheme: Annotated[
        Literal["auto", "permute", "flip", "both"],
        typer.Option(
            help="Change order, signs, or both. auto: signs where a mean is tested.",
            rich_help_panel=_HOW,
        ),
    ] = "auto",
    blocks: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Column of the design with exchangeability blocks.",
            rich_help_panel=_HOW,
            show_default=False,
        ),
    ] = None,
    whole_blocks: Annotated[
        bool,
        typer.Option(
            "--whole-blocks",
            help="Blocks change places, not maps within them.",
            rich_help_panel=_HOW,
        ),
    ] = False,
    tail: Annotated[
        Literal["counted", "gpd"],
        typer.Option(
            help="p by counting; gpd: from a generalised Pareto tail.", rich_help_panel=_HOW
        ),
    ] = "counted",
    threads: Annotated[
        int,
        typer.Option(metavar="N", min=1, help="The result is the same.", rich_help_panel=_HOW),
    ] = 1,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Say errors only.", rich_help_panel=_SPEAKING)
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=_SPEAKING),
    ] = False,
) -> None:
    """Test maps by permutation: voxels, clusters and TFCE in one run.

    Interrupted, the same command goes on where it stopped.
    """
    del debug  # read before the parser
    from skerry.glm.permute import permute as run
    from skerry.io.save import made_folder

    console.be_quiet(quiet)
    is_new = not out.exists()
    folder = made_folder(out)
    parameters: dict[str, Any] = {
        "n_perm": n_perm, "seed": seed, "sign": sign, "threshold": threshold, "tfce": tfce,
        "mask": mask, "connectivity": int(connectivity), "scheme": scheme, "blocks": blocks,
        "whole_blocks": whole_blocks, "tail": tail,
    }  # fmt: skip
    checkpoint = folder / CHECKPOINT
    try:
        with warnings.catch_warnings(), _time_left(quiet) as progress:
            # The notes are said below.
            warnings.simplefilter("ignore", SkerryWarning)
            found = run(
                maps, design, contrast, **parameters,
                threads=threads, checkpoint=checkpoint, progress=progress,
            )  # fmt: skip
    except KeyboardInterrupt:
        if checkpoint.exists():
            console.say(f"skerry: what is done is kept in {console.printable(str(checkpoint))}; "
                        "the same command goes on")  # fmt: skip
        raise
    except BaseException:
        if is_new:
            with suppress(OSError):
                folder.rmdir()  # only where nothing is in it
        raise
    for note in found.notes:
        console.say(f"skerry: note: {console.printable(note)}")
    _save(found, folder, {"design": design, "contrast": contrast, **parameters})
    if not quiet:
        sys.stdout.write(_readable(found))
        console.say(f"skerry: results are in {console.printable(str(folder))}/")


def _save(found: PermutedMaps, folder: Path, parameters: dict[str, Any]) -> None:
    import skerry
    from skerry.io.hashing import sha256_of
    from skerry.io.provenance import versions
    from skerry.io.save import save_image, save_json, save_text
    from skerry.tables.columns import to_tsv

    test = found.test
    for name in test.maps:
        save_image(found.image(name), folder / f"{name}.nii.gz")
        save_image(found.p_image(name), folder / f"{name}_neglog10p_fwe.nii.gz")
    if test.clusters is not None:
        save_image(found.labels_image(), folder / "clusters.nii.gz")
        save_text(to_tsv(test.clusters), folder / "clusters.tsv")
    save_text(to_tsv(test.summary), folder / "summary.tsv")
    save_text(to_tsv(test.null), folder / "null_maxima.tsv")
    further = [parameters[name] for name in ("mask", "design") if parameters[name]]
    record = {
        "skerry": skerry.__version__,
        "versions": versions(),
        "command": ["skerry", *sys.argv[1:]],
        "inputs": [*found.inputs, *({"path": p, "sha256": sha256_of(p)} for p in further)],
        "parameters": {**parameters, "scheme": test.moves.scheme, "sign": test.sign},
        "threshold": test.threshold,
        "counts": {
            "maps": test.model.n_maps,
            "in_mask": int(test.mask.sum()),
            "arrangements": test.moves.n_total,
            "arrangements_possible": test.moves.n_possible,
        },
        "statistics": {
            "statistic": test.model.statistic,
            "df": test.model.df,
            "p": "family-wise over the mask; share of arrangements whose maximum is at least the "
            "value, the observed among them",
            "p_maps": "-log10 p",
            "cluster_forming": f"|{test.model.statistic}| >= threshold, in double precision",
            "excess_mass": f"sum of |{test.model.statistic}| - threshold",
            "two_sided": test.sign == "both",
            "enumerated": test.moves.enumerated,
        },
        "notes": list(found.notes),
    }
    save_json(record, folder / "permute.json")


def _readable(found: PermutedMaps) -> str:
    test = found.test
    how = {"flip": "sign flips", "permute": "permutations", "both": "permutations and sign flips"}
    counted = "all " if test.moves.enumerated else ""
    sides = "two-sided" if test.sign == "both" else f"{test.sign} side"
    head = f"{test.model.n_maps} maps, {int(test.mask.sum())} voxels, "
    head += f"{test.model.statistic} with {test.model.df} df, {sides}; "
    lines = [head + f"{counted}{test.moves.n_total} {how[test.moves.scheme]}"]
    if test.threshold is not None:
        n_clusters = len((test.clusters or {})["region"])
        lines.append(f"{n_clusters} clusters at {test.model.statistic} >= {test.threshold:.6g}")
    lines.append(
        f"{'':14}{'highest':>12}{'needed at p 0.05':>18}{'lowest p':>12}{'voxels p<=0.05':>16}"
    )
    summary = test.summary
    for k, name in enumerate(summary["statistic"]):
        highest, needed = summary["observed_max"][k], summary["critical_at_0.05"][k]
        lowest, n_found = summary["lowest_p_fwe"][k], summary["voxels_at_0.05"][k]
        lines.append(f"{name:14}{highest:>12.5g}{'> ' + f'{needed:.5g}':>18}"
                     f"{lowest:>12.4g}{n_found:>16}")  # fmt: skip
    return "\n".join(lines) + "\n"


@contextmanager
def _time_left(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how far the test is: a bar on a terminal, else a line every 10 %."""
    if quiet:
        yield lambda _done, _total: None
        return
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("arrangements"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines() -> Callable[[int, int], None]:
    begun, first, told = 0.0, -1, 0

    def tell(done: int, total: int) -> None:
        nonlocal begun, first, told
        if first < 0:
            begun, first = time.monotonic(), done
        tenth = 10 * done // total
        if tenth > told and first < done < total:
            left = (time.monotonic() - begun) * (total - done) / (done - first)
            console.say(f"skerry: {done} of {total} arrangements, {left:.0f} s left")
        told = max(told, tenth)

    return tell
