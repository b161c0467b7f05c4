# %% [markdown]
# # Gallery
#
# Every figure on this page is plain matplotlib: a function that draws on the axes it is given. Each shows another
# kind of artist or control; the code above a figure is all of it.

# %%
import numpy as np

from liveplate import Choice, LogSteps, Steps, Toggle, explore

# %% [markdown]
# ## A curve
#
# `Steps` is a slider. The play button moves the first one, presets are buttons, and the sentence under the picture
# tells what is seen in words, to a screen reader as well.

# %%
TIME = np.linspace(0, 20, 300)


def oscillator(ax, frequency, damping):
    decay = np.exp(-damping * TIME)
    ax.plot(TIME, decay * np.cos(frequency * TIME))
    ax.plot(TIME, decay, "--", color="0.5", lw=1)
    ax.set(xlim=(0, 20), ylim=(-1.05, 1.05), xlabel="time $t$", ylabel="position")
    return {"left": 100 * decay[-1]}


explore(
    oscillator,
    "After 20 seconds {left:.0f} % of the swing is left.",
    title="A damped oscillator",
    alt="A cosine inside an envelope that decays.",
    presets={"hardly damped": {"damping": 0.02}, "strongly damped": {"damping": 0.5}},
    frequency=Steps(0.5, 4, 15, symbol="ω", unit="1/s"),
    damping=Steps(0.02, 0.5, 13, symbol="γ"),
)

# %% [markdown]
# ## Dots with error bars, on logarithmic axes
#
# `LogSteps` goes up in equal ratios. Random numbers are seeded from the values, so that a state looks the same
# whenever it is drawn.

# %%
SIZES = np.array([3, 10, 30, 100, 300, 1000, 3000])


def mean_of_many(ax, spread, seed):
    rng = np.random.default_rng(seed)
    means = np.array([abs(rng.normal(0, spread, (200, n)).mean(axis=1)) for n in SIZES])
    size, error = means.mean(axis=1), means.std(axis=1) / np.sqrt(200)
    ax.errorbar(SIZES, size, yerr=2 * error, fmt="o", capsize=3, label="200 experiments")
    ax.plot(SIZES, spread * np.sqrt(2 / np.pi / SIZES), label="theory")
    ax.set(xscale="log", yscale="log", xlim=(2, 5000), ylim=(1e-3, 10), xlabel="numbers averaged, $n$")
    ax.set_ylabel("size of the mean")
    ax.legend()


explore(
    mean_of_many,
    "Numbers that spread by {spread}: a hundred times as many make the mean ten times as small.",
    title="The mean of many numbers",
    alt="On logarithmic axes dots follow a straight line of slope minus one half.",
    spread=LogSteps(0.1, 10, 9, symbol="σ"),
    seed=Steps(1, 5, 5, label="draw"),
)

# %% [markdown]
# ## A histogram
#
# `Choice` is a menu.

# %%
DRAW = {
    "coin toss": lambda rng, shape: rng.integers(0, 2, shape) * 2.0 - 1,
    "waiting time": lambda rng, shape: rng.exponential(1, shape) - 1,
    "uniform number": lambda rng, shape: rng.uniform(-np.sqrt(3), np.sqrt(3), shape),
}


def central_limit(ax, terms, kind):
    sums = DRAW[kind](np.random.default_rng(0), (4000, terms)).sum(axis=1) / np.sqrt(terms)
    x = np.linspace(-4, 4, 161)
    ax.hist(sums, bins=np.linspace(-4, 4, 41), density=True, alpha=0.5, label="4,000 sums")
    ax.plot(x, np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi), label="normal density")
    ax.set(xlim=(-4, 4), ylim=(0, 1), xlabel=r"sum$\,/\sqrt{n}$", ylabel="density")
    ax.legend()


explore(
    central_limit,
    "Sums of {terms} terms, each a {kind}.",
    title="Sums become normal",
    alt="A histogram that approaches the bell curve as more terms are added.",
    terms=Steps.of([1, 2, 3, 5, 10, 30, 100], value=2, label="terms", symbol="n"),
    kind=Choice(list(DRAW), "waiting time", label="each term"),
)

# %% [markdown]
# ## A band
#
# `Toggle` is a checkbox.

# %%
KNOTS = np.linspace(-1, 1, 15)
FINE = np.linspace(-1, 1, 120)
NOISY = np.sin(3 * KNOTS) + 0.25 * np.random.default_rng(3).standard_normal(KNOTS.size)


