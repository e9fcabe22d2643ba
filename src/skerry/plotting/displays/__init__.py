"""The objects that figures are drawn on: slicers and projectors."""
