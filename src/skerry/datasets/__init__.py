"""Maps, templates and atlases to hand, embedded or fetched once and verified.

What the fetchers of atlases, `fetch_atlas_...`, have in common:

data_dir : path, optional
    Folder of data sets; by default `SKERRY_DATA`, else skerry's and nilearn's
    folders.
url (Schaefer's: base_url) : str, optional
    The archive, or the folder of the files, on another server.
resume : bool
    Not used; a download that was cut starts again.
verbose : int
    0 writes nothing; above, standard error says what is fetched, and once on
    what terms.

Each returns a `Bunch`: `maps` (path or image), `description` (with licence and
reference), `template` (the space, or ``"MNI?"`` where nobody named it) and
`atlas_type`. Where it is ``"deterministic"``, maps hold numbers: `lut` is their table
(`index`, `name`) and `labels` are its names, mostly with the background first.
Where it is ``"probabilistic"``, a volume belongs to each of `labels`.

Each raises `ArgumentError` if there is no such variant, `NetworkError` if it is not on
disk and cannot be fetched whole, `DamagedFileError` if its files contradict
each other, and `OutputError` if they cannot be kept.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
