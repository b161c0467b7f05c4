"""The machine of the short version that draws a curve: its factors, computed another way."""

import numpy as np
import pytest

from renorm_book.short import line


@pytest.mark.parametrize("ridge", [1e-3, 0.1, 1.0])
@pytest.mark.parametrize("kind", ["rule", "chance"])
def test_a_sample_left_out_is_missed_by_one_plus_q_times_as_much(ridge, kind):
    x, y = line.points(kind)
    for i in range(line.POINTS):
        rest = np.delete(np.arange(line.POINTS), i)
        kept = y[i] - line.fitted(x, y, x[[i]], ridge)[0]
        honest = y[i] - line.fitted(x[rest], y[rest], x[[i]], ridge)[0]
        assert honest == pytest.approx((1 + line.pull(x, i, ridge)) * kept, rel=1e-6)


def test_the_curve_is_the_ridge_regression_of_its_waves():
    x, y = line.points("rule")
    Z, ridge = line.waves(x), 0.03
    weights = np.linalg.solve(Z.T @ Z + line.POINTS * ridge * np.eye(line.WAVES), Z.T @ y)
    at = np.linspace(0, 1, 7)
    np.testing.assert_allclose(line.fitted(x, y, at, ridge), line.waves(at) @ weights, atol=1e-8)


def test_without_a_ridge_it_passes_through_all_points():
    for kind in ("rule", "chance"):
        x, y = line.points(kind)
        np.testing.assert_allclose(line.fitted(x, y, x, 1e-12), y, atol=1e-6)
