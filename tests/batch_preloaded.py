"""Done once by the process that children of tests are forked from: they start at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from batch_maps import write_map
from skerry.batch.asked.choices import Choices
from skerry.batch.asked.job import Job
from skerry.batch.one_map.task import do_chunk

with tempfile.TemporaryDirectory() as folder:
    map_ = write_map(Path(folder) / "map.nii", 1)
    do_chunk([Job(str(map_), Choices(threshold="2.5"))], want_labels=True)
