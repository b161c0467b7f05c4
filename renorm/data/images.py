"""Real images that come with the package, and the randomizations of Zhang et al. (ICLR 2017, section 2.1).

``load_images`` needs no network. Sources and licences of the files are in LICENSE-DATA; CIFAR-10 is read from the
official archive if you have it.
"""

import functools
import os
from dataclasses import dataclass, replace
from importlib import resources

import numpy as np

from renorm._numerics.validate import generator, in_interval, integer, integers, one_of, real_array
from renorm.data.cifar import read_cifar

__all__ = [
    "CONDITIONS",
    "ImageSet",
    "corrupt_labels",
    "gaussian_pixels",
    "load_images",
    "one_hot",
    "random_pixels",
    "randomize",
    "shuffle_pixels",
    "standardize",
]

CLOTHES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
DIGITS = tuple("0123456789")
# name: classes, largest pixel value, test images kept aside where the file has no test set of its own
SETS = {
    "fashion-mnist": (CLOTHES, 255, None),
    "mnist": (DIGITS, 255, 2000),
    "digits": (DIGITS, 16, 397),
    "cifar-10": (THINGS, 255, None),
}


@dataclass(frozen=True)
class ImageSet:
    """Training and test images of one data set, pixels in [0, 1] when loaded.

    train_images: (n_train, height, width) or (n_train, height, width, 3), float64; train_labels: (n_train,), int64;
    test_images, test_labels: likewise; class_names: what label k means. The arrays are read-only.
    """

    name: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple

    def __post_init__(self):
        for array in (self.train_images, self.train_labels, self.test_images, self.test_labels):
            array.flags.writeable = False

    @property
    def train_inputs(self) -> np.ndarray:
        """Training images as rows of numbers, (n_train, dimension)."""
        return self.train_images.reshape(len(self.train_images), self.dimension)

    @property
    def test_inputs(self) -> np.ndarray:
        """Test images as rows of numbers, (n_test, dimension)."""
        return self.test_images.reshape(len(self.test_images), self.dimension)

    @property
    def dimension(self) -> int:
        """Numbers per image: height x width (x 3 for colour)."""
        return int(np.prod(self.train_images.shape[1:]))

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)


@functools.cache
def _shipped(name: str) -> dict:
    with resources.files("renorm.data").joinpath(f"{name}.npz").open("rb") as file, np.load(file) as arrays:
        return dict(arrays)


def _first(name: str, wanted: int | None, default: int, available: int) -> int:
    count = default if wanted is None else integer(name, wanted, 0 if name == "n_test" else 1)
    if count > available:
        raise ValueError(f"{name} = {count}: must be at most {available}")
    return count


