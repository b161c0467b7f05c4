"""The trainings that come with the book, for browsers and for the error bars, are those that the chapter would make."""

import sys

import numpy as np
import pytest

from renorm.networks.mlp import History
from renorm_book.chapter01 import trainings
from tools.assets import trainings as tool


def test_every_training_of_the_chapter_is_kept_and_no_other():
    assert set(trainings.kept_trainings()) == set(tool.runs())


@pytest.mark.parametrize(
    "arguments", [(100, 16, 0.4, 0, 0.0, None), (300, 64, 1.0, 0, 0.0, None), (500, 64, 0.0, 0, 0.03, 100)], ids=str
)
def test_a_kept_training_is_what_training_gives(arguments):
    kept, new = trainings.kept_trainings()[arguments], trainings._trained(*arguments)
    assert abs(kept.epochs - new.epochs) <= 3  # other processors round differently
    for name in ("train_accuracy", "test_accuracy"):
        assert getattr(kept, name)[-1] == pytest.approx(getattr(new, name)[-1], abs=0.03)
    both = min(kept.epochs, new.epochs)
    np.testing.assert_allclose(kept.loss[: both // 4], new.loss[: both // 4], rtol=0.05)


@pytest.mark.parametrize(
    "experiment, place, seed", [("grid", 3, 9), ("grid", 40, 2), ("conditions", 4, 5), ("decay", 9, 1)]
)
def test_a_kept_end_is_what_training_gives(experiment, place, seed):
    """One of the nine draws that the notebook does not train itself, trained here."""
    settings = trainings.EXPERIMENTS[experiment][place]
    new = trainings.outcome(trainings.trained(**settings, seed=seed))
    with np.load(trainings.KEPT) as file:
        kept = file[experiment][seed - 1, place]
    np.testing.assert_allclose(kept[:2], new[:2], atol=3)  # other processors round differently
    np.testing.assert_allclose(kept[2:], new[2:], atol=0.03)


def test_all_draws_of_an_experiment_differ():
    with np.load(trainings.KEPT) as file:
        for experiment, settings in trainings.EXPERIMENTS.items():
            assert file[experiment].shape == (trainings.DRAWS - 1, len(settings), len(trainings.FIELDS))
            tests = file[experiment][:, :, trainings.FIELDS.index("test")]
            assert np.all([len(set(column)) > 1 for column in tests.T[: len(settings) - 1]])


def test_what_is_kept_besides_is_what_training_gives():
    found = trainings.kept("elsewhere")
    assert found.shape == (2, 2, trainings.DRAWS)
    assert abs(found[1, 0, 3] - trainings.epochs_elsewhere(trainings.OTHER_IMAGES[1], 0.0, 3)) <= 3
    with np.load(trainings.KEPT) as file:  # the ends of nine of the ten; the last six of the grid are the same networks
        nine = file["grid"][:, -6:, trainings.FIELDS.index("test")]
    first = trainings.kept("missed").mean(axis=1) - nine.sum(axis=0)
    assert np.all(np.abs(first - nine.mean(axis=0)) < 4 * nine.std(axis=0, ddof=1) + 1e-3)


def test_missed_are_the_test_errors_of_the_training(monkeypatch):
    monkeypatch.setattr(trainings, "CORRUPTIONS", (0.0,))
    assert trainings.missed(0).mean() == pytest.approx(trainings.errors(trainings.trained(1000, 256, 0.0))[1][-1])


def test_an_interrupted_training_is_not_remembered(monkeypatch):
    arguments = (100, 16, 0.2, 77, 0.0, None)
    monkeypatch.setattr(trainings, "train", lambda *a, **k: History([1.0], [0.5], [0.5], interrupted=True))
    with pytest.raises(KeyboardInterrupt):
        trainings.trained(*arguments)
    monkeypatch.undo()
    assert trainings.trained(*arguments).train_accuracy[-1] == 1  # trained to its end when asked again


def test_a_browser_takes_the_kept_one_and_trains_any_other(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    trained = []
    monkeypatch.setattr(trainings, "_trained", lambda *arguments: trained.append(arguments))
    assert trainings.trained(1000, 256, 1.0).train_accuracy[-1] == 1 and trained == []
    trainings.trained(100, 17, 1.0)
    assert trained == [(100, 17, 1.0, 0, 0.0, None)]


def test_elsewhere_networks_are_trained(monkeypatch):
    monkeypatch.setattr(trainings, "_trained", lambda *arguments: arguments)
    assert trainings.trained(1000, 256, 1.0) == (1000, 256, 1.0, 0, 0.0, None)
