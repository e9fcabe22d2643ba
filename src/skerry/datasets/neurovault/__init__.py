"""Statistical maps from NeuroVault: by number, by collection, or by what is known of them.

The server is https://neurovault.org, or the one that the environment variable
`SKERRY_NEUROVAULT_URL` names (https; http only on loopback). What it says is
not trusted: file names come from numbers, never from its answers.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
