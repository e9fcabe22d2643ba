"""Write the pixels of a figure as PNG.

Pillow tries every filter on every row. Figures of slices are flat areas of a voxel each:
the difference from the row above is nearly always the one to take, and with the
deflate library that reads maps the file is smaller and written in a sixth of the time.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from skerry.io.deflate import zlib
from skerry.io.save import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from skerry.typing import AnyArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BITS, _RGBA = 8, 6
_UP = 2  # the filter of the standard that takes differences from the row above
_LEVEL = 2
_METRES_PER_INCH = 0.0254
_PER_METRE = 1


def save_png(figure: Any, path: Path, dpi: float | None, **options: Any) -> None:
    """Draw a matplotlib figure and write it as PNG, whole or not at all.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        On an Agg canvas.
    path : Path
        File to write.
    dpi : float or None
        Dots per inch; by default the figure's.
    **options
        Of matplotlib's `savefig`: what concerns the drawing, not the file.
    """
    import matplotlib as mpl

    drawn = _Drawn()
    figure.savefig(drawn, format="rgba", dpi=dpi or "figure", **options)
    software = f"Matplotlib version{mpl.__version__}, https://matplotlib.org/"
    made = encoded(drawn.pixels, dpi or getattr(figure, "_original_dpi", figure.dpi), software)
    with whole_file(path) as stream:
        stream.write(made)


def encoded(pixels: AnyArray, dpi: float, software: str) -> bytes:
    """Give the bytes of a PNG file.

    Parameters
    ----------
    pixels : (rows, columns, 4) uint8
        Red, green, blue, opacity; the first row on top.
    dpi : float
        Dots per inch.
    software : str
        What drew it; Latin-1.

    References
    ----------
    ISO/IEC 15948:2004, Portable Network Graphics.
    """
    rows, columns, _ = pixels.shape
    per_metre = round(dpi / _METRES_PER_INCH)
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", columns, rows, _EIGHT_BITS, _RGBA, 0, 0, 0),
        b"tEXt": b"Software\0" + software.encode("latin-1"),
        b"pHYs": struct.pack(">IIB", per_metre, per_metre, _PER_METRE),
        b"IDAT": zlib.compress(_filtered(pixels), _LEVEL),
        b"IEND": b"",
    }
    return _SIGNATURE + b"".join(_part(kind, content) for kind, content in parts.items())


class _Drawn(io.BytesIO):
    """A file that keeps the pixels which matplotlib writes to it."""

    pixels: AnyArray

    def write(self, content: Any) -> int:
        # Matplotlib's next figure may take the same memory.
        self.pixels = np.array(content, dtype=np.uint8)
        return self.pixels.nbytes


def _filtered(pixels: AnyArray) -> AnyArray:
    """Give the differences from the row above, each row behind the number of its filter."""
    flat = pixels.reshape(len(pixels), -1)
    filtered = np.empty((flat.shape[0], flat.shape[1] + 1), np.uint8)
    filtered[:, 0] = _UP
    filtered[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=filtered[1:, 1:])  # modulo 256, as the standard says
    return filtered


def _part(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
