"""nilearn's tests of its display objects, on skerry's."""

from __future__ import annotations

from importlib import import_module

from borrow import borrow
from nilearn.plotting.conftest import mni152_template_res_2  # noqa: F401  # a fixture

import skerry.plotting.displays as ours

# The test module keeps the classes in lists and marks while it is imported, and
# imports two more inside its functions: they are replaced where it finds them.
theirs = import_module("nilearn.plotting.displays")
CLASSES = [name for name in ours.__all__ if hasattr(theirs, name)]
for _name in CLASSES:
    setattr(theirs, _name, getattr(ours, _name))

globals().update(
    borrow(
        "nilearn.plotting.displays.tests.test_displays",
        replace={},
        leave_out={
            "test_glass_brain_axes": "calls the private _add_markers and _add_lines",
            "test_add_graph_with_node_color_as_string": (
                "add_graph draws connectomes, which skerry does not"
            ),
            "test_get_index_from_direction_exception": (
                "a private helper; skerry has a table of directions (slices.THROUGH)"
            ),
        },
    )
)


def test_nilearns_tests_meet_skerrys_classes() -> None:
    module = import_module("nilearn.plotting.displays.tests.test_displays")
    taken = [name for name in CLASSES if hasattr(module, name)]
    assert len(taken) >= 24
    assert all(getattr(module, name) is getattr(ours, name) for name in taken)
