"""A power law without end: its sums, and a fit to 300 modes that cannot be told from one to a million."""

import numpy as np
import pytest

from renorm.theory.endless import endless_power_law
from renorm.theory.population import power_law
from renorm.theory.renormalization import integrate_out
from renorm.theory.ridge import ridge_risk


@pytest.mark.parametrize(("capacity", "source"), [(1.3, 0.25), (1.5, 0.5), (2.0, 0.25)])
def test_the_sums_are_those_of_a_million_modes_and_an_integral(capacity, source):
    d, modes = 10**6, 300
    all_of_them, world = power_law(d, capacity, source), endless_power_law(modes, capacity, source, noise_variance=0.2)
    beyond = (d + 0.5) ** (1 - capacity) / (capacity - 1)
    assert world.tail == pytest.approx(all_of_them.eigenvalues[modes:].sum() + beyond, rel=1e-6)
    energies = all_of_them.energies / all_of_them.energies[:modes].sum()  # signal 1 in the modes that are kept
    rest = energies[0] * (d + 0.5) ** (-2 * capacity * source) / (2 * capacity * source)
    assert world.missed == pytest.approx(energies[modes:].sum() + rest, rel=1e-5)
    assert world.population.noise_variance == pytest.approx(0.2 + world.missed, rel=1e-14)


def test_it_is_integrating_out():
    world = endless_power_law(200, 1.5, 0.5)
    big = power_law(10**6, 1.5, 0.5)
    head, ridge = integrate_out(big, 50, 0.01, 200)
    assert ridge == pytest.approx(0.01 + world.tail / 50, rel=0.01)
    share = big.energies[:200].sum()
    assert head.noise_variance / share == pytest.approx(world.missed, rel=1e-4)


@pytest.mark.parametrize(("capacity", "source"), [(1.3, 0.25), (1.5, 0.5), (2.0, 0.25)])
def test_the_risk_is_that_of_a_million_modes(capacity, source):
    """At s_M = 0.01 kappa and less. Without the missed signal it is lower by 2 to 20 %."""
    n, world = np.array([10, 40]), endless_power_law(1500, capacity, source)
    d = 10**6
    beyond = (d + 0.5) ** (1 - capacity) / (capacity - 1)
    big = power_law(d, capacity, source)
    exact = ridge_risk(big, n, beyond / n).excess * (1 + world.missed)
    found = ridge_risk(world.population, n, world.tail / n).excess + world.missed
    np.testing.assert_allclose(found, exact, rtol=0.01)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="capacity"):
        endless_power_law(100, 1.0, 0.5)
    with pytest.raises(ValueError, match="source"):
        endless_power_law(100, 1.5, 0.0)
