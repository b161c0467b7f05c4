"""The figures of the short version with their words and handles; the page calls these functions one by one."""

import liveplate
from liveplate import Choice, Steps
from renorm_book.chapter01 import trainings
from renorm_book.chapter10 import measurements
from renorm_book.descent import figures as descent
from renorm_book.short import figures, line, theory

PICTURES = {"digits": "mnist", "clothes": "fashion-mnist"}
TALL = {"figsize": (4.6, 3.6), "subplots": (2, 1)}


def opening() -> None:
    """The figure that opens the site, too."""
    liveplate.explore(descent.by_size, **descent.BY_SIZE)


def experiment() -> None:
    liveplate.explore(
        figures.experiment,
        "{p} of the labels random: after {epochs} passes wrong on {train:.0%} of the pictures it was told, and on "
        "{test:.0%} of new ones.",
        name="the-experiment",
        title="One network, true labels or random ones",
        alt="Share of wrong answers of a network against passes over its training pictures. On the pictures it "
        "was told it falls to zero, "
        "whatever the share of random labels; on new pictures it ends at 19 percent with true labels and at 91 "
        "percent, guessing, with random ones.",
        caption="A network with 256 hidden units learns 1,000 pictures of clothes; one training for each share "
        "of random labels. New pictures: 1,000, with true labels.",
        grab=None,
        p=Steps.of(trainings.CORRUPTIONS, value=0.0, label="random labels", symbol="p", format=".0%"),
    )


def counting() -> None:
    liveplate.explore(
        figures.counting,
        "With {labels} labels our largest network errs on {ours:.0%} of new pictures, those of 2016 on {best:.0%} to "
        "{worst:.0%}.",
        name="counting-weights",
        title="The same count, two outcomes",
        alt="Test error against the number of weights, for eight networks. With true labels the dots lie between "
        "14 and 50 percent, with "
        "random labels all lie at 90 percent, at the same numbers of weights.",
        caption="Ours: 1,000 pictures of clothes, means of nine trainings, bars ±2 standard errors. Photographs: "
        "Table 1 of Zhang et al. (2017), without penalties.",
        labels=Choice({"true": 0.0, "random": 1.0}, value=0.0, label="labels"),
    )


def _handle_said(ridge, kind, train, test, guess) -> str:
    near = "passes through its samples and misses" if train < 5e-4 else f"misses its samples by {train:.2g} and"
    return f"λ = {ridge:g}: the curve {near} new points by {test:.2f} (mean square). Answering zero costs {guess:.2f}."


def handle() -> None:
    liveplate.explore(
        figures.handle,
        _handle_said,
        name="the-handle",
        title="A curve of 300 waves through twelve points",
        alt="A curve through twelve points. With a small ridge it passes through all of them and follows the "
        "rule between, with spikes at the "
        "points that are off; with a large ridge it is flat.",
        caption="Ridge regression with 300 cosines, slow ones strong, fast ones weak. Labels: a rule (dotted) "
        "and some chance, or chance alone.",
        grab=None,
        ridge=Steps.of(line.RIDGES, value=1e-4, label="ridge", symbol="λ"),
        kind=Choice({"rule": "rule", "pure chance": "chance"}, value="rule", label="labels"),
    )


def mountain() -> None:
    liveplate.explore(
        theory.mountain,
        "n = {n}, λ = {ridge}, noise {noise}: at its lowest before the mountain the error is {valley:.2f}; with "
        "2,000 weights {wide:.2f}, with the best ridge {best:.2f}.",
        name="weights-and-error",
        title="Error on new data against the size of the model",
        alt="Test error against the number of weights, on logarithmic axes: it falls to a valley, climbs to a "
        "mountain where weights equal "
        "samples, and falls on the other side, mostly below the valley. A ridge takes the mountain away; with the "
        "best ridge the error only falls.",
        caption="Data with 400 inputs; the model sees N random mixtures of them. Lines: theory. Dots: 20 draws "
        "each, bars ±2 standard errors; none at the top, where no mean exists.",
        sweep="ridge",
        n=Steps.of(theory.SIZES, value=100, label="samples", symbol="n"),
        ridge=Steps.of(theory.MOUNTAIN_RIDGES, value=0.0, label="ridge", symbol="λ"),
        noise=Steps.of(theory.NOISES, value=0.1, label="noise", symbol="σ²"),
    )