def polynomial(ax, degree, band):
    features, fine = np.vander(KNOTS, degree + 1), np.vander(FINE, degree + 1)
    weights = np.linalg.lstsq(features, NOISY, rcond=None)[0]
    spread = 0.25 * np.linalg.norm(fine @ np.linalg.pinv(features), axis=1)
    ax.plot(KNOTS, NOISY, "o", color="k", label="data")
    ax.plot(FINE, fine @ weights, label="fit")
    if band:
        ax.fill_between(FINE, fine @ weights - 2 * spread, fine @ weights + 2 * spread, alpha=0.2, label="± 2 s.e.")
    ax.set(xlim=(-1.05, 1.05), ylim=(-2.5, 2.5), xlabel="$x$")
    ax.legend(loc="upper left")
    return {"error": np.sqrt(np.mean((features @ weights - NOISY) ** 2))}


explore(
    polynomial,
    "A polynomial of degree {degree} misses the data by {error:.2f} on average.",
    title="A polynomial and its uncertainty",
    alt="A curve through fifteen dots, within a band that widens at the ends.",
    degree=Steps(1, 12, 12, value=3),
    band=Toggle("show the uncertainty", True),
)

# %% [markdown]
# ## A cloud of points

# %%
CLOUD = np.random.default_rng(1).standard_normal((150, 2)) * [2.0, 0.6]


def cloud(ax, angle):
    turn = np.deg2rad(angle)
    points = CLOUD @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    ax.scatter(*points.T, s=14)
    ax.set(xlim=(-6, 6), ylim=(-6, 6), xlabel="$x$", ylabel="$y$", aspect="equal")
    return {"r": np.corrcoef(points.T)[0, 1]}


explore(
    cloud,
    "Turned by {angle}, the correlation of x and y is {r:.2f}.",
    title="One cloud, many correlations",
    alt="An elongated cloud of points that turns.",
    angle=Steps(0, 180, 37, value=30, unit="degrees"),
)

# %% [markdown]
# ## A heat map and its colour bar
#
# Each state is one small picture of few colours.

# %%
SIDE = np.linspace(-4, 4, 60)
U, V = np.meshgrid(SIDE, SIDE)


def interference(ax, distance, wavelength):
    waves = sum(np.cos(2 * np.pi / wavelength * np.hypot(U - x, V)) for x in (-distance / 2, distance / 2))
    drawn = ax.imshow(waves, extent=(-4, 4, -4, 4), vmin=-2, vmax=2, cmap="RdBu", origin="lower")
    ax.plot([-distance / 2, distance / 2], [0, 0], "o", color="k")
    ax.figure.colorbar(drawn, ax=ax, label="amplitude")
    ax.set(xlabel="$x$", ylabel="$y$")


explore(
    interference,
    "Two sources {distance} apart send waves of length {wavelength}.",
    title="Waves of two sources",
    alt="Circular waves from two points cancel along hyperbolas.",
    distance=Steps(0, 4, 9, label="distance"),
    wavelength=Steps(0.8, 2, 4, label="wavelength"),
)

# %% [markdown]
# ## Contours and a path

# %%
A, B = np.meshgrid(np.linspace(-2, 2, 60), np.linspace(-1.5, 1.5, 60))


def descent(ax, rate, steepness):
    path = [np.array([-1.7, 1.0])]
    for _ in range(25):
        path.append(path[-1] - rate * np.array([1, steepness]) * path[-1])
    path = np.clip(path, -9, 9)
    ax.contour(A, B, A**2 + steepness * B**2, levels=[0.1, 0.5, 1, 2, 4, 8], colors="0.6", linewidths=1)
    ax.plot(*path.T, "o-", ms=4, lw=1.2)
    ax.set(xlim=(-2, 2), ylim=(-1.5, 1.5), xlabel="$x$", ylabel="$y$")
    return {"verdict": "comes to rest" if rate * steepness < 2 else "never comes to rest"}


explore(
    descent,
    "With steps of {rate} the descent {verdict}.",
    title="Down a valley",
    alt="A path of steps zigzags across the contours of a narrow valley.",
    presets={"too far": {"rate": 0.21, "steepness": 10}},
    rate=LogSteps(0.01, 0.3, 17, value=0.1, label="step", symbol="η"),
    steepness=Steps(1, 10, 4, value=7, label="steepness"),
)

# %% [markdown]
# ## Bars


# %%
def binomial(ax, trials, chance):
    heads = np.arange(21)
    logs = np.cumsum(np.log(np.maximum(np.arange(1, 41), 1)))
    factorial = np.r_[0, logs]
    inside = heads <= trials
    chosen = factorial[trials] - factorial[heads] - factorial[np.maximum(trials - heads, 0)]
    share = np.where(inside, np.exp(chosen + heads * np.log(chance) + (trials - heads) * np.log(1 - chance)), 0)
    ax.bar(heads, share, label="probability")
    ax.set(xlim=(-0.7, 20.7), ylim=(0, 0.55), xlabel="heads", ylabel="probability", xticks=range(0, 21, 4))
    return {"mode": heads[np.argmax(share)]}


