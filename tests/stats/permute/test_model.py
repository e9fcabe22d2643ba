"""The model of a contrast: F tests, rank-deficient designs, and what no rearrangement can test."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from skerry.errors import ArgumentError
from skerry.space.grid import Grid
from skerry.stats.permute import permutation_test
from skerry.stats.permute.measurer import Field, Measurer
from skerry.stats.permute.model import make_model
from skerry.stats.permute.moves import plan_moves

N = 12
GROUP = np.arange(N) % 3
GROUPS = (GROUP[:, None] == np.arange(3)).astype(float)
SITE = (np.arange(N) // 2 % 2).astype(float)
PAIR = np.arange(N) // 2  # six pairs
VISIT = np.arange(N) % 2
PAIRS = (PAIR[:, None] == np.arange(6)).astype(float)
SHAPE = (3, 4, 5)
DATA = np.random.default_rng(5).standard_normal((N, 60)) + 3


def observed(model):
    """The statistic of each voxel."""
    field = Field(Grid(SHAPE, np.eye(4)), np.ones(SHAPE, dtype=bool), 26)
    squares = model.sums_of_squares(DATA)[1]
    measurer = Measurer(DATA, squares, model, field, "both", None, None)
    return measurer.statistic(np.arange(N), np.ones(N))


def test_an_f_test_of_all_differences_is_the_analysis_of_variance():
    model = make_model(GROUPS, [[1, -1, 0], [0, 1, -1]])
    expected = stats.f_oneway(*(DATA[k == GROUP] for k in range(3))).statistic
    np.testing.assert_allclose(observed(model), expected, rtol=1e-9)
    other = make_model(GROUPS, [[1, 1, -2], [5, 0, -5]])  # the same differences
    np.testing.assert_allclose(observed(other), expected, rtol=1e-9)


def test_a_rank_deficient_design_gives_what_its_full_rank_form_gives():
    site = np.stack([SITE, 1 - SITE], axis=1)
    too_many = np.concatenate([np.ones((N, 1)), GROUPS, site], axis=1)
    full = np.concatenate([GROUPS, site[:, :1]], axis=1)
    for wide, narrow in (
        ([0, 1, -1, 0, 0, 0], [1, -1, 0, 0]),
        ([0, 0, 0, 0, 1, -1], [0, 0, 0, 1]),
        ([[0, 1, -1, 0, 0, 0], [0, 0, 1, -1, 0, 0]], [[1, -1, 0, 0], [0, 1, -1, 0]]),
    ):
        one, other = make_model(too_many, wide), make_model(full, narrow)
        assert one.df == other.df == N - 4
        np.testing.assert_allclose(observed(one), observed(other), rtol=1e-9)
    assert make_model(too_many, [0, 1, -1, 0, 0, 0], names=list("mabcxy")).made_of_others == (
        "c", "y",
    )  # fmt: skip
    assert make_model(full, [1, -1, 0, 0]).made_of_others == ()


def test_a_paired_design_of_words_gives_the_paired_t_test():
    visit = np.stack([VISIT == 0, VISIT == 1], axis=1).astype(float)
    design = np.concatenate([visit, PAIRS], axis=1)
    model = make_model(design, [-1, 1, *[0] * 6])
    expected = stats.ttest_rel(DATA[VISIT == 1], DATA[VISIT == 0]).statistic
    np.testing.assert_allclose(observed(model), expected, rtol=1e-9)
    moves = plan_moves(model, n_perm=5000, blocks=PAIR)
    assert (moves.scheme, moves.n_total) == ("permute", 64)


@pytest.mark.parametrize(
    ("contrast", "told"),
    [
        ([0, 1, 0, 0], "cannot be estimated, as the design is rank-deficient: c is made of the"),
        ([1, 0, 0, 0], "cannot be estimated"),
        ([[0, 1, -1, 0], [0, 1, 0, 0]], "cannot be estimated"),
        ([[0, 1, -1, 0], [0, -2, 2, 0]], "say the same thing twice"),
        # Different weights, but of one effect: the mean of all is the first column.
        ([[1, 1, 0, 0], [2, 2, 0, 0]], "say the same thing twice"),
    ],
)
def test_contrasts_that_a_rank_deficient_design_cannot_answer_are_told(contrast, told):
    design = np.concatenate([np.ones((N, 1)), GROUPS], axis=1)
    with pytest.raises(ArgumentError, match=told):
        make_model(design, contrast, names=["mean", "a", "b", "c"])


def test_two_ways_to_write_one_estimable_effect_are_one_row():
    design = np.concatenate([np.ones((N, 1)), np.ones((N, 1)) * 2, GROUPS[:, :1]], axis=1)
    with pytest.raises(ArgumentError, match="say the same thing twice"):
        make_model(design, [[1, 2, 0], [2, 4, 0]])


AGE = np.random.default_rng(0).standard_normal(N)
WITH_AGE = {
    "the mean": (np.stack([np.ones(N), AGE], axis=1), [1, 0]),
    "between pairs": (np.stack([np.ones(N), PAIR < 3, AGE], axis=1).astype(float), [0, 1, 0]),
    "within pairs": (np.stack([np.ones(N), VISIT, AGE], axis=1).astype(float), [0, 1, 0]),
}


@pytest.mark.parametrize(
    ("what", "options", "told"),
    [
        ("the mean", {"scheme": "permute"}, "let signs flip instead"),
        ("between pairs", {"blocks": PAIR}, "within their block only"),
        ("within pairs", {"blocks": PAIR, "whole_blocks": True}, "within their block$"),
        ("within pairs", {"blocks": np.arange(N)}, "within their block only"),
        (
            "between pairs",
            {"blocks": [0] * 3 + [1] * 4 + [2] * 5, "whole_blocks": True},
            "no two blocks are of the same size",
        ),
    ],
)
def test_blocks_that_leave_nothing_to_test_are_refused_though_an_age_moves(what, options, told):
    model = make_model(*WITH_AGE[what])
    with pytest.raises(ArgumentError, match=told):
        plan_moves(model, n_perm=20, **options)


@pytest.mark.parametrize(
    ("what", "options"),
    [
        ("the mean", {}),
        ("between pairs", {}),
        ("between pairs", {"blocks": PAIR, "whole_blocks": True}),
        ("within pairs", {"blocks": PAIR}),
        ("within pairs", {"blocks": PAIR, "whole_blocks": True, "scheme": "flip"}),
    ],
)
def test_blocks_that_fit_the_contrast_are_taken(what, options):
    assert plan_moves(make_model(*WITH_AGE[what]), n_perm=20, **options).n_total == 21


def judged(model, **options):
    return permutation_test(
        DATA[: model.n_maps] - 3, np.ones(SHAPE, dtype=bool), Grid(SHAPE, np.eye(4)), model,
        **options,
    )  # fmt: skip


def test_what_is_unusual_is_said():
    design = np.concatenate([np.ones((N, 1)), GROUPS], axis=1)
    (note,) = judged(make_model(design, [0, 1, -1, 0], names=list("mabc")), n_perm=5).notes
    assert note.startswith("the design is rank-deficient (c made of the columns before)")
    (note,) = judged(make_model(np.ones((N, 1)), [1]), n_perm=5, blocks=PAIR).notes
    assert note.startswith("signs flip map by map")


@pytest.mark.parametrize(("sign", "least"), [("both", "0.0625"), ("positive", "0.0312")])
def test_the_least_p_that_is_said_is_reached_where_all_flips_are_gone_through(sign, least):
    model = make_model(np.ones((5, 1)), [1])
    data = np.abs(DATA[:5]) + 5
    found = permutation_test(
        data, np.ones(SHAPE, dtype=bool), Grid(SHAPE, np.eye(4)), model, sign=sign
    )
    assert found.notes[0].endswith(f"no p can be below {least}")
    assert found.p_fwe["t"].min() == pytest.approx(float(least), rel=0.01)


def test_a_large_seed_is_a_seed_of_its_own():
    model = make_model(np.ones((N, 1)), [1])
    seeds = (0, 1, 2**32, 2**32 + 1, 2**70)
    null = [tuple(judged(model, n_perm=10, seed=seed).null["t"][1:]) for seed in seeds]
    assert len(set(null)) == len(seeds)


def test_two_maps_are_enough_to_count_and_too_few_to_find():
    found = permutation_test(
        np.abs(DATA[:2]) + 5, np.ones(SHAPE, dtype=bool), Grid(SHAPE, np.eye(4)),
        make_model(np.ones((2, 1)), [1]),
    )  # fmt: skip
    assert found.moves.n_total == 4
    assert found.p_fwe["t"].min() == 0.5
