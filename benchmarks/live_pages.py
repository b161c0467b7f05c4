"""The same figure as pages of four kinds: ours, Observable Plot, Plotly with its sliders, Panel embedded.

Not a benchmark by itself: ``live_figures.py`` measures these pages. What is not installed is fetched with the ordinary
clients of npm and pip into a folder of the cache; what cannot be fetched is reported as missing.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from liveplate import LogSteps, Steps
from liveplate.spec.figure import describe

GAMMA = np.unique(np.r_[np.linspace(0.05, 0.8, 40), np.linspace(0.8, 1.2, 61), np.linspace(1.2, 4, 60)])
MEASURED = np.array([0.2, 0.4, 0.6, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 2.75, 3.75])
CONTROLS = {
    "ridge": LogSteps(1e-4, 10, 25, label="ridge", symbol="λ"),
    "noise": Steps(0.1, 1.5, 15, label="noise", symbol="σ"),
    "n": Steps.of([20, 40, 80, 160, 320], label="samples", symbol="n"),
}


class Missing(Exception):
    """A contender that cannot be had here, and why."""


@dataclass(frozen=True)
class Page:
    """A page in a folder; JavaScript that says whether its slider works, and that shows the i-th of many states."""

    name: str
    folder: Path
    states: int
    ready: str
    show: str


def curves(ridge: float, noise: float) -> np.ndarray:
    """Asymptotic test risk, squared bias and variance of ridge regression, isotropic features, over GAMMA: (3, 159)."""
    b = 1 - GAMMA + ridge
    m = (-b + np.sqrt(b * b + 4 * GAMMA * ridge)) / (2 * GAMMA * ridge)
    slope = (GAMMA * m * m + m) / (2 * GAMMA * ridge * m + 1 - GAMMA + ridge)
    bias, variance = ridge**2 * slope, noise**2 * GAMMA * (m - ridge * slope)
    return np.array([bias + variance + noise**2, bias, variance])


def dots(ridge: float, noise: float, n: int) -> np.ndarray:
    """Stand-ins for simulated means and their two standard errors: (2, 12)."""
    rng = np.random.default_rng([n, int(1e7 * ridge), int(1e3 * noise)])
    risk = np.interp(MEASURED, GAMMA, curves(ridge, noise)[0])
    return np.array([risk * (1 + rng.standard_normal(12) / np.sqrt(12 * n)), 2 * risk / np.sqrt(12 * n)])


def descent(ax, ridge, noise, n):
    """The figure, in matplotlib."""
    for values, label, style in zip(
        curves(ridge, noise), ("test risk", "bias$^2$", "variance"), "- -- -.".split(), strict=True
    ):
        ax.plot(GAMMA, values, style, label=label)
    mean, bar = dots(ridge, noise, n)
    ax.errorbar(MEASURED, mean, yerr=bar, fmt="o", color="C3", capsize=3, label=r"simulation $\pm 2$ s.e.")
    ax.axvline(1, color="0.5", ls=":")
    risk = curves(ridge, noise)[0]
    j = int(np.argmax(risk))
    ax.annotate(f"worst risk {risk[j]:.2f}\nat d/n = {GAMMA[j]:.2f}", (GAMMA[j], risk[j]), (2.3, 40),
                arrowprops=dict(arrowstyle="->", color="0.3"))  # fmt: skip
    ax.set(yscale="log", xlim=(0, 4), ylim=(1e-3, 2e2), xlabel="$d/n$", ylabel="risk")
    ax.set_title(rf"Ridge, $\lambda={ridge:.3g}$, $\sigma={noise:g}$, $n={n}$")
    ax.legend(loc="lower right")
    return {"worst": risk[j], "at": GAMMA[j]}


def figure():
    return describe(
        descent, "With ridge {ridge}, noise {noise} and n = {n} the risk is largest, {worst:.2f}, at d/n = {at:.2f}.",
        CONTROLS, title="Double descent", alt="The risk peaks at d = n.", caption=None, presets=None, name="descent",
        figsize=None, subplots=None, sweep=None,
    )  # fmt: skip


def data() -> dict:
    """All numbers as JSON to four digits: curves by ridge and noise, dots by all three."""
    ridges, noises, sizes = (CONTROLS[k].values for k in ("ridge", "noise", "n"))

    def short(array):
        return [float(f"{v:.4g}") for v in array]

    return {
        "x": short(GAMMA), "at": short(MEASURED), "ridge": ridges, "noise": noises, "n": sizes,
        "curves": [[[short(c) for c in curves(r, s)] for s in noises] for r in ridges],
        "dots": [[[[short(v) for v in dots(r, s, n)] for n in sizes] for s in noises] for r in ridges],
    }  # fmt: skip


HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>descent</title>'
PICK = "const pick=i=>[i%25,Math.floor(i/25)%15,Math.floor(i/375)%5];"


def ours(folder: Path) -> Page:
    from liveplate.bake.bake import baked
    from liveplate.player.assets import write_assets

    folder.mkdir(parents=True, exist_ok=True)
    write_assets(folder)
    page = (
        f'{HEAD}<link rel="stylesheet" href="live.css"><script defer src="live.js"></script>{baked(figure())["html"]}'
    )
    (folder / "index.html").write_text(page, "utf8")
    show = f"(()=>{{{PICK}const f=document.querySelector('figure.live').live;return i=>{{" \
        "pick(i).forEach((v,k)=>{f.inputs[k].value=v});f.step(0,0)}})()"  # fmt: skip
    return Page("this book's", folder, 1875, "document.querySelector('figure.live[data-ready]')", show)


def observable_plot(folder: Path, tools: Path) -> Page:
    npm(tools, "@observablehq/plot@0.6", "d3@7")
    folder.mkdir(parents=True, exist_ok=True)
    for source in ("d3/dist/d3.min.js", "@observablehq/plot/dist/plot.umd.min.js"):
        shutil.copy(tools / "node_modules" / source, folder)
    template = Path(__file__).with_name("observable_plot.html").read_text("utf8")
    (folder / "index.html").write_text(template.replace("DATA", json.dumps(data(), separators=(",", ":"))), "utf8")
    return Page(
        "Observable Plot, data as JSON", folder, 1875, "window.ready", f"(()=>{{{PICK}return i=>draw(pick(i))}})()"
    )


def plotly_sliders(folder: Path, tools: Path) -> Page:
    """One slider (25 states): Plotly's sliders cannot be combined without writing JavaScript."""
    pip(tools, "plotly")
    import plotly.graph_objects as go

    noise, n = CONTROLS["noise"].value, CONTROLS["n"].value

    def traces(ridge):
        mean, bar = dots(ridge, noise, n)
        lines = [
            go.Scatter(x=GAMMA, y=c, name=k)
            for c, k in zip(curves(ridge, noise), "test bias variance".split(), strict=True)
        ]
        return [*lines, go.Scatter(x=MEASURED, y=mean, error_y=dict(array=bar), mode="markers", name="simulation")]

    ridges = CONTROLS["ridge"].values
    steps = [
        dict(method="animate", label=f"{r:.3g}", args=[[str(i)], dict(mode="immediate", frame=dict(duration=0))])
        for i, r in enumerate(ridges)
    ]
    picture = go.Figure(traces(ridges[0]), frames=[go.Frame(data=traces(r), name=str(i)) for i, r in enumerate(ridges)])
    picture.update_layout(yaxis=dict(type="log", range=[-3, 2.3]), sliders=[dict(steps=steps)], width=560, height=450)
    folder.mkdir(parents=True, exist_ok=True)
    picture.write_html(folder / "index.html", include_plotlyjs=True)
    graph = "document.querySelector('.js-plotly-plot')"
    frames = f"{graph}._transitionData._frames"
    show = f"(()=>{{const g={graph},F={frames};return i=>Plotly.react(g,F[i%25].data,g.layout)}})()"
    return Page(
        "Plotly, one slider",
        folder,
        25,
        f"{graph}&&{graph}._transitionData&&{frames}.length==25&&{graph}.querySelector('.errorbars')",
        show,
    )


