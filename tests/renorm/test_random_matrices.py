"""Spectra against sampled matrices, closed forms, polynomial roots and exact counting of eigenvalues."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm.theory.isotropic import isotropic_renormalized_ridge
from renorm.theory.random_matrices import (
    marchenko_pastur_density,
    marchenko_pastur_stieltjes,
    marchenko_pastur_support,
    measured_degrees_of_freedom,
    measured_renormalized_ridge,
    spectral_atom,
    spectral_density,
    spectral_support,
    stieltjes_transform,
    wishart_s_transform,
)
from renorm.theory.ridge import degrees_of_freedom, renormalized_ridge

POWER_LAW = np.arange(1, 201.0) ** -1.3


def mass(density, low, high, points=400):
    """Integral of a density with square-root edges, or 1 / sqrt(x) at 0: a midpoint rule in an angle."""
    angle = (np.arange(points) + 0.5) * np.pi / points
    if low == 0:
        x, weight = high * np.sin(angle / 2) ** 2, high * np.sin(angle) / 2
    else:
        x, weight = low + (high - low) * (1 - np.cos(angle)) / 2, (high - low) * np.sin(angle) / 2
    return np.sum(density(x) * weight) * np.pi / points


def sample_spectra(s, n, trials, seed):
    """Eigenvalues of X^T X / n, shape (trials, d), ascending."""
    rng = np.random.default_rng(seed)
    matrices = (rng.standard_normal((n, s.size)) * np.sqrt(s) for _ in range(trials))
    return np.array([np.linalg.eigvalsh(X.T @ X / n) for X in matrices])


# --- Marchenko and Pastur ---


@pytest.mark.parametrize("aspect", [0.01, 0.5, 0.99, 1.0, 1.01, 2.0, 50.0])
def test_marchenko_pastur_moments(aspect):
    low, high = marchenko_pastur_support(aspect)
    assert mass(lambda x: marchenko_pastur_density(x, aspect), low, high) == pytest.approx(
        min(1, 1 / aspect), rel=1e-3 if abs(aspect - 1) < 0.1 else 1e-10
    )
    # moments of the whole law: E t = 1, E t^2 = 1 + c (x^k times the density is smooth up to its edges)
    for power, moment in [(1, 1.0), (2, 1 + aspect), (3, 1 + 3 * aspect + aspect**2)]:
        found = mass(lambda x, power=power: x**power * marchenko_pastur_density(x, aspect), low, high)
        assert found == pytest.approx(moment, rel=1e-10)


def test_marchenko_pastur_outside_and_at_zero():
    np.testing.assert_array_equal(marchenko_pastur_density([-1.0, 0.0, 0.08, 3.0, 9.0], 0.5), 0.0)
    np.testing.assert_array_equal(marchenko_pastur_density(0.0, [0.5, 1.0, 2.0]), [0.0, np.inf, 0.0])
    # aspect c and 1/c: the same positive eigenvalues, up to scale
    x = np.linspace(0.2, 5, 30)
    np.testing.assert_allclose(marchenko_pastur_density(x, 2.0), marchenko_pastur_density(x / 2, 0.5) / 4, rtol=1e-12)


@pytest.mark.parametrize("n, seed", [(400, 1), (100, 2)])
def test_the_histogram_is_marchenko_and_pasturs(n, seed):
    d, trials = 200, 40
    spectra = sample_spectra(np.ones(d), n, trials, seed)
    low, high = marchenko_pastur_support(d / n)
    bins = np.linspace(low, high, 13)
    counts = np.array([np.histogram(spectrum, bins)[0] for spectrum in spectra])
    expected = [d * mass(lambda x: marchenko_pastur_density(x, d / n), *pair, 4000) for pair in pairwise(bins)]
    error = counts.std(axis=0, ddof=1) / np.sqrt(trials)
    # the law is exact up to O(1) eigenvalues near an edge, and much less inside
    allowed = 4 * error + 0.15
    allowed[[0, -1]] += 0.6
    np.testing.assert_array_less(np.abs(counts.mean(axis=0) - expected), allowed)
    assert np.sum(spectra < 1e-10) == trials * max(d - n, 0)


@pytest.mark.parametrize("aspect", [0.3, 1.0, 3.0])
def test_the_stieltjes_transform_of_marchenko_and_pastur(aspect):
    z = np.array([0.5 + 0.5j, -1.0, 7 - 1e-3j, 1e8j, -1e-8, -1e9, 0.01 + 3j])
    m = marchenko_pastur_stieltjes(z, aspect)
    np.testing.assert_allclose(
        aspect * z * m**2 + (z + (aspect - 1)) * m + 1, 0, atol=1e-14 * (1 + np.abs(z * m**2)).max()
    )
    assert np.all(m.imag * z.imag >= 0)
    np.testing.assert_allclose(m[[3, 5]], -1 / z[[3, 5]], rtol=1e-7)
    # the companion transform is one over the renormalized ridge
    ridge = np.logspace(-9, 9, 19)
    companion = (1 - aspect) / ridge + aspect * marchenko_pastur_stieltjes(-ridge, aspect)
    well = slice(9, None)  # the sum cancels at small ridge
    np.testing.assert_allclose(companion[well], 1 / isotropic_renormalized_ridge(aspect, ridge[well]), rtol=1e-9)
    # on the cut: the density
    x = np.linspace(*marchenko_pastur_support(aspect), 9)[1:-1]
    np.testing.assert_allclose(
        marchenko_pastur_stieltjes(x, aspect).imag / np.pi, marchenko_pastur_density(x, aspect), rtol=1e-10
    )


# --- any spectrum ---


@pytest.mark.parametrize("n", [10, 80, 100, 130, 1e4])
def test_equal_eigenvalues_give_marchenko_and_pastur(n):
    low, high = marchenko_pastur_support(100 / n)
    np.testing.assert_allclose(spectral_support([3.0] * 100, n), [[3 * low, 3 * high]], rtol=1e-12, atol=1e-14)
    x = low + (high - low) * (1 - np.cos(np.linspace(0, np.pi, 300))) / 2
    found = spectral_density(3 * x[1:-1], [3.0] * 100, n)
    np.testing.assert_allclose(found, marchenko_pastur_density(x[1:-1], 100 / n) / 3, rtol=1e-9)
    np.testing.assert_array_equal(spectral_density([-1.0, 2.999 * low - 1e-9, 3.001 * high], [3.0] * 100, n), 0.0)


@pytest.mark.parametrize("n", [40, 150, 2000])
def test_two_eigenvalues_against_the_roots_of_a_cubic(n):
    s, counts = np.array([1.0, 8.0]), np.array([60, 40])
    x = np.linspace(0.01, 30, 200)
    exact = []
    for (
        place
    ) in x:  # z m (1+s1 m)(1+s2 m) + (1+s1 m)(1+s2 m) = (1/n) sum c s m (1 + other m), m the companion transform
        both = np.polymul([s[0], 1], [s[1], 1])
        right = np.polyadd(
            np.polymul([counts[0] * s[0] / n, 0], [s[1], 1]), np.polymul([counts[1] * s[1] / n, 0], [s[0], 1])
        )
        roots = np.roots(np.polysub(np.polyadd(np.polymul([place, 0], both), both), right))
        exact.append(n / 100 * max(roots.imag.max(), 0) / np.pi)
    found = spectral_density(x, np.repeat(s, counts), n)
    np.testing.assert_allclose(found, exact, rtol=1e-6, atol=1e-7)


def test_bulks_hold_whole_numbers_of_eigenvalues():
    s = np.repeat([1.0, 20.0, 500.0], [150, 30, 3])
    for n, expected in [(1000, [150, 30, 3]), (300, [150, 30, 3]), (170, [137, 30, 3]), (20, [17, 3])]:
        bulks = spectral_support(s, n)
        held = [183 * mass(lambda x, n=n: spectral_density(x, s, n), *bulk) for bulk in bulks]
        np.testing.assert_allclose(held, expected, rtol=1e-7, err_msg=str(n))


@pytest.mark.parametrize(
    "s",
    [
        POWER_LAW,
        np.logspace(-10, 10, 30),
        np.repeat([1.0, 0.0], [30, 20]),
        np.r_[np.ones(100), 40.0],
        np.exp(-np.arange(30)),
    ],
    ids=["power law", "twenty decades", "zeros", "spike", "exponential"],
)
@pytest.mark.parametrize("n", [7, 25, 300])
def test_the_density_is_positive_and_has_the_right_mass(s, n):
    total = spectral_atom(s, n)
    for low, high in spectral_support(s, n):
        cuts = np.geomspace(max(low, 1e-9 * high), high, 1 + int(np.ceil(np.log(high / max(low, 1e-9 * high)) / 2)))
        for left, right in pairwise(cuts):
            inside = np.linspace(left, right, 52)[1:-1]
            assert np.all(spectral_density(inside, s, n) > 0)
        # in ln x, with an angle that flattens both edges
        angle = (np.arange(3000) + 0.5) * np.pi / 3000
        span = np.log(high / low)
        x = low * np.exp(span * (1 - np.cos(angle)) / 2)
        total += np.sum(spectral_density(x, s, n) * x * span * np.sin(angle) / 2) * np.pi / 3000
    assert total == pytest.approx(1, abs=2e-6)


def test_the_density_is_smooth_inside_a_bulk():
    low, high = spectral_support(POWER_LAW, 5)[0]
    log_x = np.linspace(np.log(low), np.log(high), 2002)[200:-200]
    density = spectral_density(np.exp(log_x), POWER_LAW, 5)
    # fourth differences of a smooth curve fall as step^4; relative noise of 1e-9 would show as about 1e-8
    assert np.abs(np.diff(np.log(density), 4)).max() < 1.5e-8


def test_spectra_of_samples_follow_the_density():
    n, trials = 120, 40
    spectra = sample_spectra(POWER_LAW, n, trials, 3)[:, -n:]
    low, high = spectral_support(POWER_LAW, n)[0, 0], spectral_support(POWER_LAW, n)[-1, 1]
    bins = np.geomspace(low, 0.3, 9)
    counts = np.array([np.histogram(spectrum, bins)[0] for spectrum in spectra])
    expected = []
    for pair in pairwise(bins):
        x = np.geomspace(*pair, 2001)
        expected.append(200 * np.trapezoid(spectral_density(x, POWER_LAW, n) * x, np.log(x)))
    error = counts.std(axis=0, ddof=1) / np.sqrt(trials)
    allowed = 4 * error + 0.25
    allowed[0] += 0.6
    np.testing.assert_array_less(np.abs(counts.mean(axis=0) - expected), allowed)
    assert low * 0.8 < spectra.min()
    assert spectra.max() < 2 * high


def test_stieltjes_transforms_against_resolvents():
    s, n = np.repeat([1.0, 6.0, 0.0], [100, 80, 20]), 150
    spectra = sample_spectra(s, n, 40, 4)
    z = np.array([1 + 0.5j, 6 - 0.8j, -0.3, 0.2j, 40.0])
    means = np.array([[np.mean(1 / (spectrum - point)) for point in z] for spectrum in spectra])
    error = np.maximum(means.real.std(axis=0), means.imag.std(axis=0)) / np.sqrt(40)
    found = stieltjes_transform(z, s, n)
    np.testing.assert_array_less(np.abs(found - means.mean(axis=0)), 4 * error + 0.01 * np.abs(found))
    np.testing.assert_allclose(stieltjes_transform(z.conj()[:2], s, n), found[:2].conj(), rtol=1e-13)


eigenvalues = st.lists(st.floats(-5, 5), min_size=1, max_size=10).map(lambda logs: 10.0 ** np.array(logs))


@settings(derandomize=True, deadline=None, max_examples=40)
@given(eigenvalues, st.floats(1, 30), st.floats(-6, 6), st.floats(-6, 6))
def test_the_complex_fixed_point_is_solved(s, n, real, imaginary):
    ridge = 10.0**real
    kappa = renormalized_ridge(s, n, ridge)
    on_axis = np.mean(kappa / (s + kappa)) / ridge
    np.testing.assert_allclose(stieltjes_transform(-ridge, s, n), on_axis, rtol=1e-9)
    z = 10.0**real + 1j * 10.0**imaginary
    m = stieltjes_transform(z, s, n)
    assert m.imag > 0
    companion = -(1 - s.size / n) / z + s.size / n * m
    equation = -1 / companion + np.sum(s / (1 + s * companion)) / n
    cancelled = np.abs((1 - s.size / n) / z) / np.abs(companion)
    spread = np.abs(1 / companion) + np.sum(s / np.abs(1 + s * companion)) / n
    assert abs(equation - z) <= 1e-8 * spread * (1 + cancelled) or cancelled > 1e5


def test_the_s_transform_by_its_definition():
    # S(t) = (1 + t) / t * chi(t), psi(chi(t)) = t, psi(w) = E w t / (1 - w t); psi(-1/ridge) = -df of samples
    for aspect in [0.4, 2.5]:
        low, high = marchenko_pastur_support(aspect)
        for ridge in [0.1, 1.0, 10.0]:
            df = mass(lambda x, c=aspect, r=ridge: x / (x + r) * marchenko_pastur_density(x, c), low, high)
            by_definition = (1 - df) / -df * (-1 / ridge)
            assert wishart_s_transform(df, aspect) == pytest.approx(by_definition, rel=1e-9)
            assert ridge * by_definition == pytest.approx(isotropic_renormalized_ridge(aspect, ridge), rel=1e-9)


# --- one data matrix ---


@pytest.mark.parametrize("shape", [(200, 500), (200, 100)])
def test_kappa_is_measured_without_labels(shape):
    n, d = shape
    s = np.arange(1, d + 1.0) ** -1.3
    rng = np.random.default_rng(5)
    ridge = np.array([1e-4, 1e-3, 1e-2, 1.0])
    matrices = [rng.standard_normal(shape) * np.sqrt(s) for _ in range(20)]
    measured = np.array([measured_renormalized_ridge(X, ridge) for X in matrices])
    error = measured.std(axis=0, ddof=1) / np.sqrt(20)
    kappa = renormalized_ridge(s, n, ridge)
    np.testing.assert_array_less(np.abs(measured.mean(axis=0) - kappa), 4 * error + 0.01 * kappa)
    df1 = np.mean([measured_degrees_of_freedom(X, ridge)[0] for X in matrices], axis=0)
    np.testing.assert_allclose(df1, degrees_of_freedom(s, kappa)[0], rtol=0.01)
    # the two sides of one identity, on the same matrix, to rounding
    first = measured_degrees_of_freedom(matrices[0], ridge)[0]
    np.testing.assert_allclose(ridge / measured[0], 1 - first / n, rtol=1e-10)


@pytest.mark.parametrize("shape", [(7, 12), (12, 7), (8, 8)])
def test_measurements_by_their_definitions(shape):
    X = np.random.default_rng(0).standard_normal(shape)
    n, d = shape
    for ridge in [1e-3, 1.0, 50.0]:
        kappa = n / np.trace(np.linalg.inv(X @ X.T / n + ridge * np.eye(n)))
        assert measured_renormalized_ridge(X, ridge) == pytest.approx(kappa, rel=1e-9)
        hat = X.T @ X / n @ np.linalg.inv(X.T @ X / n + ridge * np.eye(d))
        df1, df2 = measured_degrees_of_freedom(X, ridge)
        assert (df1, df2) == (pytest.approx(np.trace(hat)), pytest.approx(np.trace(hat @ hat)))


def test_measurements_without_penalty_are_limits():
    rng = np.random.default_rng(1)
    wide, tall, square = rng.standard_normal((5, 9)), rng.standard_normal((9, 5)), rng.standard_normal((6, 6))
    for X in (wide, square):
        at_zero, near = measured_renormalized_ridge(X, [0.0, 1e-12])
        assert at_zero > 0
        assert at_zero == pytest.approx(near, rel=1e-8)
    assert measured_renormalized_ridge(tall, 0.0) == 0.0
    assert measured_renormalized_ridge(tall, 1e-12) == pytest.approx(1e-12 * 9 / 4, rel=1e-9)
    duplicated = np.vstack([wide, wide[:1]])
    assert measured_renormalized_ridge(duplicated, 0.0) == 0.0
    assert measured_renormalized_ridge(np.zeros((3, 2)), [0.0, 2.0]).tolist() == [0.0, 2.0]
    assert measured_degrees_of_freedom(tall, 0.0)[0] == 5


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: marchenko_pastur_density(1.0, 0.0), ["aspect = 0.0", "positive"]),
        (lambda: marchenko_pastur_density([1, 2], [1, 2, 3]), ["(2,)", "(3,)", "broadcast"]),
        (lambda: marchenko_pastur_density(np.nan, 1.0), ["x = nan"]),
        (lambda: marchenko_pastur_stieltjes(0.0, 1.0), ["z = 0.0", "not 0"]),
        (lambda: spectral_density(1.0, [], 3), ["eigenvalues", "empty"]),
        (lambda: spectral_density(1.0, [0.0], 3), ["eigenvalues", "positive"]),
        (lambda: spectral_density(1.0, [1.0], [3, 4]), ["n = [3. 4.]", "single number"]),
        (lambda: spectral_support([1.0], 0), ["n = 0", "1 or larger"]),
        (lambda: stieltjes_transform("i", [1.0], 3), ["z = 'i'"]),
        (lambda: stieltjes_transform([1j, 0], [1.0], 3), ["z = [1j, 0]", "not 0"]),
        (lambda: wishart_s_transform(1.1, 0.5), ["df = 1.1", "[0, 1]"]),
        (lambda: wishart_s_transform(0.5, 2.0), ["df = 0.5", "aspect = 2.0", "below 1"]),
        (lambda: measured_renormalized_ridge([1.0, 2.0], 0.1), ["X", "(2,)"]),
        (lambda: measured_renormalized_ridge(np.eye(2), -1), ["ridge = -1"]),
        (lambda: measured_degrees_of_freedom([[np.nan]], 1), ["X", "nan"]),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("n", [1e20, 1e33, 1e100, 1e300])
def test_bulks_narrower_than_rounding_lie_at_their_eigenvalues(n):
    np.testing.assert_allclose(spectral_support([2.0, 1.0, 1e-9], n), [[1e-9] * 2, [1] * 2, [2] * 2], rtol=3e-10)
    assert spectral_density(1.5, [2.0, 1.0], n) == 0


@pytest.mark.parametrize("unit", [1e-300, 1e-160, 1e160, 1e307])
def test_the_unit_of_the_eigenvalues_does_not_matter(unit):
    s = np.array([1.0, 2.0, 2.0, 8.0])
    np.testing.assert_allclose(spectral_support(s * unit, 9), spectral_support(s, 9) * unit, rtol=1e-12)
    x = np.linspace(*spectral_support(s, 9)[-1], 7)[1:-1]
    np.testing.assert_allclose(spectral_density(x * unit, s * unit, 9) * unit, spectral_density(x, s, 9), rtol=1e-9)
    z = np.array([-1.0, 1 + 1j])
    np.testing.assert_allclose(
        stieltjes_transform(z * unit, s * unit, 9) * unit, stieltjes_transform(z, s, 9), rtol=1e-9
    )
