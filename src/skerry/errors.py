"""What can go wrong, as a tree of exceptions.

Every error that skerry raises on purpose is a `SkerryError`; each is also the
built-in (or the nilearn) kind that a caller would expect::

    SkerryError
    ├── ArgumentError        (ValueError)         an argument has a wrong value
    ├── ArgumentTypeError    (TypeError)          an argument has a wrong type
    │   └── DimensionError                        an image has too many or too few axes
    ├── GridMismatchError    (ValueError)         two images do not share a grid
    ├── ImageFileError       (OSError, ValueError)  a file cannot be used as an image
    │   ├── MissingFileError (FileNotFoundError)  it is not there
    │   ├── DamagedFileError                      its bytes are cut, altered or at odds
    │   └── TooLargeError                         it would take more memory than allowed
    ├── OutputError          (OSError)            a result could not be written
    └── NetworkError         (OSError)            a server was out of reach or sent something wrong

A message is one line: which file or parameter, what is wrong, and the way out.
"""

from __future__ import annotations

__all__ = [
    "ArgumentError",
    "ArgumentTypeError",
    "DamagedFileError",
    "DimensionError",
    "GridMismatchError",
    "ImageFileError",
    "MissingFileError",
    "NetworkError",
    "OutputError",
    "SkerryError",
    "SkerryWarning",
    "TooLargeError",
]


class SkerryError(Exception):
    """The root of every error that skerry raises on purpose."""


class ArgumentError(SkerryError, ValueError):
    """An argument has the right type but a value that makes no sense."""


class ArgumentTypeError(SkerryError, TypeError):
    """An argument has a type that the function does not take."""


class GridMismatchError(SkerryError, ValueError):
    """Two images that must share shape and affine do not."""


class ImageFileError(SkerryError, OSError, ValueError):
    """A file cannot be used as an image."""


class MissingFileError(ImageFileError, FileNotFoundError):
    """The file is not there, or is a folder."""


class DamagedFileError(ImageFileError):
    """The bytes of a file are cut, altered, or contradict its header."""


class TooLargeError(ImageFileError):
    """Reading the file would take more memory than allowed."""


class OutputError(SkerryError, OSError):
    """A result could not be written; nothing half-written was left."""


class NetworkError(SkerryError, OSError):
    """A server could not be reached, or what it sent could not be trusted."""


class SkerryWarning(UserWarning):
    """Something in the input deserves a look; the work goes on."""


class DimensionError(ArgumentTypeError):
    """An image has another number of dimensions than the function takes.

    Parameters
    ----------
    file_dimension : int
        Number of dimensions found.
    required_dimension : int
        Number of dimensions expected.
    file : str, optional
        Where the image was read from.
    """

    def __init__(
        self, file_dimension: int, required_dimension: int, file: str | None = None
    ) -> None:
        self.file_dimension = file_dimension
        self.required_dimension = required_dimension
        named = f" The image is {file}." if file else ""
        super().__init__(
            f"Input data has incompatible dimensionality: Expected dimension is "
            f"{required_dimension}D and you provided a {file_dimension}D image.{named}"
        )
