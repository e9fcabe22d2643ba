"""Permutation tests: against a slow twin, by enumeration, by threads, by interruption."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy import stats

from reference.permute import freedman_lane, slow_maxima, slow_statistic
from skerry.errors import ArgumentError, ArgumentTypeError
from skerry.space.grid import Grid
from skerry.stats.permute import permutation_test
from skerry.stats.permute.checkpoint import Checkpoint
from skerry.stats.permute.measurer import Field, Measurer
from skerry.stats.permute.model import make_model
from skerry.stats.permute.moves import plan_moves
from skerry.stats.permute.p_values import critical_value, fwe_p

SHAPE = (5, 4, 4)
GRID = Grid(SHAPE, np.diag([2.0, 2.0, 2.0, 1.0]))
MASK = np.ones(SHAPE, dtype=bool)
MASK[0, 0, :2] = False
MASK[2:, 3, 3] = False
N_VOXELS = int(MASK.sum())


def noise(n, seed=0, effect=0.0):
    data = np.random.default_rng(seed).standard_normal((n, N_VOXELS))
    data[:, 20:30] += effect
    return data


def two_groups(n, seed=3):
    """A design of two groups and an age, and the contrast of the groups."""
    age = np.random.default_rng(seed).standard_normal(n)
    first = (np.arange(n) < n // 2).astype(float)
    return np.stack([first, 1 - first, age], axis=1), [1, -1, 0]


MODELS = {
    "one sample": lambda n: (np.ones((n, 1)), [1]),
    "mean beside an age": lambda n: (two_groups(n)[0] @ [[1, 0], [1, 0], [0, 1]], [1, 0]),
    "two groups and an age": two_groups,
    "one group's mean": lambda n: (two_groups(n)[0], [0, 1, 0]),
    "the age": lambda n: (two_groups(n)[0], [0, 0, -1]),
    "F": lambda n: (two_groups(n)[0], [[1, -1, 0], [0, 0, 1]]),
}


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("sign", ["both", "negative"])
def test_every_arrangement_is_fitted_as_the_definition_says(kind, sign):
    n = 9
    design, contrast = MODELS[kind](n)
    model = make_model(design, contrast)
    if model.statistic == "F":
        sign = "positive"
    data = noise(n, effect=0.5)
    threshold, connectivity = 1.1, 18
    field = Field(GRID, MASK, connectivity)
    measurer = Measurer(
        data, model.sums_of_squares(data)[1], model, field, sign, threshold, (0.5, 2.0)
    )
    moves = plan_moves(model, n_perm=20, seed=1)
    assert not moves.enumerated
    for number in range(4):
        order, flips = moves.arrangement(number)
        assert (number == 0) == (list(order) == list(range(n)) and (flips == 1).all())
        moved = freedman_lane(data, design, contrast, order, flips)
        expected = slow_statistic(moved, design, contrast)
        np.testing.assert_allclose(measurer.statistic(order, flips), expected, rtol=1e-9)
        highest = slow_maxima(
            expected, MASK, threshold=threshold, connectivity=connectivity, sign=sign
        )
        np.testing.assert_allclose(measurer.maxima(order, flips), highest, rtol=1e-9)


def test_all_sign_flips_of_few_maps_give_the_exact_p():
    data = noise(5, effect=1.0)
    found = permutation_test(
        data.copy(),
        MASK,
        GRID,
        make_model(np.ones((5, 1)), [1]),
        n_perm=500,
        threshold=2,
        tfce=True,
    )
    maxima = np.array([
        slow_maxima(
            stats.ttest_1samp(np.array(flips)[:, None] * data, 0).statistic,
            MASK, threshold=2, connectivity=26,
        )
        for flips in product((1, -1), repeat=5)
    ])  # fmt: skip
    assert found.moves.enumerated
    assert found.moves.n_total == 32
    assert "only 32 arrangements are possible (500 were asked for)" in found.notes[0]
    for k, name in enumerate(("t", "extent", "excess_mass", "tfce")):
        np.testing.assert_allclose(np.sort(found.null[name]), np.sort(maxima[:, k]), rtol=1e-9)
        values = np.abs(found.maps[name])
        expected = (maxima[:, k] >= values[:, None] * (1 - 1e-9)).mean(axis=1)
        np.testing.assert_array_equal(found.p_fwe[name], np.where(values > 0, expected, 1))


def test_all_relabelings_of_two_small_groups_give_the_exact_p():
    data = noise(6, effect=0.0)
    data[:3, 5] += 4
    group = np.array([1.0, 1, 1, 0, 0, 0])
    design = np.stack([group, 1 - group], axis=1)
    found = permutation_test(data, MASK, GRID, make_model(design, [1, -1]), sign="positive")
    highest = [
        stats.ttest_ind(data[list(order)][:3], data[list(order)][3:]).statistic.max()
        for order in permutations(range(6))
    ]
    assert found.moves.n_total == 20
    best = found.maps["t"].max()
    expected = np.mean(np.array(highest) >= best * (1 - 1e-9))
    assert found.p_fwe["t"].min() == pytest.approx(expected)


@pytest.mark.parametrize("n_threads", [2, 3])
def test_threads_change_nothing(n_threads):
    def test(threads):
        model = make_model(*two_groups(12))
        return permutation_test(
            noise(12), MASK, GRID, model, n_perm=60, threshold=1.5, tfce=True, threads=threads
        )

    one, many = test(1), test(n_threads)
    for name in one.null:
        np.testing.assert_array_equal(one.null[name], many.null[name])
        np.testing.assert_array_equal(one.p_fwe[name], many.p_fwe[name])


def test_interrupted_it_goes_on_and_ends_the_same(tmp_path):
    kept = tmp_path / "kept.npz"

    def test(n_perm=300, seed=4, progress=None, **options):
        return permutation_test(
            noise(12), MASK, GRID, make_model(np.ones((12, 1)), [1]),
            n_perm=n_perm, seed=seed, tfce=True, progress=progress, **options,
        )  # fmt: skip

    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        test(n_perm=3000, checkpoint=kept, progress=interrupt)
    before = np.load(kept)["null"]
    n_done = int((~np.isnan(before[:, 0])).sum())
    assert 0 < n_done < 3001
    whole = test()
    # Marks where the work went on: what was kept is not measured again.
    marked = np.where(np.arange(len(before))[:, None] == 1, 1e6, before)
    np.savez(kept, key=np.load(kept)["key"], null=marked)
    other = test(seed=5, checkpoint=kept)
    assert other.null["t"].max() < 1e6
    np.savez(kept, key=_key(tmp_path, test), null=marked)
    assert test(checkpoint=kept).null["t"][1] == 1e6
    np.savez(kept, key=_key(tmp_path, test), null=before)
    resumed = test(checkpoint=kept)
    assert "of 301 arrangements were done before" in resumed.notes[0]
    np.testing.assert_array_equal(resumed.null["tfce"], whole.null["tfce"])
    np.testing.assert_array_equal(resumed.p_fwe["t"], whole.p_fwe["t"])
    assert not kept.exists()


def _key(folder, test):
    path = folder / "key.npz"

    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        test(n_perm=2000, checkpoint=path, progress=interrupt)
    return np.load(path)["key"]


def test_a_broken_checkpoint_is_made_anew(tmp_path):
    kept = tmp_path / "kept.npz"
    kept.write_bytes(b"PK\x03\x04 not whole")
    model = make_model(np.ones((10, 1)), [1])
    found = permutation_test(noise(10), MASK, GRID, model, n_perm=20, checkpoint=kept)
    assert len(found.null["t"]) == 21
    assert not kept.exists()


@pytest.mark.parametrize("what", ["cut", "a flag of encryption", "a compression unknown to us"])
def test_a_damaged_checkpoint_is_none(tmp_path, what):
    kept = Checkpoint(tmp_path / "kept.npz", "a key")
    kept.write(np.ones((3, 2)))
    raw = bytearray(kept.path.read_bytes())
    entry = raw.index(b"PK\x01\x02")  # of the archive's list of files
    if what == "cut":
        del raw[-30:]
    else:
        raw[entry + (8 if "flag" in what else 10)] ^= 1
    kept.path.write_bytes(raw)
    null = np.full((3, 2), np.nan)
    kept.read(null)
    assert np.isnan(null).all()


@pytest.mark.parametrize(
    ("data", "mask", "told"),
    [
        (noise(8)[:, :-1], MASK, "a column for each of the"),
        (noise(8), MASK[:-1], "it has .* on \\(4, 4, 4\\)"),
        (noise(8), np.zeros(SHAPE, dtype=bool), "it has 0"),
        (noise(8) * np.nan, MASK, "hold NaN"),
    ],
)
def test_data_that_do_not_fit_the_mask_are_told(data, mask, told):
    with pytest.raises(ArgumentError, match=told):
        permutation_test(data, mask, GRID, make_model(np.ones((8, 1)), [1]))


def test_pure_noise_is_found_in_about_one_of_ten():
    model = make_model(np.ones((10, 1)), [1])
    found = np.array([
        [p.min() <= 0.1 for p in permutation_test(
            noise(10, seed=seed), MASK, GRID, model, n_perm=29, seed=seed, threshold=2, tfce=True
        ).p_fwe.values()]
        for seed in range(80)
    ])  # fmt: skip
    # 80 draws at 10 %: 99.8 % of them give 2 to 17.
    assert ((found.sum(axis=0) >= 2) & (found.sum(axis=0) <= 17)).all(), found.sum(axis=0)


def test_planted_regions_are_found_and_tabulated():
    data = noise(20, effect=3.0)
    model = make_model(np.ones((20, 1)), [1])
    found = permutation_test(data, MASK, GRID, model, n_perm=200, threshold="p<0.001", tfce=True)
    assert found.threshold == pytest.approx(stats.t.isf(0.0005, 19))
    rows = found.clusters
    assert rows["n_voxels"].sum() == np.count_nonzero(found.labels)
    first = found.labels == 1
    assert rows["n_voxels"][0] == first.sum()
    assert rows["volume_mm3"][0] == 8 * first.sum()
    assert rows["excess_mass"][0] == pytest.approx((found.maps["t"][first] - found.threshold).sum())
    assert rows["peak_value"][0] == found.maps["t"][first].max()
    ijk = tuple(int(rows[f"peak_{axis}"][0]) for axis in "ijk")
    volume = np.zeros(SHAPE)
    volume[MASK] = found.maps["t"]
    assert volume[ijk] == rows["peak_value"][0]
    assert [rows[f"peak_{axis}"][0] for axis in "xyz"] == [2.0 * i for i in ijk]
    for name in ("p_extent_fwe", "p_mass_fwe", "p_peak_fwe", "p_tfce_fwe"):
        assert rows[name][0] == pytest.approx(1 / 201)


def test_voxels_without_variance_are_left_out_and_counted():
    data = noise(8)
    data[:, 3] = 5.1
    data[:, 7] = 0
    found = permutation_test(data, MASK, GRID, make_model(np.ones((8, 1)), [1]), n_perm=20)
    assert found.mask.sum() == N_VOXELS - 2
    assert found.notes == ("2 voxels do not vary between the maps and were left out",)
    assert np.isfinite(found.null["t"]).all()


def test_voxels_far_from_0_are_kept_whatever_their_scale():
    data = noise(12)
    model = make_model(*two_groups(12))
    plain = permutation_test(data, MASK, GRID, model, n_perm=20)
    for scale, far in ((1.0, 1e7), (1e100, 0.0), (1e-100, 0.0)):
        found = permutation_test(data * scale + far, MASK, GRID, model, n_perm=20)
        np.testing.assert_allclose(found.null["t"], plain.null["t"], rtol=1e-5)
        assert found.notes == ()


@pytest.mark.parametrize("scale", [1e160, 1e-160])
def test_values_whose_squares_are_no_numbers_are_refused(scale):
    model = make_model(np.ones((8, 1)), [1])
    with pytest.raises(ArgumentError, match="cannot be squared: rescale them"):
        permutation_test(noise(8) * scale, MASK, GRID, model)


def test_numbers_of_numpy_are_numbers():
    def test(n_perm, seed, threads):
        model = make_model(np.ones((12, 1)), [1])
        return permutation_test(
            noise(12), MASK, GRID, model, n_perm=n_perm, seed=seed, threads=threads
        )

    one, other = test(9, 3, 1), test(np.int32(9), np.int64(3), np.int64(2))
    np.testing.assert_array_equal(one.null["t"], other.null["t"])
    assert type(other.moves.seed) is int


def test_a_flip_that_takes_all_variance_gives_a_high_value_not_an_infinite_one():
    data = noise(4)
    data[:, 0] = [1, -1, 1, -1]
    model = make_model(np.ones((4, 1)), [1])
    found = permutation_test(data, MASK, GRID, model, n_perm=100, threshold=2, tfce=True)
    assert all(np.isfinite(null).all() for null in found.null.values())
    assert found.null["t"].max() > 1e5


def test_a_design_without_a_mean_is_noted():
    age = np.random.default_rng(0).standard_normal((12, 1)) + 3
    found = permutation_test(noise(12), MASK, GRID, make_model(age, [1]), n_perm=10)
    assert found.moves.scheme == "flip"
    assert found.notes[0].startswith("the design fits no mean")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"threshold": -1}, "above 0"),
        ({"threshold": "p<2"}, "p value"),
        ({"threshold": "97%"}, "cluster-forming threshold must be a height of t"),
        ({"threshold": True}, "cluster-forming threshold must be a height of t"),
        ({"tfce": "yes"}, "tfce must be True, False or"),
        ({"tfce": (-1, 2)}, "E must be finite and not negative"),
        ({"blocks": [1, 1, 2, 2, 3, 3, 4, np.nan]}, "blocks hold NaN"),
        ({"threads": 0}, "threads must be at least 1, got 0"),
        ({"n_perm": 0}, "n_perm must be at least 1, got 0"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"sign": "up"}, "sign must be"),
        ({"tail": "gamma"}, "tail must be"),
        ({"scheme": "order"}, "scheme must be"),
        ({"scheme": "permute"}, "no other arrangement of the maps is possible"),
        ({"blocks": [1, 2]}, "one label a map"),
        ({"whole_blocks": True}, "needs blocks"),
    ],
)
def test_faulty_options_are_told(options, told):
    with pytest.raises(ArgumentError, match=told):
        permutation_test(noise(8), MASK, GRID, make_model(np.ones((8, 1)), [1]), **options)


@pytest.mark.parametrize("name", ["threads", "n_perm", "seed"])
@pytest.mark.parametrize("value", [True, 1.5, "3", None])
def test_a_count_that_is_none_is_told(name, value):
    with pytest.raises(ArgumentTypeError, match=f"{name} must be a whole number, got {value!r}"):
        permutation_test(noise(8), MASK, GRID, make_model(np.ones((8, 1)), [1]), **{name: value})


def test_maps_that_are_all_the_same_are_refused():
    with pytest.raises(ArgumentError, match="no voxel varies"):
        permutation_test(np.ones((8, N_VOXELS)), MASK, GRID, make_model(np.ones((8, 1)), [1]))


def test_critical_values_are_where_p_becomes_small():
    null = np.arange(1.0, 101.0)
    critical = critical_value(null, 0.05)
    assert fwe_p(null, np.array([critical, critical + 0.5])).tolist() == [0.06, 0.05]
    assert critical_value(null[:10]) == np.inf
