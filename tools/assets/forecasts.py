"""The forecasts of chapter 12 and what came of them, made here and kept: some twenty minutes on one core.

python -m tools.assets.forecasts          writes chapter 12's forecasts.npz; a test makes some again and compares
python -m tools.assets.forecasts NAME …   makes these data sets again, and keeps the others as they are
"""

import sys

import numpy as np

from renorm_book.chapter12 import experiment as made
from renorm_book.chapter12.data_sets import DATA_SETS, KERNELS


def main(names) -> None:
    kept = {}
    if made.KEPT.exists():
        with np.load(made.KEPT) as file:
            kept = {key: file[key] for key in file.files}
    for name in names:
        for kernel in KERNELS:
            found = made.one_set(name, kernel)
            kept.update({f"{name},{kernel},{what}": np.float32(array) for what, array in found.items()})
        np.savez_compressed(made.KEPT, **kept)
        print(f"{name}: {made.KEPT.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or DATA_SETS)