def _shrink(images: np.ndarray, factor: int) -> np.ndarray:
    count, height, width, *colour = images.shape
    if factor == 1:
        return images
    if height % factor:
        raise ValueError(f"downsample = {factor}: must divide the image size, {height}")
    return images.reshape(count, height // factor, factor, width // factor, factor, *colour).mean(axis=(2, 4))


def load_images(
    name: str = "fashion-mnist",
    n_train: int | None = None,
    n_test: int | None = None,
    *,
    downsample: int = 1,
    seed: int = 0,
    path: str | os.PathLike | None = None,
) -> ImageSet:
    """Real images with their labels, in an order drawn from ``seed``.

    ====================  =============================  =======  ======================================
    name                  what                           pixels   train + test
    ====================  =============================  =======  ======================================
    ``"fashion-mnist"``   clothes (Zalando, 2017)        28 x 28  3,000 + 1,000, class-balanced subset
    ``"mnist"``           handwritten digits             28 x 28  10,000 of the training set, split here
    ``"digits"``          handwritten digits (UCI)       8 x 8    1,797, split here
    ``"cifar-10"``        colour photographs             32 x 32  50,000 + 10,000, from your own copy
    ====================  =============================  =======  ======================================

    ``n_train`` and ``n_test`` take the first images of the shuffled order; a larger ``n_train`` only adds images, and
    the test images do not depend on it. Where the split is made here, the test images are set aside first
    (2,000 of MNIST, 397 of the digits, if ``n_test`` is not given; ``n_test=0`` gives all to training).
    ``downsample=2`` replaces blocks of 2 x 2 pixels by their mean. ``path`` is for CIFAR-10 only: the official archive
    or its folder; the environment variable RENORM_CIFAR10 does the same (all 50,000 images take 1.2 GB as float64).
    Pixels are scaled to [0, 1].

    Raises ValueError for an unknown name, too many images, a factor that does not divide the image size, a damaged
    archive; FileNotFoundError, with the place to get it, if CIFAR-10 is asked for and not found.

    >>> data = load_images("fashion-mnist", n_train=500, downsample=2)
    >>> data.train_images.shape, data.train_inputs.shape, data.class_names[data.train_labels[0]]
    ((500, 14, 14), (500, 196), 'coat')
    """
    one_of("name", name, SETS)
    if path is not None and name != "cifar-10":
        raise ValueError(f"path = {path!r}: only for 'cifar-10'; {name!r} comes with the package")
    classes, largest, held_out = SETS[name]
    raw = read_cifar(path) if name == "cifar-10" else _shipped(name)
    rng = np.random.default_rng(integer("seed", seed, 0))
    if held_out is None:
        n_train = _first("n_train", n_train, len(raw["train_labels"]), len(raw["train_labels"]))
        n_test = _first("n_test", n_test, len(raw["test_labels"]), len(raw["test_labels"]))
        train = rng.permutation(len(raw["train_labels"]))[:n_train]
        test = rng.permutation(len(raw["test_labels"]))[:n_test]
    else:
        raw = {f"{part}_{kind}": raw[kind] for part in ("train", "test") for kind in ("images", "labels")}
        order = rng.permutation(len(raw["train_labels"]))
        n_test = _first("n_test", n_test, held_out, len(order) - 1)
        n_train = _first("n_train", n_train, len(order) - n_test, len(order) - n_test)
        test, train = order[:n_test], order[n_test : n_test + n_train]
    factor = integer("downsample", downsample)
    return ImageSet(
        name,
        _shrink(raw["train_images"][train] / largest, factor),
        raw["train_labels"][train].astype(np.int64),
        _shrink(raw["test_images"][test] / largest, factor),
        raw["test_labels"][test].astype(np.int64),
        classes,
    )


def _images(images) -> np.ndarray:
    """Images as they come: at least (n, d), float32 or float64 kept."""
    array = np.asarray(images)
    array = array if array.dtype == np.float32 else real_array("images", array)
    if array.ndim < 2 or array.ndim > 4:
        raise ValueError(f"images has shape {array.shape}: must be (n, d), (n, height, width) or (n, height, width, 3)")
    return array


def _labels(labels, n_classes: int) -> np.ndarray:
    array = integers("labels", labels, 0, integer("n_classes", n_classes, 1) - 1)
    if array.ndim != 1:
        raise ValueError(f"labels has shape {array.shape}: must be one-dimensional")
    return array.astype(np.int64)


def one_hot(labels, n_classes: int) -> np.ndarray:
    """Labels as rows of the identity matrix, (n, n_classes), float64.

    >>> one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    return np.eye(n_classes)[_labels(labels, n_classes)]


def standardize(images) -> np.ndarray:
    """Each image minus its own mean, divided by its own standard deviation ("per-image whitening").

    The deviation is not taken below 1/sqrt(d), so that a blank image becomes zero. Zhang et al. (ICLR 2017) treat their
    inputs so. Shape and float32 are kept.

    >>> standardize([[0.0, 2.0], [5.0, 5.0]]).tolist()
    [[-1.0, 1.0], [0.0, 0.0]]
    """
    array = _images(images)
    flat = array.reshape(len(array), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return (flat / np.maximum(flat.std(axis=1, keepdims=True), flat.shape[1] ** -0.5)).reshape(array.shape)


def corrupt_labels(y, fraction: float, n_classes: int, rng) -> np.ndarray:
    """Each label, with probability ``fraction``, replaced by a class drawn uniformly from all ``n_classes``.

    The draw may return the true class, so that fraction (1 - 1/n_classes) of the labels is wrong on average. A new
    array; keep it for all of the training (the labels are random, but fixed across epochs).

    >>> corrupt_labels([0, 1, 2, 3], 0.0, 10, rng=0)
    array([0, 1, 2, 3])
    """
    labels = _labels(y, n_classes)
    if np.ndim(fraction) != 0:
        raise ValueError(f"fraction = {fraction!r}: must be one number in [0, 1]")
    probability = float(in_interval("fraction", fraction, 0, 1))
    rng = generator("rng", rng)
    chosen = rng.random(len(labels)) < probability
    return np.where(chosen, rng.integers(0, n_classes, len(labels)), labels)


def _as_pixels(array: np.ndarray) -> np.ndarray:
    """(n, pixels, channels): colours of one pixel stay together."""
    return array.reshape(len(array), -1, array.shape[3] if array.ndim == 4 else 1)


def shuffle_pixels(images, rng) -> np.ndarray:
    """One permutation of the pixels, the same for all images.

    Training and test images need the same one: shuffle them together, or give the same seed twice, or use
    ``randomize``. A fully connected network cannot tell the difference; a convolutional one can.

    >>> shuffle_pixels([[1, 2, 3], [1, 2, 3]], rng=0).tolist()
    [[3.0, 1.0, 2.0], [3.0, 1.0, 2.0]]
    """
    array = _images(images)
    pixels = _as_pixels(array)
    return pixels[:, generator("rng", rng).permutation(pixels.shape[1])].reshape(array.shape)


def random_pixels(images, rng) -> np.ndarray:
    """A permutation of the pixels of its own for every image: only each image's histogram survives.

    >>> random_pixels([[1, 2, 3], [1, 2, 3]], rng=1).tolist()
    [[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]]
    """
    array = _images(images)
    pixels = _as_pixels(array)
    order = generator("rng", rng).permuted(np.tile(np.arange(pixels.shape[1]), (len(pixels), 1)), axis=1)
    return np.take_along_axis(pixels, order[:, :, None], axis=1).reshape(array.shape)


def gaussian_pixels(images, rng) -> np.ndarray:
    """Independent Gaussian numbers with the mean and the variance of all pixels of ``images``, in their shape.

    >>> noise = gaussian_pixels([[0.0, 2.0]] * 5000, rng=0)
    >>> noise.shape, abs(noise.mean() - 1) < 0.05, abs(noise.var() - 1) < 0.05
    ((5000, 2), np.True_, np.True_)
    """
    array = _images(images)
    noise = generator("rng", rng).standard_normal(array.shape)
    return (array.mean() + array.std() * noise).astype(array.dtype)


CONDITIONS = ("true labels", "random labels", "shuffled pixels", "random pixels", "gaussian pixels")


def randomize(data: ImageSet, condition: str | float, rng) -> ImageSet:
    """The data set under one of the conditions of Zhang et al. (ICLR 2017, section 2.1).

    ``condition`` is one of ``CONDITIONS``, or a number in [0, 1]: the probability with which each training label is
    resampled ("random labels" is 1.0). Labels are changed in the training set only, so that test error keeps its
    meaning; pixels are changed in both sets, by the same permutation where there is one.

    >>> data = load_images("digits")
    >>> noisy = randomize(data, 0.5, rng=0)
    >>> (noisy.train_labels != data.train_labels).mean().round(1), (noisy.test_labels == data.test_labels).all()
    (np.float64(0.4), np.True_)
    """
    rng = generator("rng", rng)
    if condition == "random labels" or not isinstance(condition, str):
        fraction = 1.0 if isinstance(condition, str) else condition
        return replace(data, train_labels=corrupt_labels(data.train_labels, fraction, data.n_classes, rng))
    one_of("condition", condition, CONDITIONS)
    if condition == "true labels":
        return data
    change = {"shuffled pixels": shuffle_pixels, "random pixels": random_pixels, "gaussian pixels": gaussian_pixels}
    images = change[condition](np.concatenate([data.train_images, data.test_images]), rng)
    n_train = len(data.train_images)
    return replace(data, train_images=images[:n_train], test_images=images[n_train:])
