"""Permutation tests of a linear model at every voxel of many maps.

What people give: `stack` (maps), `design`, `contrast`, and FSL's files of them (`fsl`).
What is tested, and how: `model`, then `moves` (with `enumeration` and `reach`).
The work: `measurer` measures one arrangement, `null` all of them, `checkpoint` keeps them.
What comes out: `observed` maps and clusters, judged by `p_values` or `pareto`: a `result`.
`run` leads through it all.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
