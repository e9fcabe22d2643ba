"""Fetch maps: by number, by collection, or by what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from skerry.datasets.neurovault import arguments as request
from skerry.datasets.neurovault import search
from skerry.datasets.neurovault.archive import as_ids
from skerry.datasets.neurovault.filters import basic_image_terms
from skerry.datasets.neurovault.returned import bunch_of, bunch_with_words
from skerry.io.notice import notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from skerry.datasets.bunch import Bunch
    from skerry.datasets.neurovault.shelf import FetchedImage
    from skerry.typing import Interpolation, PathLike

__all__ = [
    "fetch_image",
    "fetch_neurovault",
    "fetch_neurovault_auditory_computation_task",
    "fetch_neurovault_ids",
]

_AUDITORY_COMPUTATION = 32980


def fetch_neurovault(
    max_images: int | None = 100,
    collection_terms: dict[str, Any] | None = None,
    collection_filter: Callable[[Any], Any] | None = None,
    image_terms: dict[str, Any] | None = None,
    image_filter: Callable[[Any], Any] | None = None,
    mode: Literal["download_new", "overwrite", "offline"] = "download_new",
    data_dir: PathLike | None = None,
    fetch_neurosynth_words: bool = False,
    resample: bool = False,
    interpolation: Interpolation = "continuous",
    vectorize_words: bool = True,
    timeout: float = 10.0,
    verbose: int = 3,
    **kwarg_image_filters: Any,
) -> Bunch:
    """Fetch maps of NeuroVault that have the properties asked for.

    Parameters
    ----------
    max_images : int, optional
        At most so many; None, or a number below 0, for all.
    collection_terms : dict, optional
        Name -> value (or a filter such as `NotNull()`) that the record of a
        collection must have. By default `basic_collection_terms()`. `DOI`, `name`,
        `owner` and `id` are asked of the server too, which saves time.
    collection_filter : callable, optional
        Takes the record of a collection (dict) and tells whether it is wanted.
    image_terms, image_filter : dict and callable, optional
        The same for images; by default `basic_image_terms()`.
    mode : {"download_new", "overwrite", "offline"}
        Fetch what is missing, or all, or nothing.
    data_dir : path, optional
        Folder to keep the maps in. By default the one that the environment
        variable `SKERRY_DATA` names, else the user's cache folder for skerry;
        nilearn's data folders are read too.
    fetch_neurosynth_words : bool
        Fetch the words that Neurosynth finds for each map. Where they cannot be
        had, that is a warning.
    resample : bool
        Keep the maps on a grid of 3 mm (`STD_AFFINE`) instead of their own. A
        resampled map that is there is taken as it is.
    interpolation : {"continuous", "linear", "nearest"}
        How they are resampled.
    vectorize_words : bool
        Add `vocabulary` and `word_frequencies` to the answer.
    timeout : float
        Longest wait for the server to connect and to send each further byte, in
        seconds. A record may take 10 times as long in all, a map 60 times.
    verbose : int
        0 writes nothing; above, standard error says what is fetched.
    **kwarg_image_filters
        More terms for images: `map_type="Z map"`, `collection_id=1952`.

    Returns
    -------
    Bunch
        `images` (list of paths, str), `images_meta` and `collections_meta` (lists
        of dict, one per image), `description` (str); with words `vocabulary`
        ((n_words,) array) and `word_frequencies` ((n_images, n_words) array).

    Raises
    ------
    NetworkError
        If the server is out of reach, or sends nothing usable. A single map that
        cannot be fetched is left out, with a warning.
    OutputError
        If the folder cannot be made, or is full.
    ArgumentTypeError, ArgumentError
        If an argument makes no sense.

    References
    ----------
    Gorgolewski et al. 2015, doi:10.3389/fninf.2015.00008.
    """
    for name, own, default in (
        ("image", image_filter, image_terms),
        ("collection", collection_filter, collection_terms),
    ):
        if own is not None and default is None:
            notice(
                f"{name}_filter is given and the usual {name}_terms hold as well; "
                f"{name}_terms={{}} takes them away"
            )
    mode_wanted = request.checked_mode(mode)
    limit = request.checked_limit(max_images)
    gather = request.gatherer(
        data_dir,
        timeout,
        mode=mode_wanted,
        resampled=request.checked_interpolation(interpolation) if resample else None,
        verbose=verbose,
    )
    terms = basic_image_terms() if image_terms is None else image_terms
    collection_wanted, image_wanted = request.filters(
        collection_terms, collection_filter, {**terms, **kwarg_image_filters}, image_filter
    )
    mode_possible = request.mode_that_can_be(mode_wanted, gather)
    found = search.by_filter(
        gather, collection_wanted, image_wanted, mode=mode_possible, max_images=limit
    )
    if not fetch_neurosynth_words:
        return bunch_of(found)
    offline = mode_possible == "offline"
    return bunch_with_words(found, gather, vectorize=vectorize_words, offline=offline)


def fetch_neurovault_ids(
    collection_ids: Iterable[int] = (),
    image_ids: Iterable[int] = (),
    mode: Literal["download_new", "overwrite", "offline"] = "download_new",
    data_dir: PathLike | None = None,
    fetch_neurosynth_words: bool = False,
    resample: bool = False,
    vectorize_words: bool = True,
    timeout: float = 10.0,
    verbose: int = 3,
) -> Bunch:
    """Fetch whole collections, and single maps, of NeuroVault by their numbers.

    A collection that is on disk in part is completed; one that is there whole, as
    the server listed it, is not asked for again (`mode="overwrite"` does that).

    Parameters
    ----------
    collection_ids, image_ids : iterable of int
        Their numbers.
    mode, data_dir, fetch_neurosynth_words, resample, vectorize_words, timeout, verbose
        As for `fetch_neurovault`.

    Returns
    -------
    Bunch
        As from `fetch_neurovault`: the maps of the collections, in their order,
        then the others.

    Raises
    ------
    NetworkError
        If not all maps are on disk or arrive whole. Those that arrived are kept.
    OutputError, ArgumentTypeError, ArgumentError
        As for `fetch_neurovault`.

    References
    ----------
    Gorgolewski et al. 2015, doi:10.3389/fninf.2015.00008.
    """
    mode_wanted = request.checked_mode(mode)
    collections = request.checked_ids(collection_ids, "collection_ids")
    images = request.checked_ids(image_ids, "image_ids")
    gather = request.gatherer(
        data_dir,
        timeout,
        mode=mode_wanted,
        resampled="continuous" if resample else None,
        verbose=verbose,
    )
    mode_possible = request.mode_that_can_be(mode_wanted, gather)
    found = search.by_number(gather, collections, images, mode=mode_possible)
    if not fetch_neurosynth_words:
        return bunch_of(found)
    offline = mode_possible == "offline"
    return bunch_with_words(found, gather, vectorize=vectorize_words, offline=offline)


def fetch_neurovault_auditory_computation_task(
    data_dir: PathLike | None = None, verbose: int = 1, timeout: float = 10.0
) -> Bunch:
    """Fetch a map of mental subtraction upon auditory instruction.

    It is NeuroVault image 32980 (auditory calculation against baseline, one
    subject). It is asked for once and kept; what is kept is verified on each use.

    Parameters
    ----------
    data_dir : path, optional
        Folder to keep it in. By default the one that the environment variable
        `SKERRY_DATA` names, else the user's cache folder for skerry; nilearn's
        data folders are read too where they hold the map.
    verbose : int
        0 writes nothing; 1 says on standard error what is fetched.
    timeout : float
        Longest wait for the server to connect and to send each further byte, in
        seconds. The map may take 60 times as long in all.

    Returns
    -------
    Bunch
        `images` (list of one path, str), `images_meta` and `collections_meta`
        (lists of one dict), `description` (str).

    Raises
    ------
    NetworkError
        If the map is not on disk and does not arrive whole.
    OutputError
        If the folder cannot be written.
    ArgumentTypeError, ArgumentError
        If an argument makes no sense.

    References
    ----------
    https://neurovault.org/images/32980/ (CC0).
    """
    found = fetch_image(_AUDITORY_COMPUTATION, data_dir=data_dir, verbose=verbose, timeout=timeout)
    return bunch_of([found])


def fetch_image(
    image_id: int,
    *,
    data_dir: PathLike | None = None,
    verbose: int = 1,
    timeout: float = 10.0,
) -> FetchedImage:
    """Fetch a NeuroVault image by its number, or find it on disk.

    Parameters
    ----------
    image_id : int
        Its number: 32980 for https://neurovault.org/images/32980/.
    data_dir, verbose, timeout
        As for `fetch_neurovault_auditory_computation_task`.

    Returns
    -------
    FetchedImage
        Under `neurovault/collection_<number>/` in the data folder.

    Raises
    ------
    NetworkError, OutputError, ArgumentTypeError, ArgumentError
        As for `fetch_neurovault_auditory_computation_task`.
    """
    (number,) = as_ids([image_id], "image_id")
    return request.gatherer(data_dir, timeout, verbose=verbose).image(number)