def panel_embed(folder: Path, tools: Path) -> Page:
    """One slider (25 states) of PNG pictures, by Panel's ``save(embed=True)``."""
    pip(tools, "panel")
    import panel as pn
    from matplotlib.figure import Figure

    pn.extension()
    slider = pn.widgets.DiscreteSlider(name="ridge", options=list(CONTROLS["ridge"].values))

    def draw(ridge):
        canvas = Figure((5, 3.6), dpi=100)
        descent(canvas.subplots(), ridge, CONTROLS["noise"].value, CONTROLS["n"].value)
        return pn.pane.Matplotlib(canvas, dpi=100)

    folder.mkdir(parents=True, exist_ok=True)
    pn.Column(slider, pn.bind(draw, slider)).save(
        folder / "index.html", embed=True, max_states=30, resources="inline", progress=False
    )
    model = "Bokeh.documents[0]._all_models.values()"
    find = f"[...{model}].find(m=>m.type==='Slider'||m.attributes&&m.attributes.end===24)"
    show = f"(()=>{{const s={find};return i=>{{s.value=i%25}}}})()"
    return Page(
        "Panel, one slider, embedded",
        folder,
        25,
        f"window.Bokeh&&Bokeh.documents.length&&{find}&&document.querySelector('.bk-Column,.bk-panel-models-layout-Column')",
        show,
    )


def npm(tools: Path, *packages: str) -> None:
    if not (tools / "node_modules" / packages[0].rsplit("@", 1)[0]).exists():
        run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(tools), *packages], packages[0])


def pip(tools: Path, package: str) -> None:
    """Into a folder of its own, at the end of the search path: the environment's packages come first."""
    if not (tools / "python" / package).exists():
        run([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(tools / "python"), package], package)
    if str(tools / "python") not in sys.path:
        sys.path.append(str(tools / "python"))


def run(command: list[str], package: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        raise Missing(f"{package} could not be installed ({type(error).__name__})") from error
