"""Figures of regions: in their colours, with their numbers, outlines and names."""
