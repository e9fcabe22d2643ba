"""Who does the work: maps handed out in chunks, to this process, to our own, or to Dask's."""
