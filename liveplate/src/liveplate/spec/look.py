"""The look of live figures: matplotlib settings under which every state is drawn, on the page and in a kernel."""

LIVE_RC = {
    "figure.figsize": (5.0, 3.6),
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "axes.titlesize": 11,
    "axes.labelsize": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "legend.frameon": False,
    # text of a live figure is read on telephones as well: nothing below 10.2 pt
    "legend.fontsize": 10.2,
    "xtick.labelsize": 10.2,
    "ytick.labelsize": 10.2,
}
