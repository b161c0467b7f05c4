"""Ridge theory in 60-digit arithmetic, by definitions and bisection: what the library is measured against."""

from dataclasses import dataclass

import mpmath as mp
import numpy as np

DIGITS = 60


@dataclass(frozen=True)
class Exact:
    """The fields of RidgeRisk as 60-digit numbers, and one_minus_gamma."""

    kappa: mp.mpf
    df1: mp.mpf
    df2: mp.mpf
    gamma: mp.mpf
    one_minus_gamma: mp.mpf
    bias: mp.mpf
    variance: mp.mpf
    excess: mp.mpf
    test: mp.mpf
    train: mp.mpf


def exact_kappa(eigenvalues, n, ridge) -> mp.mpf:
    """Root of n - sum s / (s + kappa) - n ridge / kappa, increasing in kappa: bisection, then Newton in ln kappa."""
    with mp.workdps(DIGITS):
        values, counts = np.unique(np.asarray(eigenvalues, dtype=float), return_counts=True)
        spectrum = [(mp.mpf(float(s)), int(c)) for s, c in zip(values, counts, strict=True) if s > 0]
        n, ridge = mp.mpf(float(n)), mp.mpf(float(ridge))
        if not spectrum:
            return ridge
        if ridge == 0 and n >= sum(c for _, c in spectrum):
            return mp.mpf(0)

        def residual(kappa):
            return n - mp.fsum(c * s / (s + kappa) for s, c in spectrum) - n * ridge / kappa

        high = 2 * (ridge + mp.fsum(c * s for s, c in spectrum) / n)
        low = high / 1000
        while residual(low) >= 0:
            low /= 1000
        while high / low > mp.mpf("1.3"):
            middle = mp.sqrt(low * high)
            low, high = (middle, high) if residual(middle) < 0 else (low, middle)
        kappa = mp.sqrt(low * high)
        for _ in range(9):
            slope = mp.fsum(c * s * kappa / (s + kappa) ** 2 for s, c in spectrum) + n * ridge / kappa
            kappa *= mp.exp(-residual(kappa) / slope)
        return kappa


def exact_risk(eigenvalues, coefficients, noise_variance, n, ridge) -> Exact:
    """All errors from kappa and their definitions, subtracting without fear (n != rank or ridge > 0)."""
    with mp.workdps(DIGITS):
        kappa = exact_kappa(eigenvalues, n, ridge)
        s = [mp.mpf(float(value)) for value in eigenvalues]
        w = [mp.mpf(float(value)) for value in coefficients]
        n, noise = mp.mpf(float(n)), mp.mpf(float(noise_variance))
        df1 = mp.fsum(a / (a + kappa) for a in s if a > 0)
        df2 = mp.fsum((a / (a + kappa)) ** 2 for a in s if a > 0)
        bias = mp.fsum(b**2 * a * (kappa / (a + kappa)) ** 2 for a, b in zip(s, w, strict=True) if a > 0)
        gamma = df2 / n
        test = (bias + noise) / (1 - gamma)
        train = (1 - df1 / n) ** 2 * test if ridge > 0 or kappa == 0 else mp.mpf(0)
        return Exact(kappa, df1, df2, gamma, 1 - gamma, bias, gamma * test, test - noise, test, train)


def relative_error(value, exact) -> float:
    """|value / exact - 1|, and |value| where the exact number is 0."""
    with mp.workdps(DIGITS):
        value = mp.mpf(float(value))
        return float(abs(value - exact) / abs(exact)) if exact != 0 else float(abs(value))
