"""Simulations against theory: within three standard errors and three per cent of finite size."""

import numpy as np

from renorm import isotropic, power_law, spiked

POPULATIONS = {
    "isotropic": isotropic(200, noise_variance=0.3),
    "power law": power_law(200, capacity=1.3, source=0.4, noise_variance=0.3),
    "spiked": spiked(200, spikes=[30.0, 20.0, 10.0], alignment=0.5, noise_variance=0.3),
}


def assert_agrees(measured, standard_error, theory):
    """Three standard errors, and 3 % for the corrections of relative order 1/n that theory leaves out."""
    gap = np.abs(measured - theory)
    allowed = 3 * standard_error + 0.03 * theory
    assert np.all(gap <= allowed), f"{measured} ± {standard_error} against {theory}"
    assert np.all(standard_error <= 0.06 * theory)  # else three of them would forgive too much
