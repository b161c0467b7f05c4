"""Chapter 12's figures: what they say in their readouts is what is kept, for every setting."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from renorm_book.chapter12 import experiment, figures, worlds
from renorm_book.chapter12.data_sets import DATA_SETS, KERNELS

matplotlib.use("Agg")


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


@pytest.mark.parametrize("kernel", KERNELS)
def test_what_one_sample_knows_is_said_for_every_data_set(ax, kernel):
    for data in DATA_SETS:
        said = figures.one_sample(ax, data, kernel)
        figures.ONE_SAMPLE["readout"].format(data=data, kernel=kernel, **said)
        assert abs(said["loo"] - 1) < 0.12 and said["regret"] < 0.5
        ax.clear()


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_forecast_and_what_came_of_it_are_said_for_every_data_set(ax, kernel):
    for data in DATA_SETS:
        said = figures.live_test(ax, data, kernel, "shown")
        truth = experiment.kept()[data, kernel]["truth"][:, 0]
        assert f"{truth[np.isfinite(truth)][-1] / truth[0]:.2f} was measured" in said["came"]
        assert said["times"] == (4 if data == "wine" else 8)
        ax.clear()
        hidden = figures.live_test(ax, data, kernel, "hidden")
        assert hidden["came"] == "" and hidden["says"] == said["says"]
        ax.clear()


def test_the_record_has_a_mark_for_every_data_set_where_there_is_something_to_say(ax):
    assert figures.record(ax, "linear", "forecast", 2)["count"] == 14
    assert figures.record(ax, "laplace", "forecast", 8)["count"] == 13, "178 wines are not 288"
    assert figures.record(ax, "laplace", "carried", 8)["count"] < 5


def test_memory_and_shift_draw_theory_beside_what_was_simulated(ax):
    series = {(75, length): worlds.series(75, length, draws=3) for length in worlds.LENGTHS}
    said = figures.memory(ax, 0.03, 75, series)
    assert said["gcv"] < 0.5 * said["test"] and said["loo"] < 0.5 * said["test"]
    ax.clear()
    said = figures.shift(ax, 100, 1.0, {100: worlds.shifted_fits(100, draws=3)})
    assert said["weak"] == pytest.approx(0.25, abs=0.005) and said["strong"] > 1
