"""What chapter 12 says it measured: kept forecasts can be made again; intervals cover; wrong widths would be seen."""

import datetime
import warnings

import numpy as np
import pytest

from renorm import forecast, sample, shifted_risk
from renorm.experiments.forecasting import DRIFT, INFLATION, combine
from renorm_book.chapter12 import experiment, own_data, worlds
from renorm_book.chapter12.data_sets import DATA_SETS, KERNELS


@pytest.mark.parametrize("name, kernel", [("diabetes", "gaussian"), ("wine", "linear"), ("cancer", "laplace")])
def test_what_is_kept_is_what_the_experiment_gives(name, kernel):
    """The errors at n and at 2n, and the first two forecasts."""
    again, kept = experiment.one_set(name, kernel, multiples=(1, 2), draws=2), experiment.kept()[name, kernel]
    np.testing.assert_allclose(again["truth"][:2], kept["truth"][:2], rtol=1e-3)
    np.testing.assert_allclose(again["ridges"], kept["ridges"], rtol=1e-3)
    np.testing.assert_allclose(again["draws"], kept["draws"][:2], rtol=1e-3)
    np.testing.assert_allclose(again["shown"], kept["shown"], rtol=1e-3)


def test_fourteen_data_sets_and_three_kernels_are_kept():
    assert set(experiment.kept()) == {(name, kernel) for name in DATA_SETS for kernel in KERNELS}


def test_widths_are_those_of_the_library():
    one = experiment.kept()["fashion", "linear"]
    for draw, relative, half in zip(
        one["draws"], one["relative"], experiment.half_widths("fashion", "linear"), strict=True
    ):
        error, width = combine(dict(zip(experiment.CONTENDERS, draw.T, strict=False)), relative, experiment.MULTIPLES)
        np.testing.assert_allclose(half, width, rtol=1e-6)
        np.testing.assert_allclose(error, draw[:, -1], rtol=1e-5)


def covered_by_others(factor=1.0):
    """Share of measurements inside, at each multiple: each data set with a width set on the others, times factor."""
    shares = []
    for name in DATA_SETS:
        pair = experiment.calibrate([other for other in DATA_SETS if other != name])
        for kernel in KERNELS:
            missed = np.abs(experiment.log_ratios(name, kernel)[:, :, -1])
            inside = missed <= factor * experiment.half_widths(name, kernel, *pair)[:, 1:]
            shares.append(np.where(np.isfinite(missed), inside, np.nan))
    return np.nanmean(shares, axis=(0, 1))


def test_intervals_of_80_per_cent_cover_70_to_90_on_data_that_did_not_set_them():
    assert np.all(np.abs(covered_by_others() - 0.8) < 0.1)
    assert np.any(np.abs(covered_by_others(0.7) - 0.8) > 0.1) and np.any(np.abs(covered_by_others(1.6) - 0.8) > 0.1)


def test_the_librarys_width_is_the_calibrated_one():
    assert experiment.calibrate(DATA_SETS) == (INFLATION, DRIFT)


