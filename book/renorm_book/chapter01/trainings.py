"""The networks of the chapter on memorizing random labels: each trained once here, and nine times more beforehand."""

import ast
import sys
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from renorm import MLP, load_images, train
from renorm.data.images import ImageSet, corrupt_labels, one_hot, randomize, standardize
from renorm.networks.mlp import History
from renorm.theory.kernels import squared_distances

SIZES = (100, 300, 1000)
WIDTHS = (16, 64, 256)
CORRUPTIONS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
EPOCHS, STEP = 200, 0.03
DRAWS = 10  # each with other random labels or pixels, other starting weights and another order of the images
TEST_IMAGES = 1000
OTHER_IMAGES = (1000, 2000)  # where two other thousands of training images begin

CONDITIONS = {
    "true labels": 0.0,
    "40 % random labels": 0.4,
    "random labels": 1.0,
    "shuffled pixels": "shuffled pixels",
    "random pixels": "random pixels",
    "Gaussian noise": "gaussian pixels",
}
CONDITION_RUN = {"n": 1000, "width": 256}

DECAYS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
DECAY_CORRUPTIONS = (0.0, 0.4, 1.0)
DECAY_RUN = {"n": 500, "width": 64, "epochs": 100}

FIELDS = ("epochs", "early", "train", "test", "lowest")  # what is kept of a training, see ``outcome``
KEPT = Path(__file__).with_name("trainings.npz")  # what tools/assets/trainings.py has trained


@cache
def clothes(n: int, condition: str | float, seed: int = 0) -> ImageSet:
    """n Fashion-MNIST training images of 14 x 14 pixels and 1,000 test images, randomized as ``condition`` says.

    The same seed at two corruptions: what the smaller one corrupts, the larger one corrupts the same way.
    """
    return randomize(load_images("fashion-mnist", n_train=n, downsample=2), condition, 1 + seed)


def inputs(images: np.ndarray) -> np.ndarray:
    """What a network is given: each image standardized, (n, 196), float32."""
    return standardize(images.reshape(len(images), -1)).astype(np.float32)


# ------------------------------------------------------------------------------------------------- one training


def trained(
    n: int, width: int, condition: str | float, seed: int = 0, weight_decay: float = 0.0, epochs: int | None = None
) -> History:
    """Train one hidden layer of ``width`` units on ``clothes(n, condition, seed)`` to the last image, or EPOCHS epochs.

    With ``epochs`` given it trains that long, whether all is fitted or not. Each network is trained once; in a browser,
    where the chapter's hundred networks would take five minutes, their trainings come with the book.
    """
    if sys.platform == "emscripten":
        come_with_it = kept_trainings().get((n, width, condition, seed, weight_decay, epochs))
        if come_with_it:
            return come_with_it
    return _trained(n, width, condition, seed, weight_decay, epochs)


@cache
def _trained(n, width, condition, seed, weight_decay, epochs) -> History:
    return network_and_history(n, width, condition, seed, weight_decay, epochs)[1]


def network_and_history(n, width, condition, seed, weight_decay=0.0, epochs=None) -> tuple[MLP, History]:
    """The training of ``trained``, done anew, with the network that it ends in."""
    data, rng = clothes(n, condition, seed), np.random.default_rng(seed)
    network = MLP((data.dimension, width, data.n_classes), rng)
    history = train(
        network, inputs(data.train_images), data.train_labels, rng, step=STEP, weight_decay=weight_decay,
        test=(inputs(data.test_images), data.test_labels), epochs=epochs or EPOCHS,
        stop_at=1.0 if epochs is None else None, verbose=False,
    )  # fmt: skip
    if history.interrupted:  # half a training must not be remembered as the whole one
        raise KeyboardInterrupt
    return network, history


@cache
def kept_trainings() -> dict[tuple, History]:
    """The trainings in the file KEPT, by the arguments of ``_trained``."""
    with np.load(KEPT) as file:
        keys = [key for key in file.files if key.startswith("(")]
        return {ast.literal_eval(key): History(*file[key].astype(float).tolist()) for key in keys}


