"""Where to cut maps, atlases and regions so that what they hold is seen."""
