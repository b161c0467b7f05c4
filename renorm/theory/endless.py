"""Power laws without end: M modes that can be drawn, and what all the modes beyond them do to a ridge regression.

The modes k > M lie far below the renormalized ridge, so that they act by their sums alone (``integrate_out``): a ridge
of ``tail`` / n, and a part of the target that no fit can see. That part enters twice: as noise in the training labels,
which is fitted, and as error on every new input, which is missed.
"""

from dataclasses import dataclass, replace

from renorm.theory.population import Population, power_law

__all__ = ["Endless", "endless_power_law"]


@dataclass(frozen=True)
class Endless:
    """A power law in infinite dimension, as far as ridge regression can tell.

    population  the first M modes; the signal of all others is part of its ``noise_variance``
    tail        sum of s_k over k > M: fit with the ridge + tail / n
    missed      sum of w_k^2 s_k over k > M: add it to the excess risk of the population
    """

    population: Population
    tail: float
    missed: float


def endless_power_law(modes: int, capacity: float, source: float, noise_variance: float = 0.0) -> Endless:
    """s_k = k^-capacity, w_k^2 s_k ~ k^-(1 + 2 capacity source) for all k: ``modes`` of them, and the sums of the rest.

    The first ``modes`` are ``power_law``, their signal is 1. Sums beyond are integrals from modes + 1/2, whose relative
    error is of the order of 1 / modes^2. ValueError for capacity <= 1, where the variances have no finite sum. Derived
    here; the step is ``renorm.theory.renormalization.integrate_out``, right while s_M is far below kappa.

    >>> world = endless_power_law(1000, capacity=2.0, source=0.5)
    >>> round(world.tail, 8), round(world.missed, 8)
    (0.0009995, 4.2e-07)
    """
    kept = power_law(modes, capacity, source, noise_variance=noise_variance)
    if not capacity > 1:
        raise ValueError(f"capacity = {capacity:g}: must be larger than 1, or the spectrum has no finite sum")
    end, decay = modes + 0.5, 2 * capacity * source
    missed = float(kept.energies[0]) * end**-decay / decay
    tail = end ** (1 - capacity) / (capacity - 1)
    return Endless(replace(kept, noise_variance=kept.noise_variance + missed), float(tail), missed)