def left_out() -> None:
    liveplate.explore(
        figures.left_out,
        "Sample {i}, λ = {ridge}: the curve with it misses it by {kept:.2g}, the one without it by {honest:.2g}: "
        "{factor:.3g} times as much.",
        name="one-left-out",
        title="One sample taken away",
        alt="Two curves through the same points; one of them has not seen the ringed point. Where they differ "
        "most is at that point: with it "
        "the curve passes close by, without it the curve misses it.",
        caption="The machine and the points of the figure before. Ring: the sample in question; vertical line: "
        "by how much the curve without it misses it.",
        grab="i",
        i=Steps.of(range(1, line.POINTS + 1), value=5, label="sample taken away"),
        ridge=Steps.of([1e-3, 1e-2, 0.1, 1.0], value=1e-2, label="ridge", symbol="λ"),
    )


def spectrum() -> None:
    liveplate.explore(
        theory.spectrum,
        "n = {n}, λ = {ridge}: κ = {kappa:.2g}, {ratio} times λ. Of 600 directions {above} vary by more than κ.",
        name="kappa-walks",
        title="κ walks down the spectrum",
        alt="First panel: the variances of 600 directions fall along a line, cut by kappa; those above are "
        "shaded. Second panel: the share of "
        "each direction that is learned, near one in the shaded part, near zero far beyond it; simulated dots lie on "
        "the line of the theory.",
        caption="First panel: spectrum and κ. Second panel: average share of the true weight that is found; "
        "line: the theory, dots: 30 simulated samples, ±2 standard errors.",
        grab={"n": "y"},
        **TALL,
        n=Steps.of(theory.COUNTS, value=100, label="samples", symbol="n"),
        ridge=Steps.of(theory.KAPPA_RIDGES, value=1e-6, label="ridge", symbol="λ"),
    )


def above_kappa() -> None:
    liveplate.explore(
        theory.above_kappa,
        "{n} pictures: {above} of {size} directions vary by more than κ. They hold {true:.0%} of the true labels and "
        "{random:.1%} of random ones.",
        name="where-labels-lie",
        title="Where the labels lie",
        alt="Share of the labels that lies in the strongest directions of 2,000 pictures. For true labels it "
        "rises early, for random labels in "
        "proportion to the number of directions. At the cut of kappa for 250 digits: 71 percent against 3.",
        caption="2,000 pictures, a Gaussian kernel. Shaded: directions that vary by more than κ, computed from "
        "the pictures without any label.",
        grab="n",
        n=Steps.of([16, 32, 64, 125, 250, 500, 1000], value=250, label="training pictures", symbol="n"),
        pictures=Choice(PICTURES, value="mnist", label="pictures"),
    )


def predicted() -> None:
    liveplate.explore(
        theory.predicted,
        "{pictures}, {labels} labels, at n = 250: predicted {theory:.3f}, measured {measured:.3f} ± {bar:.3f}.",
        name="predicted-error",
        title="Predicted before training",
        alt="Error on new pictures against the number of training pictures, on logarithmic axes. Measured dots "
        "and rings of leave-one-out "
        "lie on the predicted line: nearly straight and falling for true labels, above one for random labels.",
        caption="Kernel machines that fit every label. Line: from all 2,000 pictures and labels, nothing fitted. "
        "Dots: measured, ±2 standard errors. Rings: from the training pictures alone, each left out once.",
        grab=None,
        labels=Choice({"true": 0.0, "half random": 0.5, "random": 1.0}, value=0.0, label="labels"),
        pictures=Choice(PICTURES, value="mnist", label="pictures"),
        kernel=Choice({"Gaussian": "gaussian", "wide network": "tangent"}, value="gaussian", label="kernel"),
    )


assert set(measurements.PICTURES) == set(PICTURES.values())
