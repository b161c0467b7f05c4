"""Drawing functions for the tests of live figures: every kind of artist, small grids, and what must be refused."""

import numpy as np

from liveplate import Choice, LogSteps, Steps, Toggle
from liveplate.spec.figure import describe

RNG = np.random.default_rng(0)
X = np.linspace(0, 6, 60)
GRID = np.linspace(-2, 2, 24)
XX, YY = np.meshgrid(GRID, GRID)
POINTS = RNG.standard_normal((120, 2))
STATES = 4


def live(draw, readout=None, **given):
    """A LiveFigure, as ``explore`` would make it; without controls: a slider t."""
    words = ("title", "alt", "caption", "presets", "name", "figsize", "subplots", "sweep", "grab")
    told = dict.fromkeys(words) | {"alt": "An example."} | {k: v for k, v in given.items() if k in words}
    controls = {k: v for k, v in given.items() if k not in words}
    return describe(draw, readout, controls or {"t": Steps(0.5, 6, STATES)}, **told)


def ridge_theory(gamma, ridge, noise):
    """Asymptotic squared bias and variance of ridge regression with isotropic features (gamma = d/n)."""
    b = 1 - gamma + ridge
    m = (-b + np.sqrt(b * b + 4 * gamma * ridge)) / (2 * gamma * ridge)
    slope = (gamma * m * m + m) / (2 * gamma * ridge * m + 1 - gamma + ridge)
    return ridge**2 * slope, noise**2 * gamma * (m - ridge * slope)


GAMMA = np.unique(np.r_[np.linspace(0.05, 0.8, 40), np.linspace(0.8, 1.2, 61), np.linspace(1.2, 4, 60)])
SIMULATED = np.array([0.2, 0.4, 0.6, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 2.75, 3.75])


def descent(ax, ridge, noise, n):
    """Curves, error bars, an arrow that follows the peak, mathtext, a legend, a log axis."""
    bias, variance = ridge_theory(GAMMA, ridge, noise)
    risk = bias + variance + noise**2
    ax.plot(GAMMA, risk, lw=2.2, label="test risk (theory)")
    ax.plot(GAMMA, bias, lw=1.4, ls="--", label="bias$^2$")
    ax.plot(GAMMA, variance, lw=1.4, ls="-.", label="variance")
    rng = np.random.default_rng([n, int(1e6 * ridge), int(100 * noise)])
    at = np.interp(SIMULATED, GAMMA, risk)
    bars = at * 3 / np.sqrt(n)
    ax.errorbar(SIMULATED, at + bars * rng.standard_normal(12) / 4, yerr=bars, fmt="o", ms=5, capsize=3, color="C3",
                label=r"simulation $\pm 2$ s.e.")  # fmt: skip
    ax.axvline(1, color="0.5", lw=1, ls=":")
    j = int(np.argmax(risk))
    ax.annotate(f"worst risk {risk[j]:.2f}\nat d/n = {GAMMA[j]:.2f}", xy=(GAMMA[j], risk[j]), xytext=(2.3, 40),
                arrowprops=dict(arrowstyle="->", color="0.3"), fontsize=10.2)  # fmt: skip
    ax.set(yscale="log", xlim=(0, 4), ylim=(1e-3, 2e2), xlabel="$d/n$", ylabel="risk")
    ax.set_title(rf"Ridge, $\lambda={ridge:.3g}$, $\sigma={noise:g}$, $n={n}$")
    ax.legend(loc="lower right")
    return {"worst": risk[j], "at": GAMMA[j]}


def descent_figure(ridges=5, noises=3, sizes=(20, 80, 320)):
    return live(
        descent,
        "With ridge {ridge}, noise {noise} and n = {n}, the risk is largest, {worst:.2f}, at d/n = {at:.2f}.",
        title="Double descent",
        alt="The risk peaks at d = n.",
        caption="Theory and simulation, $\\lambda$ per sample.",
        presets={"no peak": dict(ridge=10.0), "small n": dict(n=sizes[0], noise=0.1)},
        ridge=LogSteps(1e-4, 10, ridges, value=0.0316, label="ridge", symbol="λ"),
        noise=Steps(0.1, 1.5, noises, label="noise", symbol="σ"),
        n=Steps.of(list(sizes), label="samples", symbol="n", unit="rows"),
    )


def spectrum(ax, n, d, auto=False):
    """A histogram, a band, a curve; with ``auto`` limits and ticks that change."""
    gamma = d / n
    rng = np.random.default_rng([1, n, d])
    data = rng.standard_normal((n, d))
    values = np.linalg.eigvalsh(data @ data.T if n < d else data.T @ data) / n
    low, high = (1 - np.sqrt(gamma)) ** 2, (1 + np.sqrt(gamma)) ** 2
    top = 1.1 * high if auto else 6
    x = low + (high - low) * (1 - np.cos(np.linspace(0, np.pi, 80))) / 2
    y = np.sqrt(np.maximum((high - x) * (x - low), 0)) / (2 * np.pi * gamma * np.maximum(x, 1e-9))
    ax.hist(values, bins=30, range=(0, top), weights=np.full(values.size, 30 / top / d), color="C0", alpha=0.45,
            label=r"eigenvalues of $X^\top X/n$")  # fmt: skip
    ax.fill_between(x, y, color="C1", alpha=0.25, label="_band")
    ax.plot(x, y, color="C1", lw=2, label="Marchenko–Pastur density")
    ax.text(0.97, 0.66, f"d/n = {gamma:.3g}", transform=ax.transAxes, ha="right")
    ax.set(xlim=(0, top), ylim=(0, None) if auto else (0, 1.6), xlabel="eigenvalue", ylabel="density")
    ax.set_title(rf"$n={n}$, $d={d}$, $\gamma=d/n={gamma:.3g}$")
    ax.legend(loc="upper right")
    return {"low": low, "high": high}


