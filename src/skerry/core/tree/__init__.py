"""The merge tree: every region of every threshold, built once."""

from __future__ import annotations

from skerry.core.tree.build import build_tree
from skerry.core.tree.merge_tree import MergeTree, Peaks

__all__ = ["MergeTree", "Peaks", "build_tree"]
