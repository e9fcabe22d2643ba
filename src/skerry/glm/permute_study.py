"""Maps and a design, read once, of which contrasts are tested one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skerry.glm.permuted_maps import PermutedMaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from skerry.space.statmap import StatMap
    from skerry.stats.permute.design import Design
    from skerry.stats.permute.moves import Scheme
    from skerry.stats.permute.stack import Stack
    from skerry.typing import ImageLike

__all__ = ["Study", "read_study"]


@dataclass(frozen=True, slots=True)
class Study:
    """Maps of many subjects and what is known of them.

    Attributes
    ----------
    stack : Stack
    design : Design
        Its rows in the order of the maps.
    blocks : array_like or None
        Exchangeability block of each map.
    """

    stack: Stack
    design: Design
    blocks: ArrayLike | None

    def test(self, contrast: Any = None, **options: Any) -> PermutedMaps:
        """Test a contrast.

        Parameters
        ----------
        contrast
            See `skerry.glm.permute`.
        **options
            Of `skerry.stats.permute.permutation_test`.

        Returns
        -------
        PermutedMaps
        """
        from skerry.stats.permute import permutation_test
        from skerry.stats.permute.contrast import model_of

        stack = self.stack
        test = permutation_test(
            stack.data, stack.mask, stack.grid, model_of(self.design, contrast),
            blocks=self.blocks, **options,
        )  # fmt: skip
        return PermutedMaps(test, stack.grid, stack.inputs, (*stack.notes, *test.notes))

    def check(
        self, contrast: Any, *, n_perm: int, seed: int, scheme: Scheme, whole_blocks: bool
    ) -> None:
        """Refuse a contrast that cannot be tested, before the work on any begins."""
        from skerry.stats.permute.contrast import model_of
        from skerry.stats.permute.moves import plan_moves

        plan_moves(
            model_of(self.design, contrast), n_perm=n_perm, seed=seed, scheme=scheme,
            blocks=self.blocks, whole_blocks=whole_blocks,
        )  # fmt: skip


def read_study(
    maps: Sequence[ImageLike | StatMap] | ImageLike,
    design: Any = None,
    *,
    mask: ImageLike | None = None,
    blocks: str | ArrayLike | None = None,
) -> Study:
    """Read maps and their design.

    Parameters
    ----------
    maps, design, mask, blocks
        See `skerry.glm.permute`.

    Returns
    -------
    Study

    Raises
    ------
    ArgumentError
        If maps or design cannot be used.
    GridMismatchError, ImageFileError
        If a map cannot be used.
    """
    from skerry.stats.permute.design import read_design
    from skerry.stats.permute.stack import stack_maps

    stack = stack_maps(maps, mask=mask)
    column = blocks if isinstance(blocks, str) else None
    table = read_design(design, stack.names, blocks=column)
    return Study(stack, table, table.blocks if isinstance(blocks, str) else blocks)
