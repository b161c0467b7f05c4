"""CIFAR-10, read from the official archive that the reader has: it is not clear that anyone may pass it on."""

import io
import os
import pickle
import tarfile
from pathlib import Path

import numpy as np

from renorm._numerics.validate import integers

__all__ = ["read_cifar"]

CIFAR_FILE = "cifar-10-python.tar.gz"
CIFAR_HELP = (
    f"download {CIFAR_FILE} from https://www.cs.toronto.edu/~kriz/cifar.html and give its place as path=... "
    "or in the environment variable RENORM_CIFAR10"
)


class _ArraysOnly(pickle.Unpickler):
    """Unpickles numpy arrays and plain containers, and nothing that could run code."""

    ALLOWED = {
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("_codecs", "encode"),
    }

    def find_class(self, module, name):
        if (module, name) not in self.ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a CIFAR-10 batch")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def _cifar_batch(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    batch = _ArraysOnly(io.BytesIO(content), encoding="bytes").load()
    images, labels = np.asarray(batch[b"data"]), np.asarray(batch[b"labels"])
    if images.dtype != np.uint8 or images.ndim != 2 or images.shape[1] != 3072 or labels.shape != images.shape[:1]:
        raise ValueError(f"images of shape {images.shape}, type {images.dtype}, with labels of shape {labels.shape}")
    return images.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), integers("labels", labels, 0, 9).astype(np.uint8)


def read_cifar(path: str | os.PathLike | None = None) -> dict:
    """All of CIFAR-10 from the official archive: images (n, 32, 32, 3) and labels (n,), uint8, for train and test.

    ``path`` is the archive or the folder it lies in; without it the environment variable RENORM_CIFAR10 is asked.
    Raises FileNotFoundError, saying where to get it, if there is none; ValueError if it is damaged or something else.

    >>> read_cifar("nowhere.tar.gz")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    FileNotFoundError: no file nowhere.tar.gz: download cifar-10-python.tar.gz from ...
    """
    place = path if path is not None else os.environ.get("RENORM_CIFAR10")
    if not place:
        raise FileNotFoundError(f"CIFAR-10 is not part of this package: {CIFAR_HELP}")
    place = Path(place)
    place = place / CIFAR_FILE if place.is_dir() else place
    if not place.is_file():
        raise FileNotFoundError(f"no file {place}: {CIFAR_HELP}")
    names = [f"data_batch_{k}" for k in range(1, 6)] + ["test_batch"]
    try:
        with tarfile.open(place, "r:*") as archive:
            batches = [_cifar_batch(archive.extractfile(f"cifar-10-batches-py/{name}").read()) for name in names]
    except Exception as error:  # a damaged archive or pickle can fail in any way
        raise ValueError(f"{place} is damaged, cut short, or not {CIFAR_FILE} ({error}): {CIFAR_HELP}") from error
    images, labels = zip(*batches, strict=True)
    return {
        "train_images": np.concatenate(images[:5]),
        "train_labels": np.concatenate(labels[:5]),
        "test_images": images[5],
        "test_labels": labels[5],
    }
