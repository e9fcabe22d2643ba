"""`skerry permute`: maps of many subjects, tested by permutation."""

from __future__ import annotations

import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from skerry.cli import console
from skerry.cli.options import Connectivity, Sign, connectivity_in, out_to
from skerry.cli.overwriting import refuse_to_overwrite
from skerry.cli.permute_tests import CHECKPOINT, Test, files_read, files_written, tests_of
from skerry.cli.verb import verb
from skerry.errors import ArgumentError, SkerryWarning
from skerry.io.paths import shown
from skerry.regions.threshold import parse_threshold

if TYPE_CHECKING:
    from skerry.glm.permute_study import Study
    from skerry.glm.permuted_maps import PermutedMaps

_WHAT, _HOW = "What is tested", "How it is tested"


def _forming_threshold(text: str) -> str:
    with suppress(ArgumentError):
        threshold = parse_threshold(text)
        if threshold.form in ("value", "p") and threshold.number > 0:
            return text
    raise typer.BadParameter(f"{text!r} is neither a height above 0 (3.1) nor a p value (p=0.001)")


@verb
def permute(
    *,
    maps: Annotated[
        list[str],
        typer.Argument(
            metavar="MAPS",
            help="One map a subject, on one grid; or one file with a volume a subject.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, out_to("DIR", "Folder to write; made if absent.")],
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
        Any,
        typer.Option(
            "-t",
            "--threshold",
            parser=_forming_threshold,
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
        Sign, typer.Option(help="Two-sided, or one side.", rich_help_panel=_WHAT)
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
    connectivity: Annotated[Connectivity, connectivity_in(_WHAT)] = "26",
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
) -> None:
    """Test maps by permutation: voxels, clusters and TFCE in one run.

    Interrupted, the same command goes on where it stopped.
    """
    from skerry.glm.permute_study import read_study
    from skerry.io.save import made_folder

    if f_test and not contrast:
        raise typer.BadParameter("it needs --contrast", param_hint="--f-test")
    if whole_blocks and not blocks:
        raise typer.BadParameter("it needs --blocks", param_hint="--whole-blocks")
    moves: dict[str, Any] = {
        "n_perm": n_perm, "seed": seed, "scheme": scheme, "whole_blocks": whole_blocks,
    }  # fmt: skip
    how: dict[str, Any] = {
        **moves, "sign": sign, "threshold": threshold, "tfce": tfce,
        "connectivity": int(connectivity), "tail": tail,
    }  # fmt: skip
    is_new = not out.exists()
    made_folder(out)
    try:
        study = read_study(maps, design, mask=mask, blocks=blocks)
        tests = tests_of(study, out, contrast, together=f_test)
        for one in tests:
            study.check(one.weights, **moves)
        said = {"design": design, "columns": study.design.names, "mask": mask, "blocks": blocks}
        files = files_read(mask, design, blocks, contrast or [])
        refuse_to_overwrite([*maps, *files], files_written(tests))
        for one in tests:
            found = _tested(study, one, how, threads)
            weights = None if one.weights is None else one.weights.tolist()
            parameters = {**said, "contrast": one.name, "weights": weights, **how}
            _give_out(found, one, parameters, files, name_it=len(tests) > 1)
    except BaseException as error:
        _leave(out, is_new=is_new, interrupted=isinstance(error, KeyboardInterrupt))
        raise
    for one in tests:  # now that all is saved
        (one.folder / CHECKPOINT).unlink(missing_ok=True)
    if len(tests) > 1:
        console.say(f"skerry: note: p are family-wise over voxels, not over the {len(tests)} tests")


def _tested(study: Study, one: Test, how: dict[str, Any], threads: int) -> PermutedMaps:
    """Do a test, or go on with it where its folder has a checkpoint."""
    from skerry.cli.permute_progress import time_left
    from skerry.io.save import made_folder

    made_folder(one.folder)
    with warnings.catch_warnings(), time_left() as progress:
        # Its notes are said with its results.
        warnings.simplefilter("ignore", SkerryWarning)
        return study.test(
            one.weights, **how, threads=threads, progress=progress,
            checkpoint=one.folder / CHECKPOINT, keep_checkpoint=True,
        )  # fmt: skip


def _give_out(
    found: PermutedMaps, one: Test, parameters: dict[str, Any], files: list[str], *, name_it: bool
) -> None:
    """Save what a test found, and print it."""
    from skerry.cli.permute_results import readable, save

    save(found, one.folder, parameters, files)
    for note in found.notes:
        console.say(f"skerry: note: {shown(note)}")
    if not console.is_quiet():
        name = f"{shown(one.name or '')}\n" if name_it else ""
        sys.stdout.write(name + readable(found))
        console.say(f"skerry: results are in {shown(one.folder)}/")


def _leave(out: Path, *, is_new: bool, interrupted: bool) -> None:
    """Leave no empty folder; say where an interrupted test goes on."""
    kept = sorted(out.glob(f"**/{CHECKPOINT}"))
    if interrupted and kept:
        path = shown(kept[-1])
        console.say(f"skerry: what is done is kept in {path}; the same command goes on")
    for folder in (*out.glob("*/"), out) if is_new else ():
        with suppress(OSError):
            folder.rmdir()  # only where nothing is in it
