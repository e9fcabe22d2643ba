"""Which collections and images to take, by the records that NeuroVault has of them."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from skerry.datasets.neurovault.terms import NotEqual, NotIn, NotNull

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Record = Mapping[str, Any]

__all__ = ["ResultFilter", "basic_collection_terms", "basic_image_terms"]


class ResultFilter:
    """Tells whether a record has the values wanted; can be combined with others.

    Parameters
    ----------
    query_terms : dict, optional
        Name -> value, or one of the values of `neurovault_terms`.
    callable_filter : callable, optional
        Takes a record (dict) and tells whether it is wanted.
    **terms
        More terms, as keywords.

    Examples
    --------
    >>> from skerry.datasets.neurovault import LessThan
    >>> few = ResultFilter(number_of_subjects=LessThan(9))
    >>> wanted = ResultFilter(map_type="Z map").AND(few.NOT())
    >>> wanted({"map_type": "Z map", "number_of_subjects": 20})
    True
    """

    def __init__(
        self,
        query_terms: Record | None = None,
        callable_filter: Callable[[Any], Any] | None = None,
        **terms: Any,
    ) -> None:
        self.query_terms_ = {**(query_terms or {}), **terms}
        self.callable_filters_ = [] if callable_filter is None else [callable_filter]

    def __call__(self, candidate: Record) -> bool:
        """Tell whether a record is wanted."""
        return all(
            wanted == candidate.get(name) for name, wanted in self.query_terms_.items()
        ) and all(wants(candidate) for wants in self.callable_filters_)

    def AND(self, other_filter: Callable[[Any], Any]) -> ResultFilter:  # noqa: N802
        """Want what both want."""
        one, other = deepcopy(self), deepcopy(other_filter)
        return ResultFilter(callable_filter=lambda record: one(record) and other(record))

    def OR(self, other_filter: Callable[[Any], Any]) -> ResultFilter:  # noqa: N802
        """Want what at least one wants."""
        one, other = deepcopy(self), deepcopy(other_filter)
        return ResultFilter(callable_filter=lambda record: one(record) or other(record))

    def XOR(self, other_filter: Callable[[Any], Any]) -> ResultFilter:  # noqa: N802
        """Want what exactly one wants."""
        one, other = deepcopy(self), deepcopy(other_filter)
        return ResultFilter(callable_filter=lambda record: one(record) != bool(other(record)))

    def NOT(self) -> ResultFilter:  # noqa: N802
        """Want what this filter does not."""
        one = deepcopy(self)
        return ResultFilter(callable_filter=lambda record: not one(record))

    def __getitem__(self, name: str) -> Any:
        return self.query_terms_[name]

    def __setitem__(self, name: str, wanted: Any) -> None:
        self.query_terms_[name] = wanted

    def __delitem__(self, name: str) -> None:
        self.query_terms_.pop(name, None)

    def add_filter(self, callable_filter: Callable[[Any], Any]) -> None:
        """Want only what this callable wants too."""
        self.callable_filters_.append(callable_filter)

    def __str__(self) -> str:
        return type(self).__name__


def basic_collection_terms() -> dict[str, Any]:
    """Give the terms that take collections which are not empty."""
    return {"number_of_images": NotNull()}


def basic_image_terms() -> dict[str, Any]:
    """Give the terms that take whole statistical maps in MNI space.

    Not taken are thresholded images, images in another space, masks, anatomical
    images, parcellations and atlases.
    """
    return {
        "not_mni": False,
        "is_thresholded": False,
        "map_type": NotIn("ROI/mask", "anatomical", "parcellation"),
        "image_type": NotEqual("atlas"),
    }
