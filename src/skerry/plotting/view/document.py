"""A page as nilearn's users know it: save it, open it, put it into a notebook."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skerry.io.notice import notice

if TYPE_CHECKING:
    from skerry.page.page import Page
    from skerry.typing import PathLike

DEFAULT_SIZE_PX = 800


class HTMLDocument:
    """A web page that shows something. `str(document)` is its text.

    A notebook shows it where it is the last value of a cell.

    Parameters
    ----------
    page : str or Page
        The page, or its text; a page's is written when it is first asked for.
    width, height : int
        Size of the frame that shows it in another page, pixels.
    """

    def __init__(
        self, page: str | Page, width: int = DEFAULT_SIZE_PX, height: int = DEFAULT_SIZE_PX
    ) -> None:
        self._page = page
        self.width = width
        self.height = height

    @property
    def html(self) -> str:
        """The whole page as text."""
        return self._page if isinstance(self._page, str) else self._page.html

    @property
    def width(self) -> int:
        """Width of the frame, pixels."""
        return self._width

    @width.setter
    def width(self, value: Any) -> None:
        self._width = _pixels("width", value)

    @property
    def height(self) -> int:
        """Height of the frame, pixels."""
        return self._height

    @height.setter
    def height(self, value: Any) -> None:
        self._height = _pixels("height", value)

    def resize(self, width: int, height: int) -> HTMLDocument:
        """Change the size of the frame, pixels.

        Returns
        -------
        HTMLDocument
            This one.
        """
        self.width, self.height = width, height
        return self

    def get_iframe(self, width: int | None = None, height: int | None = None) -> str:
        """Give the page in a frame, to be put into another page.

        Parameters
        ----------
        width, height : int, optional
            Size of the frame, pixels; by default that of the document.

        Returns
        -------
        str
            HTML. The frame has an origin of its own: nothing in it can touch
            the page around it.
        """
        from skerry.page.page import framed

        width_px = self.width if width is None else _pixels("width", width)
        height_px = self.height if height is None else _pixels("height", height)
        return framed(self.html, width_px, height_px)

    def get_standalone(self) -> str:
        """Give the whole page as text."""
        return self.html

    def save_as_html(self, file_name: PathLike) -> None:
        """Write the page as one HTML file, whole or not at all.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        from skerry.io.save import save_text

        save_text(self.html, file_name)

    def open_in_browser(self, file_name: PathLike | None = None) -> None:
        """Show the page in the web browser.

        Parameters
        ----------
        file_name : path, optional
            Save the page there and open the file. By default nothing is left on
            disk: a server on this machine hands the page out once.

        Raises
        ------
        RuntimeError
            If no browser asked for the page.
        """
        if file_name is None:
            from skerry.plotting.view.browser import open_in_browser

            open_in_browser(self.html)
            return
        import webbrowser

        self.save_as_html(file_name)
        webbrowser.open(Path(os.path.abspath(file_name)).as_uri())  # noqa: PTH100

    def _repr_html_(self) -> str:
        return self.get_iframe()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.get_iframe()}

    def __str__(self) -> str:
        return self.html


class StatMapView(HTMLDocument):
    """The page that `skerry.plotting.view_img` gives."""


def _pixels(name: str, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        notice(
            f"Invalid {name} {value!r}: it must be a whole number of pixels; "
            f"{DEFAULT_SIZE_PX} is taken",
            UserWarning,
        )
        return DEFAULT_SIZE_PX
