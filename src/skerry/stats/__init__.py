"""What a statistic is worth: p values, corrections, enhancement, true discoveries."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
