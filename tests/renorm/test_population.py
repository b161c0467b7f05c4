"""Populations: what they promise (frozen, checked, comparable), their constructors and their effective ranks."""

import pickle
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm.theory.population import Population, from_kernel, isotropic, power_law, spiked

property_test = settings(derandomize=True, deadline=None, max_examples=60)


def test_what_is_computed_from_the_numbers():
    p = Population([4, 0, 1], [1, 5, -2], 0.25)
    assert (p.dimension, p.rank, p.trace, p.signal, p.noise_variance) == (3, 2, 5.0, 8.0, 0.25)
    np.testing.assert_array_equal(p.energies, [4, 0, 4])
    np.testing.assert_array_equal(p.eigenvalues, [4, 0, 1])  # the order given is kept


def test_nothing_can_be_changed_from_inside_or_outside():
    given_values = np.array([2.0, 1.0])
    p = Population(given_values, [1.0, 1.0])
    given_values[0] = 99
    assert p.eigenvalues[0] == 2.0
    with pytest.raises(ValueError):
        p.eigenvalues[0] = 3.0
    with pytest.raises(ValueError):
        pickle.loads(pickle.dumps(p)).coefficients[0] = 3.0
    with pytest.raises(FrozenInstanceError):
        p.noise_variance = 1.0


def test_equal_when_all_numbers_are():
    p = Population([2.0, 0.0], [1.0, 0.0], 0.5)
    same = Population(np.array([2, -0.0]), (1, -0.0), 0.5)
    others = [replace(p, noise_variance=0.4), Population([2.0, 1.0], [1.0, 0.0], 0.5), Population([2.0], [1.0], 0.5)]
    assert p == same == pickle.loads(pickle.dumps(p))
    assert hash(p) == hash(same)
    assert all(p != other for other in others)
    assert p != "a population"
    assert len({p, same, *others}) == 4


def test_isotropic_spreads_the_signal_equally():
    p = isotropic(7, signal=3.0, noise_variance=0.5)
    np.testing.assert_array_equal(p.eigenvalues, 1.0)
    np.testing.assert_allclose(p.coefficients**2, 3 / 7)
    assert p.signal == pytest.approx(3.0, rel=1e-15)
    assert p.noise_variance == 0.5


@pytest.mark.parametrize("capacity, source", [(1.3, 0.346), (2.0, 1.5), (0.5, 0.1), (20.0, 3.0)])
def test_power_law_exponents(capacity, source):
    p = power_law(200, capacity, source, signal=2.5)
    k = np.arange(2, 201)
    np.testing.assert_allclose(np.log(p.eigenvalues[1:]) / np.log(k), -capacity)
    np.testing.assert_allclose(np.log(p.energies[1:] / p.energies[0]) / np.log(k), -(1 + 2 * capacity * source))
    assert p.signal == pytest.approx(2.5, rel=1e-13)


def test_the_power_law_of_the_book():
    p = power_law(500, capacity=1.3, source=0.9 / 2.6)  # w proportional to k^-0.3
    np.testing.assert_allclose(p.coefficients / p.coefficients[0], np.arange(1, 501.0) ** -0.3, rtol=1e-13)


def test_spiked_places_signal_where_it_is_told():
    p = spiked(10, spikes=[9.0, 4.0], bulk=0.5, signal=2.0, alignment=0.25, noise_variance=1.0)
    np.testing.assert_array_equal(p.eigenvalues, [9, 4] + [0.5] * 8)
    np.testing.assert_allclose(p.energies, [0.25] * 2 + [1.5 / 8] * 8)
    low_rank = spiked(5, [2.0], bulk=0.0)
    assert (low_rank.rank, low_rank.signal) == (1, pytest.approx(1.0))


# --- effective ranks -------------------------------------------------------------------------------------------------


def test_effective_ranks_of_a_flat_tail():
    p = spiked(20_020, spikes=[1.0] * 20, bulk=1e-3)
    assert p.effective_rank(20) == pytest.approx(20_000)
    assert p.effective_dimension(20) == pytest.approx(20_000)
    assert p.benign_split(100) == 20
    assert p.benign_split(1000) == 20
    assert p.benign_split(30) == 0  # r_0 = 40: with so few samples even the first mode is tail
    assert p.benign_split(30, factor=2.0) == 20
    assert p.benign_split(30_000) is None
    # the rate k*/n + n/R of Bartlett et al. beside the exact gamma
    assert 20 / 100 + 100 / p.effective_dimension(20) == pytest.approx(0.205)


spectra = st.lists(st.floats(-6, 6), min_size=1, max_size=15).map(lambda logs: 10.0 ** np.array(logs))


