"""Ridge theory against 60-digit arithmetic, root finders, closed forms, identities and simulation."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from yardstick import exact_kappa, exact_risk, relative_error

from renorm.theory.optimal import optimal_ridge
from renorm.theory.population import Population, isotropic, power_law, spiked
from renorm.theory.ridge import degrees_of_freedom, renormalized_ridge, ridge_risk

GOLDEN = power_law(500, capacity=1.3, source=0.9 / 2.6, noise_variance=0.3)
HARD = {
    "isotropic": np.ones(60),
    "single": np.array([3.0]),
    "power law": np.arange(1, 31.0) ** -1.3,
    "twenty decades": np.logspace(-20, 0, 25),
    "twenty decades, both sides of 1": np.logspace(-10, 10, 25),
    "exponential": np.exp(-np.arange(24.0)),
    "repeated and zero": np.repeat([1.0, 1e-8, 0.0], [40, 25, 20]),
    "two groups 1e20 apart": np.repeat([1.0, 1e-20], [5000, 5000]),
    "spikes over a huge bulk": np.concatenate([[1e12, 1e6, 3.0], np.full(10**5, 1e-6)]),
}
RIDGES = [0.0, 1e-14, 1e-9, 1e-4, 0.1, 7.0, 1e5, 1e14]


def hard_samples(rank):
    """Sizes on both sides of the rank, as close to it as float64 allows, and far away."""
    wanted = [1, 1.5, 2, rank / 2 + 0.25, rank - 1, rank * (1 - 1e-15), rank, rank + 1, 3 * rank, 1e6]
    return sorted({n for n in wanted if n >= 1})


@pytest.mark.parametrize("name", HARD)
def test_kappa_to_1e13_of_60_digit_arithmetic(name):
    s = HARD[name]
    n, ridge = (grid.ravel() for grid in np.meshgrid(hard_samples(np.count_nonzero(s)), RIDGES))
    on_grid = renormalized_ridge(s, n, ridge)
    one_by_one = [renormalized_ridge(s, *point) for point in zip(n, ridge, strict=True)]
    for values in (on_grid, one_by_one):
        errors = [relative_error(k, exact_kappa(s, *point)) for k, *point in zip(values, n, ridge, strict=True)]
        assert max(errors) < 1e-13


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("noise_variance", [0.0, 0.3])
def test_every_error_to_1e12_of_60_digit_arithmetic(name, noise_variance):
    s = HARD[name]
    if s.size > 100:
        s = np.concatenate([np.unique(s), np.full(70, s[-1])])
    w = np.cos(np.arange(s.size)) + 1.5
    rank = np.count_nonzero(s)
    risks = Population(s, w, noise_variance)
    for n in [1, rank / 2 + 0.5, rank - 1, rank * (1 - 1e-15), rank, rank * (1 + 1e-12), rank + 1, 1e6]:
        for ridge in [0.0, 1e-14, 1e-5, 2.0, 1e14]:
            if n < 1 or (n == rank and ridge == 0):
                continue
            risk = ridge_risk(risks, n, ridge)
            exact = exact_risk(s, w, noise_variance, n, ridge)
            for field in ["kappa", "df1", "df2", "gamma", "bias", "variance", "excess", "test", "train"]:
                assert relative_error(getattr(risk, field), getattr(exact, field)) < 1e-12, (n, ridge, field)
            assert relative_error(1 / risk.susceptibility, exact.one_minus_gamma) < 1e-12, (n, ridge)


@pytest.mark.parametrize(
    "n, kappa, df1, df2, gamma, excess, train",
    [
        (50, 0.020076626, 0.095019083, 0.032854439, 0.32854439, 0.19476945, 0.0012274998),
        (200, 0.0033400666, 0.28024191, 0.12921772, 0.3230443, 0.15466581, 0.040755109),
    ],
)
def test_golden_numbers_of_the_power_law(n, kappa, df1, df2, gamma, excess, train):
    risk = ridge_risk(GOLDEN, n, 1e-3)
    found = [risk.kappa, risk.df1 / 500, risk.df2 / 500, risk.gamma, risk.excess, risk.train]
    np.testing.assert_allclose(found, [kappa, df1, df2, gamma, excess, train], rtol=4e-8)


def test_golden_numbers_of_benign_overfitting():
    flat = spiked(20_020, spikes=[1.0] * 20, bulk=1e-3)
    np.testing.assert_allclose(ridge_risk(flat, [100, 1000], 0.0).gamma, [0.134, 0.067], atol=6e-4)
    tempered = power_law(200_000, capacity=1.5, source=0.5)
    assert ridge_risk(tempered, 1000, 0.0).gamma == pytest.approx(0.346, abs=6e-4)


def test_random_labels_are_remembered_at_a_known_price():
    risk = ridge_risk(isotropic(400, 0.0, 1.0), [200, 800], 0.1)
    np.testing.assert_allclose(risk.train, [0.01227, 0.5173], rtol=5e-4)
    np.testing.assert_allclose(risk.test, risk.susceptibility, rtol=1e-14)


@pytest.mark.parametrize("n, ridge", [(50, 1e-3), (200, 1e-3), (499, 0.0), (500, 1e-8), (3000, 0.5)])
def test_brentq_finds_the_same_kappa(n, ridge):
    s = GOLDEN.eigenvalues

    def miss(u):
        return n - np.sum(s / (s + np.exp(u))) - n * ridge * np.exp(-u)

    root = np.exp(brentq(miss, np.log(1e-12), np.log(2 * (ridge + s.sum() / n)), xtol=1e-14))
    np.testing.assert_allclose(renormalized_ridge(s, n, ridge), root, rtol=1e-9)


def test_the_peak_is_infinite_with_noise_and_absent_without():
    noisy, clean = ridge_risk(GOLDEN, 500, 0.0), ridge_risk(replace(GOLDEN, noise_variance=0.0), 500, 0.0)
    assert (noisy.kappa, noisy.gamma, noisy.train) == (0.0, 1.0, 0.0)
    assert noisy.variance == noisy.excess == noisy.test == noisy.susceptibility == np.inf
    assert clean.excess == clean.test == clean.train == clean.variance == 0.0
    close = ridge_risk(GOLDEN, 500, [1e-20, 1e-24, 1e-28])
    np.testing.assert_allclose(close.test[1:] / close.test[:-1], 100, rtol=1e-3)  # test grows as ridge^(-1/2)
    nearly = ridge_risk(replace(GOLDEN, noise_variance=0.0), 500, 1e-28)
    assert nearly.excess < 1e-9


def test_no_penalty_on_both_sides_of_the_peak():
    below, above = ridge_risk(GOLDEN, 200, 0.0), ridge_risk(GOLDEN, 800, 0.0)
    assert below.train == 0.0
    assert below.df1 == pytest.approx(200, rel=1e-13)
    assert above.kappa == above.bias == 0.0
    assert above.gamma == 500 / 800
    assert above.train == pytest.approx(0.3 * (1 - 500 / 800), rel=1e-15)
    assert above.excess == pytest.approx(0.3 * 500 / 300, rel=1e-15)


def test_directions_without_variance_do_not_matter():
    padded = Population(np.r_[0.0, GOLDEN.eigenvalues, 0.0], np.r_[5.0, GOLDEN.coefficients, -7.0], 0.3)
    for n, ridge in [(100, 0.0), (500, 1e-3), (700, 0.0)]:
        assert ridge_risk(padded, n, ridge).test == pytest.approx(ridge_risk(GOLDEN, n, ridge).test, rel=1e-14)
    nothing = ridge_risk(Population([0.0, 0.0], [1.0, 1.0], 0.5), 3, [0.0, 2.0])
    np.testing.assert_array_equal(nothing.kappa, [0.0, 2.0])
    np.testing.assert_array_equal(nothing.test, [0.5, 0.5])
    np.testing.assert_array_equal(nothing.train, [0.5, 0.5])


# --- identities over random spectra ----------------------------------------------------------------------------------

log_eigenvalues = st.lists(st.floats(-8, 8), min_size=1, max_size=12)
spectra = st.builds(
    lambda logs, repeats, zeros: np.concatenate([np.repeat(10.0 ** np.array(logs), repeats), np.zeros(zeros)]),
    log_eigenvalues,
    st.integers(1, 4),
    st.integers(0, 3),
)
samples = st.one_of(st.integers(1, 60), st.floats(1, 60))
ridges = st.floats(-12, 10).map(lambda power: 10.0**power)
property_test = settings(derandomize=True, deadline=None, max_examples=40)


@property_test
@given(spectra, samples, ridges)
def test_kappa_solves_its_equation_and_conserves_learnability(s, n, ridge):
    kappa = renormalized_ridge(s, n, ridge)
    learned = s / (s + kappa)
    size = n + learned.sum()
    assert abs(learned.sum() + n * ridge / kappa - n) <= 1e-14 * size
    assert ridge * (1 - 1e-14) <= kappa <= (ridge + s.sum() / n) * (1 + 1e-14)


@property_test
@given(spectra, samples, ridges)
def test_kappa_grows_with_the_ridge_and_falls_with_samples(s, n, ridge):
    more_ridge = renormalized_ridge(s, n, ridge * np.array([1, 1.001, 1.1, 10]))
    assert np.all(np.diff(more_ridge) >= -1e-13 * more_ridge[:-1])
    assert more_ridge[-1] > more_ridge[0] or ridge < 1e-12 * more_ridge[0]
    more_samples = renormalized_ridge(s, n * np.array([1, 1.01, 1.5, 10]), ridge)
    assert np.all(np.diff(more_samples) <= 1e-13 * more_samples[:-1])
    assert more_samples[-1] < more_samples[0] or s.sum() < 1e-12 * ridge * n


@property_test
@given(spectra, samples, ridges, st.integers(-12, 12))
def test_kappa_scales_with_the_data_and_ignores_order(s, n, ridge, power):
    kappa = renormalized_ridge(s, n, ridge)
    np.testing.assert_allclose(
        renormalized_ridge(10.0**power * s, n, 10.0**power * ridge), 10.0**power * kappa, rtol=1e-12
    )
    shuffled = np.random.default_rng(0).permutation(s)
    assert renormalized_ridge(shuffled, n, ridge) == kappa


@property_test
@given(spectra, samples, ridges)
def test_susceptibility_is_the_derivative_of_kappa(s, n, ridge):
    risk = ridge_risk(Population(s, np.ones(s.size), 0.1), n, ridge)
    step = 1e-4  # central difference in ln ridge: error step^2/6 times third derivatives (of order one) plus rounding
    up, down = renormalized_ridge(s, n, ridge * np.exp([step, -step]))
    slope = (up - down) / (2 * ridge * np.sinh(step))
    rounding = 4e-15 * risk.kappa / (step * ridge)
    assert abs(slope - risk.susceptibility) <= 3e-7 * risk.susceptibility + rounding


@property_test
@given(spectra, samples, ridges, st.floats(0, 10))
def test_identities_between_the_errors(s, n, ridge, noise_variance):
    w = np.sin(1.0 + np.arange(s.size))
    risk = ridge_risk(Population(s, w, noise_variance), n, ridge)
    assert risk.noise == noise_variance
    np.testing.assert_allclose(risk.test, (risk.bias + noise_variance) * risk.susceptibility, rtol=1e-13)
    np.testing.assert_allclose(risk.excess, risk.test - noise_variance, rtol=1e-12, atol=1e-13 * risk.test)
    np.testing.assert_allclose(risk.train, (ridge / risk.kappa) ** 2 * risk.test, rtol=1e-13)  # GCV, exact in theory
    assert 0 <= risk.df2 <= risk.df1 * (1 + 1e-14) <= np.count_nonzero(s) * (1 + 1e-13)
    assert risk.train <= risk.test * (1 + 1e-13)


# --- simulation ------------------------------------------------------------------------------------------------------


def simulate(population, n, ridge, trials, seed):
    """Means and standard errors of train error and excess risk of primal ridge regression, by a linear solve each."""
    rng = np.random.default_rng(seed)
    scale, w = np.sqrt(population.eigenvalues), population.coefficients
    errors = []
    for _ in range(trials):
        X = rng.standard_normal((n, w.size)) * scale
        y = X @ w + np.sqrt(population.noise_variance) * rng.standard_normal(n)
        fit = np.linalg.solve(X.T @ X + n * ridge * np.eye(w.size), X.T @ y)
        errors.append([np.mean((y - X @ fit) ** 2), np.sum(population.eigenvalues * (fit - w) ** 2)])
    return np.mean(errors, axis=0), np.std(errors, axis=0, ddof=1) / np.sqrt(trials)


@pytest.mark.parametrize("n", [60, 240])
@pytest.mark.parametrize(
    "population",
    [
        isotropic(120, 1.0, 0.5),
        power_law(120, capacity=1.3, source=0.4, noise_variance=0.3),
        spiked(120, [20.0, 20.0, 5.0], alignment=0.6, noise_variance=0.2),
    ],
    ids=["isotropic", "power law", "spiked"],
)
def test_theory_inside_simulation(population, n):
    mean, error = simulate(population, n, 0.02, trials=60, seed=n)
    risk = ridge_risk(population, n, 0.02)
    np.testing.assert_array_less(np.abs(mean - [risk.train, risk.excess]), 3 * error + 0.03 * mean)
    assert np.all(error < 0.06 * mean)  # so that the line above can fail


# --- cost, shapes, bad input -----------------------------------------------------------------------------------------


def test_a_million_distinct_eigenvalues_in_bounded_memory():
    s = np.arange(1, 1e6 + 1) ** -1.2
    tracemalloc.start()
    kappa = renormalized_ridge(s, [1e3, 1e5], [1e-6, 0.0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 120e6  # a few copies of the spectrum itself (8 MB each), never grid x spectrum
    shares = [np.sum(s / (s + k)) for k in kappa]
    np.testing.assert_allclose(shares, [1e3 * (1 - 1e-6 / kappa[0]), 1e5], rtol=1e-12)


def test_n_and_ridge_broadcast_and_scalars_stay_scalars():
    assert np.shape(renormalized_ridge([1.0, 2.0], 3, 0.1)) == ()
    risk = ridge_risk(isotropic(4), [[1], [2], [8]], [0.0, 0.1])
    assert {getattr(risk, field).shape for field in (*risk.__dataclass_fields__, "excess", "test")} == {(3, 2)}
    assert optimal_ridge(isotropic(4), [[2, 3]]).shape == (1, 2)
    df1, df2 = degrees_of_freedom([1, 1], [[0, 1, 3]])
    np.testing.assert_array_equal([df1, df2], [[[2, 1, 0.5]], [[2, 0.5, 0.125]]])


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: renormalized_ridge([], 1, 1), ["eigenvalues", "empty"]),
        (lambda: renormalized_ridge([[1.0]], 1, 1), ["eigenvalues", "(1, 1)"]),
        (lambda: renormalized_ridge([1, -1e-9], 1, 1), ["eigenvalues", "-1"]),
        (lambda: renormalized_ridge([1, np.nan], 1, 1), ["eigenvalues", "nan"]),
        (lambda: renormalized_ridge([1.0], 0.5, 1), ["n = 0.5", "1 or larger"]),
        (lambda: renormalized_ridge([1.0], np.inf, 1), ["n = inf", "finite"]),
        (lambda: renormalized_ridge([1.0], 1, -1e-3), ["ridge = -0.001", "zero or larger"]),
        (lambda: renormalized_ridge([1.0], 1, "strong"), ["ridge = 'strong'"]),
        (lambda: renormalized_ridge([1.0], [1, 2], [1, 2, 3]), ["(2,)", "(3,)", "broadcast"]),
        (lambda: degrees_of_freedom([1.0], -1), ["kappa = -1", "zero or larger"]),
        (lambda: ridge_risk([1.0], 1, 1), ["population = [1.0]", "Population"]),
        (lambda: ridge_risk(GOLDEN, 0, 1), ["n = 0", "1 or larger"]),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
