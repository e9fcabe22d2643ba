"""The form of finished maps on disk: voxels as runs, rows as Arrow tables, read again by id."""
