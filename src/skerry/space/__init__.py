"""Where values live: grids, neighbours, maps, and moving between grids."""
