"""A map as an interactive page: made, shown in a notebook or a browser, saved."""
