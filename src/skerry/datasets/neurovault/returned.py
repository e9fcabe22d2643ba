"""What the NeuroVault fetchers return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skerry.datasets.bunch import Bunch
from skerry.datasets.neurovault.words import fetch_words, neurosynth_words_vectorized

if TYPE_CHECKING:
    from skerry.datasets.neurovault.gather import Gatherer
    from skerry.datasets.neurovault.shelf import FetchedImage

__all__ = ["bunch_of", "bunch_with_words"]

_DESCRIPTION = """\
NeuroVault (https://neurovault.org) is a public archive of statistical maps,
parcellations and atlases of the brain. The maps are released under CC0.

images: paths of the maps, one NIfTI file each
images_meta: what NeuroVault knows of each map
collections_meta: what it knows of the collection that each map belongs to

Gorgolewski et al. 2015, doi:10.3389/fninf.2015.00008
"""


def bunch_of(found: list[FetchedImage]) -> Bunch:
    """Give images and what is known of them."""
    return Bunch(
        images=[str(image.path) for image in found],
        images_meta=[image.image_meta for image in found],
        collections_meta=[image.collection_meta for image in found],
        description=_DESCRIPTION,
    )


def bunch_with_words(
    found: list[FetchedImage], gather: Gatherer, *, vectorize: bool, offline: bool
) -> Bunch:
    """Give images with the words that Neurosynth finds for them, and a table of these."""
    found = fetch_words(found, gather.root, gather.archive.patience, offline=offline)
    bunch = bunch_of(found)
    if vectorize:
        paths = [image.image_meta.get("ns_words_absolute_path") for image in found]
        bunch.word_frequencies, bunch.vocabulary = neurosynth_words_vectorized(paths)
    return bunch
