"""Coordinates of regions, embedded: Power, Dosenbach and Seitzman."""

from __future__ import annotations

import numpy as np

from skerry.datasets.atlases.facts import DOSENBACH, POWER, SEITZMAN
from skerry.datasets.bunch import Bunch
from skerry.datasets.embedded import (
    DOSENBACH_2010,
    POWER_2011,
    SEITZMAN_2018,
    SEITZMAN_2018_PLACES,
)

__all__ = [
    "fetch_coords_dosenbach_2010",
    "fetch_coords_power_2011",
    "fetch_coords_seitzman_2018",
]


def fetch_coords_power_2011() -> Bunch:
    """Give the coordinates of Power's 264 regions.

    Returns
    -------
    Bunch
        `rois` (DataFrame: `roi`, `x`, `y`, `z`, MNI mm), `description`.

    References
    ----------
    Power et al. 2011, doi:10.1016/j.neuron.2011.09.006.

    Examples
    --------
    >>> from skerry.datasets import fetch_coords_power_2011
    >>> len(fetch_coords_power_2011().rois)
    264
    """
    import pandas as pd

    rois = pd.read_csv(POWER_2011)
    rois = rois.rename(columns={name: str(name).lower() for name in rois.columns})
    return Bunch(rois=rois, description=POWER.description)


def fetch_coords_dosenbach_2010(ordered_regions: bool = True) -> Bunch:
    """Give the coordinates of Dosenbach's 160 regions.

    Parameters
    ----------
    ordered_regions : bool
        Sort by network, name and y; else as published.

    Returns
    -------
    Bunch
        `rois` (DataFrame: `x`, `y`, `z`, MNI mm), `labels` (name and number),
        `networks`, `description`.

    References
    ----------
    Dosenbach et al. 2010, doi:10.1126/science.1194144.
    """
    import pandas as pd

    table = pd.read_csv(DOSENBACH_2010)
    if ordered_regions:
        table = table.sort_values(by=["network", "name", "y"])
    pairs = zip(table["name"], table["number"], strict=True)
    return Bunch(
        rois=table[["x", "y", "z"]],
        labels=[f"{name} {number}" for name, number in pairs],
        networks=table["network"],
        description=DOSENBACH.description,
    )


def fetch_coords_seitzman_2018(ordered_regions: bool = True) -> Bunch:
    """Give the coordinates of Seitzman's 300 regions.

    Parameters
    ----------
    ordered_regions : bool
        Sort by network and y; else as published.

    Returns
    -------
    Bunch
        `rois` (DataFrame: `x`, `y`, `z`, MNI mm), `radius` (mm), `networks`,
        `regions` (the structure each lies in), `description`.

    References
    ----------
    Seitzman et al. 2020, doi:10.1016/j.neuroimage.2019.116290.
    """
    import pandas as pd

    table = pd.read_csv(SEITZMAN_2018, sep=" ").assign(region=_places())
    if ordered_regions:
        table = table.sort_values(by=["netName", "y"])
    return Bunch(
        rois=table[["x", "y", "z"]],
        radius=np.array(table["radius(mm)"]),
        networks=np.array(table["netName"]),
        regions=np.array(table["region"]),
        description=SEITZMAN.description,
    )


def _places() -> list[str]:
    head, *numbers = SEITZMAN_2018_PLACES.read_text(encoding="utf-8").split()
    named = dict(pair.split("=") for pair in head.split(","))
    return [named[number] for number in numbers]