@property_test
@given(spectra, st.floats(1, 10))
def test_effective_ranks_by_their_definitions(s, n):
    p = Population(np.r_[s, 0.0], np.ones(s.size + 1))
    ordered = np.sort(s)[::-1]
    ranks = []
    for k in range(s.size):
        tail = ordered[k:]
        small, large = p.effective_rank(k), p.effective_dimension(k)
        np.testing.assert_allclose([small, large], [tail.sum() / tail[0], tail.sum() ** 2 / (tail**2).sum()])
        assert 1 - 1e-12 <= small <= large * (1 + 1e-12) <= small**2 * (1 + 1e-11)
        assert large <= tail.size * (1 + 1e-12)
        ranks.append(small)
    enough = [k for k, rank in enumerate(ranks) if rank >= n]
    split = p.benign_split(n)
    assert split == (enough[0] if enough else None) or abs(ranks[split] - n) < 1e-12 * n


# --- from a kernel ---------------------------------------------------------------------------------------------------


@property_test
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 10**6))
def test_from_kernel_loses_nothing_of_the_target(size, rank, seed):
    rng = np.random.default_rng(seed)
    features, y = rng.standard_normal((size, rank)), rng.standard_normal(size)
    p = from_kernel(features @ features.T, y)
    assert p.rank == min(size, rank)
    assert p.trace == pytest.approx(np.sum(features**2) / size)
    assert p.signal + p.noise_variance == pytest.approx(np.mean(y**2))
    fitted = features @ np.linalg.lstsq(features, y, rcond=None)[0]
    assert p.signal == pytest.approx(np.mean(fitted**2))
    assert np.all(np.diff(p.eigenvalues) <= 0)


def test_from_kernel_sums_over_outputs():
    rng = np.random.default_rng(0)
    features, y = rng.standard_normal((9, 4)), rng.standard_normal((9, 3))
    gram = features @ features.T
    together = from_kernel(gram, y)
    apart = [from_kernel(gram, column) for column in y.T]
    np.testing.assert_allclose(together.energies, sum(p.energies for p in apart), atol=1e-15)
    assert together.noise_variance == pytest.approx(sum(p.noise_variance for p in apart))


def test_kernel_energies_are_those_of_its_eigenfunctions():
    # features are orthogonal on the points, so modes can be read off
    points = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) * [3.0, 1.0]
    target = 2 * points[:, 0] + 5 * points[:, 1]
    p = from_kernel(points @ points.T, target)
    np.testing.assert_allclose(p.eigenvalues, [9, 1, 0, 0], atol=1e-14)
    np.testing.assert_allclose(p.coefficients[:2], [2, 5])


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: Population([], []), ["eigenvalues", "empty"]),
        (lambda: Population([1.0, -1e-12], [1, 1]), ["eigenvalues", "zero or larger"]),
        (lambda: Population([1.0, np.inf], [1, 1]), ["eigenvalues", "inf"]),
        (lambda: Population([1.0], [np.nan]), ["coefficients", "nan"]),
        (lambda: Population([1.0, 2.0], [1.0]), ["len(eigenvalues) = 2", "len(coefficients) = 1"]),
        (lambda: Population([1.0], [1.0], -0.1), ["noise_variance = -0.1"]),
        (lambda: Population([1.0], [1.0], [0.1]), ["noise_variance", "(1,)", "single number"]),
        (lambda: isotropic(0), ["d = 0", "at least 1"]),
        (lambda: isotropic(3, signal=-1), ["signal = -1"]),
        (lambda: power_law(10, 0, 1), ["capacity = 0", "positive"]),
        (lambda: power_law(10, 1, -1), ["source = -1", "positive"]),
        (lambda: power_law(10, 400, 1), ["capacity = 400", "too steep"]),
        (lambda: spiked(3, [1.0, 1.0, 1.0]), ["spikes = 3 values", "fewer than d = 3"]),
        (lambda: spiked(3, [0.0]), ["spikes", "positive"]),
        (lambda: spiked(3, [1.0], alignment=1.5), ["alignment = 1.5", "[0, 1]"]),
        (lambda: spiked(3, [1.0], bulk=0.0, alignment=0.5), ["alignment = 0.5", "bulk = 0"]),
        (lambda: isotropic(3).effective_rank(3), ["k = 3", "at most 2"]),
        (lambda: Population([0.0], [1.0]).effective_rank(0), ["eigenvalues", "positive"]),
        (lambda: isotropic(3).benign_split(0), ["n = 0", "positive"]),
        (lambda: from_kernel(np.ones((2, 3)), [1, 2]), ["gram", "(2, 3)", "square"]),
        (lambda: from_kernel(np.eye(2), [1, 2, 3]), ["targets", "(3,)", "(2,)"]),
        (lambda: from_kernel([[1.0, 2.0], [0.0, 1.0]], [1, 2]), ["gram", "symmetric"]),
        (lambda: from_kernel([[0.0, 1.0], [1.0, 0.0]], [1, 2]), ["gram", "-1", "semidefinite"]),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
