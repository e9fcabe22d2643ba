"""The engine: arrays in, arrays out, no files and no images."""
