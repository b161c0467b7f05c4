"""Exponents measured on images: spectrum, energies and learning curve, with fitted power laws."""

import numpy as np

from renorm.theory.scaling_fits import fit_power_law, measure_capacity, measure_source
from renorm_book.style import dots, line

__all__ = ["measured_exponents", "CAPACITY_AND_SOURCE"]


def measured_exponents(axes, world, samples, held_out, held_out_se, predicted, first, last) -> dict:
    """First panel: a measured spectrum and target, with fits over a window. Second: three learning curves."""
    spectrum, curve = axes
    window = (first, last)
    capacity = measure_capacity(world.eigenvalues, window)
    source = measure_source(world.eigenvalues, world.coefficients, window)
    order = np.argsort(-world.eigenvalues)
    s, energy = world.eigenvalues[order], world.energies[order]
    rank = np.unique(np.geomspace(1, min(600, len(s)), 70).round().astype(int))
    spectrum.plot(rank, s[rank - 1], **dots("kappa", marker=".", label="eigenvalues $s_k$"))
    edges = np.unique(np.geomspace(1, 601, 18).round().astype(int)) - 1
    centres = np.sqrt((edges[:-1] + 1) * edges[1:])
    grouped = np.add.reduceat(energy[:600], edges[:-1]) / np.diff(edges)
    spectrum.plot(centres, grouped, **dots("true labels", label="energy of the target"))
    k = np.array([first, last], dtype=float)
    for values, slope, concept in ((s, -capacity, "kappa"), (energy, -(1 + 2 * capacity * source), "true labels")):
        inside = np.arange(first, last + 1)
        level = np.average(values[inside - 1] * inside**-slope, weights=1 / inside)
        spectrum.plot(k, level * k**slope, **line(concept, linestyle="-", linewidth=1.4, label=f"_{concept} fit"))
    spectrum.set(xscale="log", yscale="log", xlim=(0.8, 700), ylim=(1e-6, 1), xlabel="direction, $k$")
    spectrum.set_ylabel("per direction")
    spectrum.legend(loc="lower left")
    curve.plot(samples, predicted, **line("test", label="from the spectrum"))
    curve.errorbar(samples, held_out, yerr=2 * held_out_se, **dots("test", label="measured"))
    slope = -2 * capacity * min(source, 1.0)
    curve.plot(
        samples, held_out[2] * (samples / samples[2]) ** slope, **line("noise", linestyle="--", label="two exponents")
    )
    curve.set(xscale="log", yscale="log", xlim=(14, 300), ylim=(0.1, 2), xlabel="images, $n$", ylabel="held-out error")
    curve.set_xticks(samples, labels=[str(n) for n in samples])
    curve.minorticks_off()
    curve.legend(loc="lower left")
    return {"capacity": capacity, "source": source, "slope": slope, "measured": fit_power_law(samples, held_out)[0]}


CAPACITY_AND_SOURCE = dict(
    name="capacity-and-source",
    title="Two exponents of handwritten digits",
    readout=(
        "Fitted from direction {first} to {last}: decay {capacity:.2f}, source {source:.2f}, predicted slope "
        "{slope:.2f}; measured {measured:.2f}; from the whole spectrum {whole:.2f}."
    ),
    alt=(
        "First panel: eigenvalues of the Gram matrix and energies of the target against rank, with the fitted "
        "power laws. The eigenvalues follow a line only roughly, the energies scatter. Second panel: measured "
        "learning curve, the curve predicted from the whole spectrum through the dots, and the fitted power law "
        "with a visibly different slope."
    ),
    caption=(
        "Even or odd, 1,200 MNIST digits, Gaussian kernel of width 5. First panel: spectrum and energies "
        "(grouped) with fits over the chosen directions. Second: held-out squared error (dots, ±2 standard "
        "errors), the prediction from the whole spectrum (solid), the slope from the two exponents (dashed)."
    ),
    subplots=(1, 2),
)