def test_no_change_is_worse_than_the_forecast_and_a_forecast_off_by_a_tenth_would_be_seen():
    """Mean over data sets and kernels of mean ln(forecast / measured), without the world that ends at n = d."""
    cases = [(n, k) for n in DATA_SETS for k in KERNELS if (n, k) != ("world_clean", "linear")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        means = np.array([np.nanmean(experiment.log_ratios(*case), axis=0) for case in cases])
        centre, scatter = np.nanmean(means, axis=0), np.nanstd(means, axis=0) / np.sqrt(len(cases))
    forecast, no_change = centre[:, -1], centre[:, 0]
    assert np.all(np.abs(forecast) < 0.03 + 2 * scatter[:, -1]) and scatter[:, -1].max() < 0.035
    assert np.all(no_change > 0.1) and np.all(np.diff(no_change) > 0)


def test_simulated_shifts_lie_on_theory_and_three_per_cent_would_be_seen():
    """2,200 fits at n = 200: standard errors below 1 %; the theory is for large n, which leaves 1.5 %."""
    n, d, ridges, rng = 200, 200, (0.1, 1.0), np.random.default_rng(12)
    tested = np.array([worlds.shifted_to(power) for power in (-1.0, 1.0)])
    runs = np.empty((2200, 2, 2))
    for run in runs:
        X, y = sample(worlds.WORLD, n, rng)
        square, target = X.T @ X, X.T @ y
        misses = [np.linalg.solve(square + n * r * np.eye(d), target) - worlds.WORLD.coefficients for r in ridges]
        run[:] = np.square(misses) @ tested.T
    mean, se = runs.mean(axis=0), runs.std(axis=0, ddof=1) / np.sqrt(len(runs))
    theory = np.array([[float(shifted_risk(worlds.WORLD, n, r, t).excess) for t in tested] for r in ridges])
    assert np.all(se < 0.01 * theory)
    assert np.all(np.abs(mean / theory - 1) < 0.015 + 1.5 * se / theory)


def test_which_lean_helps_depends_on_the_penalty():
    def lean(n, ridge):
        return [float(shifted_risk(worlds.WORLD, n, ridge, worlds.shifted_to(a)).excess) for a in (-1, 0, 1)]

    small, large, between = lean(100, 0.001), lean(100, 1.0), lean(50, 0.1)
    assert small[0] > small[1] > small[2] and large[0] < large[1] < large[2]
    assert between[1] > max(between[0], between[2])
    assert worlds.shifted_to(0.7).sum() == pytest.approx(worlds.WORLD.eigenvalues.sum())


def test_a_series_without_memory_is_measured_rightly():
    found = worlds.series(75, 0.0, draws=60)
    mean, se = found.mean(axis=2), found.std(axis=2, ddof=1) / np.sqrt(60)
    assert np.all(np.abs(mean[:, 1:] - mean[:, :1]) < 4 * np.hypot(se[:, 1:], se[:, :1]))
    np.testing.assert_allclose(found[:, 2], found[:, 3], rtol=1e-6)


TABLE = "age;weight;heart rate\n30;80.5;61\n40;70.25;72\n"


@pytest.mark.parametrize("text", [TABLE, TABLE.replace(";", ","), TABLE.replace(";", "\t"), "\n" + TABLE + "\n\n"])
def test_separators_are_found_out(text):
    X, y = own_data.read_table(text)
    assert X.columns == ["age", "weight"] and y.tolist() == [61, 72] and X.iloc[:, 1].tolist() == [80.5, 70.25]
    X, y = own_data.read_table(text, "age")
    assert X.columns == ["weight", "heart rate"] and y.tolist() == [30, 40]


@pytest.mark.parametrize(
    "text, target, words",
    [
        ("", "", "the file has no rows"),
        ("a,b\n", "", "the file has no rows"),
        ("a,b\n1,2\n3\n", "", "line 3 has 1 cells, the first has 2"),
        ("a,b\n1,2\n", "c", "target = 'c': must be one of a, b"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(text, target, words):
    with pytest.raises(ValueError, match=words):
        own_data.read_table(text, target)


def test_gaps_and_text_of_a_file_are_named_by_their_columns():
    lines = own_data.example().splitlines()
    for cell, words in (("", "column 'age' has a value that is missing, in row 0"), ("old", "column 'age' holds text")):
        changed = "\n".join([lines[0], cell + lines[1][lines[1].index(",") :], *lines[2:]])
        with pytest.raises(ValueError, match=words):
            forecast(*own_data.read_table(changed), kernel="linear")


def test_the_example_is_the_table_of_scikit_learn():
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = own_data.read_table(own_data.example())
    data = datasets.load_diabetes(scaled=False)
    np.testing.assert_allclose(np.column_stack(X.values), data.data, rtol=1e-6)
    np.testing.assert_allclose(y, data.target)


def test_a_file_is_uploaded_and_forecast_or_refused(capsys):
    widgets = pytest.importorskip("ipywidgets")
    box = own_data.upload()
    file, target, kernel, button, _ = box.children
    assert isinstance(file, widgets.FileUpload)
    button.click()
    assert "Choose a file first" in capsys.readouterr().out
    for text, words in ((TABLE, "a forecast needs 30 or more"), (own_data.example(), "442 rows")):
        content = memoryview(text.encode())
        file.set_trait(
            "value",
            (
                {
                    "name": "t.csv",
                    "type": "",
                    "size": len(text),
                    "content": content,
                    "last_modified": datetime.datetime(2020, 1, 1),
                },
            ),
        )
        button.click()
        assert words in capsys.readouterr().out
    assert kernel.value == "gaussian" and target.value == ""