def spectrum_figure(auto=False):
    def drawing(ax, n, d):
        return spectrum(ax, n, d, auto)

    return live(
        drawing,
        "With n = {n} and d = {d} the eigenvalues reach from {low:.2f} to {high:.2f}.",
        name="spectrum-auto" if auto else "spectrum",
        n=LogSteps(50, 400, 3, integers=True),
        d=LogSteps(20, 200, 3, integers=True),
    )


def two_panels(axes, t, log, shown):
    axes[0].plot(X, np.sin(X * t), label="sine")
    axes[1].plot(X, np.cos(X * t), color="C1", label="cosine")
    if shown:
        axes[1].plot(X, 0 * X, color="k", label="zero")
    for ax in axes:
        ax.set(ylim=(-1, 1), xlabel="x")
    axes[0].set_xscale("log" if log == "log" else "linear")
    axes[0].set_xlim(0.1, 6)


def two_panels_figure():
    return live(
        two_panels,
        lambda t, log, shown: f"t is {t}; the x axis is {log}.",
        subplots=(1, 2),
        t=Steps(0.5, 3, 4),
        log=Choice({"linear axis": "linear", "logarithmic axis": "log"}, label="x axis"),
        shown=Toggle("show zero", True),
    )


# ---- one function per kind of artist; all take t
def imshow(ax, t):
    ax.imshow(np.sin(XX * t) * np.cos(YY * t), extent=(-2, 2, -2, 2), vmin=-1, vmax=1, origin="lower")


def pcolormesh(ax, t):
    ax.pcolormesh(GRID, GRID, np.sin(XX * t) * np.cos(YY), vmin=-1, vmax=1)


def colorbar(ax, t):
    ax.figure.colorbar(ax.imshow(np.sin(XX * t), vmin=-1, vmax=1), ax=ax, label="value")


def contour(ax, t):
    ax.contour(XX, YY, XX**2 + t * YY**2, levels=6)


def contourf(ax, t):
    ax.contourf(XX, YY, XX**2 + t * YY**2, levels=np.linspace(0, 16, 6), extend="max")


def scatter(ax, t):
    ax.scatter(POINTS[:, 0] * t, POINTS[:, 1], s=12)
    ax.set(xlim=(-9, 9), ylim=(-4, 4))


def scatter_colours(ax, t):
    ax.scatter(POINTS[:, 0] * t, POINTS[:, 1], s=12, c=POINTS[:, 0])
    ax.set(xlim=(-9, 9), ylim=(-4, 4))


def scatter_count(ax, t):
    k = int(10 * t) + 5
    ax.scatter(POINTS[:k, 0], POINTS[:k, 1], s=12)
    ax.set(xlim=(-4, 4), ylim=(-4, 4))


def translucent(ax, t):
    ax.plot(POINTS[:40, 0] * t, POINTS[:40, 1], "o", alpha=0.4)
    ax.set(xlim=(-9, 9), ylim=(-4, 4))


def quiver(ax, t):
    ax.quiver(XX[::8, ::8], YY[::8, ::8], np.cos(t * XX[::8, ::8]), np.sin(t * YY[::8, ::8]))


def gaps(ax, t):
    y = np.sin(X * t)
    y[y < -0.5] = np.nan
    ax.plot(X, y)
    ax.set_ylim(-1, 1)


def where(ax, t):
    ax.fill_between(X, np.sin(X * t), 0, where=np.sin(X * t) > 0, alpha=0.4)
    ax.set_ylim(-1, 1)


def boxplot(ax, t):
    ax.boxplot([POINTS[:60, 0] * t, POINTS[60:, 0] + t])
    ax.set_ylim(-10, 10)


def violin(ax, t):
    ax.violinplot([POINTS[:60, 0] * t, POINTS[60:, 0] + t])
    ax.set_ylim(-10, 10)


def hist_filled(ax, t):
    ax.hist(POINTS[:, 0] * t, bins=np.linspace(-6, 6, 31), histtype="stepfilled", label="counts")
    ax.set_ylim(0, 60)


def bars(ax, t):
    ax.bar([1, 2, 3], [t, 2, 3], label="bars")
    ax.barh([4, 5], [t, 1], color="C1", label="lying")
    ax.set(xlim=(0, 7), ylim=(0, 7))


