"""`skerry permute`: maps of many subjects, tested by permutation."""

from __future__ import annotations

import sys
import time
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from skerry.cli import console
from skerry.errors import SkerryWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from skerry.glm.permute_study import Study

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
            help="One row a map, one column a regressor; or FSL's design.mat. "
            "Default: a column of ones.",
            rich_help_panel=_WHAT,
            show_default=False,
        ),
    ] = None,
    contrast: Annotated[
        list[str] | None,
        typer.Option(
            metavar="C",
            help="A column of the design; a sum of columns, 'patient - control'; weights, "
            "'1 -1 0'; or FSL's design.con. 'a - b; b - c' is an F test. Repeatable: each is a "
            "test of its own, in a folder of its own.",
            rich_help_panel=_WHAT,
            show_default=False,
        ),
    ] = None,
    f_test: Annotated[
        bool,
        typer.Option(
            "--f-test", help="One F test of all contrasts together.", rich_help_panel=_WHAT
        ),
    ] = False,
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
            help="Column of the design with exchangeability blocks; or FSL's design.grp.",
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
    from skerry.cli.permute_results import readable, save
    from skerry.glm.permute_study import read_study
    from skerry.io.save import made_folder

    console.be_quiet(quiet)
    if f_test and not contrast:
        raise typer.BadParameter("it needs --contrast", param_hint="--f-test")
    how: dict[str, Any] = {
        "n_perm": n_perm, "seed": seed, "scheme": scheme, "whole_blocks": whole_blocks,
    }  # fmt: skip
    options: dict[str, Any] = {
        **how, "sign": sign, "threshold": threshold, "tfce": tfce,
        "connectivity": int(connectivity), "tail": tail,
    }  # fmt: skip
    is_new = not out.exists()
    made_folder(out)
    try:
        study = read_study(maps, design, mask=mask, blocks=blocks)
        tests = _tests(study, out, contrast, together=f_test)
        for one in tests:
            study.check(one.weights, **how)
        files = _files(mask, design, blocks, contrast or [])
        for one in tests:
            made_folder(one.folder)
            with warnings.catch_warnings(), _time_left(quiet) as progress:
                # The notes are said below.
                warnings.simplefilter("ignore", SkerryWarning)
                found = study.test(
                    one.weights, **options, threads=threads, progress=progress,
                    checkpoint=one.folder / CHECKPOINT, keep_checkpoint=True,
                )  # fmt: skip
            if len(tests) > 1 and not quiet:
                sys.stdout.write(f"{console.printable(one.name or '')}\n")
            for note in found.notes:
                console.say(f"skerry: note: {console.printable(note)}")
            said = {
                "design": design, "columns": study.design.names, "contrast": one.name,
                "weights": None if one.weights is None else one.weights.tolist(),
                "mask": mask, "blocks": blocks,
            }  # fmt: skip
            save(found, one.folder, {**said, **options}, files)
            if not quiet:
                sys.stdout.write(readable(found))
                console.say(f"skerry: results are in {console.printable(str(one.folder))}/")
    except BaseException as error:
        _leave(out, is_new=is_new, interrupted=isinstance(error, KeyboardInterrupt))
        raise
    for one in tests:  # now that all is saved
        (one.folder / CHECKPOINT).unlink(missing_ok=True)
    if len(tests) > 1:
        console.say(f"skerry: note: p are family-wise over voxels, not over the {len(tests)} tests")


class _Test(NamedTuple):
    name: str | None
    weights: Any
    folder: Path


def _tests(study: Study, out: Path, said: list[str] | None, *, together: bool) -> list[_Test]:
    """Give each contrast its folder: several get one each within `out`."""
    from skerry.cli.permute_results import folder_names
    from skerry.stats.permute.contrast import read_contrasts

    if not said:
        return [_Test(None, None, out)]
    found = read_contrasts(said, study.design.names, together=together)
    if len(found) == 1:
        return [_Test(found[0].name, found[0].rows, out)]
    names = folder_names([contrast.name for contrast in found])
    return [_Test(c.name, c.rows, out / name) for c, name in zip(found, names, strict=True)]


def _files(
    mask: str | None, design: str | None, blocks: str | None, contrasts: list[str]
) -> list[str]:
    """Give the files that were read besides the maps."""
    from skerry.stats.permute.fsl import is_number_file

    read = [path for path in (mask, design) if path is not None]
    return read + [name for name in (blocks, *contrasts) if name and is_number_file(name)]


def _leave(out: Path, *, is_new: bool, interrupted: bool) -> None:
    """Leave no empty folder; say where an interrupted test goes on."""
    kept = sorted(out.glob(f"**/{CHECKPOINT}"))
    if interrupted and kept:
        path = console.printable(str(kept[-1]))
        console.say(f"skerry: what is done is kept in {path}; the same command goes on")
    for folder in (*out.glob("*/"), out) if is_new else ():
        with suppress(OSError):
            folder.rmdir()  # only where nothing is in it


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