def errors(history: History) -> tuple[np.ndarray, np.ndarray]:
    """Training and test error after each epoch."""
    return 1 - np.array(history.train_accuracy), 1 - np.array(history.test_accuracy)


# ------------------------------------------------------------------------------------------------- ten of each

EXPERIMENTS = {  # the arguments of ``trained`` but the seed, in an array
    "grid": [{"n": n, "width": width, "condition": p} for n, width, p in product(SIZES, WIDTHS, CORRUPTIONS)],
    "conditions": [CONDITION_RUN | {"condition": condition} for condition in CONDITIONS.values()],
    "decay": [DECAY_RUN | {"condition": p, "weight_decay": d} for p, d in product(DECAY_CORRUPTIONS, DECAYS)],
}
SHAPES = {
    "grid": (len(SIZES), len(WIDTHS), len(CORRUPTIONS)),
    "conditions": (len(CONDITIONS),),
    "decay": (len(DECAY_CORRUPTIONS), len(DECAYS)),
}


def outcome(history: History) -> list[float]:
    """FIELDS of a training: epochs in all, epochs to a loss of one half, both errors at the end, lowest test error."""
    train_error, test_error = errors(history)
    early = history.epochs_to_loss(0.5)
    return [history.epochs, early or np.nan, train_error[-1], test_error[-1], test_error.min()]


@cache
def draws(experiment: str) -> dict[str, np.ndarray]:
    """Each of FIELDS for all trainings of "grid", "conditions" or "decay": (DRAWS, ...), the first draw trained here.

    The other nine take two minutes and come with the book.
    """
    here = [outcome(trained(**arguments)) for arguments in EXPERIMENTS[experiment]]
    with np.load(KEPT) as file:
        found = np.concatenate([np.array([here]), file[experiment].astype(float)])
    return {name: found[..., k].reshape(DRAWS, *SHAPES[experiment]) for k, name in enumerate(FIELDS)}