def steps(ax, t):
    ax.step(X, np.sin(X * t), where="mid", label="step")
    ax.stairs([t, 2, 1], [0, 1, 2, 3], label="stairs")
    ax.set_ylim(-1, 7)


def stem(ax, t):
    ax.stem(X[::6], np.sin(X[::6] * t))
    ax.set_ylim(-1, 1)


def legend_best(ax, t):
    ax.plot(X, np.sin(X * t), label="a")
    ax.plot(X, np.cos(X * t), label=f"b {t:.2f}")
    ax.set_ylim(-1, 1.5)
    ax.legend()


def optional(ax, t):
    ax.plot(X, np.sin(X * t))
    if t > 3:
        ax.axvline(t, color="k")
        ax.text(t, 0.5, "on", ha="right")
    ax.set_ylim(-1, 1)


def colour(ax, t):
    ax.plot(
        X, np.sin(X * t), color="C3" if t > 3 else "C0", lw=t / 2, ls="--" if t > 2 else "-", alpha=0.5 if t > 4 else 1
    )
    ax.set_ylim(-1, 1)


def twinned(ax, t):
    ax.plot(X, np.sin(X * t))
    other = ax.twinx()
    other.plot(X, t * X, color="C1")
    ax.set_ylim(-1, 1)
    other.set_ylim(0, 40)


def autoscale(ax, t):
    ax.plot(X, np.exp(X * t / 3))


def autoscale_log(ax, t):
    ax.semilogy(X, np.exp(X * t))


def mathematics(ax, t):
    ax.plot(X, np.sin(X * t))
    ax.set_ylim(-1, 1)
    ax.set_title(rf"$\frac{{\sigma^2}}{{n}}\sum_i x_i^{{{t:.1f}}}=\hat\beta$")


def suptitle(axes, t):
    axes[0].plot(X, np.sin(X * t))
    axes[1].plot(X, np.cos(X * t))
    axes[0].figure.suptitle(f"t = {t:.2f}")


def many_lines(ax, t):
    for k in range(20):
        ax.plot(X, np.sin(X * t + k / 8), color="C0", alpha=0.2)


def roles_change(ax, t):
    """The slot of the second line is a curve in some states and dots in others."""
    ax.plot(X, np.sin(X * t), "o-" if t > 5 else "-", label="first")
    if t > 3:
        ax.plot(X[::4], np.sin(X[::4]), "o", label="dots")
    ax.plot(X, np.cos(X * t), label="second")
    ax.set(ylim=(-1, 1), xlim=(0, 6))


def far_away(ax, t):
    ax.plot([0, 1, 2, 3], [0.2, 0.5, t * 1e4, 1e6], label="leaves")
    ax.set(ylim=(0, 1), xlim=(0, 3))


SURVIVING = [
    imshow, pcolormesh, colorbar, contour, contourf, scatter, scatter_colours, scatter_count, translucent, quiver, gaps,
    where, boxplot, violin, hist_filled, bars, steps, stem, legend_best, optional, colour, twinned, autoscale,
    autoscale_log, mathematics, many_lines, far_away, roles_change,
]  # fmt: skip


# ---- what must be refused, with the word that the reason holds
def hatch(ax, t):
    ax.bar([1, 2, 3], [t, 2, 3], hatch="//")


def uneven_mesh(ax, t):
    ax.pcolormesh(np.logspace(0, 1, 24), GRID, np.sin(XX * t))


def polar(ax, t):
    ax.figure.add_subplot(projection="polar").plot(X, t * X)


def sketch(ax, t):
    (line,) = ax.plot(X, t * X)
    line.set_sketch_params(1, 10, 2)


def gouraud(ax, t):
    ax.pcolormesh(GRID, GRID, np.sin(XX * t), shading="gouraud")


def many_colours(ax, t):
    ax.scatter(RNG_MANY[:, 0], RNG_MANY[:, 1], c=np.sin(t * RNG_MANY[:, 0]))


def small_text(ax, t):
    ax.text(0.5, 0.5, "small print", fontsize=7)


def cut_text(ax, t):
    ax.text(1.0, 0.5, "over the edge", transform=ax.transAxes).set_in_layout(False)


def comes_back(ax, t):
    ax.plot([0, 1, 2], [0.5, t * 1e7, 0.5])
    ax.set(ylim=(0, 1), xlim=(0, 2))


def unseeded(ax, t):
    ax.plot(X, np.random.default_rng().uniform(0, t, X.size))
    ax.set_ylim(0, 10)


def unseeded_ticks(ax, t):
    ax.semilogy(X, np.exp(X * t * np.random.default_rng().uniform(1, 9)))


RNG_MANY = np.random.default_rng(1).standard_normal((500, 2))
REFUSED = [
    (hatch, "hatch"), (uneven_mesh, "uneven"), (polar, "polar"), (sketch, "sketch"), (gouraud, "Gouraud"),
    (many_colours, "500 points"), (small_text, "7.0 points"), (cut_text, "right edge"), (comes_back, "np.clip"),
    (unseeded, "twice gave two pictures"), (unseeded_ticks, "twice gave two pictures"),
]  # fmt: skip
