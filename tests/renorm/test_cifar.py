"""CIFAR-10's reader on made-up archives of the official format."""

import io
import os
import pickle
import tarfile

import numpy as np
import pytest

from renorm.data.images import load_images


def archive(folder, batches, name="cifar-10-python.tar.gz"):
    path = folder / name
    with tarfile.open(path, "w:gz") as tar:
        for member, content in batches.items():
            info = tarfile.TarInfo(f"cifar-10-batches-py/{member}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def made_up_batches(per_batch=4):
    """Six batches in the official format: dict with byte keys, rows of 1024 reds, 1024 greens, 1024 blues."""
    rng, batches, pixels = np.random.default_rng(0), {}, []
    for k, name in enumerate([f"data_batch_{k}" for k in range(1, 6)] + ["test_batch"]):
        data = rng.integers(0, 256, (per_batch, 3072), dtype=np.uint8)
        pixels.append(data)
        content = {b"data": data, b"labels": [(k + i) % 10 for i in range(per_batch)], b"batch_label": b"made up"}
        batches[name] = pickle.dumps(content, protocol=2)
    return batches, pixels


@pytest.fixture
def cifar(tmp_path):
    return archive(tmp_path, made_up_batches()[0])


def test_cifar_pixels_and_labels_arrive_in_place(cifar):
    data = load_images("cifar-10", path=cifar)
    _, pixels = made_up_batches()
    assert data.train_images.shape == (20, 32, 32, 3) and data.test_images.shape == (4, 32, 32, 3)
    order = np.random.default_rng(0).permutation(20)
    row = np.concatenate(pixels[:5])[order[7]]
    for colour in range(3):
        for y, x in [(0, 0), (3, 30), (31, 5)]:
            assert data.train_images[7, y, x, colour] == row[1024 * colour + 32 * y + x] / 255
    assert data.train_labels.tolist() == [(i // 4 + i % 4) % 10 for i in order]
    assert load_images("cifar-10", n_train=3, n_test=2, downsample=4, path=cifar).train_inputs.shape == (3, 192)


def test_cifar_is_found_through_the_environment_or_its_folder(cifar, monkeypatch):
    direct = load_images("cifar-10", path=cifar)
    for place in (str(cifar), str(cifar.parent)):
        monkeypatch.setenv("RENORM_CIFAR10", place)
        np.testing.assert_array_equal(load_images("cifar-10").train_images, direct.train_images)


def test_missing_cifar_says_where_to_get_it(tmp_path, monkeypatch):
    monkeypatch.delenv("RENORM_CIFAR10", raising=False)
    for path in (None, tmp_path, tmp_path / "nothing.tar.gz"):
        with pytest.raises(FileNotFoundError, match="cs.toronto.edu/~kriz/cifar.html.*RENORM_CIFAR10"):
            load_images("cifar-10", path=path)


@pytest.mark.parametrize("kept", [0.0, 0.05, 0.3, 0.7, 0.99])
def test_truncated_cifar_is_refused(cifar, kept):
    content = cifar.read_bytes()
    cifar.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(ValueError, match="damaged, cut short, or not cifar-10-python.tar.gz"):
        load_images("cifar-10", path=cifar)


def test_other_archives_are_refused(tmp_path):
    batches, _ = made_up_batches()
    wrong = {b"data": np.zeros((4, 100), np.uint8), b"labels": [0] * 4}
    for changed in (
        {k: v for k, v in batches.items() if k != "test_batch"},
        {**batches, "test_batch": pickle.dumps(wrong, protocol=2)},
        {**batches, "test_batch": pickle.dumps({b"data": np.zeros((1, 3072), np.uint8), b"labels": [10]}, protocol=2)},
        {**batches, "test_batch": b"not a pickle"},
    ):
        with pytest.raises(ValueError, match="damaged, cut short, or not"):
            load_images("cifar-10", path=archive(tmp_path, changed))


class Malicious:
    def __reduce__(self):
        return os.mkdir, ("made-by-a-pickle",)


def test_a_pickle_that_runs_code_is_not_obeyed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    batches, _ = made_up_batches()
    batches["data_batch_1"] = pickle.dumps({b"data": Malicious(), b"labels": []}, protocol=2)
    with pytest.raises(ValueError, match="has no place in a CIFAR-10 batch"):
        load_images("cifar-10", path=archive(tmp_path, batches))
    assert not (tmp_path / "made-by-a-pickle").exists()


def test_python_2_pickles_are_read(tmp_path):
    """The official batches were pickled by Python 2: byte strings, and numpy under its old module name."""
    batches, _ = made_up_batches()
    old = {k: v.replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n") for k, v in batches.items()}
    assert old != batches or np.__version__ < "2"
    assert load_images("cifar-10", path=archive(tmp_path, old)).train_images.shape == (20, 32, 32, 3)
    # \x80\x02 } ( U\x04data ... : keys as Python 2 strings
    python2 = (
        b"\x80\x02}(U\x04datacnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntU\x01btR(I1\n(I1\nI3072\nt"
    )
    python2 += b"cnumpy\ndtype\n(U\x02u1I0\nI1\ntR(I3\nU\x01|NNNI-1\nI-1\nI0\ntbI0\nT" + (3072).to_bytes(4, "little")
    python2 += bytes(range(256)) * 12 + b"tbU\x06labels(lp0\nI7\nau."
    content = dict.fromkeys(batches, python2)
    data = load_images("cifar-10", path=archive(tmp_path, content))
    assert data.train_labels.tolist() == [7] * 5
    assert data.test_images[0, 0, :3, 0].tolist() == [0, 1 / 255, 2 / 255]
