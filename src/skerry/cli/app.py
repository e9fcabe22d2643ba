"""The verbs of `skerry`, and what is said of a faulty command line."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from skerry import __version__
from skerry.cli import batch, console, demo, fetch, overlap, permute, plot, regions, report, tfce

# typer carries click under a name that changes between versions; this one does not.
_CommandLineError: Any = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)

_DONE, _USAGE_AT_FAULT = 0, 2
_INTERRUPTED = 130  # the exit code that newer typer makes of Ctrl-C

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


def answer(arguments: list[str]) -> int:
    """Do what a command line asks for, and give its exit code.

    Raises
    ------
    KeyboardInterrupt
        If it was interrupted.
    """
    try:
        result: Any = app(arguments, standalone_mode=False)
    except typer.Exit as stop:
        result = stop.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except _CommandLineError as error:
        if message := error.format_message():  # empty where help was printed
            said = _with_what_was_given(message, error)
            console.error(f"{said}; see {_verb(arguments)} --help")
        return _USAGE_AT_FAULT
    if result == _INTERRUPTED:
        raise KeyboardInterrupt
    return result if isinstance(result, int) else _DONE


def _with_what_was_given(message: str, error: Any) -> str:
    """Put a parser's message right: newer typer says what a value should be, not what it is."""
    message = message.removesuffix(".").removeprefix("Invalid value: ")
    message = message.replace("Value error, ", "", 1)
    found = getattr(error.__cause__, "errors", None)  # of pydantic
    given = repr(found()[0].get("input")) if callable(found) else ""
    return message if given in message else f"{message}, got {given}"


def _verb(arguments: list[str]) -> str:
    """Name the command whose help says what is possible."""
    words = ["skerry"]
    command: Any = typer.main.get_command(app)
    for argument in arguments:
        if argument not in (verbs := getattr(command, "commands", {})):
            break
        command = verbs[argument]
        words.append(argument)
    return " ".join(words)
