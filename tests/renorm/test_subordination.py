"""The complex fixed point: its two equations hold, on the axis and off it, and bulks end where gamma is one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm._numerics.fixed_point import compress
from renorm._numerics.subordination import edges, height, place_on_axis, subordinate

GROUPS = np.repeat([1.0, 4.0, 20.0], [30, 20, 10])


def lifted(s, n, zeta):
    """z = zeta + sum s / n + sum A / (zeta - s), A = s^2 / n, and the sum of the sizes of its terms."""
    terms = np.array([zeta, np.sum(s) / n, *(s**2 / n / (zeta - s))])
    return terms.sum(), np.abs(terms).sum()


eigenvalues = st.lists(st.floats(-3, 3), min_size=1, max_size=8).map(lambda logs: 10.0 ** np.array(logs))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(eigenvalues, st.floats(1, 40), st.floats(-50, 50), st.floats(-4, 3).map(lambda power: 10.0**power))
def test_zeta_gives_back_z(s, n, x, eta):
    u, v = subordinate(compress(s), n, np.array([x]), np.array([eta]))
    assert v[0] > 0
    z, size = lifted(s, n, complex(u[0], v[0]))
    assert abs(z.real - x) <= 1e-11 * size and z.imag == pytest.approx(eta, abs=1e-11 * size)


@pytest.mark.parametrize("n", [7.0, 60.0, 400.0])
def test_on_the_axis_v_is_positive_inside_the_bulks_only(n):
    spectrum = compress(GROUPS)
    ends = place_on_axis(spectrum, n, edges(spectrum, n).ravel()).reshape(-1, 2)
    assert np.all(np.diff(ends.ravel()) > 0)
    inside = np.concatenate([np.linspace(low, high, 9)[1:-1] for low, high in ends])
    u, v = subordinate(spectrum, n, inside, np.zeros(inside.size))
    assert np.all(v > 0)
    for at, left, up in zip(inside, u, v, strict=True):
        z, size = lifted(GROUPS, n, complex(left, up))
        assert abs(z - at) <= 1e-10 * size
    outside = np.concatenate([[ends[0, 0] - 0.01, ends[-1, 1] + 0.01], (ends[1:, 0] + ends[:-1, 1]) / 2])
    assert np.all(subordinate(spectrum, n, outside, np.zeros(outside.size))[1] == 0)


@pytest.mark.parametrize("n, bulks", [(7.0, 1), (60.0, 2), (400.0, 3)])
def test_at_the_edges_gamma_is_one(n, bulks):
    def gamma(u):
        return np.sum(GROUPS**2 / n / (GROUPS - np.asarray(u)[..., None]) ** 2, axis=-1)

    gaps = [np.linspace(low, high, 1002)[1:-1] for low, high in ((1.0, 4.0), (4.0, 20.0))]
    assert bulks == 1 + sum(gamma(gap).min() < 1 for gap in gaps)
    u = edges(compress(GROUPS), n)
    assert u.shape == (bulks, 2)
    np.testing.assert_allclose(gamma(u), 1, rtol=1e-10)


@pytest.mark.parametrize("eta", [0.0, 1e-3, 2.0])
def test_height_solves_its_equation_from_any_start(eta):
    spectrum, u, n = compress(GROUPS), np.linspace(-30, 60, 91), 50.0
    for start in (0.0, 1.0, 1e6):
        y = height(spectrum, n, u, np.full(u.size, eta), np.full(u.size, start))
        for at, found in zip(u, y, strict=True):
            if found > 0:
                total = np.sum(GROUPS**2 / n / ((GROUPS - at) ** 2 + found)) + eta / np.sqrt(found)
                assert total == pytest.approx(1, rel=1e-12)
            else:
                assert eta == 0 and np.sum(GROUPS**2 / n / (GROUPS - at) ** 2) <= 1
