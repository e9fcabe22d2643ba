"""Atlases under nilearn's names: where they come from, what they return."""
