"""What comes back from map to map: how often each voxel is in a region, and which regions recur."""
