"""`plot_above(atlas=)` and `skerry plot --atlas`: which labels are outlined, and their names."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest
from matplotlib.colors import to_hex

from skerry import find_regions
from skerry.atlas import load_atlas
from skerry.cli.main import run
from skerry.datasets import load_sample_motor_activation_image
from skerry.plotting.regions.above import plot_above
from skerry.plotting.regions.label_outlines import _COLORS

AFFINE = np.diag([3.0, 3.0, 3.0, 1.0])
AFFINE[:3, 3] = (-30, -30, -30)


def labels():
    """Eight boxes along x and y, two voxels of border each."""
    values = np.zeros((20, 20, 20), dtype=np.int16)
    for number in range(8):
        x, y = divmod(number, 4)
        values[1 + 9 * x : 9 + 9 * x, 1 + 5 * y : 5 + 5 * y, 5:15] = number + 1
    return values


def atlas(name="boxes"):
    img = nibabel.Nifti1Image(labels(), AFFINE)
    return load_atlas(img, [f"Box ${n}$" for n in range(1, 9)], name=name)


def regions(*places, size=2):
    values = np.zeros((20, 20, 20))
    for x, y, z in places:
        values[x : x + size, y : y + size, z : z + size] = 5
    return find_regions(nibabel.Nifti1Image(values, AFFINE), 3)


def texts(display):
    figure = display.frame_axes.get_figure()
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def line_colors(display):
    found = {
        to_hex(color)
        for view in display.axes.values()
        for lines in view.ax.collections
        for color in lines.get_edgecolor()
    }
    return found & {color.lower() for color in _COLORS}


def drawn(found, **options):
    brain = nibabel.Nifti1Image(np.ones((20, 20, 20)), AFFINE)
    options = {"display_mode": "z", "cut_coords": [0.0], "bg_img": brain, **options}
    return plot_above(found, **{"atlas": atlas(), **options})


def test_the_label_of_a_region_is_outlined_and_named():
    display = drawn(regions((2, 2, 9)))
    assert texts(display) == ["Box $1$"]
    assert line_colors(display) == {_COLORS[0].lower()}
    display.close()


def test_each_region_in_the_cut_comes_with_the_label_that_holds_most_of_it():
    """A large region fills four boxes; a small one lies in the eighth."""
    values = np.zeros((20, 20, 20))
    values[1:9, 1:19, 8:12] = 5
    values[15, 17, 10] = 4
    found = find_regions(nibabel.Nifti1Image(values, AFFINE), 3)
    display = drawn(found)
    assert texts(display)[:2] == ["Box $1$", "Box $8$"]
    assert texts(display)[2:] == ["Box $2$", "Box $3$", "Box $4$"]
    display.close()


def test_what_lies_outside_the_cut_is_not_named():
    found = regions((2, 2, 9), (12, 2, 12))
    display = drawn(found)
    assert texts(display) == ["Box $1$"]
    display.close()
    display = drawn(found, display_mode="glass", cut_coords=None)
    assert texts(display) == ["Box $1$", "Box $5$"]
    display.close()


def test_more_than_six_are_counted():
    values = np.zeros((20, 20, 20))
    values[:, :, 9:12] = 5
    display = drawn(find_regions(nibabel.Nifti1Image(values, AFFINE), 3))
    assert len(texts(display)) == 7
    assert texts(display)[-1] == "and 2 more"
    assert line_colors(display) == {color.lower() for color in _COLORS}
    display.close()


def test_where_there_is_no_label_that_is_said():
    display = drawn(regions((2, 2, 0)), cut_coords=[-27.0])
    assert texts(display) == ["no label of boxes here"]
    display.close()


def test_without_regions_nothing_is_said_of_labels():
    display = drawn(regions())
    assert texts(display) == []
    display.close()


def test_labels_of_two_atlases_tell_which():
    display = drawn(regions((2, 2, 9)), atlas=[atlas(), atlas("more")])
    assert texts(display) == ["Box $1$ (boxes)", "Box $1$ (more)"]
    display.close()


def test_names_are_text_not_formulae():
    display = drawn(regions((2, 2, 9)))
    figure = display.frame_axes.get_figure()
    assert not any(t.get_parse_math() for legend in figure.legends for t in legend.get_texts())
    display.close()


@pytest.mark.parametrize("display_mode", ["ortho", "z", "mosaic", "glass"])
def test_the_names_take_no_room_from_the_views(display_mode):
    found = regions((2, 2, 9))
    where = {"cut_coords": None, "display_mode": display_mode}
    sizes = []
    for given in ((), atlas()):
        display = drawn(found, atlas=given, **where)
        figure = display.frame_axes.get_figure()
        figure.canvas.draw()
        boxes = [view.ax.get_window_extent() for view in display.axes.values()]
        sizes.append([(box.width, box.height) for box in boxes])
        if figure.legends:
            top = figure.legends[0].get_window_extent().y1
            assert top <= display.frame_axes.get_window_extent().y0 + 1
            assert all(top <= box.y0 + 1 for box in boxes)
        display.close()
    np.testing.assert_allclose(sizes[0], sizes[1], rtol=0.02)


def test_the_command_takes_the_embedded_atlas(tmp_path, capsys):
    path = load_sample_motor_activation_image()
    out = tmp_path / "figure.svg"
    with pytest.raises(SystemExit) as ended:
        run(["plot", path, "-t", "6", "--display", "z", "--cuts", "0,58", "--atlas", "schaefer200",
             "--background", "none", "-o", str(out)])  # fmt: skip
    assert ended.value.code == 0
    drawn_text = out.read_text()
    assert "7Networks_LH_SomMot_12" in drawn_text
    assert "the template space of the map image_10426 is unknown" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        run(["plot", path, "--atlas", "nowhere.nii.gz", "-o", str(out)])
    assert ended.value.code == 1
