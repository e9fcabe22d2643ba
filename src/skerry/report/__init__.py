"""Reports: the page of a map's regions, its methods paragraph, and the files beside it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
