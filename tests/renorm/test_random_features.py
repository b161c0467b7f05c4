"""Random features: 60-digit arithmetic, an independent formula, limits, and the analysis of variance of simulations."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from renorm.theory.activations import hermite_coefficients, resolve_activation
from renorm.theory.population import Population, isotropic, power_law
from renorm.theory.random_features import RandomFeatureRisk, nonlinear_random_feature_risk, random_feature_risk
from renorm.theory.ridge import ridge_risk

PARTS = [
    "bias",
    "variance_data",
    "variance_features",
    "variance_interaction",
    "variance_noise_data",
    "variance_noise_interaction",
]
steady = settings(derandomize=True, deadline=None, max_examples=100)


def golden_population():
    return power_law(500, capacity=1.3, source=0.9 / 2.6, noise_variance=0.3)


# ---- known numbers ------------------------------------------------------------------------------------------------


def test_golden_numbers():
    population = golden_population()  # w_k proportional to k^-0.3, unit signal
    np.testing.assert_allclose(population.coefficients[99] / population.coefficients[0], 100**-0.3, rtol=1e-12)
    risk = random_feature_risk(population, 80, 200, 1e-3)
    golden = {
        "kappa1": 0.0073229423,
        "kappa2": 0.011186506,
        "gamma": 0.45776281,
        "excess": 0.30953158,
        "train": 0.011366454,
        "bias": 0.020745685,
        "variance_data": 0.0099457531,
        "variance_features": 0.0097650071,
        "variance_interaction": 0.015811721,
    }
    for name, value in golden.items():
        assert getattr(risk, name) == pytest.approx(value, rel=5.1e-8), name


def test_feature_normalization():
    """F_ij ~ N(0, 1/d) instead of N(0, 1/width) is a ridge times d / width."""
    population = isotropic(120, noise_variance=0.1)
    one_over_width, one_over_d = random_feature_risk(population, 60, 60, [0.01, 0.01 * 120 / 60]).excess
    assert (one_over_width.round(2), one_over_d.round(2)) == (3.51, 2.63)


# ---- independent calculations -------------------------------------------------------------------------------------


def reference(s, energies, noise, n, width, ridge):
    """The textbook equations in 60 digits: bisection for kappa2, differences and all."""
    with mp.workdps(60):
        s, energies = [[mpf(float(x)) for x in values] for values in (s, energies)]
        n, width, ridge, noise = mpf(int(n)), mpf(int(width)), mpf(float(ridge)), mpf(float(noise))
        low, high = mp.log(mpf(10) ** -45), mp.log(ridge + sum(s) * (1 / n + 1 / width) + 1)
        for _ in range(250):
            kappa2 = mp.exp((low + high) / 2)
            df1 = sum(x / (x + kappa2) for x in s)
            too_large = df1 < min(n, width) and kappa2 * (1 - df1 / n) * (1 - df1 / width) > ridge
            low, high = (low, (low + high) / 2) if too_large else ((low + high) / 2, high)
        df2 = sum((x / (x + kappa2)) ** 2 for x in s)
        rho = (width - df1) / (width - df2)
        gamma2, gamma1 = df2 / n, (rho * df2 + (1 - rho) * df1) / n
        bias = sum(e * (kappa2 / (x + kappa2)) ** 2 for x, e in zip(s, energies, strict=True))
        missed = sum(e * kappa2 / (x + kappa2) for x, e in zip(s, energies, strict=True))
        signal = (rho * bias + (1 - rho) * missed) / (1 - gamma1)
        features = (1 - rho) * (missed - bias)
        data = bias * gamma2 / (1 - gamma2)
        excess = signal + noise * gamma1 / (1 - gamma1)
        kappa1 = kappa2 * (1 - df1 / width)
        return {
            "kappa1": kappa1,
            "kappa2": kappa2,
            "df1": df1,
            "df2": df2,
            "gamma": gamma1,
            "shrinkage": ridge / kappa1,
            "bias": bias,
            "variance_data": data,
            "variance_features": features,
            "variance_interaction": signal - bias - data - features,
            "variance_noise_data": noise * gamma2 / (1 - gamma2),
            "variance_noise_interaction": noise * (gamma1 / (1 - gamma1) - gamma2 / (1 - gamma2)),
            "excess": excess,
            "test": excess + noise,
            "train": (ridge / kappa1) ** 2 * (excess + noise),
        }


@pytest.mark.parametrize("case", range(24))
def test_all_digits(case):
    """Steep spectra, repeated eigenvalues, n = width = d, ridges from 1e-14 to 1e14: no cancellation."""
    rng = np.random.default_rng(case)
    d = int(rng.integers(2, 12))
    s = 10.0 ** rng.uniform(-20, 0, d) if case % 2 else np.arange(1.0, d + 1) ** -1.5
    s[: d // 3] = s[0]
    n, width = ((d, d), (int(rng.integers(1, 15)),) * 2, tuple(rng.integers(1, 15, 2)))[case % 3]
    ridge = (10.0 ** rng.uniform(-14, -8), 10.0 ** rng.uniform(-6, 1), 10.0 ** rng.uniform(6, 14))[case // 3 % 3]
    population = Population(s, 1 / np.sqrt(s), 0.3)
    risk = random_feature_risk(population, n, width, ridge)
    for name, value in reference(s, population.energies, 0.3, n, width, ridge).items():
        assert getattr(risk, name) == pytest.approx(float(value), rel=1e-13), name


def eigenframework(population, n, width, ridge):
    """Total test error by the formula of "More is better" (Simon et al.), delta = n ridge; its kappas by iteration."""
    s, energies, delta = population.eigenvalues, population.energies, n * ridge
    low, high = -60.0, 60.0
    for _ in range(200):
        middle = (low + high) / 2
        z = np.sum(s / (s + np.exp(middle)))
        too_small = z >= min(n, width) or (n - z) * (width - z) * np.exp(middle) < delta * width
        low, high = (middle, high) if too_small else (low, middle)
    gamma = np.exp((low + high) / 2)
    learned = s / (s + gamma)
    z, q = learned.sum(), np.sum(learned**2)
    kappa = delta / (n - z)
    assert width == pytest.approx(z + width * kappa / gamma, rel=1e-9)
    x = (q * (width - 2 * z) + z**2) / (n * (width - q))
    missed = energies * (1 - learned - kappa * learned / (s + gamma) * width / (width - q))
    return kappa, gamma, x, (missed.sum() + population.noise_variance) / (1 - x)


@pytest.mark.parametrize(("n", "width"), [(80, 200), (200, 80), (100, 100), (300, 400), (700, 600)])
@pytest.mark.parametrize("ridge", [1e-3, 0.3])
def test_equals_the_eigenframework(n, width, ridge):
    for population in (golden_population(), isotropic(250, noise_variance=0.5)):
        kappa, gamma, x, test = eigenframework(population, n, width, ridge)
        risk = random_feature_risk(population, n, width, ridge)
        np.testing.assert_allclose(
            [risk.kappa1, risk.kappa2, risk.gamma, risk.test], [kappa, gamma, x, test], rtol=1e-10
        )


# ---- limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [lambda: golden_population(), lambda: isotropic(500, noise_variance=0.5)])
def test_infinite_width_is_plain_ridge(make):
    population, n, ridge = (
        make(),
        np.array([[1], [50], [499], [500], [501], [2000]]),
        np.array([0, 1e-10, 1e-3, 1, 1e6]),
    )
    features, plain = random_feature_risk(population, n, np.inf, ridge), ridge_risk(population, n, ridge)
    for name, value in {
        "kappa1": plain.kappa,
        "kappa2": plain.kappa,
        "gamma": plain.gamma,
        "bias": plain.bias,
        "excess": plain.excess,
        "test": plain.test,
        "train": plain.train,
        "noise": plain.noise,
    }.items():
        np.testing.assert_allclose(getattr(features, name), value, rtol=1e-12, err_msg=name)
    assert np.all(features.variance_features == 0) and np.all(features.variance_interaction == 0)


def test_large_width_comes_near_plain_ridge_like_one_over_width():
    population = power_law(300, 1.5, 0.4, noise_variance=0.2)
    width = np.array([1e5, 1e6])
    away = random_feature_risk(population, 100, width, 1e-3).excess - ridge_risk(population, 100, 1e-3).excess
    assert away[0] / away[1] == pytest.approx(10, rel=0.01)


def test_infinite_data_is_a_projection():
    """n = inf, ridge 0, width < d: df1(kappa2) = width, and the excess is what the random projection misses."""
    population = power_law(400, 1.5, 0.7, noise_variance=0.3)
    width = np.array([20, 100, 300])
    risk = random_feature_risk(population, np.inf, width, 0.0)
    np.testing.assert_allclose(risk.df1, width, rtol=1e-12)
    missed = risk.kappa2[:, None] / (population.eigenvalues + risk.kappa2[:, None])
    np.testing.assert_allclose(risk.excess, missed @ population.energies, rtol=1e-12)
    assert np.all(risk.kappa1 == 0) and np.all(risk.gamma == 0) and np.all(risk.variance_noise == 0)
    np.testing.assert_allclose(risk.train, risk.test, rtol=1e-15)
    near = random_feature_risk(population, 1e12, width, 0.0)
    np.testing.assert_allclose(near.excess, risk.excess, rtol=1e-6)


def test_everything_infinite_is_population_ridge():
    risk = random_feature_risk(Population([2.0, 1.0], [1.0, 3.0], 0.5), np.inf, np.inf, [0.0, 0.5])
    np.testing.assert_allclose(risk.excess, [0, 2 * 0.2**2 + 9 / 9], rtol=1e-15)
    np.testing.assert_array_equal(risk.kappa2, [0, 0.5])


def test_ridgeless_closed_forms():
    """Isotropic data without ridge: kappas and risks on all four sides of n = width and width = d."""
    d, noise = 100, 0.5
    population = isotropic(d, noise_variance=noise)

    narrow = random_feature_risk(population, 80, 40, 0.0)  # width < n, d: least squares on a random projection
    assert narrow.excess == pytest.approx((1 - 0.4 + noise * 0.5) / 0.5, rel=1e-13)
    assert narrow.train == pytest.approx((1 - 0.4 + noise) * 0.5, rel=1e-13)
    wide = random_feature_risk(population, 40, 80, 0.0)  # n < width < d: interpolation
    assert wide.df1 == pytest.approx(40, rel=1e-14) and wide.train == 0 and wide.kappa1 == pytest.approx(0.75)
    full = random_feature_risk(population, 200, [100, 150, 1000], 0.0)  # width >= d < n: least squares on x itself
    np.testing.assert_allclose(full.excess, noise, rtol=1e-13)
    np.testing.assert_allclose(full.train, noise / 2, rtol=1e-13)
    np.testing.assert_array_equal(full.kappa2, 0)


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_infinite_where_n_equals_width_below_d(noise):
    risk = random_feature_risk(power_law(60, 1.5, 0.5, noise_variance=noise), 30, 30, [0.0, 1e-12])
    assert risk.excess[0] == risk.test[0] == np.inf and risk.train[0] == 0
    assert np.isfinite(risk.excess[1]) and risk.excess[1] > 100
    assert np.all(np.isfinite(risk.bias)) and np.all(np.isfinite(risk.variance_data + risk.variance_features))
    many = risk.ensemble(np.inf)
    assert many.excess[0] == pytest.approx(
        risk.bias[0] + risk.variance_data[0] + risk.variance_noise_data[0], rel=1e-14
    )


@pytest.mark.parametrize("noise", [0.0, 0.3])
@pytest.mark.parametrize(("n", "width"), [(50, 50), (50, 80), (80, 50), (20, 50), (50, 20), (30, 40), (60, 70)])
def test_zero_ridge_is_the_limit(n, width, noise):
    population = Population(np.linspace(1, 2, 50), np.linspace(1, 3, 50), noise)
    zero, small = random_feature_risk(population, n, width, 0.0), random_feature_risk(population, n, width, 1e-60)
    for name in [*PARTS, "excess", "kappa1", "kappa2", "train"]:
        value = getattr(zero, name)
        if np.isinf(value):
            assert getattr(small, name) > 1e6
        else:
            np.testing.assert_allclose(getattr(small, name), value, rtol=1e-6, atol=1e-6, err_msg=name)


def test_huge_ridge_learns_nothing():
    risk = random_feature_risk(power_law(50, 1.5, 0.5, noise_variance=0.3), 30, 20, 1e12)
    assert risk.excess == pytest.approx(1.0, rel=1e-10) and risk.train == pytest.approx(1.3, rel=1e-10)


def test_no_signal_and_no_spectrum():
    nothing = random_feature_risk(Population([0.0, 0.0], [1.0, 1.0], 0.5), 3, 5, [0.0, 0.1])
    np.testing.assert_array_equal(nothing.excess, 0)
    noise_only = random_feature_risk(Population([1.0, 0.5], [0.0, 0.0], 0.5), 3, 5, 0.1)
    assert noise_only.excess == noise_only.variance_noise > 0


# ---- identities ---------------------------------------------------------------------------------------------------

SPECTRA = st.lists(st.floats(1e-6, 10.0), min_size=1, max_size=25)
SIZES = st.integers(1, 40)
RIDGES = st.floats(1e-8, 10.0)


@steady
@given(SPECTRA, SIZES, SIZES, RIDGES)
def test_fixed_points_signs_and_sum(s, n, width, ridge):
    population = Population(s, np.linspace(-1, 2, len(s)), 0.3)
    risk = random_feature_risk(population, n, width, ridge)
    df1 = np.sum(population.eigenvalues / (population.eigenvalues + risk.kappa2))
    assert risk.df1 == pytest.approx(df1, rel=1e-12)
    assert risk.kappa1 == pytest.approx(risk.kappa2 * (1 - df1 / width), abs=1e-12 * risk.kappa2)
    assert ridge == pytest.approx(risk.kappa1 * (1 - df1 / n), abs=1e-12 * risk.kappa1)
    assert ridge <= risk.kappa1 <= risk.kappa2 <= ridge + population.trace * (1 / n + 1 / width)
    assert 0 <= risk.gamma <= 1
    assert all(getattr(risk, part) >= 0 for part in PARTS)
    assert risk.excess == pytest.approx(sum(getattr(risk, part) for part in PARTS), rel=1e-15)
    assert risk.train <= risk.test


@steady
@given(SPECTRA, SIZES, SIZES, RIDGES)
def test_data_and_width_are_symmetric_in_kappa2_and_bias(s, n, width, ridge):
    population = Population(s, np.linspace(-1, 2, len(s)), 0.3)
    one, other = random_feature_risk(population, n, width, ridge), random_feature_risk(population, width, n, ridge)
    assert one.kappa2 == pytest.approx(other.kappa2, rel=1e-12)
    assert one.bias == pytest.approx(other.bias, rel=1e-11)


def test_white_targets_exchange_data_and_feature_variance():
    population = Population(np.arange(1.0, 101) ** -1.5, np.ones(100))
    one = random_feature_risk(population, [40, 90], [90, 40], 1e-3).variance_data
    other = random_feature_risk(population, [90, 40], [40, 90], 1e-3).variance_features
    np.testing.assert_allclose(one, other, rtol=1e-12)
    smooth = power_law(100, 1.5, 0.9)  # not for other targets
    one = random_feature_risk(smooth, 40, 90, 1e-3).variance_data
    assert abs(one / random_feature_risk(smooth, 90, 40, 1e-3).variance_features - 1) > 0.1


@pytest.mark.parametrize(("n", "width", "ridge"), [(40, 90, 1e-3), (90, 40, 1e-3), (60, 60, 1e-2), (300, 250, 1e-4)])
def test_rho_and_gamma_are_derivatives(n, width, ridge):
    """rho = d ln kappa2 / d ln kappa1 and 1 / (1 - gamma) = d kappa1 / d ridge, by central differences."""
    population, h = power_law(120, 1.4, 0.5), 1e-5
    below, at, above = (random_feature_risk(population, n, width, ridge * np.exp(x)) for x in (-h, 0, h))
    rho = np.log(above.kappa2 / below.kappa2) / np.log(above.kappa1 / below.kappa1)
    assert rho == pytest.approx((width - at.df1) / (width - at.df2), rel=1e-7)
    slope = (above.kappa1 - below.kappa1) / (ridge * (np.exp(h) - np.exp(-h)))
    assert slope == pytest.approx(1 / (1 - at.gamma), rel=1e-7)


@steady
@given(SPECTRA, SIZES, SIZES, RIDGES, st.floats(1e-3, 1e3))
def test_units(s, n, width, ridge, unit):
    w = np.linspace(-1, 2, len(s))
    one = random_feature_risk(Population(s, w, 0.3), n, width, ridge)
    scaled = random_feature_risk(Population(unit * np.array(s), w / np.sqrt(unit), 0.3), n, width, unit * ridge)
    assert scaled.kappa2 == pytest.approx(unit * one.kappa2, rel=1e-11)
    assert scaled.excess == pytest.approx(one.excess, rel=1e-9)


def test_order_of_modes_and_zero_modes_do_not_matter():
    s, w = np.arange(1.0, 31) ** -1.2, np.linspace(1, 2, 30)
    shuffled = np.random.default_rng(0).permutation(30)
    one = random_feature_risk(Population(s, w), 20, 25, 1e-3).excess
    other = random_feature_risk(Population(np.append(s[shuffled], 0), np.append(w[shuffled], 5)), 20, 25, 1e-3).excess
    assert one == pytest.approx(other, rel=1e-13)


def test_many_at_once_is_one_by_one():
    population = golden_population()
    n, width, ridge = [[[10]], [[600]]], [[20], [np.inf]], [0.0, 1e-6, 1.0]
    together = random_feature_risk(population, n, width, ridge)
    assert together.excess.shape == together.noise.shape == together.kappa1.shape == (2, 2, 3)
    for i, j, k in np.ndindex(2, 2, 3):
        alone = random_feature_risk(population, n[i][0][0], width[j][0], ridge[k])
        for field in dataclasses.fields(RandomFeatureRisk):
            value = getattr(alone, field.name)
            assert np.ndim(value) == 0
            assert getattr(together, field.name)[i, j, k] == pytest.approx(value, rel=1e-13), field.name


def test_ensembles_divide_what_features_contribute():
    one = random_feature_risk(golden_population(), 80, [[60], [200]], 1e-3)
    some = one.ensemble([1, 4, np.inf])
    assert some.excess.shape == some.train.shape == (2, 3)
    np.testing.assert_array_equal(some.excess[:, 0], one.excess[:, 0])
    kept = one.bias + one.variance_data + one.variance_noise_data
    np.testing.assert_allclose(some.excess[:, 1] - kept[:, 0], (one.excess - kept)[:, 0] / 4, rtol=1e-12)
    np.testing.assert_allclose(some.excess[:, 2], kept[:, 0], rtol=1e-15)
    # averaging over infinitely many feature draws is not plain ridge at the same penalty: it is ridge at kappa2's
    plain = ridge_risk(golden_population(), 80, one.kappa2[:, 0] * (1 - one.df1[:, 0] / 80))
    np.testing.assert_allclose(some.excess[:, 2], plain.excess, rtol=1e-12)


# ---- nonlinear features -------------------------------------------------------------------------------------------


def test_linear_activation_is_linear_features():
    population = power_law(60, 1.5, 0.5, noise_variance=0.2)
    linear = random_feature_risk(population, 40, [20, 40, 90], 1e-2 * population.trace)
    nonlinear = nonlinear_random_feature_risk(population, 40, [20, 40, 90], 1e-2, lambda u: u + 3.0)
    np.testing.assert_allclose(nonlinear.excess, linear.excess, rtol=1e-11)
    np.testing.assert_allclose(nonlinear.kappa1 * population.trace, linear.kappa1, rtol=1e-11)


@pytest.mark.parametrize("activation", ["relu", "tanh", "erf", "sign"])
@pytest.mark.parametrize("ridge", [0.0, 1e-3])
def test_nonlinearity_is_a_tail_of_tiny_modes_without_signal(activation, ridge):
    population, modes = power_law(60, 1.2, 0.5, noise_variance=0.2), 20000
    _, mu1, rest = hermite_coefficients(activation)
    s = np.append(mu1**2 * population.eigenvalues / population.trace, np.full(modes, rest / modes))
    w = np.sqrt(np.append(population.energies, np.zeros(modes)) / s)
    width = np.array([30, 50, 70, 2000])
    explicit = random_feature_risk(Population(s, w, 0.2), 50, width, ridge)
    equivalent = nonlinear_random_feature_risk(population, 50, width, ridge, activation)
    for name in [*PARTS, "kappa1", "kappa2", "gamma", "train"]:
        np.testing.assert_allclose(
            getattr(equivalent, name), getattr(explicit, name), rtol=0.01, atol=1e-12, err_msg=name
        )


def test_at_infinite_width_nonlinearity_is_a_ridge_and_nothing_else():
    population = power_law(80, 1.2, 0.5, noise_variance=0.2)
    _, mu1, rest = hermite_coefficients("relu")
    kernel = nonlinear_random_feature_risk(population, 50, np.inf, 1e-3, "relu")
    plain = ridge_risk(population, 50, (1e-3 + rest / 50) * population.trace / mu1**2)
    assert kernel.bias == pytest.approx(plain.bias, rel=1e-12)
    assert kernel.excess == pytest.approx(plain.excess, rel=1e-12)


def test_even_activations_learn_nothing_linear():
    risk = nonlinear_random_feature_risk(isotropic(50, noise_variance=0.5), 40, [20, 40, 90], 1e-2, np.abs)
    np.testing.assert_array_equal(risk.bias, 1.0)
    assert np.all(risk.excess > 1.0)


# ---- simulation ---------------------------------------------------------------------------------------------------


def simulated_parts(population, n, width, ridge, activation, seed, replicates, draws=4):
    """Bias and every variance component from ``draws`` data sets crossed with ``draws`` feature draws: (mean, s.e.).

    The predictor is linear in y: f(x) = a(x) (Xw + noise). Products of the errors of two predictors average to bias
    (both draws differ), + variance_data (same data), + variance_features (same features), or everything (same both):
    all estimates are unbiased. Noise is averaged exactly, through the norm of a(x). Averages over new x are exact for
    linear features, and over 2,000 test points for others.
    """
    rng = np.random.default_rng(seed)
    s, w, d = population.eigenvalues, population.coefficients, population.eigenvalues.size
    phi, mu0 = resolve_activation(activation), hermite_coefficients(activation).mu0
    linear = activation == "linear"
    scale = 1.0 if linear else 1 / np.sqrt(population.trace)
    rows = []
    for _ in range(replicates):
        fresh = np.sqrt(s) * rng.standard_normal((2000, d))
        data = [np.sqrt(s) * rng.standard_normal((n, d)) for _ in range(draws)]
        features = [scale * rng.standard_normal((d, width)) for _ in range(draws)]
        errors, maps, train = [], [], []
        for X in data:
            for F in features:
                Z = (phi(X @ F) - mu0) / np.sqrt(width)
                hat = np.linalg.solve(Z.T @ Z / n + ridge * np.eye(width), Z.T / n)  # v = hat @ y
                new = np.sqrt(s)[:, None] * F / np.sqrt(width) if linear else (phi(fresh @ F) - mu0) / np.sqrt(width)
                truth = np.sqrt(s) * w if linear else fresh @ w
                norm = 1.0 if linear else 1 / np.sqrt(len(fresh))
                maps.append(norm * (new @ hat))
                errors.append(norm * (new @ (hat @ (X @ w)) - truth))
                left = X @ w - Z @ (hat @ (X @ w))
                train.append((left @ left + population.noise_variance * np.sum((np.eye(n) - Z @ hat) ** 2)) / n)
        errors = np.array(errors).reshape(draws, draws, -1)
        gram = np.einsum("iax,jbx->iajb", errors, errors)
        noise = population.noise_variance * np.array(
            [
                [[np.sum(maps[i * draws + a] * maps[i * draws + b]) for b in range(draws)] for a in range(draws)]
                for i in range(draws)
            ]
        )
        same, other = np.eye(draws, dtype=bool), ~np.eye(draws, dtype=bool)
        both = gram[same[:, None, :, None] & same[None, :, None, :]].mean()
        same_data = gram[same[:, None, :, None] & other[None, :, None, :]].mean()
        same_features = gram[other[:, None, :, None] & same[None, :, None, :]].mean()
        neither = gram[other[:, None, :, None] & other[None, :, None, :]].mean()
        rows.append([
            neither,
            same_data - neither,
            same_features - neither,
            both - same_data - same_features + neither,
            noise[:, other].mean(),
            noise[:, same].mean() - noise[:, other].mean(),
            np.mean(train),
        ])  # fmt: skip
    rows = np.array(rows)
    return rows.mean(axis=0), rows.std(axis=0, ddof=1) / np.sqrt(replicates)


SIMULATIONS = {
    "isotropic, n < width": (isotropic(100, noise_variance=0.3), 60, 90, 0.02, "linear", 30),
    "isotropic, n > width": (isotropic(100, noise_variance=0.3), 120, 50, 0.02, "linear", 30),
    "power law, n < width": (power_law(100, 1.3, 0.4, noise_variance=0.3), 50, 80, 0.01, "linear", 30),
    "power law, n = width": (power_law(100, 1.3, 0.4, noise_variance=0.3), 60, 60, 0.02, "linear", 30),
    "ReLU": (isotropic(100, noise_variance=0.3), 100, 70, 0.01, "relu", 16),
    "sign": (isotropic(100, noise_variance=0.3), 60, 90, 0.02, "sign", 16),
}


@pytest.mark.parametrize("name", SIMULATIONS)
def test_every_variance_component_against_simulation(name):
    """Within 3.5 standard errors plus 4 % (finite size) of each component, and of the training error."""
    population, n, width, ridge, activation, replicates = SIMULATIONS[name]
    mean, error = simulated_parts(population, n, width, ridge, activation, seed=1, replicates=replicates)
    if activation == "linear":
        risk = random_feature_risk(population, n, width, ridge)
    else:
        risk = nonlinear_random_feature_risk(population, n, width, ridge, activation)
    for part, value, standard_error in zip([*PARTS, "train"], mean, error, strict=True):
        theory = getattr(risk, part)
        assert abs(value - theory) < 3.5 * standard_error + 0.04 * theory, part


@pytest.mark.parametrize("name", ["isotropic, n < width", "power law, n > width"])
def test_ensembles_against_simulation(name):
    """Test and training error of the average of three members on the same data, within 3.5 s.e. plus 3 %."""
    make, n, width = {
        "isotropic, n < width": (isotropic, 60, 90),
        "power law, n > width": (
            lambda d, noise_variance: power_law(d, 1.3, 0.4, noise_variance=noise_variance),
            90,
            60,
        ),
    }[name]
    population, ridge, members = make(120, noise_variance=0.3), 0.02, 3
    rng = np.random.default_rng(2)
    s, w = population.eigenvalues, population.coefficients
    rows = []
    for _ in range(250):
        X = np.sqrt(s) * rng.standard_normal((n, s.size))
        y = X @ w + np.sqrt(0.3) * rng.standard_normal(n)
        mean = np.zeros(s.size)
        for _ in range(members):
            F = rng.standard_normal((s.size, width)) / np.sqrt(width)
            Z = X @ F
            mean += F @ np.linalg.solve(Z.T @ Z / n + ridge * np.eye(width), Z.T @ y / n) / members
        rows.append([s @ (mean - w) ** 2, np.mean((y - X @ mean) ** 2)])
    mean, error = np.mean(rows, axis=0), np.std(rows, axis=0) / np.sqrt(len(rows))
    risk = random_feature_risk(population, n, width, ridge).ensemble(members)
    for value, standard_error, theory in zip(mean, error, (risk.excess, risk.train), strict=True):
        assert abs(value - theory) < 3.5 * standard_error + 0.03 * theory


def test_relu_features_through_the_peak():
    """Simulated once at d = 150, n = 200, noise 0.1, ridge 1e-3 on features without the factor 1 / sqrt(width)."""
    width, mean, error = np.array([100, 200, 300, 600]), [1.21, 3.56, 1.09, 0.449], [0.04, 0.16, 0.03, 0.014]
    risk = nonlinear_random_feature_risk(isotropic(150, noise_variance=0.1), 200, width, 1e-3 / width, "relu")
    np.testing.assert_array_less(np.abs(risk.excess - mean), 3 * np.array(error))


# ---- bad input ----------------------------------------------------------------------------------------------------

GOOD = isotropic(5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: random_feature_risk([1.0], 5, 5, 0.1), "population"),
        (lambda: random_feature_risk(GOOD, 0, 5, 0.1), "n = 0"),
        (lambda: random_feature_risk(GOOD, np.nan, 5, 0.1), "n = nan"),
        (lambda: random_feature_risk(GOOD, "7", 5, 0.1), "n = '7'"),
        (lambda: random_feature_risk(GOOD, 5, [1.0, 0.5, np.inf], 0.1), "width"),
        (lambda: random_feature_risk(GOOD, 5, -np.inf, 0.1), "width = -inf"),
        (lambda: random_feature_risk(GOOD, 5, 5, -0.1), "ridge = -0.1"),
        (lambda: random_feature_risk(GOOD, 5, 5, np.inf), "ridge = inf"),
        (lambda: random_feature_risk(GOOD, [5, 6], [5, 6, 7], 0.1), "broadcast"),
        (lambda: random_feature_risk(GOOD, 5, 5, 0.1).ensemble(0), "members = 0"),
        (lambda: random_feature_risk(GOOD, 5, 5, 0.1).ensemble(np.nan), "members"),
        (lambda: nonlinear_random_feature_risk(GOOD, 5, 5, 0.1, "gelu"), "activation"),
        (lambda: nonlinear_random_feature_risk(GOOD, 5, 5, 0.1, lambda u: 0 * u + 1), "constant"),
        (lambda: nonlinear_random_feature_risk("data", 5, 5, 0.1, "relu"), "population"),
        (lambda: nonlinear_random_feature_risk(Population([0.0], [1.0]), 5, 5, 0.1, "relu"), "population.eigenvalues"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