def final(n: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Training and test error at the end, each (draws, corruptions)."""
    found = draws("grid")
    return tuple(found[name][:, SIZES.index(n), WIDTHS.index(width)] for name in ("train", "test"))


def decay_errors(corruption: float) -> tuple[np.ndarray, np.ndarray]:
    """Training and test error after 100 epochs, each (draws, decays)."""
    found = draws("decay")
    return tuple(found[name][:, DECAY_CORRUPTIONS.index(corruption)] for name in ("train", "test"))


def condition_draws(condition: str | float) -> dict[str, np.ndarray]:
    """Each of FIELDS for one of CONDITIONS: (draws,)."""
    at = list(CONDITIONS.values()).index(condition)
    return {name: found[:, at] for name, found in draws("conditions").items()}


def epochs_elsewhere(first: int, corruption: float, seed: int) -> int:
    """Epochs until the network of CONDITION_RUN has fitted another thousand images, those from ``first`` on."""
    data, rng = load_images("fashion-mnist", downsample=2), np.random.default_rng(seed)
    images, labels = data.train_images[first : first + 1000], data.train_labels[first : first + 1000]
    told = corrupt_labels(labels, corruption, data.n_classes, 1 + seed)
    network = MLP((data.dimension, CONDITION_RUN["width"], data.n_classes), rng)
    return train(network, inputs(images), told, rng, step=STEP, epochs=EPOCHS, verbose=False).epochs


def missed(seed: int) -> np.ndarray:
    """Which test images the network of CONDITION_RUN gets wrong at its end: (corruptions, TEST_IMAGES) of 0 and 1."""
    data = clothes(1000, 0.0)
    networks = (network_and_history(**CONDITION_RUN, condition=p, seed=seed)[0] for p in CORRUPTIONS)
    return np.array([net(inputs(data.test_images)).argmax(axis=1) != data.test_labels for net in networks], np.uint8)


@cache
def kept(name: str) -> np.ndarray:
    """What comes with the book besides: "elsewhere", ``epochs_elsewhere`` for OTHER_IMAGES, true and random labels and
    DRAWS seeds, (2, 2, DRAWS); "missed", the sum of ``missed`` over DRAWS seeds."""
    with np.load(KEPT) as file:
        return file[name].astype(float)


# ------------------------------------------------------------------------------------------------- how sure


def binomial_error(share, count: int = TEST_IMAGES) -> np.ndarray:
    """Standard error of a share that was measured on ``count`` independent test images."""
    return np.sqrt(np.asarray(share) * (1 - np.asarray(share)) / count)


def mean_and_error(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the draws, the first axis, and its standard error."""
    return np.mean(values, axis=0), np.std(values, axis=0, ddof=1) / np.sqrt(len(values))


def measured_error(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same for test errors: the draws share their test images, so that this part does not shrink with them.

    Its upper limit is used here, as if every draw erred on the same images; ``wide_network`` knows which ones.
    """
    mean, spread = mean_and_error(values)
    return mean, np.hypot(spread, binomial_error(mean))


def wide_network() -> tuple[np.ndarray, np.ndarray]:
    """Test error of CONDITION_RUN's network at its end, and its standard error over draws and test images."""
    mean, spread = mean_and_error(final(**CONDITION_RUN)[1])
    return mean, np.hypot(spread, np.std(kept("missed") / DRAWS, axis=1, ddof=1) / np.sqrt(TEST_IMAGES))


# ------------------------------------------------------------------------------------- machines to compare with


@cache
def _copied(n: int = 1000) -> np.ndarray:
    """Which test images get a wrong label if each gets that of the nearest training image: (draws, corruptions, m)."""
    data = clothes(n, 0.0)
    test, pictures = (inputs(images).astype(float) for images in (data.test_images, data.train_images))
    nearest = np.argmin(squared_distances(test, pictures), axis=1)
    told = np.array([[clothes(n, p, seed).train_labels for p in CORRUPTIONS] for seed in range(DRAWS)])
    return told[:, :, nearest] != data.test_labels


def copyist() -> np.ndarray:
    """Test error of giving each image the label told of the nearest training image: (draws, corruptions)."""
    return _copied().mean(axis=2)


def ahead_of_copyist() -> tuple[np.ndarray, np.ndarray]:
    """By how much less the network of CONDITION_RUN errs, at its end, and the standard error, (corruptions,) each.

    Both machines answer the same test images and are told the same labels; the standard error is that of the draws
    and that of the images, over which the difference of the two shares of wrong answers is a mean.
    """
    lead, spread = mean_and_error(copyist() - final(**CONDITION_RUN)[1])
    by_image = _copied().mean(axis=0) - kept("missed") / DRAWS
    return lead, np.hypot(spread, by_image.std(axis=1, ddof=1) / np.sqrt(TEST_IMAGES))


@cache
def tangent_machine(n: int = 1000, width: int = 256, starts: int = 3) -> np.ndarray:
    """Test error of ridgeless regression with the network's own kernel at its start: (starts, corruptions)."""
    found = []
    for seed in range(starts):
        told = [clothes(n, p, seed) for p in CORRUPTIONS]
        data, X = told[0], inputs(told[0].train_images)
        network = MLP((data.dimension, width, data.n_classes), np.random.default_rng(seed))
        targets = np.hstack([one_hot(part.train_labels, data.n_classes) - 0.1 for part in told])
        dual = np.linalg.solve(network.empirical_ntk(X), targets)
        answers = network.empirical_ntk(inputs(data.test_images), X) @ dual
        classes = answers.reshape(len(answers), len(told), -1).argmax(axis=2)
        found.append(np.mean(classes != data.test_labels[:, None], axis=0))
    return np.array(found)
