"""Planes that meet every region."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.plotting.cuts.cover import choose_planes

N_PLANES = 9


@st.composite
def intervals(draw):
    """Areas of regions that fill runs of planes, largest in their middle."""
    areas = []
    for _ in range(draw(st.integers(1, 6))):
        first = draw(st.integers(0, N_PLANES - 1))
        last = draw(st.integers(first, N_PLANES - 1))
        row = np.zeros(N_PLANES, dtype=np.int64)
        run = np.arange(last - first + 1)
        row[first : last + 1] = 1 + np.minimum(run, run[::-1]) * draw(st.integers(1, 9))
        areas.append(row)
    return np.array(areas)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(intervals(), st.integers(1, 5))
def test_every_region_is_met_when_so_many_planes_can(areas, n_planes):
    chosen = choose_planes(areas, n_planes, step_mm=3.0)
    assert len(chosen) == len(set(chosen)) == n_planes
    assert chosen == sorted(chosen)
    met = (areas[:, chosen] > 0).any(axis=1)
    possible = any(
        (areas[:, planes] > 0).any(axis=1).all()
        for planes in itertools.combinations(range(N_PLANES), n_planes)
    )
    assert met.all() == possible


def test_with_too_few_planes_the_largest_regions_come_first():
    areas = np.zeros((3, 12), dtype=np.int64)
    areas[0, 0], areas[1, 5], areas[2, 11] = 1, 50, 40
    assert choose_planes(areas, 2, step_mm=1.0) == [5, 11]


def test_a_region_is_cut_where_it_is_large():
    areas = np.array([[0, 1, 2, 30, 31, 29, 1, 0]])
    assert choose_planes(areas, 1, step_mm=2.0) == [4]


def test_spare_planes_keep_a_distance_in_mm_and_stay_in_the_signal():
    areas = np.array([[0] * 10 + [9] * 30 + [0] * 10])
    for step in (1.0, 2.0):
        chosen = choose_planes(areas, 3, step_mm=step)
        assert np.diff(chosen).min() * step >= 12
        assert set(chosen) <= set(range(10, 40))


def test_a_small_region_still_gives_as_many_planes_as_asked():
    areas = np.array([[0, 0, 0, 0, 7, 0, 0, 0, 0]])
    chosen = choose_planes(areas, 4, step_mm=3.0)
    assert 4 in chosen
    assert len(chosen) == 4
    assert max(abs(plane - 4) for plane in chosen) <= 3


def test_there_are_never_more_planes_than_the_image_has():
    assert choose_planes(np.array([[1, 2]]), 7, step_mm=3.0) == [0, 1]
