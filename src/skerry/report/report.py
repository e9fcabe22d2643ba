"""make_report: from regions to the page."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from skerry.checks import check_count, check_not_negative
from skerry.errors import ArgumentTypeError
from skerry.report.contents import Contents
from skerry.report.listing import Listing
from skerry.report.made_from import MadeFrom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skerry.atlas.atlas import Atlas
    from skerry.page.page import Page
    from skerry.regions.regions import Regions
    from skerry.typing import ImageLike, PathLike


def make_report(
    regions: Regions,
    *,
    title: str | None = None,
    background: ImageLike | bool | None = None,
    atlas: Atlas | ImageLike | Sequence[Atlas | ImageLike] = (),
    min_distance_mm: float = 8.0,
    max_peaks: int | None = 3,
    min_prominence: float = 0.0,
) -> Report:
    r"""Make the page of some regions: one HTML file that explores their map.

    The page holds the values of the map, so that a reader can move the
    threshold, the least volume and the sign, and see at each what
    `skerry.find_regions` returns at it. It needs no network and no other file.

    Parameters
    ----------
    regions : Regions
        Where the page opens. It shows the regions of the map at one height: of
        regions that no height gives (parts of `skerry.split_regions`, a
        selection, thresholds like `"tdp>0.7"`) it has a table besides, and opens
        at the lowest height of theirs.
    title : str, optional
        Plain text; by default the name of the map.
    background : path, nibabel image, "MNI152", None or False
        What lies beneath the map. None takes the MNI152 template where the map
        is in MNI space (see `skerry.atlas.mni.in_mni`); else, and for False and
        `"none"`, the map's own values are shown in grey.
    atlas : atlas, or sequence of atlases
        What names regions and peaks, as in `skerry.region_table`.
    min_distance_mm : float
        Of the further peaks of a region, those are listed that lie more than
        this from all that are listed.
    max_peaks : int or None
        At most so many a region; None lists all.
    min_prominence : float
        Only peaks that rise at least this above their saddle count.

    Returns
    -------
    Report
        With `save(path)`; a notebook shows the page where it is the last value.

    Raises
    ------
    ArgumentTypeError
        If `regions` are no `Regions`, or the title is no text.
    ArgumentError
        If a number makes no sense.
    ImageFileError, DimensionError
        If the background or an atlas cannot be read, or has not three axes.

    Examples
    --------
    >>> from skerry import find_regions, make_report
    >>> from skerry.datasets import load_sample_motor_activation_image
    >>> regions = find_regions(load_sample_motor_activation_image(), 3.0, min_volume_mm3=1500)
    >>> make_report(regions, title="Left against right")
    Report(4 regions of 'image_10426' at |value| >= 3, 'Left against right')
    """
    from skerry.regions.regions import check_regions

    check_regions(regions)
    if title is not None and not isinstance(title, str):
        raise ArgumentTypeError(f"title must be text, got {type(title).__name__}")
    listing = Listing(
        peak_distance_mm=check_not_negative("min_distance_mm", min_distance_mm),
        max_peaks=None
        if max_peaks is None
        else check_count("max_peaks", max_peaks, instead="; None lists all"),
        min_prominence=check_not_negative("min_prominence", min_prominence),
    )
    from skerry.tables.region_table import atlases_of

    return assemble(
        regions,
        title=title,
        background=background,
        atlases=atlases_of(regions, atlas),
        asked_atlases=atlas if isinstance(atlas, (list, tuple)) else (atlas,),
        listing=listing,
    )


def assemble(
    regions: Regions,
    *,
    title: str | None = None,
    background: Any = None,
    atlases: tuple[Any, ...] = (),
    asked_atlases: Sequence[Any] = (),
    listing: Listing = Listing(),  # noqa: B008  # frozen
    **known: Any,
) -> Report:
    """Put a report together; what is `asked` and `known` says how its input was named."""
    from skerry.atlas.mni import in_mni
    from skerry.report.background import choose_background

    space = in_mni(regions.statmap)
    named = background if isinstance(background, (str, os.PathLike)) else None
    if background is False:
        named = "none"
    contents = Contents(
        regions,
        space,
        choose_background(background, space),
        MadeFrom.of(
            regions,
            background=None if named is None else os.fspath(named),
            has_objects=named is None and background is not None,
            **known,
        ).with_atlases(asked_atlases if atlases else (), atlases),
        atlases,
        listing,
        title,
    )
    return Report(contents)


@dataclass(frozen=True, eq=False)
class Report:
    """The page of some regions, as one HTML text. Made by `skerry.make_report`."""

    contents: Contents = field(repr=False)

    @property
    def regions(self) -> Regions:
        """What it is about."""
        return self.contents.regions

    @cached_property
    def page(self) -> Page:
        """The page, with what it is told."""
        from skerry.page.page import Page
        from skerry.report.facts import page_facts

        return Page(*page_facts(self.contents))

    @property
    def html(self) -> str:
        """The whole page as text."""
        return self.page.html

    def save(self, path: PathLike) -> None:
        """Write the page as one HTML file, whole or not at all.

        Parameters
        ----------
        path : path
            Its folder must exist.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        self.page.save(path)

    def open_in_browser(self) -> None:
        """Show the page in the web browser."""
        from skerry.plotting.view.browser import open_in_browser

        open_in_browser(self.html)

    def __repr__(self) -> str:
        found = self.contents.regions
        number = "1 region" if len(found) == 1 else f"{len(found)} regions"
        title = "" if self.contents.title is None else f", {self.contents.title!r}"
        return (
            f"Report({number} of {found.statmap.name!r} at |value| >= {found.threshold:g}{title})"
        )

    def _repr_html_(self) -> str:
        return self.page._repr_html_()
