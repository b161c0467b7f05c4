"""The shipped images and the randomizations of 2016."""

import hashlib
import importlib.util
import time
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from renorm.data import images as im
from renorm.data.images import ImageSet, load_images

ROOT = Path(__file__).resolve().parents[2]


def maker():
    spec = importlib.util.spec_from_file_location("images", ROOT / "tools" / "assets" / "images.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ------------------------------------------------------------------------------------------------ shipped files


@pytest.mark.parametrize("name", ["fashion-mnist", "mnist", "digits"])
def test_files_are_those_the_maker_recorded(name):
    tool = maker()
    file = resources.files("renorm.data").joinpath(f"{name}.npz")
    with file.open("rb") as handle, np.load(handle) as arrays:
        arrays = dict(arrays)
    assert tool.checksum(arrays) == tool.WROTE[f"{name}.npz"]
    assert {a.dtype for a in arrays.values()} == {np.dtype("uint8")}
    assert len(file.read_bytes()) < 2.4e6


def test_mnist_is_the_array_checked_against_the_originals():
    """This sum is that of the first 10,000 training digits, compared byte for byte with the official files."""
    with resources.files("renorm.data").joinpath("mnist.npz").open("rb") as handle, np.load(handle) as arrays:
        digest = hashlib.sha256(arrays["images"].tobytes()).hexdigest()
        counts = np.bincount(arrays["labels"]).tolist()
    assert digest == "0768d16c5adea568dee18fa5e4e1acb117e9ec2c5d6b1dffe5fc29c1e61c1eca"
    assert counts == [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]


def test_digits_are_those_of_scikit_learn():
    datasets = pytest.importorskip("sklearn.datasets")
    theirs = datasets.load_digits()
    ours = load_images("digits", n_test=0)
    key = np.lexsort(np.c_[theirs.data, theirs.target].T)
    mine = np.c_[ours.train_inputs * 16, ours.train_labels]
    np.testing.assert_array_equal(mine[np.lexsort(mine.T)], np.c_[theirs.data, theirs.target][key])


def test_fashion_mnist_is_balanced_and_official_where_installed():
    data = load_images("fashion-mnist")
    assert np.bincount(data.train_labels).tolist() == [300] * 10
    assert np.bincount(data.test_labels).tolist() == [100] * 10
    folder = Path("/usr/share/datasets/fashion-mnist")
    if folder.is_dir():
        tool = maker()
        assert tool.checksum(tool.fashion_mnist(folder)) == tool.WROTE["fashion-mnist.npz"]


def test_licences_name_every_file():
    text = (ROOT / "LICENSE-DATA").read_text()
    for name in ("fashion-mnist", "mnist", "digits"):
        assert f"renorm/data/{name}.npz" in text
    for words in ("MIT", "Zalando", "Attribution-ShareAlike 3.0", "LeCun", "Attribution 4.0", "Alpaydin"):
        assert words in text


# ------------------------------------------------------------------------------------------------ load_images


@pytest.mark.parametrize(
    "name, train, test, shape",
    [
        ("fashion-mnist", 3000, 1000, (28, 28)),
        ("mnist", 8000, 2000, (28, 28)),
        ("digits", 1400, 397, (8, 8)),
    ],
)
def test_sizes_ranges_and_types(name, train, test, shape):
    data = load_images(name)
    assert data.train_images.shape == (train, *shape) and data.test_images.shape == (test, *shape)
    assert data.train_images.dtype == np.float64 and data.train_labels.dtype == np.int64
    assert data.train_images.min() == 0 and data.train_images.max() == 1
    assert set(data.train_labels) == set(range(10)) and len(data.class_names) == data.n_classes == 10
    assert data.train_inputs.shape == (train, data.dimension) and data.dimension == np.prod(shape)
    np.testing.assert_array_equal(data.train_inputs[3].reshape(shape), data.train_images[3])


def test_order_depends_on_the_seed_only_and_test_images_not_on_n_train():
    small, large = load_images("mnist", n_train=50, n_test=30), load_images("mnist", n_train=80, n_test=30)
    np.testing.assert_array_equal(small.test_images, large.test_images)
    np.testing.assert_array_equal(small.train_images, large.train_images[:50])
    other = load_images("mnist", n_train=50, n_test=30, seed=1)
    assert not np.array_equal(other.train_labels, small.train_labels)
    again = load_images("mnist", n_train=50, n_test=30, seed=1)
    np.testing.assert_array_equal(other.train_images, again.train_images)


def test_train_and_test_do_not_overlap():
    data = load_images("digits")
    both = np.concatenate([data.train_inputs, data.test_inputs])
    everything = load_images("digits", n_test=0).train_inputs
    assert len(both) == len(everything) == 1797
    np.testing.assert_array_equal(both[np.lexsort(both.T)], everything[np.lexsort(everything.T)])


def test_downsampling_is_the_mean_of_blocks():
    full, half = load_images(n_train=20), load_images(n_train=20, downsample=2)
    by_hand = sum(full.train_images[:, i::2, j::2] for i in (0, 1) for j in (0, 1)) / 4
    np.testing.assert_allclose(half.train_images, by_hand, atol=1e-15)


def test_images_are_read_only_and_loading_is_quick():
    data = load_images("mnist")
    with pytest.raises(ValueError, match="read-only"):
        data.train_images[0, 0, 0] = 1.0
    start = time.perf_counter()
    load_images("fashion-mnist", n_train=500)
    assert time.perf_counter() - start < 1.0  # measured 0.02 s


@pytest.mark.parametrize(
    "arguments, message",
    [
        (dict(name="imagenet"), "name = 'imagenet'"),
        (dict(name="digits", n_train=1401), "n_train = 1401: must be at most 1400"),
        (dict(name="digits", n_test=1797), "n_test = 1797: must be at most 1796"),
        (dict(n_train=0), "n_train = 0"),
        (dict(n_train=2.5), "n_train = 2.5"),
        (dict(n_test=-1), "n_test = -1"),
        (dict(n_train=3001), "n_train = 3001: must be at most 3000"),
        (dict(downsample=3), "downsample = 3: must divide the image size, 28"),
        (dict(downsample=0), "downsample = 0"),
        (dict(seed=-1), "seed = -1"),
        (dict(name="mnist", path="x.tar.gz"), "path = 'x.tar.gz': only for 'cifar-10'"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        load_images(**arguments)


# ------------------------------------------------------------------------------------------------ randomizations


def test_corrupted_labels_change_as_often_as_they_should():
    n, k, y = 200_000, 10, np.random.default_rng(0).integers(0, 10, 200_000)
    for p in (0.0, 0.2, 0.6, 1.0):
        changed = np.mean(im.corrupt_labels(y, p, k, rng=1) != y)
        expected = p * (1 - 1 / k)
        assert abs(changed - expected) <= 4 * np.sqrt(expected * (1 - expected) / n)


def test_corrupted_labels_are_uniform_whatever_they_were():
    drawn = im.corrupt_labels(np.zeros(50_000, int), 1.0, 5, rng=2)
    assert np.all(np.abs(np.bincount(drawn, minlength=5) / 50_000 - 0.2) < 4 * np.sqrt(0.2 * 0.8 / 50_000))


def test_corruption_is_reproducible_and_leaves_its_input_alone():
    y = np.arange(10).repeat(10)
    copy = y.copy()
    first, second = im.corrupt_labels(y, 0.5, 10, rng=3), im.corrupt_labels(y, 0.5, 10, np.random.default_rng(3))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(y, copy)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (([0, 10], 0.5, 10, 0), "labels = .*at most 9"),
        (([-1], 0.5, 10, 0), "labels"),
        (([0.5], 0.5, 10, 0), "labels"),
        (([[0, 1]], 0.5, 10, 0), "one-dimensional"),
        (([0, 1], 1.1, 10, 0), "fraction = 1.1: must lie in"),
        (([0, 1], -0.1, 10, 0), "fraction = -0.1"),
        (([0, 1], [0.1, 0.2], 10, 0), "fraction"),
        (([0, 1], float("nan"), 10, 0), "fraction = nan"),
        (([0, 1], 0.5, 0, 0), "n_classes = 0"),
        (([0, 1], 0.5, 10, "seed"), "rng = 'seed'"),
        (([0, 1], 0.5, 10, None), "rng = None"),
    ],
)
def test_bad_corruption(arguments, message):
    with pytest.raises(ValueError, match=message):
        im.corrupt_labels(*arguments)


def test_shuffled_pixels_are_one_permutation():
    X = np.random.default_rng(0).random((6, 4, 5))
    shuffled = im.shuffle_pixels(X, rng=1)
    assert shuffled.shape == X.shape and not np.array_equal(shuffled, X)
    columns = X.reshape(6, 20)
    order = [int(np.flatnonzero((columns == c[:, None]).all(axis=0))[0]) for c in shuffled.reshape(6, 20).T]
    assert sorted(order) == list(range(20))  # every column is an old column, each once: one permutation for all rows
    np.testing.assert_array_equal(im.shuffle_pixels(X[:2], rng=1), shuffled[:2])


def test_random_pixels_are_a_permutation_per_image():
    X = np.tile(np.arange(30.0), (50, 1))
    drawn = im.random_pixels(X, rng=0)
    np.testing.assert_array_equal(np.sort(drawn, axis=1), X)
    assert len(np.unique(drawn, axis=0)) == 50
    assert abs(drawn.mean(axis=0) - 14.5).max() < 5 * np.sqrt((30**2 - 1) / 12 / 50)  # every value lands everywhere


def test_colours_of_a_pixel_stay_together():
    X = np.random.default_rng(0).random((3, 4, 4, 3))
    for shuffle in (im.shuffle_pixels, im.random_pixels):
        drawn = shuffle(X, rng=0)
        assert drawn.shape == X.shape
        for before, after in zip(X, drawn, strict=True):
            assert {tuple(p) for p in before.reshape(-1, 3)} == {tuple(p) for p in after.reshape(-1, 3)}


def test_gaussian_pixels_have_the_mean_and_variance_of_the_set():
    X = load_images("digits").train_images
    noise = im.gaussian_pixels(X, rng=0)
    assert noise.shape == X.shape
    assert abs(noise.mean() - X.mean()) < 4 * X.std() / np.sqrt(X.size)
    assert abs(noise.std() / X.std() - 1) < 4 / np.sqrt(2 * X.size)
    assert abs(np.mean(((noise - noise.mean()) / noise.std()) ** 4) - 3) < 4 * np.sqrt(24 / X.size)


def test_standardized_images_have_mean_zero_and_variance_one():
    X = load_images("fashion-mnist", n_train=40).train_images
    Z = im.standardize(X)
    assert Z.shape == X.shape
    np.testing.assert_allclose(Z.mean(axis=(1, 2)), 0, atol=1e-14)
    np.testing.assert_allclose(Z.std(axis=(1, 2)), 1, rtol=1e-13)
    np.testing.assert_allclose(im.standardize(3 * X + 7), Z, atol=1e-12)
    assert im.standardize(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_array_equal(im.standardize(np.full((2, 9), 0.3)), 0)


@pytest.mark.parametrize("function", [im.shuffle_pixels, im.random_pixels, im.gaussian_pixels])
def test_bad_images(function):
    for bad in ([1.0, 2.0], np.zeros((1, 2, 3, 4, 5)), [[np.nan, 1.0]], [["a", "b"]]):
        with pytest.raises(ValueError, match="images"):
            function(bad, 0)


def test_conditions_change_what_they_name_and_nothing_else():
    data = load_images("digits", n_train=300, n_test=100)
    for condition in (*im.CONDITIONS, 0.4):
        changed = im.randomize(data, condition, rng=5)
        assert isinstance(changed, ImageSet)
        np.testing.assert_array_equal(changed.test_labels, data.test_labels)
        pixels = condition in ("shuffled pixels", "random pixels", "gaussian pixels")
        labels = condition in ("random labels", 0.4)
        assert np.array_equal(changed.train_images, data.train_images) != pixels
        assert np.array_equal(changed.test_images, data.test_images) != pixels
        assert np.array_equal(changed.train_labels, data.train_labels) != labels
    shuffled = im.randomize(data, "shuffled pixels", rng=5)
    both = im.shuffle_pixels(np.concatenate([data.train_images, data.test_images]), rng=5)
    np.testing.assert_array_equal(shuffled.test_images, both[300:])
    for bad in ("blurred", 1.5, -0.1):
        with pytest.raises(ValueError, match="condition|fraction"):
            im.randomize(data, bad, rng=0)


def test_one_hot():
    np.testing.assert_array_equal(im.one_hot([1, 0, 3], 4), [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]])
    with pytest.raises(ValueError, match="labels"):
        im.one_hot([4], 4)
