"""The measurements of chapter 10, made here and kept: with all their repetitions they take some four minutes.

python -m tools.assets.measurements    writes chapter 10's measurements.npz; a test makes some again and compares
"""

import numpy as np

from renorm import from_kernel
from renorm_book.chapter10 import measurements as made


def main() -> None:
    kept = {}

    def keep(setting, found, names):
        for n, arrays in found.items():
            kept.update({",".join([*setting, str(n), name]): np.float32(arrays[name]) for name in names})
            if "spread" in names:
                kept[",".join([*setting, str(n), "bins"])] = np.float32(made.mean_and_error(arrays["bins"]))

    for pictures in made.PICTURES:
        for kernel in made.KERNELS:
            _, gram, y = made.world(pictures, kernel)
            found = {n: made.deals(gram, y, n, count) for n, count in made.DEALS.items()}
            population = from_kernel(gram, y)
            kept[f"{pictures},{kernel},population"] = np.float32([population.eigenvalues, population.energies])
            keep((pictures, kernel, "none"), found, ("error", "loo", "gcv", "kappa", "spread", "scatter"))
        _, gram, y = made.world(pictures, "gaussian")
        population, vectors = from_kernel(gram, y), np.linalg.eigh(gram)[1][:, ::-1]
        for block in made.BLOCKS:
            other = made.turned(population, vectors, y, block)
            found = {n: made.deals(*other, n, count) for n, count in made.BLOCK_DEALS.items()}
            keep((pictures, "gaussian", block), found, ("error", "loo", "gcv", "kappa"))
        print(pictures)
    np.savez_compressed(made.KEPT, **kept)
    print(f"{made.KEPT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
