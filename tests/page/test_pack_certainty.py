"""What is packed for p, q and true discoveries says what skerry.stats says."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial import chebyshev

import skerry
from skerry.page.certainty import pack_certainty
from skerry.page.smooth import DEGREE, interpolate
from skerry.regions.discoveries import true_discovery_proportion
from skerry.regions.evidence import evidence_of
from skerry.space.grid import Grid
from skerry.stats.convert import z_to_log_p
from skerry.stats.of_kind import z_of


def statmap_of(kind, df, scale=2.0, seed=0):
    values = np.random.default_rng(seed).standard_normal((14, 15, 16)) * scale
    if kind in ("F", "p"):
        values = np.abs(values)
    return skerry.StatMap(values, Grid(values.shape, np.eye(4)), kind=kind, df=df)


def packed_pieces(facts, blocks):
    """Give the tail and z as functions, the way a page evaluates them."""
    data = np.frombuffer(blocks["polynomials"], np.uint8).reshape(8, -1).T.copy().view("<f8")
    coefficients = data.reshape(-1, DEGREE + 1)
    n_tail = len(facts["tail"]) - 1

    def function(ends, rows):
        def at(x):
            piece = np.clip(np.searchsorted(ends, x) - 1, 0, len(ends) - 2)
            low, high = np.array(ends)[piece], np.array(ends)[piece + 1]
            inside = (2 * x - low - high) / (high - low)
            return np.array(
                [chebyshev.chebval(s, rows[n]) for s, n in zip(inside, piece, strict=True)]
            )

        return at

    z = facts["z"] and function(facts["z"], coefficients[n_tail:])
    return function(facts["tail"], coefficients[:n_tail]), z


@pytest.mark.parametrize(
    ("kind", "df"),
    [("t", 1.0), ("t", 7.5), ("t", 1e5), ("F", (1.0, 12.0)), ("F", (40.0, 300.0)), ("p", None)],
)
@pytest.mark.parametrize("scale", [2.0, 60.0])
def test_polynomials_give_z_to_eleven_digits(kind, df, scale):
    statmap, blocks = statmap_of(kind, df, scale), {}
    facts = pack_certainty(statmap, blocks)
    _, z = packed_pieces(facts, blocks)
    heights = np.abs(statmap.values).ravel()
    heights = heights[z_of(heights, kind, df) > 1.5] if kind == "p" else heights
    if kind == "t":
        u = np.sqrt(df * np.log1p(heights**2 / df))
        found = u * z(u)
    else:
        found = z(np.log(heights))
    wanted = z_of(heights, kind, df)
    np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-11)


def test_polynomials_give_the_tail_of_z():
    blocks = {}
    tail, z = packed_pieces(pack_certainty(statmap_of("z", None), blocks), blocks)
    assert z is None
    x = np.linspace(0, 40, 1001)
    np.testing.assert_allclose(tail(x) - x**2 / 2, z_to_log_p(x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("sign", ["both", "positive", "negative"])
def test_deadlines_by_falling_height_give_the_true_discoveries(sign):
    statmap, blocks = statmap_of("z", None, scale=2.5), {}
    facts = pack_certainty(statmap, blocks)
    differences = np.frombuffer(blocks["deadlines"], np.uint8).reshape(4, -1).T.copy()
    differences = differences.view("<i4")[:, 0]
    parts = {}
    for name, known in facts["signs"].items():
        sides = {"both": (1, -1), "positive": (1,), "negative": (-1,)}[name]
        for side, count in zip(sides, known["n_deadlines"], strict=True):
            parts[name, side], differences = np.cumsum(differences[:count]), differences[count:]
    assert not differences.size
    regions = skerry.find_regions(statmap, 2.0, sign=sign)
    proportion = true_discovery_proportion(regions, evidence_of(statmap, sign, wanted_by="a test"))
    assert proportion.max() > 0
    for number in range(len(regions)):
        side = regions.columns["sign"][number]
        signed = side * statmap.values
        falling = np.argsort(-signed.ravel(), kind="stable")
        deadlines = parts[sign, side]
        inside = (regions.labels.ravel()[falling] == number + 1)[: len(deadlines)]
        found = np.arange(1, inside.sum() + 1) - deadlines[inside]
        bound = max(0, found.max(initial=0))
        assert bound / regions.columns["n_voxels"][number] == proportion[number]


@pytest.mark.parametrize(
    ("kind", "df", "signs"),
    [
        ("z", None, ["both", "positive", "negative"]),
        ("t", 9.0, ["both", "positive", "negative"]),
        ("F", (2.0, 9.0), ["both", "positive"]),
        ("p", None, ["both", "positive"]),
    ],
)
def test_signs_without_p_values_are_left_out(kind, df, signs):
    assert list(pack_certainty(statmap_of(kind, df), {})["signs"]) == signs


@pytest.mark.parametrize(("kind", "df"), [(None, None), ("other", None), ("t", None), ("F", None)])
def test_maps_of_unknown_kind_or_df_have_no_certainty(kind, df):
    blocks = {}
    assert pack_certainty(statmap_of(kind, df), blocks) is None
    assert blocks == {}


def test_a_function_is_met_piece_by_piece():
    pieces = interpolate(lambda x: 1 / (1 + 25 * x**2), -1.0, 1.0)
    assert pieces.ends[0] == -1.0
    assert pieces.ends[-1] == 1.0
    assert (np.diff(pieces.ends) > 0).all()
    assert len(pieces.coefficients) == len(pieces.ends) - 1 > 3


def test_a_function_that_is_never_met_ends():
    rough = np.random.default_rng(0)
    pieces = interpolate(lambda x: rough.random(x.shape), 0.0, 1.0)
    assert len(pieces.ends) <= 2**9 + 1
