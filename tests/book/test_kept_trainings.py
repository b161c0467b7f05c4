"""The trainings that come with the library for browsers are those that the chapter would make."""

import sys

import numpy as np
import pytest

from renorm_book.chapter01 import figures
from tools.assets import trainings


def test_every_training_of_the_chapter_is_kept_and_no_other():
    assert set(figures.kept_trainings()) == set(trainings.runs())


@pytest.mark.parametrize(
    "arguments", [(100, 16, 0.4, 0, 0.0, None), (300, 64, 1.0, 0, 0.0, None), (500, 64, 0.0, 0, 0.03, 100)], ids=str
)
def test_a_kept_training_is_what_training_gives(arguments):
    kept, new = figures.kept_trainings()[arguments], figures._trained(*arguments)
    assert abs(kept.epochs - new.epochs) <= 3  # other processors round differently
    for name in ("train_accuracy", "test_accuracy"):
        assert getattr(kept, name)[-1] == pytest.approx(getattr(new, name)[-1], abs=0.03)
    both = min(kept.epochs, new.epochs)
    np.testing.assert_allclose(kept.loss[: both // 4], new.loss[: both // 4], rtol=0.05)


def test_a_browser_takes_the_kept_one_and_trains_any_other(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    trained = []
    monkeypatch.setattr(figures, "_trained", lambda *arguments: trained.append(arguments))
    assert figures.trained(1000, 256, 1.0).train_accuracy[-1] == 1 and trained == []
    figures.trained(100, 17, 1.0)
    assert trained == [(100, 17, 1.0, 0, 0.0, None)]


def test_elsewhere_networks_are_trained(monkeypatch):
    monkeypatch.setattr(figures, "_trained", lambda *arguments: arguments)
    assert figures.trained(1000, 256, 1.0) == (1000, 256, 1.0, 0, 0.0, None)
