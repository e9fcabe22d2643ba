"""Figures of one map: cuts through it over a background, or a glass brain."""
