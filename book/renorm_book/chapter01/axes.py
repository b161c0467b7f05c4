"""What the figures of chapter 1 share: the axis of errors, the place of the legend."""

CHANCE = 0.9  # the error of guessing one of ten classes


def legend_above(ax):
    """All of the axes stays free for curves, at every position of the sliders."""
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.2, columnspacing=1.2, handlelength=1.8)


def error_axis(ax, **settings):
    """Fixed limits, percentages, and the line of guessing."""
    ax.axhline(CHANCE, color="0.5", linewidth=1, linestyle=":", label="_guessing")
    ax.set(ylim=(-0.03, 1.0), ylabel="error", **settings)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])


RING = {"marker": "o", "markersize": 11, "fillstyle": "none", "color": "black", "linestyle": "none"}
