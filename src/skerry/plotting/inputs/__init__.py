"""What a figure is given: images, backgrounds, thresholds and arguments, read and checked."""
