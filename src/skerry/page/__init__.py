"""The page: one HTML file that shows a map and lets its threshold be moved."""
