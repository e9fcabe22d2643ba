"""What the extra `[batch]` brings, or one line on how to get it."""

from __future__ import annotations

import importlib
from typing import Any

from skerry.errors import SkerryError

_INSTALL = "pip install '.[batch]' in the folder of skerry"


def need(package: str) -> Any:
    """Import a package of the extra `[batch]`.

    Parameters
    ----------
    package : str
        Name of a module: "pyarrow", "pyarrow.parquet", "distributed".

    Returns
    -------
    module

    Raises
    ------
    SkerryError
        If it is not installed.
    """
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        name = package.partition(".")[0]
        raise SkerryError(
            f"{name} is not installed, which batches and their results need: {_INSTALL}"
        ) from error
