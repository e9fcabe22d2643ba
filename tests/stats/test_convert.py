"""t, F and p to z and back, against 40-digit arithmetic and printed values."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.errors import ArgumentError
from skerry.stats import convert, of_kind
from skerry.stats.interpolate import F_map_to_z, t_map_to_z


@pytest.fixture(autouse=True)
def _many_digits():
    with mpmath.workdps(40):
        yield


def _z_of_log_tail(log_p: mpmath.mpf) -> float:
    guess = mpmath.sqrt(-2 * log_p) if log_p < -3 else mpmath.mpf(1)
    return float(
        mpmath.findroot(lambda z: mpmath.log(mpmath.erfc(z / mpmath.sqrt(2)) / 2) - log_p, guess)
    )


def _exact_t_to_z(t: float, df: float) -> float:
    """z of t >= 0, through ln of the exact tail."""
    t, df = mpmath.mpf(t), mpmath.mpf(df)
    if df <= 1001:
        x = df / (df + t * t)
        return _z_of_log_tail(
            mpmath.log(mpmath.betainc(df / 2, mpmath.mpf(1) / 2, 0, x, regularized=True) / 2)
        )
    # Many df: integrate the density relative to its value at t.
    at_t = mpmath.log1p(t * t / df)
    rest = mpmath.quad(
        lambda w: mpmath.exp(-(df + 1) / 2 * (mpmath.log1p((t + w / t) ** 2 / df) - at_t)),
        [0, 1, 3, 10, 30, 100, 300],
    )
    log_constant = mpmath.loggamma((df + 1) / 2) - mpmath.loggamma(df / 2)
    log_constant -= mpmath.log(df * mpmath.pi) / 2
    return _z_of_log_tail(mpmath.log(rest / t) - (df + 1) / 2 * at_t + log_constant)


@pytest.mark.parametrize("df", [0.5, 1, 3, 20, 100, 1000, 1001, 1e5, 1e7, 1e9])
def test_t_to_z_is_exact_to_12_digits_up_to_z_80(df):
    wallace = (8 * df + 3) / (8 * df + 1)
    for z in (1e-6, 0.3, 1.2, 3.0, 8.3, 30.0, 36.5, 38.0, 55.0, 80.0):
        if df > 1000 and z < 8:
            continue
        exponent = (z * wallace) ** 2 / df
        if exponent > 650:  # t would be no double
            continue
        t = float(np.sqrt(df * np.expm1(exponent)))
        exact = _exact_t_to_z(t, df)
        assert convert.t_to_z(t, df) == pytest.approx(exact, rel=1e-12)
        assert convert.t_to_z(-t, df) == pytest.approx(-exact, rel=1e-12)


@pytest.mark.parametrize("df", [1001, 1e5, 1e9])
@pytest.mark.parametrize("t", [1e-6, 0.5, 2.0, 5.0])
def test_t_of_many_df_is_exact_near_the_middle(df, t):
    half = mpmath.mpf(1) / 2
    y = mpmath.mpf(t) ** 2 / (mpmath.mpf(df) + mpmath.mpf(t) ** 2)
    share = mpmath.betainc(half, mpmath.mpf(df) / 2, 0, y, regularized=True)
    exact = float(mpmath.sqrt(2) * mpmath.erfinv(share))
    assert convert.t_to_z(t, df) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize(
    ("df", "t", "z"),
    [
        (20, 5, 3.98064),
        (20, 10, 5.92286624),  # `nifti_stats -z 10 TTEST 20`
        (20, 1000, 14.63015),
        (100, 40, 16.79948),
        (100, 1000, 30.31219),
        (1000, 100, 48.95841),
    ],
)
def test_known_values_of_t(df, t, z):
    assert convert.t_to_z(t, df) == pytest.approx(z, abs=6e-6)


def test_every_finite_statistic_has_a_finite_z():
    largest = np.finfo(float).max
    for df in (0.5, 1, 30, 1e6, 1e12):
        assert np.isfinite(convert.t_to_z([largest, -largest, 5e-324], df)).all()
        assert np.isfinite(convert.F_to_z([0, 5e-324, largest], 3, df)).all()
        assert np.isfinite(convert.t_to_log_p([largest, -largest], df)).all()
    assert np.isfinite(convert.p_to_z([0, 5e-324, 1])).all()
    assert np.isfinite(convert.z_to_t(80, 1))
    assert np.isfinite(convert.z_to_F(80, 3, 1))


def test_p_below_all_doubles_keeps_its_logarithm():
    assert convert.z_to_log_p(80) == pytest.approx(-3205.301121, abs=1e-6)
    assert convert.t_to_log_p(1000, 100) == pytest.approx(convert.z_to_log_p(30.31219), rel=1e-5)
    assert convert.log_p_to_z(-3205.3011215747) == pytest.approx(80, rel=1e-9)


def test_nan_stays_nan_and_only_there():
    assert np.isnan(convert.t_to_z([np.nan, 1.0], 10)).tolist() == [True, False]


@pytest.mark.parametrize("z", [1e-9, 0.4, 2, 5, 20, 37, 38.5])
@pytest.mark.parametrize("df", [3, 20, 1e3, 1e6, 1e9])
def test_z_to_t_and_back(z, df):
    assert convert.t_to_z(convert.z_to_t(z, df), df) == pytest.approx(z, rel=4e-15)
    assert convert.z_to_t(-z, df) == -convert.z_to_t(z, df)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(t=st.floats(0.0, 60), df=st.floats(1, 1e6))
def test_F_of_one_and_df_is_t_squared(t, df):
    two_sided = convert.t_to_log_p(t, df) + np.log(2)
    assert convert.F_to_log_p(t**2, 1, df) == pytest.approx(two_sided, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("df1", "df2"), [(1, 20), (3, 50), (12, 3000), (2000, 50000)])
def test_F_to_z_is_exact(df1, df2):
    for F in (0.02, 0.6, 1.7, 9.0, 400.0):
        a, b = mpmath.mpf(df2) / 2, mpmath.mpf(df1) / 2
        y = df1 * mpmath.mpf(F) / (df2 + df1 * mpmath.mpf(F))
        below = mpmath.betainc(b, a, 0, y, regularized=True) if F < 1 else None
        if below is not None and below < 0.5:
            exact = -_z_of_log_tail(mpmath.log(below))
        elif df2 <= 3000:
            exact = _z_of_log_tail(mpmath.log(mpmath.betainc(a, b, 0, 1 - y, regularized=True)))
        else:
            continue
        assert convert.F_to_z(F, df1, df2) == pytest.approx(exact, rel=1e-11)
        assert convert.z_to_F(exact, df1, df2) == pytest.approx(F, rel=1e-9)


@pytest.mark.parametrize("df", [2, 15, 98, 1e6])
def test_maps_of_t_are_converted_as_their_values_are(df):
    t = np.random.default_rng(3).normal(size=5000) * np.repeat([1.0, 20.0], 2500)
    np.testing.assert_allclose(t_map_to_z(t, df), convert.t_to_z(t, df), rtol=1e-12)


def test_maps_of_F_are_converted_as_their_values_are():
    F = np.random.default_rng(3).chisquare(3, size=5000) * np.repeat([0.3, 9.0], 2500)
    np.testing.assert_allclose(F_map_to_z(F, 3, 98), convert.F_to_z(F, 3, 98), atol=1e-11)


def test_a_map_with_values_beyond_the_polynomial_is_converted_one_by_one():
    t = np.linspace(-5, 5, 3000)
    t[7] = 1e300
    np.testing.assert_array_equal(t_map_to_z(t, 2), convert.t_to_z(t, 2))


def test_heights_of_every_kind_have_the_tail_asked_for():
    log_p = np.log(1e-5)
    for kind, df in (("z", None), ("t", 12.0), ("F", (3.0, 40.0)), ("p", None)):
        height = of_kind.value_of_log_p(log_p, kind, df)
        assert float(of_kind.log_p_of(height, kind, df)) == pytest.approx(log_p, rel=1e-12)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ArgumentError, match="degrees of freedom must be positive"):
        convert.t_to_z(2.0, 0)
    with pytest.raises(ArgumentError, match="no negative values"):
        convert.F_to_z(-1.0, 2, 10)
    with pytest.raises(ArgumentError, match="from 0 to 1"):
        convert.p_to_z(1.2)
    with pytest.raises(ArgumentError, match="'other' has no p values"):
        of_kind.log_p_of(1.0, "other")
    for judge in (of_kind.z_of, of_kind.log_p_of, of_kind.value_of_log_p):
        with pytest.raises(ArgumentError, match="needs df, its degrees"):
            judge(-1.0, "t")
        with pytest.raises(ArgumentError, match="must be two positive numbers"):
            judge(-1.0, "F", 5.0)
