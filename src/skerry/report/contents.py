"""Everything that a page is made of, before it becomes HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from skerry.report.listing import Listing

if TYPE_CHECKING:
    from skerry.atlas.mni import InMni
    from skerry.atlas.on_map import AtlasOnMap
    from skerry.regions.regions import Regions
    from skerry.report.background import Background
    from skerry.report.given import Given
    from skerry.report.made_from import MadeFrom


@dataclass(frozen=True, eq=False)
class Contents:
    """What a page shows and says.

    Attributes
    ----------
    regions : Regions
    in_mni : InMni
        Whether their map is in MNI space.
    background : Background
    made_from : MadeFrom
        How the user named what went in.
    atlases : tuple of AtlasOnMap
    listing : Listing
    title : str or None
    """

    regions: Regions
    in_mni: InMni
    background: Background = field(repr=False)
    made_from: MadeFrom
    atlases: tuple[AtlasOnMap, ...] = ()
    listing: Listing = field(default_factory=Listing)
    title: str | None = None

    @cached_property
    def given(self) -> Given | None:
        """Why the regions are not those of one height; None where they are."""
        from skerry.report.given import given_regions

        return given_regions(self.regions)
