"""A dictionary whose items are attributes."""

from __future__ import annotations

import copy
import pickle

import pytest

from skerry.datasets.bunch import Bunch


def test_items_are_attributes_both_ways():
    bunch = Bunch(images=[1])
    bunch.more = 2
    assert bunch == {"images": [1], "more": 2}
    assert bunch.images is bunch["images"]
    assert "more" in dir(bunch)
    del bunch.more
    assert "more" not in bunch


def through_pickle(thing):
    return pickle.loads(pickle.dumps(thing))  # noqa: S301  # its own bytes


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, through_pickle])
def test_copies_are_bunches(again):
    bunch = Bunch(images=[1])
    assert again(bunch) == bunch
    assert type(again(bunch)) is Bunch


def test_a_missing_item_says_what_there_is():
    with pytest.raises(AttributeError, match=r"no item 'maps'; there are \['images'\]"):
        _ = Bunch(images=[]).maps
    with pytest.raises(AttributeError):
        del Bunch().maps
