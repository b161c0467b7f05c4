"""The figure on the welcome page: its dots lie on its lines, and its sentence says what is drawn."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from renorm.theory.ridge import ridge_risk
from renorm_book.welcome import figures as welcome


@pytest.mark.parametrize("chance", welcome.CHANCES)
def test_simulations_lie_on_the_theory(chance):
    for n, errors in zip(welcome.SAMPLES, welcome.measured(chance), strict=True):
        theory = ridge_risk(welcome.task(chance), n, welcome.RIDGES)
        # ridgeless and within 15 samples of the peak the mean of 40 draws is that of its largest: nothing to compare
        kept = np.array(welcome.RIDGES) > (0.0 if abs(n - welcome.WEIGHTS) <= 15 else -1.0)
        for name in ("test", "train"):
            off = np.abs(getattr(errors, name) - getattr(theory, name))[kept]
            # the theory is that of large sizes: at 100 weights its relative error is of the order of 1 %
            assert np.all(off <= 4 * getattr(errors, name + "_se")[kept] + 0.02 * getattr(theory, name)[kept] + 1e-9)


@pytest.mark.parametrize("chance", welcome.CHANCES)
def test_without_a_ridge_everything_is_memorized_up_to_n_equal_d(chance):
    for n in welcome.SAMPLES:
        train = ridge_risk(welcome.task(chance), n, 0.0).train
        assert train == pytest.approx(chance * max(0, 1 - welcome.WEIGHTS / n), abs=1e-9)


def test_the_sentence_says_what_is_drawn():
    _, ax = plt.subplots()
    values = {"n": 50, "ridge": 0.0, "chance": 1.0}
    result = welcome.memory_and_rule(ax, **values)
    plt.close()
    assert result["test"] == pytest.approx(
        1 + 50 / (100 - 50), rel=1e-9
    )  # noise 1 + n/(d - n), isotropic and ridgeless
    sentence = welcome.said(**values, **result)
    assert "100% chance" in sentence and "fitted exactly" in sentence and "2.00" in sentence
    assert "without bound" in welcome.said(100, 0.0, 0.1, 0.0, float("inf"))
