"""Atlases that are fetched by name: `harvard_oxford`, `aal:SPM12`, `schaefer_2018:400-17`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from skerry.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FETCHED", "NamedAtlas", "fetch_named"]

_MAXIMUM = "maxprob-thr25-2mm"
# By name: what may follow the colon (the first is meant without one), and its meaning.
FETCHED: dict[str, tuple[tuple[str, ...], str]] = {
    "harvard_oxford": (
        ("cort", "cortl", "sub"),
        "cortical, cortical with sides, subcortical; or a full name such as cort-prob-2mm",
    ),
    "juelich": ((_MAXIMUM,), "a full name such as prob-2mm"),
    "aal": (("3v2", "SPM12", "SPM8", "SPM5"), "version"),
    "destrieux_2009": ((), ""),
    "talairach": (("gyrus", "hemisphere", "lobe", "tissue", "ba"), "level"),
    "pauli_2017": (("deterministic", "probabilistic"), "type"),
    "schaefer_2018": (("400", "100", "1000", "400-17"), "parcels, and networks if 17"),
    "yeo_2011": (("7", "17"), "networks"),
    "basc_multiscale_2015": (("64", "7", "444"), "clusters"),
    "difumo": (("64", "128", "256", "512", "1024"), "modes"),
    "msdl": ((), ""),
}


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
    if name not in FETCHED:
        return None
    known, meaning = FETCHED[name]
    if colon and not (known and variant):
        raise ArgumentError(f"the atlas {name} has no variants; leave out ':{variant}'")
    try:
        bunch = _fetch(name, variant or (known[0] if known else ""), verbose)
    except ArgumentError as error:
        raise ArgumentError(
            f"no variant {variant!r} of the atlas {name}; after the colon comes: {meaning} "
            f"({', '.join(known)})"
        ) from error
    return NamedAtlas(f"{name}_{variant}" if variant else name, bunch)


def _fetch(name: str, variant: str, verbose: int) -> Mapping[str, Any]:
    import skerry.datasets as datasets

    fetcher = getattr(datasets, f"fetch_atlas_{name}")
    return fetcher(verbose=verbose, **_options(name, variant))  # type: ignore[no-any-return]


def _options(name: str, variant: str) -> dict[str, Any]:
    """Give the arguments of a fetcher that a variant stands for."""
    if name == "harvard_oxford":
        is_part = variant in ("cort", "cortl", "sub")
        return {"atlas_name": f"{variant}-{_MAXIMUM}" if is_part else variant}
    if name == "schaefer_2018":
        n_rois, _, networks = variant.partition("-")
        return {"n_rois": _number(n_rois), "yeo_networks": _number(networks or "7")}
    if name == "difumo":
        dimension = _number(variant)
        # More modes at 2 mm would not fit into memory at once.
        return {"dimension": dimension, "resolution_mm": 2 if dimension <= 128 else 3}
    argument = {
        "juelich": "atlas_name",
        "aal": "version",
        "talairach": "level_name",
        "pauli_2017": "atlas_type",
        "yeo_2011": "n_networks",
        "basc_multiscale_2015": "resolution",
    }.get(name)
    if argument is None:
        return {}
    return {argument: _number(variant) if argument in ("n_networks", "resolution") else variant}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise ArgumentError(f"{text!r} is not a number")
    return int(text)
