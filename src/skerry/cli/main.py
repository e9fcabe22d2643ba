"""The `skerry` command: its exit codes, and how it speaks of errors.

The verbs are loaded when they are called: what is imported here is there at once, so
that Ctrl-C while they load is met, too.
"""

from __future__ import annotations

import sys
import warnings

from skerry.cli import console
from skerry.cli.streams import lasting_streams
from skerry.errors import SkerryError

_DATA_AT_FAULT, _INTERRUPTED = 1, 130


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code.

    Exit codes: 0 done (an empty result is done), 1 the data or a file is at
    fault, 2 the command line is at fault, 130 interrupted.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    # Read before the parser does, so that a faulty command line is treated alike.
    debug = "--debug" in arguments
    with warnings.catch_warnings(), lasting_streams():
        warnings.showwarning = _show_warning
        # nilearn's, kept for those who call its functions; nobody at a shell can act on it.
        warnings.filterwarnings("ignore", "A non-diagonal affine is found in the given image")
        code = _run(arguments, debug=debug)
    sys.exit(code)


def _run(arguments: list[str], *, debug: bool) -> int:
    try:
        from skerry.cli.app import answer

        code = answer(arguments)
        sys.stdout.flush()  # here a full disk is an error that can be told
    except KeyboardInterrupt:
        console.error("stopped")
        return _INTERRUPTED
    except SkerryError as error:
        if debug:
            raise
        console.error(str(error))
    except MemoryError:
        if debug:
            raise
        console.error("not enough memory for this map; resample it to larger voxels")
    except Exception as error:
        if debug:
            raise
        what = f"{type(error).__name__}: {error}"
        console.error(f"this should not have happened ({what}); --debug shows where")
    else:
        return code
    return _DATA_AT_FAULT


def _show_warning(
    message: Warning | str, category: type[Warning], *_where: object, **_options: object
) -> None:
    if issubclass(category, (UserWarning, RuntimeWarning)):
        console.warn(str(message))


if __name__ == "__main__":
    run()