explore(
    binomial,
    "Of {trials} throws, {mode} heads are likeliest.",
    title="Throws of a coin",
    alt="Bars of a binomial distribution.",
    trials=Steps(2, 20, 19, value=10, symbol="n"),
    chance=Steps(0.1, 0.9, 9, value=0.5, label="chance of heads", symbol="p"),
)

# %% [markdown]
# ## Arrows

# %%
Q, P = np.meshgrid(np.linspace(-6, 6, 15), np.linspace(-3, 3, 11))


def pendulum(ax, friction, speed):
    ax.quiver(Q, P, P, -np.sin(Q) - friction * P, color="0.6", scale=60, width=0.004)
    q, p, path = -5.0, speed, []
    for _ in range(600):
        path.append((q, p))
        p += 0.03 * (-np.sin(q) - friction * p)
        q += 0.03 * p
    ax.plot(*np.array(path).T)
    ax.plot(*path[0], "o", color="k")
    ax.set(xlim=(-6, 6), ylim=(-3, 3), xlabel="angle", ylabel="angular velocity")


explore(
    pendulum,
    "Pushed at speed {speed}, with friction {friction}.",
    title="Where a pendulum goes",
    alt="A curve through a field of arrows winds into one of the points of rest.",
    friction=Steps(0, 0.5, 6, value=0.2),
    speed=Steps(0.5, 3, 11, value=2),
)

# %% [markdown]
# ## Two panels
#
# Side by side where there is room, one below the other on a telephone: `subplots=(1, 2)`. The function is given both
# axes.

# %%
SAMPLED = np.arange(64)


def spectrum(axes, cycles, window):
    taper = np.hanning(64) if window else np.ones(64)
    signal = np.sin(2 * np.pi * cycles * SAMPLED / 64) * taper
    axes[0].step(SAMPLED, signal, where="mid")
    axes[0].set(xlim=(0, 63), ylim=(-1.1, 1.1), xlabel="sample")
    axes[1].stem(np.arange(17), abs(np.fft.rfft(signal))[:17] / taper.sum() * 2)
    axes[1].set(xlim=(-0.5, 16.5), ylim=(0, 1.1), xlabel="cycles")


explore(
    spectrum,
    "A tone of {cycles} cycles.",
    title="A tone and its spectrum",
    alt="A sampled sine, and the frequencies found in it.",
    subplots=(1, 2),
    cycles=Steps(1, 12, 45, value=5.5, label="cycles"),
    window=Toggle("taper the ends"),
)

# %% [markdown]
# ## Boxes and violins


# %%
def heights(ax, n, kind):
    rng = np.random.default_rng(n)
    samples = [rng.normal(0, 1, n), rng.normal(0.5, 1.5, n), rng.exponential(1, n)]
    (ax.boxplot if kind == "boxes" else ax.violinplot)(samples)
    ax.set(ylim=(-5, 7), xticks=[1, 2, 3], xticklabels=["one", "two", "three"], ylabel="value")


explore(
    heights,
    "Samples of {n}, as {kind}.",
    title="Three samples",
    alt="Three distributions side by side.",
    n=LogSteps(10, 1000, 9, integers=True, symbol="n"),
    kind=Choice(["boxes", "violins"], label="drawn as"),
)

# %% [markdown]
# ## Limits, ticks and a title that change; a second scale; an arrow with a note
#
# Axes that jump hide what changes, so limits that stand still are better. Where they have to move, they may.


# %%
def growth(ax, rate, scale):
    years = np.arange(0, 41)
    money = 100 * (1 + rate / 100) ** years
    ax.plot(years, money)
    ax.set(xlim=(0, 40), ylim=(90, 1.1 * money[-1]), yscale=scale, xlabel="years", ylabel="money")
    ax.set_title(rf"$100 \times {1 + rate / 100:.2f}^{{40}} = {money[-1]:.0f}$")
    double = np.log(2) / np.log(1 + rate / 100)
    if double < 40:
        ax.annotate("doubled", (double, 200), (double, 200 + 0.35 * money[-1]), ha="center",
                    arrowprops={"arrowstyle": "->"})  # fmt: skip
    other = ax.twinx()
    other.plot(years, np.minimum(100 * years / double, 2000), ":", color="C1")
    other.set(ylim=(0, 500), ylabel="doublings, %")
    return {"double": double}


explore(
    growth,
    "At {rate} a year, money doubles in {double:.0f} years.",
    title="Compound interest",
    alt="Money grows exponentially, the number of doublings in proportion to time.",
    rate=Steps(1, 8, 15, value=4, unit="%"),
    scale=Choice({"linear": "linear", "logarithmic": "log"}, label="scale"),
)
