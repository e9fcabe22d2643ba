"""Arrangements: how many there are, that each comes once, and what blocks allow."""

from __future__ import annotations

import numpy as np
import pytest

from skerry.errors import ArgumentError
from skerry.stats.permute.model import make_model
from skerry.stats.permute.moves import plan_moves

ONE_SAMPLE = make_model(np.ones((6, 1)), [1])
GROUP = np.array([1.0, 1, 0, 0, 1, 0])
TWO_GROUPS = make_model(np.stack([GROUP, 1 - GROUP], axis=1), [1, -1])
AGE = make_model(np.stack([np.ones(6), [3.0, 1, 4, 1, 5, 9]], axis=1), [0, 1])


def everything(moves):
    return [moves.arrangement(number) for number in range(moves.n_total)]


@pytest.mark.parametrize(
    ("model", "options", "scheme", "n_possible"),
    [
        (ONE_SAMPLE, {}, "flip", 64),
        (ONE_SAMPLE, {"blocks": list("aabbcc"), "whole_blocks": True}, "flip", 8),
        (TWO_GROUPS, {}, "permute", 20),
        (TWO_GROUPS, {"scheme": "both"}, "both", 20 * 64),
        (TWO_GROUPS, {"blocks": list("aababb")}, "permute", 9),
        (AGE, {}, "permute", 360),
        (AGE, {"blocks": [0, 0, 0, 1, 1, 1]}, "permute", 36),
        (AGE, {"blocks": [0, 0, 1, 1, 2, 2], "whole_blocks": True}, "permute", 6),
        (AGE, {"blocks": [0, 0, 1, 1, 2, 3], "whole_blocks": True}, "permute", 4),
    ],
)
def test_all_arrangements_that_differ_are_gone_through_once(model, options, scheme, n_possible):
    moves = plan_moves(model, n_perm=5000, **options)
    assert (moves.scheme, moves.n_possible, moves.n_total) == (scheme, n_possible, n_possible)
    assert moves.enumerated
    found = everything(moves)
    order, sign = found[0]
    assert order.tolist() == list(range(6))
    assert sign.tolist() == [1] * 6
    fitted = set()
    for order, sign in found:
        assert sorted(order) == list(range(6))
        weights = np.empty((len(model.weights), 6))
        weights[:, order] = model.weights * sign
        fitted.add((np.round(weights, 8) + 0.0).tobytes() + sign[np.argsort(order)].tobytes())
    assert len(fitted) == n_possible


def test_blocks_keep_what_they_should():
    labels = np.array([0, 0, 0, 1, 1, 1])
    for order, sign in everything(plan_moves(AGE, n_perm=20, blocks=labels)):
        assert (labels[order] == labels).all()
        assert (sign == 1).all()
    for order, sign in everything(
        plan_moves(AGE, n_perm=100, blocks=labels, whole_blocks=True, scheme="both")
    ):
        assert order.tolist() in ([0, 1, 2, 3, 4, 5], [3, 4, 5, 0, 1, 2])
        assert len(set(sign[:3])) == len(set(sign[3:])) == 1


def test_an_arrangement_depends_on_seed_and_number_alone():
    design = np.stack([np.ones(12), np.arange(12.0)], axis=1)
    model = make_model(design, [0, 1])
    moves, again = (plan_moves(model, n_perm=n, seed=3) for n in (50, 80))
    other = plan_moves(model, n_perm=50, seed=4)
    assert not moves.enumerated
    assert moves.n_total == 51
    orders = [moves.arrangement(k)[0].tolist() for k in reversed(range(51))][::-1]
    assert orders == [again.arrangement(k)[0].tolist() for k in range(51)]
    assert orders[0] == list(range(12))
    assert len(set(map(tuple, orders))) == 51
    assert orders[1:] != [other.arrangement(k)[0].tolist() for k in range(1, 51)]


def test_one_patient_may_be_compared_with_any_number_of_controls():
    n = 1001
    patient = (np.arange(n) == 7).astype(float)
    model = make_model(np.stack([np.ones(n), patient], axis=1), [0, 1])
    moves = plan_moves(model, n_perm=5000)
    assert moves.n_total == n
    in_their_place = {int(moves.arrangement(k)[0][7]) for k in range(n)}
    assert in_their_place == set(range(n))


@pytest.mark.parametrize(
    ("design", "contrast", "told"),
    [
        (np.ones((5, 2)), [1, 0], "rank-deficient: column 2"),
        (np.stack([np.ones(5), np.zeros(5)], axis=1), [1, 0], "column 2 of the design is 0"),
        (np.ones((5, 1)), [1, 0], "2 weights, the design 1 columns"),
        (np.ones((5, 1)), [0], "not all of them 0"),
        (np.ones((5, 1)) * np.nan, [1], "not finite"),
        (np.eye(4), [1, 0, 0, 0], "no degree of freedom"),
        (np.eye(5)[:, :3] + 1, [[1, 0, 0], [2, 0, 0]], "the same thing twice"),
    ],
)
def test_designs_that_cannot_be_tested_are_told(design, contrast, told):
    with pytest.raises(ArgumentError, match=told):
        make_model(design, contrast)


def test_the_scale_of_a_column_does_not_matter():
    age = np.array([3.0, 1, 4, 1, 5, 9])
    for scale in (1e-12, 1e12):
        model = make_model(np.stack([np.ones(6), age * scale], axis=1), [0, 1])
        np.testing.assert_allclose(model.tested, AGE.tested, atol=1e-12)
        assert not model.tests_the_mean
