"""A dictionary whose items are attributes too."""

from __future__ import annotations

from typing import Any

__all__ = ["Bunch"]


class Bunch(dict[str, Any]):
    """What a fetcher returns: a dictionary whose items can be read as attributes.

    Examples
    --------
    >>> found = Bunch(images=["a.nii.gz"])
    >>> found.images is found["images"]
    True
    """

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"no item {name!r}; there are {sorted(self)}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del self[name]
        except KeyError:
            raise AttributeError(f"no item {name!r}") from None

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self})

    def __repr__(self) -> str:
        return f"Bunch({', '.join(f'{name}={value!r}' for name, value in self.items())})"
