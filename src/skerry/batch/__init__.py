"""Thousands of maps: one command, three tables, resumed by content.

`run` goes through it all: what is asked (`asked`) is handed out (`running`),
each map is worked on by itself (`one_map`), what is found is kept in `parts`,
put together in the `folder` and shown on a page (`summary`); `recurring` looks
at what the maps share. `extra` brings the packages that only a batch needs.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
