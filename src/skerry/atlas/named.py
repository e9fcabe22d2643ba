"""Atlases with a name: `schaefer200`, and fetched ones: `aal:SPM12`, `schaefer_2018:400-17`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from skerry.datasets.atlases.arguments import NotOneOfError
from skerry.datasets.embedded import SCHAEFER_200, SCHAEFER_200_LABELS
from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["EMBEDDED", "FETCHED", "NamedAtlas", "fetch_named"]

Options: TypeAlias = dict[str, Any]

# name: image, names of the labels, template space
EMBEDDED = {"schaefer200": (SCHAEFER_200, SCHAEFER_200_LABELS, "MNI152NLin6Asym")}

_MAXIMUM = "maxprob-thr25-2mm"


class Fetched(NamedTuple):
    """An atlas with a name.

    Attributes
    ----------
    variants : tuple of str
        What may follow the colon, or examples of it; the first is meant without one.
    meaning : str
        What they are.
    options : callable
        Gives the arguments of `fetch_atlas_<name>` that a variant stands for.
    """

    variants: tuple[str, ...] = ()
    meaning: str = ""
    options: Callable[[str], Options] = lambda _: {}


class NamedAtlas(NamedTuple):
    """An atlas that was fetched by name.

    Attributes
    ----------
    name : str
        What columns are called after.
    bunch : Bunch
    """

    name: str
    bunch: Mapping[str, Any]


def _as(argument: str, variant: str) -> Options:
    return {argument: variant}


def _as_number(argument: str, variant: str) -> Options:
    return {argument: _number(variant)}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise NotOneOfError(f"{text!r} is not a number")
    return int(text)


def _harvard_oxford(variant: str) -> Options:
    is_part = variant in ("cort", "cortl", "sub")
    return {"atlas_name": f"{variant}-{_MAXIMUM}" if is_part else variant}


def _schaefer(variant: str) -> Options:
    n_rois, _, networks = variant.partition("-")
    return {"n_rois": _number(n_rois), "yeo_networks": _number(networks or "7")}


def _difumo(variant: str) -> Options:
    dimension = _number(variant)
    # More modes at 2 mm would not fit into memory at once.
    return {"dimension": dimension, "resolution_mm": 2 if dimension <= 128 else 3}


FETCHED: dict[str, Fetched] = {
    "harvard_oxford": Fetched(
        ("cort", "cortl", "sub"),
        "cortical, cortical with sides, subcortical; or a full name such as cort-prob-2mm",
        _harvard_oxford,
    ),
    "juelich": Fetched((_MAXIMUM,), "a full name such as prob-2mm", partial(_as, "atlas_name")),
    "aal": Fetched(("3v2", "SPM12", "SPM8", "SPM5"), "version", partial(_as, "version")),
    "destrieux_2009": Fetched(),
    "talairach": Fetched(
        ("gyrus", "hemisphere", "lobe", "tissue", "ba"), "level", partial(_as, "level_name")
    ),
    "pauli_2017": Fetched(("deterministic", "probabilistic"), "type", partial(_as, "atlas_type")),
    "schaefer_2018": Fetched(
        ("400", "100", "1000", "400-17"), "parcels, and networks if 17", _schaefer
    ),
    "yeo_2011": Fetched(("7", "17"), "networks", partial(_as_number, "n_networks")),
    "basc_multiscale_2015": Fetched(
        ("64", "7", "444"), "clusters", partial(_as_number, "resolution")
    ),
    "difumo": Fetched(("64", "128", "256", "512", "1024"), "modes", _difumo),
    "msdl": Fetched(),
}


def fetch_named(text: str, *, verbose: int = 1) -> NamedAtlas | None:
    """Fetch the atlas that a name stands for; None for anything else.

    Parameters
    ----------
    text : str
        ``NAME`` or ``NAME:VARIANT``.
    verbose : int
        0 writes nothing.

    Raises
    ------
    ArgumentError
        If there is no such variant.
    NetworkError
        If it is not on disk and cannot be fetched.
    """
    name, colon, variant = text.partition(":")
    known = FETCHED.get(name)
    if known is None:
        return None
    if colon and not (known.variants and variant):
        raise ArgumentError(f"the atlas {name} has no variants; leave out ':{variant}'")
    import skerry.datasets as datasets

    fetcher = getattr(datasets, f"fetch_atlas_{name}")
    meant = variant or next(iter(known.variants), "")
    try:
        bunch = fetcher(verbose=verbose, **known.options(meant))
    except NotOneOfError as error:
        raise ArgumentError(
            f"no variant {variant!r} of the atlas {name}; after the colon comes: {known.meaning} "
            f"({', '.join(known.variants)})"
        ) from error
    return NamedAtlas(f"{name}_{variant}" if variant else name, bunch)
