"""The plane of the two couplings of chapter 8: trajectories, exact shells, the fixed point."""

import numpy as np

from renorm import renormalized_ridge
from renorm.theory.endless import endless_power_law
from renorm.theory.flow import flow_line, rescaled_flow
from renorm_book.style import dots

__all__ = ["FLOW_MODES", "TICKS", "flow_plane", "FLOW_PLANE"]


FLOW_MODES = 3000  # directions of which the flow is drawn; all beyond are integrated out already
TICKS = np.array([0, 0.1, 0.3, 1, 3, 10])


def _squeeze(x):
    """From 0 ... infinity to 0 ... 1, with 1 in the middle: so that the fixed point is on the page."""
    return x / (1 + x)


def _arrow(ax, u, g, label):
    """A head on a trajectory where u + g = 2, pointing to where integrating out leads."""
    i = int(np.searchsorted(u + g, 2.0))
    dx, dy = _squeeze(u[i - 1 : i + 1]), _squeeze(g[i - 1 : i + 1])
    along = np.array([dx[0] - dx[1], 0.7 * (dy[0] - dy[1])])  # the panel is wider than high
    along /= np.hypot(*along)
    across = np.array([-along[1], along[0]])
    head = [tuple(map(float, tip)) for tip in (along, 0.6 * across - along, -0.6 * across - along, along)]
    ax.plot(dx[1], dy[1], marker=head, markersize=8, color="0.6", linestyle="none", label=label)


def flow_plane(ax, n, ridge, capacity) -> dict:
    """The plane of u = K/n and g = λ_K/s_K: trajectories, exact shells as dots, the fixed point, and κ."""
    world = endless_power_law(FLOW_MODES, capacity, 0.5)
    s, bare, invariant = world.population.eigenvalues, ridge + world.tail / n, ridge * float(n) ** capacity
    flow, kappa = rescaled_flow(s, n, bare), float(renormalized_ridge(s, n, bare))
    u = np.geomspace(1e-3, 1e3, 120)
    for other in (0.0, 0.1, 1.0, 10.0, 100.0):
        g = flow_line(u, capacity, other)
        ax.plot(_squeeze(u), _squeeze(g), color="0.75", linewidth=1, label=f"_{other}")
        _arrow(ax, u, g, label=f"_arrow {other}")
    ax.plot(_squeeze(u), _squeeze(flow_line(u, capacity, invariant)), color="#0072B2", label="flow")
    at = np.unique(np.geomspace(1, FLOW_MODES, 28).round().astype(int)) - 1
    shown = at[flow.u[at] < 40]
    ax.plot(_squeeze(flow.u[shown]), _squeeze(flow.g[shown]), **dots("test", markersize=4.5, label="shell by shell"))
    ax.axhline(0.5, color="0.55", linewidth=1, label="_g = 1")
    ax.text(0.985, 0.512, "$g=1$", ha="right", va="bottom")
    ax.plot(0, 0, "s", color="black", markersize=9, label="fixed point")
    resolved = kappa ** (-1 / capacity)
    g_kappa = float(np.interp(resolved, flow.keep, flow.g))
    ax.plot(_squeeze(resolved / n), _squeeze(g_kappa), **dots("kappa", markersize=10, label="$s_K=\\kappa$"))
    ax.set_xticks(_squeeze(TICKS), labels=[f"{tick:g}" for tick in TICKS])
    ax.set_yticks(_squeeze(TICKS), labels=[f"{tick:g}" for tick in TICKS])
    ax.set(xlim=(-0.02, 1), ylim=(-0.02, 1), xlabel="directions kept per sample, $u=K/n$")
    ax.set_ylabel("ridge over last variance, $g=\\lambda_K/s_K$")
    ax.legend(loc="lower right")
    scale = flow.resolution**-capacity
    return {"invariant": invariant, "passes": flow.resolution, "scale": scale, "kappa": kappa, "g_kappa": g_kappa}


FLOW_PLANE = dict(
    name="flow-plane",
    title="The plane of two couplings",
    readout=(
        "n = {n}, λ = {ridge}, α = {capacity}: the line with λnᵅ = {invariant:.3g}. g passes 1 at K = "
        "{passes:.3g}, where the variance is {scale:.2g}; the full theory has κ = {kappa:.2g}, where g is "
        "{g_kappa:.2f}."
    ),
    alt=(
        "The plane of u, directions kept per sample, and g, the ridge in units of the weakest variance kept. "
        "Trajectories come from large u and g and run into the fixed point at the origin. Dots, one for each "
        "cutoff, lie on a line; a cross on it, near g equal to one, marks kappa."
    ),
    caption=(
        "Integrating out moves a problem along a line, as the arrows show, towards the fixed point (square). "
        "Lines: solutions of the flow, with $\\lambda n^\\alpha=0$, 0.1, 1, 10, 100 (grey) and the chosen value; "
        "dots: the couplings when directions are integrated out one by one; cross: $s_K=\\kappa$ from the full "
        "equation. Below $g=1$ directions are learned. Axes: equal steps of $u/(1+u)$ and $g/(1+g)$; spectrum "
        "without end."
    ),
    presets={
        "no penalty": {"ridge": 0.0},
        "100 samples": {"n": 100, "ridge": 1e-4, "capacity": 2.0},
        "1,000, on the same line": {"n": 1000, "ridge": 1e-6, "capacity": 2.0},
    },
)
