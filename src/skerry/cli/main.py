"""The `skerry` command: its verbs, its exit codes, and how it speaks of errors."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Annotated, Any

import typer

from skerry import __version__
from skerry.cli import batch, console, demo, fetch, overlap, permute, plot, regions, report, tfce
from skerry.errors import SkerryError

# typer carries click under a name that changes between versions; this one does not.
_CommandLineError: Any = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)

DONE, DATA_AT_FAULT, USAGE_AT_FAULT, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="skerry",
    help="Turn a statistical brain map into regions, tables, figures and a report.",
    epilog="A threshold is a sea level; regions are the islands that stay above it.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"skerry {__version__}")
        raise typer.Exit


@app.callback()
def _skerry(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Turn a statistical brain map into regions, tables, figures and a report."""


app.command("demo")(demo.demo)
app.command("regions")(regions.regions)
app.command("report")(report.report)
app.command("plot")(plot.plot)
app.command("batch")(batch.batch)
app.command("overlap")(overlap.overlap)
app.command("tfce")(tfce.tfce)
app.add_typer(fetch.app, name="fetch")
app.command("permute")(permute.permute)


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code.

    Exit codes: 0 done (an empty result is done), 1 the data or a file is at
    fault, 2 the command line is at fault, 130 interrupted.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    # Read before the parser does, so that a faulty command line is treated alike.
    debug = "--debug" in arguments
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        sys.exit(_run(arguments, debug=debug))


def _run(arguments: list[str], *, debug: bool) -> int:
    try:
        answer: Any = app(arguments, standalone_mode=False)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except _CommandLineError as error:
        if message := error.format_message():  # empty where help was printed
            console.error(f"{message.removesuffix('.')}; see skerry --help")
        return USAGE_AT_FAULT
    except (KeyboardInterrupt, typer.Abort):
        console.error("stopped")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe (`| head -1`) has what it wanted.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except SkerryError as error:
        if debug:
            raise
        console.error(str(error))
        return DATA_AT_FAULT
    except MemoryError:
        if debug:
            raise
        console.error("not enough memory for this map; nothing was written")
        return DATA_AT_FAULT
    except Exception as error:
        if debug:
            raise
        what = f"{type(error).__name__}: {error}"
        console.error(f"this should not have happened ({what}); --debug shows where")
        return DATA_AT_FAULT
    return answer if isinstance(answer, int) else DONE


def _show_warning(
    message: Warning | str, category: type[Warning], *_where: object, **_options: object
) -> None:
    if issubclass(category, (UserWarning, RuntimeWarning)):
        console.warn(str(message))


if __name__ == "__main__":
    run()
